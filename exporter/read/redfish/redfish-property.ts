import { isObject, describeJson, JsonNumber, type Json } from '../json/json-document.ts';
import { wayTo, type IntoList } from '../json/json-pointer.ts';
import { dateTime, markIn, numberIn, wireOf } from '../json/json-value.ts';
import { ReadError, type Raw } from '../reader.ts';
import type { Hide } from '../transport/secrets.ts';

/** By these a member of a list is told apart, the best first. */
const marks = ['MemberId', 'Id', 'DeviceName', 'DataSourceUri', '@odata.id', 'Name'];

/**
 * The number at a property. No number is one that the service does not have: null, or below something whose Status.State
 * is not Enabled (Absent, Disabled, UnavailableOffline …): services leave old or invented figures there.
 * @param property RFC 6901; in a list, a segment Name=Value chooses the one member with that property
 * @param mark true: it may be a date-time, and is told as Unix ms
 * @param hide takes out of the evidence what was sent in confidence
 * @throws ReadError 'protocol'
 */
export function redfishValue(document: Json, property: string, mark: boolean, hide: Hide = (text) => text): Raw {
  const way = wayTo(document, property, onlyMember);
  const value = way.at(-1)!;
  const around = way.at(-2);
  if (isObject(value) || Array.isArray(value)) throw new ReadError('protocol', noNumber(value));
  const state = way
    .filter(isObject)
    .map((one) => stateOf(one, hide))
    .find(Boolean);
  const sensor = isObject(around) ? textIn(around, 'DataSourceUri', hide) : null;
  const hint = sensor === null ? '' : `; its sensor is ${sensor}`;
  const timestamp = isObject(around) ? acquired(around) : null;
  if (state) return { value: null, wire: `${wireOf(value, hide)} (Status.State is ${state})${hint}`, timestamp };
  if (value === null) return { value: null, wire: `null (the service has no reading)${hint}`, timestamp };
  return { value: mark ? markIn(value) : numberIn(value), wire: wireOf(value, hide), timestamp };
}

/** When the sensor was read, Unix ms; null where the service does not say, or says no time ("0000-00-00T00:00:00Z"). */
function acquired(reading: Fields): number | null {
  const told = textIn(reading, 'ReadingTime') ?? textIn(reading, 'SensorReadingTime');
  return told === null ? null : dateTime(told);
}

type Fields = { readonly [name: string]: Json };

const fieldOf = (fields: Fields, name: string): Json | undefined =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;

const textIn = (fields: Fields, name: string, hide: Hide = (text) => text): string | null => {
  const value = fieldOf(fields, name);
  return typeof value === 'string' ? hide(value).slice(0, 200) : null;
};

/** A state in which what is read is no reading. */
function stateOf(fields: Fields, hide: Hide): string | null {
  const status = fieldOf(fields, 'Status');
  const state = isObject(status) ? textIn(status, 'State', hide) : null;
  return state === 'Enabled' ? null : state;
}

/** What stands at the property instead of a number, and where the number is. */
function noNumber(value: Json): string {
  const what = `${describeJson(value)} instead of a number`;
  if (!isObject(value)) return `${what}: choose one member`;
  const [sensor, resource] = [textIn(value, 'DataSourceUri'), textIn(value, '@odata.id')];
  if (sensor !== null) return `${what}: append /Reading; the sensor itself is resource ${sensor}, property /Reading`;
  return resource === null ? what : `${what}: it is told at resource ${resource}`;
}

/** Into a list leads what chooses one member for good: a number chooses another one when a device is added or removed. */
const onlyMember: IntoList = (list, segment, at) => {
  const equals = segment.indexOf('=');
  const [name, wanted] = [segment.slice(0, Math.max(equals, 0)), segment.slice(equals + 1)];
  const found =
    equals > 0
      ? list.filter((member) => isObject(member) && plain(fieldOf(member, name)) === wanted)
      : segment === '0' && list.length === 1
        ? list
        : [];
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const known = list.slice(0, 10).map(choice).join(' ') || 'none';
  const asked = `${JSON.stringify(segment)} chooses ${equals > 0 ? found.length : 'none for good'}`;
  throw new ReadError(
    'protocol',
    `${at} is a list of ${list.length}, of which ${asked}; several are never read as one, choose one of: ${known}`,
  );
};

const plain = (value: Json | undefined): string | null =>
  value instanceof JsonNumber ? value.text : typeof value === 'string' ? value : null;

/** The segment that chooses a member, as it is written in a pointer, and its name. */
function choice(member: Json): string {
  if (!isObject(member)) return describeJson(member);
  const mark = marks.find((one) => plain(fieldOf(member, one)) !== null);
  if (mark === undefined) return describeJson(member);
  const value = plain(fieldOf(member, mark))!.slice(0, 200);
  const name = textIn(member, 'Name');
  const segment = `${mark}=${value.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return name === null || mark === 'Name' ? segment : `${segment} (${name})`;
}
