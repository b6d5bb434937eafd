// Secret: a value that nothing prints.

package config

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "<redacted>"

// Secret is a token. Every verb of fmt, slog, JSON and YAML show it as
// <redacted>. Keep it in exported fields or local variables: fmt cannot call
// the methods of a value in an unexported field, and prints it bare.
type Secret string

// Reveal is the secret itself, for the call that needs it.
func (s Secret) Reveal() string { return string(s) }

// String is <redacted>.
func (Secret) String() string { return redacted }

// GoString is <redacted>.
func (Secret) GoString() string { return redacted }

// Format writes <redacted> for every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue is <redacted>.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText gives <redacted>; JSON uses it too.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalYAML gives <redacted>.
func (Secret) MarshalYAML() (any, error) { return redacted, nil }
