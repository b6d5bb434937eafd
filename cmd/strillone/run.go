// run: flags to subcommands, errors to an exit code.

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/alecthomas/kong"

	"github.com/strillone/strillone/cmd/strillone/config"
)

// stdio are the streams of the process.
type stdio struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// Exit codes.
const (
	exitOK    = 0
	exitFault = 1 // what was asked for could not be done; the reason is on stderr
	exitUsage = 2 // the command line is wrong
)

// cli is the command line.
type cli struct {
	Config string `short:"c" default:"strillone.yaml" placeholder:"FILE" help:"Configuration file."`

	Serve   serveCommand   `cmd:"" help:"Run the bot."`
	Status  statusCommand  `cmd:"" help:"Show how the deliveries stand, beside a running bot as well."`
	Check   checkCommand   `cmd:"" help:"Check configuration, database and tokens; list every fault."`
	Import  importCommand  `cmd:"" help:"Publish articles from text files. Articles already there are left alone."`
	Preview previewCommand `cmd:"" help:"Show exactly what would be sent for an article."`
	Demo    demoCommand    `cmd:"" help:"Try Strillone here: no account, no configuration."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// environment is what every subcommand gets.
type environment struct {
	stdio
	ctx    context.Context //nolint:containedctx // kong binds values, and this one lives as long as the command
	getenv func(string) string
	config string
}

// run is the program without its process: tests call it.
func run(ctx context.Context, args []string, std stdio, getenv func(string) string) int {
	var c cli
	exit := -1
	parser, err := kong.New(&c,
		kong.Name("strillone"),
		kong.Description("A chat bot that delivers a tech-news digest on Telegram and Discord.\n\nTry it now: strillone demo"),
		kong.Writers(std.Out, std.Err),
		kong.Exit(func(code int) { exit = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		fmt.Fprintf(std.Err, "strillone: %v\n", err)
		return exitUsage
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 {
		return exit
	}
	if err != nil {
		fmt.Fprintf(std.Err, "strillone: %v\nSee: strillone --help\n", err)
		return exitUsage
	}
	err = parsed.Run(&environment{stdio: std, ctx: ctx, getenv: getenv, config: c.Config})
	if err != nil {
		report(std.Err, err)
		return exitFault
	}
	return exitOK
}

// report prints an error; faults of the configuration stand one to a line.
func report(w io.Writer, err error) {
	if faults, ok := errors.AsType[config.Faults](err); ok {
		fmt.Fprintln(w, faults.Error())
		return
	}
	fmt.Fprintf(w, "strillone: %v\n", err)
}

type versionCommand struct{}

func (versionCommand) Run(e *environment) error {
	version := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
	}
	_, err := fmt.Fprintln(e.Out, "strillone", version)
	return err
}
