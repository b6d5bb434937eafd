// Package storagetest is the one suite that every database passes: what a
// storage.Store promises, asked of a real one.
package storagetest
