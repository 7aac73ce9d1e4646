import type { Outcome } from '../../model/checkup.ts';
import { files } from '../../model/files.ts';
import type { Plan } from '../../model/plan.ts';
import { readFile } from '../../model/read-file.ts';
import { Kubectl } from '../change/kubectl.ts';
import type { Cluster } from '../cluster.ts';
import type { DeclaredStack } from '../declared.ts';
import type { KubernetesObject, Labels } from '../kubernetes.ts';
import { Stop } from '../say.ts';

/** What checks of this machine are asked with. */
export interface Here {
  readonly plan: Plan;
  readonly environment: NodeJS.ProcessEnv;
  /** Where `cdktf synth` writes */
  readonly outdir: string;
  /** plan/estate.yaml:31:5 of a path in the estate */
  readonly where: (path: readonly (string | number)[]) => string;
  /** Whether Terraform's own registry answers within seconds */
  readonly reachesRegistry: () => Promise<boolean>;
}

/** An object of the API as checks read it. */
export interface Item {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly labels?: Labels;
    readonly creationTimestamp: string;
  };
}

/** A cluster of the estate, what it is to hold, and the way into it. */
export interface Declared {
  readonly view: Cluster;
  readonly objects: readonly KubernetesObject[];
  readonly reader: Reader;
}

/** What checks of one cluster are asked with. */
export interface There extends Here, Declared {
  /** Every cluster of the estate, this one among them: a manager's faults show on its workers alone */
  readonly estate: readonly Declared[];
  /** Milliseconds since 1970, of this machine */
  readonly now: () => number;
  /** By the uid of kube-system: the clusters of the estate that were seen before this one */
  readonly seen: Map<string, string>;
}

/** Reads a cluster through kubectl; each question is asked once. */
export class Reader {
  readonly #kubectl: Kubectl;
  readonly #answers = new Map<string, Promise<string>>();
  constructor(context: string) {
    this.#kubectl = new Kubectl(context);
  }

  get context(): string {
    return this.#kubectl.context;
  }

  /** kubectl's answer, whatever its exit code; throws Stop where there is no kubectl. */
  run(args: readonly string[], stdin?: string) {
    return this.#kubectl.run(['--request-timeout=10s', ...args], stdin);
  }

  /** What kubectl writes; throws Stop with its complaint. */
  text(...args: readonly string[]): Promise<string> {
    const key = args.join(' ');
    const known = this.#answers.get(key) ?? this.#ask(args);
    this.#answers.set(key, known);
    return known;
  }

  async #ask(args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(args);
    if (code === 0) return stdout;
    const why = stderr.trim().split('\n').at(-1) ?? '';
    throw new Stop({ zh: `kubectl ${args.join(' ')}：${why}`, en: `kubectl ${args.join(' ')}: ${why}` });
  }

  /** All objects of a resource in every namespace, or in one, or the one of a name; none where nothing is there. */
  async items<T extends Item>(resource: string, ...args: readonly string[]): Promise<readonly T[]> {
    const said = await this.text(
      'get',
      resource,
      '--ignore-not-found',
      '-o',
      'json',
      ...(args.length > 0 ? args : ['-A']),
    );
    if (said.trim() === '') return [];
    const answer = JSON.parse(said) as { readonly items?: readonly T[] };
    return answer.items ?? [answer as T];
  }
}

/** Where paths of the estate stand, for the reader's eyes. */
export function placeIn(dir: string): Here['where'] {
  const { source } = readFile(dir, files.estate.name, []);
  return (path) => {
    const place = source?.place(path, 'use');
    return place ? `${place.file}:${place.line}:${place.column}` : path.join('.');
  };
}

export const unknown = (zh: string, en: string): Outcome => ({ unknown: { zh, en } });
/** 1 pool, 2 pools */
export const some = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
export const both = (text: string) => ({ zh: text, en: text });

/** A cluster's stacks in one list. */
export const objectsOf = (declared: readonly DeclaredStack[], id: string): readonly KubernetesObject[] =>
  declared.filter(({ cluster }) => cluster.id === id).flatMap(({ objects }) => objects);
