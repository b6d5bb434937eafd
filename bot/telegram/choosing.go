// Choosing: a person picks a chat from Telegram's own list.

package telegram

import (
	"context"
	"strconv"

	"github.com/strillone/strillone/bot"
)

// The requests of a list of chats, as chat_shared gives them back.
const (
	channelsListed = 1
	groupsListed   = 2
)

// replyKeyboard is a ReplyKeyboardMarkup.
type replyKeyboard struct {
	Rows    [][]listButton `json:"keyboard"`
	Resize  bool           `json:"resize_keyboard"`
	OneTime bool           `json:"one_time_keyboard"`
}

// listButton is a KeyboardButton that lists chats.
type listButton struct {
	Text string      `json:"text"`
	List requestChat `json:"request_chat"`
}

// requestChat is a KeyboardButtonRequestChat.
type requestChat struct {
	ID       int     `json:"request_id"`
	Channels bool    `json:"chat_is_channel"`
	Person   *rights `json:"user_administrator_rights,omitempty"`
	Bot      *rights `json:"bot_administrator_rights,omitempty"`
	Member   bool    `json:"bot_is_member,omitempty"`
}

// rights are ChatAdministratorRights; all but the last must be said.
type rights struct {
	Anonymous     bool `json:"is_anonymous"`
	ManageChat    bool `json:"can_manage_chat"`
	Delete        bool `json:"can_delete_messages"`
	VideoChats    bool `json:"can_manage_video_chats"`
	Restrict      bool `json:"can_restrict_members"`
	Promote       bool `json:"can_promote_members"`
	ChangeInfo    bool `json:"can_change_info"`
	Invite        bool `json:"can_invite_users"`
	PostStories   bool `json:"can_post_stories"`
	EditStories   bool `json:"can_edit_stories"`
	DeleteStories bool `json:"can_delete_stories"`
	Post          bool `json:"can_post_messages,omitempty"` // in channels
}

// listOfChats are the buttons that list what the person administers: channels,
// where Telegram lets the bot in to post with the choice, and groups that it is
// in already.
func listOfChats(c bot.Choose) replyKeyboard {
	poster := &rights{ManageChat: true, Post: true}
	lists := []listButton{
		{labelOf(c.Channel), requestChat{ID: channelsListed, Channels: true, Person: poster, Bot: poster}},
		{labelOf(c.Group), requestChat{ID: groupsListed, Person: &rights{ManageChat: true}, Member: true}},
	}
	k := replyKeyboard{Resize: true, OneTime: true}
	for _, b := range lists {
		if b.Text != "" {
			k.Rows = append(k.Rows, []listButton{b})
		}
	}
	return k
}

func labelOf(s string) string { return shorten(clean(s), maxLabel) }

// chosen answers the choice of a chat.
func (s *session) chosen(ctx context.Context, r bot.Request, m *incoming) {
	r.Command, r.Args = "impostazioni", "in:"+strconv.FormatInt(m.ChatShared.ID, 10)
	s.reply(ctx, r, target{quote: m.ID}, noticeInDoc(s.handler.Command(ctx, r)))
}
