// Stems: what stands for a word, whatever its form.

package search

import (
	"strings"
	"unicode"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/italian"
)

// Version counts the changes of what Stems returns. An index made with another
// version has to be made anew.
const Version = 1

// Stems are the stems of a text's words, in order. Function words have none,
// unless they are written like an acronym: AI is no preposition.
func Stems(text string) []string {
	shouted := inCapitals(text)
	var stems []string
	for w := range wordsOf(text) {
		if w.says(shouted) {
			stems = append(stems, stem(w.folded))
		}
	}
	return stems
}

// says reports whether a word says something. In a text that is all capitals
// they mean nothing.
func (w word) says(shouted bool) bool {
	return w.folded != "" && (!functionWords[w.folded] || w.capitals && !shouted)
}

// stem is the stem of a folded word. Nearly every Italian word ends in a vowel
// and few English ones do, so its last letter chooses the language: the same
// word has the same stem in any text. Words with a digit are names.
func stem(folded string) string {
	switch {
	case strings.ContainsFunc(folded, unicode.IsNumber):
		return folded
	case isVowel(folded[len(folded)-1]):
		return stemmed(oneForm(folded), italian.Stem)
	}
	return stemmed(folded, english.Stem)
}

// oneForm gives an Italian noun or adjective one ending for its gender and
// number. The stemmer alone takes many for verbs, and of chiave and chiavi, or
// of motivo and motivi, makes two.
func oneForm(word string) string {
	n := len(word) - 1
	if n < 2 {
		return word
	}
	last, before := word[n], word[n-1]
	if n > 2 && (before == 'i' || before == 'h' && (last == 'e' || last == 'i')) {
		n--
	}
	return word[:n] + "e"
}

func isVowel(b byte) bool { return strings.IndexByte("aeiou", b) >= 0 }

func stemmed(word string, by func(*snowballstem.Env) bool) string {
	env := snowballstem.NewEnv(word)
	by(env)
	// The Italian stemmer writes letters that it has set apart in capitals.
	if s := strings.ToLower(env.Current()); s != "" {
		return s
	}
	return word
}

// functionWords are Italian and English words that are in every text and say
// nothing of what it is about, folded. Half of any text is made of them: an
// index without them is half as large.
var functionWords = set(`
	a ad al allo alla ai agli alle all con col coi da dal dallo dalla dai dagli dalle dall di del dello della dei
	degli delle dell in nel nello nella nei negli nelle nell su sul sullo sulla sui sugli sulle sull per tra fra
	il lo la i gli le l un uno una e ed o od ma se che chi cui non come quando dove piu anche ancora gia poi
	cosi quindi pero perche mentre sia ne ci vi si mi ti io tu lui lei noi voi loro suo sua suoi sue mio mia
	nostro nostra questo questa questi queste quello quella quelli quelle quel quell quale quali quanto tutto
	tutta tutti tutte ogni altro altra altri altre molto solo senza dopo prima essere sono sei siamo siete era
	erano sara saranno stato stata stati state fu ha hanno ho hai abbiamo aveva avevano avere avra c d s t
	e stesso stessa stessi stesse qui dunque oppure invece sempre
	the of and to an is are was were be been being it its that this these those for on with as at by from or
	not but have has had he she they we you your their his her our will would can could should which who whom
	what when where how than then there here into about more also such may do does did so if no`)

func set(list string) map[string]bool {
	all := make(map[string]bool)
	for w := range strings.FieldsSeq(list) {
		all[w] = true
	}
	return all
}
