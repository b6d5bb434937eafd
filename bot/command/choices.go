// Choices: the commands on topics, the language, the form and the manner of a
// place's digests.

package command

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/command/words"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
	"github.com/strillone/strillone/digest/search"
)

// topicsNamed is how many topics a sentence lists.
const topicsNamed = 12

// topicsOrList is the handler of topics: without words the list for everyone.
func (t *Table) topicsOrList(adjust func(context.Context, request) (bot.Reply, error)) func(context.Context, request) (bot.Reply, error) {
	return func(ctx context.Context, r request) (bot.Reply, error) {
		if r.Args != "" || r.in != "" {
			return adjust(ctx, r)
		}
		reply, err := t.topics(ctx, r)
		if err == nil && r.Kind == bot.Private {
			choose := markup.Action{Label: r.say.Say("settings.title_of." + compose.Topics), Command: "impostazioni " + compose.Topics}
			reply.Doc.Rows = append(reply.Doc.Rows, []markup.Action{choose})
		}
		return reply, err
	}
}

// whichTopics understands which topics are wanted and which aren't. One that no article
// has would be a digest that never comes: it is refused, unless it was chosen
// before.
func (t *Table) whichTopics(ctx context.Context, r request, at place) (change, *markup.Doc, error) {
	named, all, ok := words.Topics(r.Args)
	if !ok {
		return nil, t.misunderstood(compose.Topics, r, at), nil
	}
	known, err := t.Archive.Topics(ctx)
	if err != nil {
		return nil, nil, err
	}
	known = withChosen(known, at.Choice)
	for i, n := range named {
		listed := indexOf(known, n.Name)
		if listed < 0 {
			names := make([]string, 0, topicsNamed)
			for _, k := range known[:min(len(known), topicsNamed)] {
				names = append(names, k.Topic)
			}
			args := locale.Args{"Words": repeated(n.Name), "Topics": strings.Join(names, ", ")}
			doc := at.writer.Misunderstood(compose.Topics, r.say.Say("error.tema", args), at.Panel, r.say)
			return nil, &doc, nil
		}
		named[i].Name = known[listed].Topic // as the list has it
	}
	return func(s *digest.Settings) { s.Choice = chosen(s.Choice, named, all) }, nil, nil
}

// chosen is a choice after the topics named, in the order of the alphabet.
func chosen(c digest.Choice, named []words.Topic, all bool) digest.Choice {
	if all {
		return digest.Choice{}
	}
	only := slices.ContainsFunc(named, func(n words.Topic) bool { return n.Wish == words.Only })
	wanted, muted := slices.Clone(c.Wanted), slices.Clone(c.Muted)
	if only {
		wanted = nil
	}
	for _, n := range named {
		is := func(name string) bool { return search.TopicKey(name) == search.TopicKey(n.Name) }
		wanted, muted = slices.DeleteFunc(wanted, is), slices.DeleteFunc(muted, is)
		switch n.Wish {
		case words.Only, words.Wanted:
			wanted = append(wanted, n.Name)
		case words.Muted:
			muted = append(muted, n.Name)
		case words.Neither:
		}
	}
	slices.Sort(wanted)
	slices.Sort(muted)
	return digest.Choice{Wanted: wanted, Muted: muted}
}

// withChosen are the topics and those of a choice that no article has any more.
func withChosen(topics []search.TopicCount, c digest.Choice) []search.TopicCount {
	all := slices.Clone(topics)
	for _, name := range slices.Concat(c.Wanted, c.Muted) {
		if indexOf(all, name) < 0 {
			all = append(all, search.TopicCount{Topic: name})
		}
	}
	return all
}

// indexOf is where a topic is, however it is spelled.
func indexOf(topics []search.TopicCount, name string) int {
	key := search.TopicKey(name)
	return slices.IndexFunc(topics, func(t search.TopicCount) bool { return search.TopicKey(t.Topic) == key })
}

// page is where the topics' panel goes on after a press: at the topic that was
// pressed.
func (t *Table) page(ctx context.Context, r request, at place) string {
	named, _, ok := words.Topics(r.Args)
	if !ok || len(named) == 0 {
		return ""
	}
	topics, err := t.Archive.Topics(ctx)
	if err != nil {
		return ""
	}
	return strconv.Itoa(max(indexOf(withChosen(topics, at.Choice), named[0].Name), 0))
}

func (t *Table) tongue(_ context.Context, r request, at place) (change, *markup.Doc, error) {
	language, ok := locale.Called(r.Args)
	if !ok {
		var all []string
		for _, l := range locale.Languages() {
			all = append(all, locale.For(l).Say("language.name"))
		}
		return nil, t.misunderstood(compose.Tongue, r, at, locale.Args{"Languages": strings.Join(all, ", ")}), nil
	}
	return func(s *digest.Settings) { s.Language = language }, nil, nil
}

func (t *Table) form(_ context.Context, r request, at place) (change, *markup.Doc, error) {
	form, ok := words.Form(r.Args)
	if !ok {
		return nil, t.misunderstood(compose.Form, r, at), nil
	}
	return func(s *digest.Settings) { s.Form = form }, nil, nil
}

// yesNo makes the understanding of what is on or off.
func (t *Table) yesNo(name string, set func(*digest.Settings, bool)) understanding {
	return func(_ context.Context, r request, at place) (change, *markup.Doc, error) {
		yes, ok := words.Yes(r.Args)
		if !ok {
			return nil, t.misunderstood(name, r, at), nil
		}
		return func(s *digest.Settings) { set(s, yes) }, nil, nil
	}
}

func (t *Table) mention(_ context.Context, r request, at place) (change, *markup.Doc, error) {
	role, ok := words.Role(r.Args)
	if !ok {
		return nil, t.misunderstood(compose.Mention, r, at), nil
	}
	return func(s *digest.Settings) { s.Manner.Mention = role }, nil, nil
}
