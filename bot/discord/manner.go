// manner: a stored part as a destination wants it.

package discord

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// partHead is how parts made of components begin. One that begins otherwise,
// since it is an embed or of another version, is read and written anew.
const partHead = `{"flags":32768,"allowed_mentions":{"parse":[],"replied_user":false},"components":[`

var errNoPart = errors.New("discord: not a part: no JSON object")

// bodyOf is the request that sends a part: with the key as a nonce that Discord
// enforces, and in the destination's manner. The part goes into it as it is.
// Whether it is JSON throughout, Discord says (50109): to read it each time would
// take as long as to send it.
func bodyOf(m delivery.Message) ([]byte, error) {
	if !bytes.HasPrefix(m.Part, []byte(`{"`)) || !bytes.HasSuffix(m.Part, []byte("}")) {
		return nil, errNoPart
	}
	role := roleIn(m)
	rest, ok := bytes.CutPrefix(m.Part, []byte(partHead))
	if !ok {
		return rewritten(m, role)
	}
	b := append(make([]byte, 0, len(m.Part)+256), `{"flags":`...)
	b = strconv.AppendInt(b, int64(flagComponents|flagsOf(m.Manner)), 10)
	b = append(b, `,"allowed_mentions":{"parse":[],`...)
	if role != "" {
		b = append(b, `"roles":["`+role+`"],`...)
	}
	b = append(b, `"replied_user":false},`...)
	if m.Key != "" {
		key, err := json.Marshal(m.Key)
		if err != nil {
			return nil, fmt.Errorf("discord: write the nonce: %w", err)
		}
		b = append(append(append(b, `"nonce":`...), key...), `,"enforce_nonce":true,`...)
	}
	b = append(b, `"components":[`...)
	if role != "" {
		b = append(b, `{"type":10,"content":"`+mentionOf(role)+`"},`...)
	}
	return append(b, rest...), nil
}

// rewritten is bodyOf by way of the message.
func rewritten(sent delivery.Message, role string) ([]byte, error) {
	m, err := messageOf(sent.Part)
	if err != nil {
		return nil, fmt.Errorf("discord: read the stored part: %w", err)
	}
	m.dress(sent, role)
	body, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("discord: write a message: %w", err)
	}
	return body, nil
}

// dress makes a message the one that is sent.
func (m *message) dress(sent delivery.Message, role string) {
	m.Nonce, m.EnforceNonce = sent.Key, sent.Key != ""
	m.Flags |= flagsOf(sent.Manner)
	if m.Flags&flagComponents == 0 {
		m.Flags &^= flagNoEmbeds // it would hide the message itself
	}
	if role != "" {
		m.mention(role)
	}
}

// flagsOf are the flags of a manner. Discord shows no previews of the links in
// components today; the flag holds it to that.
func flagsOf(m digest.Manner) int {
	flags := 0
	if m.Silent {
		flags |= flagSilent
	}
	if m.NoPreviews {
		flags |= flagNoEmbeds
	}
	return flags
}

// roleIn is the role that a message mentions: the manner's, in a digest's first
// message.
func roleIn(m delivery.Message) string {
	if !m.First || !snowflake(m.Manner.Mention) {
		return ""
	}
	return m.Manner.Mention
}
