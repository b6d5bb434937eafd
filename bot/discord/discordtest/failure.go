// Error answers: the codes the server gives and their JSON form.

package discordtest

import "fmt"

// failure is an error answer. One with report set is the caller's mistake and
// becomes a violation unless its code is tolerated.
type failure struct {
	status  int
	code    int
	message string
	issues  []issue // fields at fault, for 50035
	report  bool
}

func (f *failure) text() string {
	t := fmt.Sprintf("%d %s (code %d)", f.status, f.message, f.code)
	for _, i := range f.issues {
		t += "\n\t" + i.String()
	}
	return t
}

// body is the JSON object Discord sends: the errors tree only with fields.
func (f *failure) body() object {
	o := object{"message": f.message, "code": f.code}
	if len(f.issues) > 0 {
		o["errors"] = tree(f.issues)
	}
	return o
}

// refuse is a failure that the state of the world causes.
func refuse(status, code int, message string) *failure {
	return &failure{status: status, code: code, message: message}
}

// blame is a failure that the caller causes.
func blame(status, code int, message string) *failure {
	return &failure{status: status, code: code, message: message, report: true}
}

// invalidForm is 50035 with the fields at fault.
func invalidForm(is []issue) *failure {
	return &failure{status: 400, code: 50035, message: "Invalid Form Body", issues: is, report: true}
}

func unknownChannel() *failure { return refuse(404, 10003, "Unknown Channel") }
func unknownGuild() *failure   { return refuse(404, 10004, "Unknown Guild") }
func unknownMessage() *failure { return refuse(404, 10008, "Unknown Message") }
func missingAccess() *failure  { return refuse(403, 50001, "Missing Access") }
func missingPermissions() *failure {
	return refuse(403, 50013, "Missing Permissions")
}
