import type { CustomObject, Labels } from '../kubernetes.ts';
import { named } from '../labels.ts';

/** The one version that is written: v1beta1 drops renamed fields without a word where no webhook converts them. */
const apiVersion = 'kueue.x-k8s.io/v1beta2';

/** An object of Kueue. */
export const kueueObject = (kind: string, name: string, spec: unknown, annotations?: Labels): CustomObject => ({
  apiVersion,
  kind,
  metadata: named(name, undefined, annotations),
  spec,
});

/** Of the flavour of credits: no labels, which would reach pods, and no topology, which Kueue allows once per pod. */
export const CREDITS_FLAVOR = 'greenflops-credits';
export const QUEUE = 'default';

/** The cohort above all others of a cluster. */
export const PROVINCE = 'province';
export const cohortOf = (group: string): string => `group-${group}`;
