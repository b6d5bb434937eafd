// Calls: what the server records of every request.

package telegramtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Call is one request as it arrived and, once it is over, how it was answered.
// The token is left out.
type Call struct {
	Seq    int       // 1 for the first request of the server
	Time   time.Time // by the server's clock
	Method string    // "sendMessage"; the path when it is no method's
	// Params are the parameters. Those of a JSON body that are no strings are
	// in JSON.
	Params      map[string]string
	Files       []File // uploaded files
	Status      int    // answered; 0 while open and for a connection broken or left hanging
	Description string // of an error answer
	Done        bool   // handled and answered, or broken on purpose

	token     string
	params    map[string]parameter
	malformed error    // why the body cannot be read
	content   *content // of the text, once it is checked; apart, for calls are copied meanwhile
}

// File is one uploaded file.
type File struct {
	Field, Name string
	Data        []byte
}

// parameter is a value and whether it came as the text of a form's field.
type parameter struct {
	value any
	form  bool
}

// Get is a parameter, empty when it is not there.
func (c Call) Get(name string) string { return c.Params[name] }

// Chat is the parameter chat_id, 0 when it is no number.
func (c Call) Chat() int64 { return c.integer("chat_id") }

// Sends says whether the call sends a message.
func (c Call) Sends() bool {
	return c.Method == "sendMessage" || c.Method == "sendRichMessage" || c.Method == "sendDocument"
}

func (c Call) integer(name string) int64 {
	n, _ := strconv.ParseInt(c.Params[name], 10, 64)
	return n
}

func (c Call) truth(name string) bool { return strings.EqualFold(c.Params[name], "true") }

func (c Call) has(name string) bool {
	_, ok := c.params[name]
	for _, f := range c.Files {
		ok = ok || f.Field == name
	}
	return ok
}

// carries is has for an object or a list: null is as good as absent.
func (c Call) carries(name string) bool { return c.has(name) && c.Params[name] != "null" }

// attaches says whether a parameter refers to a file by attach://.
func (c Call) attaches(field string) bool {
	for _, v := range c.Params {
		if strings.Contains(v, "attach://"+field) {
			return true
		}
	}
	return false
}

// json is a parameter's JSON value, nil when it is absent or none.
func (c Call) json(name string) any {
	p, ok := c.params[name]
	if !ok {
		return nil
	}
	text, isText := p.value.(string)
	if !isText {
		return p.value
	}
	v, err := decode([]byte(text))
	if err != nil {
		return nil
	}
	return v
}

func (c Call) object(name string) object {
	o, _ := c.json(name).(object)
	return o
}

func (c Call) list(name string) []any {
	l, _ := c.json(name).([]any)
	return l
}

// Calls returns the requests so far, in order of arrival.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.listCalls()
}

func (s *Server) listCalls() []Call {
	out := make([]Call, len(s.calls))
	for i, c := range s.calls {
		out[i] = *c
	}
	return out
}

// AwaitCall returns the first finished call that satisfies ok, as soon as there
// is one.
func (s *Server) AwaitCall(ctx context.Context, ok func(Call) bool) (Call, error) {
	return await(ctx, s, "a call", s.listCalls, func(c Call) bool { return c.Done && ok(c) })
}

// newCall reads and records a request.
func (s *Server) newCall(r *http.Request) *Call {
	c := &Call{Time: s.now(), Params: map[string]string{}, params: map[string]parameter{}, content: new(content)}
	path, isBot := strings.CutPrefix(r.URL.Path, "/bot")
	c.token, c.Method, _ = strings.Cut(path, "/")
	if !isBot {
		c.token, c.Method = "", r.URL.Path
	}
	c.form(r.URL.Query())
	c.malformed = c.read(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Seq = len(s.calls) + 1
	s.calls = append(s.calls, c)
	s.notify()
	return c
}

// maxBody is more than the Bot API takes without files.
const maxBody = 64 << 20

func (c *Call) read(r *http.Request) error {
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil || len(raw) == 0 {
		return err
	}
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/x-www-form-urlencoded":
		values, err := url.ParseQuery(string(raw))
		c.form(values)
		return err
	case "multipart/form-data":
		return c.multipart(multipart.NewReader(strings.NewReader(string(raw)), params["boundary"]))
	case "application/json":
		return c.jsonBody(raw)
	}
	return fmt.Errorf("Content-Type %q is none the Bot API reads", kind)
}

func (c *Call) set(name, text string, p parameter) {
	c.Params[name] = text
	c.params[name] = p
}

// form takes the fields of a form. An empty one is as good as absent.
func (c *Call) form(values url.Values) {
	for name, all := range values {
		if len(all) > 0 {
			c.set(name, all[0], parameter{all[0], true})
		}
	}
}

func (c *Call) jsonBody(raw []byte) error {
	v, err := decode(raw)
	if err != nil {
		return err
	}
	o, ok := v.(object)
	if !ok && v != nil {
		return errors.New("the body is no JSON object")
	}
	for name, x := range o {
		text, isText := x.(string)
		if !isText {
			text = string(encode(x))
		}
		if x != nil {
			c.set(name, text, parameter{x, false})
		}
	}
	return nil
}

func (c *Call) multipart(parts *multipart.Reader) error {
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		data, err := io.ReadAll(p)
		if err != nil {
			return err
		}
		if p.FileName() != "" {
			c.Files = append(c.Files, File{p.FormName(), p.FileName(), data})
			continue
		}
		c.set(p.FormName(), string(data), parameter{string(data), true})
	}
}
