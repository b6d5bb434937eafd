-- +goose Up

-- When an edition was published, and its first delivery: the ids of its others
-- follow. An edition without deliveries has none.
ALTER TABLE edition ADD COLUMN at    INTEGER;
ALTER TABLE edition ADD COLUMN first INTEGER;
CREATE INDEX edition_with_deliveries ON edition (slot) WHERE first IS NOT NULL;

-- How many deliveries an edition has on a platform, and how many of them were
-- sent while it was the last one. What is queued is what remains.
CREATE TABLE edition_platform (
    slot       INTEGER NOT NULL REFERENCES edition (slot),
    platform   TEXT    NOT NULL,
    deliveries INTEGER NOT NULL,
    sent       INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (slot, platform)
) STRICT, WITHOUT ROWID;

-- Deliveries with an attempt whose outcome stayed unknown: delivery.doubts
-- begins anew with every part.
CREATE TABLE doubt (delivery INTEGER PRIMARY KEY) STRICT;

-- Led by the id, so that the failures of years are not read for those of today.
CREATE INDEX delivery_failed ON delivery (id, platform, kind, reason) WHERE state = 3;

-- How many subscriptions are active. An edition, which moves the marks of all,
-- pulls no trigger.
CREATE TABLE audience (
    platform TEXT    PRIMARY KEY,
    active   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO audience SELECT platform, count(*) FROM subscription WHERE active = 1 GROUP BY platform;

-- +goose StatementBegin
CREATE TRIGGER subscription_made AFTER INSERT ON subscription WHEN NEW.active = 1 BEGIN
    INSERT INTO audience VALUES (NEW.platform, 1) ON CONFLICT DO UPDATE SET active = active + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER subscription_changed AFTER UPDATE OF active, platform ON subscription BEGIN
    UPDATE audience SET active = active - OLD.active WHERE platform = OLD.platform;
    INSERT INTO audience VALUES (NEW.platform, NEW.active) ON CONFLICT DO UPDATE SET active = active + excluded.active;
END;
-- +goose StatementEnd
