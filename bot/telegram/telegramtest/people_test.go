// Tests of people: what they say and press, as updates, and who refuses the bot.

package telegramtest

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestSay(t *testing.T) {
	w := newWorld(t)
	w.Say(w.ada, w.ada, "/leggi@StrilloneTestBot 12 è qui: https://x.org/a, #go e @ada_l; a/b x@y.it /non-comando", Linked("qui", "https://x.org"), Styled("12", "bold"))
	m := w.update().Message
	var got []string
	for _, e := range m.Entities {
		x := Entity{Offset: int(e["offset"].(float64)), Length: int(e["length"].(float64))}
		got = append(got, fmt.Sprint(e["type"], "=", x.slice(m.Text)))
	}
	const want = "bot_command=/leggi@StrilloneTestBot bold=12 text_link=qui url=https://x.org/a hashtag=#go mention=@ada_l bot_command=/non"
	if strings.Join(got, " ") != want {
		t.Errorf("%q", got)
	}
	if m.From["id"] != 42.0 || m.From["language_code"] != "it" || m.Chat["type"] != "private" {
		t.Errorf("%+v", m)
	}
	w.Say(w.ada, w.ada, "😀 x", WithEntities(Entity{Type: "bold", Offset: 3, Length: 1}))
	if e := w.update().Message.Entities; len(e) != 1 || e[0]["offset"] != 3.0 {
		t.Errorf("%+v", e)
	}
	w.clean()
}

func TestSayOptions(t *testing.T) {
	w := newWorld(t)
	sent := w.send(w.club, "<b>#7</b> news", keyboard(o{"text": "Read", "callback_data": "leggi 7"}))
	w.Say(w.club, 43, "this", ReplyTo(sent))
	reply := w.update().Message.Reply
	if b, _ := json.Marshal(reply); !strings.Contains(string(b), `"callback_data":"leggi 7"`) || reply["text"] != "#7 news" || reply["entities"] == nil {
		t.Errorf("%s", b)
	}
	w.Say(w.club, 42, "/x", AsAnonymousAdmin())
	if m := w.update().Message; m.From["username"] != "GroupAnonymousBot" || m.Sender["id"] != float64(w.club) {
		t.Errorf("%+v", m)
	}
	w.Say(w.club, 0, "x", AsChannel(w.news))
	if m := w.update().Message; m.From["username"] != "Channel_Bot" || m.Sender["title"] != "News" {
		t.Errorf("%+v", m)
	}
	w.Say(w.ada, w.ada, "x", Forward(0))
	w.Say(w.ada, w.ada, "x", Forward(43))
	if m := w.updates(0); m[0].Message.Origin["type"] != "hidden_user" || m[1].Message.Origin["type"] != "user" {
		t.Errorf("%+v", m)
	} else {
		w.updates(m[1].ID + 1)
	}
	w.Say(w.club, 50, "x", InTopic(9))
	if m := w.update().Message; m.Thread != 9 || !m.Topic || m.Chat["is_forum"] != true {
		t.Errorf("%+v", m)
	}
	w.Say(w.ada, w.ada, "note", WithDocument("a.txt", "text/plain", 3), InAlbum("1"))
	if m := w.update().Message; m.Caption != "note" || m.Text != "" || m.Document["file_name"] != "a.txt" {
		t.Errorf("%+v", m)
	}
	said := w.Say(w.news, 42, "post")
	if u := w.update(); u.Post["text"] != "post" || u.Post["from"] != nil {
		t.Errorf("%+v", u)
	}
	w.EditSaid(said, "better")
	if got, _ := w.Message(w.news, said.ID); got.Text != "better" || got.Edits != 1 {
		t.Errorf("%+v", got)
	}
	w.clean()
	w.Say(99, 42, "x")
	w.violated("chat 99 that it didn't add")
}

