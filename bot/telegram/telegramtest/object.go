// Loosely typed JSON: decoding what clients send and reading its fields.

package telegramtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("data after the JSON value")
	}
	return v, nil
}

// encode marshals what the server itself made, which cannot fail.
func encode(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("telegramtest: encoding an own value: %v", err))
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

func truth(o object, key string) bool {
	b, _ := o[key].(bool)
	return b
}

// objects are the objects of a list; what is none reads as empty.
func objects(l []any) []object {
	out := make([]object, 0, len(l))
	for _, v := range l {
		o, _ := v.(object)
		out = append(out, o)
	}
	return out
}

// whole reads an integer; ok is false for anything else.
func whole(v any) (n int64, ok bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case json.Number:
		n, err := v.Int64()
		return n, err == nil
	}
	return 0, false
}

func integer(o object, key string) int64 {
	n, _ := whole(o[key])
	return n
}
