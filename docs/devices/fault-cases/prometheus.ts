import { prometheusMeter } from '../../../exporter/read/prometheus/prometheus-meter.ts';
import { NOW, type ProtocolFaults } from './fault.ts';
import type { HttpFault } from './http-faults.ts';
import { httpMeterFaults } from './http-meters.ts';
import { says } from './http-server.ts';

const error = (errorType: string, words: string, status: number) =>
  says(JSON.stringify({ status: 'error', errorType, error: words }), status);
const vector = (result: readonly object[], rest: object = {}) =>
  says(JSON.stringify({ status: 'success', data: { resultType: 'vector', result }, ...rest }));
const sample = (labels: object, value: string) => ({ metric: labels, value: [NOW / 1000, value] });

/** Words of errors and warnings are those of Prometheus and Thanos themselves. */
const own: readonly HttpFault[] = [
  {
    name: { zh: '错误应答：PromQL 写错', en: 'an error: PromQL that is wrong' },
    todo: { zh: '在 Prometheus 页面上试 `query`', en: "Try `query` on Prometheus' own page" },
    serve: error('bad_data', 'invalid parameter "query": 1:8: parse error: unclosed left parenthesis', 400),
  },
  {
    name: { zh: '服务器超时', en: 'the server gives up' },
    todo: {
      zh: '查询太重：写成录制规则再查它',
      en: 'Too heavy a query: make it a recording rule and ask for that',
    },
    serve: error('timeout', 'query timed out in expression evaluation', 503),
  },
  {
    name: { zh: '应答过大：样本太多', en: 'too large: too many samples' },
    todo: {
      zh: '用 `matchers` 缩小，或资源池声明 `aggregate: true`',
      en: 'Narrow it by `matchers`, or declare `aggregate: true` for the pool',
    },
    serve: error('execution', 'query processing would load too many samples into memory in query execution', 422),
  },
  {
    name: { zh: '部分应答：带警告', en: 'a partial answer: with warnings' },
    todo: {
      zh: 'Thanos 少了一个存储：和会偏小，所以整次不采信。查那个存储',
      en: 'Thanos lacks a store: sums would be too small, so all is refused. Look at that store',
    },
    serve: vector([sample({}, '1')], {
      warnings: ['No StoreAPIs matched for this query'],
    }),
  },
  {
    name: { zh: 'VictoriaMetrics 的部分应答', en: 'a partial answer of VictoriaMetrics' },
    todo: { zh: '一个 vmstorage 不在：查它', en: 'A vmstorage is not there: look at it' },
    serve: vector([sample({}, '1')], { isPartial: true }),
  },
  {
    name: {
      zh: '没有样本（5 分钟以前的旧样本也是这样）',
      en: 'no sample (a sample older than 5 minutes looks like this too)',
    },
    todo: {
      zh: '指标改名，或目标已 5 分钟没有被抓取：看 Prometheus 的 Targets 页',
      en: "The metric was renamed, or its target was not scraped for 5 minutes: look at Prometheus' page of targets",
    },
    serve: vector([]),
  },
  {
    name: { zh: '多个样本', en: 'several samples' },
    todo: { zh: '在 `query` 里写标签，或求和', en: 'Name labels in `query`, or sum' },
    serve: vector([sample({ meter: 'gate-1' }, '1'), sample({ meter: 'gate-2' }, '2')]),
  },
  {
    name: { zh: '数值是 NaN', en: 'the value is NaN' },
    todo: {
      zh: '源头没有读数：查被抓取的导出器',
      en: 'Its source has no reading: look at the exporter that is scraped',
    },
    serve: vector([sample({}, 'NaN')]),
  },
  {
    name: { zh: '时间戳过旧', en: 'a stale timestamp' },
    todo: {
      zh: '服务器按旧时刻求值：对时，或前面有缓存',
      en: 'The server evaluates at an old instant: set the clocks, or a cache stands before it',
    },
    serve: vector([{ metric: {}, value: [NOW / 1000 - 3600, '1'] }]),
  },
  {
    name: { zh: '格式不对：一个网页', en: 'wrong format: a web page' },
    todo: {
      zh: '`url` 是服务器本身，不带 /api/v1；登录页也是网页',
      en: '`url` is the server itself, without /api/v1; a login is a page too',
    },
    serve: says('<html><body>Login</body></html>'),
  },
];

export const prometheusFaults: ProtocolFaults = {
  title: { zh: 'Prometheus、Thanos、Mimir、VictoriaMetrics', en: 'Prometheus, Thanos, Mimir, VictoriaMetrics' },
  page: 'prometheus',
  address: '10.1.0.20:9090',
  faults: httpMeterFaults(
    {
      open: (meter, gateways) => prometheusMeter(meter, gateways, () => NOW),
      source: (url) => ({ protocol: 'prometheus', url }),
      registers: { power: { query: 'sum(gate_power_watts)', scale_to_w: 1 } },
    },
    own,
  ),
};
