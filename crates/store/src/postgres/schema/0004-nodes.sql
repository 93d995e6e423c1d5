-- Who writes: each batch of a node moves its row on, as the first thing that it does. The number is
-- taken from a node that is gone, whose row stays for a while without one.
CREATE TABLE nodes (
    holder TEXT        COLLATE "C" NOT NULL PRIMARY KEY,
    -- The installation, which runs once at a time.
    name   TEXT        COLLATE "C" NOT NULL,
    number INT         UNIQUE,
    batch  BIGINT      NOT NULL,
    seen   TIMESTAMPTZ NOT NULL
) WITH (fillfactor = 20);
