// Schema validation: the subset of JSON Schema that the description uses.

package discordtest

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// validation checks one body; route chooses the leniencies.
type validation struct {
	schemas object
	route   string
}

func (s *spec) validate(schema, value any, f findings, route string) {
	validation{schemas: s.schemas, route: route}.check(schema, value, f)
}

func (v validation) resolve(schema any) object {
	o, _ := schema.(object)
	for {
		ref := str(o, "$ref")
		if ref == "" {
			return o
		}
		o = sub(v.schemas, strings.TrimPrefix(ref, "#/components/schemas/"))
	}
}

func (v validation) check(schema, value any, f findings) {
	o := v.resolve(schema)
	value = documented(v.route, f.path, value)
	if !v.typed(o, value, f) {
		return // everything else would only repeat it
	}
	if all := list(o, "allOf"); all != nil {
		for _, branch := range all {
			v.check(branch, value, f)
		}
	}
	// oneOf is read as anyOf: a null or an empty list fits several branches of
	// this description, and Discord takes it.
	for _, key := range []string{"oneOf", "anyOf"} {
		if branches := list(o, key); branches != nil {
			v.union(branches, value, f)
		}
	}
	if enum := list(o, "enum"); enum != nil && !slices.ContainsFunc(enum, func(e any) bool { return same(e, value) }) {
		f.add("BASE_TYPE_CHOICES", "Value must be one of %s.", encode(enum))
	}
	if want, ok := o["const"]; ok && !same(want, value) {
		f.add("BASE_TYPE_CHOICES", "Value must be %s.", encode(want))
	}
	switch value := value.(type) {
	case string:
		v.text(o, value, f)
	case []any:
		v.array(o, value, f)
	case object:
		v.object(o, value, f)
	case nil, bool:
	default:
		v.numeric(o, value, f)
	}
}

// typed checks "type", a name or a list of names.
func (v validation) typed(o object, value any, f findings) bool {
	var types []string
	switch t := o["type"].(type) {
	case string:
		types = []string{t}
	case []any:
		for _, n := range t {
			if n, ok := n.(string); ok {
				types = append(types, n)
			}
		}
	}
	if len(types) == 0 || slices.ContainsFunc(types, func(t string) bool { return isType(t, value) }) {
		return true
	}
	f.add("BASE_TYPE_CONVERT", "Value %.60s is not of type %s.", encode(value), strings.Join(types, " or "))
	return false
}

func isType(name string, value any) bool {
	switch name {
	case "null":
		return value == nil
	case "boolean":
		_, ok := value.(bool)
		return ok
	case "string":
		_, ok := value.(string)
		return ok
	case "array":
		_, ok := value.([]any)
		return ok
	case "object":
		_, ok := value.(object)
		return ok
	case "integer":
		_, ok := whole(value)
		return ok
	case "number":
		_, ok := number(value)
		return ok
	}
	return false
}

// union wants one branch to fit and, if none does, tells the faults of the one
// that was meant: whose "type" fits, else the one with the fewest faults.
func (v validation) union(branches []any, value any, f findings) {
	var best []issue
	bestRank := 0
	for _, b := range branches {
		trial := findings{list: &[]issue{}, path: f.path}
		v.check(b, value, trial)
		if len(*trial.list) == 0 {
			return
		}
		rank := len(*trial.list)
		if !v.meant(b, value) {
			rank += 1 << 16
		}
		if best == nil || rank < bestRank {
			best, bestRank = *trial.list, rank
		}
	}
	if bestRank >= 1<<16 && len(branches) > 2 {
		f.add("UNION_TYPE_CHOICES", "Value %.80s is none of the %d forms allowed here.", encode(value), len(branches))
		return
	}
	*f.list = append(*f.list, best...)
}

// meant says whether value carries the type constant of the branch, or is an
// object for an object branch without one.
func (v validation) meant(branch, value any) bool {
	o := v.resolve(branch)
	val, ok := value.(object)
	if !ok {
		return isType(str(o, "type"), value)
	}
	kind := v.resolve(sub(o, "properties")["type"])
	if kind == nil {
		return str(o, "type") == "object"
	}
	enum := list(kind, "enum")
	return len(enum) == 0 || slices.ContainsFunc(enum, func(e any) bool { return same(e, val["type"]) })
}

