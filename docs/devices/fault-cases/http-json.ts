import { jsonMeter } from '../../../exporter/read/json/json-meter.ts';
import type { ProtocolFaults } from './fault.ts';
import type { HttpFault } from './http-faults.ts';
import { httpMeterFaults } from './http-meters.ts';
import { says } from './http-server.ts';

const GOOD = '"updated":"2026-11-30T10:00:00+08:00"';

const own: readonly HttpFault[] = [
  {
    name: { zh: '格式不对：一个网页', en: 'wrong format: a web page' },
    todo: { zh: '核对路径与登录', en: 'Check the path and the login' },
    serve: says('<html><body>Login</body></html>'),
  },
  {
    name: { zh: '部分应答：没有这个名字', en: 'a partial answer: no such name' },
    todo: {
      zh: '按错误列出的名字改 `pointer`；接口升级会改名',
      en: 'Change `pointer` after the names that the error lists; new versions of an API rename',
    },
    serve: says(`{${GOOD},"meters":[{"kWh":1}]}`),
  },
  {
    name: { zh: '表不在列表里', en: 'the list does not hold the meter' },
    todo: {
      zh: '后面的表离线，或列表重排：用按编号取值的接口',
      en: 'It is offline, or the list was sorted anew: take an API that answers one meter by its id',
    },
    serve: says(`{${GOOD},"meters":[]}`),
  },
  {
    name: { zh: '错误应答：对象而不是数', en: 'an error object instead of a number' },
    todo: { zh: '看对象里的错误说明', en: 'Read what the object says' },
    serve: says(`{${GOOD},"meters":[{"kw":{"error":"offline"}}]}`),
  },
  {
    name: { zh: '数值为 null 或 N/A', en: 'the value is null or N/A' },
    todo: { zh: '系统没有读数：查它后面的表', en: 'The system has no reading: look at the meter behind it' },
    serve: says(`{${GOOD},"meters":[{"kw":null}]}`),
  },
  {
    name: { zh: '时间戳过旧', en: 'a stale timestamp' },
    todo: {
      zh: '系统在重复旧值：查它后面的表',
      en: 'The system repeats an old value: look at the meter behind it',
    },
    serve: says('{"updated":"2026-11-30T09:00:00+08:00","meters":[{"kw":1}]}'),
  },
  {
    name: { zh: '时间没有时区', en: 'a time without a zone' },
    todo: {
      zh: '让接口写出时区；不行就去掉 `time`',
      en: 'Have the API write the zone; else leave `time` out',
    },
    serve: says('{"updated":"2026-11-30 10:00:00","meters":[{"kw":1}]}'),
  },
];

export const jsonFaults: ProtocolFaults = {
  title: { zh: 'JSON（HTTP）', en: 'JSON (HTTP)' },
  page: 'http-json',
  address: '10.1.4.2:8080',
  faults: httpMeterFaults(
    {
      open: jsonMeter,
      source: (url) => ({ protocol: 'http-json', url: `${url}/api/v2/meters` }),
      registers: { power: { pointer: '/meters/0/kw', time: '/updated', scale_to_w: 1000 } },
    },
    own,
  ),
};
