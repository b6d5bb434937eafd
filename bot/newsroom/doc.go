// Package newsroom is the editors' conversation: a text comes in, is understood
// and stored as a draft, shown as a preview, and published or discarded with a
// press. Every step can be repeated without a second effect, so an update that
// a platform delivers twice is harmless.
package newsroom
