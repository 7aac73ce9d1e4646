import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadPlan } from '../../model/load.ts';
import type { Plan } from '../../model/plan.ts';
import { siteSlices } from '../../model/site-slice.ts';
import { planFolder } from '../plan-folder.ts';

/** Writes a slice to a folder and loads it as an exporter does. */
function load(slice: Readonly<Record<string, string>>): Plan {
  const dir = mkdtempSync(join(tmpdir(), 'greenflops-slice-'));
  try {
    for (const [name, text] of Object.entries(slice)) writeFileSync(join(dir, name), text);
    return loadPlan(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const whole = loadPlan('plan');

describe.each(['nanchang', 'poyang'])('the slice of %s', (site) => {
  const texts = siteSlices('plan')(site);
  const { estate } = load(texts);

  test('loads, with all that belongs to the site as it was', () => {
    const pools = whole.estate.pools.filter(({ cluster }) => estate.clusters.some(({ id }) => id === cluster));
    expect(estate.sites).toEqual(whole.estate.sites.filter(({ id }) => id === site));
    expect(estate.meters).toEqual(whole.estate.meters.filter((meter) => meter.site === site));
    expect(estate.clusters).toEqual(whole.estate.clusters.filter((cluster) => cluster.site === site));
    expect(estate.pools).toEqual(pools);
    expect(estate.telemetry).toEqual(whole.estate.telemetry);
  });

  test('holds no device of another site', () => {
    const others = whole.estate.meters.filter((meter) => meter.site !== site).map(({ id }) => id);
    expect(others.filter((id) => texts['estate.yaml']?.includes(id))).toEqual([]);
  });

  test('holds the other files byte for byte, all within what a ConfigMap takes', () => {
    const { 'estate.yaml': _, ...others } = texts;
    const shipped = Object.keys(others).map((name) => [name, readFileSync(`plan/${name}`, 'utf8')]);
    expect(Object.entries(others)).toEqual(shipped);
    expect(Object.keys(texts)).toHaveLength(7);
    expect(Buffer.byteLength(Object.values(texts).join(''))).toBeLessThan(1024 * 1024);
  });
});

test('a tenant keeps the quotas that lie at the site; one without any here is left out', () => {
  const tenants = load(siteSlices('plan')('poyang')).estate.tenants.map(({ id, quota }) => [id, quota]);
  expect(tenants).toEqual([
    ['rice-vision', [{ pool: 'py-910a', pflops: 8 }]],
    ['uni-lab', [{ pool: 'py-h20', pflops: 4 }]],
  ]);
});

test('a tenant that is bound to no pool may run anywhere, and stays', () => {
  const shipped = readFileSync('plan/estate.yaml', 'utf8');
  const { dir, remove } = planFolder(
    shipped.replace('quota: [{ pool: nc-910b, pflops: 20 }]', 'quota: [{ pflops: 20 }]'),
  );
  try {
    expect(load(siteSlices(dir)('poyang')).estate.tenants.map(({ id }) => id)).toContain('copper-ai');
  } finally {
    remove();
  }
});

test('a site that nobody declared is an error with those that are', () => {
  expect(() => siteSlices('plan')('jiujiang')).toThrow(
    'site "jiujiang" is not declared in plan; declared: nanchang, poyang',
  );
});
