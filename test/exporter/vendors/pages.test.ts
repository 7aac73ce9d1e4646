import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exporterMeters } from '../../../docs/devices/exporter-meters.ts';
import { familyTraps } from '../../../docs/devices/family-traps.ts';
import { otherExporterPages } from '../../../docs/devices/other-exporters.ts';
import { ownRows } from '../../../docs/devices/own-rows.ts';
import { vendorPages } from '../../../docs/devices/vendors.ts';
import { shipped } from './judge-text.ts';

const root = join(import.meta.dirname, '../../..');
const pages = new Map([...vendorPages(shipped), ...otherExporterPages()]);

test('each family has its traps, and no trap is left of a family that went', () => {
  expect(Object.keys(familyTraps).sort()).toEqual([...shipped.families.keys()].sort());
  for (const traps of Object.values(familyTraps)) expect(traps.length).toBeGreaterThan(0);
});

test.each(['docs/devices/vendors.md', 'docs/devices/vendors.zh.md'])(
  '%s names every family, model and own row',
  (path) => {
    const page = pages.get(path) ?? '';
    for (const { id, source } of shipped.families.values()) {
      expect(page).toContain(`### ${id}\n`);
      expect(page).toContain(source);
    }
    for (const { id, confidence } of shipped.accelerators.values())
      expect(page).toMatch(new RegExp(`^\\| ${id} \\|.*\\| ${confidence} \\|`, 'm'));
    for (const { yaml } of ownRows) expect(page).toContain(yaml);
  },
);

test.each(['docs/devices/other-exporters.md', 'docs/devices/other-exporters.zh.md'])(
  '%s shows every declaration',
  (path) => {
    for (const { yaml, source } of exporterMeters) {
      expect(pages.get(path)).toContain(yaml);
      expect(pages.get(path)).toContain(source);
    }
  },
);

test('the pages that are committed are what their sources say (npm run build)', () => {
  for (const [path, text] of pages) {
    expect(existsSync(join(root, path)), path).toBe(true);
    expect(readFileSync(join(root, path), 'utf8'), path).toBe(text);
  }
});
