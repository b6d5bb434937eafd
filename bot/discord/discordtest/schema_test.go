// Tests of the schema validator on a small description of its own.

package discordtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const smallSpec = `{"paths": {"/things": {"post": {"requestBody": {"required": true, "content": {"application/json": {"schema":
 {"$ref": "#/components/schemas/Thing"}}}}}}},
 "components": {"schemas": {
  "ID": {"type": "string", "format": "snowflake", "pattern": "^(0|[1-9][0-9]*)$"},
  "Kind": {"type": "integer", "oneOf": [{"const": 1}, {"const": 2}]},
  "Cat": {"type": "object", "properties": {"type": {"type": "integer", "enum": [1], "allOf": [{"$ref": "#/components/schemas/Kind"}]}, "lives": {"type": "integer", "maximum": 9}}, "required": ["type", "lives"]},
  "Dog": {"type": "object", "properties": {"type": {"type": "integer", "enum": [2]}, "bark": {"type": "string", "minLength": 2}}, "required": ["type"]},
  "Thing": {"type": "object", "required": ["id"], "properties": {
   "id": {"$ref": "#/components/schemas/ID"},
   "name": {"type": ["string", "null"], "maxLength": 3},
   "url": {"type": "string", "format": "uri"},
   "at": {"type": "string", "format": "date-time"},
   "tags": {"type": "array", "minItems": 1, "maxItems": 2, "uniqueItems": true, "items": {"type": "string"}},
   "ratio": {"type": "number", "minimum": 0},
   "pets": {"type": "array", "items": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}, {"type": "boolean"}]}},
   "one": {"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/Cat"}]},
   "open": {"type": "object", "additionalProperties": {"type": "integer"}, "maxProperties": 1},
   "big": {"type": "integer", "format": "int32"}}}}}}`

func TestSchema(t *testing.T) {
	s, err := parseSpec([]byte(smallSpec))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ body, fault string }{
		{`{"id": "12", "name": "èéà", "url": "https://x.org", "at": "2026-01-02T03:04:05Z", "tags": ["a"], "ratio": 0.5, "pets": [{"type": 1, "lives": 9}, {"type": 2}, true], "one": null, "open": {"x": 1}, "big": 1.0}`, ""},
		{`{}`, "id: This field is required"},
		{`[]`, "is not of type object"},
		{`{"id": 12}`, "id: Value 12 is not of type string"},
		{`{"id": "012"}`, "id: String value did not match"},
		{`{"id": "1", "name": "abcd"}`, "name: Must be 3 or fewer"},
		{`{"id": "1", "name": null}`, ""},
		{`{"id": "1", "url": "nowhere"}`, "url: Not a well formed URL"},
		{`{"id": "1", "at": "yesterday"}`, "at: Could not parse"},
		{`{"id": "1", "tags": []}`, "tags: Must be 1 or more"},
		{`{"id": "1", "tags": ["a", "b", "c"]}`, "tags: Must be 2 or fewer"},
		{`{"id": "1", "tags": ["a", "a"]}`, "tags.1: The set already"},
		{`{"id": "1", "ratio": -1}`, "ratio: Value should be greater"},
		{`{"id": "1", "pets": [{"type": 1, "lives": 10}]}`, "pets.0.lives: Value should be less"},
		{`{"id": "1", "pets": [{"type": 2, "bark": "w"}]}`, "pets.0.bark: Must be 2 or more"},
		{`{"id": "1", "pets": [{"type": 3}]}`, "pets.0: Value"},
		{`{"id": "1", "one": {"type": 1}}`, "one.lives: This field is required"},
		{`{"id": "1", "open": {"x": "y"}}`, "open.x: Value"},
		{`{"id": "1", "open": {"x": 1, "y": 2}}`, "open: Must have 1 or fewer"},
		{`{"id": "1", "big": 3000000000}`, "big: Value is no 32-bit"},
		{`{"id": "1", "other": 1}`, `no property "other"`},
	}
	for _, tt := range tests {
		v, err := decode([]byte(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		f := newFindings()
		s.check(&Call{Method: "POST", Route: "/things", Body: []byte(tt.body), payload: v}, f)
		switch {
		case tt.fault == "" && len(*f.list) > 0:
			t.Errorf("%s: %v", tt.body, *f.list)
		case tt.fault != "" && (len(*f.list) != 1 || !strings.Contains((*f.list)[0].String(), tt.fault)):
			t.Errorf("%s: want %q, got %v", tt.body, tt.fault, *f.list)
		}
	}
}

func TestSpecAbsent(t *testing.T) {
	rec := &recorder{}
	s := New(rec, WithSpec(filepath.Join(t.TempDir(), "none.json")))
	defer s.Close()
	if len(rec.logs) != 1 || !strings.Contains(rec.logs[0], "NOT checked") {
		t.Errorf("logs: %q", rec.logs)
	}
	w := &world{Server: s, t: t, rec: rec}
	if r := w.call("GET", "/users/@me", nil); r.status != 200 || r.body["id"] != ApplicationID {
		t.Errorf("%d %s", r.status, r.raw)
	}
	if r := w.call("POST", "/channels/1/messages", o{"content": text(2001), "allowed_mentions": quiet}); r.status != 400 {
		t.Errorf("limits are not checked without the description: %d", r.status)
	}
}

func TestSpecFromEnvironment(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "specs"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "specs", specName), []byte(smallSpec), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("STRILLONE_SHARED", dir)
	s := New(&recorder{})
	defer s.Close()
	if s.spec == nil || len(s.spec.templates) != 1 {
		t.Error("the description of $STRILLONE_SHARED is not taken")
	}
}

func TestUnknownRoutes(t *testing.T) {
	w := newWorld(t)
	if w.spec == nil {
		t.Log("NOT TESTED: this needs the OpenAPI description")
		return
	}
	for _, tt := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/nowhere", 404},
		{"DELETE", "/gateway", 405},
		{"GET", "/channels/1/pins", 501},
	} {
		before := len(w.Violations())
		if r := w.call(tt.method, tt.path, nil); r.status != tt.status || len(w.Violations()) != before+1 {
			t.Errorf("%s %s: %d %s", tt.method, tt.path, r.status, r.raw)
		}
	}
	w.Handle("GET", "/channels/{channel_id}/pins", func(c Call) (int, any) {
		return 200, []string{c.Params["channel_id"]}
	})
	before := len(w.Violations())
	if r := w.call("GET", "/channels/7/pins", nil); r.status != 200 || r.raw != `["7"]` || len(w.Violations()) != before {
		t.Errorf("%d %s", r.status, r.raw)
	}
	if r := w.call("GET", "/gateway?shards=1", nil); r.status != 400 {
		t.Errorf("unknown query parameter: %d", r.status)
	}
	if r := w.call("POST", w.messages(w.channel), `{"content": `); r.status != 400 || r.code() != 50109 {
		t.Errorf("broken JSON: %d %s", r.status, r.raw)
	}
	if r := w.call("POST", w.messages(w.channel), nil); r.status != 400 {
		t.Errorf("no body: %d %s", r.status, r.raw)
	}
}
