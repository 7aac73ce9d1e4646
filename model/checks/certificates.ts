import { fault, under, type Fault } from '../fault.ts';
import { add, compare, rational, type Rational } from '../rational.ts';
import type { Certificate } from '../schema/certificate.ts';
import type { Check } from './check.ts';

const HOUR_MS = 3_600_000;

const eachCertificate =
  (rule: (certificate: Certificate) => Fault[]): Check =>
  ({ data }) =>
    (data.estate?.certificates ?? []).flatMap((certificate, index) =>
      rule(certificate).map((found) => ({ file: 'estate', fault: under(['certificates', index], found) })),
    );

export const holders = eachCertificate(({ site, allocations }) =>
  (site === undefined) === (allocations === undefined) ? [fault([], 'use', 'certificate_site', {})] : [],
);

const number = ({ n, d }: Rational): number => Number(n) / Number(d);

/** What the sites of a certificate get together is not more than it holds. */
export const allocated = eachCertificate(({ allocations = [], mwh }) => {
  const sum = allocations.reduce((total, part) => add(total, part.mwh), rational(0n));
  if (compare(sum, mwh) <= 0) return [];
  return [fault(['allocations'], 'use', 'over_allocated', { allocated: number(sum), mwh: number(mwh) })];
});

/** Energy is matched by the hour. */
export const fullHours = eachCertificate((certificate) =>
  (['from', 'to'] as const).flatMap((key) =>
    certificate[key] % HOUR_MS === 0 ? [] : [fault([key], 'use', 'full_hour', {})],
  ),
);
