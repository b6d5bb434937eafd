package newsroom

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

// wall is a Noticeboard that remembers what was written on it, and a database
// whose broadcast sends so many a second.
type wall struct {
	mu        sync.Mutex
	began     time.Time // of the broadcast; zero: there is none
	all       int
	perSecond int
	down      bool          // the database
	refuse    string        // this editor isn't written to
	slow      time.Duration // every call takes so long
	noEdits   bool
	writes    []write
}

type write struct {
	at     time.Time
	editor string
	edit   bool
	text   string
}

func (w *wall) Report(context.Context) (delivery.Report, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.down {
		return delivery.Report{}, errors.New("database is down")
	}
	if w.began.IsZero() {
		return delivery.Report{}, nil
	}
	sent := min(int(time.Since(w.began).Seconds())*w.perSecond, w.all)
	return delivery.Report{Slot: w.began, At: w.began, Platforms: []delivery.PlatformReport{
		{Platform: "telegram", Sent: sent, Queued: w.all - sent},
	}}, nil
}

func (w *wall) write(ctx context.Context, editor string, edit bool, doc markup.Doc) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(w.slow):
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if editor == w.refuse || edit && w.noEdits {
		return &delivery.Failure{Kind: delivery.Gone, Err: errors.New("blocked")}
	}
	var text []string
	for _, b := range doc.Blocks {
		if paragraph, ok := b.(markup.Paragraph); ok {
			text = append(text, paragraph.Text.String())
		}
	}
	w.writes = append(w.writes, write{time.Now(), editor, edit, strings.Join(text, "\n")})
	return nil
}

func (w *wall) Post(ctx context.Context, person string, doc markup.Doc) (bot.Notice, error) {
	return bot.Notice{Receipt: delivery.Receipt(person)}, w.write(ctx, person, false, doc)
}

func (w *wall) Edit(ctx context.Context, n bot.Notice, doc markup.Doc) error {
	return w.write(ctx, string(n.Receipt), true, doc)
}

// of are the writes to an editor.
func (w *wall) of(editor string) []write {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []write
	for _, x := range w.writes {
		if x.editor == editor {
			list = append(list, x)
		}
	}
	return list
}

func (w *wall) begin(all, perSecond int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.began, w.all, w.perSecond, w.writes = time.Now(), all, perSecond, nil
}

// run runs a Progress for the time of a test, and returns it with its log.
func run(t *testing.T, w *wall) (*Progress, *bytes.Buffer) {
	var log bytes.Buffer
	p := NewProgress(ProgressConfig{
		Reports:  w,
		Boards:   map[digest.Platform]bot.Noticeboard{"telegram": w},
		Editors:  map[digest.Platform][]string{"telegram": {"1", "2"}, "discord": {"3"}},
		Language: digest.Italian,
		Log:      slog.New(slog.NewTextHandler(&log, nil)),
	})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.Run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-done
	})
	return p, &log
}

func TestProgressFollowsABroadcastToItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wall{refuse: "2"}
		p, log := run(t, w)
		time.Sleep(time.Hour)
		w.begin(10_000, 30)
		began := time.Now()
		p.Wake()
		time.Sleep(time.Hour)
		list := w.of("1")
		first, last := list[0], list[len(list)-1]
		if at := first.at.Sub(began); at != time.Minute || first.edit {
			t.Errorf("first shown after %s: %+v", at, first)
		}
		if want := "▓░░░░░░░░░ 18% · 1.800 di 10.000 · circa 5 minuti"; first.text != want {
			t.Errorf("got %q, want %q", first.text, want)
		}
		if at := last.at.Sub(began); at != 340*time.Second || !strings.Contains(last.text, "✅ Consegnato") || !strings.Contains(last.text, "10.000 destinatari su 10.000, in circa 6 minuti") {
			t.Errorf("ended after %s: %s", at, last.text)
		}
		for i, x := range list[1:] {
			if !x.edit || x.at.Sub(list[i].at) < lookEvery {
				t.Errorf("%+v after %s", x, x.at.Sub(list[i].at))
			}
		}
		synctest.Wait()
		if n := strings.Count(log.String(), "isn't shown"); n != 1 || len(w.of("2"))+len(w.of("3")) != 0 {
			t.Errorf("logged %d times: %s", n, log)
		}

		// The next broadcast has a message of its own.
		w.begin(10_000, 30)
		p.Wake()
		time.Sleep(time.Hour)
		if next := w.of("1"); len(next) != len(list) || next[0].edit {
			t.Errorf("the next broadcast: %+v", next)
		}
	})
}

func TestShortBroadcastsAreNotShown(t *testing.T) {
	for name, speed := range map[string][2]int{
		"within a minute": {1000, 30},
		"all but retries": {1_000_000, 16_500}, // 99% in the first minute
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wall{}
				p, _ := run(t, w)
				w.begin(speed[0], speed[1])
				p.Wake()
				time.Sleep(time.Hour)
				if list := w.of("1"); len(list) != 0 {
					t.Errorf("shown: %+v", list)
				}
			})
		})
	}
}

func TestProgressAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wall{}
		w.begin(10_000, 30)
		time.Sleep(100 * time.Second)
		_, _ = run(t, w) // nobody wakes it
		time.Sleep(time.Minute + time.Second)
		if list := w.of("1"); len(list) != 1 {
			t.Errorf("shown %d times", len(list))
		}
	})
}

func TestProgressOutlastsTroubles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wall{slow: time.Hour} // the platform hangs
		p, log := run(t, w)
		w.begin(10_000, 30)
		p.Wake()
		time.Sleep(2 * time.Hour)
		w.mu.Lock()
		w.slow, w.noEdits, w.down = 0, true, true
		w.mu.Unlock()
		w.begin(10_000, 30)
		p.Wake()
		time.Sleep(30 * time.Second)
		w.mu.Lock()
		w.down = false
		w.mu.Unlock()
		time.Sleep(time.Hour)
		synctest.Wait()
		if list := w.of("1"); len(list) != 1 || list[0].edit {
			t.Errorf("%+v", list)
		}
		for text, want := range map[string]int{"can't read": 1, "isn't shown": 4} {
			if got := strings.Count(log.String(), text); got != want {
				t.Errorf("%q logged %d times, want %d:\n%s", text, got, want, log)
			}
		}
	})
}

func TestProgressStopsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wall{slow: time.Hour}
		p := NewProgress(ProgressConfig{
			Reports: w, Boards: map[digest.Platform]bot.Noticeboard{"telegram": w},
			Editors: map[digest.Platform][]string{"telegram": {"1"}}, Language: digest.Italian,
		})
		w.begin(10_000, 30)
		ctx, stop := context.WithTimeout(t.Context(), 61*time.Second) // in the middle of a call
		defer stop()
		began := time.Now()
		p.Run(ctx)
		if took := time.Since(began); took != 61*time.Second {
			t.Errorf("took %s", took)
		}
	})
}
