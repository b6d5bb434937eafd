// What the tests share: a recording Reporter, raw calls and a world.

package telegramtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// recorder keeps what a server reports.
type recorder struct {
	mu     sync.Mutex
	errors []string
	logs   []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}
func (r *recorder) Logf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.logs = append(r.logs, fmt.Sprintf(format, args...))
}

func (r *recorder) reported() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.errors)
}

// world is a server with a person, a group and a channel.
type world struct {
	*Server
	t      *testing.T
	rec    *recorder
	client *http.Client
	ada    int64
	club   int64
	news   int64
}

func newWorld(t *testing.T, opts ...Option) *world {
	t.Helper()
	rec := &recorder{}
	s := New(rec, opts...)
	w := &world{Server: s, t: t, rec: rec, client: &http.Client{Transport: &http.Transport{}, Timeout: 20 * time.Second}}
	t.Cleanup(func() {
		w.client.CloseIdleConnections()
		s.Close()
	})
	w.ada = s.AddPrivate(42, "Ada", "it")
	w.club = s.AddGroup(-1001234567890, "Club", 42, 43)
	w.news = s.AddChannel(-1009876543210, "News", 42)
	return w
}

// clean fails for every violation.
func (w *world) clean() {
	w.t.Helper()
	for _, e := range w.rec.reported() {
		w.t.Errorf("violation: %s", e)
	}
}

// violated fails unless a violation has these words.
func (w *world) violated(words string) {
	w.t.Helper()
	if !slices.ContainsFunc(w.rec.reported(), func(e string) bool { return strings.Contains(e, words) }) {
		w.t.Errorf("no violation has %q: %q", words, w.rec.reported())
	}
}

type o = map[string]any
type l = []any

type reply struct {
	status int
	raw    string
	body   struct {
		OK          bool            `json:"ok"`
		Result      json.RawMessage `json:"result"`
		Code        int             `json:"error_code"`
		Description string          `json:"description"`
		Parameters  struct {
			RetryAfter int   `json:"retry_after"`
			MigrateTo  int64 `json:"migrate_to_chat_id"`
		} `json:"parameters"`
	}
}

// call makes a call with a JSON body.
func (w *world) call(method string, params o) reply {
	w.t.Helper()
	r, err := w.try(w.t.Context(), method, params)
	if err != nil {
		w.t.Fatalf("%s: %v", method, err)
	}
	return r
}

func (w *world) try(ctx context.Context, method string, params o) (reply, error) {
	b, err := json.Marshal(params)
	if err != nil {
		return reply{}, err
	}
	return w.post(ctx, method, "application/json", b)
}

// form makes a call with a urlencoded body.
func (w *world) form(method string, pairs ...string) reply {
	w.t.Helper()
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	r, err := w.post(w.t.Context(), method, "application/x-www-form-urlencoded", []byte(values.Encode()))
	if err != nil {
		w.t.Fatalf("%s: %v", method, err)
	}
	return r
}

func (w *world) post(ctx context.Context, method, kind string, body []byte) (reply, error) {
	r, err := http.NewRequestWithContext(ctx, "POST", w.URL()+"/bot"+Token+"/"+method, bytes.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	r.Header.Set("Content-Type", kind)
	return w.do(r)
}

func (w *world) do(r *http.Request) (reply, error) {
	res, err := w.client.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return reply{}, err
	}
	out := reply{status: res.StatusCode, raw: string(raw)}
	_ = json.Unmarshal(raw, &out.body) // HTML and garbage stay raw
	return out, nil
}

// must makes a call that has to work, with a result as the description says.
func (w *world) must(method string, params o) json.RawMessage {
	w.t.Helper()
	r := w.call(method, params)
	if r.status != 200 || !r.body.OK {
		w.t.Fatalf("%s: %s", method, r.raw)
	}
	w.conforms(method, r.body.Result)
	return r.body.Result
}

// conforms checks a result against the description, if it is there.
func (w *world) conforms(method string, result json.RawMessage) {
	w.t.Helper()
	if w.spec == nil {
		return
	}
	v, err := decode(result)
	if err != nil {
		w.t.Fatal(err)
	}
	f := newFindings()
	w.spec.union(w.spec.Methods[method].Returns, v, f)
	for _, x := range *f.all {
		w.t.Errorf("result of %s: %s: %s", method, x.path, x.text)
	}
}

// refused fails unless a call is refused so.
func (w *world) refused(method string, params o, code int, description string) reply {
	w.t.Helper()
	r := w.call(method, params)
	if r.status != code || r.body.OK || r.body.Code != code || !strings.Contains(r.body.Description, description) {
		w.t.Errorf("%s %v: %s, not %d %q", method, params, r.raw, code, description)
	}
	return r
}

// send sends a text that has to arrive.
func (w *world) send(chat int64, html string, more ...o) Message {
	w.t.Helper()
	params := o{"chat_id": chat, "text": html, "parse_mode": "HTML"}
	for _, m := range more {
		for k, v := range m {
			params[k] = v
		}
	}
	var sent struct {
		ID int64 `json:"message_id"`
	}
	if err := json.Unmarshal(w.must("sendMessage", params), &sent); err != nil {
		w.t.Fatal(err)
	}
	m, ok := w.Message(chat, sent.ID)
	if !ok {
		w.t.Fatalf("message %d is not there", sent.ID)
	}
	return m
}

type gotUpdate struct {
	ID      int64 `json:"update_id"`
	Message struct {
		ID       int64   `json:"message_id"`
		Text     string  `json:"text"`
		Caption  string  `json:"caption"`
		From     o       `json:"from"`
		Sender   o       `json:"sender_chat"`
		Chat     o       `json:"chat"`
		Thread   int64   `json:"message_thread_id"`
		Topic    bool    `json:"is_topic_message"`
		Origin   o       `json:"forward_origin"`
		Reply    o       `json:"reply_to_message"`
		Document o       `json:"document"`
		MigrateT int64   `json:"migrate_to_chat_id"`
		MigrateF int64   `json:"migrate_from_chat_id"`
		Entities []o     `json:"entities"`
		Date     float64 `json:"date"`
	} `json:"message"`
	Edited  o `json:"edited_message"`
	Post    o `json:"channel_post"`
	Press   o `json:"callback_query"`
	MyState o `json:"my_chat_member"`
}

// updates are those waiting, all confirmed before offset.
func (w *world) updates(offset int64) []gotUpdate {
	w.t.Helper()
	raw := w.must("getUpdates", o{"offset": offset})
	var out []gotUpdate
	if err := json.Unmarshal(raw, &out); err != nil {
		w.t.Fatal(err)
	}
	return out
}

// update is the one that is waiting; it is confirmed.
func (w *world) update() gotUpdate {
	w.t.Helper()
	all := w.updates(0)
	if len(all) != 1 {
		w.t.Fatalf("%d updates", len(all))
	}
	if left := w.updates(all[0].ID + 1); len(left) > 0 {
		w.t.Fatalf("%d updates after confirming", len(left))
	}
	return all[0]
}

func timeout(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// keyboard is an inline keyboard of one row for a call's parameters.
func keyboard(buttons ...o) o {
	row := l{}
	for _, b := range buttons {
		row = append(row, b)
	}
	return o{"reply_markup": o{"inline_keyboard": l{row}}}
}
