// Package command is every command, once, for all platforms: its names, who may
// use it, its argument, and the handler that answers with a bot.Reply. Access
// is decided in one place, Table.run, for commands typed and buttons pressed
// alike; a command that names no access is for nobody.
package command
