// Discord's side of the stage.

package main

import (
	"context"
	"encoding/json"
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
	form    *discordtest.Interaction // one that waits to be filled in
}

func discordStage(s *screen) (*discordtest.Server, map[string]voice) {
	server := discordtest.New(s)
	manager := server.AddUser(discordtest.User{Username: "direttrice", Locale: "it"})
	reader := server.AddUser(discordtest.User{Username: "reader", Locale: "en-GB"})
	guild := server.AddGuild(discordtest.Guild{Name: "Redazione"})
	channel := server.AddChannel(discordtest.Channel{GuildID: guild.ID, Name: "notizie"})
	server.AddMember(guild.ID, manager, discordtest.PermissionsMember|discordtest.PermissionManageGuild)
	server.AddMember(guild.ID, reader, discordtest.PermissionsMember)
	news := server.AddChannel(discordtest.Channel{GuildID: guild.ID, Name: "annunci", Type: discordtest.GuildAnnouncement})
	s.print("discord · a role to mention: " + server.AddRole(guild.ID, "lettori", 0))
	server.Install(reader)
	foreign := server.AddGuild(discordtest.Guild{Name: "Altrove", Foreign: true})
	abroad := server.AddChannel(discordtest.Channel{GuildID: foreign.ID, Name: "chiacchiere"})
	return server, map[string]voice{
		"manager": &member{server: server, screen: s, channel: channel, user: manager},
		"member":  &member{server: server, screen: s, channel: channel, user: reader},
		"news":    &member{server: server, screen: s, channel: news, user: manager},
		"abroad":  &member{server: server, screen: s, channel: abroad, user: reader},
		"dm":      &member{server: server, screen: s, channel: server.DM(manager), user: manager},
	}
}

// say sends a line, or as a slash command what begins with a slash; the client
// makes a file of a long text. While a form is open, it is what is typed there.
func (m *member) say(ctx context.Context, text string) error {
	if form := m.form; form != nil {
		m.form = nil
		modal, err := form.Modal(ctx)
		if err != nil {
			return err
		}
		return m.wait(ctx, m.server.SubmitModal(m.user, form, map[string]string{modal.Inputs[0].CustomID: text}))
	}
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
		args = append(args, discordtest.Opt(m.option(name), rest))
	}
	return m.wait(ctx, m.server.Slash(m.user, m.channel, name, args...))
}

// option is the name of a command's option.
func (m *member) option(command string) string {
	for _, c := range m.server.Commands() {
		var form struct {
			Options []struct {
				Name string `json:"name"`
			} `json:"options"`
		}
		if c.Name == command && json.Unmarshal(c.Raw, &form) == nil && len(form.Options) > 0 {
			return form.Options[0].Name
		}
	}
	return "articolo"
}

// press presses a button, or chooses from a menu what is called so.
func (m *member) press(ctx context.Context, label string) error {
	for _, message := range backwards(m.server.Messages()) {
		if message.ChannelID != m.channel.ID {
			continue
		}
		if b, ok := message.Button(label); ok {
			return m.wait(ctx, m.server.Press(m.user, message, b.CustomID))
		}
		for _, menu := range message.Selects {
			for _, o := range menu.Options {
				if o.Label == label {
					return m.wait(ctx, m.server.Select(m.user, message, menu.CustomID, o.Value))
				}
			}
		}
	}
	return fmt.Errorf("no button %q in this channel", label)
}

func (m *member) wait(ctx context.Context, i *discordtest.Interaction) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	r, err := i.Response(ctx)
	if err == nil && r.Type == discordtest.ResponseModal {
		modal, err := i.Modal(ctx)
		if err != nil {
			return err
		}
		m.form = i
		m.screen.print(fmt.Sprintf("discord · a form asks %q (%s): the next line fills it in", modal.Title, modal.Inputs[0].Placeholder))
		return nil
	}
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
