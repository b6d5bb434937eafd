package command

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

const everybody = "srazofe"

// situation is a place as a request comes from it.
type situation struct {
	place   digest.Destination
	kind    bot.Kind
	in      string             // what ends a line that is about another place
	managed digest.Destination // which one that is
}

var situations = map[string]situation{
	"private": {place: digest.Destination{Platform: "telegram", Chat: "1"}, kind: bot.Private},
	"group":   {place: digest.Destination{Platform: "telegram", Chat: "-100"}, kind: bot.Shared},
	"topic":   {place: digest.Destination{Platform: "telegram", Chat: "-100", Thread: "7"}, kind: bot.Shared},
	"channel": {
		place: digest.Destination{Platform: "telegram", Chat: "1"}, kind: bot.Private,
		in: " in:-1001", managed: digest.Destination{Platform: "telegram", Chat: "-1001"},
	},
	"server": {place: digest.Destination{Platform: "discord", Chat: "500"}, kind: bot.Shared},
	"thread": {place: digest.Destination{Platform: "discord", Chat: "501"}, kind: bot.Shared},
	"dm":     {place: digest.Destination{Platform: "discord", Chat: "900"}, kind: bot.Private},
	"app":    {place: digest.Destination{Platform: "discord", Chat: "901"}, kind: bot.Private},
}

// rule is who may use a line, by place.
type rule struct {
	line    string
	allowed map[string]string
}

// rules reads testdata/access.txt.
func rules(t *testing.T) []rule {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", "access.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var all []rule
	var places map[string]string
	for line := range strings.Lines(string(content)) {
		line = strings.TrimRight(line, "\n")
		switch {
		case line == "" || line[0] == '#':
		case line[0] == ' ':
			all = append(all, rule{strings.TrimSpace(line), places})
		default:
			places = make(map[string]string)
			for _, field := range strings.Fields(line) {
				place, who, _ := strings.Cut(field, "=")
				places[place] = who
			}
			if !slices.Equal(slices.Sorted(maps.Keys(places)), slices.Sorted(maps.Keys(situations))) {
				t.Fatalf("%s: the places are %v", line, slices.Sorted(maps.Keys(situations)))
			}
		}
	}
	return all
}

// Every command and button × every role × every place, typed and pressed; what
// isn't listed is refused, and changes nothing.
func TestAccess(t *testing.T) {
	tab, s := subscribed(t)
	fresh := *s
	for _, r := range rules(t) {
		for name, where := range situations {
			allowed := r.allowed[name]
			if allowed == "." {
				if row := tab.byName[strings.Fields(r.line)[0]]; row.access == administrators {
					t.Errorf("/%s takes a place", r.line)
				}
				continue
			}
			for _, role := range everybody {
				if role == 'z' && name != "group" && name != "topic" {
					continue // there is no such person
				}
				for _, pressed := range []bool{false, true} {
					may := strings.ContainsRune(allowed, role)
					*s = fresh
					s.subscribed, s.ended = make(map[digest.Destination]digest.Settings), make(map[digest.Destination]digest.Subscription)
					tab.Readers, tab.flood = newKept(s), newFlood(asking, tab.Now)
					if wrong := tries(t, tab, s, r.line, where, role, pressed, may); wrong != "" {
						t.Errorf("%q in %s by %c (pressed %v): %s", r.line, name, role, pressed, wrong)
					}
				}
			}
		}
	}
}

