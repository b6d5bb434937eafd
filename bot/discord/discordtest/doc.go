// Package documentation: what the stand-in promises and how a test drives it.

// Package discordtest is a Discord in one process: the REST API (v9 and v10)
// and the gateway on a loopback address, for tests and local development.
//
// Every REST request is checked, whatever the test is about:
//
//   - against Discord's OpenAPI description, when it is found (see
//     [WithSpec]): path, method, query and JSON body;
//   - against the documented limits of messages, embeds, components, commands,
//     modals and autocomplete, which win where the description is laxer;
//   - against one house rule: a message created or edited carries
//     allowed_mentions with an empty parse list, and mentions one role at most.
//
// A request that fails a check is a violation: it is reported through
// [Reporter.Errorf], kept in [Server.Violations] and answered as Discord
// would, mostly 400 with code 50035 and an errors tree. A request that is
// well formed but refused by the state of the world (an unknown channel, closed
// direct messages) is no violation: it is only answered.
//
// A test plays the people: [Server.Say], [Server.Slash], [Server.Press],
// [Server.Select], [Server.Autocomplete], [Server.MessageCommand] and
// [Server.SubmitModal] send the gateway events that Discord would, and return
// what a person would then look at. It observes with [Server.Await],
// [Server.Messages], [Server.Calls] and [Server.Commands], and breaks things
// with [Server.Intercept] and the methods that change the world
// ([Server.RevokeSend], [Server.CloseDMs], [Server.CloseGateway]). It also plays
// where the bot isn't: a person who [Server.Install]s the app brings it to a
// guild that is Foreign, or to a GroupMessage channel.
//
// Invariants: nothing sleeps, everything that waits ends with its context, the
// request or [Server.Close]; no method calls back into the test while it holds
// the server's lock; after Close nothing is reported and no goroutine is left.
// All methods may be called concurrently.
//
//	srv := discordtest.New(t)
//	defer srv.Close()
//	user := srv.AddUser(discordtest.User{Username: "ada"})
//	guild := srv.AddGuild(discordtest.Guild{Name: "Newsroom"})
//	channel := srv.AddChannel(discordtest.Channel{GuildID: guild.ID, Name: "news"})
//	session, _ := discordgo.New("Bot " + discordtest.Token)
//	session.Client = srv.Client()
//	// … open the session …
//	answer, err := srv.Slash(user, channel, "digest").Answer(ctx)
package discordtest
