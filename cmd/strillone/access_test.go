// Places that are lost, move, refuse, and are there again, all the way.

package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/strillone/strillone/bot/telegram"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/storage"
)

// street is the newsstand with a program that serves it.
type street struct {
	*testing.T
	*telegramtest.Server
	program  *program
	ctx      context.Context
	articles int
}

// onTheStreet starts the program after prepare did what it likes to the
// database.
func onTheStreet(t *testing.T, more string, prepare func(storage.Store)) *street {
	t.Helper()
	srv := newsstand(t)
	config := telegramConfig(t, srv, more)
	if prepare != nil {
		_, rest, _ := strings.Cut(config, "database: ")
		url, _, _ := strings.Cut(rest, "\n")
		store, err := storage.Open(t.Context(), url)
		must(t, err)
		prepare(store)
		must(t, store.Close())
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	t.Cleanup(cancel)
	return &street{T: t, Server: srv, program: start(t, config), ctx: ctx}
}

// await waits for a message in a chat.
func (s *street) await(chat int64, text string) telegramtest.Message {
	s.T.Helper()
	m, err := s.Await(s.ctx, telegramtest.In(chat, text))
	if err != nil {
		s.Fatalf("no %q in %d: %v", text, chat, err)
	}
	return m
}

// logged waits until the program's log says all of it on one line.
func (s *street) logged(words ...string) {
	s.T.Helper()
	for s.ctx.Err() == nil {
		news := s.program.log.next()
		for line := range strings.Lines(s.program.log.String()) {
			missing := 0
			for _, w := range words {
				if !strings.Contains(line, w) {
					missing++
				}
			}
			if missing == 0 {
				return
			}
		}
		select {
		case <-news:
		case <-s.ctx.Done():
		}
	}
	s.Fatalf("the log never says %q", words)
}

// publish publishes the next article and returns its name in the digests.
func (s *street) publish() string {
	s.T.Helper()
	s.articles++
	title := "Titolo " + strconv.Itoa(s.articles)
	s.Say(editorID, editorID, title+"\nSommario.\nTesto di "+title+".")
	preview, err := s.Await(s.ctx, func(m telegramtest.Message) bool {
		_, offered := m.Button("Pubblica")
		return m.Chat == editorID && offered && strings.Contains(m.Text, title)
	})
	must(s.T, err)
	_, err = press(s.ctx, s.Server, editorID, preview, "Pubblica")
	must(s.T, err)
	s.await(editorID, fmt.Sprintf("è il #%d", s.articles))
	return fmt.Sprintf("#%d %s", s.articles, title)
}

// digests are those that arrived in a chat.
func (s *street) digests(chat int64) []telegramtest.Message {
	var list []telegramtest.Message
	for _, m := range s.Messages() {
		if m.Chat == chat && strings.Contains(m.Text, "🗞 Strillone ·") {
			list = append(list, m)
		}
	}
	return list
}

// subscribeInEnglish has readers get the digest in a language that isn't their
// telephone's: a setting to be found again.
func subscribeInEnglish(t *testing.T, chats ...int64) func(storage.Store) {
	return func(store storage.Store) {
		for _, chat := range chats {
			to := digest.Destination{Platform: telegram.Platform, Chat: strconv.FormatInt(chat, 10)}
			_, _, err := store.Subscribe(t.Context(), to, digest.English, time.Now())
			must(t, err)
		}
	}
}

// Who blocks the bot is gone at once; one whose blocking nobody told is gone at
// the next digest. Either is welcomed back, with the settings there were.
func TestBlockedAndBack(t *testing.T) {
	s := onTheStreet(t, "", subscribeInEnglish(t, readerID, strangeID))
	const words = "Forbidden: bot was blocked by the user"
	s.Block(strangeID)
	s.logged("a place is lost", "subscriptions=1", "blocked by the user")
	s.Refuse(readerID, 403, words) // no update tells
	s.publish()
	s.logged("part not sent", "kind=gone", "state=failed", words)

	s.Restore(readerID)
	s.Say(readerID, readerID, "/start")
	contains(t, s.await(readerID, "Welcome back!").Text, "you get the digest here")
	s.Say(strangeID, strangeID, "/start")
	contains(t, s.await(strangeID, "Welcome back!").Text, "you get the digest here")
	second := s.publish()
	for _, chat := range []int64{readerID, strangeID} {
		contains(t, s.await(chat, second).Text, "1 new article")
		if got := len(s.digests(chat)); got != 1 {
			t.Errorf("%d digests in %d, of which one went out meanwhile", got, chat)
		}
	}
}

// A group that became a supergroup gets the next digest there.
func TestMigrated(t *testing.T) {
	const superID = -1000000002001
	s := onTheStreet(t, "", nil)
	s.Say(groupID, editorID, "/iscriviti@"+telegramtest.Username)
	s.await(groupID, "il digest arriva qui")
	s.Migrate(groupID, superID)
	s.await(superID, s.publish())
	s.await(superID, s.publish())
	if got := len(s.digests(superID)); got != 2 {
		t.Errorf("%d digests", got)
	}
}

// A topic that is deleted leaves its chat, and the one subscription it becomes.
func TestTopicDeleted(t *testing.T) {
	const forumID, thread = -1000000002002, 9
	s := onTheStreet(t, "", nil)
	s.AddGroup(forumID, "Forum", editorID)
	s.AddTopic(forumID, thread)
	s.Say(forumID, editorID, "/iscriviti@"+telegramtest.Username, telegramtest.InTopic(thread))
	s.await(forumID, "il digest arriva qui")
	if m := s.await(forumID, s.publish()); m.Thread != thread {
		t.Errorf("in thread %d", m.Thread)
	}
	s.DeleteTopic(forumID, thread)
	for range 2 {
		if m := s.await(forumID, s.publish()); m.Thread != 0 {
			t.Errorf("in thread %d", m.Thread)
		}
	}
	s.Say(forumID, editorID, "/iscriviti@"+telegramtest.Username)
	s.await(forumID, "Il digest arriva già qui")
	if got := len(s.digests(forumID)); got != 3 {
		t.Errorf("%d digests", got)
	}
}

// A group that doesn't let the bot write is tried again and given up, and goes on
// when it does. The editors are told twice.
func TestMuted(t *testing.T) {
	s := onTheStreet(t, "delivery: {give_up_after: 3}", nil)
	s.Say(groupID, editorID, "/iscriviti@"+telegramtest.Username)
	s.await(groupID, "il digest arriva qui")
	s.Mute(groupID)
	const words = "not enough rights to send text messages"
	s.publish()
	contains(t, s.await(editorID, "l’ultimo digest non è arrivato").Text, "Amici delle notizie", "se non va per 3 di fila")
	for i := 2; i <= 3; i++ {
		s.publish()
		s.logged("part not sent", fmt.Sprintf("delivery=%d", i), "kind=access_lost", words)
	}
	contains(t, s.await(editorID, "dopo 3 digest di fila").Text, "Amici delle notizie", "/iscriviti")
	s.logged("given up after 3 digests in a row", words)

	s.Restore(groupID)
	contains(t, s.await(groupID, "Di nuovo tra voi!").Text, "il digest arriva qui")
	s.await(groupID, s.publish())
	told := 0
	for _, m := range s.Messages() {
		if m.Chat == editorID && strings.Contains(m.Text, "Amici delle notizie") {
			told++
		}
	}
	if told != 2 || len(s.digests(groupID)) != 1 {
		t.Errorf("the editor was told %d times, %d digests", told, len(s.digests(groupID)))
	}
}

// A group that lets the bot in again goes on as before; one that unsubscribed,
// or never subscribed, is told how to begin.
func TestLetInAgain(t *testing.T) {
	const quietID, newID = -2002, -2003
	s := onTheStreet(t, "", nil)
	s.AddGroup(quietID, "Quieti", editorID)
	s.AddGroup(newID, "Nuovi", editorID)
	for _, chat := range []int64{groupID, quietID} {
		s.Say(chat, editorID, "/iscriviti@"+telegramtest.Username)
		s.await(chat, "il digest arriva qui")
	}
	s.Say(quietID, editorID, "/disiscriviti@"+telegramtest.Username)
	s.await(quietID, "non arriva più nessun digest")
	before := len(s.Messages())
	for _, chat := range []int64{newID, quietID, groupID} {
		s.Kick(chat)
		s.Restore(chat)
	}
	s.await(groupID, "Di nuovo tra voi!")
	for _, chat := range []int64{newID, quietID} {
		s.await(chat, "/iscriviti")
	}
	must(t, s.AwaitConfirmed(s.ctx))
	if got := len(s.Messages()) - before; got != 3 {
		t.Errorf("%d messages, want one for each group", got)
	}
	s.await(groupID, s.publish())
}
