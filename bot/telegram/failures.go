// Failures: the one table of what the Bot API's refusals mean.

package telegram

import (
	"errors"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// What some refusals are known as, beside their kind.
var (
	errUnauthorized = errors.New("the token is refused")
	errConflict     = errors.New("somebody else takes this bot's updates")
	errNotModified  = errors.New("the message says that already")
	errNotEditable  = errors.New("the message can't be edited")
	errNoTopic      = errors.New("the topic is no more")
	errTooLate      = errors.New("the press was answered too late")
	errNoMethod     = errors.New("the server doesn't know the method")
)

// refusals are matched in order, without regard to case, as substrings of an
// error's description: the Bot API has no other codes for them, and some that
// are documented as 403 come as 400. What is not here is transient.
var refusals = []struct {
	fragment string
	kind     delivery.Kind
	as       error
}{
	{"bot was blocked by the user", delivery.Gone, nil},
	{"USER_IS_BLOCKED", delivery.Gone, nil},
	{"user is deactivated", delivery.Gone, nil},
	{"INPUT_USER_DEACTIVATED", delivery.Gone, nil},
	{"bot can't initiate conversation with a user", delivery.Gone, nil},
	{"bot was kicked from the", delivery.Gone, nil},
	{"bot is not a member of the", delivery.Gone, nil},
	{"the group chat was deleted", delivery.Gone, nil},
	{"chat not found", delivery.Gone, nil},
	{"PEER_ID_INVALID", delivery.Gone, nil},
	{"bot can't send messages to the bot", delivery.Gone, nil},

	{"not enough rights to send", delivery.AccessLost, nil},
	{"have no rights to send", delivery.AccessLost, nil},
	{"have no write access to the chat", delivery.AccessLost, nil},
	{"need administrator rights in the channel chat", delivery.AccessLost, nil},
	{"CHAT_WRITE_FORBIDDEN", delivery.AccessLost, nil},
	{"CHAT_SEND_PLAIN_FORBIDDEN", delivery.AccessLost, nil},
	{"CHAT_ADMIN_REQUIRED", delivery.AccessLost, nil},
	{"CHANNEL_PRIVATE", delivery.AccessLost, nil},
	{"TOPIC_CLOSED", delivery.AccessLost, nil},
	{"USER_BANNED_IN_CHANNEL", delivery.AccessLost, nil},

	// Where to, only who sends knows: the chat without its topic.
	{"message thread not found", delivery.Moved, errNoTopic},
	{"TOPIC_DELETED", delivery.Moved, errNoTopic},

	{"message is too long", delivery.Rejected, nil},
	{"MESSAGE_TOO_LONG", delivery.Rejected, nil},
	{"message text is empty", delivery.Rejected, nil},
	{"text must be non-empty", delivery.Rejected, nil},
	{"must be encoded in UTF-8", delivery.Rejected, nil},
	{"can't parse entities", delivery.Rejected, nil},
	{"ENTITIES_TOO_LONG", delivery.Rejected, nil},
	{"reply markup is too long", delivery.Rejected, nil},
	{"can't parse inline keyboard", delivery.Rejected, nil},
	{"BUTTON_DATA_INVALID", delivery.Rejected, nil},
	{"BUTTON_URL_INVALID", delivery.Rejected, nil},
	{"wrong HTTP URL", delivery.Rejected, nil},

	{"message is not modified", delivery.Rejected, errNotModified},
	{"message to edit not found", delivery.Rejected, errNotEditable},
	{"message can't be edited", delivery.Rejected, errNotEditable},
	{"no text in the message to edit", delivery.Rejected, errNotEditable},
	{"MESSAGE_ID_INVALID", delivery.Rejected, errNotEditable},
	{"query is too old", delivery.Rejected, errTooLate},
}

// classify says what a call's error means, and what it is known as, if anything.
func classify(err error, t *trip) (*delivery.Failure, error) {
	refused, ok := errors.AsType[*tgbotapi.Error](err)
	if !ok || refused.Code == 0 {
		// No connection, no answer, or an answer that isn't the Bot API's.
		return &delivery.Failure{Kind: delivery.Transient, Doubt: t.doubt()}, nil
	}
	f, as := meaning(refused)
	f.Answered = refused.Code >= 400 && refused.Code < 500
	return f, as
}

// meaning is classify for the Bot API's own refusals.
func meaning(refused *tgbotapi.Error) (*delivery.Failure, error) {
	switch {
	case refused.Code == 429:
		wait := time.Duration(refused.RetryAfter) * time.Second
		return &delivery.Failure{Kind: delivery.RateLimited, RetryAfter: wait}, nil
	case refused.Code == 404 && strings.Contains(strings.ToLower(refused.Message), "method not found"):
		return &delivery.Failure{Kind: delivery.Transient}, errNoMethod
	case refused.Code == 401, refused.Code == 404 && refused.Message == "Not Found":
		// A token that never was one gets the 404 of an unknown path.
		return &delivery.Failure{Kind: delivery.Auth}, errUnauthorized
	case refused.Code == 409:
		return &delivery.Failure{Kind: delivery.Auth}, errConflict
	case refused.Code >= 500:
		return &delivery.Failure{Kind: delivery.Transient, Doubt: true}, nil
	case refused.MigrateToChatID != 0:
		to := digest.Destination{Platform: Platform, Chat: strconv.FormatInt(refused.MigrateToChatID, 10)}
		return &delivery.Failure{Kind: delivery.Moved, MovedTo: &to}, nil
	}
	description := strings.ToLower(refused.Message)
	for _, r := range refusals {
		if strings.Contains(description, strings.ToLower(r.fragment)) {
			return &delivery.Failure{Kind: r.kind}, r.as
		}
	}
	return &delivery.Failure{Kind: delivery.Transient}, nil
}
