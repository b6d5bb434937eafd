// gateway: the connection events come in by, made again whenever it is lost.

package discord

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// intents are what Discord sends: interactions come without any, direct
// messages with their text, and of servers the messages there, whose text comes
// only where they mention the bot. None is privileged (docs.discord.com,
// Gateway Intents).
const intents = discordgo.IntentsGuilds | discordgo.IntentsGuildMessages | discordgo.IntentsDirectMessages

// fatal are the close codes after which coming back is no use, with what to do
// (docs.discord.com, Gateway Close Event Codes).
var fatal = map[int]string{
	4004: "the bot's token is refused: put the current one into the configuration (Developer Portal, Bot, Reset Token)",
	4010: "Discord calls the shard invalid: this version is not made for it, update Strillone",
	4011: "the bot is in too many servers for one connection, and this version has no shards",
	4012: "Discord has retired this version of its gateway: update Strillone",
	4013: "Discord calls the intents invalid: update Strillone",
	4014: "the intents are not allowed: look for restrictions of the application (Developer Portal, Bot, Privileged Gateway Intents)",
}

const (
	steady     = time.Minute     // a connection that lasted so long starts the waits anew
	maxBackoff = 2 * time.Minute // identifying is limited to 1,000 times a day
)

// listen hands events on, in their order, until ctx ends, then it returns nil.
// A gateway that can't be reached, or is lost, is tried again for ever;
// discordgo's own reconnecting is off, since it would outlast ctx and the fatal
// close codes. It resumes its session where it can, and Discord sends what was
// missed.
func (a *Adapter) listen(ctx context.Context, on func(*discordgo.Event)) error {
	var l *link
	wait := a.backoff
	for {
		if l == nil {
			l = newLink(a.token, a.client, on)
		}
		began := a.now()
		err := l.open(ctx, a.opening)
		if err == nil {
			a.log.Info("connected to Discord's gateway")
			err = l.lost(ctx)
		}
		if ctx.Err() != nil {
			l.close()
			return nil
		}
		if closed, ok := errors.AsType[*websocket.CloseError](err); ok {
			if remedy, ok := fatal[closed.Code]; ok {
				return fmt.Errorf("discord: the gateway closed with code %d: %s", closed.Code, remedy)
			}
			l = nil // a session that Discord closes while it opens is spoilt
		}
		if errors.Is(err, errStuck) {
			l = nil
		}
		if a.now().Sub(began) > steady {
			wait = a.backoff
		}
		a.log.Warn("Discord's gateway is lost, trying again", "error", err, "wait", wait)
		pause(ctx, wait/2+rand.N(wait))
		wait = min(2*wait, maxBackoff)
	}
}

// link is a session with the gateway, over one connection after another.
type link struct {
	session *discordgo.Session
	wire    *wire
	down    chan struct{} // holds a value once the connection is lost
}

func newLink(token string, c *client, on func(*discordgo.Event)) *link {
	w := &wire{client: c}
	l := &link{session: newSession(token, w), wire: w, down: make(chan struct{}, 1)}
	s := l.session
	s.Dialer = w.dialer()
	s.ShouldReconnectOnError = false
	s.Compress = false
	s.Identify.Intents = intents
	s.SyncEvents = true // one event after another: on must not dwell
	s.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) { on(e) })
	s.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) {
		select {
		case l.down <- struct{}{}:
		default:
		}
	})
	return l
}

var (
	errLost  = errors.New("the connection was lost")
	errStuck = errors.New("the session is stuck")
)

// open connects and identifies or resumes.
func (l *link) open(ctx context.Context, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	l.wire.open(ctx)
	select {
	case <-l.down: // of the connection before
	default:
	}
	done := make(chan error, 1)
	go func() { done <- l.session.Open() }()
	select {
	case err := <-done:
		return opened(err)
	case <-ctx.Done():
	}
	l.wire.cut()
	select {
	case err := <-done:
		return errors.Join(ctx.Err(), opened(err))
	case <-time.After(2 * time.Second):
		// discordgo locks itself out for ever when Discord asks it to
		// reconnect before it says READY. The session is left to its fate.
		return errStuck
	}
}

func opened(err error) error {
	if errors.Is(err, discordgo.ErrWSAlreadyOpen) {
		return nil
	}
	return err
}

// lost waits until the connection is lost, or ctx ends.
func (l *link) lost(ctx context.Context) error {
	select {
	case <-l.down:
		return errLost
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close says goodbye. discordgo takes a second over it.
func (l *link) close() { _ = l.session.Close() }

// pause waits, but not beyond ctx, and says whether ctx is still going on.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
