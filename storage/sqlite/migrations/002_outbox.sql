-- +goose Up

-- What has begun goes before all else, whatever is due longer.
DROP INDEX delivery_due;
CREATE INDEX delivery_begun ON delivery (platform, next_at) WHERE state = 0 AND part > 0;
CREATE INDEX delivery_due   ON delivery (platform, next_at) WHERE state = 0 AND part = 0;

-- An edition reads all subscriptions once; an index on the mark, which it moves,
-- costs it more than all the rest.
DROP INDEX subscription_group;
