-- +goose Up

-- When digests are due: one row for all who want the same. A million
-- subscriptions of one schedule are moved on by one row's update, which is why
-- next_due_at stands here and not with each of them.
CREATE TABLE schedule (
    id          INTEGER PRIMARY KEY,
    minute      INTEGER NOT NULL, -- of the day, on the clocks of zone
    days        INTEGER NOT NULL, -- digest.Days
    zone        TEXT    NOT NULL,
    next_due_at INTEGER,          -- NULL: not known yet, or never
    last        INTEGER,          -- the newest slot that was served or passed over
    UNIQUE (minute, days, zone)
) STRICT;

CREATE INDEX schedule_due ON schedule (next_due_at);

-- The operator's, whose times the program knows.
INSERT INTO schedule (id, minute, days, zone, last) VALUES (1, 0, 0, '', (SELECT max(slot) FROM edition));

-- What people chose; see digest.Settings.
ALTER TABLE subscription ADD COLUMN schedule     INTEGER NOT NULL DEFAULT 1;
ALTER TABLE subscription ADD COLUMN choice       TEXT    NOT NULL DEFAULT ''; -- digest.Choice.Key
ALTER TABLE subscription ADD COLUMN form         TEXT    NOT NULL DEFAULT ''; -- '' is 'short'
ALTER TABLE subscription ADD COLUMN paused_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subscription ADD COLUMN silent       INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subscription ADD COLUMN no_previews  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subscription ADD COLUMN mention      TEXT    NOT NULL DEFAULT '';
ALTER TABLE subscription ADD COLUMN crosspost    INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subscription ADD COLUMN discuss      INTEGER NOT NULL DEFAULT 0;

-- The local date of the last digest, as digest.Date: no date has two.
ALTER TABLE subscription ADD COLUMN served INTEGER NOT NULL DEFAULT 0;

-- Led by the rowid behind the schedule: an edition goes through its
-- subscriptions in the order of their ids.
CREATE INDEX subscription_schedule ON subscription (schedule) WHERE active = 1;

-- What is published for one slot of one schedule. It goes through the
-- subscriptions in chunks and remembers where it is.
CREATE TABLE edition_new (
    id       INTEGER PRIMARY KEY,
    schedule INTEGER NOT NULL REFERENCES schedule (id),
    slot     INTEGER NOT NULL,
    at       INTEGER,                    -- when it was begun
    date     INTEGER NOT NULL DEFAULT 0, -- the local date it is for, as digest.Date
    through  INTEGER NOT NULL,           -- number of the newest article it looks at
    reached  INTEGER NOT NULL DEFAULT 0, -- id of the last subscription it went through
    complete INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1)),
    first    INTEGER,                    -- the broadcast's first delivery, where it began one
    UNIQUE (schedule, slot)
) STRICT;

INSERT INTO edition_new (id, schedule, slot, at, through, complete, first)
SELECT slot, 1, slot, at, (SELECT max(through) FROM digest WHERE digest.slot = edition.slot), 1, first
FROM edition WHERE EXISTS (SELECT 1 FROM digest WHERE digest.slot = edition.slot);

CREATE TABLE digest_new (
    id      INTEGER PRIMARY KEY,
    edition INTEGER NOT NULL REFERENCES edition_new (id),
    title   TEXT    NOT NULL,
    after   INTEGER NOT NULL,
    choice  TEXT    NOT NULL DEFAULT '',
    through INTEGER NOT NULL,
    more    INTEGER NOT NULL,
    UNIQUE (edition, after, choice)
) STRICT;

INSERT INTO digest_new (id, edition, title, after, through, more) SELECT id, slot, title, after, through, more FROM digest;

CREATE TABLE digest_article_new (
    digest   INTEGER NOT NULL REFERENCES digest_new (id),
    position INTEGER NOT NULL,
    article  INTEGER NOT NULL REFERENCES article (id),
    PRIMARY KEY (digest, position)
) STRICT, WITHOUT ROWID;

INSERT INTO digest_article_new SELECT digest, position, article FROM digest_article;

CREATE TABLE rendering_new (
    id       INTEGER PRIMARY KEY,
    digest   INTEGER NOT NULL REFERENCES digest_new (id),
    platform TEXT    NOT NULL,
    language TEXT    NOT NULL,
    form     TEXT    NOT NULL DEFAULT '',
    UNIQUE (digest, platform, language, form)
) STRICT;

INSERT INTO rendering_new (id, digest, platform, language) SELECT id, digest, platform, language FROM rendering;

CREATE TABLE rendering_part_new (
    rendering INTEGER NOT NULL REFERENCES rendering_new (id),
    part      INTEGER NOT NULL,
    body      BLOB    NOT NULL,
    PRIMARY KEY (rendering, part)
) STRICT, WITHOUT ROWID;

INSERT INTO rendering_part_new SELECT rendering, part, body FROM rendering_part;

-- How many deliveries a broadcast has on a platform, and how many of them were
-- sent while it was the last one. What is queued is what remains. A broadcast is
-- the editions that follow one another while deliveries are still to go; it has
-- the id of the first.
CREATE TABLE broadcast (
    edition    INTEGER NOT NULL REFERENCES edition_new (id),
    platform   TEXT    NOT NULL,
    deliveries INTEGER NOT NULL,
    sent       INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (edition, platform)
) STRICT, WITHOUT ROWID;

INSERT INTO broadcast SELECT slot, platform, deliveries, sent FROM edition_platform
WHERE slot IN (SELECT id FROM edition_new);

-- Whatever refers to a table goes before it.
DROP TABLE edition_platform;
DROP TABLE rendering_part;
DROP TABLE rendering;
DROP TABLE digest_article;
DROP TABLE digest;
DROP TABLE edition;
ALTER TABLE edition_new        RENAME TO edition;
ALTER TABLE digest_new         RENAME TO digest;
ALTER TABLE digest_article_new RENAME TO digest_article;
ALTER TABLE rendering_new      RENAME TO rendering;
ALTER TABLE rendering_part_new RENAME TO rendering_part;

CREATE INDEX edition_broadcast ON edition (id) WHERE first IS NOT NULL;
CREATE INDEX edition_open      ON edition (id) WHERE complete = 0;
