// Key: the name of one message, the same at every attempt.

package delivery

import "strconv"

// maxKey is Discord's limit on a nonce, in characters.
const maxKey = 25

// Key names a part of a delivery: "d" and "p" with the numbers in base 36. It
// fits into maxKey, as an id has at most 13 digits and a part fewer than 10.
func Key(delivery int64, part int) string {
	return "d" + strconv.FormatInt(delivery, 36) + "p" + strconv.FormatInt(int64(part), 36)
}
