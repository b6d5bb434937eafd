-- +goose Up

CREATE TABLE article (
    -- Never given twice: a button of a discarded draft must not meet another.
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    number       INTEGER UNIQUE,
    state        TEXT    NOT NULL CHECK (state IN ('draft', 'scheduled', 'published', 'withdrawn')),
    revision     INTEGER NOT NULL,
    fingerprint  TEXT    NOT NULL,
    author       TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    published_at INTEGER,
    CHECK ((number IS NULL) = (state IN ('draft', 'scheduled')))
) STRICT;

CREATE UNIQUE INDEX article_fingerprint ON article (fingerprint) WHERE state <> 'withdrawn';

CREATE TABLE revision (
    article  INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    content  TEXT    NOT NULL, -- digest.Content as JSON
    author   TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (article, revision)
) STRICT;

-- Published articles by their words; rowid is article.id.
CREATE VIRTUAL TABLE article_words USING fts5 (
    title, lead, topics, body,
    content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 2"
);

CREATE TABLE subscription (
    id         INTEGER PRIMARY KEY,
    platform   TEXT    NOT NULL,
    chat       TEXT    NOT NULL,
    thread     TEXT    NOT NULL DEFAULT '',
    language   TEXT    NOT NULL,
    active     INTEGER NOT NULL CHECK (active IN (0, 1)),
    mark       INTEGER NOT NULL, -- number of the newest article received or passed over
    created_at INTEGER NOT NULL,
    ended_at   INTEGER,
    end_reason TEXT,
    UNIQUE (platform, chat, thread)
) STRICT;

CREATE INDEX subscription_group ON subscription (platform, language, mark) WHERE active = 1;

-- One row for each scheduled time that was published, with or without news.
CREATE TABLE edition (
    slot INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE digest (
    id      INTEGER PRIMARY KEY,
    slot    INTEGER NOT NULL REFERENCES edition (slot),
    title   TEXT    NOT NULL,
    after   INTEGER NOT NULL,
    through INTEGER NOT NULL,
    more    INTEGER NOT NULL,
    UNIQUE (slot, after)
) STRICT;

CREATE TABLE digest_article (
    digest   INTEGER NOT NULL REFERENCES digest (id),
    position INTEGER NOT NULL,
    article  INTEGER NOT NULL REFERENCES article (id),
    PRIMARY KEY (digest, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE rendering (
    id       INTEGER PRIMARY KEY,
    digest   INTEGER NOT NULL REFERENCES digest (id),
    platform TEXT    NOT NULL,
    language TEXT    NOT NULL
) STRICT;

CREATE UNIQUE INDEX rendering_key ON rendering (digest, platform, language);

CREATE TABLE rendering_part (
    rendering INTEGER NOT NULL REFERENCES rendering (id),
    part      INTEGER NOT NULL,
    body      BLOB    NOT NULL,
    PRIMARY KEY (rendering, part)
) STRICT, WITHOUT ROWID;

-- Queue and ledger. The rows are many and small: foreign keys are left out, and
-- what a row names is never deleted.
CREATE TABLE delivery (
    id           INTEGER PRIMARY KEY,
    rendering    INTEGER NOT NULL,
    subscription INTEGER NOT NULL,
    platform     TEXT    NOT NULL,
    state        INTEGER NOT NULL, -- 0 queued, 1 sending, 2 sent, 3 failed: see delivery.State
    part         INTEGER NOT NULL DEFAULT 0,
    attempts     INTEGER NOT NULL DEFAULT 0,
    doubts       INTEGER NOT NULL DEFAULT 0,
    next_at      INTEGER NOT NULL, -- 0: at once, before all others
    kind         TEXT,
    reason       TEXT
) STRICT;

CREATE INDEX delivery_due ON delivery (platform, next_at) WHERE state = 0;
CREATE INDEX delivery_sending ON delivery (platform) WHERE state = 1;
CREATE INDEX delivery_subscription ON delivery (subscription);

CREATE TABLE receipt (
    delivery INTEGER NOT NULL,
    part     INTEGER NOT NULL,
    message  TEXT    NOT NULL, -- the platform's own id of it
    PRIMARY KEY (delivery, part)
) STRICT, WITHOUT ROWID;
