// Tests of what is beside the way: files, edits of people, look-ups, addresses.

package discordtest

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"testing"

	"github.com/bwmarrin/discordgo"
)

func TestPeoplesMessages(t *testing.T) {
	w := newWorld(t)
	g := w.dial(json9)
	g.read()
	g.write(identify(Token, testIntents))
	g.until("GUILD_CREATE")
	m := w.Say(w.user, w.DM(w.user), "a paste", WithFile("message.txt", "text/plain", []byte("long")))
	var got discordgo.Message
	if err := json.Unmarshal(g.until("MESSAGE_CREATE").D, &got); err != nil || len(got.Attachments) != 1 {
		t.Fatalf("%+v %v", got, err)
	}
	res, err := w.Client().Get(got.Attachments[0].URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if b, _ := io.ReadAll(res.Body); string(b) != "long" || got.Attachments[0].Filename != "message.txt" {
		t.Errorf("%q %+v", b, got.Attachments[0])
	}
	w.EditSaid(m, "corrected")
	if err := json.Unmarshal(g.until("MESSAGE_UPDATE").D, &got); err != nil || got.Content != "corrected" || got.EditedTimestamp == nil {
		t.Errorf("%+v %v", got, err)
	}
	if r := w.call("PATCH", w.messages(w.DM(w.user))+"/"+m.ID, o{"content": "x", "allowed_mentions": quiet}); r.code() != 50005 {
		t.Errorf("%s", r.raw)
	}
	if r := w.call("DELETE", w.messages(w.DM(w.user))+"/"+m.ID, nil); r.code() != 50003 {
		t.Errorf("%s", r.raw)
	}
	w.DeleteMessage(m)
	g.until("MESSAGE_DELETE")
	if len(w.Violations()) != 2 {
		t.Errorf("%q", w.Violations())
	}
	w.Say(w.user, w.channel, text(4001))
	if len(w.Violations()) != 3 {
		t.Error("a person sends 4001 characters")
	}
}

func TestUpload(t *testing.T) {
	w := newWorld(t)
	d, _ := discordgo.New("Bot " + Token)
	d.Client = w.Client()
	m, err := d.ChannelMessageSendComplex(w.channel.ID, &discordgo.MessageSend{AllowedMentions: silent,
		Files: []*discordgo.File{{Name: "a.csv", ContentType: "text/csv", Reader: bytes.NewReader([]byte("a,b"))}}})
	if err != nil || len(m.Attachments) != 1 || m.Attachments[0].Filename != "a.csv" {
		t.Fatalf("%+v %v", m, err)
	}
	call := w.Calls()[0]
	if len(call.Files) != 1 || string(call.Files[0].Data) != "a,b" || !call.Is("POST", "/channels/{channel_id}/messages") {
		t.Errorf("%+v", call)
	}
	w.clean()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	_ = form.WriteField("payload_json", "{")
	form.Close()
	for _, tt := range []struct{ kind, body string }{
		{form.FormDataContentType(), b.String()},
		{"text/plain", "x"},
		{"multipart/form-data; boundary=x", "--y"},
	} {
		req, _ := http.NewRequest("POST", w.URL()+"/api/v10"+w.messages(w.channel), bytes.NewReader([]byte(tt.body)))
		req.Header.Set("Authorization", "Bot "+Token)
		req.Header.Set("Content-Type", tt.kind)
		res, err := w.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != 400 {
			t.Errorf("%s: %d", tt.kind, res.StatusCode)
		}
	}
}

func TestLookUps(t *testing.T) {
	w := newWorld(t)
	role := w.AddRole(w.guild.ID, "editors", PermissionManageGuild)
	w.AddMember(w.guild.ID, w.user, PermissionsMember, role)
	w.post(w.channel, o{"content": "1"})
	last := w.post(w.channel, o{"content": "2"})
	for _, tt := range []struct {
		path, want string
	}{
		{"/users/" + w.user.ID, `"username":"ada"`},
		{"/users/@me/guilds", `"name":"Newsroom"`},
		{"/applications/@me", `"id":"` + ApplicationID + `"`},
		{"/oauth2/applications/@me", `"id":"` + ApplicationID + `"`},
		{"/guilds/" + w.guild.ID, `"preferred_locale":"it"`},
		{"/guilds/" + w.guild.ID + "/channels", `"name":"news"`},
		{"/guilds/" + w.guild.ID + "/roles", `"name":"editors"`},
		{"/guilds/" + w.guild.ID + "/members/" + w.user.ID, `"roles":["` + role + `"]`},
		{"/channels/" + w.news.ID, `"type":5`},
		{w.messages(w.channel) + "?limit=1", `"content":"2"`},
		{w.messages(w.channel) + "?before=" + last, `"content":"1"`},
	} {
		if r := w.call("GET", tt.path, nil); r.status != 200 || !bytes.Contains([]byte(r.raw), []byte(tt.want)) {
			t.Errorf("%s: %d %s", tt.path, r.status, r.raw)
		}
	}
	if r := w.call("POST", "/channels/"+w.channel.ID+"/typing", nil); r.status != 204 {
		t.Errorf("%d %s", r.status, r.raw)
	}
	if r := w.call("GET", "/guilds/"+w.guild.ID+"/members/42", nil); r.code() != 10007 {
		t.Errorf("%s", r.raw)
	}
	if n := len(w.Channels()); n != 2 {
		t.Errorf("%d channels", n)
	}
	w.clean()
}

func TestFixedAddress(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	s := New(&recorder{}, WithAddress(addr), WithApplicationID("7"))
	defer s.Close()
	if s.URL() != "http://"+addr || s.Bot().ID != "7" {
		t.Errorf("%s %+v", s.URL(), s.Bot())
	}
	s.Close() // twice is once
}
