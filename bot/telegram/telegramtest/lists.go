// Lists: people who pick a chat from the list that a bot's keyboard opens.

package telegramtest

const maxPlaceholder = 64

// List is a button of a reply keyboard that lists chats (KeyboardButtonRequestChat).
type List struct {
	Text     string
	Request  int64
	Channels bool
	Lets     bool // the bot becomes an administrator of what is picked
}

// listsOf are the lists of a ReplyKeyboardMarkup.
func listsOf(markup object) []List {
	var out []List
	for _, row := range list(markup, "keyboard") {
		l, _ := row.([]any)
		for _, b := range objects(l) {
			if request := sub(b, "request_chat"); request != nil {
				out = append(out, List{str(b, "text"), integer(request, "request_id"),
					truth(request, "chat_is_channel"), sub(request, "bot_administrator_rights") != nil})
			}
		}
	}
	return out
}

// checkLists checks a reply keyboard. Lists of chats are for private chats.
func checkLists(c *Call, rows []any, f findings) {
	seen := map[int64]bool{}
	for i, r := range rows {
		row, ok := r.([]any)
		if !ok || len(row) == 0 {
			f.at(i).add("can't parse reply keyboard: a row must be an Array of buttons")
		}
		for j, b := range objects(row) {
			f := f.at(i).at(j)
			if blank(str(b, "text")) {
				f.add("can't parse keyboard button: the text is empty")
			}
			request := sub(b, "request_chat")
			if request == nil {
				continue
			}
			if c.Chat() <= 0 {
				f.add("chat requests can be used only in private chats")
			}
			id := integer(request, "request_id")
			if seen[id] {
				f.add("request_id %d is there twice", id)
			}
			seen[id] = true
			for right, given := range sub(request, "bot_administrator_rights") {
				if given == true && !truth(sub(request, "user_administrator_rights"), right) {
					f.add("the bot would get %s, which the person need not have", right)
				}
			}
		}
	}
}

// Pick has a person pick a chat from a list of a message: a message chat_shared.
// Where the list lets the bot in, it is made an administrator.
func (s *Server) Pick(user int64, l List, chat int64) {
	s.reporter.Helper()
	s.change(user, func(c *chatState) {
		if in := s.chats[chat]; in != nil && l.Lets && in.bot != administrator {
			s.changeBot(in, administrator, nil, user)
		}
		r := s.newRecord(c, s.userJSON(user))
		r.data["chat_shared"] = object{"request_id": l.Request, "chat_id": chat}
		s.push("message", clone(r.data))
	})
}
