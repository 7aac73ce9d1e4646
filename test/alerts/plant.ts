/** What a plant does during some minutes. */
export interface Phase {
  readonly minutes: number;
  /** Power of the IT side and PUE while it lasts. */
  readonly itKw: number;
  readonly pue: number;
  /** Meters that do not answer; 'exporter': nothing is exposed at all. */
  readonly dead?: 'gate' | 'ups' | 'exporter';
  /** true: the dead meter answers, but what it says is not believed */
  readonly refusing?: true;
  /** true: the dead meter answers, and the exporter has not yet seen that its register stands still */
  readonly unnoticed?: true;
}

/** How a meter's gap ends: a register's energy is credited at once, a lone power reading's is lost. */
export type Kind = 'register' | 'power';

/** A rule test's input series, one sample a minute. */
export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

const BRIDGE_MINUTES = 60;
const START = 1_800_000_000;
const meters = [
  { id: 'gate', side: 'facility', watts: ({ itKw, pue }: Phase) => Math.round(itKw * pue * 1000) },
  { id: 'ups', side: 'it', watts: ({ itKw }: Phase) => itKw * 1000 },
] as const;

/**
 * What an exporter would expose of a site with one boundary and one IT meter: a dead meter's side stands still; when it is
 * back its energy comes at once, and a gap of more than an hour, or one that is lost, has counted as unmetered.
 */
export function plant(phases: readonly Phase[], kind: Kind = 'register', site = 'nanchang'): InputSeries[] {
  const always = phases.flatMap((phase) => Array<Phase>(phase.minutes).fill(phase));
  const exposed = (value: (phase: Phase, minute: number) => number | null): string =>
    always.map((phase, minute) => (phase.dead === 'exporter' ? '_' : (value(phase, minute) ?? '_'))).join(' ');
  const perMeter = meters.flatMap(({ id, side, watts }) => {
    let joules = 0;
    let reach = START;
    let waiting = 0;
    let gap = 0;
    let unmetered = 0;
    const rows = always.map((phase, minute) => {
      const off = phase.dead === id || phase.dead === 'exporter';
      const sample = watts(phase) * 60;
      if (off) {
        gap += 1;
        waiting += sample;
        if (kind === 'power' || gap > BRIDGE_MINUTES)
          unmetered += gap === BRIDGE_MINUTES + 1 && kind === 'register' ? 60 * gap : 60;
      } else {
        joules += sample + (kind === 'register' ? waiting : 0);
        reach = START + 60 * minute;
        gap = 0;
        waiting = 0;
      }
      return { joules, reach, unmetered };
    });
    const labels = `site="${site}"`;
    return [
      {
        series: `greenflops_site_energy_joules_total{${labels},side="${side}"}`,
        values: exposed((_, at) => rows[at]?.joules ?? null),
      },
      {
        series: `greenflops_site_energy_timestamp_seconds{${labels},side="${side}"}`,
        values: exposed((_, at) => rows[at]?.reach ?? null),
      },
      {
        series: `greenflops_meter_unmetered_seconds_total{${labels},meter="${id}"}`,
        values: exposed((_, at) => rows[at]?.unmetered ?? null),
      },
      {
        series: `greenflops_source_up{${labels},source="${id}"}`,
        values: exposed(({ dead, refusing, unnoticed }) => (dead === id && !refusing && !unnoticed ? 0 : 1)),
      },
      {
        series: `greenflops_source_refusing{${labels},source="${id}",reason="not_a_number"}`,
        values: exposed(({ dead, refusing }) => (dead === id && refusing ? 1 : null)),
      },
      { series: `greenflops_meter_info{${labels},meter="${id}",side="${side}"}`, values: exposed(() => 1) },
    ].filter(({ values }) => /\d/.test(values));
  });
  return [...perMeter, { series: `greenflops_pue_allowance_ratio{site="${site}"}`, values: exposed(() => 1.25) }];
}
