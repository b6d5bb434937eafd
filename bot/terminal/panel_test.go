// Panels: buttons that ask for a text, commands in the person's language, files.

package terminal

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest/markup"
)

// desk answers with a panel and gives a file.
type desk struct {
	echo
	ran []string
}

func (d *desk) Command(_ context.Context, r bot.Request) bot.Reply {
	d.ran = append(d.ran, strings.TrimSpace(r.Command+" "+r.Args))
	reply := bot.Reply{Doc: markup.Doc{
		Blocks: []markup.Block{
			markup.Paragraph{Text: markup.T("⚙️ Impostazioni")},
			markup.Details{Extra: true, Summary: markup.T("Piegato"), Blocks: []markup.Block{markup.Paragraph{Text: markup.T("via")}}},
		},
		Rows: [][]markup.Action{{
			{Label: "Ora", Command: "ora", Input: &markup.Input{Label: "A che ora?", Hint: "7:30"}},
			{Label: "Temi", Command: "temi tutti"},
		}},
	}}
	if r.Command == "miei_dati" {
		reply = bot.Reply{File: &bot.File{Name: "../dati.json", Content: []byte("{}")}}
	}
	return reply
}

func TestAsking(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"answered":    {"/impostazioni\n/ora\n\n 7:30 \n", []string{"impostazioni", "ora 7:30"}},
		"by its name": {"/impostazioni\n/TIME\n7:30\n", []string{"impostazioni", "ora 7:30"}},
		"outright":    {"/impostazioni\n/ora 8:00\n", []string{"impostazioni", "ora 8:00"}},
		"unasked":     {"/ora\n7:30\n.\n", []string{"ora"}},
		"called off":  {"/impostazioni\n/ora\n/temi tutti\n7:30\n.\n", []string{"impostazioni", "temi tutti"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := &desk{}
			var out strings.Builder
			speak := func(line string) string { return strings.Replace(line, "ora", "time", 1) }
			if err := New(Config{In: strings.NewReader(c.in), Out: &out, Width: 80, Speak: speak}).Run(t.Context(), h); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, h.ran); diff != "" {
				t.Error(diff)
			}
			if !strings.Contains(out.String(), "⚙️ Impostazioni\n\n[Ora: /time …]  [Temi: /temi tutti]\n") {
				t.Errorf("printed %q", out.String())
			}
			if asked := strings.Contains(out.String(), "A che ora? (7:30)"); asked != strings.Contains(c.in, "/impostazioni\n/ora\n") && asked != strings.Contains(c.in, "/TIME") {
				t.Errorf("printed %q", out.String())
			}
		})
	}
}

// A file is put into the folder and nowhere else, and never over another.
func TestFiles(t *testing.T) {
	folder := t.TempDir()
	var out strings.Builder
	in := strings.NewReader("/miei_dati\n/miei_dati\n")
	if err := New(Config{In: in, Out: &out, Folder: folder}).Run(t.Context(), &desk{}); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "dati-*.json"))
	if err != nil || len(files) != 2 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, f := range files {
		content, err := os.ReadFile(f)
		if err != nil || string(content) != "{}" || !strings.Contains(out.String(), "📎 "+f) {
			t.Errorf("%s holds %q, %v; printed %q", f, content, err, out.String())
		}
	}
}
