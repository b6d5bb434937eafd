// The details: what the contract promises in its subordinate clauses.

package storagetest

import "testing"

// inDetail runs the second half of the suite.
func inDetail(t *testing.T, fresh func(testing.TB) Database) {
	for name, test := range map[string]func(*steps){
		"drafts":                       drafts,
		"drafts replaced":              draftsReplaced,
		"numbers":                      numbers,
		"publish twice":                publishTwice,
		"publish racing":               publishRacing,
		"save racing":                  saveRacing,
		"pieces held":                  piecesHeld,
		"manuscripts":                  manuscripts,
		"manuscripts meet":             manuscriptsMeet,
		"articles":                     articles,
		"contents":                     contents,
		"match":                        match,
		"match order":                  matchOrder,
		"match anything":               matchAnything,
		"subscribe":                    subscribe,
		"subscribe where":              subscribeWhere,
		"subscribe again":              subscribeAgain,
		"subscribe racing":             subscribeRacing,
		"published":                    published,
		"edition":                      editionAll,
		"edition once":                 editionOnce,
		"edition racing":               editionRacing,
		"edition marks":                editionMarks,
		"edition dies":                 editionDies,
		"edition too late":             editionTooLate,
		"choices and forms":            choicesAndForms,
		"pauses and hours":             pausesAndHours,
		"latest digest":                latestDigest,
		"claims":                       claims,
		"claim order":                  claimOrder,
		"results":                      results,
		"results repeated":             resultsRepeated,
		"results of others":            resultsOfOthers,
		"next attempt":                 nextAttempts,
		"unsubscribe queued":           unsubscribeQueued,
		"unsubscribe sending":          unsubscribeSending,
		"deactivate":                   deactivate,
		"recover":                      recovery,
		"recover ended":                recoverEnded,
		"exchange racing":              exchangeRacing,
		"everything racing":            everythingRacing,
		"move":                         move,
		"move to subscribed":           moveToSubscribed,
		"move to one that had it":      moveToOneThatHadIt,
		"move to one that will get it": moveToOneThatWillGetIt,
		"move to unsubscribed":         moveToUnsubscribed,
		"move to gone":                 moveToGone,
		"move in flight":               moveInFlight,
		"refusals":                     refusals,
		"given up":                     givenUp,
		"configure":                    configure,
		"manner of claims":             mannerOfClaims,
		"settings moved":               movedSettings,
		"next due":                     nextDue,
		"digest by id":                 digestByID,
		"leave":                        leave,
		"return":                       comeBack,
		"return after moving":          comeBackAfterMoving,
		"report":                       report,
		"report of nothing":            reportOfNothing,
		"report of doubts":             reportOfDoubts,
		"report of a broadcast":        reportOfABroadcast,
		"report of the last":           reportOfTheLast,
		"context ended":                contextEnded,
		"check":                        check,
	} {
		t.Run("details/"+name, func(t *testing.T) { test(stepsOn(t, fresh(t).Open(t))) })
	}
	for name, test := range inTheArchive {
		t.Run("archive/"+name, func(t *testing.T) { test(stepsOn(t, fresh(t).Open(t))) })
	}
	t.Run("model/in detail", func(t *testing.T) { liveInACity(t, &bench{TB: t, database: fresh(t)}) })
}
