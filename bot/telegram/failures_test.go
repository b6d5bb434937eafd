// The failure table is tested with the descriptions PLATFORMS.md documents.

package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

var somewhere = digest.Destination{Platform: Platform, Chat: "42"}

// somePart is a part that any server takes.
var somePart = delivery.Part(`{"text":"x","parse_mode":"HTML"}`)

// canary stands for the secret of a token.
const canary = "AAcanaryCANARY-canary_0123456789abc"

// failing is an adapter whose server answers every call with status and body.
func failing(t *testing.T, status int, body string) *Adapter {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)
	return adapterFor(t, server.URL)
}

func adapterFor(t *testing.T, url string) *Adapter {
	transport := newTransport(0)
	t.Cleanup(transport.CloseIdleConnections)
	return New(Config{Token: "123:" + canary, APIURL: url, Transport: transport})
}

func sendTo(t *testing.T, a *Adapter) *delivery.Failure {
	t.Helper()
	_, err := a.Send(t.Context(), delivery.Message{To: somewhere, Part: somePart, Key: "key"})
	f, ok := errors.AsType[*delivery.Failure](err)
	if !ok {
		t.Fatalf("not a failure: %v", err)
	}
	if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, f.Err), canary) {
		t.Errorf("the token is in %v", err)
	}
	return f
}

