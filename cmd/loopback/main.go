// Command loopback plays Telegram and Discord on this machine, so that Strillone
// can be driven by hand without an account: it prints a configuration, and then
// whoever sits at its prompt is an editor, a reader and a server's manager.
//
// It is a tool for those who work on Strillone, and no part of the bot.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"time"

	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
)

const usage = `Lines are said by whoever has the word:
  editor | reader | group           on Telegram; the group's administrator is the editor
  manager | member | news | abroad | dm
                                    on Discord; dm is the manager's, who is an editor, too; news is
                                    where others can follow; abroad the member has brought the bot
  press LABEL                       press a button of the last message there, or choose from its menu
  read FILE                         say what is in a file
  quit
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := play(ctx, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "loopback:", err)
		os.Exit(1)
	}
}

// voice is somebody who can speak to the bot in one place.
type voice interface {
	say(ctx context.Context, text string) error
	press(ctx context.Context, label string) error
}

func play(ctx context.Context, in io.Reader, out io.Writer) error {
	screen := &screen{out: out}
	telegram, people := telegramStage(screen)
	defer telegram.Close()
	discord, members := discordStage(screen)
	defer discord.Close()
	for name, v := range members {
		people[name] = v
	}
	screen.print(configuration(telegram, discord, members["dm"].(*member).user.ID) + "\n" + usage)

	var watching sync.WaitGroup
	watch, end := context.WithCancel(ctx)
	defer watching.Wait()
	defer end()
	watching.Go(func() { watchTelegram(watch, telegram, screen) })
	watching.Go(func() { watchDiscord(watch, discord, screen) })

	speaker := people["editor"]
	lines := bufio.NewScanner(in)
	for ctx.Err() == nil && lines.Scan() {
		line := lines.Text()
		name, rest, _ := strings.Cut(line, " ")
		var err error
		switch {
		case line == "quit":
			return nil
		case people[line] != nil:
			speaker = people[line]
		case name == "press":
			err = speaker.press(ctx, rest)
		case name == "read":
			var text []byte
			if text, err = os.ReadFile(rest); err == nil {
				err = speaker.say(ctx, string(text))
			}
		case line != "":
			err = speaker.say(ctx, line)
		}
		if err != nil {
			screen.print("✗ " + err.Error())
		}
	}
	return lines.Err()
}

func configuration(t *telegramtest.Server, d *discordtest.Server, discordEditor string) string {
	return fmt.Sprintf(`# strillone.yaml
database: sqlite:loopback.db
telegram: {token: %q, api_url: %q}
discord: {token: %q, api_url: %q}
editors: {telegram: [%d], discord: [%q]}
digest: {schedule: "@every 20s"}
`, telegramtest.Token, t.URL(), discordtest.Token, d.URL(), editorID, discordEditor)
}

// screen prints what happens, and what the bot does wrong.
type screen struct {
	sync.Mutex
	out io.Writer
}

func (s *screen) print(text string) {
	s.Lock()
	defer s.Unlock()
	fmt.Fprintln(s.out, text)
}

// Helper, Logf and Errorf make it a Reporter of both servers.
func (*screen) Helper() {}

// Logf prints a remark.
func (s *screen) Logf(format string, args ...any) { s.print(fmt.Sprintf("· "+format, args...)) }

// Errorf prints a violation.
func (s *screen) Errorf(format string, args ...any) {
	s.print(fmt.Sprintf("✗ VIOLATION: "+format, args...))
}

// answerTime is how long a press waits for its answer.
const answerTime = 5 * time.Second
