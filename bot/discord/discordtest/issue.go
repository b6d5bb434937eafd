// Issues: faults of single fields, and the errors tree Discord nests them in.

package discordtest

import (
	"fmt"
	"strconv"
	"strings"
)

// issue is one fault at a path of a JSON body.
type issue struct {
	path []string
	code string
	text string
}

func (i issue) String() string {
	return strings.Join(i.path, ".") + ": " + i.text + " [" + i.code + "]"
}

// findings collects issues; at returns a view deeper in the body.
type findings struct {
	list *[]issue
	path []string
}

func newFindings() findings { return findings{list: &[]issue{}} }

func (f findings) at(keys ...any) findings {
	path := f.path[:len(f.path):len(f.path)]
	for _, k := range keys {
		path = append(path, fmt.Sprint(k))
	}
	return findings{list: f.list, path: path}
}

func (f findings) add(code, format string, args ...any) {
	*f.list = append(*f.list, issue{path: f.path, code: code, text: fmt.Sprintf(format, args...)})
}

// tree nests issues by path: {"embeds":{"0":{"title":{"_errors":[…]}}}}.
func tree(list []issue) object {
	root := object{}
	for _, i := range list {
		node := root
		for _, key := range i.path {
			next, ok := node[key].(object)
			if !ok {
				next = object{}
				node[key] = next
			}
			node = next
		}
		errs, _ := node["_errors"].([]any)
		node["_errors"] = append(errs, object{"code": i.code, "message": i.text})
	}
	return root
}

// length reports a string outside its bounds; low 0 means no lower bound.
func (f findings) length(s string, low, high int) {
	n := runes(s)
	switch {
	case n < low && low == 1 && n == 0:
		f.add("BASE_TYPE_REQUIRED", "This field is required")
	case n < low:
		f.add("BASE_TYPE_MIN_LENGTH", "Must be %d or more in length.", low)
	case n > high:
		f.add("BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length (%d).", high, n)
	}
}

// count reports a list outside its bounds.
func (f findings) count(n, low, high int) {
	if n < low || n > high {
		f.add("BASE_TYPE_BAD_LENGTH", "Must be between %s and %d in length (%d).", strconv.Itoa(low), high, n)
	}
}
