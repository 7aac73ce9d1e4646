import { modbusMeter } from '../../../exporter/read/modbus/modbus-meter.ts';
import type { Text } from '../../../model/text.ts';
import {
  adu,
  answer,
  rtuFrame,
  scriptedRtuServer,
  scriptedServer,
  type Asked,
} from '../../../test/exporter/read/modbus-server.ts';
import { meterOf, patience, seenOf, type ProtocolFaults } from './fault.ts';
import { closedPort } from './http-server.ts';

interface ModbusFault {
  readonly name: Text;
  readonly todo: Text;
  /** null: nobody listens */
  readonly serve: ((asked: Asked) => void) | null;
  readonly framing?: 'rtu';
  /** true: nothing that the reader takes for an answer comes */
  readonly silent?: true;
}

const exception = (code: number) => (asked: Asked) =>
  void asked.socket.write(adu(asked, [asked.function + 0x80, code]));
const NAN = [0x7f, 0xc0, 0, 0];

const cases: readonly ModbusFault[] = [
  {
    name: { zh: '没有应答', en: 'no answer' },
    todo: {
      zh: '核对单元号，设备是否通电。同一网关的其他单元有应答：是这台设备或它的线路',
      en: 'Is the unit id right, is the device powered? Other units of the gateway answer: it is this one or its line',
    },
    serve: () => {},
    silent: true,
  },
  {
    name: { zh: '连接被拒绝', en: 'the connection is refused' },
    todo: {
      zh: '端口不对，或网关的连接已用尽：关掉其他主站',
      en: 'Wrong port, or the gateway has no connection left: close other masters',
    },
    serve: null,
  },
  {
    name: {
      zh: '连上即断（Modbus 没有口令：网关的访问名单就是这样）',
      en: 'closed at once (Modbus has no password: this is how an access list looks)',
    },
    todo: {
      zh: '把本机地址加入网关的允许名单；或网关正在重启',
      en: "Put this host on the gateway's list of those allowed; or it is restarting",
    },
    serve: ({ socket }) => void socket.end(),
  },
  {
    name: { zh: '异常 1', en: 'exception 1' },
    todo: {
      zh: '设备用的是另一个功能码：`function` 在 3 与 4 之间换',
      en: 'The device has the other function: change `function` between 3 and 4',
    },
    serve: exception(1),
  },
  {
    name: { zh: '异常 2', en: 'exception 2' },
    todo: {
      zh: '没有这个寄存器：地址差一，或是另一型号的表',
      en: "No such register: off by one, or another model's table",
    },
    serve: exception(2),
  },
  {
    name: { zh: '异常 4', en: 'exception 4' },
    todo: {
      zh: '设备自身故障：看它的面板；下个周期再试',
      en: 'The device itself: look at its display; it is tried again at the next interval',
    },
    serve: exception(4),
  },
  {
    name: { zh: '异常 6', en: 'exception 6' },
    todo: {
      zh: '主站太多或太频：放慢 `every`',
      en: 'Too many masters, or too often: raise `every`',
    },
    serve: exception(6),
  },
  {
    name: { zh: '异常 11', en: 'exception 11' },
    todo: {
      zh: '网关在，它后面的单元不在：查 RS-485 线与单元号',
      en: 'The gateway is there, the unit behind it is not: check the RS-485 line and the unit id',
    },
    serve: exception(11),
  },
  {
    name: { zh: '另一个单元应答', en: 'another unit answers' },
    todo: {
      zh: '一条线上有两个主站，或两台设备同号',
      en: 'Two masters on one line, or two devices with one unit id',
    },
    serve: (asked) => void asked.socket.write(answer({ ...asked, unit: asked.unit + 1 })),
  },
  {
    name: { zh: '空的应答', en: 'an empty answer' },
    todo: {
      zh: '设备不完整地实现了 Modbus：换型号的表，或更新固件',
      en: "The device does not keep to Modbus: another model's table, or newer firmware",
    },
    serve: (asked) => void asked.socket.write(adu(asked, [asked.function, 0])),
  },
  {
    name: { zh: '只答了一部分寄存器', en: 'only some of the registers' },
    todo: { zh: '核对 `type`：设备的数值也许只有 16 位', en: 'Check `type`: the value may have 16 bits' },
    serve: (asked) => void asked.socket.write(adu(asked, [asked.function, 2, 0, 1])),
  },
  {
    name: { zh: '应答过大', en: 'too large an answer' },
    todo: { zh: '这不是 Modbus TCP：核对端口', en: 'This is no Modbus TCP: check the port' },
    serve: (asked) => void asked.socket.write(adu(asked, [asked.function, 8], { length: 9000 })),
  },
  {
    name: { zh: '应答中途断开', en: 'the answer is cut in the middle' },
    todo: {
      zh: '网络，或网关重启。半个应答不采信',
      en: 'The network, or a gateway that restarts. Half an answer is not used',
    },
    serve: (asked) => void asked.socket.end(answer(asked).subarray(0, 9)),
  },
  {
    name: { zh: '格式不对：另一种服务', en: 'wrong format: another service' },
    todo: { zh: '核对端口；网页服务不是 Modbus', en: 'Check the port: a web server is no Modbus' },
    serve: ({ socket }) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
  },
  {
    name: { zh: '格式不对：RTU 帧', en: 'wrong format: RTU frames' },
    todo: { zh: '声明 `framing: rtu`', en: 'Declare `framing: rtu`' },
    serve: (asked) => void asked.socket.write(rtuFrame(asked.unit, [asked.function, 4, 0, 1, 0, 2])),
  },
  {
    name: { zh: '声明了 RTU，来的是 Modbus TCP', en: 'RTU is declared, Modbus TCP comes' },
    todo: { zh: '去掉 `framing`', en: 'Leave `framing` out' },
    serve: (asked) => void asked.socket.write(answer({ ...asked, transaction: 1 })),
    framing: 'rtu',
  },
  {
    name: { zh: '数值是 NaN', en: 'the value is NaN' },
    todo: {
      zh: '设备没有这个读数；若一直如此，核对字节顺序 `order`',
      en: 'The device has no reading; if it is always so, check `order`',
    },
    serve: (asked) => void asked.socket.write(adu(asked, [asked.function, 4, ...NAN])),
  },
];

export const modbusFaults: ProtocolFaults = {
  title: { zh: 'Modbus TCP，RTU over TCP', en: 'Modbus TCP, RTU over TCP' },
  page: 'modbus',
  address: '10.1.2.3:502',
  faults: cases.map(({ name, todo, serve, framing, silent }) => ({
    name,
    todo,
    async play() {
      const registers = { power: { function: 3, address: 3059, type: 'float32', scale_to_w: 1000 } };
      const seen = (address: string) =>
        seenOf(
          meterOf({ protocol: 'modbus-tcp', address, unit: 7, framing, ...patience(silent) }, registers),
          modbusMeter,
        );
      if (serve === null) return seen(`127.0.0.1:${await closedPort()}`);
      // an RTU request has no transaction; the device that speaks TCP gives one all the same
      await using server = await (framing === 'rtu'
        ? scriptedRtuServer((asked) => serve({ ...asked, transaction: 1 }))
        : scriptedServer(serve));
      return await seen(server.address);
    },
  })),
};
