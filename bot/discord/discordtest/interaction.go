// Interaction: the handle a person keeps to see how the bot answers.

package discordtest

import (
	"context"
	"encoding/json"
	"fmt"
)

// Interaction is an event sent to the bot. Its methods wait for the bot and
// may be called at any time, repeatedly and concurrently.
type Interaction struct {
	server *Server
	in     *interaction // nil when it could not be sent
	err    error
}

// ID is the interaction's snowflake, empty if it could not be sent.
func (i *Interaction) ID() string {
	if i.in == nil {
		return ""
	}
	return i.in.id
}

// Token is the interaction token, empty if it could not be sent.
func (i *Interaction) Token() string {
	if i.in == nil {
		return ""
	}
	return i.in.token
}

// Response is the first answer to an interaction.
type Response struct {
	Type int             // ResponseMessage, ResponseDeferred …
	Data json.RawMessage // its data, {} for none
}

// Response waits for the first answer, accepted by the server.
func (i *Interaction) Response(ctx context.Context) (Response, error) {
	if i.err != nil {
		return Response{}, i.err
	}
	if err := i.await(ctx, "a response", func() bool { return i.in.acked }); err != nil {
		return Response{}, err
	}
	i.server.mu.Lock()
	defer i.server.mu.Unlock()
	return Response{Type: i.in.response, Data: encode(i.in.data)}, nil
}

// Answer waits for the message that answers: the reply, the edited source
// message of an update, or, after a deferral, what it is filled with. It fails
// when the answer is a modal or choices, or when the message was deleted.
func (i *Interaction) Answer(ctx context.Context) (Message, error) {
	r, err := i.Response(ctx)
	if err != nil {
		return Message{}, err
	}
	if r.Type == ResponseModal || r.Type == ResponseChoices {
		return Message{}, fmt.Errorf("discordtest: interaction %s was answered with response type %d, not with a message", i.in.id, r.Type)
	}
	in := i.in
	err = i.await(ctx, "the deferred answer", func() bool {
		if in.original.deleted {
			return true
		}
		return !in.original.loading && (r.Type != ResponseDeferredUpdate || in.updated)
	})
	if err != nil {
		return Message{}, err
	}
	i.server.mu.Lock()
	defer i.server.mu.Unlock()
	if in.original.deleted {
		return i.server.snapshot(in.original), fmt.Errorf("discordtest: the answer to interaction %s was deleted", in.id)
	}
	return i.server.snapshot(in.original), nil
}

// FollowUps lists the follow-up messages so far that are not deleted.
func (i *Interaction) FollowUps() []Message {
	if i.in == nil {
		return nil
	}
	i.server.mu.Lock()
	defer i.server.mu.Unlock()
	return i.followUps()
}

func (i *Interaction) followUps() []Message {
	var out []Message
	for _, r := range i.in.followUps {
		if !r.deleted {
			out = append(out, i.server.snapshot(r))
		}
	}
	return out
}

// AwaitFollowUps waits until there are n follow-up messages.
func (i *Interaction) AwaitFollowUps(ctx context.Context, n int) ([]Message, error) {
	if i.err != nil {
		return nil, i.err
	}
	var out []Message
	err := i.await(ctx, fmt.Sprintf("%d follow-ups", n), func() bool {
		out = i.followUps()
		return len(out) >= n
	})
	return out, err
}

// Choices waits for the suggestions of an autocomplete answer.
func (i *Interaction) Choices(ctx context.Context) ([]Choice, error) {
	r, err := i.Response(ctx)
	if err != nil {
		return nil, err
	}
	if r.Type != ResponseChoices {
		return nil, fmt.Errorf("discordtest: interaction %s was answered with response type %d, not with choices", i.in.id, r.Type)
	}
	i.server.mu.Lock()
	defer i.server.mu.Unlock()
	var out []Choice
	for _, c := range objects(list(i.in.data, "choices")) {
		out = append(out, Choice{Name: str(c, "name"), Value: c["value"], Raw: encode(c)})
	}
	return out, nil
}

// Modal is a form that the bot opened.
type Modal struct {
	Title    string
	CustomID string
	Inputs   []Input
	Raw      json.RawMessage
}

// Input is a field of a modal.
type Input struct {
	CustomID    string
	Label       string
	Value       string // preset
	Placeholder string
	Type        int
	Required    bool
	Min, Max    int
}

// Modal waits for the form that answers; fill it in with [Server.SubmitModal].
func (i *Interaction) Modal(ctx context.Context) (Modal, error) {
	r, err := i.Response(ctx)
	if err != nil {
		return Modal{}, err
	}
	if r.Type != ResponseModal {
		return Modal{}, fmt.Errorf("discordtest: interaction %s was answered with response type %d, not with a modal", i.in.id, r.Type)
	}
	i.server.mu.Lock()
	defer i.server.mu.Unlock()
	m := Modal{Title: str(i.in.data, "title"), CustomID: str(i.in.data, "custom_id"), Raw: r.Data}
	for _, row := range objects(list(i.in.data, "components")) {
		fields := objects(list(row, "components"))
		if inner := sub(row, "component"); inner != nil {
			fields = append(fields, inner)
		}
		for _, f := range fields {
			label := str(f, "label")
			if label == "" {
				label = str(row, "label")
			}
			required, set := f["required"].(bool)
			m.Inputs = append(m.Inputs, Input{CustomID: str(f, "custom_id"), Label: label, Value: str(f, "value"),
				Placeholder: str(f, "placeholder"), Type: integer(f, "type"), Required: required || !set,
				Min: integer(f, "min_length"), Max: integer(f, "max_length")})
		}
	}
	return m, nil
}

func (i *Interaction) await(ctx context.Context, what string, done func() bool) error {
	return i.server.wait(ctx, what+" to interaction "+i.in.id, done)
}
