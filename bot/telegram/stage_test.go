// The adapter on stage: whole conversations with telegramtest, which checks
// every request against the Bot API's description and limits.

package telegram

import (
	"context"
	"log/slog"
	"maps"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

const (
	adaID   = 42
	bobID   = 43
	groupID = -1001234567890
)

// stage is a Telegram with Ada and a forum that she runs and Bob is in.
type stage struct {
	*telegramtest.Server
	t    *testing.T
	a    *Adapter
	h    *answers
	kept *drawer
}

func newStage(t *testing.T, h *answers, opts ...telegramtest.Option) *stage {
	s := &stage{Server: telegramtest.New(t, opts...), t: t, h: h, kept: &drawer{lines: make(map[string]string)}}
	t.Cleanup(s.Close)
	s.AddPrivate(adaID, "Ada", "it")
	s.AddGroup(groupID, "Redazione", adaID)
	s.AddTopic(groupID, 9)
	s.SetMember(groupID, bobID, "member")
	s.remake(HTML)
	return s
}

// remake makes the adapter anew, as after a restart; what buttons stand for is
// kept.
func (s *stage) remake(format Format) {
	transport := newTransport(0)
	s.t.Cleanup(transport.CloseIdleConnections)
	s.a = New(Config{
		Token: telegramtest.Token, APIURL: s.URL(), Transport: transport, Log: slog.New(slog.DiscardHandler), Format: format,
		Buttons:     bot.NewButtons(s.kept, []byte("the key of the tests")),
		PollTimeout: time.Second, Backoff: time.Millisecond, Editors: []string{strconv.Itoa(adaID), "99"},
		Now: func() time.Time { return time.Now().Add(time.Duration(s.kept.later.Load())) },
	})
}

// drawer keeps what buttons stand for, in memory.
type drawer struct {
	mu    sync.Mutex
	lines map[string]string
	later atomic.Int64 // how far the adapter's clock is ahead
}

func (d *drawer) SaveButtons(_ context.Context, lines map[string]string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	maps.Copy(d.lines, lines)
	return nil
}

func (d *drawer) Button(_ context.Context, id string) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if line, ok := d.lines[id]; ok {
		return line, nil
	}
	return "", &digest.Error{Code: digest.NotFound}
}

// play runs the adapter until the test ends.
func play(t *testing.T, h *answers, opts ...telegramtest.Option) *stage {
	s := newStage(t, h, opts...)
	s.run()
	return s
}

// run runs the adapter until the test ends, or the function it returns is called.
func (s *stage) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.a.Run(ctx, s.h) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			s.t.Errorf("Run: %v", err)
		}
	})
	s.t.Cleanup(stop)
	return stop
}

// expect waits for one of the bot's messages.
func (s *stage) expect(ok func(telegramtest.Message) bool) telegramtest.Message {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patient)
	defer cancel()
	m, err := s.Await(ctx, ok)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

// settle waits until every update was handled.
func (s *stage) settle() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patient)
	defer cancel()
	if err := s.AwaitConfirmed(ctx); err != nil {
		s.t.Fatal(err)
	}
}

// press presses a button of a message and waits for the answer.
func (s *stage) press(user int64, m telegramtest.Message, label string) telegramtest.Answer {
	s.t.Helper()
	b, ok := m.Button(label)
	if !ok {
		s.t.Fatalf("no button %q under %q: %v", label, m.Text, m.Buttons)
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), patient)
	defer cancel()
	answer, err := s.Press(user, m, b.Data).Answer(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer
}

// newsroom answers like a bot that has what the documents of render_test name.
func newsroom() *answers {
	return &answers{menu: menu, command: func(r bot.Request) bot.Reply {
		switch r.Command {
		case "digest":
			return bot.Reply{Doc: digestDoc(6)}
		case "leggi":
			return bot.Reply{Doc: documents["card"]}
		case "abstract":
			return bot.Reply{Doc: documents["abstract"], Replace: true, Notice: "Ecco"}
		case "lungo":
			return say(strings.Repeat("Una frase & una <parola>. ", 900))
		case "amministra":
			ok, err := r.Administers(context.Background())
			return say(strconv.FormatBool(ok) + " " + strconv.FormatBool(err == nil))
		}
		return say("non capisco " + r.Command)
	}}
}

func TestConversation(t *testing.T) {
	s := play(t, newsroom())
	s.Say(adaID, adaID, "/digest")
	m := s.expect(telegramtest.In(adaID, "6 articoli nuovi"))
	if answer := s.press(adaID, m, "14"); answer != (telegramtest.Answer{}) {
		t.Errorf("answer %v", answer)
	}
	card := s.expect(telegramtest.In(adaID, "<b>tutto</b>"))
	if answer := s.press(adaID, card, "🧭 Abstract"); answer.Text != "Ecco" {
		t.Errorf("answer %v", answer)
	}
	edited := s.expect(func(m telegramtest.Message) bool { return m.ID == card.ID && m.Edits == 1 })
	if !strings.Contains(edited.Text, "Il testo dell'abstract.") {
		t.Errorf("edited to %q", edited.Text)
	}
	s.press(adaID, edited, "← Articolo")
	s.Say(adaID, adaID, "/lungo")
	s.expect(telegramtest.In(adaID, "Una frase"))
}

