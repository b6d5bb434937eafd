// Package storage keeps everything Strillone must not lose. Open chooses the
// database by its URL; Store is the union of the ports that the rooms need. Each
// database has a room of its own with its own SQL, and storagetest is the one
// suite that all of them pass.
package storage
