// Loosely typed JSON: decoding bodies and reading their fields.

package discordtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"unicode/utf8"
)

// object is a decoded JSON object. Numbers are json.Number in what a client
// sent and Go integers in what the server made.
type object = map[string]any

// decode reads one JSON value and nothing after it.
func decode(b []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, fmt.Errorf("data after the JSON value")
	}
	return v, nil
}

// encode marshals what the server itself made, which cannot fail.
func encode(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("discordtest: encoding an own value: %v", err))
	}
	return bytes.TrimSpace(b.Bytes())
}

// clone is a deep copy.
func clone(v any) any {
	switch v := v.(type) {
	case object:
		c := make(object, len(v))
		for k, x := range v {
			c[k] = clone(x)
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i, x := range v {
			c[i] = clone(x)
		}
		return c
	}
	return v
}

func str(o object, key string) string {
	s, _ := o[key].(string)
	return s
}

func list(o object, key string) []any {
	l, _ := o[key].([]any)
	return l
}

func sub(o object, key string) object {
	m, _ := o[key].(object)
	return m
}

func objects(l []any) []object {
	out := make([]object, 0, len(l))
	for _, v := range l {
		o, _ := v.(object) // a nil object reads as empty: the checks complain
		out = append(out, o)
	}
	return out
}

func truth(o object, key string) bool {
	b, _ := o[key].(bool)
	return b
}

// whole reads an integer; ok is false for anything else.
func whole(v any) (n int64, ok bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n, true
		}
		f, err := v.Float64()
		return int64(f), err == nil && f == math.Trunc(f)
	case float64:
		return int64(v), v == math.Trunc(v)
	}
	return 0, false
}

func integer(o object, key string) int {
	n, _ := whole(o[key])
	return int(n)
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	case float64:
		return v, true
	}
	n, ok := whole(v)
	return float64(n), ok
}

// empty says whether a value is as good as absent: null, false, 0, "" or no
// elements.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case object:
		return len(v) == 0
	}
	n, ok := number(v)
	return ok && n == 0
}

// runes counts characters as Discord's API does: code points.
func runes(s string) int { return utf8.RuneCountInString(s) }
