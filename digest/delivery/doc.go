// Package delivery brings digests to destinations. The Publisher builds a
// digest, renders it and enqueues it; one Dispatcher for each platform claims,
// paces, sends and records.
//
// Invariants:
//   - Nothing is sent before its intent is durable: Outbox.Exchange marks a
//     delivery as sending, and commits, before a Sender sees it.
//   - A receipt is durable one Exchange later at the latest. What is in flight
//     when the process dies may therefore come twice, and nothing else may: at
//     most twice Config.Workers deliveries, under way or not yet recorded.
//   - While results can't be recorded nothing is sent; they wait in memory.
//   - The unit of work is one part. The parts of a delivery go in order, and a
//     delivery that stopped half-way goes on at the part it had reached.
//   - Content is rendered once for each digest, platform and language; a retry
//     sends the stored rendering.
//   - One destination's trouble delays that destination only, and one
//     platform's trouble that platform only.
package delivery
