// JSON of users, chats and members as Telegram writes them.

package telegramtest

// Accounts that Telegram has write for somebody else.
const (
	anonymousBot = 1087968824 // a group's anonymous administrators
	channelBot   = 136817688  // people who write as their channel
)

func (s *Server) userJSON(id int64) object {
	switch id {
	case s.botID:
		return s.me()
	case anonymousBot:
		return object{"id": id, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot"}
	case channelBot:
		return object{"id": id, "is_bot": true, "first_name": "Channel", "username": "Channel_Bot"}
	}
	p := s.know(id)
	o := object{"id": p.id, "is_bot": false, "first_name": p.name}
	if p.lang != "" {
		o["language_code"] = p.lang
	}
	return o
}

func (s *Server) chatJSON(c *chat) object {
	o := object{"id": c.id, "type": string(c.kind)}
	if c.kind == private {
		o["first_name"] = s.know(c.id).name
	} else {
		o["title"] = c.title
	}
	if c.username != "" {
		o["username"] = c.username
	}
	if len(c.topics) > 0 {
		o["is_forum"] = true
	}
	return o
}

var adminRights = []string{"can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
	"can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories"}

var memberRights = []string{"can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos",
	"can_send_videos", "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
	"can_add_web_page_previews", "can_react_to_messages", "can_edit_tag", "can_change_info", "can_invite_users",
	"can_pin_messages", "can_manage_topics"}

// memberJSON is the ChatMember with a status.
func (s *Server) memberJSON(c *chat, user int64, status string) object {
	o := object{"status": status, "user": s.userJSON(user)}
	rights := func(names []string, given bool) {
		for _, name := range names {
			o[name] = given
		}
	}
	switch status {
	case creator:
		o["is_anonymous"] = false
	case administrator:
		o["can_be_edited"], o["is_anonymous"] = false, false
		rights(adminRights, true)
		if c.kind == channel {
			rights([]string{"can_post_messages", "can_edit_messages"}, true)
		}
	case restricted:
		o["is_member"], o["until_date"] = true, 0
		rights(memberRights, false)
	case kicked:
		o["until_date"] = 0
	}
	return o
}
