// layout: placing a document's items into as few messages as its text, its
// components and its order allow.

package discord

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/strillone/strillone/digest/delivery"
)

// layout fills one container after another. The zero value is ready
// to use; accent is the colour of all, embeds makes them embeds at the end.
type layout struct {
	accent int
	embeds bool
	full   []component // the containers that are done
	now    []component // what stands in the one being filled
	text   int         // units of text in it
	rule   bool        // a rule is due before what comes next
}

// place puts the items and then the rows, which stay under the last item.
func (l *layout) place(items []item, rows []component) {
	tail := component{Components: rows}.count() - 1
	for len(items) > 0 && items[len(items)-1].rule {
		items = items[:len(items)-1]
	}
	if crowded(items, tail) {
		items = slices.DeleteFunc(items, func(it item) bool { return it.rule })
	}
	for i, it := range items {
		reserve := 0
		if i == len(items)-1 && tail < maxComponents/2 {
			reserve = tail
		}
		switch {
		case it.rule:
			l.rule = true
		case it.button != nil:
			l.section(it, reserve)
		default:
			l.paragraphs(it.lines, reserve)
		}
	}
	l.rule = false
	for _, row := range rows {
		l.add(row, 0)
	}
}

// crowded says whether the items fit into one message without the rules between
// them, and not with them.
func crowded(items []item, tail int) bool {
	bare, rules := 1+tail, 0 // the container is one
	for _, it := range items {
		switch {
		case it.rule:
			rules++
		case it.button != nil:
			bare += 3 // section, text, button
		default:
			bare++
		}
	}
	return bare <= maxComponents && bare+rules > maxComponents
}

// paragraphs places lines, over as many messages as they take.
func (l *layout) paragraphs(lines []line, reserve int) {
	for lines = unpadded(lines); len(lines) > 0; lines = unpadded(lines) {
		l.need(1, reserve)
		head, rest := fit(lines, maxText-l.text, len(l.now) == 0)
		if len(head) > 0 {
			l.add(component{Type: typeText, Content: join(head)}, reserve)
		}
		if len(rest) > 0 {
			l.flush()
		}
		lines = rest
	}
}

// section places lines with their button. Lines too long for one message go on
// below.
func (l *layout) section(it item, reserve int) {
	b, _ := button(*it.button)
	lines := unpadded(it.lines)
	if len(lines) == 0 {
		l.add(component{Type: typeRow, Components: []component{b}}, reserve)
		return
	}
	l.need(3, reserve)
	if _, rest := fit(lines, maxText-l.text, false); len(rest) > 0 {
		l.flush()
	}
	head, rest := fit(lines, maxText-l.text, true)
	text := component{Type: typeText, Content: join(head)}
	l.add(component{Type: typeSection, Components: []component{text}, Accessory: &b}, reserve)
	l.paragraphs(rest, reserve)
}

// add puts a component into the message, or into the next when this one is full.
func (l *layout) add(c component, reserve int) {
	l.need(c.count(), reserve)
	if l.rule && len(l.now) > 0 {
		l.now = append(l.now, component{Type: typeSeparator})
	}
	l.rule = false
	l.now = append(l.now, c)
	l.text += textIn(c)
}

// need begins a new message when this one has no room for n more components,
// the rule before them and those in reserve.
func (l *layout) need(n, reserve int) {
	used := component{Components: l.now}.count() // the container is one
	if l.rule && len(l.now) > 0 {
		n++
	}
	if used+n+reserve > maxComponents {
		l.flush()
	}
}

// flush ends the message, unless it is empty.
func (l *layout) flush() {
	if len(l.now) == 0 {
		return
	}
	distinct(l.now)
	l.full = append(l.full, component{Type: typeContainer, AccentColor: l.accent, Components: l.now})
	l.now, l.text, l.rule = nil, 0, false
}

// parts are the messages as Discord takes them.
func (l *layout) parts() ([]delivery.Part, error) {
	l.flush()
	var parts []delivery.Part
	for _, container := range l.full {
		m := message{
			Flags:           flagComponents,
			Components:      []component{container},
			AllowedMentions: nobody,
		}
		if l.embeds {
			m = classic(m)
		}
		body, err := json.Marshal(m)
		if err != nil {
			return nil, fmt.Errorf("discord: write a message: %w", err)
		}
		parts = append(parts, body)
	}
	return parts, nil
}

func textIn(c component) int {
	n := units(c.Content)
	for _, inner := range c.Components {
		n += textIn(inner)
	}
	return n
}

// fit cuts lines in two: what has room, and the rest. A line that fits in no
// message is cut; any other waits for the next, and takes with it the heading it
// stands under. In a fresh message there is always something that fits.
func fit(lines []line, room int, fresh bool) (head, rest []line) {
	for i, l := range lines {
		size := l.size()
		if i > 0 {
			size++ // the line feed before it
		}
		if size <= room {
			room -= size
			continue
		}
		if size > maxText && room > maxText/2 || fresh && i == 0 {
			if i > 0 {
				room--
			}
			first, second := l.cut(room)
			return append(lines[:i:i], first), append([]line{second}, lines[i+1:]...)
		}
		at := i
		for at > 0 && (lines[at-1].opens || lines[at-1].blank()) {
			at--
		}
		if at == 0 && fresh {
			at = i
		}
		return unpadded(lines[:at]), lines[at:]
	}
	return lines, nil
}

// unpadded are lines without the blank ones at both ends.
func unpadded(lines []line) []line {
	for len(lines) > 0 && lines[0].blank() {
		lines = lines[1:]
	}
	for len(lines) > 0 && lines[len(lines)-1].blank() {
		lines = lines[:len(lines)-1]
	}
	return lines
}

func join(lines []line) string {
	all := make([]string, len(lines))
	for i, l := range lines {
		all[i] = l.String()
	}
	return strings.Join(all, "\n")
}
