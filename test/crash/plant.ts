import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planFolder } from '../plan-folder.ts';

/** Registers of the meters of this plant start here, Wh. */
const START_WH = 5_000_000;
/** Constant load, so that the truth is known at any instant. */
const WATTS = 36_000;

/** A plant of text files: two meters with registers and one with power alone, at constant load, read every second. */
export function plant() {
  const { dir, remove } = planFolder('');
  const url = (id: string): string => `file://${join(dir, id)}`;
  const energy = '{ energy: { metric: energy_wh, scale_to_wh: 1, modulus: none } }';
  const power = '{ power: { metric: power_w, scale_to_w: 1 } }';
  const meter = (id: string, role: string, registers: string): string =>
    `  - { id: ${id}, site: s, role: ${role}, rated_kw: 100, every: 1s, source: { protocol: exposition, url: "${url(id)}" }, registers: ${registers} }`;
  writeFileSync(
    join(dir, 'estate.yaml'),
    `schema: greenflops/v1
sites: [{ id: s, name: { zh: 站, en: Site }, grid: jiangxi, profile: new-large-2025, it_rated_kw: 100 }]
meters:
${meter('gate', 'facility', energy)}
${meter('load', 'it', energy)}
${meter('fans', 'cooling', power)}
`,
  );
  const begun = Date.now();
  const register = (): number => START_WH + Math.floor((((Date.now() - begun) / 1000) * WATTS) / 3600);
  const write = (id: string, text: string): void => {
    // As a device would: an answer is whole or not there.
    writeFileSync(join(dir, `${id}.new`), text);
    renameSync(join(dir, `${id}.new`), join(dir, id));
  };
  const show = (): void => {
    for (const id of ['gate', 'load']) write(id, `energy_wh ${register()}\n`);
    write('fans', `power_w ${WATTS}\n`);
  };
  show();
  const timer = setInterval(show, 50);
  return {
    dir,
    watts: WATTS,
    /** Stops the registers where they are: what they rose by since they were first shown, in joules. */
    freeze(): number {
      clearInterval(timer);
      show();
      return (register() - START_WH) * 3600;
    },
    /** The truth by the clock, in joules since the plant began. */
    joules: (): number => ((Date.now() - begun) / 1000) * WATTS,
    remove(): void {
      clearInterval(timer);
      remove();
    },
  };
}
