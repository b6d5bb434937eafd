// Reader: who reads, and what the readers together think.

package digest

// Person is one person on one platform, by the platform's numeric id.
type Person struct {
	Platform Platform
	ID       string
}
