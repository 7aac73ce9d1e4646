import { Environment } from '@marcbachmann/cel-js';
import type { Text } from '../../model/text.ts';
import type { Obstacle, Rule } from './obstacle.ts';

const environment = new Environment({
  unlistedVariablesAreDyn: true,
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
});

/** What is wrong with a selector of devices. What the engine cannot type, as Kubernetes' own functions, is the API server's to judge. */
function fault(expression: string): Text | undefined {
  let made;
  try {
    made = environment.parse(expression);
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').trim();
    return { zh: `不是 CEL 表达式：${why}`, en: `no expression of CEL: ${why}` };
  }
  const { valid, type = 'dyn' } = made.check();
  if (!valid || type === 'bool' || type === 'dyn') return undefined;
  return {
    zh: `应得出 bool（真或假），它得出 ${type}；写法如 device.attributes['gpu.nvidia.com'].productName == 'NVIDIA H20'`,
    en: `must give a bool and gives ${type}; it reads like device.attributes['gpu.nvidia.com'].productName == 'NVIDIA H20'`,
  };
}

/** The devices that a pool shared by claims selects. */
export const selectors: Rule = ({ estate }) =>
  estate.pools.flatMap(({ sharing }, i): Obstacle[] => {
    if (sharing.by !== 'dra' || sharing.selector === undefined) return [];
    const detail = fault(sharing.selector);
    return detail ? [{ path: ['pools', i, 'sharing', 'selector'], detail }] : [];
  });
