import assert from 'node:assert/strict';
import { peakTflops } from '../../model/peak.ts';
import { languages } from '../../model/text.ts';
import { filledIn, labelValues, shippedBoards, type BoardJson } from '../dashboards/board-json.ts';
import type { Check } from '../tally.ts';
import { expectations } from './board-expectations.ts';
import type { World } from './board-world.ts';
import { openBoardScene, type BoardScene, type Misfortune } from './board-scene.ts';
import type { Stage } from './stage.ts';

const sorted = (sets: readonly Readonly<Record<string, string>>[]): string[] =>
  sets
    .map((labels) =>
      Object.entries(labels)
        .map(([label, value]) => `${label}="${value}"`)
        .toSorted()
        .join(),
    )
    .toSorted();

const boardIn = (language: string, board = 'greenflops-plan'): BoardJson => {
  const found = shippedBoards().get(`dashboards/generated/${language}/${board}.json`);
  assert.ok(found, `no board ${board} in ${language}`);
  return found;
};

/** Every query of every panel of a board, in both languages and for one site and all: exactly the label sets that are expected. */
async function answers({ plan, prometheus }: BoardScene, misfortune: Misfortune, board: string): Promise<void> {
  const expected = expectations[board] ?? {};
  const ids = plan.estate.sites.map(({ id }) => id);
  const wrong: string[] = [];
  let queries = 0;
  for (const language of languages) {
    const asked = boardIn(language, board).panels.flatMap(({ id, type, targets }) =>
      targets.map(({ refId, expr }) => ({ name: `${id}${refId}`, expr, first: type === 'table' && `${id}A` })),
    );
    assert.deepEqual(
      asked.map(({ name }) => name),
      Object.keys(expected),
      'an expectation for each query',
    );
    for (const picked of [ids, ...ids.map((id) => [id])]) {
      const world: World = { plan, language, picked, ...misfortune };
      const sites = picked.length === ids.length ? '.+' : picked.join('|');
      const answered = new Set<string>();
      for (const { name, expr, first } of asked) {
        const found = await prometheus.query(filledIn(expr, { sites, rate: '30s', range: '1h' }));
        const got = sorted(found.map(({ labels }) => labels));
        const want = sorted(expected[name]?.(world) ?? []);
        queries += 1;
        if (found.length > 0) answered.add(name);
        // Grafana would show the value of a lone answer in the first query's column.
        if (first !== false && found.length > 0 && !answered.has(first))
          wrong.push(`${board} ${name} answers without ${first}`);
        if (JSON.stringify(got) !== JSON.stringify(want))
          wrong.push(
            `${board} ${language} ${sites} ${name}: ${expr}\n  got  {${got.join('} {')}}\n  want {${want.join('} {')}}`,
          );
        for (const { labels, points } of found)
          assert.ok(Number.isFinite(Number(points[0]?.[1])), `${name} ${JSON.stringify(labels)}: ${points[0]?.[1]}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
  console.log(`  ${queries} queries`);
}

/** The variable offers the declared sites. */
async function offersSites({ plan, prometheus }: BoardScene): Promise<void> {
  const variable = boardIn('en').templating.list.find(({ name }) => name === 'site');
  const asked = variable && labelValues(variable);
  assert.ok(asked, 'the variable site asks for a label');
  const url = `${prometheus.url}/api/v1/label/${asked.label}/values?match[]=${asked.metric}`;
  const { data } = (await (await fetch(url)).json()) as { data: string[] };
  assert.deepEqual(data.toSorted(), plan.estate.sites.map(({ id }) => id).toSorted());
}

/** The one value of a query of the English board, all sites picked. */
async function valueOf({ prometheus }: BoardScene, panel: number, refId: string): Promise<number> {
  const target = boardIn('en')
    .panels.find(({ id }) => id === panel)
    ?.targets.find((one) => one.refId === refId);
  const [found] = await prometheus.query(filledIn(target?.expr ?? ''));
  return Number(found?.points[0]?.[1]);
}

/** What is declared counts once, though it is scraped twice. */
async function countedOnce(scene: BoardScene): Promise<void> {
  const { accelerators, estate } = scene.plan;
  const declared = estate.pools.reduce((sum, { accelerator, count }) => {
    const row = accelerators.get(accelerator);
    return sum + (count * ((row && peakTflops(row, 'fp16')) ?? Number.NaN)) / 1000;
  }, 0);
  for (const [panel, refId] of [
    [1, 'B'],
    [4, 'A'],
    [5, 'A'],
  ] as const) {
    const shown = await valueOf(scene, panel, refId);
    assert.ok(Math.abs(shown - declared) < 1e-9, `${panel}${refId}: ${shown} of ${declared} PFlops`);
  }
  console.log(`  ${declared.toFixed(1)} PFlops are declared`);
}

/** The PUE of all sites is Σ facility / Σ IT of what the exporter says. */
async function ratioOfSums(scene: BoardScene): Promise<void> {
  const energies = await scene.prometheus.query('greenflops_pue_energy_joules{window="24h",job="again"}');
  const sum = (side: string): number =>
    energies
      .filter(({ labels }) => labels['side'] === side)
      .reduce((total, { points }) => total + Number(points[0]?.[1]), 0);
  const ratio = await valueOf(scene, 2, 'E');
  assert.ok(Math.abs(ratio * sum('it') - sum('facility')) < 1, `${ratio} is not ${sum('facility')} / ${sum('it')}`);
  console.log(`  PUE of 24 hours, both sites together: ${ratio.toFixed(3)}`);
}

/** What idle and unallocated cards used is a share of sums: each pool's energy once, added up, then divided. */
async function idleShare({ prometheus }: BoardScene): Promise<void> {
  const now = Date.now();
  const target = boardIn('en', 'greenflops-compute')
    .panels.find(({ id }) => id === 5)
    ?.targets.find(({ refId }) => refId === 'D');
  const [shown] = await prometheus.query(filledIn(target?.expr ?? '', { range: '1h' }), now);
  const joules = new Map<string, number>();
  for (const { labels, points } of await prometheus.query(
    'increase(greenflops_accelerator_energy_joules_total[1h])',
    now,
  )) {
    const key = `${labels['pool']}/${labels['state']}`;
    joules.set(key, Math.max(joules.get(key) ?? 0, Number(points[0]?.[1])));
  }
  const sum = (states: string): number =>
    [...joules].reduce((total, [key, value]) => total + (new RegExp(`/(${states})$`).test(key) ? value : 0), 0);
  const [wasted, all] = [sum('idle|unallocated'), sum('busy|idle|unallocated')];
  const share = Number(shown?.points[0]?.[1]);
  assert.ok(wasted > 0 && Math.abs(share * all - wasted) < 1e-6 * all, `${share} is not ${wasted} / ${all}`);
  console.log(`  ${(100 * share).toFixed(1)} % of ${(all / 3.6e6).toFixed(2)} kWh`);
}

/** The recording rules of a province, over all exporters, come to what one exporter of all sites says. */
async function provinceOfRules({ prometheus }: BoardScene): Promise<void> {
  const [rules, exporter] = await Promise.all(
    ['window:greenflops_province_pue:ratio', 'max by (window) (greenflops_province_pue_ratio)'].map((expr) =>
      prometheus.query(expr),
    ),
  );
  const byWindow = (found: typeof rules = []) =>
    Object.fromEntries(found.map(({ labels, points }) => [labels['window'], Number(points[0]?.[1]).toFixed(12)]));
  assert.equal(rules?.length, 5);
  assert.deepEqual(byWindow(rules), byWindow(exporter));
}

/** A vector of one series, as PromQL has no literal of one with labels. */
const raised = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels).reduce(
    (vector, [label, value]) => `label_replace(${vector}, "${label}", "${value}", "", "")`,
    'vector(1)',
  );
const suspicion = (pool: string, meter: string): string =>
  raised({ site: 'nanchang', pool, meter, suspect: 'boundary_missing' });

/** The English names of the rows of a table's one query, were `said` so instead of what no scene raises. */
async function namesOf(
  { prometheus }: BoardScene,
  [board, panel]: readonly [board: string, panel: number],
  [unsaid, said]: readonly [unsaid: string, said: string],
): Promise<string[]> {
  const [query] = boardIn('en', board).panels.find(({ id }) => id === panel)?.targets ?? [];
  const asked = filledIn(query?.expr ?? '');
  assert.ok(asked.includes(unsaid), `${board} ${panel} asks for ${unsaid}`);
  const found = await prometheus.query(asked.replaceAll(unsaid, said));
  return found.map(({ labels: { name_en: name = '' } }) => name).toSorted();
}

/** A suspicion, which no scene raises, gets the name of the pool, the meter or the site that it is about. */
async function suspicionsNamed(scene: BoardScene): Promise<void> {
  const said = `(${[suspicion('nc-a800', ''), suspicion('', 'nc-gate'), suspicion('', '')].join(' or ')})`;
  assert.deepEqual(await namesOf(scene, ['greenflops-energy', 13], ['greenflops_closure_suspect{site=~".+"}', said]), [
    'Nanchang A800 pool',
    'Nanchang AI Computing Centre',
    'Nanchang gate',
  ]);
}

/** So do an unknown model and clamped samples, and a source that is one of many of a pool. */
async function poolsNamed(scene: BoardScene): Promise<void> {
  const at = { site: 'nanchang', pool: 'nc-a800' };
  const unsaid: readonly (readonly [number, string, string])[] = [
    [9, 'greenflops_unknown_accelerator{site=~".+"}', raised({ ...at, model: 'Nobody' })],
    [10, 'increase(greenflops_compute_clamped_samples_total{site=~".+"}[24h])', raised(at)],
    [
      8,
      'greenflops_source_consecutive_failures{site=~".+"}',
      raised({ site: 'nanchang', source: 'nc-a800/gpu-node-1' }),
    ],
  ];
  for (const [panel, selector, said] of unsaid)
    assert.deepEqual(await namesOf(scene, ['greenflops-compute', panel], [selector, said]), ['Nanchang A800 pool']);
}

const boards = Object.keys(expectations);
const misfortune: Misfortune = { dead: 'nc-gate', silent: 'py-h20' };

export function boardChecks(stage: Stage): Check[] {
  let soundScene: Promise<BoardScene> | undefined;
  let deadScene: Promise<BoardScene> | undefined;
  const sound = () => (soundScene ??= openBoardScene(stage, {}));
  const dead = () => (deadScene ??= openBoardScene(stage, misfortune));
  return [
    ['a day of the shipped estate is played for the board', sound],
    ...boards.map((board): Check => [
      `every query of ${board} returns what is expected of it`,
      async () => answers(await sound(), {}, board),
    ]),
    ['the board offers the declared sites', async () => offersSites(await sound())],
    ['what is scraped twice counts once', async () => countedOnce(await sound())],
    ['the PUE of several sites is a ratio of sums', async () => ratioOfSums(await sound())],
    ['the share of idle cards is a ratio of sums', async () => idleShare(await sound())],
    ["the rules' PUE of the province is the exporter's", async () => provinceOfRules(await sound())],
    ['a suspicion is named', async () => suspicionsNamed(await sound())],
    ['unknown models, clamped samples and exporters of a node are named', async () => poolsNamed(await sound())],
    ['a day in which a boundary meter dies is played for the board', dead],
    ...boards.map((board): Check => [
      `${board}: its site has no PUE and a reason; the others have theirs`,
      async () => answers(await dead(), misfortune, board),
    ]),
  ];
}
