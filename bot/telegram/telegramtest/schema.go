// Schema: parameters and objects compared with the description's types.

package telegramtest

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// check adds what the description finds wrong with a call.
func (s *spec) check(c *Call, f findings) {
	m := s.Methods[c.Method]
	if m == nil {
		return
	}
	known := map[string]specField{}
	for _, field := range m.Fields {
		known[field.Name] = field
		if field.Required && !c.has(field.Name) {
			f.at(field.Name).add("parameter %q is required", field.Name)
		}
	}
	for name, p := range c.params {
		field, ok := known[name]
		if !ok {
			f.at(name).add("%s has no parameter %q", c.Method, name)
			continue
		}
		s.parameter(field, p, f.at(name))
	}
	for _, file := range c.Files {
		if _, ok := known[file.Field]; !ok && !c.attaches(file.Field) {
			f.at(file.Field).add("%s has no parameter %q", c.Method, file.Field)
		}
	}
}

// parameter checks a parameter, whose type a form doesn't tell: it must be
// readable as one of the declared types.
func (s *spec) parameter(field specField, p parameter, f findings) {
	if !p.form {
		s.union(field.Types, p.value, f)
		return
	}
	text, _ := p.value.(string)
	var structured []string
	for _, t := range field.Types {
		if scalar := forms[t]; scalar == nil {
			structured = append(structured, t)
		} else if scalar.MatchString(text) {
			return
		}
	}
	if len(structured) == 0 {
		f.add("%q is not of type %s", shorten(text), strings.Join(field.Types, " or "))
		return
	}
	v, err := decode([]byte(text))
	if err != nil {
		f.add("can't parse JSON of %s: %v", strings.Join(structured, " or "), err)
		return
	}
	if v == nil && !field.Required { // as good as absent
		return
	}
	s.union(structured, v, f)
}

// forms are the scalar types as a form's field can write them.
var forms = map[string]*regexp.Regexp{
	"String":    regexp.MustCompile(``),
	"InputFile": regexp.MustCompile(``),
	"Integer":   regexp.MustCompile(`^-?[0-9]{1,18}$`),
	"Float":     regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`),
	"Boolean":   regexp.MustCompile(`^(?i:true|false)$`),
}

// union wants one type to fit and, if none does, tells the faults of the one
// that was meant: with the right fixed values, then with the fewest faults.
func (s *spec) union(types []string, v any, f findings) {
	var best []finding
	bestRank := 0
	for _, t := range types {
		trial := findings{all: new([]finding), path: f.path}
		s.typed(t, v, trial)
		if len(*trial.all) == 0 {
			return
		}
		rank := len(*trial.all)
		if !s.meant(t, v) {
			rank += 1 << 16
		}
		if best == nil || rank < bestRank {
			best, bestRank = *trial.all, rank
		}
	}
	if bestRank >= 1<<16 && len(types) > 1 {
		f.add("%s is not of type %s", shorten(string(encode(v))), strings.Join(types, " or "))
		return
	}
	*f.all = append(*f.all, best...)
}

// meant says whether a value carries the fixed values of a type, and a field of
// it that is required.
func (s *spec) meant(name string, v any) bool {
	t := s.Types[name]
	o, ok := v.(object)
	if t == nil || !ok {
		return t == nil && !ok
	}
	for _, field := range t.Fields {
		if want := field.fixed(); want != "" && o[field.Name] != want {
			return false
		}
	}
	return len(t.Fields) == 0 || slices.ContainsFunc(t.Fields, func(field specField) bool {
		_, has := o[field.Name]
		return has
	})
}

// typed checks a JSON value against one type.
func (s *spec) typed(name string, v any, f findings) {
	if element, ok := strings.CutPrefix(name, "Array of "); ok {
		l, ok := v.([]any)
		if !ok {
			f.add("%s is not of type %s", shorten(string(encode(v))), name)
			return
		}
		for i, x := range l {
			s.typed(element, x, f.at(i))
		}
		return
	}
	if t := s.Types[name]; t != nil && name != "InputFile" {
		if len(t.Subtypes) > 0 {
			s.union(t.Subtypes, v, f)
			return
		}
		s.object(name, t, v, f)
		return
	}
	if !isScalar(name, v) {
		f.add("%s is not of type %s", shorten(string(encode(v))), name)
	}
}

func isScalar(name string, v any) bool {
	switch name {
	case "Integer":
		_, ok := whole(v)
		return ok
	case "Float":
		_, isNumber := v.(json.Number)
		_, isWhole := whole(v)
		return isNumber || isWhole
	case "Boolean", "True":
		b, ok := v.(bool)
		return ok && (b || name == "Boolean")
	case "String", "InputFile":
		_, ok := v.(string)
		return ok
	}
	return true // a type the description doesn't know is not the caller's fault
}

func (s *spec) object(name string, t *specType, v any, f findings) {
	o, ok := v.(object)
	if !ok {
		f.add("%s is not of type %s", shorten(string(encode(v))), name)
		return
	}
	known := map[string]bool{}
	for _, field := range t.Fields {
		known[field.Name] = true
		x, given := o[field.Name]
		switch want := field.fixed(); {
		case (!given || x == nil) && field.Required:
			f.at(field.Name).add("field %q of %s is required", field.Name, name)
		case !given || x == nil:
		case want != "" && x != want:
			f.at(field.Name).add("%v is not %q", x, want)
		default:
			s.union(field.Types, x, f.at(field.Name))
		}
	}
	for key := range o {
		if !known[key] {
			f.at(key).add("%s has no field %q", name, key)
		}
	}
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
