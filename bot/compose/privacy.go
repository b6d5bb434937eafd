// Privacy: what is kept of people, in words and as a file.

package compose

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// Privacy says what is kept. Mine adds the buttons to what a person may do about
// it.
func (w Writer) Privacy(mine bool, p *locale.Printer) markup.Doc {
	blocks := []markup.Block{markup.Heading{Level: 1, Text: markup.T(p.Say("privacy.title"))}}
	for _, id := range []string{"kept", "sums", "editors", "ask", "groups"} {
		blocks = append(blocks, markup.Paragraph{Text: markup.T(p.Say("privacy." + id))})
	}
	doc := markup.Doc{Blocks: blocks}
	if mine {
		doc.Rows = [][]markup.Action{{
			{Label: p.Say("privacy.get"), Command: "miei_dati"},
			{Label: p.Say("privacy.forget"), Command: "dimenticami"},
		}}
	}
	return doc
}

// Forget asks whether all that is kept is to be erased, and names it.
func (w Writer) Forget(r digest.Record, p *locale.Printer) markup.Doc {
	var parts []string
	if len(r.Subscriptions) > 0 {
		parts = append(parts, p.Say("privacy.subscription"))
	}
	for _, c := range []struct {
		id string
		n  int
	}{
		{"privacy.deliveries", len(r.Deliveries)},
		{"privacy.saved", len(r.Saved)},
		{"privacy.sent", len(r.Sent)},
		{"privacy.drafts", len(r.Drafts)},
		{"privacy.authored", len(r.Authored)},
		{"privacy.buttons", len(r.Buttons)},
	} {
		if c.n > 0 {
			parts = append(parts, p.Counted(c.id, c.n))
		}
	}
	doc := Say(p.Say("privacy.confirm", locale.Args{"What": p.List(parts)}))
	doc.Rows = [][]markup.Action{{
		{Label: p.Say("privacy.erase"), Command: "dimenticami tutto", Tone: markup.Danger},
		{Label: p.Say("privacy.keep"), Command: "dimenticami no"},
	}}
	return doc
}

// record is a digest.Record as a person reads it. Its names are part of what
// people may build on.
type record struct {
	Person        person         `json:"person"`
	At            time.Time      `json:"written_at"`
	Subscriptions []subscription `json:"subscriptions"`
	Deliveries    []trace        `json:"deliveries"`
	Saved         []saved        `json:"saved_articles"`
	Sent          []digest.Piece `json:"sent_to_newsroom"`
	Drafts        []draft        `json:"drafts"`
	Authored      []int          `json:"published_articles"`
	Buttons       []string       `json:"buttons"`
}

type person struct {
	Platform digest.Platform `json:"platform"`
	ID       string          `json:"id"`
}

type subscription struct {
	Chat     string          `json:"chat"`
	Thread   string          `json:"thread,omitempty"`
	Active   bool            `json:"active"`
	Since    time.Time       `json:"since"`
	Mark     int             `json:"newest_article_received"`
	Language digest.Language `json:"language"`
	Time     string          `json:"time,omitempty"`
	Days     []string        `json:"days,omitempty"`
	Zone     string          `json:"zone,omitempty"`
	Wanted   []string        `json:"topics_wanted,omitempty"`
	Muted    []string        `json:"topics_muted,omitempty"`
	Form     digest.Form     `json:"form,omitempty"`
	Silent   bool            `json:"silent"`
	Previews bool            `json:"link_previews"`
	Paused   *time.Time      `json:"paused_until,omitempty"`
}

type trace struct {
	Digest   int64     `json:"digest"`
	Slot     time.Time `json:"slot"`
	State    string    `json:"state"`
	Reason   string    `json:"reason,omitempty"`
	Messages []string  `json:"messages,omitempty"`
}

type saved struct {
	Number int       `json:"number"`
	Title  string    `json:"title"`
	At     time.Time `json:"saved_at"`
}

type draft struct {
	ID      int64          `json:"id"`
	At      time.Time      `json:"sent_at"`
	Content digest.Content `json:"content"`
}

// RecordFile is all that is kept of a person, as JSON.
func RecordFile(who digest.Person, r digest.Record, at time.Time) ([]byte, error) {
	out := record{
		Person:        person(who),
		At:            at.UTC(),
		Subscriptions: make([]subscription, 0, len(r.Subscriptions)),
		Deliveries:    make([]trace, 0, len(r.Deliveries)),
		Saved:         make([]saved, 0, len(r.Saved)),
		Sent:          append([]digest.Piece{}, r.Sent...),
		Drafts:        make([]draft, 0, len(r.Drafts)),
		Authored:      append([]int{}, r.Authored...),
		Buttons:       append([]string{}, r.Buttons...),
	}
	for _, s := range r.Subscriptions {
		out.Subscriptions = append(out.Subscriptions, subscriptionRecord(s))
	}
	for _, d := range r.Deliveries {
		out.Deliveries = append(out.Deliveries, trace(d))
	}
	for _, s := range r.Saved {
		out.Saved = append(out.Saved, saved(s))
	}
	for _, a := range r.Drafts {
		out.Drafts = append(out.Drafts, draft{ID: a.ID, At: a.CreatedAt, Content: a.Content})
	}
	return json.MarshalIndent(out, "", "  ")
}

func subscriptionRecord(s digest.Subscription) subscription {
	out := subscription{
		Chat: s.Destination.Chat, Thread: s.Destination.Thread, Active: s.Active, Since: s.CreatedAt, Mark: s.Mark,
		Language: s.Language, Wanted: s.Choice.Wanted, Muted: s.Choice.Muted, Form: s.Form,
		Silent: s.Manner.Silent, Previews: !s.Manner.NoPreviews,
	}
	if s.Schedule.Own() {
		out.Time, out.Zone = hour(s.Schedule.Hour, s.Schedule.Minute), s.Schedule.Zone
		for _, d := range week {
			if s.Schedule.Days.Has(d) {
				out.Days = append(out.Days, strings.ToLower(d.String()))
			}
		}
	}
	if !s.PausedUntil.IsZero() {
		until := s.PausedUntil
		out.Paused = &until
	}
	return out
}
