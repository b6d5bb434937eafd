// decode: from YAML to Config, strictly, noting where each key stands.

package config

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// decode fills c from the file. It walks the syntax tree itself, because a
// decoder stops at the first fault and quotes the line, which may hold a token.
func (l *loader) decode(data []byte, c *Config) {
	root, ok := l.root(data)
	if !ok {
		l.broken = true
		return
	}
	if root != nil {
		l.mapping(root, "", reflect.ValueOf(c).Elem())
	}
}

// root is the document's outermost node; nil for an empty file.
func (l *loader) root(data []byte) (ast.Node, bool) {
	if !utf8.Valid(data) {
		l.faultAt(0, "", "is not in UTF-8: save it as UTF-8")
		return nil, false
	}
	file, err := parser.ParseBytes(bytes.TrimPrefix(data, []byte("\ufeff")), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		line, message := 0, "is no YAML"
		if syntax, ok := errors.AsType[yaml.Error](err); ok {
			message = syntax.GetMessage()
			if t := syntax.GetToken(); t != nil && t.Position != nil {
				line = t.Position.Line
			}
		}
		l.faultAt(line, "", "not valid YAML: %s. Mind the indentation and the quotes there and in the line above", message)
		return nil, false
	}
	var root ast.Node
	for _, doc := range file.Docs {
		if isNull(doc.Body) {
			continue
		}
		if root != nil {
			l.faultAt(line(doc.Body), "", "a second YAML document begins here: leave out the line ---")
			return nil, false
		}
		root = doc.Body
	}
	return root, true
}

// mapping fills the fields of a struct from a YAML mapping.
func (l *loader) mapping(node ast.Node, at string, into reflect.Value) {
	entries, ok := entriesOf(node)
	if !ok {
		l.broken = l.broken || at == ""
		l.faultAt(line(node), at, "must hold keys with values, one a line: %s", strings.Join(keysOf(into), ", "))
		return
	}
	first := make(map[string]int)
	for _, each := range entries {
		name, where := each.Key.GetToken().Value, line(each.Key)
		key := dotted(at, name)
		field, known := fieldOf(into, name)
		switch {
		case !known:
			l.unknown(where, at, name, into)
		case first[name] > 0:
			l.faultAt(where, key, "is set a second time: it already is in line %d. Keep one of the two", first[name])
		default:
			first[name], l.lines[key] = where, where
			l.value(each.Value, key, field)
		}
	}
}

// value fills one field. Null, as in a key with nothing after it, leaves the
// default.
func (l *loader) value(node ast.Node, key string, into reflect.Value) {
	if isNull(node) {
		return
	}
	switch into.Kind() {
	case reflect.Struct:
		l.mapping(node, key, into)
	case reflect.Slice:
		l.ids(node, key, into)
	case reflect.Int64: // time.Duration alone
		s, _ := text(node)
		d, err := time.ParseDuration(s)
		if err != nil {
			l.fault(key, "must be a span of time: 6h, 90m or 1h30m")
			return
		}
		into.SetInt(int64(d))
	case reflect.Bool:
		b, ok := node.(*ast.BoolNode)
		if !ok {
			l.fault(key, "must be true or false, without quotes")
			return
		}
		into.SetBool(b.Value)
	case reflect.Float64:
		number, ok := asFloat64(node)
		if !ok {
			l.fault(key, "must be a number, without quotes")
			return
		}
		into.SetFloat(number)
	case reflect.Int:
		n, ok := node.(*ast.IntegerNode)
		number, fits := int64(0), false
		if ok {
			number, fits = asInt64(n.Value)
		}
		if !fits {
			l.fault(key, "must be a whole number, without quotes")
			return
		}
		into.SetInt(number)
	default:
		s, ok := text(node)
		if !ok {
			l.fault(key, "must be a text: put it between double quotes")
			return
		}
		into.SetString(s)
	}
}

// ids fills a list of numeric ids, each a number or a text.
func (l *loader) ids(node ast.Node, key string, into reflect.Value) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		l.fault(key, `must be a list: ["123456789"]`)
		return
	}
	for i, item := range list.Values {
		name := numbered(key, i)
		l.lines[name] = line(item)
		id, ok := text(item)
		if n, whole := item.(*ast.IntegerNode); whole {
			id, ok = n.GetToken().Value, true
		}
		if !ok {
			l.fault(name, `must be a numeric id between double quotes: "123456789012345678"`)
		}
		into.Set(reflect.Append(into, reflect.ValueOf(id)))
	}
}

// unknown records a key that there isn't, with the one that was likely meant:
// of the same group, or else of the whole file.
func (l *loader) unknown(where int, at, name string, group reflect.Value) {
	meant := nearest(name, keysOf(group))
	if meant == "" {
		for _, key := range allKeys(reflect.TypeFor[Config](), "") {
			if simplify(key[strings.LastIndexByte(key, '.')+1:]) == simplify(name) {
				meant = key
			}
		}
	}
	if meant != "" {
		l.faultAt(where, dotted(at, name), "there is no such key: did you mean %s?", meant)
		return
	}
	name = shown(name)
	l.faultAt(where, dotted(at, name), "there is no such key: here go %s", strings.Join(keysOf(group), ", "))
}

// shown is an unknown key as a message may show it: what is as long as a token
// could be one, in the wrong place.
func shown(name string) string {
	if len(name) > 30 {
		return "(a long name)"
	}
	return name
}

// entriesOf are the keys and values of a mapping. Anchors, aliases and tags are
// no mappings here: a configuration this small needs none.
func entriesOf(node ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// text is the string a node stands for, if it is one.
func text(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	}
	return "", false
}

func asInt64(value any) (int64, bool) {
	switch n := value.(type) {
	case int64:
		return n, true
	case uint64:
		return int64(n), n < 1<<63
	}
	return 0, false
}

// asFloat64 is a number that may have a fraction; infinity is none.
func asFloat64(node ast.Node) (float64, bool) {
	switch n := node.(type) {
	case *ast.FloatNode:
		return n.Value, true
	case *ast.IntegerNode:
		number, ok := asInt64(n.Value)
		return float64(number), ok
	}
	return 0, false
}

func isNull(node ast.Node) bool {
	switch node.(type) {
	case nil, *ast.NullNode, *ast.CommentNode, *ast.CommentGroupNode:
		return true
	}
	return false
}

func line(node ast.Node) int {
	if t := node.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}

func dotted(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

func numbered(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }

// fieldOf is the field of a struct whose key is name.
func fieldOf(group reflect.Value, name string) (reflect.Value, bool) {
	for field, value := range group.Fields() {
		if tag := field.Tag.Get("yaml"); tag != "" && tag == name {
			return value, true
		}
	}
	return reflect.Value{}, false
}

// keysOf lists the keys of a struct.
func keysOf(group reflect.Value) []string {
	var keys []string
	for field := range group.Type().Fields() {
		if tag := field.Tag.Get("yaml"); tag != "" {
			keys = append(keys, tag)
		}
	}
	return keys
}

// allKeys lists the keys of a struct and of the structs in it, dotted.
func allKeys(group reflect.Type, at string) []string {
	var keys []string
	for field := range group.Fields() {
		tag := field.Tag.Get("yaml")
		if tag == "" {
			continue
		}
		keys = append(keys, dotted(at, tag))
		if field.Type.Kind() == reflect.Struct {
			keys = append(keys, allKeys(field.Type, dotted(at, tag))...)
		}
	}
	return keys
}
