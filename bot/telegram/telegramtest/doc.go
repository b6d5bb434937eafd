// Package documentation: what the stand-in promises and how a test drives it.

// Package telegramtest is a Telegram Bot API server in one process, on a
// loopback address, for tests and local development.
//
// Every request is checked, whatever the test is about:
//
//   - against the machine-readable description of the Bot API, when it is found
//     (see [WithSpec]): method, parameters and the objects serialized in them;
//   - against the documented limits of texts, captions, keyboards, answers to
//     presses and command menus, which win where the description is silent.
//     Lengths are in UTF-16 code units, the stricter reading; HTML is parsed
//     strictly, so that nothing passes that Telegram would silently drop.
//
// A request that fails a check is a violation: it is reported through
// [Reporter.Errorf], kept in [Server.Violations] and answered as Telegram
// would, mostly 400. A request that is well formed but refused by the state of
// the world (an unknown chat, a bot that was blocked) is no violation: it is
// only answered.
//
// A test plays the people: [Server.Say], [Server.Paste], [Server.EditSaid] and
// [Server.Press] make the updates that Telegram would. It observes with
// [Server.Await], [Server.Messages], [Server.Calls] and [Server.Commands], and
// breaks things with [Server.Intercept] and the methods that change the world
// ([Server.Block], [Server.Kick], [Server.Deactivate], [Server.Migrate]).
//
// Chats, users and messages are named by their numeric ids; message ids count
// from 1 in every chat, as in supergroups, so a message is named by both. A
// webhook can be set but is never called: it only bars getUpdates.
//
// Invariants: nothing sleeps, everything that waits ends with its context, the
// request or [Server.Close]; no method calls back into the test while it holds
// the server's lock; after Close nothing is reported and no goroutine is left.
// All methods may be called concurrently.
//
//	srv := telegramtest.New(t)
//	defer srv.Close()
//	ada := srv.AddPrivate(42, "Ada", "it")
//	// … run a bot with telegramtest.Token against srv.URL() …
//	srv.Say(ada, ada, "/start")
//	m, err := srv.Await(ctx, telegramtest.In(ada, "Ciao"))
//	b, _ := m.Button("Leggi")
//	answer, err := srv.Press(ada, m, b.Data).Answer(ctx)
package telegramtest