func TestConversationInAGroup(t *testing.T) {
	s := play(t, newsroom())
	asked := s.Say(groupID, bobID, "/digest@"+telegramtest.Username, telegramtest.InTopic(9))
	m := s.expect(telegramtest.In(groupID, "6 articoli nuovi"))
	if m.ReplyTo != asked.ID || m.Thread != 9 {
		t.Errorf("in thread %d, replies to %d", m.Thread, m.ReplyTo)
	}
	if answer := s.press(bobID, m, "14"); answer.URL != "https://t.me/"+telegramtest.Username+"?start=a14" {
		t.Errorf("answer %v", answer)
	}
	s.Say(groupID, bobID, "/abstract", telegramtest.ReplyTo(m))
	s.expect(telegramtest.In(groupID, "Abstract di #14"))
	quoted := s.h.commands[len(s.h.commands)-1].Quoted
	want := []string{"leggi 16", "leggi 15", "leggi 14", "leggi 13", "leggi 12", "leggi 11", "abstract", "fonti", "consigli"}
	if diff := cmp.Diff(want, quoted); diff != "" {
		t.Error(diff)
	}
}

func TestAdministersOnStage(t *testing.T) {
	s := play(t, newsroom())
	for _, step := range []struct {
		user int64
		opts []telegramtest.SayOption
		want string
	}{
		{adaID, nil, "true true"},
		{bobID, nil, "false true"},
		{adaID, []telegramtest.SayOption{telegramtest.AsAnonymousAdmin()}, "true true"},
	} {
		asked := s.Say(groupID, step.user, "/amministra", step.opts...)
		got := s.expect(func(m telegramtest.Message) bool { return m.ReplyTo == asked.ID })
		if got.Text != step.want {
			t.Errorf("user %d, %d options: %s", step.user, len(step.opts), got.Text)
		}
	}
}

func TestSubmissionOnStage(t *testing.T) {
	s := play(t, newsroom())
	s.h.text = func(x bot.Text) bot.Reply { return say("ricevuto") }
	s.Say(adaID, adaID, "Un 👍 titolo e una fonte", telegramtest.Styled("titolo", "bold"), telegramtest.Linked("fonte", "https://example.com/a"))
	s.expect(telegramtest.In(adaID, "ricevuto"))
	want := markup.Text{{Text: "Un 👍 "}, {Text: "titolo", Style: markup.Bold}, {Text: " e una "}, {Text: "fonte", URL: "https://example.com/a"}}
	if diff := cmp.Diff(want, s.h.texts[0].Submission.Text); diff != "" {
		t.Error(diff)
	}
}

func TestMenuOnStage(t *testing.T) {
	s := play(t, newsroom())
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	editor := func(c telegramtest.Call) bool {
		return c.Method == "setMyCommands" && strings.Contains(c.Get("scope"), "99")
	}
	if _, err := s.AwaitCall(ctx, editor); err != nil { // the last, an editor who never wrote
		t.Fatal(err)
	}
	want := []telegramtest.Command{{Name: "latest", Description: "The latest articles"}, {Name: "disiscrivi", Description: "Basta"}, {Name: "bozze", Description: "Le bozze"}}
	if diff := cmp.Diff(want, s.Commands("chat:42", "en")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]telegramtest.Command{{Name: "ultimi", Description: "Gli ultimi articoli"}}, s.Commands("all_group_chats", "")); diff != "" {
		t.Error(diff)
	}
}

func TestRedeliveryOnStage(t *testing.T) {
	s := play(t, newsroom(), telegramtest.Redeliver(3))
	s.Say(adaID, adaID, "/digest")
	s.expect(telegramtest.In(adaID, "6 articoli nuovi"))
	s.Say(adaID, adaID, "/lungo")
	s.expect(telegramtest.In(adaID, "Una frase"))
	n := 0
	for _, m := range s.Messages() {
		if strings.Contains(m.Text, "6 articoli nuovi") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d digests", n)
	}
}

