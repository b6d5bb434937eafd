// Tests of the desk, on a real database: every way in, and what is told.

package newsroom

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/bot/terminal"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
	"github.com/strillone/strillone/storage"
)

const patient = 20 * time.Second

// office is a newsroom and the chat of one editor.
type office struct {
	*testing.T
	path    string
	store   storage.Store
	desk    *Desk
	chat    *chat
	stop    func()
	message int // the last one's id
}

// chat is what the editor is sent of the bot's own accord, rendered as in a
// terminal.
type chat struct {
	*terminal.Adapter
	mu   sync.Mutex
	fail func(delivery.Message) error
	sent chan delivery.Message
	keys map[string]int
}

func (c *chat) Send(ctx context.Context, m delivery.Message) (delivery.Receipt, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fail != nil {
		if err := c.fail(m); err != nil {
			return "", err
		}
	}
	c.keys[m.Key]++
	select {
	case c.sent <- m:
		return "1", nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (c *chat) Post(_ context.Context, person string, doc markup.Doc) (bot.Notice, error) {
	if person == "closed" {
		return bot.Notice{}, &delivery.Failure{Kind: delivery.AccessLost, Err: errors.New("closed")}
	}
	parts, err := c.Render(doc)
	if err != nil {
		return bot.Notice{}, err
	}
	to := digest.Destination{Platform: "telegram", Chat: "dm-" + person}
	_, err = c.Send(context.Background(), delivery.Message{To: to, Part: parts[0]})
	return bot.Notice{Place: to, Receipt: "1"}, err
}

func (c *chat) Edit(context.Context, bot.Notice, markup.Doc) error { return nil }

func open(t *testing.T) *office {
	o := &office{T: t, path: filepath.Join(t.TempDir(), "s.db"), message: 100}
	o.begin(Config{})
	t.Cleanup(func() { o.end() })
	return o
}

// begin opens the database and the desk, as a new process does. Texts wait for
// their rest for ever, but for what is given.
func (o *office) begin(c Config) {
	o.Helper()
	store, err := storage.Open(o.Context(), "sqlite:"+o.path)
	if err != nil {
		o.Fatal(err)
	}
	o.store = store
	if o.chat == nil {
		o.chat = &chat{
			Adapter: terminal.New(terminal.Config{In: strings.NewReader(""), Out: &bytes.Buffer{}, Width: 100}),
			sent:    make(chan delivery.Message, 200), keys: make(map[string]int),
		}
	}
	c.Drafts = store
	c.Messengers = map[digest.Platform]Messenger{"telegram": o.chat}
	c.Boards = map[digest.Platform]bot.Noticeboard{"telegram": o.chat}
	c.Writer = compose.Writer{Zone: time.UTC}
	c.Now = time.Now
	c.Next = func(now time.Time) time.Time { return now.Add(time.Hour) }
	if c.Wait == 0 {
		c.Wait = time.Hour
	}
	if c.Soon == 0 {
		c.Soon = time.Millisecond
	}
	if c.Resume == 0 {
		c.Resume = time.Millisecond
	}
	o.desk = NewDesk(c)
	o.stop = func() {}
}

// run has the desk work on what waits.
func (o *office) run() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		o.desk.Run(ctx)
	}()
	o.stop = func() {
		cancel()
		<-done
	}
}

// end ends it: what is not in the database is gone.
func (o *office) end() {
	o.stop()
	o.stop = func() {}
	if err := o.store.Close(); err != nil {
		o.Error(err)
	}
}

var place = digest.Destination{Platform: "telegram", Chat: "7"}

// text is the editor's next message.
func (o *office) text(s string) bot.Text {
	o.message++
	return bot.Text{
		Request:    bot.Request{Actor: bot.Actor{Platform: "telegram", ID: "7"}, Place: place},
		Submission: digest.Submission{Text: markup.T(s), Author: "telegram:7"},
		Message:    fmt.Sprint(o.message), Written: time.Unix(1_800_000_000, 0), Limit: 4096,
	}
}

var italian = locale.For(digest.Italian)

// say submits a message and returns what is answered at once.
func (o *office) say(t bot.Text) string {
	o.Helper()
	reply, err := o.desk.Submit(o.Context(), t, italian)
	if digest.CodeOf(err) != "" {
		return sentence(italian, err)
	}
	if err != nil {
		o.Fatal(err)
	}
	return o.words(reply.Doc)
}

