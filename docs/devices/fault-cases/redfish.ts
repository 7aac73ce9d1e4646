import { redfishMeter } from '../../../exporter/read/redfish/redfish-meter.ts';
import type { ProtocolFaults } from './fault.ts';
import type { HttpFault } from './http-faults.ts';
import { httpMeterFaults } from './http-meters.ts';
import { says } from './http-server.ts';

const reading = (rest: object): string => JSON.stringify({ PowerWatts: rest });

const own: readonly HttpFault[] = [
  {
    name: { zh: '没有空闲会话', en: 'no session is left' },
    todo: {
      zh: '等半小时让旧会话过期，或在 BMC 上清除；或去掉 `session: true`',
      en: 'Wait half an hour for old ones to expire, or clear them at the BMC; or leave `session: true` out',
    },
    serve: says('', 503),
    auth: true,
    source: { session: true },
  },
  {
    name: { zh: '格式不对：一个网页', en: 'wrong format: a web page' },
    todo: {
      zh: '打开 BMC 的 Redfish 服务，核对 `url`',
      en: 'Switch the Redfish service of the BMC on, check `url`',
    },
    serve: says('<html><body>Login</body></html>'),
  },
  {
    name: { zh: '部分应答：没有这个属性', en: 'a partial answer: no such property' },
    todo: {
      zh: '按错误列出的名字改 `property`；固件不同，资源也不同',
      en: 'Change `property` after the names that the error lists; firmware differs',
    },
    serve: says('{"@odata.id":"/redfish/v1/Chassis/1U/EnvironmentMetrics","FanSpeedsPercent":[]}'),
  },
  {
    name: { zh: '数值为 null', en: 'the value is null' },
    todo: { zh: '主机关机时许多 BMC 如此', en: 'So do many BMCs while the host is off' },
    serve: says(reading({ Reading: null })),
  },
  {
    name: { zh: '传感器不在（Absent）', en: 'the sensor is Absent' },
    todo: {
      zh: '电源或传感器已拔出：不采信它留下的数',
      en: 'A supply or sensor was taken out: the figure that it left is not used',
    },
    serve: says(reading({ Status: { State: 'Absent' }, Reading: 344 })),
  },
  {
    name: { zh: '时间戳过旧', en: 'a stale timestamp' },
    todo: {
      zh: 'BMC 不再读传感器：重启 BMC。只是时钟错：`timestamps: ignore`',
      en: 'The BMC no longer reads its sensor: restart it. If only its clock is wrong: `timestamps: ignore`',
    },
    serve: says(reading({ Reading: 344, ReadingTime: '2026-11-30T01:00:00Z' })),
  },
];

export const redfishFaults: ProtocolFaults = {
  title: { zh: 'Redfish（BMC、PDU）', en: 'Redfish (BMC, PDU)' },
  page: 'redfish',
  address: '10.1.5.7:80',
  faults: httpMeterFaults(
    {
      open: redfishMeter,
      source: (url) => ({ protocol: 'redfish', url }),
      registers: {
        power: {
          resource: '/redfish/v1/Chassis/1U/EnvironmentMetrics',
          property: '/PowerWatts/Reading',
          scale_to_w: 1,
        },
      },
    },
    own,
  ),
};
