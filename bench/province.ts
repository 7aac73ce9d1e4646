import { loadPlan } from '../model/load.ts';
import type { Plan } from '../model/plan.ts';
import { estate } from '../model/schema/estate.ts';
import { meterId, METERS, siteId } from './annual-ledger.ts';

const name = { zh: '基准', en: 'benchmark' };

/** A declaration of so many sites, each with a gate, 39 IT meters below it, and certificates that are matched by the hour. */
export function provinceOf(sites: number): Plan {
  const plan = loadPlan('plan');
  const every = Array.from({ length: sites }, (_, site) => site);
  return {
    ...plan,
    estate: estate.parse({
      schema: 'greenflops/v1',
      sites: every.map((site) => ({
        id: siteId(site),
        name,
        grid: 'jiangxi',
        profile: 'new-large-2025',
        it_rated_kw: 50,
        certificate_matching: 'hourly',
      })),
      meters: every.flatMap((site) =>
        Array.from({ length: METERS }, (_, meter) => ({
          id: meterId(site, meter),
          site: siteId(site),
          role: meter === 0 ? 'facility' : 'it',
          ...(meter > 0 && { parent: meterId(site, 0), category: 2 }),
          rated_kw: 100,
          registers: { energy: { function: 3, address: 0, type: 'int64', scale_to_wh: 1, modulus: 'none' } },
          source: { protocol: 'modbus-tcp', address: 'h:502' },
        })),
      ),
      certificates: every.map((site) => ({
        id: `c-${site}`,
        serial: `S-${site}`,
        site: siteId(site),
        from: '2025-09-01T00:00:00+08:00',
        to: '2027-01-01T00:00:00+08:00',
        mwh: 200,
      })),
    }),
  };
}
