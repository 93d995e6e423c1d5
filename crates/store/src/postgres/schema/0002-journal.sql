CREATE TABLE entries (
    id       TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    platform TEXT   COLLATE "C" NOT NULL,
    at       BIGINT NOT NULL,
    payment  TEXT   COLLATE "C",
    source   TEXT   COLLATE "C" NOT NULL,
    body     TEXT   NOT NULL
);
CREATE INDEX entries_by_payment ON entries (payment, id) WHERE payment IS NOT NULL;
CREATE INDEX entries_by_source ON entries (source, id);

-- The lines of the entries, debits positive. Nothing ever changes here.
CREATE TABLE postings (
    entry    TEXT     COLLATE "C" NOT NULL,
    line     SMALLINT NOT NULL,
    account  TEXT     COLLATE "C" NOT NULL,
    currency TEXT     COLLATE "C" NOT NULL,
    signed   BIGINT   NOT NULL,
    PRIMARY KEY (entry, line)
);
CREATE INDEX postings_of_sellers ON postings (account, entry)
    WHERE account >= 'seller_' AND account < 'seller`';

-- The sums of the postings, kept beside them in the same transaction. What many payments touch has
-- a row for each node (`shard`), so that nodes do not wait for each other; who takes money from an
-- account that may not have less than nothing locks all of its rows.
CREATE TABLE balances (
    account  TEXT   COLLATE "C" NOT NULL,
    currency TEXT   COLLATE "C" NOT NULL,
    platform TEXT   COLLATE "C" NOT NULL,
    shard    INT    NOT NULL,
    signed   BIGINT NOT NULL,
    PRIMARY KEY (account, currency, platform, shard)
) WITH (fillfactor = 50);
