import { afterEach, describe, expect, test } from 'vitest';
import { examples } from '../../docs/energy/examples/index.ts';
import { Scene } from '../../docs/energy/scene.ts';
import type { Sample } from '../../model/metrics/metric.ts';

const numberOf = ({ value }: Sample): number =>
  typeof value === 'number' ? value : Number(value.units) / 10 ** value.digits;

let scene: Scene | undefined;
afterEach(() => scene?.close());

describe('the worked examples', () => {
  test('are at least eleven, each once', () => {
    expect(new Set(examples.map(({ id }) => id)).size).toBe(examples.length);
    expect(examples.length).toBeGreaterThanOrEqual(11);
  });

  test.each(examples)('$id: $title.en', (example) => {
    const played = (scene = new Scene(example));
    const wrong: string[] = [];
    for (const { at, by, shows } of example.asks) {
      played.playTo(at);
      const samples = played.shown();
      for (const [metric, labels, value] of shows) {
        const found = samples.filter(
          (sample) =>
            sample.metric.name === metric.name &&
            Object.entries(labels).every(([key, text]) => sample.labels[key] === text),
        );
        // A register's step is 1 Wh, and half a second of a bridged span is rounding.
        const isNear = (seen: number, hand: number): boolean => Math.abs(seen - hand) <= 1e-4 * Math.abs(hand) + 1e-9;
        const numbers = found.map(numberOf);
        const holds =
          value === null ? numbers.length === 0 : numbers.length === 1 && isNear(numbers[0] ?? Number.NaN, value);
        if (!holds)
          wrong.push(
            `${at} h: ${metric.name}${JSON.stringify(labels)} by hand ${value} (${by.en}), shown ${numbers.join(' ') || 'nothing'}`,
          );
      }
    }
    expect(wrong).toEqual([]);
  });
});
