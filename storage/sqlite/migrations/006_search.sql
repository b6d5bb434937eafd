-- +goose Up

-- Published articles by their stems (see digest/search), which are put in as
-- words between spaces; rowid is article.number, so that newest first is the
-- index's own order. In topics each topic is a word of its own, #bigtech, and
-- every article has the word #. What was indexed by plain words is indexed anew
-- when the file is opened.
DROP TABLE article_words;
CREATE VIRTUAL TABLE article_words USING fts5 (
    title, lead, body, more, topics,
    content = '', contentless_delete = 1,
    tokenize = "ascii tokenchars '#'"
);

-- Their titles by whole words, accents aside: for what is being typed.
CREATE VIRTUAL TABLE title_words USING fts5 (
    title,
    content = '', contentless_delete = 1, prefix = '1 2 3',
    tokenize = "ascii"
);

-- Every word of a title, and in how many titles it is.
CREATE VIRTUAL TABLE title_vocabulary USING fts5vocab (title_words, 'row');

-- The revision that the index has of an article, by which version of the stems.
CREATE TABLE indexed (
    number    INTEGER PRIMARY KEY,
    revision  INTEGER NOT NULL,
    version   INTEGER NOT NULL,
    title_key INTEGER NOT NULL -- equal titles have equal ones: search.TitleKey
) STRICT;

CREATE INDEX indexed_title ON indexed (title_key);

CREATE TABLE topic (
    id   INTEGER PRIMARY KEY,
    key  TEXT NOT NULL UNIQUE, -- search.TopicKey
    name TEXT NOT NULL         -- as it was written last
) STRICT;

CREATE TABLE article_topic (
    topic  INTEGER NOT NULL REFERENCES topic (id),
    number INTEGER NOT NULL,
    PRIMARY KEY (topic, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX article_published ON article (published_at, number) WHERE state = 'published';

-- What is published no more is found no more.
-- +goose StatementBegin
CREATE TRIGGER article_hidden AFTER UPDATE OF state ON article
WHEN OLD.state = 'published' AND NEW.state <> 'published' BEGIN
    DELETE FROM article_words WHERE rowid = OLD.number;
    DELETE FROM title_words WHERE rowid = OLD.number;
    DELETE FROM article_topic WHERE topic IN (SELECT id FROM topic) AND number = OLD.number;
    DELETE FROM indexed WHERE number = OLD.number;
END;
-- +goose StatementEnd

-- What a person keeps.
CREATE TABLE saved (
    platform TEXT    NOT NULL,
    person   TEXT    NOT NULL,
    article  INTEGER NOT NULL REFERENCES article (id),
    at       INTEGER NOT NULL,
    PRIMARY KEY (platform, person, article)
) STRICT, WITHOUT ROWID;

-- Sums of what people think; who they are is in no table.
CREATE TABLE usefulness (
    article INTEGER PRIMARY KEY REFERENCES article (id),
    useful  INTEGER NOT NULL CHECK (useful >= 0),
    other   INTEGER NOT NULL CHECK (other >= 0)
) STRICT;