func (o *office) words(doc markup.Doc) string {
	o.Helper()
	parts, err := o.chat.Render(doc)
	if err != nil {
		o.Fatal(err)
	}
	return string(bytes.Join(byteSlices(parts), []byte("\n")))
}

func byteSlices(parts []delivery.Part) [][]byte {
	out := make([][]byte, len(parts))
	for i, p := range parts {
		out[i] = p
	}
	return out
}

// hear is the next message of the bot's own accord.
func (o *office) hear(want ...string) string {
	o.Helper()
	select {
	case m := <-o.chat.sent:
		o.has(string(m.Part), want...)
		return string(m.Part)
	case <-time.After(patient):
		o.Fatalf("no message with %q", want)
		return ""
	}
}

func (o *office) silent() {
	o.Helper()
	select {
	case m := <-o.chat.sent:
		o.Errorf("said:\n%s", m.Part)
	default:
	}
}

func (o *office) has(s string, want ...string) {
	o.Helper()
	for _, w := range want {
		if !strings.Contains(strings.Join(strings.Fields(s), " "), w) {
			o.Errorf("no %q in:\n%s", w, s)
		}
	}
}

// publish publishes the draft of that id.
func (o *office) publish(id int64) {
	o.Helper()
	if _, err := o.desk.Publish(o.Context(), id, italian); err != nil {
		o.Fatal(err)
	}
}

// drafts are the titles of all drafts, by id.
func (o *office) draft(id int64) digest.Article {
	o.Helper()
	a, _, err := o.store.PublishDraft(o.Context(), id, time.Now())
	if err != nil {
		o.Fatal(err)
	}
	return a
}

func long(title string, paragraphs int) string {
	var b strings.Builder
	b.WriteString(title + "\nIl sommario di prova.\n")
	for i := range paragraphs {
		fmt.Fprintf(&b, "Paragrafo %d, con %s e altre parole che bastano a farlo lungo quanto un paragrafo vero, o quasi.\n", i, title)
	}
	return b.String()
}

// cut cuts as a client does, at line ends.
func cut(s string) []string {
	var out []string
	for len(s) > 4000 {
		n := strings.LastIndexByte(s[:4000], '\n')
		out, s = append(out, s[:n]), s[n+1:]
	}
	return append(out, s)
}

func TestAPasteInPiecesIsOneArticle(t *testing.T) {
	o := open(t)
	o.run()
	pieces := cut(long("Un articolo lungo", 75))
	if len(pieces) != 3 {
		t.Fatalf("%d pieces", len(pieces))
	}
	var texts []bot.Text
	for _, s := range pieces {
		texts = append(texts, o.text(s))
	}
	for _, i := range []int{1, 0, 0, 2} { // out of order, and one twice
		if said := o.say(texts[i]); said != "" {
			t.Errorf("answered at once: %s", said)
		}
	}
	o.hear("Ho capito così", "Un articolo lungo", "Testo ✅ 1500 parole")
	for _, again := range texts { // the updates come once more
		if said := o.say(again); said != "" {
			t.Errorf("answered: %s", said)
		}
	}
	a := o.draft(1)
	if len(a.Body) != 75 {
		t.Errorf("%d paragraphs", len(a.Body))
	}
	for i, p := range a.Body {
		if !strings.HasPrefix(p.String(), fmt.Sprintf("Paragrafo %d,", i)) {
			t.Fatalf("paragraph %d: %s", i, p)
		}
	}
	o.silent()
}

func TestAShortTextIsAnsweredAtOnce(t *testing.T) {
	o := open(t)
	o.has(o.say(o.text("Titolo\nSommario.\nTesto.")), "Ho capito così")
	o.has(o.say(o.text("Solo un titolo")), "⚠️ Riga 1: ho trovato il titolo ma non il testo")
	o.has(o.say(o.text("\n\nFonti:\n– Una")), "Riga 3: manca il titolo")
}

func TestALongTextAloneIsAnsweredAfterAWhile(t *testing.T) {
	o := open(t)
	o.end()
	o.begin(Config{Wait: time.Millisecond})
	o.run()
	if said := o.say(o.text(long("Lungo ma intero", 30))); said != "" {
		t.Errorf("answered at once: %s", said)
	}
	o.hear("Lungo ma intero")
	if said := o.say(o.text(strings.Repeat("Fonti:\n– Una fonte\n", 150))); said != "" {
		t.Errorf("answered at once: %s", said)
	}
	o.hear("Riga 1: manca il titolo")
}

