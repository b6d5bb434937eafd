// Query: what a person's words ask for.

package search

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// These bound what a question costs a database.
const (
	maxText   = 300     // characters of a question that count, order and page aside
	maxAsked  = 12      // words and phrases, topics, and of each of them
	maxPhrase = 8       // words of a phrase
	maxPage   = Counted // whatever a page holds
)

// Query is a question. The zero Query asks for everything.
type Query struct {
	Asked    []string // words, and phrases of several: all of them must be there
	Excluded []string // none of these may be there
	Topics   []string // all of these, in small letters
	Without  []string // topics: none of these
	From     time.Time
	Until    time.Time // the first instant that is too late; zero: no end
	Newest   bool      // newest first; else best first
	Page     int       // from 0
	text     string    // as asked, without what says order and page
}

// Term is what must stand in an article: the stem of a word, or those of words
// that follow one another, function words aside. It is never empty.
type Term []string

// Terms are what the articles asked for have.
func (q Query) Terms() []Term { return termsOf(q.Asked) }

// Unwanted are what they don't have.
func (q Query) Unwanted() []Term { return termsOf(q.Excluded) }

// Text is the question as it was asked, on one line, without what says its order
// and page: with those it is a question again (see At).
func (q Query) Text() string { return q.text }

// At is the text of the same question in an order and at a page.
func (q Query) At(newest bool, page int) string {
	var said []string
	if newest {
		said = append(said, "ordine:data")
	}
	if page > 0 {
		said = append(said, "pagina:"+strconv.Itoa(page+1))
	}
	// They come first: nothing before them can take them for its own.
	return strings.TrimSpace(strings.Join(append(said, q.text), " "))
}

// Empty says whether the question asks for nothing in particular.
func (q Query) Empty() bool {
	return len(q.Terms()) == 0 && len(q.Topics) == 0 && q.From.IsZero() && q.Until.IsZero()
}

// Parse understands a question: words; "words in quotes" that follow one
// another; -word; tema:ai or topic:"big tech", -tema:ai; da:2026-01 (from:) and a:2026-03
// (to:), a year, month or day in the zone, each included; ordine:data
// (sort:date); pagina:2 (page:2). Whatever reads like none of these is words.
func Parse(text string, zone *time.Location) Query {
	var q Query
	var said []string
	length := 0
	for _, t := range tokens(text) {
		if q.order(t) {
			continue
		}
		if length += utf8.RuneCountInString(t.written) + 1; length > maxText {
			continue // what says the order may follow
		}
		said = append(said, t.written)
		q.take(t, zone)
	}
	q.text = strings.Join(said, " ")
	return q
}

// order takes what says in which order and from where the answer is shown.
func (q *Query) order(t token) bool {
	switch value := fold(t.value); {
	case t.excluded || t.quoted:
		return false
	case t.label == "ordine" || t.label == "sort":
		q.Newest = value == "data" || value == "date"
		return q.Newest || value == "rilevanza" || value == "best"
	case t.label == "pagina" || t.label == "page":
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 {
			return false
		}
		q.Page = min(n-1, maxPage-1)
		return true
	}
	return false
}

func (q *Query) take(t token, zone *time.Location) {
	if t.excluded && q.without(t) || !t.excluded && q.filter(t, zone) {
		return
	}
	words, list := t.value, &q.Asked
	if t.label != "" {
		words = t.label + " " + words
	}
	if t.excluded {
		list = &q.Excluded
	}
	if words = strings.TrimSpace(words); strings.ContainsFunc(words, inWord) && len(*list) < maxAsked && !slices.Contains(*list, words) {
		*list = append(*list, words)
	}
}

// filter takes a topic or a date.
func (q *Query) filter(t token, zone *time.Location) bool {
	switch t.label {
	case "tema", "topic":
		return addTopic(&q.Topics, t.value)
	case "da", "from":
		from, _, ok := Span(t.value, zone)
		if ok {
			q.From = from
		}
		return ok
	case "a", "to":
		_, until, ok := Span(t.value, zone)
		if ok {
			q.Until = until
		}
		return ok
	}
	return false
}

// without takes a topic that isn't wanted.
func (q *Query) without(t token) bool {
	return (t.label == "tema" || t.label == "topic") && addTopic(&q.Without, t.value)
}

func addTopic(list *[]string, value string) bool {
	name := strings.ToLower(strings.Join(strings.Fields(strings.TrimPrefix(value, "#")), " "))
	if TopicKey(name) == "" {
		return false
	}
	if len(*list) < maxAsked && !slices.Contains(*list, name) {
		*list = append(*list, name)
	}
	return true
}

