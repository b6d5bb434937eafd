// Tests of messages and menus: sending, editing, deleting, and seeing them.

package telegramtest

import (
	"slices"
	"testing"
)

func TestMessages(t *testing.T) {
	w := newWorld(t)
	said := w.Say(w.ada, w.ada, "hello")
	m := w.send(w.ada, "  <b>Ciao</b> <a href=\"https://x.org\">qui</a>\n", keyboard(o{"text": "A", "callback_data": "a"}, o{"text": "B", "url": "https://x.org"}),
		o{"disable_notification": true, "reply_parameters": o{"message_id": said.ID}})
	if m.Chat != w.ada || m.ID != 2 || m.From != w.BotID() || m.Text != "Ciao qui" || !m.Silent || m.ReplyTo != said.ID || m.Edits != 0 {
		t.Errorf("%+v", m)
	}
	want := []Entity{{Type: "bold", Length: 4, Text: "Ciao"}, {Type: "text_link", Offset: 5, Length: 3, URL: "https://x.org", Text: "qui"}}
	if !slices.Equal(m.Entities, want) || !slices.Equal(m.Links(), want[1:]) {
		t.Errorf("%+v", m.Entities)
	}
	if len(m.Buttons) != 1 || !slices.Equal(m.Buttons[0], []Button{{Text: "A", Data: "a"}, {Text: "B", URL: "https://x.org"}}) {
		t.Errorf("%+v", m.Buttons)
	}
	if _, ok := m.Button("C"); ok {
		t.Error("a button that isn't there")
	}
	if m := w.send(w.news, "x"); m.From != 0 {
		t.Errorf("%+v", m)
	}
	w.refused("sendMessage", o{"chat_id": w.ada, "text": "x", "reply_parameters": o{"message_id": 99}}, 400, "message to be replied not found")
	w.send(w.ada, "x", o{"reply_parameters": o{"message_id": 99, "allow_sending_without_reply": true}})
	w.clean()
}

func TestEdits(t *testing.T) {
	w := newWorld(t)
	m := w.send(w.ada, "<b>x</b>", keyboard(o{"text": "A", "callback_data": "a"}))
	edit := func(more o) o {
		more["chat_id"], more["message_id"], more["parse_mode"] = w.ada, m.ID, "HTML"
		return more
	}
	same := keyboard(o{"text": "A", "callback_data": "a"})
	same["text"] = "<b>x</b>"
	w.refused("editMessageText", edit(same), 400, "Bad Request: message is not modified: ")
	w.must("editMessageText", edit(o{"text": "<b>x</b>"})) // the keyboard goes
	w.must("editMessageText", edit(o{"text": "<i>y</i>"}))
	w.refused("editMessageText", edit(o{"text": "<i>y</i>"}), 400, "message is not modified")
	got, _ := w.Message(w.ada, m.ID)
	if got.Edits != 2 || got.Text != "y" || got.HTML != "<i>y</i>" || len(got.Buttons) != 0 || m.Text != "x" {
		t.Errorf("%+v", got)
	}
	markup := keyboard(o{"text": "B", "callback_data": "b"})
	markup["chat_id"], markup["message_id"] = w.ada, m.ID
	w.must("editMessageReplyMarkup", markup)
	w.refused("editMessageReplyMarkup", markup, 400, "message is not modified")
	if got, _ := w.Message(w.ada, m.ID); got.Edits != 3 || got.Buttons[0][0].Text != "B" {
		t.Errorf("%+v", got)
	}
	w.must("editMessageText", o{"chat_id": w.ada, "message_id": m.ID, "rich_message": o{"html": "<h1>z</h1>"}})
	if got, _ := w.Message(w.ada, m.ID); !got.Rich || got.Text != "z" {
		t.Errorf("%+v", got)
	}
	said := w.Say(w.ada, w.ada, "mine")
	w.refused("editMessageText", o{"chat_id": w.ada, "message_id": said.ID, "text": "x"}, 400, "message can't be edited")
	w.refused("editMessageText", o{"chat_id": w.ada, "message_id": 99, "text": "x"}, 400, "message to edit not found")
	w.ExpireMessage(m)
	w.refused("editMessageText", edit(o{"text": "late"}), 400, "message can't be edited")
	w.clean()
}

func TestDeletion(t *testing.T) {
	w := newWorld(t)
	m := w.send(w.ada, "x")
	w.must("deleteMessage", o{"chat_id": w.ada, "message_id": m.ID})
	w.refused("deleteMessage", o{"chat_id": w.ada, "message_id": m.ID}, 400, "message to delete not found")
	w.refused("editMessageText", o{"chat_id": w.ada, "message_id": m.ID, "text": "x"}, 400, "message to edit not found")
	if all := w.Messages(); len(all) != 1 || !all[0].Deleted || In(w.ada, "x")(all[0]) {
		t.Errorf("%+v", all)
	}
	said := w.Say(w.club, 43, "y")
	w.refused("deleteMessage", o{"chat_id": w.club, "message_id": said.ID}, 400, "message can't be deleted")
	w.clean()
}

func TestRichMessages(t *testing.T) {
	w := newWorld(t)
	w.must("sendRichMessage", o{"chat_id": w.ada, "rich_message": o{"html": "<h1>Title</h1><p>Text &amp; more</p>"}})
	if m := w.Messages()[0]; !m.Rich || m.Text != "Title\nText & more" {
		t.Errorf("%+v", m)
	}
	old := newWorld(t, WithoutRichMessages())
	old.refused("sendRichMessage", o{"chat_id": old.ada, "rich_message": o{"html": "x"}}, 404, "Not Found: method not found")
	w.clean()
	old.clean()
}

func TestAwaitSeesEdits(t *testing.T) {
	w := newWorld(t)
	m := w.send(w.ada, "old")
	done := make(chan Message, 1)
	go func() {
		got, _ := w.Await(timeout(t), In(w.ada, "new"))
		done <- got
	}()
	w.must("editMessageText", o{"chat_id": w.ada, "message_id": m.ID, "text": "new"})
	if got := <-done; got.ID != m.ID || got.Edits != 1 {
		t.Errorf("%+v", got)
	}
	w.Close()
	if _, err := w.Await(t.Context(), In(w.ada, "never")); err == nil {
		t.Error("no error after Close")
	}
}

func TestCommands(t *testing.T) {
	w := newWorld(t)
	menu := o{"commands": l{o{"command": "leggi", "description": "Leggi"}}}
	w.must("setMyCommands", menu)
	menu["scope"], menu["language_code"] = o{"type": "chat", "chat_id": w.ada}, "it"
	w.must("setMyCommands", menu)
	want := []Command{{"leggi", "Leggi"}}
	if got := w.Commands("default", ""); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if got := w.Commands("chat:42", "it"); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if got := w.Commands("default", "en"); got != nil {
		t.Errorf("%+v", got)
	}
	if r := w.must("getMyCommands", o{"scope": o{"type": "chat", "chat_id": w.ada}, "language_code": "it"}); string(r) != `[{"command":"leggi","description":"Leggi"}]` {
		t.Errorf("%s", r)
	}
	w.must("deleteMyCommands", nil)
	if r := w.must("getMyCommands", nil); string(r) != "[]" {
		t.Errorf("%s", r)
	}
	menu["scope"] = o{"type": "chat", "chat_id": 99}
	w.refused("setMyCommands", menu, 400, "chat not found")
	w.clean()
}
