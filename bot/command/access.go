// Access: who may use a command, and in which place.

package command

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
)

// The words of a command on another place than the one it is sent in end in
// in:<chat> or in:<chat>/<thread>, or begin with it: what a button asks for comes
// at the end of its line.
var (
	elsewhere = regexp.MustCompile(`(?:^|\s+)` + another + `$`)
	aside     = regexp.MustCompile(`^` + another + `(?:\s+|$)`)
)

const another = `in:([^\s/]{1,64})(?:/([^\s/]{1,64}))?`

func (t *Table) request(ctx context.Context, r bot.Request) request {
	return request{
		Request: r,
		say:     locale.For(t.spoken(ctx, r)),
		editor:  t.edits(r.Actor),
		at:      r.Place,
	}
}

func (t *Table) edits(a bot.Actor) bool { return slices.Contains(t.Editors[a.Platform], a.ID) }

// spoken is the language a person reads: the one that was chosen in their
// private place, else their platform's.
func (t *Table) spoken(ctx context.Context, r bot.Request) digest.Language {
	if r.Kind == bot.Private {
		if sub, err := t.Subscriptions.Subscription(ctx, r.Place); err == nil && sub.Language != "" {
			return sub.Language
		}
	}
	return locale.Match(r.Actor.Language, t.Language)
}

// run lets the command answer those who may use it.
func (t *Table) run(ctx context.Context, row *command, r request) (bot.Reply, error) {
	r.row = row
	allowed := row.access
	if allowed == administrators {
		r = r.elsewhere()
		if row.bare != nobody && r.Args == "" && r.in == "" {
			allowed = row.bare
		}
	}
	if row.private && r.Kind != bot.Private {
		return r.deny("error.private_only"), nil
	}
	switch allowed {
	case anyone:
		return row.handle(ctx, r)
	case administrators:
		may, err := administers(ctx, r)
		if err != nil {
			t.Log.Warn("a platform doesn't tell who administers a place", "platform", string(r.Actor.Platform), "chat", r.at.Chat, "error", err)
			return r.deny("error.unknown_manage"), nil
		}
		if may {
			return row.handle(ctx, r)
		}
		if r.in != "" {
			return r.deny("error.not_allowed_there"), nil
		}
		return r.deny("error.not_allowed_manage"), nil
	case editors:
		if r.editor {
			return row.handle(ctx, r)
		}
		return r.deny("error.not_allowed_editor"), nil
	}
	return bot.Reply{}, &digest.Error{Code: digest.NotAllowed}
}

// elsewhere is the request about the place that its words name.
func (r request) elsewhere() request {
	m := aside.FindStringSubmatchIndex(r.Args)
	if m == nil {
		m = elsewhere.FindStringSubmatchIndex(r.Args)
	}
	if m == nil {
		return r
	}
	at := digest.Destination{Platform: r.Place.Platform, Chat: r.Args[m[2]:m[3]]}
	if m[4] >= 0 {
		at.Thread = r.Args[m[4]:m[5]]
	}
	r.Args = strings.TrimSpace(r.Args[:m[0]] + r.Args[m[1]:])
	if at != r.Place {
		r.at, r.in = at, inOf(at)
	}
	return r
}

// administers says whether the actor administers the place asked about.
func administers(ctx context.Context, r request) (bool, error) {
	switch {
	case r.in != "":
		if r.AdministersIn == nil {
			return false, nil
		}
		return r.AdministersIn(ctx, r.at)
	case r.Kind == bot.Private:
		return true, nil
	case r.Administers == nil:
		return false, nil
	}
	return r.Administers(ctx)
}

// deny is a refusal for the asker alone: after a press, as a notice, so that what
// others read stays as it is.
func (r request) deny(id string) bot.Reply {
	if r.Pressed {
		return bot.Reply{Notice: r.say.Say(id), Personal: true}
	}
	return refuse(r.say.Say(id))
}

// private says whether the place asked about is one person's.
func (r request) private() bool { return r.Kind == bot.Private && r.in == "" }
