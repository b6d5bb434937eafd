// outcome: what came of a request that didn't succeed.

package discord

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/bwmarrin/discordgo"
)

// outcome is what came of a request that didn't succeed.
type outcome struct {
	wrote  bool // the whole request may have left this machine
	status int  // 0: no answer
	header http.Header
	answer refusal
	err    error // why there is no answer, or none that can be read
}

// refusal is the body of an error answer (docs.discord.com, Error Messages and
// Rate Limits).
type refusal struct {
	discordgo.APIErrorMessage
	RetryAfter float64         `json:"retry_after"`
	Global     bool            `json:"global"`
	Errors     json.RawMessage `json:"errors"`
}

func (o *outcome) Error() string {
	switch {
	case o.err != nil:
		return o.err.Error()
	case o.answer.Message == "":
		return fmt.Sprintf("HTTP %d", o.status)
	case len(o.answer.Errors) > 0:
		return fmt.Sprintf("HTTP %d, code %d: %s: %.300s", o.status, o.answer.Code, o.answer.Message, o.answer.Errors)
	}
	return fmt.Sprintf("HTTP %d, code %d: %s", o.status, o.answer.Code, o.answer.Message)
}

func (o *outcome) Unwrap() error { return o.err }
