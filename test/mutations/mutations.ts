/** One lie told to a copy of the tree, and the test that must find it. */
export interface Mutation {
  readonly title: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** A test file and the name of a test in it (or a program whose exit code tells): green on the true tree, red on the lie. */
  readonly test: string;
  readonly name: string;
}

/** The one list in which a mutation is registered. */
export const mutations: readonly Mutation[] = [
  {
    title: 'energy is published before it is committed',
    file: 'exporter/exporter.ts',
    find: 'const closed = this.#accountant.commit();',
    replace:
      'const early: Sample[] = []; this.#accountant.emit((metric, labels, value) => early.push({ metric, labels, value }), this.#options.plan.estate.meters); this.#committed = early; const closed = this.#accountant.commit();',
    test: 'test/exporter/exporter.test.ts',
    name: 'a total is published when it is committed, and not before',
  },
  {
    title: 'PUE is a mean of hourly ratios',
    file: 'exporter/account/pue-desk.ts',
    find: 'emit(pueRatio, { site, window, kind, category, edition }, ratio(millijoules));',
    replace:
      'const hours = []; const from = windowStart(window, counted.end); for (let end = counted.end; end > Math.max(from, counted.start ?? end); end -= HOUR) { const one = pueOf(this.#book, owner.sides, "1h", end, counted.start); if (one.reason === null) hours.push(ratio(one.millijoules)); } emit(pueRatio, { site, window, kind, category, edition }, hours.reduce((a, b) => a + b, 0) / hours.length);',
    test: 'test/exporter/pue-ratio.test.ts',
    name: 'the published PUE is the ratio of sums, not the mean of the ratios',
  },
  {
    title: 'a gap is filled with energy',
    file: 'exporter/judge/power.ts',
    find: "const span: Span = { from, to: reading.at, millijoules: 0n, kind: 'unmetered' };",
    replace:
      "const span: Span = { from, to: reading.at, millijoules: ((state.milliwatts + milliwatts) * BigInt(reading.gap)) / 2000n, kind: 'unmetered' };",
    test: 'test/exporter/judge/power.test.ts',
    name: 'a gap of more than three intervals credits nothing and is unmetered',
  },
  {
    title: 'kW is read as W in the codec',
    file: 'exporter/judge/meter-scale.ts',
    find: 'const { n, d } = multiply(multiply(raw.value, register.scale_to_w), ctRatio(meter, at));',
    replace: 'const { n, d } = multiply(raw.value, ctRatio(meter, at));',
    test: 'test/exporter/twin.test.ts',
    name: 'power is what the twin draws',
  },
  {
    title: 'kW is read as W in the estate',
    file: 'plan/estate.yaml',
    find: 'power: { function: 3, address: 3059, type: float32, order: ABCD, scale_to_w: 1000 }',
    replace: 'power: { function: 3, address: 3059, type: float32, order: ABCD, scale_to_w: 1 }',
    test: 'test/exporter/twin.test.ts',
    name: 'power is what the twin draws',
  },
  {
    title: 'words are swapped in the codec',
    file: 'exporter/read/modbus-registers.ts',
    find: 'ABCD: false, CDAB: true, BADC: false, DCBA: true }',
    replace: 'ABCD: true, CDAB: true, BADC: false, DCBA: true }',
    test: 'test/exporter/twin.test.ts',
    name: 'energy is what the twin used',
  },
  {
    title: 'words are swapped in the estate',
    file: 'plan/estate.yaml',
    find: 'energy: { function: 3, address: 3203, type: int64, order: ABCD',
    replace: 'energy: { function: 3, address: 3203, type: int64, order: CDAB',
    test: 'test/exporter/twin.test.ts',
    name: 'energy is what the twin used',
  },
  {
    title: 'a catalogue peak is 1 % too high',
    file: 'plan/accelerators.yaml',
    find: 'fp16: 312, bf16: 312 }\n    clock_ref_mhz: 1410 # the silicon of A100 with slower',
    replace: 'fp16: 315.12, bf16: 312 }\n    clock_ref_mhz: 1410 # the silicon of A100 with slower',
    test: 'test/exporter/twin.test.ts',
    name: 'work is what the twin executed',
  },
  {
    title: 'a meter brings its past into a side',
    file: 'exporter/account/accountant.ts',
    find: 'const entered = account.side === side.key ? account.sideMillijoules : account.liveMillijoules;',
    replace: 'const entered = account.sideMillijoules;',
    test: 'test/exporter/account/pue.test.ts',
    name: 'a meter that was counted before does not bring its past into a side',
  },
  {
    title: 'closed hours are counted by the newest tree',
    file: 'exporter/account/accountant.ts',
    find: 'const since = last ? hourOf(at) : 0;',
    replace: 'const since = 0;',
    test: 'test/exporter/account/pue.test.ts',
    name: 'closed hours keep the meters that they were counted by',
  },
  {
    title: 'any level that two readings confirm is credited from zero',
    file: 'exporter/judge/register.ts',
    find: 'if (!start || state.left !== null) {',
    replace: 'if (!start) {',
    test: 'test/exporter/judge/register.test.ts',
    name: 'credit no more than the truth and one step',
  },
  {
    title: 'hours that the clock jumped over count',
    file: 'exporter/account/pue-hours.ts',
    find: 'for (const skipped of book.skips(meter, from, to))',
    replace: 'for (const skipped of [] as { from: number; to: number }[])',
    test: 'test/exporter/account/pue.test.ts',
    name: 'over four hours of eighty: they count for no window',
  },
  {
    title: 'the ledger does not wait for the disk',
    file: 'exporter/account/open-ledger.ts',
    find: 'journal_mode = WAL; PRAGMA synchronous = FULL',
    replace: 'journal_mode = WAL; PRAGMA synchronous = NORMAL',
    test: 'test/crash/main.ts power',
    name: 'the power goes',
  },
  {
    title: 'live readings do not go on from the imported level',
    file: 'exporter/account/accountant.ts',
    find: 'return this.#states.get(meter) ?? this.#past?.stateOf(meter) ?? unread;',
    replace: 'return this.#states.get(meter) ?? unread;',
    test: 'test/exporter/year.test.ts',
    name: 'a year that was imported, the first readings after it, and a time off',
  },
  {
    title: 'an imported hour may be one that was read live',
    file: 'exporter/account/hour-book.ts',
    find: "if (typeof first === 'bigint' && hour > Number(first)) return 'live';",
    replace: '',
    test: 'test/exporter/account/past.test.ts',
    name: 'before live readings that are there already, which keep what they counted',
  },
  {
    title: 'an import is whole in every window',
    file: 'exporter/account/past.ts',
    find: 'const row = to <= instant ? undefined : this.#row.get(past, meter, instant);',
    replace: 'const row = undefined as Record<string, unknown> | undefined;',
    test: 'test/exporter/account/past.test.ts',
    name: 'energy of a window is the sum of its rows, however they are split into imports (property)',
  },
  {
    title: 'hours that a file lacks count as metered',
    file: 'exporter/account/import-past.ts',
    find: 'missing ? 1 : 0',
    replace: '0',
    test: 'test/exporter/account/past.test.ts',
    name: 'hours that the file lacks, and hours between two imports, have no PUE',
  },
  {
    title: 'a quota in PFlops is rounded up',
    file: 'infra/quota.ts',
    find: 'return Number(floor({ n: quota.n * 1000n * each.d, d: quota.d * each.n }));',
    replace: 'return Number(floor({ n: quota.n * 1000n * each.d, d: quota.d * each.n })) + 1;',
    test: 'test/infra/pools.test.ts',
    name: 'is rounded by the decimal, not by the double beside it',
  },
];
