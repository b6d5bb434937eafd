// Package discord joins Strillone to Discord: slash commands, buttons, menus and
// messages come in as bot.Request, documents go out as messages made of
// components, and Discord's refusals become delivery.Failure.
//
// Invariants:
//   - One call is one request: discordgo's own retries, its sleeping on rate
//     limits and its bucket locks never come into play; whoever calls decides.
//   - What Discord refuses is decided in one table, failures.go.
//   - The token is in one header and nowhere else: discordgo's log is off, and
//     no error that holds a request leaves the transport.
//   - Text from people is escaped in one place, escape.go, and nobody is ever
//     mentioned: every message carries allowed_mentions {"parse": []}, and a
//     digest beside it the one role that its destination chose.
//   - A button carries an id that says nothing; what it means is looked up here.
//   - Interactions and messages are read with this package's own types: an event
//     with a component that discordgo doesn't know is read like any other.
//   - A post carries a nonce that Discord enforces, so that a repetition within
//     a few minutes brings back the first message and makes no second.
//
// Destinations: Chat is the id of a channel, a thread or a direct-message
// channel, which is a channel like any other; Thread, when it is set, is the id
// of a thread, and messages go there. Where the bot isn't and a person carries
// the app, the place of what that person asks is their direct messages.
//
// One connection to the gateway is all a bot in up to 2,500 servers may have
// (docs.discord.com, Gateway, Sharding); there is no sharding here.
package discord
