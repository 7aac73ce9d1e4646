import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Finding } from '../../model/finding.ts';
import { loadPlan } from '../../model/load.ts';
import { PlanError } from '../../model/plan-error.ts';

/** A small declaration without a fault that uses every kind of entry once. */
export const declaration: Readonly<Record<string, string>> = {
  'jiangxi-2030.yaml': `schema: greenflops/v1
id: promise
name: { zh: 方案, en: Plan }
document: { number: "16", date: 2025-12-18, source: test }
milestones:
  - { id: "2030", date: 2030-12-31T23:59:59+08:00, text: { zh: 目标, en: Goals } }
targets:
  - id: scale
    name: { zh: 规模, en: Scale }
    comparator: ">="
    value: 5000
    unit: PFlops
    due: 2030-12-31T23:59:59+08:00
    milestone: "2030"
    baseline: { value: 1155, date: 2025-12-31, basis: installed }
    counts: { from: compute, step: nominal, precision: fp16 }
    rule: { zh: 规则, en: Rule }
  - id: bases
    name: { zh: 基地, en: Bases }
    comparator: between
    value: 2
    upper: 3
    unit: bases
    due: 2030-12-31T23:59:59+08:00
    milestone: "2030"
    counts: { from: register, register: labelling }
    rule: { zh: 规则, en: Rule }
actions:
${Array.from({ length: 12 }, (_, i) => `  - { id: action-${i + 1}, category: governance, name: unverified }`).join('\n')}
measures:
${Array.from({ length: 10 }, (_, i) => `  - { id: measure-${i + 1}, category: data, name: unverified }`).join('\n')}
joint_meeting: { members: [], dates: [2026-01-15] }
tasks:
  - id: task-one
    name: { zh: 任务, en: Task }
    action: action-1
    owner: { zh: 甲, en: A }
    due: 2027-12-31T23:59:59+08:00
    policies: [policy-one]
policies:
  - id: policy-one
    name: { zh: 政策, en: Policy }
    measure: measure-1
    budget_cny: null
    supports: [task-one]
`,
  'estate.yaml': `schema: greenflops/v1
sites:
  - { id: north, name: { zh: 北, en: North }, grid: jiangxi, profile: large, it_rated_kw: 400 }
  - { id: south, name: { zh: 南, en: South }, grid: jiangxi, profile: large, it_rated_kw: 400 }
halls:
  - { id: hall-one, site: north, name: { zh: 一号厅, en: Hall one } }
meters:
  - id: gate
    site: north
    role: facility
    rated_kw: 900
    source: { protocol: modbus-tcp, address: "127.0.0.1:502" }
    registers: &wide
      energy: { function: 3, address: 3203, type: int64, scale_to_wh: 1, modulus: none }
      power: { function: 3, address: 3059, type: float32, scale_to_w: 1000 }
  - id: ups
    site: north
    role: it
    category: 1
    parent: gate
    hall: hall-one
    backup: ups-calc
    rated_kw: 400
    ct_ratio:
      - { from: 2025-01-01T00:00:00+08:00, value: 20 }
      - { from: 2026-01-01T00:00:00+08:00, value: 40 }
    source: { protocol: modbus-tcp, address: "127.0.0.1:502", unit: 2 }
    registers: *wide
  - id: narrow
    site: north
    role: cooling
    parent: gate
    rated_kw: 100
    source: { protocol: modbus-tcp, address: "127.0.0.1:502", unit: 3 }
    registers:
      energy: { function: 4, address: 72, type: uint16, scale_to_wh: 100, modulus: 65536 }
      power: { function: 4, address: 65534, type: uint32, scale_to_w: 1 }
  - id: ups-calc
    site: north
    role: other
    rated_kw: 400
    source: { protocol: calculated, formula: "gate - 1.5 * (narrow)" }
  - id: gas
    site: south
    role: facility
    carrier: gas
    rated_kw: 100
    valid_from: 2025-01-01T00:00:00+08:00
    source: { protocol: exposition, url: "http://127.0.0.1:9/metrics" }
    registers:
      energy: { metric: gas_joules_total, scale_to_j: 1, modulus: none }
clusters:
  - { id: open, site: north, context: open, access: { operators: [three] }, jurisdiction: jiangxi, data_classes: [general] }
  - { id: closed, site: north, context: closed, kueue: { enabled: true, manage_config: true }, jurisdiction: jiangxi, data_classes: [general, important] }
pools:
  - id: pool-one
    cluster: open
    accelerator: chip-one
    count: 8
    nodes: { selector: { pool: one } }
    telemetry: { family: exporter, source: { protocol: exposition, url: "http://127.0.0.1:9/metrics" } }
  - id: pool-cut
    cluster: closed
    accelerator: "chip-one"
    count: 2
    nodes: { names: [cut-1, cut-2] }
    sharing: { by: slices, slices: { 1g: 7, 3g: 2 } }
    pod_security: { level: baseline, reason: { zh: 理由, en: Reason } }
tenants:
  - { id: tenant-one, action: action-1, namespaces: [ns-one], data_class: general, quota: [{ pool: pool-one, pflops: 1 }] }
  - { id: tenant-two, action: action-2, namespaces: [ns-two], data_class: general }
  - id: tenant-three
    action: action-3
    namespaces: [ns-three]
    data_class: general
    members: [three]
    quota: [{ pool: pool-cut, slice: 3g, pflops: 0.2 }]
    egress:
      - { tenant: tenant-four, ports: [443] }
      - cidr: 10.7.0.0/24
        ports: [443]
        data_class: general
        jurisdiction: hubei
        reason: { zh: 平台, en: Platform }
  - { id: tenant-four, action: action-4, namespaces: [ns-four], data_class: general }
datasets:
  - { id: logs, class: important, jurisdiction: jiangxi, owner: tenant-one, clusters: [closed] }
  - id: open-data
    class: general
    jurisdiction: jiangxi
    owner: bureau
    clusters:
      - closed
    readers: [tenant-three]
certificates:
  - { id: cert, serial: A-1, site: north, from: 2026-01-01T00:00:00+08:00, to: 2027-01-01T00:00:00+08:00, mwh: 10 }
  - id: shared
    serial: A-2
    kind: green-power
    allocations: [{ site: north, mwh: 0.1 }, { site: south, mwh: 0.2 }]
    from: 2026-01-01T00:00:00+08:00
    to: 2026-02-01T00:00:00+08:00
    mwh: 0.3
    hourly: true
maintenance:
  - { site: north, from: 2026-12-01T00:00:00+08:00, to: 2026-12-01T06:00:00+08:00, reason: { zh: 检修, en: Service } }
`,
  'accelerators.yaml': `schema: greenflops/v1
accelerators:
  - id: chip-one
    vendor: vendor
    name: { zh: 一号, en: One }
    reported_as: [Chip One, One]
    peak_tflops: { fp16: 300 }
    clock_ref_mhz: 1400
    tdp_w: 400
    slices: { 1g: { resource: example.com/1g, share: [1, 7] }, 3g: { resource: example.com/3g, share: [3, 7] } }
    resources: { plugin: example.com/chip }
    source: test
    confidence: memory
  - id: chip-two
    vendor: vendor
    name: { zh: 二号, en: Two }
    reported_as: [Two]
    peak_tflops: { bf16: 300 }
    clock_ref_mhz: null
    tdp_w: null
    resources: { plugin: example.com/chip }
    source: test
    confidence: memory
`,
  'telemetry.yaml': `schema: greenflops/v1
families:
  - id: exporter
    name: { zh: 导出器, en: Exporter }
    prefixes: [chip_]
    identity: [[uuid]]
    model: [model]
    activity: [{ signal: tensor, metric: chip_tensor }]
    source: test
allocations:
  - { id: held, name: { zh: 占用, en: Held }, metric: held, node: [node], namespace: [namespace], pod: [pod], source: test }
`,
  'profiles.yaml': `schema: greenflops/v1
pue_edition: ISO/IEC 30134-2:2026
carriers:
  - { id: electricity, name: { zh: 电力, en: Electricity }, weight: 1, source: test }
  - { id: gas, name: { zh: 天然气, en: Gas }, weight: 0.35, source: test }
profiles:
  - id: large
    name: { zh: 大型, en: Large }
    pue: 1.25
    monthly_allowance: [1.2, 1.2, 1.2, 1.2, 1.25, 1.3, 1.35, 1.35, 1.3, 1.25, 1.2, 1.2]
    basis: test
    confidence: memory
`,
  'factors.yaml': `schema: greenflops/v1
grid_factors:
  - { grid: jiangxi, year: 2022, kg_per_kwh: 0.5752, source: test, confidence: secondary }
  - grid: jiangxi
    year: 2023
    kg_per_kwh: 0.57
    residual_kg_per_kwh: 0.6
    source: other
    confidence: secondary
fuel_factors:
  - { carrier: gas, kg_per_kwh: 0.2, source: other, confidence: memory }
`,
  'registers.yaml': `schema: greenflops/v1
registers:
  - { id: labelling, name: { zh: 基地, en: Bases } }
items:
  - { id: item-one, register: labelling, name: { zh: 甲, en: A }, state: verified, date: 2026-03-01 }
`,
};

