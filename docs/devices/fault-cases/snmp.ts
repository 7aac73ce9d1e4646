import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Gateways } from '../../../exporter/read/gateways.ts';
import { snmpDevice } from '../../../exporter/read/snmp/snmp-device.ts';
import { snmpMeter } from '../../../exporter/read/snmp/snmp-meter.ts';
import { snmpWalk } from '../../../exporter/read/snmp/snmp-walk.ts';
import { snmpSource } from '../../../model/schema/sources.ts';
import type { Text } from '../../../model/text.ts';
import {
  answer,
  integer,
  noSuchInstance,
  noSuchObject,
  scriptedAgent,
  text,
  type Asked,
} from '../../../test/exporter/read/snmp-agent.ts';
import { failureOf, meterOf, never, patience, seenOf, type ProtocolFaults, type Seen } from './fault.ts';
import { snmpV3Faults } from './snmp-v3.ts';

interface AgentFault {
  readonly name: Text;
  readonly todo: Text;
  /** null: nobody listens */
  readonly serve: ((asked: Asked) => Buffer | undefined | void) | null;
  /** true: seen where somebody walks the device, not where a meter is read */
  readonly walk?: true;
  /** true: nothing that the reader takes for an answer comes */
  readonly silent?: true;
}

const TABLE = '1.3.6.1.4.1.318.1.1.26.4.3.1';
const ENERGY = `${TABLE}.9.1`;
const DIGITS = '1.3.6.1.4.1.13742.6.3.3.4.1.7.1.1.8';
const values = (asked: Asked, value: Buffer): Buffer =>
  answer(
    asked,
    asked.oids.map((oid) => [oid, oid === DIGITS ? integer(0) : value]),
  );

