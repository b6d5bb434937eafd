// Package delivery brings digests to destinations. The Publisher builds a
// digest, renders it and enqueues it; one Dispatcher for each platform claims,
// paces, sends and records.
//
// Invariants:
//   - Nothing is sent before its intent is durable: Outbox.Exchange marks a
//     delivery as sending, and commits, before a Sender sees it.
//   - A receipt is durable one Exchange later at the latest. What is in flight
//     when the process dies may therefore come twice, and nothing else may: at
//     most Config.Workers deliveries, under way or not yet recorded.
//   - While results can't be recorded nothing is sent; they wait in memory.
//   - The unit of work is one part. The parts of a delivery go in order, and a
//     delivery that stopped half-way goes on at the part it had reached.
//   - Content is rendered once for each digest, platform, language and form; a
//     retry sends the stored rendering.
//   - An edition is what goes out for one slot of one schedule. It goes through
//     the subscriptions in chunks, each of which is one transaction: deliveries,
//     marks, served dates and the place reached. All see the same articles, up to
//     the newest at its beginning. A process that dies goes on from that place
//     when it is back, with the renderings that are stored.
//   - If it is back too late, or at a later slot, whoever had not been reached is
//     not served for that slot: their marks stayed, so that the articles come
//     with their next digest. Nobody misses an article while subscribed, and
//     nobody gets one twice, whatever happens in between.
//   - Nobody gets two digests for one slot, nor for one local date by schedules
//     that name one time of day, also when the hour or the zone is changed or the
//     clock is set. The operator's cron of several times a day is told apart by
//     slot alone.
//   - A digest holds what its readers' choice of topics takes. Where that is
//     nothing there is no digest, and the mark moves on. While a subscription is
//     paused its mark stays: what it missed is in its first digest afterwards.
//   - One destination's trouble delays that destination only, and one
//     platform's trouble that platform only.
package delivery
