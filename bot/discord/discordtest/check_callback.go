// Documented limits of interaction responses: messages, choices and modals.

package discordtest

import "slices"

// Interaction types.
const (
	commandInteraction      = 2
	componentInteraction    = 3
	autocompleteInteraction = 4
	modalInteraction        = 5
)

// Response types of the interaction callback.
const (
	ResponseMessage        = 4
	ResponseDeferred       = 5
	ResponseDeferredUpdate = 6
	ResponseUpdate         = 7
	ResponseChoices        = 8
	ResponseModal          = 9
)

// allowedResponses says which response answers which interaction.
var allowedResponses = map[int][]int{
	commandInteraction:      {ResponseMessage, ResponseDeferred, ResponseModal},
	componentInteraction:    {ResponseMessage, ResponseDeferred, ResponseDeferredUpdate, ResponseUpdate, ResponseModal},
	autocompleteInteraction: {ResponseChoices},
	modalInteraction:        {ResponseMessage, ResponseDeferred, ResponseDeferredUpdate, ResponseUpdate},
}

func (s *Server) checkCallback(c *Call, body object, f findings) {
	kind, data, at := integer(body, "type"), sub(body, "data"), f.at("data")
	asked, source := s.asked(c.Params["interaction_token"])
	if allowed := allowedResponses[asked]; allowed != nil && !slices.Contains(allowed, kind) {
		f.at("type").add("INTERACTION_RESPONSE_TYPE_INVALID", "Response type %d does not answer interaction type %d.", kind, asked)
		return
	}
	const settable = FlagSuppressEmbeds | FlagEphemeral | FlagSuppressNotifications | FlagComponentsV2
	switch kind {
	case ResponseMessage:
		checkMessage(messageForm{body: data, files: len(c.Files), fresh: true, flags: settable}, at)
	case ResponseUpdate:
		if source == nil {
			f.at("type").add("INTERACTION_RESPONSE_TYPE_INVALID", "There is no message to update.")
			return
		}
		checkMessage(messageForm{body: data, files: len(c.Files), prior: source, known: true,
			flags: FlagSuppressEmbeds | FlagComponentsV2 | integer(source, "flags")}, at)
	case ResponseDeferred:
		for key, value := range data {
			if key != "flags" && !empty(value) {
				at.at(key).add("DEFERRED_RESPONSE_FIELD", "A deferred reply takes only the ephemeral flag.")
			}
		}
		if wrong := integer(data, "flags") &^ FlagEphemeral; wrong != 0 {
			at.at("flags").add("MESSAGE_FLAGS_INVALID", "A deferred reply takes only the ephemeral flag, not %d.", wrong)
		}
	case ResponseDeferredUpdate:
		if source == nil {
			f.at("type").add("INTERACTION_RESPONSE_TYPE_INVALID", "There is no message to update.")
		}
	case ResponseChoices:
		checkChoiceList(list(data, "choices"), 0, at.at("choices"))
	case ResponseModal:
		checkModal(data, at)
	default:
		f.at("type").add("BASE_TYPE_CHOICES", "Response type %d is not for bots.", kind)
	}
}

// asked is the type of the interaction with a token, 0 if unknown, and a copy
// of the message it came from.
func (s *Server) asked(token string) (kind int, source object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.interactions[token]
	if in == nil {
		return 0, nil
	}
	if in.source != nil {
		source = clone(in.source.data).(object)
	}
	return in.kind, source
}

func checkModal(m object, f findings) {
	f.at("custom_id").length(str(m, "custom_id"), 1, 100)
	f.at("title").length(str(m, "title"), 1, 45)
	rows := objects(list(m, "components"))
	f.at("components").count(len(rows), 1, 5)
	names := &componentCheck{names: map[string]bool{}, ids: map[int]bool{}}
	for i, row := range rows {
		at := f.at("components", i)
		switch kind := integer(row, "type"); kind {
		case TypeActionRow:
			inputs := objects(list(row, "components"))
			if len(inputs) != 1 || integer(inputs[0], "type") != TypeTextInput {
				at.at("components").add("BASE_TYPE_BAD_LENGTH", "An action row of a modal holds one text input.")
				continue
			}
			at.at("components", 0, "label").length(str(inputs[0], "label"), 1, 45)
			checkInput(inputs[0], names, at.at("components", 0))
		case TypeLabel:
			at.at("label").length(str(row, "label"), 1, 45)
			at.at("description").length(str(row, "description"), 0, 100)
			inner := sub(row, "component")
			switch k := integer(inner, "type"); {
			case k == TypeTextInput:
				checkInput(inner, names, at.at("component"))
			case isSelect(k):
				names.menu(inner, at.at("component"))
			default:
				names.named(inner, at.at("component"))
			}
		case TypeTextDisplay:
			at.at("content").length(str(row, "content"), 1, 4000)
		default:
			at.at("type").add("UNION_TYPE_CHOICES", "Component type %d cannot stand in a modal.", kind)
		}
	}
}

func checkInput(o object, names *componentCheck, f findings) {
	names.named(o, f)
	f.at("placeholder").length(str(o, "placeholder"), 0, 100)
	low, high := 0, 4000
	if n, ok := whole(o["min_length"]); ok {
		low = int(n)
	}
	if n, ok := whole(o["max_length"]); ok {
		high = int(n)
	}
	if low < 0 || high < 1 || high > 4000 || low > high {
		f.at("max_length").add("TEXT_INPUT_BAD_RANGE", "min_length %d and max_length %d must be ordered within 0 and 4000.", low, high)
	}
	f.at("value").length(str(o, "value"), 0, min(max(high, 1), 4000))
	if n := integer(o, "style"); n != 1 && n != 2 {
		f.at("style").add("BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
	}
}
