import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { readEstate } from '../../twin/estate.ts';
import { FaultBoard } from '../../twin/faults/board.ts';
import { centreOf, type Centre } from '../../twin/physics/centre.ts';
import { truthAt, type Truth } from '../../twin/truth.ts';
import { planWith, smallEstate } from './support.ts';

const estate = readEstate('plan');
const centres = new Map<number, Centre>();
const board = new FaultBoard(() => null);
function truth(seed: number, at: number): Truth {
  const centre = centres.get(seed) ?? centreOf(estate, seed);
  centres.set(seed, centre);
  return truthAt(centre, [], board, at);
}

const first = Date.parse('2025-01-01T00:00:00+08:00');
const seeds = fc.constantFrom(1, 2, 2030);
const instants = fc.integer({ min: first, max: Date.parse('2031-01-01T00:00:00+08:00') });
const runs = { seed: 5000, numRuns: 60 };
const meterOf = ({ meters }: Truth, id: string) => {
  const found = meters[id];
  if (found === undefined) throw new Error(`no meter ${id}`);
  return found;
};

describe('energy', () => {
  test('is conserved: the boundary is the sum of its parts, at every instant and seed', () => {
    fc.assert(
      fc.property(seeds, instants, (seed, at) => {
        const now = truth(seed, at);
        const { nanchang, poyang } = now.sites;
        const joules = (id: string) => meterOf(now, id).joules;
        const watts = (id: string) => meterOf(now, id).watts;
        expect(joules('nc-gate')).toBeCloseTo(nanchang!.facility_j, 0);
        expect(joules('py-gate') + joules('py-pv')).toBeCloseTo(poyang!.facility_j, 0);
        expect(joules('nc-ups-1') + joules('nc-ups-2')).toBeCloseTo(nanchang!.it_j, 0);
        expect(joules('py-ups')).toBeCloseTo(poyang!.it_j, 0);
        // Cooling, UPS losses and lighting lie between IT and the boundary, distribution between UPS and PDU.
        expect(nanchang!.facility_w).toBeGreaterThan(nanchang!.it_w + watts('nc-chiller'));
        expect(poyang!.facility_w).toBeGreaterThan(poyang!.it_w + watts('py-chiller'));
        expect(watts('nc-pdu-1')).toBeLessThan(watts('nc-ups-1'));
        expect(watts('py-gate')).toBeGreaterThan(0);
        const pue = poyang!.facility_w / poyang!.it_w;
        expect(pue).toBeGreaterThan(1.14);
        expect(pue).toBeLessThan(1.4);
      }),
      runs,
    );
  });

  test('is the integral of power: summed second by second over ninety minutes', () => {
    fc.assert(
      fc.property(seeds, instants, (seed, at) => {
        const steps = 5400;
        const watts = new Map<string, number>();
        for (let second = 0; second < steps; second++)
          for (const [id, meter] of Object.entries(truth(seed, at + 1000 * second + 500).meters))
            watts.set(id, (watts.get(id) ?? 0) + meter.watts);
        const from = truth(seed, at);
        const to = truth(seed, at + 1000 * steps);
        const off = [...watts].filter(([id, summed]) => {
          const counted = meterOf(to, id).joules - meterOf(from, id).joules;
          return Math.abs(counted - summed) > 1e-4 * summed + 1;
        });
        expect(watts.size).toBe(estate.meters.length);
        expect(off).toEqual([]);
      }),
      { seed: 5000, numRuns: 3 },
    );
  });

  test('never falls, and the years are there before they are asked for in turn', () => {
    fc.assert(
      fc.property(seeds, instants, fc.integer({ min: 1, max: 10_000_000 }), (seed, at, later) => {
        const [before, after] = [truth(seed, at), truth(seed, at + later)];
        const fell = Object.keys(before.meters).filter((id) => meterOf(after, id).joules < meterOf(before, id).joules);
        expect(fell).toEqual([]);
        for (const [id, pool] of Object.entries(before.pools))
          for (const [tenant, done] of Object.entries(pool.pflop_seconds))
            expect(after.pools[id]!.pflop_seconds[tenant]).toBeGreaterThanOrEqual(done);
      }),
      runs,
    );
  });

  test('starts from nothing, and there is no truth outside its years', () => {
    for (const { joules } of Object.values(truth(1, first).meters)) expect(joules).toBe(0);
    expect(() => truth(1, first - 1)).toThrow('2025 to 2074');
    expect(() => truth(1, NaN)).toThrow(RangeError);
  });

  test('stays within the bounds by which the estate is checked against rated power', () => {
    fc.assert(
      fc.property(seeds, instants, (seed, at) => {
        truth(seed, at);
        const outside = [...(centres.get(seed)?.meters ?? [])].filter(([, flow]) => {
          const now = flow.watts(at - first);
          return now < flow.least * 0.999_999 || now > flow.peak * 1.000_001 || flow.least < 0;
        });
        expect(outside.map(([id]) => id)).toEqual([]);
      }),
      runs,
    );
  });
});

