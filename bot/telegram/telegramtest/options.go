// Options of a Server and the Reporter it tells violations to.

package telegramtest

import "time"

// Token is the bot token a Server accepts unless [WithToken] says otherwise. It
// has the shape of a real one; the number before the colon is the bot's id.
const Token = "7000000001:AAEtelegramtest_stand-in_token_00001"

// Username is the default name of the bot, without @.
const Username = "StrilloneTestBot"

// CallbackWindow is how long a press can be delivered and answered.
const CallbackWindow = 150 * time.Second

// MaxPollTimeout is the longest a getUpdates is held, whatever it asks for.
const MaxPollTimeout = 50 * time.Second

// Reporter is told of violations; testing.TB satisfies it. A Server calls it
// from several goroutines and never after Close.
type Reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Logf(format string, args ...any)
}

// Rates are the limits that [WithRates] enforces, on sent messages, in sliding
// windows. A zero field is not enforced.
type Rates struct {
	All   int // messages a second over all chats
	Chat  int // messages a second in one chat
	Group int // messages a minute in one group or channel
}

// DefaultRates are the documented 30 a second in all and 1 a second per chat.
// The documented 20 a minute per group are left out: set Group for them.
var DefaultRates = Rates{All: 30, Chat: 1}

// Option configures a Server.
type Option func(*settings)

type settings struct {
	addr         string
	token        string
	username     string
	latency      time.Duration
	rates        *Rates
	redeliver    int
	shuffled     bool
	window       time.Duration
	clock        func() time.Time
	tolerated    []string
	spec         string
	specDisabled bool
	plain        bool
}

func defaults() settings {
	return settings{token: Token, username: Username, redeliver: 1, window: CallbackWindow, clock: time.Now}
}

// WithAddress makes the server listen on a fixed loopback address, such as
// "127.0.0.1:8787", instead of a free port. [New] panics if it is taken.
func WithAddress(addr string) Option { return func(s *settings) { s.addr = addr } }

// WithToken sets the only bot token the server accepts.
func WithToken(token string) Option { return func(s *settings) { s.token = token } }

// WithUsername sets the bot's username, without @.
func WithUsername(name string) Option { return func(s *settings) { s.username = name } }

// WithLatency delays the handling of every request by d.
func WithLatency(d time.Duration) Option { return func(s *settings) { s.latency = d } }

// WithRates enforces limits: a message beyond them is answered 429 with the
// whole seconds after which one would pass.
func WithRates(r Rates) Option { return func(s *settings) { s.rates = &r } }

// Redeliver makes every update come n times, in successive answers to
// getUpdates, whether the bot confirms it or not.
func Redeliver(n int) Option { return func(s *settings) { s.redeliver = max(n, 1) } }

// Shuffled hands out the updates of an answer to getUpdates in any order.
func Shuffled() Option { return func(s *settings) { s.shuffled = true } }

// WithCallbackWindow sets how long a press can be answered, instead of
// [CallbackWindow].
func WithCallbackWindow(d time.Duration) Option { return func(s *settings) { s.window = d } }

// WithClock sets the clock that dates messages and decides rates and callback
// windows. It must be safe for concurrent use. Long polls wait in real time.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.clock = now } }

// WithoutRichMessages makes the server one from before Bot API 10.1:
// sendRichMessage is answered 404, without a violation.
func WithoutRichMessages() Option { return func(s *settings) { s.plain = true } }

// Tolerate lists fragments of violations that a test provokes on purpose, such
// as "message is too long": they are answered but not reported. Letter case
// doesn't matter.
func Tolerate(fragments ...string) Option {
	return func(s *settings) { s.tolerated = append(s.tolerated, fragments...) }
}

// WithSpec names the description file. Without it the server looks for
// telegram-bot-api.json in $STRILLONE_SHARED/specs and in shared/specs of the
// working directory and its parents; "" turns the check off.
func WithSpec(path string) Option {
	return func(s *settings) { s.spec, s.specDisabled = path, path == "" }
}
