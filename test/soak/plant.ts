import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const METERS = 1500;
const POOLS = 25;
/** Two series each. */
const DEVICES = 512;
const EVERY = '60s';

export const site = 's';

/** Writes the estate; `guest`: with one meter more, so that two declarations take turns. */
export function declare(dir: string, url: string, guest: boolean): void {
  const meter = (index: number, role: string, more = ''): string =>
    `  - { id: m-${index}, site: ${site}, role: ${role}${more}, rated_kw: 10, every: ${EVERY}, source: { protocol: modbus-tcp, address: "127.0.0.1:1", unit: 1 }, registers: { energy: { function: 3, address: 0, type: int64, order: ABCD, scale_to_wh: 1, modulus: none }, power: { function: 3, address: 8, type: float32, order: ABCD, scale_to_w: 1 } } }`;
  const meters = Array.from({ length: METERS + (guest ? 1 : 0) }, (_, index) =>
    // The gate and one IT meter are sound ones.
    index === 99
      ? meter(index, 'facility')
      : index === 98
        ? meter(index, 'it', ', parent: m-99')
        : meter(index, 'other', ', parent: m-99'),
  );
  const pool = (index: number): string =>
    `  - { id: pool-${index}, cluster: k, accelerator: nvidia-a800-sxm, count: ${DEVICES}, nodes: { names: [n-${index}] }, telemetry: { family: dcgm, every: ${EVERY}, per_device: true, source: { protocol: exposition, url: "${url}/pool-${index}", timeout: 20s } } }`;
  writeFileSync(
    join(dir, 'estate.yaml'),
    `schema: greenflops/v1
sites: [{ id: ${site}, name: { zh: 站, en: Site }, grid: jiangxi, profile: new-large-2025, it_rated_kw: 20000 }]
clusters: [{ id: k, site: ${site}, context: k, jurisdiction: jiangxi, data_classes: [general] }]
meters:
${meters.join('\n')}
pools:
${Array.from({ length: POOLS }, (_, index) => pool(index)).join('\n')}
`,
  );
}
