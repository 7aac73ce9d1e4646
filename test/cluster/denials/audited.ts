import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Stage } from '../stage.ts';
import { rows } from './rows/index.ts';

/** An event of the API server's audit log (audit.k8s.io/v1), as far as it is looked at. */
interface Event {
  readonly objectRef?: { readonly namespace?: string; readonly subresource?: string };
  readonly responseStatus?: { readonly code?: number };
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Written by bindings with the action Audit: which policies failed, and with what words. */
const FAILURE = 'validation.policy.admission.k8s.io/validation_failure';

/** Who was refused by which policy is on record, with the class of the data that was asked for. */
export function audited({ plane }: Stage): void {
  const events = readFileSync(plane.auditLog, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Event);
  const refused = events.filter(
    ({ responseStatus, annotations }) => responseStatus?.code === 403 && annotations?.[FAILURE],
  );
  const policies = new Set(
    rows.flatMap(({ by }) => (by.startsWith('policy ') ? [by.replace('policy ', 'greenflops-')] : [])),
  );
  const silent = [...policies].filter(
    (policy) => !refused.some(({ annotations }) => annotations?.[FAILURE]?.includes(`"policy":"${policy}"`)),
  );
  assert.deepEqual(silent, [], 'policies that refused somebody and left no event');
  const entered = refused.find(
    ({ objectRef }) => objectRef?.subresource === 'exec' && objectRef.namespace === 'ore-vault',
  );
  assert.equal(entered?.annotations?.['greenflops-clearance/data-class'], 'important');
}
