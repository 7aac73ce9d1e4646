import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cdktf } from '../../../infra/deploy/install.ts';
import type { Check } from '../../tally.ts';
import type { Part } from '../part.ts';
import { rounds } from './faults.ts';
import { queueRounds } from './kueue-faults.ts';
import { openPatient, type Patient, type Report } from './patient.ts';
import type { Fault } from './tamper.ts';

/** Lines of a report that name something to mend: where and what, and what to do. */
const told = ({ cluster }: Report): string[] =>
  cluster
    .split('\n')
    .filter((line) => line.startsWith('      '))
    .map((line) => line.trim());

async function healthy(patient: Patient): Promise<void> {
  const report = await patient.examine();
  assert.deepEqual(told(report), [], report.text);
  assert.doesNotMatch(report.cluster, /\?/, 'nothing cannot be told');
  assert.match(report.cluster, /✓ admission policies +all \d+ are there; the probe was refused by greenflops-images/);
  // cdktf's command line is installed by the first deploy alone.
  const installed = existsSync(cdktf.script);
  assert.equal(report.code, installed ? 0 : 3, report.text);
  assert.match(report.text, installed ? /^0 to mend, 0 cannot be told/m : /^1 to mend, 0 cannot be told/m);
}

/** The declaration as the faults have it, beside the patient's own until the check is over. */
function declared({ plan }: Patient, faults: readonly Fault[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-declared-'));
  cpSync(plan, folder, { recursive: true });
  const file = join(folder, 'estate.yaml');
  let text = readFileSync(file, 'utf8');
  for (const { name, estate } of faults) {
    const next = estate?.(text);
    assert.notEqual(next, text, `${name}: the estate is another one`);
    text = next ?? text;
  }
  writeFileSync(file, text);
  return folder;
}

/** Rounds of that many faults are told in Chinese as well: every look at two clusters costs seconds. */
const BOTH = 9;

/** The faults are made, each is found in its words and nothing besides; then they are taken back. */
async function found(patient: Patient, faults: readonly Fault[]): Promise<void> {
  const plan = declared(patient, faults);
  try {
    for (const { make } of faults) await make?.(patient);
    const report = await patient.examine(plan);
    assert.equal(report.code, 3, report.text);
    const lines = told(report);
    const troubles = lines.filter((line) => !line.startsWith('→'));
    const says = faults.flatMap((fault) => fault.says);
    for (const text of says)
      assert.equal(troubles.filter((line) => text.test(line)).length, 1, `${text}\n${report.text}`);
    assert.equal(troubles.length, says.length, report.text);
    assert.equal(lines.length, 2 * says.length, 'each says what to do');
    if (faults.length < BOTH) return;
    const chinese = told(await patient.examine(plan, 'zh'));
    assert.equal(chinese.length, lines.length);
    for (const line of chinese) assert.match(line, /\p{Script=Han}|^→ kubectl/u);
  } finally {
    for (const { mend } of faults.toReversed()) await mend?.(patient);
    rmSync(plan, { recursive: true, force: true });
  }
}

const guide = fileURLToPath(new URL('../../../docs/deploy/', import.meta.url));

/** What the guide has its reader make beside the deployment: the server takes it, and what is made of it is judged alone. */
async function brought(patient: Patient): Promise<void> {
  const tried = ['--dry-run=server', '-o', 'name'];
  const commands = [
    ...readFileSync(join(guide, 'README.md'), 'utf8').matchAll(/^kubectl --context nc-a (.* create role.*)$/gm),
  ];
  assert.equal(commands.length, 2);
  for (const [, command = ''] of commands) await patient.accepted([...command.split(' '), ...tried]);
}

/** `greenflops doctor --deploy` at a real API server: what is wrong is found in words, and what is well is left alone. */
export const doctor: Part = {
  name: 'doctor',
  async checks(ends) {
    const patient = await openPatient(ends);
    if (!patient) return [['doctor', () => {}, 'there is no folder of CRDs (GREENFLOPS_CRDS)']];
    const checks: Check[] = [
      ['nothing is found where nothing is wrong', () => healthy(patient)],
      ...[...rounds, ...queueRounds].map((faults): Check => [
        faults.map(({ name }) => name).join('; '),
        () => found(patient, faults),
      ]),
      ['nothing is left of it all', () => healthy(patient)],
      ["what the guide brings besides: Prometheus' role", () => brought(patient)],
    ];
    return checks;
  },
};
