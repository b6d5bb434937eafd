// Discord's side of the stage.

package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/strillone/strillone/bot/discord/discordtest"
)

// member speaks in one channel of Discord.
type member struct {
	server  *discordtest.Server
	screen  *screen
	channel discordtest.Channel
	user    discordtest.User
}

func discordStage(s *screen) (*discordtest.Server, map[string]voice) {
	server := discordtest.New(s)
	manager := server.AddUser(discordtest.User{Username: "direttrice", Locale: "it"})
	reader := server.AddUser(discordtest.User{Username: "reader", Locale: "en-GB"})
	guild := server.AddGuild(discordtest.Guild{Name: "Redazione"})
	channel := server.AddChannel(discordtest.Channel{GuildID: guild.ID, Name: "notizie"})
	server.AddMember(guild.ID, manager, discordtest.PermissionsMember|discordtest.PermissionManageGuild)
	server.AddMember(guild.ID, reader, discordtest.PermissionsMember)
	return server, map[string]voice{
		"manager": &member{server, s, channel, manager},
		"member":  &member{server, s, channel, reader},
		"dm":      &member{server, s, server.DM(manager), manager},
	}
}

// say sends a line, or as a slash command what begins with a slash; the client
// makes a file of a long text.
func (m *member) say(ctx context.Context, text string) error {
	if name, ok := strings.CutPrefix(text, "/"); ok {
		return m.slash(ctx, name)
	}
	if len([]rune(text)) > 2000 {
		m.server.Say(m.user, m.channel, "", discordtest.WithFile("message.txt", "text/plain; charset=utf-8", []byte(text)))
		return nil
	}
	m.server.Say(m.user, m.channel, text)
	return nil
}

func (m *member) slash(ctx context.Context, line string) error {
	name, rest, _ := strings.Cut(line, " ")
	var args []discordtest.Arg
	if rest != "" {
		args = append(args, discordtest.Opt("articolo", rest))
	}
	return m.wait(ctx, m.server.Slash(m.user, m.channel, name, args...))
}

func (m *member) press(ctx context.Context, label string) error {
	for _, message := range backwards(m.server.Messages()) {
		if b, ok := message.Button(label); ok && message.ChannelID == m.channel.ID {
			return m.wait(ctx, m.server.Press(m.user, message, b.CustomID))
		}
	}
	return fmt.Errorf("no button %q in this channel", label)
}

func (m *member) wait(ctx context.Context, i *discordtest.Interaction) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	answer, err := i.Answer(ctx)
	if err == nil && answer.Ephemeral {
		m.screen.print("discord · only " + m.user.Username + " sees the answer")
	}
	return err
}

func backwards(messages []discordtest.Message) []discordtest.Message {
	out := make([]discordtest.Message, 0, len(messages))
	for i := len(messages) - 1; i >= 0; i-- {
		out = append(out, messages[i])
	}
	return out
}

// watchDiscord prints messages as they come and as they are edited.
func watchDiscord(ctx context.Context, server *discordtest.Server, s *screen) {
	seen := make(map[string]bool)
	key := func(m discordtest.Message) string { return fmt.Sprint(m.ID, "/", len(m.Edits)) }
	for {
		m, err := server.Await(ctx, func(m discordtest.Message) bool {
			return m.Author.ID == server.Bot().ID && !m.Loading && !seen[key(m)]
		})
		if err != nil {
			return
		}
		seen[key(m)] = true
		var actions []string
		for _, b := range m.Buttons {
			actions = append(actions, "[ "+b.Label+" ]")
		}
		for _, menu := range m.Selects {
			actions = append(actions, fmt.Sprintf("[ %s ▾ %d ]", menu.Placeholder, len(menu.Options)))
		}
		s.print(fmt.Sprintf("\ndiscord · channel %s · message %s\n%s\n%s", m.ChannelID, m.ID, m.Text, strings.Join(actions, " ")))
	}
}
