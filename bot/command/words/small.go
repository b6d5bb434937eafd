// Small words: yes and no, the forms of a digest, a role, topics.

package words

import (
	"regexp"
	"strings"

	"github.com/strillone/strillone/digest"
)

var answers = map[string]bool{
	"si": true, "s": true, "yes": true, "y": true, "on": true, "ok": true, "attivo": true, "acceso": true, "sempre": true, "true": true,
	"no": false, "n": false, "off": false, "mai": false, "never": false, "spento": false, "nessuno": false, "none": false, "false": false,
}

// Yes understands a yes or a no.
func Yes(s string) (yes, ok bool) {
	yes, ok = answers[strings.Trim(fold(s), ".!")]
	return yes, ok
}

var forms = map[string]digest.Form{
	"breve": digest.Short, "corta": digest.Short, "corto": digest.Short, "short": digest.Short, "brief": digest.Short,
	"completa": digest.Full, "completo": digest.Full, "intera": digest.Full, "intero": digest.Full, "lunga": digest.Full,
	"lungo": digest.Full, "full": digest.Full, "complete": digest.Full, "long": digest.Full,
}

// Form understands the name of a digest's form.
func Form(s string) (digest.Form, bool) {
	form, ok := forms[strings.Trim(without(fold(s), "forma"), ".!")]
	return form, ok
}

// role is a role as Discord writes it into a text, or its id.
var role = regexp.MustCompile(`^(?:<@&(\d{15,21})>|(\d{15,21}))$`)

// Role understands which role is to be mentioned: the id, or "" for nobody.
func Role(s string) (id string, ok bool) {
	s = strings.TrimSpace(s)
	if yes, said := Yes(s); said && !yes {
		return "", true
	}
	m := role.FindStringSubmatch(s)
	if m == nil {
		return "", false
	}
	return m[1] + m[2], true
}

// maxTopics is more than anybody wants to name at once.
const maxTopics = 20

// Wish is what is wanted of a topic.
type Wish uint8

// What can be wanted of a topic. Only is for it and those named with it, and
// none of those that were wanted before.
const (
	Only    Wish = iota
	Wanted       // +ai
	Muted        // -ai
	Neither      // =ai
)

// Topic is a topic that was named, in small letters.
type Topic struct {
	Name string
	Wish Wish
}

var (
	everything = map[string]bool{
		"tutti": true, "tutto": true, "all": true, "everything": true, "ogni tema": true, "tutti i temi": true, "all topics": true,
	}
	wishes   = map[byte]Wish{'+': Wanted, '-': Muted, '=': Neither}
	newTopic = regexp.MustCompile(`\s*[,;\n]\s*|\s+([-+=]\S)`)
)

// Topics understands topics parted by commas: ai, big tech, -crypto. All says
// that all are wanted again. Nothing, and more than anybody wants, isn't
// understood.
func Topics(s string) (topics []Topic, all, ok bool) {
	if len(s) > maxLength*2 {
		return nil, false, false
	}
	s = strings.NewReplacer("−", "-", "–", "-", "’", "'").Replace(s)
	if everything[strings.Trim(fold(s), ".!")] {
		return nil, true, true
	}
	seen := make(map[string]bool)
	for _, part := range strings.Split(newTopic.ReplaceAllString(s, ",$1"), ",") {
		t := topic(part)
		if t.Name == "" || seen[t.Name] {
			continue
		}
		seen[t.Name] = true
		topics = append(topics, t)
	}
	return topics, false, len(topics) > 0 && len(topics) <= maxTopics
}

func topic(s string) Topic {
	s = strings.TrimSpace(s)
	var t Topic
	if s != "" {
		if wish, ok := wishes[s[0]]; ok {
			t.Wish, s = wish, s[1:]
		}
	}
	t.Name = strings.ToLower(strings.Join(strings.Fields(strings.Trim(s, " #.!«»\"“”")), " "))
	return t
}
