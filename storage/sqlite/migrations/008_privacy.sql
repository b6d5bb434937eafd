-- +goose NO TRANSACTION
-- +goose Up

-- From now on what is deleted is overwritten; this takes away what was deleted
-- before.
VACUUM;
