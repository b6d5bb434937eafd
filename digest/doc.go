// Package digest is the domain of Strillone: what an article is and how an
// editor's text becomes one, what a digest and a subscription are, and the
// errors people are told about. It imports the standard library and
// digest/markup, and knows no platform, database or clock.
package digest
