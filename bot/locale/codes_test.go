package locale

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Every code in package digest has a sentence in every language.
func TestEveryCodeHasASentence(t *testing.T) {
	prefixes := map[string]string{"Code": "error.", "FindingCode": "finding."}
	found := make(map[string]int)
	for kind, codes := range constants(t, filepath.Join("..", "..", "digest")) {
		prefix, ok := prefixes[kind]
		if !ok {
			continue
		}
		for _, code := range codes {
			found[kind]++
			for _, l := range Languages() {
				if _, said := sentences(t, l)[prefix+code]; !said && !spoken(prefix+code) {
					t.Errorf("%s.yaml lacks %s%s", l, prefix, code)
				}
			}
		}
	}
	if found["Code"] < 5 || found["FindingCode"] < 5 {
		t.Errorf("only %v constants were found: has package digest moved?", found)
	}
}

// spoken are codes whose sentence has another id, because its words depend on
// more than the code.
func spoken(id string) bool {
	return id == "error.not_found" || id == "error.already_there" || id == "error.not_allowed"
}

// constants are the string constants of a package by the name of their type.
func constants(t *testing.T, folder string) map[string][]string {
	t.Helper()
	all := make(map[string][]string)
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && path != folder {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			kind, typed := spec.Type.(*ast.Ident)
			literal, constant := spec.Values[0].(*ast.BasicLit)
			if typed && constant && literal.Kind == token.STRING {
				value, err := strconv.Unquote(literal.Value)
				if err != nil {
					t.Fatal(err)
				}
				all[kind.Name] = append(all[kind.Name], value)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
