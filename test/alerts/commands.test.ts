import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { places } from '../../alerts/commands.ts';
import { alerts } from '../../alerts/index.ts';
import { runbookPath } from '../../alerts/links.ts';
import { exporter } from '../../infra/stacks/exporter.ts';
import { languages } from '../../model/text.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const subcommands = [
  ...read('exporter/cli/main.ts').matchAll(/import \{ (?:importCommand|\w+) \} from '\.\/(\w+)\.ts'/g),
]
  .map(([, name]) => name)
  .filter((name) => name !== 'say');

describe('the commands of the runbooks', () => {
  test('on a host are those of the unit', () => {
    const unit = read('exporter/ship/greenflops.service');
    const [program] = /(?<=^ExecStart=)\S+/m.exec(unit) ?? [];
    const settings = [...unit.matchAll(/^Environment=(GREENFLOPS_(?:PLAN|STORE)=\S+)$/gm)].map(([, one]) => one);
    expect(settings).toHaveLength(2);
    expect(places.host.greenflops).toBe(`sudo env ${settings.join(' ')} ${program}`);
  });

  test('in a cluster are those of the exporter’s stack and of the image, which knows plan and ledger', () => {
    const image = read('exporter/ship/Containerfile');
    const [program] = /(?<=^ENTRYPOINT .*")\/[^"]+(?="\])/m.exec(image) ?? [];
    expect(places.kubernetes.greenflops).toBe(
      `kubectl -n ${exporter.namespace} exec ${exporter.name}-0 -- node ${program}`,
    );
    const stack = read('infra/telemetry/exporter-pod.ts');
    for (const name of ['plan', 'store']) {
      const [value] = new RegExp(`(?<=GREENFLOPS_${name.toUpperCase()}=)\\S+`).exec(image) ?? [];
      expect(stack).toContain(`'--${name}=${value}'`);
    }
  });

  test('in a checkout are an npm script, at the standard places', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const [, script] = /npm run --silent (\w+) --$/.exec(places.checkout.greenflops) ?? [];
    expect(scripts[script ?? '']).toMatch(/exporter\/cli\/main\.ts$/);
    const [, plan, store] = /GREENFLOPS_PLAN=(\S+) GREENFLOPS_STORE=(\S+)/.exec(places.checkout.greenflops) ?? [];
    const options = read('exporter/cli/plan-option.ts');
    expect(options).toContain(`'${plan}')`);
    expect(options).toContain(`'${store}')`);
  });

  test.each(alerts.flatMap(({ name }) => languages.map((language) => runbookPath(name, language))))(
    '%s gives only commands that there are, after the lines that make them known',
    (path) => {
      const text = read(path);
      const used = [...text.matchAll(/(?:^\s*|`)greenflops (\w+)/gm)].map(([, name]) => name);
      expect(used.length).toBeGreaterThan(0);
      for (const name of used) expect(subcommands).toContain(name);
      expect(text.indexOf("alias greenflops='")).toBeGreaterThan(0);
      expect(text, 'the prefix stands in one place').not.toContain('npm run greenflops');
      expect(text, 'a template is nothing to read').not.toContain('{{');
    },
  );
});