describe('operations', () => {
  test('are what the tenants did: the pools deliver the growth of all tenants together', () => {
    fc.assert(
      fc.property(seeds, instants, (seed, at) => {
        const [now, next] = [truth(seed, at), truth(seed, at + 1)];
        for (const [id, pool] of Object.entries(now.pools)) {
          const done = (when: Truth) =>
            Object.values(when.pools[id]!.pflop_seconds).reduce((total, part) => total + part, 0);
          expect(pool.delivered_pflops).toBeLessThanOrEqual(pool.nominal_pflops);
          // No edge within this millisecond, nearly always: where there is one, both speeds bound the growth.
          const speeds = [pool.delivered_pflops, next.pools[id]!.delivered_pflops];
          expect(1000 * (done(next) - done(now))).toBeGreaterThan(Math.min(...speeds) - 0.01);
          expect(1000 * (done(next) - done(now))).toBeLessThan(Math.max(...speeds) + 0.01);
        }
      }),
      runs,
    );
  });

  test('repeat every week, to the job', () => {
    const week = 7 * 86_400_000;
    const gained = (from: number) => {
      const [a, b] = [truth(2030, from), truth(2030, from + week)];
      return Object.keys(a.pools).map(
        (id) => b.pools[id]!.pflop_seconds['uni-lab']! - a.pools[id]!.pflop_seconds['uni-lab']!,
      );
    };
    const [one, other] = [gained(first + 12_345), gained(first + 50 * week + 12_345)];
    for (const [index, done] of one.entries()) expect(other[index]).toBeCloseTo(done, 3);
  });
});

describe('a seed', () => {
  const at = Date.parse('2027-03-04T05:06:07.089+08:00');
  test('gives the same truth in another process, another seed another one', () => {
    const script = `
      import { readEstate } from './twin/estate.ts';
      import { centreOf } from './twin/physics/centre.ts';
      import { FaultBoard } from './twin/faults/board.ts';
      import { truthAt } from './twin/truth.ts';
      console.log(JSON.stringify(truthAt(centreOf(readEstate('plan'), 2), [], new FaultBoard(() => null), ${at})));`;
    const other = execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
      encoding: 'utf8',
    });
    expect(JSON.parse(other)).toEqual(JSON.parse(JSON.stringify(truth(2, at))));
    expect(truth(2, at).meters).not.toEqual(truth(1, at).meters);
  });

  test('does not depend on what was asked before', () => {
    const fresh = truthAt(centreOf(estate, 2), [], board, at);
    truth(2, at + 1e11);
    expect(truth(2, at)).toEqual(fresh);
  });
});

describe('an estate that the twin cannot play is refused', () => {
  const text = smallEstate(1502, 1400);
  test.each([
    ['role: cooling', 'role: reuse', 'meter chiller: the twin plays'],
    ['direction: generation', 'direction: export', 'not facility export'],
    ['nvidia-a800-sxm', 'nvidia-z9', 'the twin has no accelerator nvidia-z9'],
    ['rated_kw: 100', 'rated_kw: 1', 'kW can flow through meter ups, rated 1 kW'],
    ['count: 16', 'count: 1.5', 'pools[0].count: expected a whole number from 1, found 1.5'],
    ['127.0.0.1:1502", unit: 3', '10.1.2.3:1502", unit: 3', 'the twin serves loopback only, found 10.1.2.3'],
    ['127.0.0.1:1502", unit: 3', '127.0.0.1:0", unit: 3', 'expected a port from 1 to 65535, found 0'],
    ['http://127.0.0.1:1400/a800', 'http://example.org:1400/a800', 'loopback only, found example.org'],
    ['unit: 2', 'unit: 1', 'two devices share the address 127.0.0.1:1502 unit 1'],
    ['cluster: c, accelerator: nvidia', 'cluster: x, accelerator: nvidia', 'no cluster has the id x'],
  ])('%s -> %s', (from, to, message) => {
    expect(text).toContain(from);
    const plan = planWith(text.replace(from, to));
    expect(() => centreOf(readEstate(plan), 1)).toThrow(message);
  });
});
