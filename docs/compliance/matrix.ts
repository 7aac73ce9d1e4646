import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Language } from '../../model/text.ts';
import { rows } from '../../test/cluster/denials/rows/index.ts';
import type { Gate } from '../../test/cluster/denials/row.ts';
import { enforcers, type Control } from './control.ts';
import { dataSecurityLaw } from './controls/data-security-law.ts';
import { gb22239 } from './controls/gb-22239.ts';
import { gb43697 } from './controls/gb-43697.ts';

export const controls: readonly Control[] = [...gb22239, ...dataSecurityLaw, ...gb43697];

/** As much of an object as the matrix names. */
export interface Declared {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** One line of the matrix; no cell is empty. */
export interface Line {
  readonly control: string;
  readonly mechanism: string;
  readonly objects: string;
  /** Those by policies that are switched on */
  readonly denials: readonly string[];
  readonly tests: readonly string[];
  /** 'here', or who besides must enforce it */
  readonly enforced: string;
}

const words = {
  unverified: { zh: '条款号未核对', en: 'number unverified' },
  here: { zh: '本声明', en: 'the declaration' },
  and: { zh: '本声明，另需：', en: 'the declaration, and besides: ' },
  none: { zh: '本声明未启用', en: 'not switched on in this declaration' },
} as const;

/** Names of one kind that a cell lists; past it their number is told. */
const FEW = 6;
const root = fileURLToPath(new URL('../..', import.meta.url));

/** A control's name in a language, with its mark. */
export function controlName({ source, clause, unverified }: Control, language: Language): string {
  const mark = { zh: `（${words.unverified.zh}）`, en: ` (${words.unverified.en})` }[language];
  return `${source[language]} ${clause[language]}${unverified ? mark : ''}`;
}

/** The matrix of a declaration's objects. Throws where a control names a denial or a test that is not there. */
export function matrix(objects: readonly Declared[], language: Language): Line[] {
  return controls.map((control): Line => {
    const { demand, mechanism, denials, tests = [], outside } = control;
    const name = controlName(control, language);
    const missing = tests.find((path) => !existsSync(join(root, path)));
    if (missing !== undefined) throw new Error(`${name}: there is no test ${missing}`);
    if (denials.length === 0) throw new Error(`${name}: no denial shows it`);
    return {
      control: `${name}${language === 'zh' ? '：' : ': '}${demand[language]}`,
      mechanism: mechanism[language],
      objects: objectsOf(control, objects, language),
      denials: denials.filter((id) => !isOff(gateOf(control, id), objects)),
      tests,
      enforced: outside ? words.and[language] + enforcers[outside.by][language] : words.here[language],
    };
  });
}

/** What a row of the corpus is refused by. */
function gateOf(control: Control, id: string): Gate {
  const row = rows.find((one) => one.id === id);
  if (!row) throw new Error(`${controlName(control, 'en')}: the corpus has no row ${id}`);
  return row.by;
}

const policyOf = (gate: Gate): string | undefined =>
  gate.startsWith('policy ') ? gate.replace('policy ', 'greenflops-') : undefined;

/** True for a policy that these objects do not hold, or do not bind. */
function isOff(gate: Gate, objects: readonly Declared[]): boolean {
  const name = policyOf(gate);
  return (
    name !== undefined &&
    !['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'].every((kind) =>
      objects.some((one) => one.kind === kind && one.metadata.name === name),
    )
  );
}

/** The declared objects that serve a control: all of its kinds, and the policies that its denials are by. */
function objectsOf(control: Control, objects: readonly Declared[], language: Language): string {
  const named = (kind: string) => [
    ...new Set(objects.flatMap((one) => (one.kind === kind ? [one.metadata.name] : []))),
  ];
  const gates = [...new Set(control.denials.map((id) => gateOf(control, id)))];
  const wanted = new Set(gates.flatMap((gate) => (isOff(gate, objects) ? [] : (policyOf(gate) ?? []))));
  const off = gates.flatMap((gate) => (isOff(gate, objects) ? (policyOf(gate) ?? []) : []));
  const there = named('ValidatingAdmissionPolicy').filter((name) => wanted.has(name));
  return [
    ...control.kinds.map((kind) => cell(kind, named(kind), language)),
    ...(there.length > 0 ? [`ValidatingAdmissionPolicy(Binding) ${there.join(', ')}`] : []),
    ...off.map((name) => `${name} (${words.none[language]})`),
  ].join('; ');
}

function cell(kind: string, names: readonly string[], language: Language): string {
  if (names.length === 0) return `${kind} (${words.none[language]})`;
  if (names.length > FEW) return `${names.length} ${kind}`;
  return `${kind} ${names.join(', ')}`;
}
