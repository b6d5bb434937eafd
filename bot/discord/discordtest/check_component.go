// Documented limits of message components, classic and Components V2.

package discordtest

// Component types of messages and modals.
const (
	TypeActionRow     = 1
	TypeButton        = 2
	TypeStringSelect  = 3
	TypeTextInput     = 4
	TypeRoleSelect    = 6
	TypeChannelSelect = 8
	TypeSection       = 9
	TypeTextDisplay   = 10
	TypeThumbnail     = 11
	TypeMediaGallery  = 12
	TypeFile          = 13
	TypeSeparator     = 14
	TypeContainer     = 17
	TypeLabel         = 18
)

func isSelect(kind int) bool {
	return kind == TypeStringSelect || kind >= 5 && kind <= TypeChannelSelect
}

// componentCheck holds what must be counted or unique over a whole message.
type componentCheck struct {
	v2    bool
	total int
	text  int
	names map[string]bool
	ids   map[int]bool
}

func checkComponents(components []any, v2 bool, f findings) {
	c := &componentCheck{v2: v2, names: map[string]bool{}, ids: map[int]bool{}}
	if !v2 {
		f.count(len(components), 0, 5)
	}
	for i, o := range objects(components) {
		at, kind := f.at(i), integer(o, "type")
		switch {
		case kind == TypeActionRow:
			c.row(o, at)
		case !v2:
			at.at("type").add("UNION_TYPE_CHOICES", "Component type %d at the top needs the IS_COMPONENTS_V2 flag.", kind)
		case kind == TypeContainer:
			c.container(o, at)
		default:
			c.layout(o, at)
		}
	}
	if v2 && c.total > 40 {
		f.add("COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "The maximum of 40 components in all is exceeded (%d).", c.total)
	}
	if c.text > 4000 {
		f.add("COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "The maximum of 4000 characters of text in all is exceeded (%d).", c.text)
	}
}

// enter counts a component and checks its numeric id.
func (c *componentCheck) enter(o object, f findings) {
	c.total++
	if id := integer(o, "id"); id != 0 {
		if c.ids[id] {
			f.at("id").add("COMPONENT_ID_DUPLICATED", "Component id %d is not unique in the message.", id)
		}
		c.ids[id] = true
	}
}

func (c *componentCheck) container(o object, f findings) {
	c.enter(o, f)
	children := objects(list(o, "components"))
	f.at("components").count(len(children), 1, 40)
	for i, child := range children {
		at := f.at("components", i)
		if integer(child, "type") == TypeActionRow {
			c.row(child, at)
		} else {
			c.layout(child, at)
		}
	}
	if n, ok := whole(o["accent_color"]); ok && (n < 0 || n > 0xffffff) {
		f.at("accent_color").add("NUMBER_TYPE_MAX", "int value should be less than or equal to 16777215.")
	}
}

// layout checks what may stand at the top and in a container alike.
func (c *componentCheck) layout(o object, f findings) {
	switch kind := integer(o, "type"); kind {
	case TypeSection:
		c.section(o, f)
	case TypeTextDisplay:
		c.display(o, f)
	case TypeMediaGallery:
		c.enter(o, f)
		items := objects(list(o, "items"))
		f.at("items").count(len(items), 1, 10)
		for i, item := range items {
			c.media(item, "media", f.at("items", i))
		}
	case TypeFile:
		c.enter(o, f)
		c.media(o, "file", f)
	case TypeSeparator:
		c.enter(o, f)
		if n, ok := whole(o["spacing"]); ok && n != 1 && n != 2 {
			f.at("spacing").add("BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
		}
	default:
		f.at("type").add("UNION_TYPE_CHOICES", "Component type %d cannot stand here.", kind)
	}
}

func (c *componentCheck) display(o object, f findings) {
	c.enter(o, f)
	text := str(o, "content")
	f.at("content").length(text, 1, 4000)
	c.text += runes(text)
}

func (c *componentCheck) section(o object, f findings) {
	c.enter(o, f)
	texts := objects(list(o, "components"))
	f.at("components").count(len(texts), 1, 3)
	for i, t := range texts {
		at := f.at("components", i)
		if kind := integer(t, "type"); kind != TypeTextDisplay {
			at.at("type").add("UNION_TYPE_CHOICES", "A section holds text displays, not component type %d.", kind)
			continue
		}
		c.display(t, at)
	}
	accessory, at := sub(o, "accessory"), f.at("accessory")
	switch integer(accessory, "type") {
	case TypeButton:
		c.button(accessory, at)
	case TypeThumbnail:
		c.enter(accessory, at)
		c.media(accessory, "media", at)
	default:
		at.add("BASE_TYPE_REQUIRED", "A section needs a button or a thumbnail as accessory.")
	}
}

func (c *componentCheck) media(o object, key string, f findings) {
	link := str(sub(o, key), "url")
	if link == "" {
		f.at(key, "url").add("BASE_TYPE_REQUIRED", "This field is required")
	}
	checkLink(link, f.at(key, "url"), true)
	if d, ok := o["description"].(string); ok {
		f.at("description").length(d, 1, 1024)
	}
}

func (c *componentCheck) row(o object, f findings) {
	c.enter(o, f)
	children := objects(list(o, "components"))
	at := f.at("components")
	at.count(len(children), 1, 5)
	selects := 0
	for i, child := range children {
		switch kind := integer(child, "type"); {
		case kind == TypeButton:
			c.button(child, at.at(i))
		case isSelect(kind):
			selects++
			c.menu(child, at.at(i))
		default:
			at.at(i, "type").add("UNION_TYPE_CHOICES", "Component type %d cannot stand in an action row of a message.", kind)
		}
	}
	if selects > 0 && len(children) > 1 {
		at.add("COMPONENT_LAYOUT_WIDTH_EXCEEDED", "An action row holds up to five buttons or one select, not both.")
	}
}

// named checks a custom_id: 1–100 characters, once in the message.
func (c *componentCheck) named(o object, f findings) {
	id := str(o, "custom_id")
	f.at("custom_id").length(id, 1, 100)
	if c.names[id] && id != "" {
		f.at("custom_id").add("COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
	}
	c.names[id] = true
}

func (c *componentCheck) button(o object, f findings) {
	c.enter(o, f)
	label := str(o, "label")
	f.at("label").length(label, 0, 80)
	_, hasURL := o["url"]
	_, hasID := o["custom_id"]
	style := integer(o, "style")
	switch style {
	case 1, 2, 3, 4:
		c.named(o, f)
		if hasURL {
			f.at("url").add("BUTTON_COMPONENT_INVALID_URL", "Only a link button has a url.")
		}
	case 5:
		if hasID {
			f.at("custom_id").add("BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified")
		}
		link := str(o, "url")
		if link == "" {
			f.at("url").add("BASE_TYPE_REQUIRED", "A url is required")
		}
		f.at("url").length(link, 0, 512)
		checkLink(link, f.at("url"), false)
	case 6:
		if str(o, "sku_id") == "" || hasID || hasURL || label != "" {
			f.at("sku_id").add("BUTTON_COMPONENT_INVALID_SKU", "A premium button has a sku_id and nothing else.")
		}
	default:
		f.at("style").add("BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}.")
	}
	if style != 6 && label == "" && empty(o["emoji"]) {
		f.add("BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or an emoji is required")
	}
}

func (c *componentCheck) menu(o object, f findings) {
	c.enter(o, f)
	c.named(o, f)
	f.at("placeholder").length(str(o, "placeholder"), 0, 150)
	low, high := 1, 1
	if n, ok := whole(o["min_values"]); ok {
		low = int(n)
	}
	if n, ok := whole(o["max_values"]); ok {
		high = int(n)
	}
	if low < 0 || low > 25 || high < 1 || high > 25 || low > high {
		f.at("max_values").add("SELECT_COMPONENT_BAD_RANGE", "min_values %d and max_values %d must be ordered within 0 and 25.", low, high)
	}
	options := objects(list(o, "options"))
	if integer(o, "type") != TypeStringSelect {
		if len(options) > 0 {
			f.at("options").add("UNKNOWN_PROPERTY", "Only a string select has options.")
		}
		return
	}
	f.at("options").count(len(options), 1, 25)
	if high > len(options) {
		f.at("max_values").add("SELECT_COMPONENT_BAD_RANGE", "max_values %d is more than there are options.", high)
	}
	values, chosen := map[string]bool{}, 0
	for i, opt := range options {
		at := f.at("options", i)
		at.at("label").length(str(opt, "label"), 1, 100)
		at.at("value").length(str(opt, "value"), 1, 100)
		at.at("description").length(str(opt, "description"), 0, 100)
		if v := str(opt, "value"); values[v] {
			at.at("value").add("SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
		} else {
			values[v] = true
		}
		if truth(opt, "default") {
			chosen++
		}
	}
	if chosen > high {
		f.at("options").add("SELECT_COMPONENT_TOO_MANY_DEFAULTS", "%d options are chosen by default, max_values is %d.", chosen, high)
	}
}
