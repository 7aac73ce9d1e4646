-- A ledger of version 1, as it was first written. Never to be changed: such files exist.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE meter (
  meter TEXT PRIMARY KEY,
  state TEXT NOT NULL,               -- what the judge remembers, JSON
  hour INTEGER NOT NULL,             -- the open hour
  joules INTEGER NOT NULL,           -- cumulative, everything that was credited
  millijoules INTEGER NOT NULL,
  metered_ms INTEGER NOT NULL,       -- cumulative, as of the last settled reading
  hour_metered_ms INTEGER NOT NULL,  -- of that, in the open hour
  live_joules INTEGER NOT NULL,      -- the exposed counter: live readings only
  live_millijoules INTEGER NOT NULL,
  side TEXT NOT NULL,                -- 'site/side' that it belongs to, or ''
  side_joules INTEGER NOT NULL,      -- of the counter, what entered that side
  side_millijoules INTEGER NOT NULL,
  unmetered_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE hour (
  meter TEXT NOT NULL,
  hour INTEGER NOT NULL,
  joules INTEGER NOT NULL,
  millijoules INTEGER NOT NULL,
  metered_ms INTEGER NOT NULL,
  plan TEXT NOT NULL,                -- hash of the declaration that was in force
  PRIMARY KEY (meter, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE exception (             -- hours in which a meter was metered for less than 95 %
  meter TEXT NOT NULL,
  hour INTEGER NOT NULL,
  PRIMARY KEY (meter, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE gap (
  meter TEXT NOT NULL,
  gap_from INTEGER NOT NULL,
  gap_to INTEGER NOT NULL,
  kind TEXT NOT NULL,                -- bridged: credited when it ended; unmetered: not; skipped: the wall clock jumped over it
  PRIMARY KEY (meter, gap_from, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE tree (                  -- which meters made up the sides of a site, from an hour on
  site TEXT NOT NULL,
  since INTEGER NOT NULL,
  sides TEXT NOT NULL,               -- JSON
  PRIMARY KEY (site, since)
) STRICT, WITHOUT ROWID;

CREATE TABLE site_side (             -- net weighted energy, advanced to the instant that all meters of the side reached
  site TEXT NOT NULL,
  side TEXT NOT NULL,
  at INTEGER NOT NULL,
  joules INTEGER NOT NULL,           -- the exposed counter: never steps back
  millijoules INTEGER NOT NULL,
  debt_millijoules INTEGER NOT NULL, -- what export exceeded import by, to be made good before the counter moves again
  PRIMARY KEY (site, side)
) STRICT, WITHOUT ROWID;

CREATE TABLE work (                  -- 1 gflop = 1e9 operations; 1 PFlop-second = 1e6 gflop
  site TEXT NOT NULL,
  pool TEXT NOT NULL,
  tenant TEXT NOT NULL,
  action TEXT NOT NULL,
  precision TEXT NOT NULL,
  tier TEXT NOT NULL,
  gflop INTEGER NOT NULL,
  PRIMARY KEY (site, pool, tenant, action, precision, tier)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  site TEXT NOT NULL,
  source TEXT NOT NULL,
  kind TEXT NOT NULL,
  detail TEXT NOT NULL,              -- JSON
  wire TEXT NOT NULL                 -- what stood on the wire
) STRICT;
CREATE INDEX event_at ON event (at);

PRAGMA application_id = 1195789392; PRAGMA user_version = 1;
