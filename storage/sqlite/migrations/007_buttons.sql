-- +goose Up

-- What the buttons that were shown mean; see bot.Buttons.
CREATE TABLE button (
    id   TEXT PRIMARY KEY,
    line TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Random keys that this database's hashes are made with.
CREATE TABLE secret (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
