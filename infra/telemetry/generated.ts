import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { languages, type Language } from '../../model/text.ts';
import type { CustomObject } from '../kubernetes.ts';

// Read as data: `npm run build` makes them of the declaration, and `npm run check` fails where they are not of it.
const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The rules as Prometheus loads them (rule_files). */
export const ruleFile = (): string => read('alerts/generated/greenflops-rules.yaml');

/** The rules as the Prometheus operator takes them. */
export const prometheusRule = (): CustomObject => parse(read('alerts/generated/greenflops-prometheusrule.yaml'));

interface BoardFile {
  /** greenflops-energy … */
  readonly name: string;
  readonly language: Language;
  /** Grafana's JSON */
  readonly text: string;
}

/** Every board in every language. */
export const boardFiles = (): BoardFile[] =>
  languages.flatMap((language) =>
    readdirSync(join(root, 'dashboards/generated', language))
      .filter((file) => file.endsWith('.json'))
      .toSorted()
      .map((file) => ({
        name: file.replace(/\.json$/, ''),
        language,
        text: read(`dashboards/generated/${language}/${file}`),
      })),
  );
