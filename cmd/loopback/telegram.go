// Telegram's side of the stage.

package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/strillone/strillone/bot/telegram/telegramtest"
)

const (
	editorID = 1001
	readerID = 1002
	groupID  = -2001
)

// person speaks in one chat of Telegram.
type person struct {
	server     *telegramtest.Server
	screen     *screen
	chat, user int64
}

func telegramStage(s *screen) (*telegramtest.Server, map[string]voice) {
	server := telegramtest.New(s)
	server.AddPrivate(editorID, "Redattrice", "it")
	server.AddPrivate(readerID, "Reader", "en")
	server.AddGroup(groupID, "Amici delle notizie", editorID)
	return server, map[string]voice{
		"editor": &person{server, s, editorID, editorID},
		"reader": &person{server, s, readerID, readerID},
		"group":  &person{server, s, groupID, editorID},
	}
}

func (p *person) say(_ context.Context, text string) error {
	p.server.Paste(p.chat, p.user, text)
	return nil
}

func (p *person) press(ctx context.Context, label string) error {
	var last telegramtest.Message
	for _, m := range p.server.Messages() {
		if _, ok := m.Button(label); ok && m.Chat == p.chat {
			last = m
		}
	}
	b, ok := last.Button(label)
	if !ok {
		return fmt.Errorf("no button %q in this chat", label)
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	a, err := p.server.Press(p.user, last, b.Data).Answer(ctx)
	if err != nil {
		return err
	}
	p.screen.print(fmt.Sprintf("telegram · pressed: %q %s", a.Text, a.URL))
	return nil
}

// watchTelegram prints messages as they come and as they are edited.
func watchTelegram(ctx context.Context, server *telegramtest.Server, s *screen) {
	seen := make(map[string]bool)
	for {
		m, err := server.Await(ctx, func(m telegramtest.Message) bool {
			return m.From == server.BotID() && !seen[telegramKey(m)]
		})
		if err != nil {
			return
		}
		seen[telegramKey(m)] = true
		var rows []string
		for _, row := range m.Buttons {
			var labels []string
			for _, b := range row {
				labels = append(labels, "[ "+b.Text+" ]")
			}
			rows = append(rows, strings.Join(labels, " "))
		}
		s.print(fmt.Sprintf("\ntelegram · chat %d · message %d\n%s\n%s", m.Chat, m.ID, m.HTML, strings.Join(rows, "\n")))
	}
}

func telegramKey(m telegramtest.Message) string { return fmt.Sprint(m.Chat, "/", m.ID, "/", m.Edits) }
