// Tests of faults: what the client sees and what the server has done.

package discordtest

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestFaults(t *testing.T) {
	w := newWorld(t)
	tests := []struct {
		name      string
		fault     *Fault
		status    int // 0: the request fails
		contains  string
		delivered bool
	}{
		{"json", Failing(403, 50013, "Missing Permissions"), 403, `"code":50013`, false},
		{"html", BadGateway(), 502, "<h1>502", false},
		{"empty 500", &Fault{}, 500, "", false},
		{"accepted 500", &Fault{Accept: true, Status: 503}, 503, "", true},
		{"garbage", Garbage(), 200, "{", true},
		{"truncated", Truncated(), 0, "", true},
		{"429", Limited(1500*time.Millisecond, "shared"), 429, `"retry_after":1.5`, false},
		{"429 global", Limited(time.Second, "global"), 429, `"global":true`, false},
		{"429 edge", LimitedAtEdge(time.Minute), 429, "1015", false},
		{"reset", Reset(), 0, "", false},
		{"reset after", ResetAfter(), 0, "", true},
		{"slow", Slow(time.Microsecond), 200, `"content":"x"`, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := len(w.Messages())
			remove := w.Intercept(Times(1, SendsMessage(w.channel.ID), tt.fault))
			defer remove()
			r, err := w.try("POST", w.messages(w.channel), o{"content": "x", "allowed_mentions": quiet})
			if (err != nil) != (tt.status == 0) || r.status != tt.status || !strings.Contains(r.raw, tt.contains) {
				t.Errorf("%d %s %v", r.status, r.raw, err)
			}
			if got := len(w.Messages()) > before; got != tt.delivered {
				t.Errorf("delivered: %v", got)
			}
			w.post(w.channel, o{"content": "the next one works"})
		})
	}
	if h := tests[7].fault.Header; h.Get("X-RateLimit-Global") != "true" || h.Get("Retry-After") != "1" {
		t.Errorf("%v", h)
	}
	w.clean()
}

func TestHang(t *testing.T) {
	w := newWorld(t)
	w.Intercept(func(Call) *Fault { return Hang() })
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, "GET", w.URL()+"/api/v10/gateway", nil)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		res, err := w.Client().Do(req)
		if err == nil {
			res.Body.Close()
		}
		done <- err
	}()
	if _, err := w.AwaitCall(timeout(t), func(c Call) bool { return c.Path == "/gateway" }); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestCloseFreesHangingRequests(t *testing.T) {
	w := newWorld(t)
	w.Intercept(func(Call) *Fault { return Hang() })
	done := make(chan error, 1)
	go func() {
		_, err := w.try("GET", "/gateway", nil)
		done <- err
	}()
	if _, err := w.AwaitCall(timeout(t), func(Call) bool { return true }); err != nil {
		t.Fatal(err)
	}
	w.Close()
	if err := <-done; err == nil {
		t.Error("answered")
	}
}

func TestLatestInterceptorWins(t *testing.T) {
	w := newWorld(t)
	w.Intercept(func(Call) *Fault { return Failing(500, 1, "first") })
	remove := w.Intercept(func(Call) *Fault { return Failing(500, 2, "second") })
	if r := w.call("GET", "/gateway", nil); r.code() != 2 {
		t.Errorf("%s", r.raw)
	}
	remove()
	if r := w.call("GET", "/gateway", nil); r.code() != 1 {
		t.Errorf("%s", r.raw)
	}
	if c := w.Calls(); len(c) != 2 || c[0].Code != 2 || c[1].Status != 500 || c[1].Seq != 2 {
		t.Errorf("%+v", c)
	}
}

func TestLatency(t *testing.T) {
	w := newWorld(t, WithLatency(20*time.Millisecond))
	begin := time.Now()
	w.call("GET", "/gateway", nil)
	if time.Since(begin) < 20*time.Millisecond {
		t.Error("too fast")
	}
}