// tries has somebody try a line, and says what is wrong with what comes of it.
func tries(t *testing.T, tab *Table, s *shelf, line string, where situation, role rune, pressed, may bool) string {
	for _, w := range situations {
		s.subscribed[w.place] = digest.Settings{Language: digest.Italian}
		if w.in != "" {
			s.subscribed[w.managed] = digest.Settings{Language: digest.Italian}
		}
	}
	if role == 's' {
		delete(s.subscribed, where.place)
		delete(s.subscribed, where.managed)
	}
	s.record = digest.Record{Authored: []int{1}}
	tab.Editors = map[digest.Platform][]string{"telegram": {"7"}, "discord": {"7"}}
	r := ask(line + where.in)
	r.Place, r.Kind, r.Pressed = where.place, where.kind, pressed
	r.Actor = bot.Actor{Platform: where.place.Platform, ID: "1", Language: "it"}
	switch role {
	case 'e':
		r.Actor.ID = "7"
	case 'f':
		r.Actor.ID = "8"
	case 'z':
		r.Actor.ID, r.Actor.Anonymous = "1087968824", true
	}
	r.Administers = func(context.Context) (bool, error) { return role == 'a' || role == 'z', nil }
	r.AdministersIn = func(_ context.Context, to digest.Destination) (bool, error) {
		return role == 'a' && to == where.managed || role == 'o' && to.Chat == "-1009", nil
	}
	before := fmt.Sprint(s.subscribed, s.published, s.forgotten, s.ended, tab.Readers.(*kept).saved, tab.Readers.(*kept).sums)
	reply := tab.Command(t.Context(), r)
	if refused := isRefusal(reply); refused == may {
		return fmt.Sprintf("allowed %v, want %v: %s%s", !refused, may, text(reply.Doc), reply.Notice)
	}
	after := fmt.Sprint(s.subscribed, s.published, s.forgotten, s.ended, tab.Readers.(*kept).saved, tab.Readers.(*kept).sums)
	if !may && before != after {
		return "refused, and yet: " + cmp.Diff(before, after)
	}
	return ""
}

// isRefusal says whether a reply is one of those that nothing was done for.
func isRefusal(r bot.Reply) bool {
	said := r.Notice
	for _, b := range r.Doc.Blocks {
		if p, ok := b.(markup.Paragraph); ok {
			said += p.Text.String()
		}
	}
	if said == "" && r.Empty() {
		return true
	}
	p := locale.For(digest.Italian)
	for _, id := range []string{
		"error.not_allowed_manage", "error.not_allowed_there", "error.not_allowed_editor", "error.unknown_manage", "error.private_only", "error.stale",
	} {
		if said == p.Say(id) {
			return true
		}
	}
	return strings.HasPrefix(said, "Non conosco il comando")
}

// shape is a command line without what its words say.
func shape(line string) string {
	name, args, _ := strings.Cut(elsewhere.ReplaceAllString(line, ""), " ")
	if args != "" {
		name += " …"
	}
	return name
}

// No command is without a rule, and no button that a document offers.
func TestEveryCommandAndButtonHasARule(t *testing.T) {
	listed := make(map[string]bool)
	for _, r := range rules(t) {
		listed[shape(r.line)] = true
	}
	tab, _ := table(t)
	for _, row := range tab.commands {
		if !listed[row.name] && !listed[row.name+" …"] {
			t.Errorf("/%s has no rule in testdata/access.txt", row.name)
		}
	}
	offered := make(map[string]string)
	for _, r := range rules(t) {
		for _, where := range situations {
			tab, s := subscribed(t)
			s.record = digest.Record{Authored: []int{1}}
			s.subscribed[where.managed] = digest.Settings{Language: digest.Italian}
			q := ask(r.line + where.in)
			q.Place, q.Kind, q.Actor.Platform, q.Actor.ID = where.place, where.kind, where.place.Platform, "7"
			q.Administers = func(context.Context) (bool, error) { return true, nil }
			q.AdministersIn = func(context.Context, digest.Destination) (bool, error) { return true, nil }
			for _, line := range tab.Command(t.Context(), q).Doc.Commands() {
				offered[shape(line)] = line
			}
		}
	}
	if len(offered) < 20 {
		t.Fatalf("only %v are offered", offered)
	}
	for shape, line := range offered {
		if !listed[shape] {
			t.Errorf("the button %q has no rule in testdata/access.txt", line)
		}
	}
}