/** Runs with the files in a directory of their own; null leaves a file out. */
export function withFiles<T>(files: Readonly<Record<string, string | Buffer | null>>, use: (dir: string) => T): T {
  const dir = mkdtempSync(join(tmpdir(), 'greenflops-plan-'));
  try {
    for (const [name, content] of Object.entries(files)) if (content !== null) writeFileSync(join(dir, name), content);
    return use(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

export type Edit = readonly [file: string, from: string, to: string];

/** What `loadPlan` finds in a directory; file names without the directory. */
export function findingsIn(dir: string): Finding[] {
  try {
    loadPlan(dir);
    return [];
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return error.findings.map((found) => Object.assign({}, found, { file: basename(found.file) }));
  }
}

export const show = ({ file, line, column, code }: Finding): string => `${file}:${line}:${column} ${code}`;

const MARK = /⟦(\w+)⟧/;

/** Applies edits whose new text carries ⟦code⟧ where a finding is expected. */
export function broken(edits: readonly Edit[]): { files: Record<string, string>; expected: string[] } {
  const files = { ...declaration };
  for (const [file, from, to] of edits) {
    const [before, after, ...more] = files[file]?.split(from) ?? [];
    if (after === undefined || more.length > 0) throw new Error(`"${from}" does not stand once in ${file}`);
    files[file] = `${before}${to}${after}`;
  }
  const expected = Object.entries(files).flatMap(([file, text]) => {
    const found: string[] = [];
    for (let mark = MARK.exec(text); mark; mark = MARK.exec(text)) {
      const lines = text.slice(0, mark.index).split('\n');
      found.push(`${file}:${lines.length}:${(lines.at(-1) ?? '').length + 1} ${mark[1]}`);
      text = text.replace(MARK, '');
    }
    files[file] = text;
    return found;
  });
  return { files, expected };
}
