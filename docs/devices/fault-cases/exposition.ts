import { expositionMeter } from '../../../exporter/read/exposition/exposition-meter.ts';
import { NOW, type ProtocolFaults } from './fault.ts';
import type { HttpFault } from './http-faults.ts';
import { httpMeterFaults } from './http-meters.ts';
import { says } from './http-server.ts';

const HOUR = 3_600_000;

const own: readonly HttpFault[] = [
  {
    name: { zh: '格式不对：一个网页', en: 'wrong format: a web page' },
    todo: {
      zh: '核对路径，多为 `/metrics`；登录页也是网页',
      en: 'Check the path, mostly `/metrics`; a login is a page too',
    },
    serve: says('<html><body>Login</body></html>\n'),
  },
  {
    name: { zh: '最后一行不完整', en: 'the last line is not whole' },
    todo: {
      zh: '数字可能少了几位，整个文本不采信：查写文本的程序',
      en: 'Digits may be missing, so that the text is refused: look at the program that writes it',
    },
    serve: (_, response) => {
      response.useChunkedEncodingByDefault = false;
      response.writeHead(200, { connection: 'close' }).end('power_watts 12');
    },
  },
  {
    name: { zh: '没有此指标', en: 'no such metric' },
    todo: {
      zh: '用 `greenflops probe` 看文本里有什么；导出器升级会改名',
      en: 'Look with `greenflops probe` at what is there; new versions of exporters rename',
    },
    serve: says('other_watts 1\n'),
  },
  {
    name: { zh: '部分应答：此标签的样本没有了', en: 'a partial answer: no sample with these labels any more' },
    todo: {
      zh: '导出器读不到它后面的设备：查那台设备',
      en: 'The exporter does not reach the device behind it: look there',
    },
    serve: says('power_watts{meter="gate-2"} 1\n'),
  },
  {
    name: { zh: '多个样本', en: 'several samples' },
    todo: { zh: '声明更多 `labels`，直到只剩一个', en: 'Declare more `labels`, until one is left' },
    serve: says('power_watts{meter="gate-1",phase="a"} 1\npower_watts{meter="gate-1",phase="b"} 2\n'),
  },
  {
    name: { zh: '时间戳过旧', en: 'a stale timestamp' },
    todo: {
      zh: '导出器在重复旧值：查它后面的设备。只有时钟错时才声明 `timestamps: ignore`',
      en: 'The exporter repeats an old value: look at the device behind it. `timestamps: ignore` only where the clock is wrong',
    },
    serve: says(`power_watts{meter="gate-1"} 1 ${NOW - HOUR}\n`),
  },
  {
    name: { zh: '时间戳在未来', en: 'a timestamp in the future' },
    todo: { zh: '对时（NTP）', en: 'Set the clocks (NTP)' },
    serve: says(`power_watts{meter="gate-1"} 1 ${NOW + HOUR}\n`),
  },
  {
    name: { zh: '数值是 NaN', en: 'the value is NaN' },
    todo: {
      zh: '导出器没有读数：查它后面的设备',
      en: 'The exporter has no reading: look at the device behind it',
    },
    serve: says('power_watts{meter="gate-1"} NaN\n'),
  },
];

export const expositionFaults: ProtocolFaults = {
  title: { zh: 'Prometheus 文本（导出器）', en: 'Prometheus text (exporters)' },
  page: 'other-exporters',
  address: '10.1.3.8:9100',
  faults: httpMeterFaults(
    {
      open: expositionMeter,
      source: (url) => ({ protocol: 'exposition', url: `${url}/metrics` }),
      registers: { power: { metric: 'power_watts', labels: { meter: 'gate-1' }, scale_to_w: 1 } },
    },
    own,
  ),
};
