// Package config reads Strillone's one configuration file: defaults first, then
// the file, decoded strictly, then the environment for the secrets.
//
// Invariants: a Config that Load returned is valid in full; every fault of a
// file is reported at once, each with its line and its remedy; no secret is in
// any message, and a Secret prints as <redacted> whatever prints it.
package config
