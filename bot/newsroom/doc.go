// Package newsroom is the editors' conversation: a text or a file comes in, whole
// or in pieces, which are stored before their updates are confirmed; it is
// understood, stored as a draft of each article in it, shown as a preview, and
// published or discarded with a press. Every step can be repeated without a second effect, so an update that
// a platform delivers twice is harmless.
package newsroom
