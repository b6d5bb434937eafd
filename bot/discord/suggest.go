// suggest: articles offered while a person types a command's option.

package discord

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/strillone/strillone/bot"
)

// Limits of autocomplete (docs.discord.com, Autocomplete).
const (
	maxChoices = 25
	maxChoice  = 100 // characters of a choice
)

// choiceTime is how long a search may take: a late answer is no answer.
const choiceTime = 2 * time.Second

// suggestions answer a person who is typing.
type suggestions struct {
	Choices []suggestion `json:"choices"`
}

type suggestion struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// suggest offers articles by what was typed so far. What is chosen is an
// article's number.
func (d *desk) suggest(ctx context.Context, i interaction) {
	who, as := i.person()
	at := slices.IndexFunc(i.Data.Options, func(o optionGiven) bool { return o.Focused })
	if who.ID == "" || at < 0 {
		return
	}
	typed, _ := i.Data.Options[at].Value.(string)
	patient, cancel := context.WithTimeout(ctx, choiceTime)
	defer cancel()
	found := d.handler.Find(patient, bot.Query{Actor: actor(who, as, i.Locale), Words: typed, Limit: maxChoices})
	all := suggestions{Choices: []suggestion{}}
	for _, hit := range found.Articles[:min(len(found.Articles), maxChoices)] {
		number := strconv.Itoa(hit.Number)
		all.Choices = append(all.Choices, suggestion{Name: shorten("#"+number+" "+hit.Title, maxChoice), Value: number})
	}
	talk{desk: d, interaction: i}.answer(ctx, answerChoices, all)
}
