// Package sqlite keeps a Store in one SQLite file, through modernc.org/sqlite.
//
// Invariants: one connection writes, and a transaction takes the write lock
// when it begins, so writers queue instead of failing; the others only read.
// What is committed has reached the disk (synchronous=FULL). Times are stored
// as milliseconds since 1970 UTC. Migrations that have landed never change. What
// is queued has an active subscription. Whoever sends, or migrates, holds a lock
// beside the file; nobody else has to. Whoever sends also keeps a ballast beside it,
// in whose place results are recorded when the disk is full. What is deleted is
// overwritten (secure_delete). A large file that wasn't closed is inspected while
// it is used: see Verify.
package sqlite
