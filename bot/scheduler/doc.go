// Package scheduler reads the operator's schedule, in cron's syntax, and computes
// its times; digest/delivery serves them.
//
// It is the only importer of robfig/cron and takes its parser and its
// arithmetic for schedules of every hour, not its runner: the runner knows no
// missed time, hands a job neither the time it runs for nor a context, trusts
// one long timer across clock steps, and forgets a job that failed.
//
// Times follow the zone's clocks: a time inside the spring gap is served at the
// first instant after it, one that comes twice is served the first time.
package scheduler
