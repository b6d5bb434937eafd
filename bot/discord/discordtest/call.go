// Calls: what the server records of every REST request.

package discordtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Call is one REST request as it arrived and, once it is over, how it was
// answered. The Authorization header is left out of Header.
type Call struct {
	Seq     int               // 1 for the first request of the server
	Time    time.Time         // by the server's clock
	Version string            // "9" or "10"
	Method  string            //
	Path    string            // after /api/vN, escaped as sent
	Route   string            // the template it matched; empty for none
	Params  map[string]string // path parameters by name
	Query   url.Values        //
	Header  http.Header       //
	Body    json.RawMessage   // the JSON body, for multipart its payload_json; nil for none
	Files   []File            // multipart files
	Status  int               // answered; 0 while open and for a connection broken or left hanging
	Code    int               // the JSON error code answered, 0 for none
	Done    bool              // handled and answered, or broken on purpose

	authorization string
	payload       any   // Body decoded
	malformed     error // why Body cannot be read
}

// File is one uploaded file.
type File struct {
	Field       string // "files[0]"
	Name        string
	ContentType string
	Data        []byte
}

// Is reports whether the call has this method and route template, such as
// ("POST", "/channels/{channel_id}/messages").
func (c Call) Is(method, route string) bool { return c.Method == method && c.Route == route }

// Calls returns the REST requests so far, in order of arrival.
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

// InvalidRequests counts the 401, 403 and 429 answers of the last ten minutes:
// at 10,000 Discord bans the address.
func (s *Server) InvalidRequests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, since := 0, s.now().Add(-10*time.Minute)
	for _, c := range s.calls {
		if (c.Status == 401 || c.Status == 403 || c.Status == 429) && c.Time.After(since) {
			n++
		}
	}
	return n
}

var versioned = regexp.MustCompile(`^/api/v(9|10)(/.*)$`)

// newCall reads and records a request.
func (s *Server) newCall(r *http.Request) *Call {
	c := &Call{
		Time:          s.now(),
		Method:        r.Method,
		Path:          r.URL.EscapedPath(),
		Query:         r.URL.Query(),
		Header:        r.Header.Clone(),
		authorization: r.Header.Get("Authorization"),
	}
	c.Header.Del("Authorization")
	if m := versioned.FindStringSubmatch(c.Path); m != nil {
		c.Version, c.Path = m[1], m[2]
		c.Route, c.Params = s.match(c.Method, c.Path)
	}
	c.readBody(r)
	s.mu.Lock()
	c.Seq = len(s.calls) + 1
	s.calls = append(s.calls, c)
	s.mu.Unlock()
	return c
}

func (c *Call) readBody(r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		c.malformed = err
		return
	}
	if len(raw) == 0 {
		return
	}
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		c.Body = raw
	case "multipart/form-data":
		if c.malformed = c.readParts(raw, params["boundary"]); c.malformed != nil {
			return
		}
	default:
		c.Body = raw
		c.malformed = &mimeError{kind}
		return
	}
	if c.Body != nil {
		c.payload, c.malformed = decode(c.Body)
	}
}

func (c *Call) readParts(raw []byte, boundary string) error {
	parts := multipart.NewReader(bytes.NewReader(raw), boundary)
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
		if p.FormName() == "payload_json" {
			c.Body = data
			continue
		}
		c.Files = append(c.Files, File{
			Field: p.FormName(), Name: p.FileName(), ContentType: p.Header.Get("Content-Type"), Data: data,
		})
	}
}

// object is the decoded body, empty when there is none or it is no object.
func (c *Call) object() object {
	o, _ := c.payload.(object)
	if o == nil {
		return object{}
	}
	return o
}

func (c *Call) label() string {
	return c.Method + " " + c.Path
}

type mimeError struct{ kind string }

func (e *mimeError) Error() string {
	return "Content-Type " + strings.TrimSpace(e.kind+" ") + " is neither application/json nor multipart/form-data"
}
