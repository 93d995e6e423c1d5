-- The tables of the embedded store, for many nodes. Ids begin with their time, so that new rows go
-- to the end of each index and lists need no other order. "C" compares bytes, as the ids do.
CREATE TABLE rows (
    kind     TEXT   COLLATE "C" NOT NULL,
    id       TEXT   COLLATE "C" NOT NULL,
    platform TEXT   COLLATE "C" NOT NULL,
    version  BIGINT NOT NULL,
    created  BIGINT NOT NULL,
    state    TEXT   COLLATE "C" NOT NULL,
    body     TEXT   NOT NULL,
    PRIMARY KEY (kind, id)
) WITH (fillfactor = 85);
CREATE INDEX rows_by_state ON rows (kind, platform, state, id);

CREATE TABLE links (
    kind TEXT COLLATE "C" NOT NULL,
    link TEXT COLLATE "C" NOT NULL,
    id   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, link, id)
);
-- What a row is no longer linked to is found by the row.
CREATE INDEX links_by_row ON links (kind, id);