func TestRefusals(t *testing.T) {
	var tested []string
	for _, test := range []struct {
		code        int
		description string
		kind        delivery.Kind
	}{
		{403, "Forbidden: bot was blocked by the user", delivery.Gone},
		{403, "Forbidden: user is deactivated", delivery.Gone},
		{403, "Forbidden: bot can't initiate conversation with a user", delivery.Gone},
		{403, "Forbidden: bot was kicked from the group chat", delivery.Gone},
		{403, "Forbidden: bot was kicked from the supergroup chat", delivery.Gone},
		{403, "Forbidden: bot is not a member of the channel chat", delivery.Gone},
		{403, "Forbidden: the group chat was deleted", delivery.Gone},
		{403, "Forbidden: the bot can't send messages to the bot", delivery.Gone},
		{400, "Bad Request: chat not found", delivery.Gone},
		{400, "Bad Request: PEER_ID_INVALID", delivery.Gone},
		{400, "Bad Request: USER_IS_BLOCKED", delivery.Gone},
		{400, "Bad Request: INPUT_USER_DEACTIVATED", delivery.Gone},

		{400, "Bad Request: not enough rights to send text messages to the chat", delivery.AccessLost},
		{400, "Bad Request: have no rights to send a message", delivery.AccessLost},
		{400, "Bad Request: have no write access to the chat", delivery.AccessLost},
		{400, "Bad Request: need administrator rights in the channel chat", delivery.AccessLost},
		{400, "Bad Request: CHAT_WRITE_FORBIDDEN", delivery.AccessLost},
		{403, "Forbidden: CHAT_WRITE_FORBIDDEN", delivery.AccessLost},
		{400, "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN", delivery.AccessLost},
		{400, "Bad Request: CHAT_ADMIN_REQUIRED", delivery.AccessLost},
		{400, "Bad Request: CHANNEL_PRIVATE", delivery.AccessLost},
		{400, "Bad Request: TOPIC_CLOSED", delivery.AccessLost},
		{400, "Bad Request: USER_BANNED_IN_CHANNEL", delivery.AccessLost},

		{400, "Bad Request: message is too long", delivery.Rejected},
		{400, "Bad Request: MESSAGE_TOO_LONG", delivery.Rejected},
		{400, "Bad Request: message text is empty", delivery.Rejected},
		{400, "Bad Request: text must be non-empty", delivery.Rejected},
		{400, "Bad Request: text must be encoded in UTF-8", delivery.Rejected},
		{400, `Bad Request: can't parse entities: Unsupported start tag "x" at byte offset 0`, delivery.Rejected},
		{400, "Bad Request: ENTITIES_TOO_LONG", delivery.Rejected},
		{400, "Bad Request: entities_too_long", delivery.Rejected},
		{400, "Bad Request: reply markup is too long", delivery.Rejected},
		{400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard", delivery.Rejected},
		{400, "Bad Request: BUTTON_DATA_INVALID", delivery.Rejected},
		{400, "Bad Request: BUTTON_URL_INVALID", delivery.Rejected},
		{400, "Bad Request: wrong HTTP URL specified", delivery.Rejected},

		{401, "Unauthorized", delivery.Auth},
		{404, "Not Found", delivery.Auth},
		{409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running", delivery.Auth},

		{404, "Not Found: method not found", delivery.Transient},
		{400, "Bad Request: something nobody has heard of", delivery.Transient},
		{403, "Forbidden: something nobody has heard of", delivery.Transient},
		{400, "Bad Request: group chat was upgraded to a supergroup chat", delivery.Transient}, // without saying where to
	} {
		tested = append(tested, strings.ToLower(test.description))
		t.Run(test.description, func(t *testing.T) {
			a := failing(t, test.code, fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%q}`, test.code, test.description))
			f := sendTo(t, a)
			if f.Kind != test.kind || !f.Answered || f.Doubt || f.RetryAfter != 0 || f.MovedTo != nil {
				t.Errorf("got %s %+v, want %s", f.Kind, f, test.kind)
			}
			if !strings.Contains(f.Error(), test.description) {
				t.Errorf("the description is lost: %v", f)
			}
		})
	}
	for _, r := range refusals {
		has := func(description string) bool { return strings.Contains(description, strings.ToLower(r.fragment)) }
		if r.as == nil && !slices.ContainsFunc(tested, has) { // the others have tests of their own
			t.Errorf("%q has no test", r.fragment)
		}
	}
}

func TestRefusalsKnownAs(t *testing.T) {
	for description, want := range map[string]error{
		"Bad Request: message is not modified: specified new message content and reply markup are exactly the same": errNotModified,
		"Bad Request: message to edit not found":                                            errNotEditable,
		"Bad Request: message can't be edited":                                              errNotEditable,
		"Bad Request: there is no text in the message to edit":                              errNotEditable,
		"Bad Request: MESSAGE_ID_INVALID":                                                   errNotEditable,
		"Bad Request: query is too old and response timeout expired or query ID is invalid": errTooLate,
	} {
		f := sendTo(t, failing(t, 400, fmt.Sprintf(`{"ok":false,"error_code":400,"description":%q}`, description)))
		if !errors.Is(f, want) {
			t.Errorf("%s: %v", description, f)
		}
	}
}

func TestRateLimited(t *testing.T) {
	a := failing(t, 429, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 4000","parameters":{"retry_after":4000}}`)
	for i, everywhere := range []bool{false, false, true} {
		_, err := a.Send(t.Context(), delivery.Message{To: digest.Destination{Platform: Platform, Chat: fmt.Sprint(i)}, Part: somePart, Key: "key"})
		f := delivery.FailureOf(err)
		if f.Kind != delivery.RateLimited || f.RetryAfter != 4000*time.Second || f.Everywhere != everywhere || f.Doubt {
			t.Errorf("chat %d: %+v", i, f)
		}
	}
}

// A chat that is told to wait again and again pauses nobody else.
func TestLimitsOfOneChat(t *testing.T) {
	var l limits
	now := time.Now()
	for range 10 {
		if l.hit("1", time.Minute, now) {
			t.Fatal("one chat's limit was taken for the bot's")
		}
	}
	l.hit("2", 10*time.Second, now)
	if l.hit("3", time.Minute, now.Add(20*time.Second)) {
		t.Error("a wait that is over counted")
	}
}

// What gets through shows that the bot isn't stopped: groups in slow mode are.
func TestLimitsOfGroups(t *testing.T) {
	var l limits
	now := time.Now()
	for i := range 10 {
		if l.hit(fmt.Sprint(-i), time.Hour, now) {
			t.Fatal("slow groups were taken for the bot's limit")
		}
		now = now.Add(time.Second)
		l.accepted("1", now, now)
	}
	// What was on its way already when a chat was refused shows nothing.
	for i, want := range []bool{false, false, true} {
		if got := l.hit(fmt.Sprint(-i), time.Hour, now); got != want {
			t.Errorf("refusal %d in a row: %v", i, got)
		}
		l.accepted("2", now.Add(-time.Second), now)
	}
}

// A chat that nothing was sent to is over no limit of its own.
func TestLimitsOfTheBot(t *testing.T) {
	var l limits
	now := time.Now()
	if !l.hit("1", time.Second, now) {
		t.Error("the bot's limit was taken for a chat's")
	}
	l.accepted("2", now, now)
	if l.hit("2", time.Second, now.Add(3*time.Second)) {
		t.Error("a chat's limit was taken for the bot's")
	}
	if !l.hit("2", time.Second, now.Add(2*time.Minute)) {
		t.Error("the bot's limit was taken for that of a chat sent to long ago")
	}
}

// However many chats are sent to, few are remembered.
func TestLimitsForget(t *testing.T) {
	var l limits
	now := time.Now()
	for i := range 3 * remembersChats {
		l.accepted(fmt.Sprint(i), now, now)
	}
	if len(l.sent) != remembersChats || l.hit(fmt.Sprint(3*remembersChats-1), time.Second, now) || !l.hit("0", time.Second, now) {
		t.Error("the wrong chats are remembered")
	}
}

func TestMoved(t *testing.T) {
	f := sendTo(t, failing(t, 400, `{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1001234567890123}}`))
	want := digest.Destination{Platform: Platform, Chat: "-1001234567890123"}
	if f.Kind != delivery.Moved || f.MovedTo == nil || *f.MovedTo != want {
		t.Errorf("%+v", f)
	}
}

// A topic that is no more leaves its chat; a chat that isn't one of topics has
// nothing to fall back on, and is tried again.
func TestTopicsThatAreNoMore(t *testing.T) {
	for _, description := range []string{"Bad Request: message thread not found", "Bad Request: TOPIC_DELETED", "Forbidden: TOPIC_DELETED"} {
		a := failing(t, 400, fmt.Sprintf(`{"ok":false,"error_code":400,"description":%q}`, description))
		topic := somewhere
		topic.Thread = "7"
		_, err := a.Send(t.Context(), delivery.Message{To: topic, Part: somePart, Key: "key"})
		f := delivery.FailureOf(err)
		if f.Kind != delivery.Moved || f.MovedTo == nil || *f.MovedTo != somewhere || f.Doubt {
			t.Errorf("%s: %+v", description, f)
		}
		if f := sendTo(t, a); f.Kind != delivery.Moved || f.MovedTo != nil {
			t.Errorf("%s, without a topic: %+v", description, f)
		}
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	for _, test := range []struct {
		status int
		body   string
		doubt  bool
	}{
		{500, `{"ok":false,"error_code":500,"description":"Internal Server Error"}`, true},
		{502, "<html><h1>502 Bad Gateway</h1></html>", true},
		{504, "", true},
		{413, "<html>413 Request Entity Too Large</html>", false},
		{302, "", true},
		{200, "<html>captive portal</html>", true},
		{200, `{"ok":true,"result":{"message`, true},
		{200, `{"ok":true,"result":{}}`, true},
		{200, `{"ok":true,"result":[]}`, true},
		{200, `{}`, true},
	} {
		f := sendTo(t, failing(t, test.status, test.body))
		if f.Kind != delivery.Transient || f.Answered || f.Doubt != test.doubt {
			t.Errorf("%d %q: %+v", test.status, test.body, f)
		}
	}
}

func TestNoConnectionLeavesNoDoubt(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + listener.Addr().String()
	listener.Close()
	if f := sendTo(t, adapterFor(t, url)); f.Kind != delivery.Transient || f.Doubt {
		t.Errorf("%+v", f)
	}
	if f := sendTo(t, adapterFor(t, "http://host.invalid.\x7f")); f.Kind != delivery.Transient || f.Doubt {
		t.Errorf("%+v", f)
	}
}

func TestConnectionCutAfterTheWriteLeavesDoubt(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		panic(http.ErrAbortHandler)
	}))
	defer server.Close()
	if f := sendTo(t, adapterFor(t, server.URL)); f.Kind != delivery.Transient || !f.Doubt {
		t.Errorf("%+v", f)
	}
}

func TestTimeoutAfterTheWriteLeavesDoubt(t *testing.T) {
	arrived := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // or the server wouldn't see the connection end
		close(arrived)
		<-r.Context().Done()
	}))
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	_, err := adapterFor(t, server.URL).Send(ctx, delivery.Message{To: somewhere, Part: somePart, Key: "key"})
	f := delivery.FailureOf(err)
	if f.Kind != delivery.Transient || !f.Doubt || !errors.Is(err, context.Canceled) {
		t.Errorf("%+v", f)
	}
	if strings.Contains(err.Error(), canary) {
		t.Errorf("the token is in %v", err)
	}
}

// A description that repeats the token doesn't bring it into an error either.
func TestRedactsDescriptions(t *testing.T) {
	f := sendTo(t, failing(t, 400, `{"ok":false,"error_code":400,"description":"Bad Request: chat not found for 123:`+canary+`"}`))
	if f.Kind != delivery.Gone {
		t.Errorf("%+v", f)
	}
}
