import { z } from 'zod';
import { date, precision, schemaVersion, slug, text, time } from './common.ts';

const baseline = z.strictObject({
  value: z.number(),
  date,
  basis: z.enum(['installed', 'served']),
  note: text.optional(),
});

const target = z.strictObject({
  id: slug,
  name: text,
  comparator: z.enum(['>=', '<=', '>', 'between']),
  value: z.number(),
  upper: z.number().optional(),
  unit: z.string(),
  due: time,
  milestone: z.string(),
  baseline: baseline.nullable().default(null),
  /** What counts: a step of the PFlops waterfall, a register of counted items, or a figure entered by hand */
  counts: z.discriminatedUnion('from', [
    z.strictObject({
      from: z.literal('compute'),
      step: z.enum(['nominal', 'racked', 'healthy', 'allocated', 'busy', 'delivered']),
      precision,
    }),
    z.strictObject({ from: z.literal('register'), register: slug }),
    z.strictObject({ from: z.literal('manual') }),
  ]),
  rule: text,
});

const action = z.strictObject({
  id: slug,
  category: z.enum(['industrial-empowerment', 'public-service', 'governance']),
  /** 'unverified' until somebody copies the official title */
  name: z.union([text, z.literal('unverified')]),
});

export const promise = z.strictObject({
  schema: schemaVersion,
  id: slug,
  name: text,
  document: z.strictObject({ number: z.string(), date, source: z.string() }),
  milestones: z
    .array(z.strictObject({ id: z.string(), date: time, text: text, evidence: z.array(text).default([]) }))
    .min(1),
  targets: z.array(target).min(1),
  actions: z.array(action).length(12),
  measures: z
    .array(
      z.strictObject({
        id: slug,
        category: z.enum(['compute', 'data', 'funding', 'talent']),
        name: z.union([text, z.literal('unverified')]),
      }),
    )
    .length(10),
  joint_meeting: z.strictObject({ members: z.array(text), dates: z.array(date) }),
  tasks: z.array(
    z.strictObject({
      id: slug,
      name: text,
      action: slug,
      owner: text,
      due: time,
      policies: z.array(slug).min(1),
      /** true: invented, and shown as such */
      demo: z.boolean().default(false),
      evidence: z.array(text).default([]),
    }),
  ),
  policies: z.array(
    z.strictObject({
      id: slug,
      name: text,
      measure: slug,
      budget_cny: z.number().min(0).nullable(),
      /** ids of tasks, each of which names this policy in turn */
      supports: z.array(slug).min(1),
      demo: z.boolean().default(false),
    }),
  ),
});
export type ProvincialPlan = z.infer<typeof promise>;
export type Target = ProvincialPlan['targets'][number];
