// Package telegram joins Strillone to Telegram through the Bot API
// (https://core.telegram.org/bots/api): updates in, Docs out, failures
// classified.
//
// Invariants:
//   - An update is confirmed only after everything it asked for is done, and
//     after all updates before it; one that comes again is handled once.
//   - Updates of one chat are handled in order; different chats don't wait for
//     each other, as long as no more than a hundred updates are in the air.
//   - The token sits in the URL of every call. No error and no log record that
//     leaves this package contains it.
//   - A part is the body of a sendMessage without its destination, valid on its
//     own: no tag is left open, no limit of the Bot API is passed. One that has a
//     rich form holds both, which say the same: whichever is sent, it is sent once.
//   - A button carries an id that only the bot can read (Config.Buttons); a press
//     whose id is unknown runs nothing.
//   - Where many read along, nothing is posted because of a press that reads or
//     that is refused, a command is answered with one message, and what was
//     delivered is never edited.
//   - No sentence for people is written here: they come with a Reply or a Doc.
//
// The library go-telegram-bot-api gives the types of calls and refusals. Its way
// of sending takes a message apart and puts it together twice, and its update
// loop confirms before handling and knows no context: a thin client posts here,
// and decodes what the library can't.
package telegram
