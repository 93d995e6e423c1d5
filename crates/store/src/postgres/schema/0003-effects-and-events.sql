CREATE TABLE effects (
    id           TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    platform     TEXT   COLLATE "C" NOT NULL,
    due          BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    -- The holder of the lease, out of `nodes`.
    leased_by    TEXT   COLLATE "C",
    name         TEXT   COLLATE "C" NOT NULL,
    body         TEXT   NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX effects_by_due ON effects (due, id);

CREATE TABLE events (
    id       TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    platform TEXT   COLLATE "C" NOT NULL,
    kind     TEXT   COLLATE "C" NOT NULL,
    payment  TEXT   COLLATE "C",
    at       BIGINT NOT NULL,
    body     TEXT   NOT NULL
);
CREATE INDEX events_by_payment ON events (payment, id) WHERE payment IS NOT NULL;
