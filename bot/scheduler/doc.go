// Package scheduler runs jobs at the operator's times: it reads schedules in
// cron's syntax, computes when they are due, and runs a job once for each due
// time, making up for one that was missed.
//
// It is the only importer of robfig/cron and takes its parser and its
// arithmetic for schedules of every hour, not its runner: the runner knows no
// missed time, hands a job neither the time it runs for nor a context, trusts
// one long timer across clock steps, and forgets a job that failed. What of the
// runner one would want, Recover and SkipIfStillRunning, is here by
// construction: a job runs in Run's own goroutine, guarded, one at a time.
//
// Invariants:
//   - A slot is the scheduled instant, never the wall time a job ran at. Slots
//     handed to a job that succeeded only ever grow, however the clock steps.
//   - Times follow the zone's clocks: a time inside the spring gap is served at
//     the first instant after it, one that comes twice is served the first time.
package scheduler
