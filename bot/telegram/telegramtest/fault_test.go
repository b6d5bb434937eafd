// Tests of faults and rates: what the client sees and what the server has done.

package telegramtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
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
		{"error", Failing(403, "Forbidden: bot was blocked by the user"), 403, `"error_code":403`, false},
		{"429", Limited(7), 429, `"retry_after":7`, false},
		{"html", BadGateway(), 502, "<h1>502", false},
		{"empty 500", &Fault{}, 500, "", false},
		{"accepted 503", &Fault{Accept: true, Status: 503}, 503, "", true},
		{"garbage", Garbage(), 200, "{", true},
		{"truncated", Truncated(), 0, "", true},
		{"reset", Reset(), 0, "", false},
		{"reset after", ResetAfter(), 0, "", true},
		{"slow", Slow(time.Microsecond), 200, `"text":"x"`, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := len(w.Messages())
			remove := w.Intercept(Times(1, SendsTo(w.ada), tt.fault))
			defer remove()
			r, err := w.try(t.Context(), "sendMessage", o{"chat_id": w.ada, "text": "x"})
			if (err != nil) != (tt.status == 0) || r.status != tt.status || !strings.Contains(r.raw, tt.contains) {
				t.Errorf("%d %s %v", r.status, r.raw, err)
			}
			if got := len(w.Messages()) > before; got != tt.delivered {
				t.Errorf("delivered: %v", got)
			}
			w.send(w.ada, "the next one works")
		})
	}
	if c := w.Calls()[0]; c.Status != 403 || c.Description != "Forbidden: bot was blocked by the user" || c.Seq != 1 || !c.Done {
		t.Errorf("%+v", c)
	}
	w.clean()
}

func TestHang(t *testing.T) {
	for _, tt := range []struct {
		fault     *Fault
		delivered int
	}{{Hang(), 0}, {HangAfter(), 1}} {
		w := newWorld(t)
		w.Intercept(func(Call) *Fault { return tt.fault })
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			_, err := w.try(ctx, "sendMessage", o{"chat_id": w.ada, "text": "x"})
			done <- err
		}()
		if _, err := w.AwaitCall(timeout(t), Method("sendMessage")); err != nil {
			t.Fatal(err)
		}
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) || len(w.Messages()) != tt.delivered {
			t.Errorf("%v, %d messages", err, len(w.Messages()))
		}
	}
}

func TestCloseFreesHangingRequests(t *testing.T) {
	w := newWorld(t)
	w.Intercept(func(Call) *Fault { return Hang() })
	done := make(chan error, 1)
	go func() {
		_, err := w.try(context.Background(), "getMe", nil)
		done <- err
	}()
	if _, err := w.AwaitCall(timeout(t), Method("getMe")); err != nil {
		t.Fatal(err)
	}
	w.Close()
	if err := <-done; err == nil {
		t.Error("answered")
	}
	w.Close()
}

func TestLatestInterceptorWins(t *testing.T) {
	w := newWorld(t)
	w.Intercept(func(Call) *Fault { return Failing(500, "first") })
	remove := w.Intercept(func(Call) *Fault { return Failing(500, "second") })
	w.refused("getMe", nil, 500, "second")
	remove()
	w.refused("getMe", nil, 500, "first")
}

func TestToken(t *testing.T) {
	w := newWorld(t)
	if !tokenForm.MatchString(Token) {
		t.Error("the default token doesn't look like one")
	}
	for token, want := range map[string]int{
		strings.Replace(Token, "1", "2", 1): 401, "nonsense": 404, "": 404,
	} {
		r, err := http.NewRequestWithContext(t.Context(), "GET", w.URL()+"/bot"+token+"/getMe", nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := w.do(r); err != nil || got.status != want || got.body.Code != want {
			t.Errorf("%q: %s %v", token, got.raw, err)
		}
	}
	for _, c := range w.Calls() {
		if strings.Contains(fmt.Sprintf("%s %v", c.Method, c.Params), Token) {
			t.Errorf("%+v", c)
		}
	}
	own := newWorld(t, WithToken("123:abc"), WithUsername("OwnBot"))
	r, _ := http.NewRequestWithContext(t.Context(), "GET", own.URL()+"/bot123:abc/getMe", nil)
	if got, err := own.do(r); err != nil || !strings.Contains(got.raw, `"id":123`) || !strings.Contains(got.raw, "OwnBot") {
		t.Errorf("%s %v", got.raw, err)
	}
}

func TestAddress(t *testing.T) {
	first := New(&recorder{})
	address := strings.TrimPrefix(first.URL(), "http://")
	first.Close()
	s := New(&recorder{}, WithAddress(address))
	defer s.Close()
	if s.URL() != "http://"+address {
		t.Error(s.URL())
	}
}

func TestLatency(t *testing.T) {
	w := newWorld(t, WithLatency(20*time.Millisecond))
	begin := time.Now()
	w.must("getMe", nil)
	if time.Since(begin) < 20*time.Millisecond {
		t.Error("too fast")
	}
}

func TestRates(t *testing.T) {
	var passed atomic.Int64
	start := time.Unix(1_800_000_000, 0)
	rates := DefaultRates
	rates.Group = 3
	w := newWorld(t, WithRates(rates), WithClock(func() time.Time { return start.Add(time.Duration(passed.Load())) }))
	limited := func(chat int64, after int) {
		t.Helper()
		if r := w.refused("sendMessage", o{"chat_id": chat, "text": "x"}, 429, fmt.Sprintf("Too Many Requests: retry after %d", after)); r.body.Parameters.RetryAfter != after {
			t.Errorf("%s", r.raw)
		}
	}
	w.send(w.ada, "x")
	limited(w.ada, 1)
	passed.Add(int64(999 * time.Millisecond))
	limited(w.ada, 1)
	passed.Add(int64(time.Millisecond))
	w.send(w.ada, "x")

	passed.Add(int64(time.Hour))
	for id := range int64(30) {
		w.send(w.AddPrivate(1000+id, "P", "it"), "x")
	}
	limited(w.ada, 1)
	w.must("getMe", nil) // only messages are limited
	for range 3 {
		passed.Add(int64(time.Second))
		w.send(w.club, "x")
	}
	passed.Add(int64(time.Second))
	limited(w.club, 57)
	w.clean()
}
