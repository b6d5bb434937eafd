// Types: what is read of the Bot API's objects. The library's own structs miss
// half of it.

package telegram

import (
	"encoding/json"
	"slices"
)

type user struct {
	ID        int64  `json:"id"`
	IsBot     bool   `json:"is_bot"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Username  string `json:"username"`
	Language  string `json:"language_code"`
}

type chat struct {
	ID    int64  `json:"id"`
	Type  string `json:"type"`  // private, group, supergroup or channel
	Title string `json:"title"` // of all but private ones
}

// update is an Update. Exactly one of the pointers is set, of those asked for.
type update struct {
	ID       int64          `json:"update_id"`
	Message  *incoming      `json:"message"`
	Edited   *incoming      `json:"edited_message"`
	Press    *callbackQuery `json:"callback_query"`
	MyMember *memberUpdated `json:"my_chat_member"`
	Inline   *inlineQuery   `json:"inline_query"`
}

// incoming is a Message; a MaybeInaccessibleMessage has ID, Chat and Date 0
// only.
type incoming struct {
	ID              int64           `json:"message_id"`
	Date            int64           `json:"date"`
	Thread          int64           `json:"message_thread_id"`
	InTopic         bool            `json:"is_topic_message"`
	From            *user           `json:"from"`
	SenderChat      *chat           `json:"sender_chat"`
	Chat            chat            `json:"chat"`
	ForwardOrigin   json.RawMessage `json:"forward_origin"`
	ReplyTo         *incoming       `json:"reply_to_message"`
	Text            string          `json:"text"`
	Entities        []entity        `json:"entities"`
	Caption         string          `json:"caption"`
	CaptionEntities []entity        `json:"caption_entities"`
	ReplyMarkup     *keyboard       `json:"reply_markup"`
	Rich            json.RawMessage `json:"rich_message"`
	ChatShared      *chatShared     `json:"chat_shared"`

	Album    string          `json:"media_group_id"`
	Document json.RawMessage `json:"document"`
	Photo    json.RawMessage `json:"photo"`
	Video    json.RawMessage `json:"video"`
	Voice    json.RawMessage `json:"voice"`
	Sticker  json.RawMessage `json:"sticker"`
}

// accessible says whether the message can be read and edited.
func (m *incoming) accessible() bool { return m.Date != 0 }

// repliedTo is the message that this one replies to, nil for none. In a topic
// Telegram has every other message reply to the one that began the topic.
func (m *incoming) repliedTo() *incoming {
	if m.ReplyTo != nil && m.InTopic && m.ReplyTo.ID == m.Thread {
		return nil
	}
	return m.ReplyTo
}

// content is the message's text or caption with its entities.
func (m *incoming) content() (string, []entity) {
	if m.Text != "" {
		return m.Text, m.Entities
	}
	return m.Caption, m.CaptionEntities
}

// loneFile says whether the message is a file and is not one of an album. Of an
// album only the message with the caption says anything.
func (m *incoming) loneFile() bool {
	return m.Album == "" && slices.ContainsFunc(
		[]json.RawMessage{m.Document, m.Photo, m.Video, m.Voice, m.Sticker},
		func(file json.RawMessage) bool { return file != nil })
}

// entity is a MessageEntity. Offset and length are in UTF-16 code units.
type entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url"`  // of a text_link
	User   *user  `json:"user"` // of a text_mention
}

// chatShared is a ChatShared: the chat that a person picked.
type chatShared struct {
	ID int64 `json:"chat_id"`
}

// inlineQuery is an InlineQuery: what a person types after the bot's name in any
// chat.
type inlineQuery struct {
	ID     string `json:"id"`
	From   user   `json:"from"`
	Words  string `json:"query"`
	Offset string `json:"offset"` // as the bot's last answer said; empty at first
}

type callbackQuery struct {
	ID      string    `json:"id"`
	From    user      `json:"from"`
	Message *incoming `json:"message"`
	Data    string    `json:"data"`
}

// memberUpdated is a ChatMemberUpdated, of the bot itself.
type memberUpdated struct {
	Chat chat      `json:"chat"`
	From user      `json:"from"`
	Old  botMember `json:"old_chat_member"`
	New  botMember `json:"new_chat_member"`
}

// botMember is a ChatMember: what the bot is in a chat.
type botMember struct {
	Status   string `json:"status"`
	IsMember bool   `json:"is_member"`         // when restricted: it may have left
	MaySend  bool   `json:"can_send_messages"` // when restricted
	MayPost  bool   `json:"can_post_messages"` // when administrator of a channel
	Topics   bool   `json:"can_manage_topics"` // when administrator of a forum
}

// chat is where an update belongs; 0 when nowhere.
func (u update) chat() int64 {
	switch {
	case u.Message != nil:
		return u.Message.Chat.ID
	case u.Edited != nil:
		return u.Edited.Chat.ID
	case u.Press != nil && u.Press.Message != nil:
		return u.Press.Message.Chat.ID
	case u.Press != nil:
		return u.Press.From.ID
	case u.MyMember != nil:
		return u.MyMember.Chat.ID
	case u.Inline != nil:
		return u.Inline.From.ID
	}
	return 0
}
