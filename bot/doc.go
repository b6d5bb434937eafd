// Package bot says what a platform adapter is and what it exchanges with the
// rest of the house: a Request comes in, a Reply, which is a value and never a
// platform call, goes out. Group runs adapters side by side, so that the
// trouble of one never stops another.
package bot
