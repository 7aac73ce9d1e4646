import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { openLedger } from '../exporter/account/ledger/open-ledger.ts';
import { MIGRATIONS } from '../exporter/account/ledger/schema.ts';
import { HOUR } from '../exporter/account/pue/window.ts';

export const SITES = 50;
export const METERS = 40;
export const MONTHS = 14;
/** The last hour that is written ends here. */
export const END = Date.parse('2026-11-24T10:00:00+08:00');
export const HOURS = Math.round((MONTHS / 12) * 8766);
const BEGIN = END - HOURS * HOUR;

export const siteId = (site: number): string => `site-${site}`;
export const meterId = (site: number, meter: number): string =>
  `${siteId(site)}-meter-${String(meter).padStart(2, '0')}`;
/** W; meter 0 is the site's gate. */
export const wattsOf = (meter: number): number => (meter === 0 ? 45_000 : 1000);

/** The hour row of a meter as the exporter leaves it: named by the i-th hour, -1 the one before the first. */
const HOURS_OF = `
  WITH RECURSIVE n(i) AS (SELECT -1 UNION ALL SELECT i + 1 FROM n WHERE i < ${HOURS - 1})
  INSERT INTO hour SELECT ?1, ${BEGIN} + i * ${HOUR}, (i + 1) * 3600 * ?2, i % 1000, (i + 1) * ${HOUR}, 1 FROM n`;
/** One meter in ten has a bad hour in a thousand; the meters of a site have the same ones, those of two sites do not. */
const BAD = `
  WITH RECURSIVE n(i) AS (SELECT 17 + ?2 UNION ALL SELECT i + 1000 FROM n WHERE i < ${HOURS - 1000})
  INSERT INTO exception SELECT ?1, ${BEGIN} + i * ${HOUR} FROM n`;

/**
 * Path of a ledger with 14 months of hours of 2,000 meters, 0.9 GB: made once, and kept under var/ while the tables
 * and what is written to them stay as they are.
 */
export function annualLedger(): string {
  const version = createHash('sha256')
    .update(JSON.stringify([MIGRATIONS, HOURS_OF, BAD]))
    .digest('hex')
    .slice(0, 12);
  const folder = 'var/bench';
  const path = `${folder}/annual-${version}.db`;
  if (existsSync(path)) return path;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  console.error(`annual: writing ${HOURS * SITES * METERS} hours to ${path}, once …`);
  const making = `${folder}/making.db`;
  const { database, close } = openLedger(making);
  database.exec("PRAGMA synchronous = OFF; BEGIN; INSERT INTO declaration (hash) VALUES ('bench')");
  const hours = database.prepare(HOURS_OF);
  const bad = database.prepare(BAD);
  for (let site = 0; site < SITES; site++) {
    for (let meter = 0; meter < METERS; meter++) {
      hours.run(meterId(site, meter), wattsOf(meter));
      if (meter % 10 === 3) bad.run(meterId(site, meter), site);
    }
  }
  database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  close();
  renameSync(making, path);
  return path;
}