func (v validation) text(o object, value string, f findings) {
	if n, ok := whole(o["minLength"]); ok && runes(value) < int(n) {
		f.add("BASE_TYPE_MIN_LENGTH", "Must be %d or more in length.", n)
	}
	if n, ok := whole(o["maxLength"]); ok && runes(value) > int(n) {
		f.add("BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length (%d).", n, runes(value))
	}
	if p := str(o, "pattern"); p != "" && !compiled(p).MatchString(value) {
		f.add("STRING_TYPE_REGEX", "String value did not match validation regex %s.", p)
	}
	switch str(o, "format") {
	case "uri":
		if u, err := url.Parse(value); err != nil || u.Scheme == "" {
			f.add("URL_TYPE_INVALID_URL", "Not a well formed URL.")
		}
	case "date-time":
		if _, err := time.Parse(time.RFC3339, value); err != nil {
			f.add("DATE_TIME_TYPE_PARSE", "Could not parse %q. Should be ISO8601.", value)
		}
	case "snowflake":
		if len(value) > 20 {
			f.add("NUMBER_TYPE_COERCE", "Value %q is not snowflake.", value)
		}
	}
}

func (v validation) numeric(o object, value any, f findings) {
	n, _ := number(value)
	if low, ok := number(o["minimum"]); ok && n < low {
		f.add("NUMBER_TYPE_MIN", "Value should be greater than or equal to %v.", low)
	}
	if high, ok := number(o["maximum"]); ok && n > high {
		f.add("NUMBER_TYPE_MAX", "Value should be less than or equal to %v.", high)
	}
	if str(o, "format") == "int32" && (n < -1<<31 || n > 1<<31-1) {
		f.add("NUMBER_TYPE_MAX", "Value is no 32-bit integer.")
	}
}

func (v validation) array(o object, value []any, f findings) {
	if n, ok := whole(o["minItems"]); ok && len(value) < int(n) {
		f.add("BASE_TYPE_BAD_LENGTH", "Must be %d or more in length.", n)
	}
	if n, ok := whole(o["maxItems"]); ok && len(value) > int(n) {
		f.add("BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length (%d).", n, len(value))
	}
	if truth(o, "uniqueItems") {
		seen := map[string]bool{}
		for i, x := range value {
			k := string(encode(x))
			if seen[k] {
				f.at(i).add("SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value.")
			}
			seen[k] = true
		}
	}
	if items, ok := o["items"]; ok {
		for i, x := range value {
			v.check(items, x, f.at(i))
		}
	}
}

func (v validation) object(o object, value object, f findings) {
	if n, ok := whole(o["maxProperties"]); ok && len(value) > int(n) {
		f.add("BASE_TYPE_MAX_LENGTH", "Must have %d or fewer properties.", n)
	}
	if n, ok := whole(o["minProperties"]); ok && len(value) < int(n) {
		f.add("BASE_TYPE_MIN_LENGTH", "Must have %d or more properties.", n)
	}
	for _, r := range list(o, "required") {
		if name, _ := r.(string); name != "" {
			if _, ok := value[name]; !ok {
				f.at(name).add("BASE_TYPE_REQUIRED", "This field is required")
			}
		}
	}
	properties, listed := o["properties"].(object)
	extra, open := o["additionalProperties"]
	for name, x := range value {
		at := f.at(name)
		if p, ok := properties[name]; ok {
			v.check(p, x, at)
			continue
		}
		switch extra := extra.(type) {
		case object:
			v.check(extra, x, at)
			continue
		case bool:
			open = extra
		}
		if listed && !open && !excused(v.route, at.path, x) {
			at.add("UNKNOWN_PROPERTY", "The API knows no property %q here.", name)
		}
	}
}

// same compares JSON values; numbers by value.
func same(a, b any) bool {
	if x, ok := number(a); ok {
		y, ok := number(b)
		return ok && x == y
	}
	return string(encode(a)) == string(encode(b))
}

var patterns sync.Map

// compiled caches a pattern; one that Go cannot read matches everything, as a
// fault of the description is not the caller's.
func compiled(p string) *regexp.Regexp {
	if re, ok := patterns.Load(p); ok {
		return re.(*regexp.Regexp)
	}
	re, err := regexp.Compile(p)
	if err != nil {
		re = regexp.MustCompile("")
	}
	patterns.Store(p, re)
	return re
}
