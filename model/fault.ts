import type { Finding } from './finding.ts';
import type { Code, Params } from './messages.ts';
import type { Spot } from './read-yaml.ts';
import type { Path } from './yaml-tree.ts';

/** Something wrong at a path of one file, before its line and column are looked up. */
export interface Fault extends Pick<Finding, 'code' | 'params' | 'suggestion'> {
  readonly path: Path;
  readonly spot: Spot;
}

/** The message's {places} are checked against the code by the compiler. */
export const fault = <C extends Code>(
  path: Path,
  spot: Spot,
  code: C,
  params: Params<C>,
  suggestion?: string,
): Fault => ({ path, spot, code, params, suggestion });

/** A fault whose path began inside `prefix`. */
export const under = (prefix: Path, found: Fault): Fault => ({ ...found, path: [...prefix, ...found.path] });
