import assert from 'node:assert/strict';
import { parseAnswer } from '../../../exporter/read/prometheus/prometheus-answer.ts';
import { decodeText } from '../../../exporter/read/transport/text-answer.ts';
import { mutateJson } from '../mutate-json.ts';
import type { Target } from '../target.ts';

const MOST_SERIES = 100;
const success = (data: string, more = ''): string => `{"status":"success","data":${data}${more}}`;
const point = '[1700000000.123,"1.5"]';

const answers = [
  success(`{"resultType":"vector","result":[{"metric":{"__name__":"a","b":"c"},"value":${point}}]}`),
  success(`{"resultType":"scalar","result":${point}}`),
  success('{"resultType":"vector","result":[]}', ',"warnings":["w"],"infos":["i"],"isPartial":true'),
  success(`{"resultType":"matrix","result":[{"metric":{},"values":[${point}]}]}`),
  success(`{"resultType":"vector","result":[{"metric":{},"histogram":[1,{}]}]}`),
  '{"status":"error","errorType":"bad_data","error":"parse error"}',
  '{"status":"error","errorType":"timeout","error":"query timed out"}',
];

export const prometheusTarget: Target = {
  name: 'prometheus',
  seeds: [...answers, '<html>502 Bad Gateway</html>'],
  make: (random) => mutateJson(random.int(2) === 0 ? answers : answers.slice(0, 2), random),
  words: [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"status":',
    '"success"',
    '"error"',
    '"data":',
    '"result":',
    '"value":',
    '"metric":',
    point,
    'null',
    '1',
    '"x"',
    '"__proto__":{}',
  ],
  read(bytes, random) {
    const { samples, warnings, infos } = parseAnswer(
      decodeText(bytes),
      random.pick([200, 200, 200, 400, 503]),
      MOST_SERIES,
    );
    assert.ok(samples.length <= MOST_SERIES);
    for (const { labels, text, at } of samples) {
      assert.ok(typeof text === 'string' && Number.isFinite(at));
      for (const value of Object.values(labels)) assert.equal(typeof value, 'string');
    }
    for (const one of [...warnings, ...infos]) assert.equal(typeof one, 'string');
    return samples.length === 0 ? 'no sample' : null;
  },
};
