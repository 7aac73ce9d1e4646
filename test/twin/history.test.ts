import { describe, expect, test } from 'vitest';
import { small } from './support.ts';

const HOUR = 3_600_000;

describe('the past as CSV', () => {
  test('is served whole, and each level is what the register shows at that instant', async () => {
    const { twin } = await small();
    const to = Date.parse('2026-06-01T12:34:56+08:00');
    const answer = await fetch(`${twin.control}/history?from=${to - 50 * HOUR}&to=${to}`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv/);
    const [head, ...lines] = (await answer.text()).trimEnd().split('\n');
    expect(head).toBe('meter,hour,energy_kwh,register');
    const rows = lines.map((line) => line.split(','));
    expect(new Set(rows.map(([meter]) => meter))).toEqual(new Set(['gate', 'pv', 'ups', 'pdu']));
    const step: Record<string, number> = { gate: 3600, pv: 3600, ups: 360_000, pdu: 3600 };
    for (const [meter = '', hour = '', kwh, register] of rows) {
      const end = Date.parse(hour) + HOUR;
      expect(end).toBeLessThanOrEqual(to);
      const joules = twin.truth(end).meters[meter]?.joules ?? Number.NaN;
      const size = step[meter] ?? Number.NaN;
      expect(Number(register)).toBe(Math.floor(joules / size));
      const begin = twin.truth(Date.parse(hour)).meters[meter]?.joules ?? Number.NaN;
      expect(Number(kwh)).toBeCloseTo(((Number(register) - Math.floor(begin / size)) * size) / 3.6e6, 6);
    }
    expect(rows.filter(([meter]) => meter === 'ups')).toHaveLength(49);
  });

  test('a time that is none is refused', async () => {
    const { twin } = await small();
    const answer = await fetch(`${twin.control}/history?from=yesterday&to=1`);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(/from is a time in Unix ms/);
  });
});