// Span is the time of a year, a month or a day in the zone: 2026, 2026-11,
// 2026-11-24.
func Span(s string, zone *time.Location) (from, until time.Time, ok bool) {
	for _, form := range []struct {
		layout              string
		years, months, days int
	}{{"2006", 1, 0, 0}, {"2006-1", 0, 1, 0}, {"2006-1-2", 0, 0, 1}} {
		from, err := time.ParseInLocation(form.layout, s, zone)
		if err == nil && from.Year() >= 1970 {
			return from, from.AddDate(form.years, form.months, form.days), true
		}
	}
	return time.Time{}, time.Time{}, false
}

// TopicKey is what topics that are the same have in common, whatever their
// spaces, hyphens and accents: "big tech" and "Big-Tech" are bigtech, but C, C++
// and C# are three. Empty for what can be no topic.
func TopicKey(topic string) string { return strings.Join(Folded(spelled.Replace(topic)), "") }

var spelled = strings.NewReplacer("+", "plus", "#", "sharp")

func termsOf(asked []string) []Term {
	var terms []Term
	for _, a := range asked {
		if t := termOf(a); len(t) > 0 {
			terms = append(terms, t)
		}
	}
	return terms
}

// termOf is what a word or phrase looks for. "ai" that begins or ends it is AI:
// no preposition does.
func termOf(asked string) Term {
	words := slices.Collect(wordsOf(asked))
	var t Term
	for i, w := range words {
		ai := w.folded == "ai" && (i == 0 || i == len(words)-1)
		if (ai || w.says(false)) && len(t) < maxPhrase {
			t = append(t, stem(w.folded))
		}
	}
	return t
}

// token is a piece of a question.
type token struct {
	written  string // as it stands, its quotes straight
	label    string // before the colon, folded; "" for none
	value    string
	quoted   bool
	excluded bool
}

var quotes = map[rune]rune{'"': '"', '“': '”', '”': '”', '„': '“', '«': '»', '»': '«'}

// tokens parts a question at white space, what is between quotes kept together.
// A quote that nothing closes is none.
func tokens(text string) []token {
	var all []token
	runes := []rune(strings.ToValidUTF8(text, " "))
	runes = runes[:min(len(runes), 2*maxText)]
	for i := 0; i < len(runes); {
		if unicode.IsSpace(runes[i]) {
			i++
			continue
		}
		var t token
		t, i = tokenAt(runes, i)
		all = append(all, t)
	}
	return all
}

// tokenAt is the token that begins at i, and where what follows it begins.
func tokenAt(runes []rune, i int) (token, int) {
	var t token
	start := i
	if (runes[i] == '-' || runes[i] == '−') && i+1 < len(runes) && (inWord(runes[i+1]) || quotes[runes[i+1]] != 0) {
		t.excluded = true
		i++
	}
	t.label, i = labelAt(runes, i)
	if end := closing(runes, i); end > 0 {
		t.quoted = true
		t.value = strings.Join(strings.Fields(string(runes[i+1:end])), " ")
		t.written = string(runes[start:i]) + `"` + t.value + `"`
		return t, end + 1
	}
	from := i
	for i < len(runes) && !unicode.IsSpace(runes[i]) {
		i++
	}
	t.value = string(runes[from:i])
	t.written = string(runes[start:i])
	return t, i
}

var labels = set("tema topic da from a to ordine sort pagina page")

// labelAt is the label that stands at i, and where its value begins. Telephones
// put a space after a colon.
func labelAt(runes []rune, i int) (string, int) {
	colon := i
	for colon < len(runes) && unicode.IsLetter(runes[colon]) {
		colon++
	}
	name := strings.ToLower(string(runes[i:colon]))
	if colon == len(runes) || runes[colon] != ':' || !labels[name] {
		return "", i
	}
	value := colon + 1
	if value < len(runes) && runes[value] == ' ' {
		value++
	}
	if value == len(runes) || unicode.IsSpace(runes[value]) {
		return "", i
	}
	return name, value
}

// closing is where the quote that opens at i is closed, by its own kind or a
// straight one, with something between; else 0.
func closing(runes []rune, i int) int {
	if i >= len(runes) || quotes[runes[i]] == 0 {
		return 0
	}
	n := slices.IndexFunc(runes[i+1:], func(r rune) bool { return r == quotes[runes[i]] || r == '"' })
	if n < 1 {
		return 0
	}
	return i + 1 + n
}
