// The OpenAPI description: finding, loading once and looking operations up.

package discordtest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

const specName = "discord-openapi.json"

// spec is a loaded description.
type spec struct {
	templates  []*template
	operations map[string]*operation // by "METHOD /path"
	schemas    object
}

type operation struct {
	query    []string // names of query parameters
	schema   any      // of the JSON body; nil when it takes none
	required bool     // the body must be there
}

// specs keeps loaded descriptions for the process: the file is 1.2 MB and
// every test makes a server.
var specs = struct {
	sync.Mutex
	loaded map[string]*spec
}{loaded: map[string]*spec{}}

// loadSpec loads the description at path, or the one it finds.
func loadSpec(path string) (*spec, error) {
	if path == "" {
		var err error
		if path, err = findSpec(); err != nil {
			return nil, err
		}
	}
	specs.Lock()
	defer specs.Unlock()
	if s := specs.loaded[path]; s != nil {
		return s, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s, err := parseSpec(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	specs.loaded[path] = s
	return s, nil
}

func findSpec() (string, error) {
	var places []string
	if dir := os.Getenv("STRILLONE_SHARED"); dir != "" {
		places = append(places, filepath.Join(dir, "specs", specName))
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		places = append(places, filepath.Join(dir, "shared", "specs", specName))
		parent := filepath.Dir(dir)
		if parent == dir {
			break
		}
		dir = parent
	}
	for _, p := range places {
		if _, err := os.Stat(p); err == nil {
			return p, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return "", fmt.Errorf("%s is neither in $STRILLONE_SHARED/specs nor in shared/specs above the working directory", specName)
}

func parseSpec(b []byte) (*spec, error) {
	v, err := decode(b)
	if err != nil {
		return nil, err
	}
	root, _ := v.(object)
	s := &spec{operations: map[string]*operation{}, schemas: sub(sub(root, "components"), "schemas")}
	for path, item := range sub(root, "paths") {
		t := newTemplate(path)
		item, _ := item.(object)
		for method, op := range item {
			op, ok := op.(object)
			if !ok { // "parameters" of the path
				continue
			}
			method = strings.ToUpper(method)
			t.methods[method] = true
			s.operations[method+" "+path] = parseOperation(op)
		}
		s.templates = append(s.templates, t)
	}
	if len(s.templates) == 0 {
		return nil, errors.New("no paths: is it an OpenAPI description?")
	}
	return s, nil
}

func parseOperation(op object) *operation {
	out := &operation{}
	for _, p := range objects(list(op, "parameters")) {
		if str(p, "in") == "query" {
			out.query = append(out.query, str(p, "name"))
		}
	}
	body := sub(op, "requestBody")
	out.required = truth(body, "required")
	content := sub(body, "content")
	for _, kind := range []string{"application/json", "multipart/form-data"} {
		if c := sub(content, kind); c != nil {
			out.schema = c["schema"]
			break
		}
	}
	return out
}

// check adds what the description finds wrong with a call.
func (s *spec) check(c *Call, f findings) {
	op := s.operations[c.Method+" "+c.Route]
	if op == nil {
		return
	}
	for name := range c.Query {
		if !slices.Contains(op.query, name) {
			f.at("?"+name).add("UNKNOWN_QUERY_PARAMETER", "%s takes no query parameter %q.", c.Route, name)
		}
	}
	switch {
	case c.Body == nil && len(c.Files) == 0 && op.required:
		f.add("BASE_TYPE_REQUIRED", "A body is required.")
	case c.Body == nil:
	case op.schema == nil:
		f.add("BODY_NOT_EXPECTED", "%s %s takes no body.", c.Method, c.Route)
	default:
		s.validate(op.schema, c.payload, f, c.Route)
	}
}
