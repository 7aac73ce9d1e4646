-- What version 2 added to version 1. Never to be changed: such files exist.
CREATE TABLE past (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,               -- when it was imported
  files TEXT NOT NULL,               -- JSON: name and SHA-256 of each
  plan TEXT NOT NULL,                -- hash of the declaration that was in force
  valid INTEGER NOT NULL             -- 0 while its hours are being written: not seen by anybody
) STRICT;

CREATE TABLE past_meter (
  past INTEGER NOT NULL,
  meter TEXT NOT NULL,
  first INTEGER NOT NULL,            -- first and last hour
  last INTEGER NOT NULL,
  joules INTEGER NOT NULL,           -- of all its hours
  millijoules INTEGER NOT NULL,
  metered_ms INTEGER NOT NULL,
  register TEXT,                     -- raw level at the end of the last hour, 'n/d', where the file gave one
  PRIMARY KEY (meter, past)
) STRICT, WITHOUT ROWID;

CREATE TABLE past_hour (
  past INTEGER NOT NULL,
  meter TEXT NOT NULL,
  hour INTEGER NOT NULL,
  joules INTEGER NOT NULL,           -- cumulative within the import
  millijoules INTEGER NOT NULL,
  metered_ms INTEGER NOT NULL,
  exception INTEGER NOT NULL,        -- 1: the file has no such hour
  PRIMARY KEY (past, meter, hour)
) STRICT, WITHOUT ROWID;
CREATE INDEX past_exception ON past_hour (past, meter, hour) WHERE exception = 1;

PRAGMA application_id = 1195789392; PRAGMA user_version = 2;
