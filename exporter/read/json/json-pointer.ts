import { ReadError } from '../reader.ts';
import { describeJson, isObject, namesIn, type Json } from './json-document.ts';

/** The names of an RFC 6901 pointer; ~1 stands for /, ~0 for ~. */
const segmentsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));

/** One step into a list, which only some pointers do otherwise. @throws ReadError */
export type IntoList = (list: readonly Json[], segment: string, at: string) => Json;

/** RFC 6901, 4: a place in a list is its number, without leading zeros. */
const byNumber: IntoList = (list, segment, at) => {
  const found = /^(0|[1-9]\d*)$/.test(segment) ? list[Number(segment)] : undefined;
  if (found !== undefined) return found;
  throw new ReadError('protocol', `${at} is a list of ${list.length}, which has no ${JSON.stringify(segment)}`);
};

/**
 * All that stands on the way to the pointer's value, from the document to the value itself.
 * @throws ReadError 'protocol': where the way ends, and which names lead on
 */
export function wayTo(document: Json, pointer: string, intoList: IntoList = byNumber): Json[] {
  const way = [document];
  let here = document;
  let at = '';
  for (const segment of segmentsOf(pointer)) {
    const place = at === '' ? 'the document' : at;
    if (Array.isArray(here)) here = intoList(here as readonly Json[], segment, place);
    else if (isObject(here) && Object.hasOwn(here, segment)) here = here[segment]!;
    else if (isObject(here))
      throw new ReadError('protocol', `${place} has no ${JSON.stringify(segment)}; it has ${namesIn(here)}`);
    else throw new ReadError('protocol', `${place} is ${describeJson(here)}: nothing is below it`);
    at += `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    way.push(here);
  }
  return way;
}
