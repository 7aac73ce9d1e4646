import type { Text } from '../../model/text.ts';

/** What Kueue would refuse of an object, and where in it. */
export interface WebhookProblem {
  readonly path: readonly (string | number)[];
  readonly text: Text;
  /** What to change in the estate; undefined where no estate should come to it */
  readonly fix: Text | undefined;
}
export type Path = WebhookProblem['path'];

/** A qualified name or a label's key: an optional DNS prefix, then at most 63 letters, digits, '-', '_', '.' (k8s.io/apimachinery) */
export const KEY =
  /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)$/;

export const problem = (path: Path, zh: string, en: string, fix?: Text): WebhookProblem => ({
  path,
  text: { zh, en },
  fix,
});
