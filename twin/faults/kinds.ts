/** An option of a fault: a number with its bounds, or one of a few words. `preset` holds where the caller says nothing. */
export type Option =
  | { readonly least: number; readonly most: number; readonly preset: number }
  | { readonly choices: readonly string[]; readonly preset: string };

/** What a fault can befall; a pool's device is named pool/index. */
export type Target = 'meter' | 'pool' | 'device';

export interface Kind {
  readonly on: readonly Target[];
  readonly what: string;
  readonly options: Readonly<Record<string, Option>>;
}

const ms: Option = { least: 1, most: 600_000, preset: 5000 };
const register: Option = { choices: ['energy', 'power'], preset: 'energy' };
/** Answers that the fault spoils before it ends by itself; 0: until it is released. */
const reads = (preset: number): Option => ({ least: 0, most: 1e6, preset });

/** Every fault that the twin can play. */
export const kinds: Readonly<Record<string, Kind>> = {
  stuck: {
    on: ['meter'],
    what: 'energy and power keep their values of this instant; on release the true ones show again',
    options: {},
  },
  zero: { on: ['meter'], what: 'the register reads 0', options: { reads: reads(0), register } },
  spike: {
    on: ['meter'],
    what: 'energy reads too high by `hours` of rated power, or power as `hours` times its rating',
    options: { reads: reads(1), register, hours: { least: 2, most: 1e4, preset: 100 } },
  },
  reset: { on: ['meter'], what: 'the register starts again from 0 and goes on from there, for good', options: {} },
  rollover: {
    on: ['meter'],
    what: 'the register is shifted, for good, so that it passes its modulus `seconds` from now at the present power',
    options: { seconds: { least: 0.1, most: 86_400, preset: 5 } },
  },
  wrong_word_order: { on: ['meter'], what: 'the words of each number come in reverse order', options: {} },
  silent: {
    on: ['meter', 'pool'],
    what: 'no_answer: requests stay open; refuse: connections are refused, for all behind the same host:port',
    options: { mode: { choices: ['no_answer', 'refuse'], preset: 'no_answer' } },
  },
  slow: { on: ['meter', 'pool'], what: 'answers come `ms` late', options: { ms } },
  garbled: { on: ['pool'], what: 'the text is cut in the middle of a line', options: {} },
  endless: {
    on: ['pool'],
    what: 'the body never ends: drip sends a line every 200 ms, flood as much as the reader takes',
    options: { mode: { choices: ['drip', 'flood'], preset: 'drip' } },
  },
  stale_timestamps: {
    on: ['pool'],
    what: 'explicit timestamps lie `age_s` in the past (npu-exporter only)',
    options: { age_s: { least: 1, most: 1e9, preset: 3600 } },
  },
  mig: {
    on: ['pool', 'device'],
    what: 'MIG instances 3g, 2g and 2g; power and energy of the whole card are repeated for each (DCGM only)',
    options: {},
  },
  clock_wrong: {
    on: ['pool', 'device'],
    what: 'reports `mhz` as the clock',
    options: { mhz: { least: 1, most: 1e5, preset: 2820 } },
  },
  unknown_model: { on: ['pool', 'device'], what: 'reports a model name that no catalogue has', options: {} },
};

/** Kinds that shift the register for good: their end is the instant at which they have done their work. */
export const lasting: readonly string[] = ['reset', 'rollover'];
