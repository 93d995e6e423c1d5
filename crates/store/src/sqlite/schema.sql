-- Rows and events are kept in the order in which they were first written, with an index by their
-- ids: SQLite would put a body of a kilobyte on a page of its own in a table without this order.
CREATE TABLE rows (
    number   INTEGER NOT NULL PRIMARY KEY,
    kind     TEXT    NOT NULL,
    id       TEXT    NOT NULL,
    platform TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    created  INTEGER NOT NULL,
    state    TEXT    NOT NULL,
    body     TEXT    NOT NULL
);
-- Ids begin with their time, so that new rows go to the end and lists need no other order.
CREATE UNIQUE INDEX rows_by_id ON rows (kind, id);
CREATE INDEX rows_by_state ON rows (kind, platform, state, id);
-- Replies are named by their clients, so that their names say nothing of their age.
CREATE INDEX rows_of_replies ON rows (created) WHERE kind = 'replay';

-- What a list may be narrowed to: a payment's attempts, a seller's orders.
CREATE TABLE links (
    kind TEXT NOT NULL,
    link TEXT NOT NULL,
    id   TEXT NOT NULL,
    PRIMARY KEY (kind, link, id)
) WITHOUT ROWID;

CREATE TABLE entries (
    id       TEXT    NOT NULL PRIMARY KEY,
    platform TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    payment  TEXT,
    source   TEXT    NOT NULL,
    body     TEXT    NOT NULL
) WITHOUT ROWID;
CREATE INDEX entries_by_payment ON entries (payment, id) WHERE payment IS NOT NULL;
CREATE INDEX entries_by_source ON entries (source, id);

-- The lines of the entries, debits positive. Nothing ever changes here.
CREATE TABLE postings (
    entry    TEXT    NOT NULL,
    line     INTEGER NOT NULL,
    account  TEXT    NOT NULL,
    currency TEXT    NOT NULL,
    signed   INTEGER NOT NULL,
    PRIMARY KEY (entry, line)
) WITHOUT ROWID;
-- Sellers look at their own lines only; the platform's are in nearly every entry.
CREATE INDEX postings_of_sellers ON postings (account, entry)
    WHERE account >= 'seller_' AND account < 'seller`';

-- The sums of the postings, kept beside them in the same transaction.
CREATE TABLE balances (
    account  TEXT    NOT NULL,
    currency TEXT    NOT NULL,
    platform TEXT    NOT NULL,
    signed   INTEGER NOT NULL,
    PRIMARY KEY (account, currency, platform)
) WITHOUT ROWID;

CREATE TABLE effects (
    id           TEXT    NOT NULL PRIMARY KEY,
    platform     TEXT    NOT NULL,
    due          INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    name         TEXT    NOT NULL,
    body         TEXT    NOT NULL
) WITHOUT ROWID;
CREATE INDEX effects_by_due ON effects (due, id);

CREATE TABLE events (
    number   INTEGER NOT NULL PRIMARY KEY,
    id       TEXT    NOT NULL,
    platform TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    payment  TEXT,
    at       INTEGER NOT NULL,
    body     TEXT    NOT NULL
);
CREATE UNIQUE INDEX events_by_id ON events (id);
CREATE INDEX events_by_payment ON events (payment, id) WHERE payment IS NOT NULL;
CREATE INDEX events_by_kind ON events (kind, id);
