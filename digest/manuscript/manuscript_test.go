// Tests of Read, over the kinds of files.

package manuscript

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

func TestEncodings(t *testing.T) {
	const want = "Perché l’Europa è più “lenta”\nIl testo – 100 €."
	encoded := func(e interface{ Bytes([]byte) ([]byte, error) }) []byte {
		b, err := e.Bytes([]byte(want))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for name, data := range map[string][]byte{
		"UTF-8":                  []byte(want),
		"UTF-8 with a mark":      []byte("\uFEFF" + want),
		"UTF-16, small end":      encoded(unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewEncoder()),
		"UTF-16, big end":        encoded(unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM).NewEncoder()),
		"UTF-16 without a mark":  encoded(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder()),
		"UTF-16, big, unmarked":  encoded(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder()),
		"Windows-1252":           encoded(charmap.Windows1252.NewEncoder()),
		"UTF-8 misread and kept": []byte("PerchÃ© l’Europa Ã¨ piÃ¹ “lenta”\nIl testo – 100 â‚¬."),
	} {
		text, err := Read("a.TXT", "", data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := digest.Mend(text).String(); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestMarkdown(t *testing.T) {
	source := strings.Join([]string{
		"# Il titolo *in* breve",        // 1
		"",                              // 2
		"Un **sommario** con _enfasi_,", // 3
		"su due righe e [un link](https://e.it \"x\").", // 4
		"",          // 5
		"## Dentro", // 6
		"Testo \\*piano\\* &egrave; `codice` <b>tag</b> ~~via~~.", // 7
		"> una citazione", // 8
		"",                // 9
		"Fonti:",          // 10
		"",                // 11
		"- [Una](https://e.it/1) – Editore, 2024", // 12
		"- Due",                       // 13
		"",                            // 14
		"1. primo",                    // 15
		"2. secondo <https://e.it/2>", // 16
		"[x](javascript:alert(1))",    // 17
		"---",                         // 18
		"# Secondo",                   // 19
		"Fine.",                       // 20
	}, "\r\n")
	text, err := Read("a.md", "", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	lines := text.Lines()
	for n, want := range map[int]string{
		1: "# Il titolo in breve", 3: "Un sommario con enfasi,", 4: "su due righe e un link.", 6: "Dentro",
		7: "Testo *piano* è codice tag via.", 8: "una citazione", 10: "Fonti:", 12: "– Una – Editore, 2024", 13: "– Due",
		15: "1. primo", 16: "2. secondo https://e.it/2", 17: "x", 18: "---", 19: "# Secondo", 20: "Fine.",
	} {
		if n > len(lines) || lines[n-1].String() != want {
			t.Errorf("line %d isn't %q:\n%s", n, want, text)
		}
	}
	if diff := cmp.Diff(markup.Text{{Text: "Un "}, {Text: "sommario", Style: markup.Bold}, {Text: " con "}, {Text: "enfasi", Style: markup.Italic}, {Text: ","}}, lines[2]); diff != "" {
		t.Error(diff)
	}
	if lines[3][1].URL != "https://e.it" || lines[5][0].Style != markup.Bold || lines[16][0].URL != "" || lines[15][1].URL != "https://e.it/2" {
		t.Errorf("%+v\n%+v\n%+v", lines[3], lines[5], lines[16])
	}
	parts := digest.Divide(text)
	if len(parts) != 2 || parts[1].Line != 19 {
		t.Fatalf("%+v", parts)
	}
	c, _, err := digest.Parse(digest.Submission{Text: parts[0].Text})
	if err != nil || c.Title != "Il titolo in breve" || len(c.Sources) != 4 || c.Sources[0].URL != "https://e.it/1" {
		t.Errorf("%+v %v", c, err)
	}
}

func TestHeadingsOfAnArticleWithAPlainTitleAreNoTitles(t *testing.T) {
	text, err := Read("a.md", "", []byte("Titolo\n\nSommario.\n\n# Perché\n\nTesto.\n\n# Come\n\nTesto."))
	if err != nil {
		t.Fatal(err)
	}
	if s := text.String(); strings.Contains(s, "#") || len(digest.Divide(text)) != 1 {
		t.Errorf("%q", s)
	}
}

const (
	documentHead = `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>`
	documentTail = `</w:body></w:document>`
	styles       = `<w:styles xmlns:w="x"><w:style w:type="paragraph" w:styleId="Titolo1"><w:name w:val="heading 1"/><w:next w:val="Normale"/></w:style><w:style w:styleId="Titolo"><w:name w:val="Title"/></w:style></w:styles>`
	links        = `<Relationships xmlns="x"><Relationship Id="rId4" Target="https://e.it/a" TargetMode="External"/><Relationship Id="rId5" Target="javascript:alert(1)"/></Relationships>`
)

// docxOf is a document with that body.
func docxOf(t testing.TB, body string, more ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	files := append([]string{"word/document.xml", documentHead + body + documentTail, "word/styles.xml", styles, "word/_rels/document.xml.rels", links}, more...)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func p(runs string) string { return "<w:p>" + runs + "</w:p>" }

func r(properties, text string) string {
	return "<w:r><w:rPr>" + properties + "</w:rPr><w:t xml:space=\"preserve\">" + text + "</w:t></w:r>"
}

func TestWord(t *testing.T) {
	heading := `<w:pPr><w:pStyle w:val="Titolo1"/><w:rPr><w:b/></w:rPr></w:pPr>`
	body := p(heading+r("", "Il primo titolo")) +
		p(r("", "Un ")+r("<w:b/>", "forte")+r("<w:b w:val=\"0\"/><w:i/>", " corsivo")+r("", " e ")+
			`<w:hyperlink r:id="rId4">`+r("<w:u w:val=\"single\"/>", "un link")+`</w:hyperlink>`+`<w:hyperlink r:id="rId5">`+r("", ", no")+`</w:hyperlink>`+
			"<w:r><w:t>,</w:t><w:br/><w:t>a capo</w:t></w:r>") +
		p(`<w:del><w:r><w:delText>tolto</w:delText><w:t>tolto</w:t></w:r></w:del><w:ins>`+r("", "Aggiunto &amp; tenuto.")+`</w:ins>`) +
		p("") + p(r("", "Fonti:")) +
		p(`<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>`+r("", "Una fonte – Editore, 2024")) +
		p(heading+r("", "Il secondo titolo")) + p(r("", "Testo."))
	text, err := Read("a.docx", "", docxOf(t, body))
	if err != nil {
		t.Fatal(err)
	}
	parts := digest.Divide(text)
	if len(parts) != 2 {
		t.Fatalf("%d articles:\n%s", len(parts), text)
	}
	got, _, err := digest.Parse(digest.Submission{Text: parts[0].Text})
	if err != nil {
		t.Fatal(err)
	}
	want := digest.Content{
		Title: "Il primo titolo",
		Lead: markup.Text{{Text: "Un "}, {Text: "forte", Style: markup.Bold}, {Text: " corsivo", Style: markup.Italic}, {Text: " e "},
			{Text: "un link", URL: "https://e.it/a"}, {Text: ", no,"}},
		Body:    []markup.Text{markup.T("a capo"), markup.T("Aggiunto & tenuto.")},
		Sources: []digest.Source{{Title: "Una fonte", Publisher: "Editore", Date: "2024"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func TestWordTitlesStandOverHeadings(t *testing.T) {
	style := func(name string) string { return `<w:pPr><w:pStyle w:val="` + name + `"/></w:pPr>` }
	body := p(style("Titolo")+r("", "Il titolo")) + p(r("", "Sommario.")) + p(style("Titolo1")+r("", "Dentro")) + p(r("", "Testo."))
	text, err := Read("a.docx", "", docxOf(t, body))
	if err != nil || text.String() != "# Il titolo\nSommario.\nDentro\nTesto." {
		t.Errorf("%q, %v", text, err)
	}
}

func TestWhatIsNotRead(t *testing.T) {
	bomb := docxOf(t, p(r("", strings.Repeat("0", maxPart+1))))
	if len(bomb) > 1<<20 {
		t.Fatalf("the bomb is %d bytes", len(bomb))
	}
	entity := docxOf(t, "")
	laughs := strings.Replace(documentHead, "<w:document", `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><w:document`, 1)
	for name, c := range map[string]struct {
		file string
		data []byte
		want digest.Code
	}{
		"a picture":        {"a.png", nil, digest.FileUnknown},
		"an old document":  {"a.doc", nil, digest.FileUnknown},
		"no name":          {"", []byte("x"), digest.FileUnknown},
		"bytes":            {"a.txt", []byte("a\x00b\x00\x00c"), digest.FileBroken},
		"a long text":      {"a.txt", bytes.Repeat([]byte("parola "), MaxText), digest.FileTooLarge},
		"a longer text":    {"a.md", bytes.Repeat([]byte("parola "), MaxText/6), digest.FileTooLarge},
		"a huge file":      {"a.docx", make([]byte, MaxFile+1), digest.FileTooLarge},
		"no archive":       {"a.docx", []byte("Titolo\nTesto"), digest.FileBroken},
		"another archive":  {"a.docx", zipOf(t, "x.txt", "x"), digest.FileBroken},
		"a damaged one":    {"a.docx", entity[:len(entity)/2], digest.FileBroken},
		"a bomb":           {"a.docx", bomb, digest.FileBroken},
		"an entity":        {"a.docx", zipOf(t, "word/document.xml", laughs+p(r("", "&b;"))+documentTail), digest.FileBroken},
		"XML cut off":      {"a.docx", zipOf(t, "word/document.xml", documentHead+"<w:p>"), digest.FileBroken},
		"XML in disorder":  {"a.docx", zipOf(t, "word/document.xml", documentHead+"<w:p></w:r>"+documentTail), digest.FileBroken},
		"another encoding": {"a.docx", zipOf(t, "word/document.xml", `<?xml version="1.0" encoding="UTF-7"?><a/>`), digest.FileBroken},
	} {
		if _, err := Read(c.file, "", c.data); digest.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func zipOf(t testing.TB, name, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(name)
	if err == nil {
		_, err = f.Write([]byte(content))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestKindOf(t *testing.T) {
	for in, want := range map[[2]string]Kind{
		{"a.TXT", "application/octet-stream"}:       Plain,
		{"a.md", ""}:                                Markdown,
		{"Senza nome", "text/plain; charset=utf-8"}: Plain,
		{"x", "text/markdown"}:                      Markdown,
		{"relazione.docx", ""}:                      Word,
		{"a.pdf", "text/plain"}:                     Unknown,
	} {
		if got := KindOf(in[0], in[1]); got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("a.txt", []byte("Titolo\r\nTesto è \x93qui\x94"))
	f.Add("a.md", []byte("# T\n\n- a\n  > b\n1. c `d` [e](f) ![g](h) **i _j_**\n---\n<x>&amp;\\*"))
	f.Add("a.docx", docxOf(f, p(r("<w:b/>", "x"))+p(`<w:hyperlink r:id="rId4">`+r("", "y")+`</w:hyperlink>`)))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		text, err := Read(name, "", data)
		if err != nil {
			if digest.CodeOf(err) == "" {
				t.Fatal(err)
			}
			return
		}
		for _, s := range text {
			if s.URL != "" {
				if _, ok := markup.Link(s.URL); !ok {
					t.Fatalf("the address %q", s.URL)
				}
			}
		}
		digest.Divide(text)
	})
}

// FuzzDocument is FuzzRead within the archive.
func FuzzDocument(f *testing.F) {
	f.Add(documentHead + p(r("<w:i/>", "x")) + documentTail)
	f.Add("<a><p><r><t>x</t><p><t>y</t></p></r></p></a>")
	f.Fuzz(func(t *testing.T, body string) {
		_, err := Read("a.docx", "", zipOf(t, "word/document.xml", body))
		if err != nil && digest.CodeOf(err) == "" {
			t.Fatal(err)
		}
	})
}

// Words of Markdown stay on the lines they were written on.
func FuzzMarkdownLines(f *testing.F) {
	f.Add("a\n\nb\n- c\n- d\n\n  e\n> f\n\n```\ng\n```\n")
	f.Add("# h\ni\n---\nj\n===\n1. k\n   l\n")
	f.Fuzz(func(t *testing.T, source string) {
		if strings.ContainsAny(source, "\x00") || len(source) > 1<<12 {
			return
		}
		lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(source), "\n")
		text := markdown(source).Lines()
		if len(text) > len(lines)+1 {
			t.Fatalf("%d lines of %d", len(text), len(lines))
		}
		if strings.Contains(source, "&") {
			return // a name may stand for letters
		}
		for i, l := range text {
			rest := ""
			if i < len(lines) {
				rest = lines[i]
			}
			for _, r := range l.String() {
				if r < 'a' || r > 'z' {
					continue
				}
				at := strings.IndexRune(rest, r)
				if at < 0 {
					t.Fatalf("%q isn't on line %d of %q", l.String(), i+1, source)
				}
				rest = rest[at+1:]
			}
		}
	})
}