func TestAnAlbumsCaptionsAreOneArticle(t *testing.T) {
	o := open(t)
	o.end()
	o.begin(Config{Wait: 50 * time.Millisecond, Soon: 50 * time.Millisecond})
	o.run()
	for _, s := range []string{"Titolo dell’album\nSommario.", "Il testo della seconda didascalia."} {
		x := o.text(s)
		x.Album = "a"
		o.say(x)
	}
	o.hear("Titolo dell’album", "Testo ✅ 5 parole")
	o.silent()
}

// Whatever was taken is answered, wherever the process ends: the database is
// closed and opened again between any two steps.
func TestNothingIsLostWhereverItEnds(t *testing.T) {
	pieces := cut(long("Un articolo lungo", 75))
	for name, fall := range map[string]func(*office){
		"before any piece is put together": func(*office) {},
		"when the preview can't be sent": func(o *office) {
			failed := make(chan struct{}, 10)
			o.chat.fail = func(delivery.Message) error {
				failed <- struct{}{}
				return &delivery.Failure{Kind: delivery.RateLimited, RetryAfter: time.Hour, Err: errors.New("later")}
			}
			o.run()
			<-failed
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			for i, s := range pieces {
				o.say(o.text(s))
				if i < len(pieces)-1 { // between any two
					o.end()
					o.begin(Config{})
				}
			}
			fall(o)
			o.end()
			o.chat.fail = nil
			o.begin(Config{})
			o.run()
			o.hear("Ho capito così", "Testo ✅ 1500 parole")
			o.end()
			o.begin(Config{})
			o.run()
			if waiting, err := o.store.WaitingPieces(t.Context()); err != nil || len(waiting) > 0 {
				t.Errorf("%d pieces still wait, %v", len(waiting), err)
			}
			if a := o.draft(1); len(a.Body) != 75 {
				t.Errorf("%d paragraphs", len(a.Body))
			}
			o.silent()
		})
	}
}

