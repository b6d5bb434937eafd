// Command strillone is the whole of Strillone in one binary: the bot, the tools
// of its operator, and a demo that needs neither account nor configuration.
//
// It alone joins the rooms: a subcommand loads the configuration, opens the
// database, makes the adapters and hands them to a service. main handles
// signals and the exit code; run does the rest and is what tests call.
package main
