package discord

import "testing"

func TestRoutes(t *testing.T) {
	for path, want := range map[string]string{
		"/api/v10/users/@me":                            "/api/v10/users/@me",
		"/api/v10/channels/12/messages":                 "/api/v10/channels/12/messages",
		"/api/v10/channels/12/messages/34":              "/api/v10/channels/12/messages",
		"/api/v10/channels/12/messages/34/threads":      "/api/v10/channels/12/messages/threads",
		"/api/v10/guilds/12/members/34/roles/56":        "/api/v10/guilds/12/members/roles",
		"/api/v10/applications/12/commands?with=34":     "/api/v10/applications/12/commands",
		"/api/v10/webhooks/12/t0k3n/messages/@original": "/api/v10/webhooks/12/t0k3n/messages/@original",
		"/": "/",
		"":  "",
	} {
		if got := routeOf("GET", path); got != (route{"GET", want}) {
			t.Errorf("%s: %v, want %s", path, got, want)
		}
	}
}