// Killed after the preview went out and before that was recorded: it comes
// twice, with the same key, and there is one draft.
func TestAPreviewMayComeTwiceADraftDoesNot(t *testing.T) {
	o := open(t)
	for _, s := range cut(long("Un articolo lungo", 75)) {
		o.say(o.text(s))
	}
	pieces, err := o.store.WaitingPieces(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	docs, err := o.desk.understand(t.Context(), pieces, italian)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.desk.send(t.Context(), pieces[0].Answer, keyOf(pieces[0]), 0, docs[0]); err != nil {
		t.Fatal(err)
	}
	o.end()
	o.begin(Config{})
	o.run()
	first, second := o.hear("Ho capito così"), o.hear("Ho capito così")
	if first != second || len(o.chat.keys) != 1 {
		t.Errorf("two previews, with the keys %v", o.chat.keys)
	}
	if a := o.draft(1); a.Revision != 1 {
		t.Errorf("%+v", a)
	}
}

func attached(name, content string) bot.Attachment {
	return bot.Attachment{Name: name, Read: func(context.Context, int) ([]byte, error) {
		if content == "" {
			return nil, errors.New("gone")
		}
		return []byte(content), nil
	}}
}

func TestFiles(t *testing.T) {
	o := open(t)
	o.run()
	file := func(caption string, files ...bot.Attachment) string {
		x := o.text(caption)
		x.Files = files
		return o.say(x)
	}
	said := file("ecco", attached("uno.md", "# Titolo *uno*\n\nSommario.\n\nTesto **forte**.\n"))
	o.has(said, "Ho capito così", "Titolo uno", "la didascalia resta fuori")
	if a := o.draft(1); a.Body[0][1].Style != markup.Bold {
		t.Errorf("%+v", a.Body)
	}
	o.has(file("", attached("due.txt", "Perch\xe9 no\nSommario.\nTesto.")), "Perché no")
	o.has(file("", attached("tre.pdf", "%PDF")), "Non so leggere tre.pdf", ".docx")
	o.has(file("", attached("tre.docx", "non è un archivio")), "tre.docx non si apre")
	o.has(file("", attached("quattro.txt", "")), "scaricare quattro.txt")
	o.has(file("Titolo vero\nSommario.\nTesto.", attached("foto.png", "x")), "Titolo vero", "Non so leggere foto.png")
	o.has(file("ecco", attached("foto.png", "x")), "Non so leggere foto.png")
	o.silent()

	if said := file("", attached("a.txt", "Titolo a\nSommario.\nTesto."), attached("a.txt", "Titolo b\nSommario.\nTesto.")); said != "" {
		t.Errorf("answered at once: %s", said)
	}
	o.hear("Titolo a")
	o.hear("Titolo b")
}

func TestSeveralArticlesInOneFile(t *testing.T) {
	o := open(t)
	o.has(o.say(o.text("Già uscito\nSommario.\nTesto.")), "Già uscito")
	o.publish(1)
	o.run()
	x := o.text("")
	x.Files = []bot.Attachment{attached("rassegna.txt", strings.Join([]string{
		"# Il primo", "Sommario.", "Testo.", "Fonti:", "– Una fonte – Editore, 2024", "",
		"# Senza testo", "",
		"# Il secondo", "Sommario.", "Testo.", "Fonti:", "https://e.it", "",
		"# Già uscito", "Sommario.", "Testo.",
	}, "\n"))}
	if said := o.say(x); said != "" {
		t.Errorf("answered at once: %s", said)
	}
	o.hear("Ho trovato 4 articoli in rassegna.txt", "✅ Il primo (riga 1)", "Riga 7: ho trovato il titolo ma non il testo",
		"✅ Il secondo (riga 9)", "Già uscito (riga 15): è già pubblicato, è il #1", "Le anteprime sono qui sotto", "le bozze già pronte non si ripetono")
	o.hear("Il primo", "Fonti 1")
	o.hear("Il secondo", "Riga 13: il collegamento")
	o.hear("è il #1, pubblicato")
	o.silent()

	many := o.text("")
	many.Files = []bot.Attachment{attached("troppi.txt", strings.Repeat("# Titolo\nTesto.\n", maxArticles+1))}
	o.say(many)
	o.hear("Ho trovato 21 articoli, e ne leggo al massimo 20")
}

func TestAnEditedMessageUpdatesItsDraft(t *testing.T) {
	o := open(t)
	first := o.text("Titolo\nSommario.\nTesto con un erore.")
	o.has(o.say(first), "Ho capito così")
	edit := func(x bot.Text, s string) string {
		x.Edited, x.Submission.Text = true, markup.T(s)
		return o.say(x)
	}
	if said := edit(first, "Titolo\nSommario.\nTesto con un erore."); said != "" {
		t.Errorf("nothing changed, and yet: %s", said)
	}
	o.has(edit(first, "Titolo\nSommario.\nTesto senza errori."), "Ho aggiornato la bozza", "Testo ✅ 3 parole")
	o.has(edit(first, "Titolo"), "non il testo") // the draft stays as it was
	o.end()
	o.begin(Config{})
	o.has(edit(first, "Titolo migliore\nSommario.\nTesto senza errori."), "Ho aggiornato la bozza", "Titolo migliore")
	o.publish(1)
	o.has(edit(first, "Titolo\nSommario.\nUn altro testo."), "#1 è già pubblicato", "per ora un articolo pubblicato non si può correggere")
	if a, err := o.store.Article(t.Context(), 1); err != nil || a.Title != "Titolo migliore" {
		t.Errorf("%q, %v", a.Title, err)
	}

	// What was no article becomes one by being edited.
	second := o.text("Manca il resto")
	o.has(o.say(second), "non il testo")
	o.has(edit(second, "Manca il resto\nEccolo.\nTutto."), "Ho capito così")
}

// A piece of a paste is edited: the article changes as a whole.
func TestAnEditedPieceOfAPaste(t *testing.T) {
	o := open(t)
	o.run()
	var texts []bot.Text
	pieces := cut(long("Un articolo lungo", 75))
	for _, s := range pieces {
		texts = append(texts, o.text(s))
		o.say(texts[len(texts)-1])
	}
	o.hear("1500 parole")
	middle := texts[1]
	middle.Edited = true
	middle.Submission.Text = markup.T(strings.Replace(pieces[1], "altre parole", "parole", 1))
	o.has(o.say(middle), "Ho aggiornato la bozza", "1499 parole")
	if a := o.draft(1); len(a.Body) != 75 {
		t.Errorf("%d paragraphs", len(a.Body))
	}

	// A paste without a title, to which one is given afterwards.
	texts = nil
	for _, s := range cut("Fonti:\n" + long("Un altro, pure lungo", 75)) {
		texts = append(texts, o.text(s))
		o.say(texts[len(texts)-1])
	}
	o.hear("manca il titolo")
	first := texts[0]
	first.Edited = true
	first.Submission.Text = markup.Concat(markup.T("Il titolo\nIl sommario.\nIl testo.\n"), first.Submission.Text)
	o.has(o.say(first), "Il titolo")
}

func TestAnArticleLikeAnEarlierOneIsSaid(t *testing.T) {
	o := open(t)
	text := "Le batterie al sodio arrivano\nSommario.\n" + strings.Repeat("Un paragrafo di parole diverse per ogni riga, e qui la numero %d di tante. ", 1)
	for i := range 12 {
		text += fmt.Sprintf("\nQui si legge la frase %d, che parla di cella%d, anodo%d e litio%d.", i, i, i*7, i*13)
	}
	o.has(o.say(o.text(text)), "Ho capito così")
	o.publish(1)
	changed := strings.NewReplacer("cella3", "pila", "Sommario.", "Un sommario del tutto nuovo.", "arrivano", "sono qui").Replace(text)
	reply, err := o.desk.Submit(t.Context(), o.text(changed), italian)
	if err != nil {
		t.Fatal(err)
	}
	o.has(o.words(reply.Doc), "Somiglia molto", "al #1 «Le batterie al sodio arrivano», pubblicato")
	rows := reply.Doc.Rows
	if len(rows) != 2 || rows[0][0].Label != "Pubblica lo stesso" || rows[0][0].Command != "pubblica 2" || rows[1][0].Command != "leggi 1" {
		t.Errorf("%+v", rows)
	}
	said := o.say(o.text(text)) // the very same
	o.has(said, "Questo articolo c’è già: è il #1, pubblicato", "Le batterie al sodio arrivano")
	if strings.Contains(o.say(o.text("Tutt’altro\nSommario.\n"+strings.Repeat("Una frase che non c’entra nulla. ", 9))), "Somiglia") {
		t.Error("everything is alike")
	}
}

func TestForwardedMessagesAreArticlesOfTheirOwn(t *testing.T) {
	o := open(t)
	o.run()
	for i, title := range []string{"Il primo inoltrato", "Il secondo inoltrato"} {
		x := o.text(long(title, 30))
		x.Origin, x.Written = "channel:5", x.Written.Add(time.Duration(i)*time.Hour)
		if said := o.say(x); said != "" {
			t.Error(said)
		}
	}
	o.say(o.text("Le mie parole\nSommario.\nTesto."))
	o.hear("Il primo inoltrato")
	o.hear("Il secondo inoltrato")
	o.hear("Le mie parole")
}

func TestAnArticleFromASharedPlaceIsAnsweredInPrivate(t *testing.T) {
	o := open(t)
	o.run()
	x := o.text("Titolo\nSommario.\nTesto.")
	x.Kind, x.Place.Chat = bot.Shared, "-9"
	o.has(o.say(x), "Fatto: l’anteprima è nella nostra chat privata")
	o.hear("mandato in uno spazio condiviso")
	o.hear("Ho capito così")
	for said, change := range map[string]func(*bot.Text){
		"chat privata":                   func(x *bot.Text) { x.Submission.Text = markup.T("grazie") },
		"Non riesco a scriverti":         func(x *bot.Text) { x.Actor.ID = "closed" },
		"Gli articoli si mandano in una": func(x *bot.Text) { x.Actor.Platform = "discord" },
	} {
		y := x
		change(&y)
		y.Message += "0"
		o.has(o.say(y), said)
	}
	o.silent()
}

// The editor left: the draft is kept, and nothing is tried for ever.
func TestAnEditorWhoCantBeAnswered(t *testing.T) {
	o := open(t)
	tried := make(chan struct{}, 10)
	o.chat.fail = func(delivery.Message) error {
		tried <- struct{}{}
		return &delivery.Failure{Kind: delivery.Gone, Err: errors.New("blocked")}
	}
	for _, s := range cut(long("Un articolo lungo", 75)) {
		o.say(o.text(s))
	}
	o.run()
	<-tried
	o.end()
	o.begin(Config{})
	if waiting, err := o.store.WaitingPieces(t.Context()); err != nil || len(waiting) > 0 {
		t.Errorf("%d pieces still wait, %v", len(waiting), err)
	}
	if a := o.draft(1); len(a.Body) != 75 {
		t.Errorf("%d paragraphs", len(a.Body))
	}
}