const cases: readonly AgentFault[] = [
  {
    name: { zh: '没有应答，或团体名错误', en: 'no answer, or a wrong community' },
    todo: {
      zh: '设备不回答错误的团体名，两者看起来一样：核对 `community_file`，在同一台主机上试 `snmpget`',
      en: 'A wrong community is not answered, both look alike: check `community_file`, try `snmpget` from the same host',
    },
    serve: () => {},
    silent: true,
  },
  {
    name: { zh: '端口上没有服务', en: 'nothing listens' },
    todo: { zh: '在设备上打开 SNMP，核对端口', en: 'Switch SNMP on at the device, check the port' },
    serve: null,
  },
  {
    name: { zh: '没有此对象', en: 'no such object' },
    todo: {
      zh: '型号或固件不同：用 `snmpwalk` 找',
      en: 'Another model or firmware: look for it with `snmpwalk`',
    },
    serve: (asked) => values(asked, noSuchObject),
  },
  {
    name: { zh: '部分应答：只缺一个 OID 的实例', en: 'a partial answer: one OID has no such instance' },
    todo: {
      zh: '索引变了，或没写全（`….9` 而不是 `….9.1`）；缺一个就整次不采信',
      en: 'The index moved, or is not there (`….9` for `….9.1`). With one missing the whole reading is refused',
    },
    serve: (asked) =>
      answer(
        asked,
        asked.oids.map((oid) => [oid, oid === ENERGY ? noSuchInstance : integer(1)]),
      ),
  },
  {
    name: { zh: '无权读取这一部分', en: 'no right to this part' },
    todo: { zh: '在设备上放宽该团体名或用户的视图', en: 'Widen the view of the community or user at the device' },
    serve: (asked) => answer(asked, [], { status: 16 }),
  },
  {
    name: { zh: '设备读取失败', en: 'the device fails to read it' },
    todo: { zh: '重启网卡；更新固件', en: 'Restart the card; newer firmware' },
    serve: (asked) => answer(asked, [], { status: 5 }),
  },
  {
    name: { zh: '空的应答', en: 'an empty answer' },
    todo: { zh: '设备有毛病：更新固件', en: 'The device is faulty: newer firmware' },
    serve: (asked) => answer(asked, []),
  },
  {
    name: { zh: '应答过大', en: 'too large an answer' },
    todo: {
      zh: '多个 OID 会自动拆分；单个也放不下：设备有毛病',
      en: 'Several OIDs are split by themselves; one alone that does not fit is a fault of the device',
    },
    serve: (asked) => answer(asked, [], { status: 1 }),
  },
  {
    name: { zh: '应答被截断', en: 'the answer is cut in the middle' },
    todo: {
      zh: '路上的 MTU 或防火墙截断了 UDP；半个应答不采信',
      en: 'An MTU or firewall on the way cuts UDP. Half an answer is not used',
    },
    serve: (asked) => values(asked, integer(123_456)).subarray(0, -6),
    silent: true,
  },
  {
    name: { zh: '格式不对：版本不同', en: 'wrong format: another version' },
    todo: { zh: '核对 `version`', en: 'Check `version`' },
    serve: (asked) =>
      answer(
        asked,
        asked.oids.map((oid) => [oid, integer(1)]),
        { version: 0 },
      ),
  },
  {
    name: { zh: '应答的是别的 OID', en: 'an answer about other OIDs' },
    todo: { zh: '设备有毛病，或中间有代理', en: 'A faulty device, or a proxy in between' },
    serve: (asked) =>
      answer(
        asked,
        asked.oids.map((oid) => [`${oid}.7`, integer(1)]),
      ),
  },
  {
    name: { zh: '小数位数不是数', en: 'decimal digits that are none' },
    todo: { zh: '`digits_oid` 指向了别的东西', en: '`digits_oid` points at something else' },
    serve: (asked) =>
      answer(
        asked,
        asked.oids.map((oid) => [oid, integer(99)]),
      ),
  },
  {
    name: { zh: '文本不是数', en: 'a text that is no number' },
    todo: {
      zh: '核对 OID：读数缺失时许多设备写 N/A',
      en: 'Check the OID; many devices write N/A where they have no reading',
    },
    serve: (asked) => values(asked, text('N/A')),
  },
  {
    name: { zh: '占位值 -1', en: 'the placeholder -1' },
    todo: {
      zh: '该型号不测这一项：换型号支持的 OID',
      en: 'This model does not measure it: take an OID that it has',
    },
    serve: (asked) => values(asked, integer(-1)),
  },
  {
    name: { zh: '遍历时 OID 不递增', en: 'on a walk the OIDs do not increase' },
    todo: {
      zh: '代理有毛病，遍历永远不会结束：直接声明所需的 OID，它们用 GET 读取',
      en: 'A faulty agent, whose walk would never end: declare the OIDs themselves, they are read by GET',
    },
    serve: (asked) =>
      answer(asked, [
        [ENERGY, integer(1)],
        [`${TABLE}.5.1`, integer(1)],
      ]),
    walk: true,
  },
];

async function walked(address: string): Promise<Seen> {
  const source = snmpSource.parse({ protocol: 'snmp', version: '2c', address, retries: 0 });
  const gateways = new Gateways();
  try {
    const rows = snmpWalk(snmpDevice(source, gateways), TABLE, { patience: source, signal: never });
    return await failureOf(Array.fromAsync(rows));
  } finally {
    await gateways.close();
  }
}

/** A UDP port of loopback that nobody listens on. */
async function closedUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

export const snmpFaults: ProtocolFaults = {
  title: { zh: 'SNMP', en: 'SNMP' },
  page: 'snmp',
  address: '10.1.6.21:161',
  faults: [
    ...cases.map(({ name, todo, serve, walk, silent }) => ({
      name,
      todo,
      async play() {
        const registers = {
          energy: { oid: ENERGY, digits_oid: DIGITS, scale_to_wh: 100, modulus: 'none', sentinels: [-1] },
        };
        const seen = (address: string) =>
          walk
            ? walked(address)
            : seenOf(
                meterOf({ protocol: 'snmp', version: '2c', address, retries: 0, ...patience(silent) }, registers),
                snmpMeter,
              );
        if (serve === null) return seen(`127.0.0.1:${await closedUdpPort()}`);
        await using agent = await scriptedAgent(serve);
        return await seen(agent.address);
      },
    })),
    ...snmpV3Faults,
  ],
};
