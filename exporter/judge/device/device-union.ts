import type { Rejection } from '../../../model/reasons.ts';
import type { JudgedDevices } from './device.ts';

/** The answers of a pool's endpoints as one. */
export function merged(answers: readonly JudgedDevices[]): JudgedDevices {
  const [only] = answers;
  if (only && answers.length === 1) return only;
  const rejected = new Map<Rejection, number>();
  const unknownModels = new Map<string, number>();
  for (const answer of answers) {
    for (const [reason, count] of answer.rejected) rejected.set(reason, (rejected.get(reason) ?? 0) + count);
    for (const [model, count] of answer.unknownModels)
      unknownModels.set(model, (unknownModels.get(model) ?? 0) + count);
  }
  return {
    devices: answers.flatMap(({ devices }) => devices),
    rejected,
    refusals: answers.flatMap(({ refusals }) => refusals),
    unknownModels,
    clamped: answers.reduce((sum, { clamped }) => sum + clamped, 0),
  };
}
