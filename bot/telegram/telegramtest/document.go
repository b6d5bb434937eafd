// Documents: files that the bot sends.

package telegramtest

// maxUpload is how large a file may be (Sending Files).
const maxUpload = 50 << 20

// checkDocument checks sendDocument, with an uploaded file.
func checkDocument(c *Call, f findings) {
	checkTarget(c, f)
	file := c.file("document")
	switch {
	case file == nil:
		f.at("document").add("telegramtest plays uploaded documents only")
	case len(file.Data) == 0:
		f.at("document").add("file must be non-empty")
	case len(file.Data) > maxUpload:
		f.at("document").add("file is too big")
	}
}

func (c Call) file(field string) *File {
	for _, f := range c.Files {
		if f.Field == field {
			return &f
		}
	}
	return nil
}

func (s *Server) sendDocument(c *Call) (any, *failure) {
	in, f := s.writable(c)
	if f != nil {
		return nil, f
	}
	r := s.newRecord(in, s.me())
	r.mine, r.silent, r.file = true, c.truth("disable_notification"), c.file("document")
	r.put(c.integer("message_thread_id"), nil)
	id := s.nextSerial("file")
	r.data["document"] = object{"file_id": id, "file_unique_id": "u" + id, "file_name": r.file.Name, "file_size": len(r.file.Data)}
	return clone(r.data), nil
}
