import assert from 'node:assert/strict';
import { describeJson, parseJson } from '../../../exporter/read/json/json-document.ts';
import { wayTo } from '../../../exporter/read/json/json-pointer.ts';
import { markIn, numberIn, timeIn, wireOf } from '../../../exporter/read/json/json-value.ts';
import { redfishValue } from '../../../exporter/read/redfish/redfish-property.ts';
import { decodeText } from '../../../exporter/read/transport/text-answer.ts';
import { recordings } from '../recordings.ts';
import { mutateJson } from '../mutate-json.ts';
import type { Random } from '../random.ts';
import type { Target } from '../target.ts';

const words = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '"',
  '\\u0000',
  '\\ud800',
  '"a"',
  '"__proto__":',
  '"a/b~c":',
  'null',
  'true',
  '1',
  '-0.0',
  '1e400',
  '123456789012345678901234567890.5',
  '"N/A"',
  '"2026-11-24T08:00:00+08:00"',
  '[[[[[[[[[[[[',
  '"Status":{"State":"Absent"}',
  '"DataSourceUri":"/x"',
  '"Reading":1',
];
const deep = '['.repeat(70) + ']'.repeat(70);
const documents = [
  '{"power":{"w":12.5,"at":"2026-11-24T08:00:00+08:00"},"list":[1,2,{"x":"3"}],"a/b~c":"-1.5e3"}',
  '[{"__proto__":{"w":1}},"12",null,true]',
  '1700000000000',
];
const pointers = [
  '',
  '/power/w',
  '/power/at',
  '/list/2/x',
  '/list/-',
  '/a~1b~0c',
  '/0/__proto__/w',
  '/__proto__',
  '/toString',
  '/1',
];

/** Rational numbers have whole parts, and evidence stays short. */
function look(value: ReturnType<typeof parseJson>): string | null {
  assert.ok(wireOf(value).length <= 120 && describeJson(value).length < 2500);
  const number = numberIn(value);
  for (const one of [number, markIn(value)]) if (one !== null) assert.ok(one.d > 0n);
  const at = timeIn(value);
  assert.ok(at === null || Number.isFinite(at));
  return number === null ? 'no number' : null;
}

export const jsonTarget: Target = {
  name: 'json',
  seeds: [...documents, deep],
  make: (random) => mutateJson(documents, random),
  words,
  read(bytes, random: Random) {
    const document = parseJson(decodeText(bytes));
    return look(wayTo(document, random.pick(pointers)).at(-1)!);
  },
};

const properties = [
  '/PowerControl/MemberId=0/PowerConsumedWatts',
  '/PowerControl/0/PowerConsumedWatts',
  '/PowerWatts/Reading',
  '/EnergykWh/Reading',
  '/Reading',
  '/SensorResetTime',
  '/Status',
];
const resources = [
  '{"PowerControl":[{"MemberId":"0","PowerConsumedWatts":344,"Status":{"State":"Enabled"}},{"MemberId":"1"}]}',
  '{"PowerWatts":{"Reading":374.1,"DataSourceUri":"/redfish/v1/x","ReadingTime":"2019-01-01T00:00:00Z"},"EnergykWh":{"Reading":null}}',
  '{"Reading":325675,"Status":{"State":"Absent"},"SensorResetTime":"2026-11-24T08:00:00+08:00"}',
  ...recordings(
    '../shared/recordings/redfish/public-rackmount1/Chassis/1U/{Power,EnvironmentMetrics,Sensors/TotalPower}/index.json',
    16_384,
  ),
];
export const redfishTarget: Target = {
  name: 'redfish',
  seeds: resources,
  make: (random) => mutateJson(resources, random),
  words,
  read(bytes, random) {
    const document = parseJson(decodeText(bytes));
    const { value, wire } = redfishValue(document, random.pick(properties), random.int(2) === 0);
    assert.ok(wire.length < 800);
    return value === null ? 'no number' : null;
  },
};
