import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { schedulingPages } from '../../docs/scheduling/pages.ts';
import { roundingTable } from '../../docs/scheduling/tables.ts';
import { clusters } from '../../infra/cluster.ts';
import { queuesOf } from '../../infra/queues/queues-of.ts';
import { rounding } from '../../infra/queues/rounding.ts';
import { loadPlan } from '../../model/load.ts';
import { roundingOf } from '../../model/queues/rounding.ts';
import { transformations } from '../../model/queues/transformations.ts';
import { planFolder } from '../plan-folder.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const chapters = { en: read('docs/scheduling/README.md'), zh: read('docs/scheduling/README.zh.md') };

/** The blocks of a kind, in their order. */
const blocks = (text: string, kind: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${kind}\\n(.*?)^\`\`\``, 'gms'))].map(([, body = '']) => body);
const marks = (text: string): string[] =>
  [...text.matchAll(/^(#+) |^<!-- made: ([\w-]+)/gm)].map(([, heading, part]) => heading ?? part ?? '');

describe('the chapter of scheduling', () => {
  test('has the same commands, lines of the estate, headings and tables in both languages', () => {
    for (const kind of ['sh', 'yaml']) expect(blocks(chapters.zh, kind)).toEqual(blocks(chapters.en, kind));
    expect(blocks(chapters.en, 'sh').length).toBeGreaterThan(4);
    expect(marks(chapters.zh)).toEqual(marks(chapters.en));
  });

  test('quotes lines that stand in its estate', () => {
    const estate = new Set(read('docs/scheduling/estate.yaml').split('\n'));
    const quoted = blocks(chapters.en, 'yaml').flatMap((block) => block.split('\n').filter(Boolean));
    expect(quoted.length).toBeGreaterThan(9);
    expect(quoted.filter((line) => !estate.has(line))).toEqual([]);
  });

  test('calculates by hand what the declaration comes to', () => {
    const { dir, remove } = planFolder(read('docs/scheduling/estate.yaml'));
    try {
      const plan = loadPlan(dir);
      const [view] = clusters(plan, () => ({}));
      const [row] = view ? rounding(view) : [];
      const queue = view && queuesOf(view).find(({ tenant }) => tenant.id === row?.tenant);
      const weight =
        view && transformations(plan, view.queuedPools).rows.find(({ pools }) => pools[0]?.id === row?.pool);
      const { nominal = 0, borrowing = 0 } = queue?.credits ?? {};
      const most = Math.floor((nominal + borrowing) / (weight?.credits ?? Number.NaN));
      for (const text of Object.values(chapters))
        for (const figure of [`${row?.units} `, row?.compiled, row?.short, `${most} `]) expect(text).toContain(figure);
    } finally {
      remove();
    }
  });

  test('submits a job that its estate has the namespace and the name of the chips for', () => {
    const { metadata, spec } = parse(read('docs/scheduling/job.yaml')) as {
      metadata: { namespace: string };
      spec: { template: { spec: { containers: { resources: { limits: Record<string, number> } }[] } } };
    };
    const { tenants, pools } = parse(read('docs/scheduling/estate.yaml')) as {
      tenants: { id: string; namespaces: string[]; quota: { pool?: string }[] }[];
      pools: { id: string; resource?: string }[];
    };
    const tenant = tenants.find(({ namespaces }) => namespaces.includes(metadata.namespace));
    const pool = pools.find(({ id }) => id === tenant?.quota[0]?.pool);
    expect(spec.template.spec.containers.map(({ resources }) => Object.keys(resources.limits))).toEqual([
      [pool?.resource],
    ]);
    for (const text of Object.values(chapters)) {
      const submits = [...text.matchAll(/job\.yaml --as \w+ --as-group greenflops:tenant:([\w-]+)/g)];
      expect(new Set(submits.map(([, id]) => id))).toEqual(new Set([tenant?.id]));
    }
  });

  test('names npm scripts and files that are there', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const text of Object.values(chapters)) {
      const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
      expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
      for (const [, path = ''] of text.matchAll(/\]\((?!#)([^)#]+[^)#/])\)/g))
        expect(read(`docs/scheduling/${path}`), path).not.toBe('');
    }
  });
});

test('the chapter and its picture are what the declaration says (npm run build)', () => {
  for (const [path, text] of schedulingPages()) expect(read(path), path).toBe(text);
}, 30_000);

test('the rounding table of the demonstration: compiled is no more than promised, and short by less than a unit', () => {
  const { dir, remove } = planFolder(read('plan/estate.yaml'));
  try {
    const plan = loadPlan(dir);
    // Printed so that whoever reads the run sees what became of each promise.
    console.log(roundingTable(plan, 'en'));
    const { estate, accelerators } = plan;
    const rows = estate.clusters.flatMap((cluster) => roundingOf(plan, cluster, estate.pools));
    expect(rows).toHaveLength(estate.tenants.flatMap(({ quota }) => quota).length);
    const wrong = rows.filter((row) => {
      const pool = estate.pools.find(({ id }) => id === row.pool);
      const peak = accelerators.get(pool?.accelerator ?? '')?.peak_tflops.fp16 ?? Number.NaN;
      const compiled = ((row.units ?? Number.NaN) * peak) / 1000;
      const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-9;
      return !(
        near(Number(row.compiled), compiled) &&
        near(Number(row.short), row.promised - compiled) &&
        compiled <= row.promised &&
        row.promised - compiled < peak / 1000
      );
    });
    expect(wrong).toEqual([]);
  } finally {
    remove();
  }
});
