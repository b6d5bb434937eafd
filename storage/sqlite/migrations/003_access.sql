-- +goose Up

-- How many digests in a row a place refused, and why a subscription ended: the
-- kind of failure, or 'unsubscribed'.
ALTER TABLE subscription ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subscription ADD COLUMN end_kind TEXT;
UPDATE subscription SET end_kind = CASE
    WHEN end_reason = 'unsubscribed' THEN 'unsubscribed'
    WHEN end_reason = 'moved to a destination with a subscription of its own' THEN 'moved'
    ELSE 'gone' END
WHERE active = 0;
