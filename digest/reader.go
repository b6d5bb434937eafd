// Reader: who reads, and what the readers together think.

package digest

// Person is one person on one platform, by the platform's numeric id.
type Person struct {
	Platform Platform
	ID       string
}

// Usefulness is for how many people an article was useful, and for how many not.
// Who they are is kept nowhere.
type Usefulness struct {
	Useful int
	Not    int
}

// MaxSaved is how many articles a person can save.
const MaxSaved = 500