// Every document of render_test passes the server's checks.
func TestSendDocuments(t *testing.T) {
	s := newStage(t, nil)
	for name, doc := range documents {
		parts, err := s.a.Render(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range parts {
			receipt, err := s.a.Send(t.Context(), delivery.Message{To: digest.Destination{Platform: Platform, Chat: "42"}, Part: part, Key: "key"})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			id, _ := strconv.ParseInt(string(receipt), 10, 64)
			if _, ok := s.Message(adaID, id); !ok {
				t.Errorf("%s: receipt %q is no message", name, receipt)
			}
		}
	}
}

func TestSendToThreads(t *testing.T) {
	s := newStage(t, nil)
	for thread, want := range map[string]int64{"": 0, "1": 0, "9": 9} {
		receipt, err := s.a.Send(t.Context(), delivery.Message{To: digest.Destination{Platform: Platform, Chat: strconv.Itoa(groupID), Thread: thread}, Part: somePart, Key: "key"})
		if err != nil {
			t.Fatal(err)
		}
		id, _ := strconv.ParseInt(string(receipt), 10, 64)
		if m, _ := s.Message(groupID, id); m.Thread != want {
			t.Errorf("thread %q: sent to %d", thread, m.Thread)
		}
	}
}

func TestSendToPlacesThatChanged(t *testing.T) {
	const newID = -1009999999999
	for name, test := range map[string]struct {
		change func(*stage)
		kind   delivery.Kind
		chat   int64 // where a moved one is
	}{
		"kicked":        {func(s *stage) { s.Kick(groupID) }, delivery.Gone, 0},
		"muted":         {func(s *stage) { s.Mute(groupID) }, delivery.AccessLost, 0},
		"closed topic":  {func(s *stage) { s.CloseTopic(groupID, 9) }, delivery.AccessLost, 0},
		"deleted topic": {func(s *stage) { s.DeleteTopic(groupID, 9) }, delivery.Moved, groupID},
		"refused":       {func(s *stage) { s.Refuse(groupID, 400, "Bad Request: CHAT_WRITE_FORBIDDEN") }, delivery.AccessLost, 0},
		"migrated":      {func(s *stage) { s.Migrate(groupID, newID) }, delivery.Moved, newID},
	} {
		s := newStage(t, nil)
		test.change(s)
		_, err := s.a.Send(t.Context(), delivery.Message{To: digest.Destination{Platform: Platform, Chat: strconv.Itoa(groupID), Thread: "9"}, Part: somePart, Key: "key"})
		f := delivery.FailureOf(err)
		if f.Kind != test.kind || f.Doubt {
			t.Errorf("%s: %v", name, err)
		}
		want := digest.Destination{Platform: Platform, Chat: strconv.FormatInt(test.chat, 10)}
		if test.kind == delivery.Moved && (f.MovedTo == nil || *f.MovedTo != want) {
			t.Errorf("%s: moved to %v", name, f.MovedTo)
		}
	}
	for name, change := range map[string]func(*stage){
		"blocked":     func(s *stage) { s.Block(adaID) },
		"deactivated": func(s *stage) { s.Deactivate(adaID) },
	} {
		s := newStage(t, nil)
		change(s)
		if _, err := s.a.Send(t.Context(), delivery.Message{To: somewhere, Part: somePart, Key: "key"}); delivery.FailureOf(err).Kind != delivery.Gone {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever leaves it open whether a message arrived leaves doubt.
func TestSendFaults(t *testing.T) {
	for name, test := range map[string]struct {
		fault *telegramtest.Fault
		kind  delivery.Kind
		doubt bool
	}{
		"bad gateway": {telegramtest.BadGateway(), delivery.Transient, true},
		"garbage":     {telegramtest.Garbage(), delivery.Transient, true},
		"truncated":   {telegramtest.Truncated(), delivery.Transient, true},
		"reset":       {telegramtest.Reset(), delivery.Transient, true},
		"reset after": {telegramtest.ResetAfter(), delivery.Transient, true},
		"hang":        {telegramtest.Hang(), delivery.Transient, true},
		"limited":     {telegramtest.Limited(77), delivery.RateLimited, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, nil)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			s.Intercept(func(c telegramtest.Call) *telegramtest.Fault {
				if name == "hang" {
					time.AfterFunc(50*time.Millisecond, cancel)
				}
				return test.fault
			})
			_, err := s.a.Send(ctx, delivery.Message{To: somewhere, Part: somePart, Key: "key"})
			f := delivery.FailureOf(err)
			if f.Kind != test.kind || f.Doubt != test.doubt {
				t.Errorf("%v", err)
			}
			if strings.Contains(err.Error(), telegramtest.Token[11:]) {
				t.Errorf("the token is in %v", err)
			}
		})
	}
}

// A slow answer is an answer.
func TestSendSlowly(t *testing.T) {
	s := newStage(t, nil)
	s.Intercept(telegramtest.Times(1, telegramtest.Method("sendMessage"), telegramtest.Slow(time.Millisecond)))
	if _, err := s.a.Send(t.Context(), delivery.Message{To: somewhere, Part: somePart, Key: "key"}); err != nil {
		t.Error(err)
	}
}

// People are answered through a storm of faults.
func TestStorm(t *testing.T) {
	s := newStage(t, newsroom())
	faults := []*telegramtest.Fault{telegramtest.BadGateway(), telegramtest.Reset(), telegramtest.Garbage(), telegramtest.Truncated(), telegramtest.ResetAfter()}
	var n atomic.Int64
	s.Intercept(func(c telegramtest.Call) *telegramtest.Fault {
		i := int(n.Add(1))
		if c.Sends() || i%3 == 0 {
			return nil
		}
		return faults[i%len(faults)]
	})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.a.Run(ctx, s.h) }()
	for range 5 {
		s.Say(adaID, adaID, "/digest")
	}
	for n := range 5 {
		s.expect(func(telegramtest.Message) bool { return len(s.Messages()) > n })
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if n := len(s.Messages()); n != 5 {
		t.Errorf("%d messages for 5 questions", n)
	}
}