func TestPaste(t *testing.T) {
	w := newWorld(t)
	text := strings.Repeat("x", 4095) + "😀" + strings.Repeat("y", 10)
	if m := w.Paste(w.ada, w.ada, text); len(m) != 2 || m[0].Text+m[1].Text != text || !strings.HasPrefix(m[1].Text, "😀") {
		t.Errorf("%d messages", len(m))
	}
	if m := w.Paste(w.ada, w.ada, strings.Repeat("z", 4096)); len(m) != 1 {
		t.Errorf("%d messages", len(m))
	}
	w.clean()
	w.Say(w.ada, w.ada, text)
	w.violated("use Paste")
}

func TestUpdatesConform(t *testing.T) {
	if !described(t) {
		return
	}
	w := newWorld(t)
	sent := w.send(w.club, "<b>x</b> <a href=\"https://x.org\">y</a>", keyboard(o{"text": "a", "callback_data": "a"}))
	w.Say(w.club, 42, "/x", ReplyTo(sent), AsAnonymousAdmin(), InTopic(3))
	w.Say(w.ada, w.ada, "x", Forward(43), WithDocument("a", "text/plain", 1))
	w.EditSaid(w.Say(w.news, 42, "x"), "y")
	w.Press(42, sent, "a")
	w.DeleteMessage(sent)
	w.Press(42, sent, "a")
	w.Block(w.ada)
	w.Restore(w.ada)
	w.Mute(w.club)
	w.Kick(w.club)
	w.Mute(w.news)
	old := w.AddGroup(-77, "Old", 42)
	w.Migrate(old, -1000000000077)
	if got := w.updates(0); len(got) != 13 {
		t.Errorf("%d", len(got))
	}
	w.clean()
}

func TestPress(t *testing.T) {
	w := newWorld(t)
	sent := w.send(w.ada, "choose", keyboard(o{"text": "Read", "callback_data": "leggi 7"}))
	b, ok := sent.Button("Read")
	if !ok || b.Data != "leggi 7" {
		t.Fatalf("%+v", sent)
	}
	p := w.Press(w.ada, sent, b.Data)
	q := w.update().Press
	if q["id"] != p.ID() || q["data"] != "leggi 7" || q["message"].(o)["text"] != "choose" {
		t.Errorf("%+v", q)
	}
	answer := o{"callback_query_id": p.ID(), "text": "ecco", "show_alert": true}
	w.must("answerCallbackQuery", answer)
	if a, err := p.Answer(timeout(t)); err != nil || a != (Answer{Text: "ecco", Alert: true}) {
		t.Errorf("%+v %v", a, err)
	}
	w.refused("answerCallbackQuery", answer, 400, tooOld)
	w.refused("answerCallbackQuery", o{"callback_query_id": "unknown"}, 400, tooOld)

	p = w.Press(w.ada, sent, "x")
	w.update()
	p.Expire()
	w.refused("answerCallbackQuery", o{"callback_query_id": p.ID()}, 400, tooOld)

	w.ExpireMessage(sent)
	p = w.Press(w.ada, sent, "x")
	if m := w.update().Press["message"].(o); m["date"] != 0.0 || m["text"] != nil {
		t.Errorf("%+v", m)
	}
	link := "https://t.me/StrilloneTestBot?start=leggi-7"
	w.must("answerCallbackQuery", o{"callback_query_id": p.ID(), "url": link})
	if a, _ := p.Answer(timeout(t)); a.URL != link {
		t.Errorf("%+v", a)
	}
	w.clean()
}

func TestOldPressesAreDropped(t *testing.T) {
	var passed atomic.Int64
	start := time.Unix(1_800_000_000, 0)
	w := newWorld(t, WithClock(func() time.Time { return start.Add(time.Duration(passed.Load())) }))
	sent := w.send(w.ada, "x")
	p := w.Press(w.ada, sent, "a")
	passed.Store(int64(CallbackWindow))
	if got := w.updates(0); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	w.refused("answerCallbackQuery", o{"callback_query_id": p.ID()}, 400, tooOld)
}

