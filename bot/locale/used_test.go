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

	"github.com/strillone/strillone/digest"
)

// Every sentence that the program says is there: those said by their whole id,
// and for ids that are put together at least one that begins so.
func TestEverySentenceSaidIsThere(t *testing.T) {
	all := sentences(t, digest.Italian)
	checked := 0
	for _, folder := range []string{"..", filepath.Join("..", "..", "cmd")} {
		err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) == 0 {
					return true
				}
				method, ok := call.Fun.(*ast.SelectorExpr)
				if !ok || method.Sel.Name != "Say" && method.Sel.Name != "Counted" && method.Sel.Name != "deny" {
					return true
				}
				id, whole := literal(call.Args[0])
				if id == "" {
					return true
				}
				checked++
				if !said(all, id, whole) {
					t.Errorf("%s says %q, which it.yaml lacks", path, id)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if checked < 100 {
		t.Errorf("only %d were found", checked)
	}
}

// literal is the literal that an expression is, or begins with.
func literal(e ast.Expr) (s string, whole bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		s, _ := literal(e.X)
		return s, false
	}
	return "", false
}

func said(all map[string]string, id string, whole bool) bool {
	if !strings.Contains(id, ".") {
		return true // it is no id
	}
	for other := range all {
		if other == id || strings.HasPrefix(other, id+".") && whole || !whole && strings.HasPrefix(other, id) {
			return true
		}
	}
	return false
}
