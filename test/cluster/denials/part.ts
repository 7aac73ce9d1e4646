import assert from 'node:assert/strict';
import { matrix } from '../../../docs/compliance/matrix.ts';
import type { Check } from '../../tally.ts';
import { shown } from '../evidence.ts';
import type { Part } from '../part.ts';
import type { Identified } from '../objects.ts';
import { openProving } from '../proving.ts';
import type { Stage } from '../stage.ts';
import type { Api } from './api.ts';
import { addedChecks } from './added.ts';
import { audited } from './audited.ts';
import { prepared } from './cluster.ts';
import { denying } from './estate.ts';
import { edgeChecks } from './edges.ts';
import { goesOnChecks } from './goes-on.ts';
import { managerChecks } from './manager.ts';
import { send, type Ask, type Row } from './row.ts';
import { rows } from './rows/index.ts';
import { table } from './table.ts';

/** The rows of which the denial and its twin were seen in this run. */
const seen = new Set<string>();

async function row(api: Api, { id, denied, message, twin, twinHears = '' }: Row): Promise<void> {
  const refused = await send(api, denied);
  assert.equal(refused.message, message);
  assert.equal(refused.code, 403);
  const passed = await send(api, twin);
  assert.equal(passed.message, twinHears, `the twin, ${twin.who.user} ${twin.verb} ${twin.path}`);
  seen.add(id);
}

interface Policies {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly generation: number };
    readonly status?: {
      readonly observedGeneration?: number;
      readonly typeChecking?: { readonly expressionWarnings?: readonly unknown[] };
    };
  }[];
}
const POLICIES = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';

/** The controller has read every expression against the types that it will meet, and has nothing to say. */
async function typesHold(api: Api): Promise<void> {
  const { items } = (await api.ask('GET', POLICIES)).body as Policies;
  assert.ok(items.length > 0, 'there are policies');
  for (const { metadata, status } of items) {
    assert.equal(status?.observedGeneration, metadata.generation, metadata.name);
    assert.deepEqual(status.typeChecking?.expressionWarnings ?? [], [], metadata.name);
  }
}

interface Ruled {
  readonly spec: { readonly validations: readonly { readonly message: string }[] };
}
/** A policy's message as the server prints it; … stands for a value. */
const saidBy = (policy: string, message: string): RegExp =>
  new RegExp(
    ` '${policy}' denied request: ${message.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.*')}$`,
  );

/** Every rule of every policy that the declaration makes has refused something, and every row was seen. */
function everyRule(stage: Stage): void {
  const ids = rows.map(({ id }) => id);
  assert.deepEqual(
    ids.filter((id, i) => ids.indexOf(id) !== i),
    [],
    'two rows of one id',
  );
  assert.deepEqual(
    ids.filter((id) => !seen.has(id)),
    [],
    'rows that were not seen',
  );
  const silent = stage.objects('ValidatingAdmissionPolicy').flatMap((policy) => {
    const { metadata, spec } = policy as unknown as Identified & Ruled;
    return spec.validations.flatMap(({ message }) =>
      rows.some((one) => saidBy(metadata.name, message).test(one.message)) ? [] : [`${metadata.name}: ${message}`],
    );
  });
  assert.deepEqual(silent, [], 'rules that no row shows');
  for (const kind of ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'])
    shown(kind, 'behaves', `denials: ${rows.length} refusals, each beside a twin that passes`);
}

const said = ({ who, verb, path }: Ask) => [who.user, verb, path.replace(/^\/apis?\//, '').replace(/\?.*/, '')];

function corpus(): void {
  const cells = rows.map(({ id, by, denied, twin }) => {
    const other = said(twin).filter((part, i) => part !== said(denied)[i]);
    return [id, ...said(denied), by, other.length > 0 ? other.join(' ') : 'the same, corrected'];
  });
  for (const cell of cells.flat()) assert.notEqual(cell, '', 'an empty cell');
  console.log(table([['row', 'who', 'verb', 'object', 'denied by', 'what passes'], ...cells]));
}

/** The control matrix of what this cluster was given, each line bound to denials that have just been seen. */
function controlMatrix(stage: Stage): void {
  const objects = stage.files.flatMap((file) => file.objects);
  const lines = matrix(objects, 'en');
  const cells = lines.map(({ control, objects: made, denials: ids, enforced }) => {
    assert.deepEqual(
      ids.filter((id) => !seen.has(id)),
      [],
      `${control}: denials that were not seen`,
    );
    return [control, made, `${ids.length} denied: ${ids.join(' ')}`, enforced];
  });
  for (const cell of cells.flat()) assert.notEqual(cell, '', 'an empty cell');
  const shows = lines.map(({ objects: made }) => made).join('; ');
  for (const { metadata } of stage.objects('ValidatingAdmissionPolicy'))
    assert.ok(shows.includes(metadata.name), `no control is met by ${metadata.name}`);
  console.log(table([['control', 'objects', 'denied in this run', 'enforced by'], ...cells], 44));
}

/** Every policy's refusals with their whole messages, beside requests that differ in one thing and pass. */
export const denials: Part = {
  name: 'denials',
  async checks(ends) {
    const stage = await openProving(ends, { change: denying, crds: false });
    const api = await prepared(ends, stage);
    return [
      ...rows.map((one): Check => [`${one.id}: refused, and its twin passes`, () => row(api, one)]),
      ...goesOnChecks(api),
      ...edgeChecks(stage, api),
      ["the server's type check has no warning", () => typesHold(api)],
      ['every rule of every policy has refused something, and every row was seen', () => everyRule(stage)],
      ['the audit log has an event of each policy’s refusals, with the class of the data', () => audited(stage)],
      ...managerChecks(stage, api),
      ...addedChecks(stage, api),
      ['the denial corpus', corpus],
      ['the control matrix', () => controlMatrix(stage)],
    ];
  },
};
