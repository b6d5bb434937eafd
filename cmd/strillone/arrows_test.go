// The arrows between rooms, over what every package really depends on.

package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/strillone/strillone"

// listed is what go list tells of a package.
type listed struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
	Deps                               []string // through everything it imports, tests aside
}

// libraries are imported in their homes only, tests included.
var libraries = map[string][]string{
	"github.com/bwmarrin/discordgo":  {"bot/discord"},
	"github.com/gorilla/websocket":   {"bot/discord"},
	"github.com/go-telegram-bot-api": {"bot/telegram"},
	"github.com/robfig/cron":         {"bot/scheduler"},
	"modernc.org/sqlite":             {"storage"},
	"github.com/jackc/pgx":           {"storage"},
	"github.com/pressly/goose":       {"storage"},
	"database/sql":                   {"storage"},
	"github.com/goccy/go-yaml":       {"bot/locale", "cmd/strillone/config"},
	"github.com/alecthomas/kong":     {"cmd"},
	"github.com/yuin/goldmark":       {"digest/manuscript"},
}

// forbidden are the arrows that never are, through however many packages.
var forbidden = map[string][]string{
	"digest":       {"bot", "storage", "cmd"},
	"storage":      {"bot", "cmd"},
	"bot":          {"storage", "cmd"},
	"bot/telegram": {"bot/discord", "bot/terminal"},
	"bot/discord":  {"bot/telegram", "bot/terminal"},
	"bot/terminal": {"bot/telegram", "bot/discord"},
	"bot/command":  {"bot/telegram", "bot/discord", "bot/terminal"},
	"bot/newsroom": {"bot/telegram", "bot/discord", "bot/terminal"},
	"bot/compose":  {"bot/telegram", "bot/discord", "bot/terminal"},
}

// The arrows of the house run one way.
func TestArrows(t *testing.T) {
	for _, p := range packages(t) {
		room := strings.TrimPrefix(p.ImportPath, module+"/")
		if top, _, _ := strings.Cut(room, "/"); !slices.Contains([]string{"cmd", "bot", "digest", "storage"}, top) {
			t.Errorf("%s: code stands in cmd, bot, digest and storage only", p.ImportPath)
		}
		for from, targets := range forbidden {
			if !within(room, from) {
				continue
			}
			for _, dep := range p.Deps {
				if slices.ContainsFunc(targets, func(to string) bool { return within(dep, module+"/"+to) }) {
					t.Errorf("%s must not depend on %s", room, dep)
				}
			}
		}
		for library, home := range libraries {
			if slices.ContainsFunc(home, func(h string) bool { return within(room, h) }) {
				continue
			}
			for _, path := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
				if within(path, library) {
					t.Errorf("%s must not import %s", room, path)
				}
			}
		}
	}
}

// The domain imports the standard library and digest/markup, which imports the
// standard library alone.
func TestDomainStandsAlone(t *testing.T) {
	allowed := map[string][]string{
		"digest":        {"digest/markup"},
		"digest/markup": {},
	}
	found := 0
	for _, p := range packages(t) {
		others, ok := allowed[strings.TrimPrefix(p.ImportPath, module+"/")]
		if !ok {
			continue
		}
		found++
		for _, path := range p.Imports {
			if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
				continue // of the standard library
			}
			if !slices.Contains(others, strings.TrimPrefix(path, module+"/")) {
				t.Errorf("%s must not import %s", p.ImportPath, path)
			}
		}
	}
	if found != len(allowed) {
		t.Errorf("%d packages of %d found", found, len(allowed))
	}
}

// within says whether a path is a folder or something in it, versions counted in.
func within(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,TestImports,XTestImports,Deps", module+"/...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.Bytes())
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}
