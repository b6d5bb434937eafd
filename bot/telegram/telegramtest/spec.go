// The description of the Bot API: finding, loading once and looking up.

package telegramtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
)

const specName = "telegram-bot-api.json"

// spec is a loaded description.
type spec struct {
	Methods map[string]*specMethod `json:"methods"`
	Types   map[string]*specType   `json:"types"`
}

type specMethod struct {
	Fields  []specField `json:"fields"`
	Returns []string    `json:"returns"`
}

type specType struct {
	Fields   []specField `json:"fields"`
	Subtypes []string    `json:"subtypes"`
}

// specField is a parameter or a field: it has one of the types.
type specField struct {
	Name        string   `json:"name"`
	Types       []string `json:"types"`
	Required    bool     `json:"required"`
	Description string   `json:"description"`
}

var fixedValue = regexp.MustCompile(`(?:must be|always) [“"]?([a-z_]+)[”"]?$`)

// fixed is the one value that the field of a subtype must have, if any.
func (f specField) fixed() string {
	if !f.Required || !slices.Equal(f.Types, []string{"String"}) {
		return ""
	}
	if m := fixedValue.FindStringSubmatch(strings.TrimSuffix(f.Description, ".")); m != nil {
		return m[1]
	}
	return ""
}

// specs keeps loaded descriptions for the process: every test makes a server.
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
	s := new(spec)
	if err := json.Unmarshal(b, s); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(s.Methods) == 0 || len(s.Types) == 0 {
		return nil, fmt.Errorf("%s: no methods or no types: is it a description of the Bot API?", path)
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
