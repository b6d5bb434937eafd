-- +goose Up

-- What editors sent, message by message and file by file.
CREATE TABLE piece (
    id         INTEGER PRIMARY KEY,
    platform   TEXT    NOT NULL,
    chat       TEXT    NOT NULL,
    message    TEXT    NOT NULL,
    file       TEXT    NOT NULL,
    content    TEXT    NOT NULL, -- digest.Piece as JSON
    waiting    INTEGER NOT NULL CHECK (waiting IN (0, 1)), -- its editor was not answered yet
    manuscript INTEGER REFERENCES piece (id), -- the first piece of what it was put together to
    UNIQUE (platform, chat, message, file)
) STRICT;

CREATE INDEX piece_waiting ON piece (waiting) WHERE waiting = 1;
CREATE INDEX piece_manuscript ON piece (manuscript);

-- The articles that manuscripts became, by their place in the text.
CREATE TABLE manuscript_article (
    manuscript INTEGER NOT NULL REFERENCES piece (id),
    position   INTEGER NOT NULL,
    article    INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    PRIMARY KEY (manuscript, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX manuscript_of_article ON manuscript_article (article);
