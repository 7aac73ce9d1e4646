/** 'GFLP' in SQLite's application_id: tells a ledger from any other database. */
export const APPLICATION_ID = 0x47464c50;

/**
 * Totals are whole joules and a remainder of 0-999 millijoules: a 64-bit integer of millijoules alone would overflow
 * after 5.8 years at 50 MW. Times are Unix ms; `hour` is an hour's start; energies in `hour` are cumulative at its end.
 */
const LIVE = `
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
`;

/** Past energy, in batches of one import each: added to what `hour` holds, of hours that no live reading covers. */
const PAST = `
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
`;

/**
 * What people bring to the ledger: hand readings, adjusting entries, replaced meters, closed months. Hours name their
 * declaration by a number: its hash was more than half of each row.
 */
const ENTRIES = `
CREATE TABLE declaration (           -- those that were in force when hours were written
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO declaration (hash) SELECT DISTINCT plan FROM hour ORDER BY plan;
CREATE TABLE hour_by_number (
  meter TEXT NOT NULL,
  hour INTEGER NOT NULL,
  joules INTEGER NOT NULL,
  millijoules INTEGER NOT NULL,
  metered_ms INTEGER NOT NULL,
  declaration INTEGER NOT NULL,      -- id of the one that was in force
  PRIMARY KEY (meter, hour)
) STRICT, WITHOUT ROWID;
INSERT INTO hour_by_number
  SELECT meter, hour, joules, millijoules, metered_ms, (SELECT id FROM declaration WHERE hash = plan) FROM hour;
DROP TABLE hour;
ALTER TABLE hour_by_number RENAME TO hour;

ALTER TABLE gap ADD COLUMN level_from TEXT; -- raw register level before and after it, 'n/d', where there was one
ALTER TABLE gap ADD COLUMN level_to TEXT;
ALTER TABLE gap ADD COLUMN joules INTEGER NOT NULL DEFAULT 0; -- credited over it
ALTER TABLE gap ADD COLUMN millijoules INTEGER NOT NULL DEFAULT 0;

-- One meter may stand in several sums: what of it is in each is kept with the sum.
ALTER TABLE site_side ADD COLUMN entered TEXT NOT NULL DEFAULT '{}'; -- JSON: millijoules of each meter's counter that are in the sum
ALTER TABLE site_side ADD COLUMN dark TEXT NOT NULL DEFAULT '[]';    -- JSON: stretches in which what is taken off was not metered
UPDATE site_side SET entered = (
  SELECT json_group_object(meter, printf('%d%03d', side_joules, side_millijoules)) FROM meter WHERE side = site || '/' || site_side.side);
ALTER TABLE meter DROP COLUMN side;
ALTER TABLE meter DROP COLUMN side_joules;
ALTER TABLE meter DROP COLUMN side_millijoules;

CREATE TABLE entry (                 -- energy added to what the hours hold; rows are added, never changed
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  meter TEXT NOT NULL,
  entry_from INTEGER NOT NULL,       -- spread evenly over [entry_from, entry_to)
  entry_to INTEGER NOT NULL,
  joules INTEGER NOT NULL,           -- both may be negative
  millijoules INTEGER NOT NULL,
  factor TEXT,                       -- rescale: 'n/d', (factor - 1) x what the hours of the span hold is added
  kind TEXT NOT NULL,                -- manual: closes a gap; adjust: corrects energy alone; rescale
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  evidence TEXT NOT NULL             -- JSON: name and SHA-256 of a file, or null
) STRICT;
CREATE INDEX entry_meter ON entry (meter, entry_from);

CREATE TABLE instruction (           -- what somebody asks the one writer of the ledger to do
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  meter TEXT NOT NULL,
  kind TEXT NOT NULL,                -- read | replace
  detail TEXT NOT NULL,              -- JSON
  outcome TEXT                       -- JSON; NULL until it is done
) STRICT;

CREATE TABLE past_gap (              -- imported figures of a day, a month or a bill: known for the whole span alone
  past INTEGER NOT NULL,
  meter TEXT NOT NULL,
  gap_from INTEGER NOT NULL,
  gap_to INTEGER NOT NULL,
  PRIMARY KEY (past, meter, gap_from)
) STRICT, WITHOUT ROWID;

CREATE TABLE closing (               -- closed months; each hash covers its body and the hash before it
  month TEXT PRIMARY KEY,            -- '2026-10', Asia/Shanghai
  at INTEGER NOT NULL,
  body TEXT NOT NULL,                -- JSON, byte for byte what was hashed
  previous TEXT NOT NULL,            -- hash of the closing before, '' for the first
  hash TEXT NOT NULL                 -- SHA-256 of previous, a line feed and body
) STRICT;

CREATE TABLE late (                  -- what the exporter booked into a closed month: a gap began in it and was credited after the close
  meter TEXT NOT NULL,
  month TEXT NOT NULL,
  hour_from INTEGER NOT NULL,        -- first and last hour that was written late
  hour_to INTEGER NOT NULL,
  at INTEGER NOT NULL,
  joules INTEGER NOT NULL,
  millijoules INTEGER NOT NULL,
  metered_ms INTEGER NOT NULL,
  PRIMARY KEY (meter, month, hour_from)
) STRICT, WITHOUT ROWID;

CREATE TABLE ratio (                 -- current-transformer ratio by which a meter's readings were scaled, from then on
  meter TEXT NOT NULL,
  since INTEGER NOT NULL,
  ratio TEXT NOT NULL,               -- 'n/d'
  PRIMARY KEY (meter, since)
) STRICT, WITHOUT ROWID;

CREATE TABLE carbon (                -- emissions of live readings, the exposed counter
  site TEXT NOT NULL,
  basis TEXT NOT NULL,
  milligrams INTEGER NOT NULL,
  PRIMARY KEY (site, basis)
) STRICT, WITHOUT ROWID;
`;

/** What accelerators draw, by what they do meanwhile: the exposed counter. */
const CARDS = `
CREATE TABLE card_energy (
  site TEXT NOT NULL,
  pool TEXT NOT NULL,
  state TEXT NOT NULL,               -- busy | idle | unallocated
  joules INTEGER NOT NULL,
  millijoules INTEGER NOT NULL,
  PRIMARY KEY (site, pool, state)
) STRICT, WITHOUT ROWID;
`;

/** What makes a ledger of a version into one of the next; a new one passes through all of them. */
export const MIGRATIONS: readonly string[] = [LIVE, PAST, ENTRIES, CARDS];
export const SCHEMA_VERSION = MIGRATIONS.length;
