package compose_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/bot/terminal"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

var update = flag.Bool("update", false, "write the golden files")

var slot = time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)

// broadcast is a digest on its way, on two platforms.
var broadcast = delivery.Report{Slot: slot, At: slot.Add(time.Second), Platforms: []delivery.PlatformReport{
	{Platform: "discord", Subscriptions: 200, Sent: 200},
	{
		Platform: "telegram", Subscriptions: 9_812, Queued: 3_780, Sending: 7, Sent: 6_000, Doubts: 3,
		Failures: []delivery.Reason{
			{Kind: delivery.Gone, Count: 12, Words: "telegram: sendMessage: Forbidden: bot was blocked by the user"},
			{Kind: delivery.Rejected, Count: 1, Words: strings.Repeat("una\nparola ", 40)},
		},
	},
}}

func ended() delivery.Report {
	return delivery.Report{Slot: slot, At: slot, Platforms: []delivery.PlatformReport{
		{Platform: "telegram", Subscriptions: 1, Sent: 1, Doubts: 1, Failures: []delivery.Reason{{Kind: "new", Count: 1}}},
	}}
}

func everyone() delivery.Report {
	r := ended()
	r.Platforms[0].Failures, r.Platforms[0].Doubts, r.Platforms[0].Sent = nil, 0, 10_000
	return r
}

func TestStatusAndProgress(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	w := compose.Writer{Zone: zone}
	o := compose.Outlook{
		Now: slot.Add(6 * time.Minute), Next: slot.Add(24 * time.Hour),
		Pace: map[digest.Platform]float64{"telegram": 29.7},
	}
	begun := delivery.Report{Slot: slot, At: o.Now, Platforms: []delivery.PlatformReport{{Platform: "telegram", Subscriptions: 1_000_000, Queued: 1_000_000}}}
	unpaced := delivery.Report{Slot: slot, At: o.Now, Platforms: []delivery.PlatformReport{{Platform: "discord", Subscriptions: 1, Queued: 1}}}
	render := terminal.New(terminal.Config{Out: os.Stdout, Width: 72})
	for _, l := range []digest.Language{"it", "en"} {
		p := locale.For(l)
		for name, docs := range map[string][]markup.Doc{
			"status": {
				w.Status(broadcast, o, p), w.Status(ended(), o, p), w.Status(everyone(), o, p),
				w.Status(begun, o, p), w.Status(unpaced, o, p), w.Status(delivery.Report{}, compose.Outlook{Now: slot}, p),
			},
			"glance":   {w.Glance(broadcast, o, p), w.Glance(delivery.Report{}, o, p)},
			"progress": {w.Progress(begun, o, p), w.Progress(broadcast, o, p), w.Progress(unpaced, o, p), w.Progress(ended(), o, p), w.Progress(everyone(), o, p)},
		} {
			var all []string
			for _, d := range docs {
				parts, err := render.Render(d)
				if err != nil || len(parts) != 1 {
					t.Fatal(len(parts), err)
				}
				all = append(all, string(parts[0]))
			}
			compare(t, filepath.Join("testdata", name+"."+string(l)+".txt"), strings.Join(all, "\n\n========\n\n")+"\n")
		}
	}
}

func compare(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-update writes it anew):\n%s", path, diff)
	}
}