func TestRefusals(t *testing.T) {
	w := newWorld(t)
	w.AddUser(44, "Bea", "en")
	small := w.AddGroup(-5, "Small", 42)
	try := func(chat any, code int, description string) {
		t.Helper()
		w.refused("sendMessage", o{"chat_id": chat, "text": "x"}, code, description)
	}
	try(1, 400, "Bad Request: chat not found")
	try("@nobody", 400, "Bad Request: chat not found")
	try(44, 403, "Forbidden: bot can't initiate conversation with a user")
	w.Say(44, 44, "/start")
	w.send(44, "hi")

	w.Block(w.ada)
	try(w.ada, 403, "Forbidden: bot was blocked by the user")
	w.Say(w.ada, w.ada, "back again")
	w.send(w.ada, "x")
	w.Deactivate(w.ada)
	try(w.ada, 403, "Forbidden: user is deactivated")

	w.SetUsername(w.club, "@TheClub")
	w.must("sendMessage", o{"chat_id": "@theclub", "text": "x"})
	w.Mute(w.club)
	try(w.club, 400, "Bad Request: not enough rights to send text messages to the chat")
	w.must("getChat", o{"chat_id": w.club})
	w.Kick(w.club)
	try(w.club, 403, "Forbidden: bot was kicked from the supergroup chat")
	w.refused("getChat", o{"chat_id": w.club}, 403, "kicked")
	w.Restore(w.club)
	w.must("leaveChat", o{"chat_id": w.club})
	try(w.club, 403, "Forbidden: bot is not a member of the supergroup chat")
	w.Restore(w.club)
	w.Refuse(w.club, 400, "Bad Request: CHAT_WRITE_FORBIDDEN")
	try(w.club, 400, "Bad Request: CHAT_WRITE_FORBIDDEN")
	w.Restore(w.club)

	w.Mute(w.news)
	try(w.news, 400, "Bad Request: need administrator rights in the channel chat")

	w.Migrate(small, -1000000000005)
	if r := w.refused("sendMessage", o{"chat_id": small, "text": "x"}, 400, "Bad Request: group chat was upgraded to a supergroup chat"); r.body.Parameters.MigrateTo != -1000000000005 {
		t.Errorf("%s", r.raw)
	}
	w.send(-1000000000005, "x")

	w.AddTopic(w.club, 9)
	topic := func(thread int, code int, description string) {
		t.Helper()
		w.refused("sendMessage", o{"chat_id": w.club, "text": "x", "message_thread_id": thread}, code, description)
	}
	if m := w.send(w.club, "x", o{"message_thread_id": 9}); m.Thread != 9 {
		t.Errorf("%+v", m)
	}
	topic(1, 400, "Bad Request: message thread not found")
	w.CloseTopic(w.club, 9)
	topic(9, 400, "Bad Request: TOPIC_CLOSED")
	w.DeleteTopic(w.club, 9)
	topic(9, 400, "Bad Request: message thread not found")
	w.clean()
}

func TestMembers(t *testing.T) {
	w := newWorld(t)
	w.SetMember(w.club, 60, "kicked")
	status := func(user int64) string {
		var m struct{ Status string }
		_ = json.Unmarshal(w.must("getChatMember", o{"chat_id": w.club, "user_id": user}), &m)
		return m.Status
	}
	w.AddUser(61, "Bea", "")
	if got := []string{status(42), status(43), status(60), status(61), status(w.BotID())}; fmt.Sprint(got) != "[creator administrator kicked left member]" {
		t.Errorf("%q", got)
	}
	w.Say(w.club, 61, "hello")
	if got := status(61); got != "member" {
		t.Errorf("%q", got)
	}
	w.refused("getChatMember", o{"chat_id": w.club, "user_id": 999}, 400, "user not found")
	if r := w.must("getChatAdministrators", o{"chat_id": w.club}); strings.Count(string(r), "status") != 2 {
		t.Errorf("%s", r)
	}
	if r := string(w.must("getMe", nil)); !strings.Contains(r, Username) || !strings.Contains(r, "7000000001") {
		t.Errorf("%s", r)
	}
	w.must("getChat", o{"chat_id": w.ada})
	w.must("sendChatAction", o{"chat_id": w.ada, "action": "typing"})
	w.clean()
}
