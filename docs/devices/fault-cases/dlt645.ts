import { dlt645Meter } from '../../../exporter/read/dlt645/dlt645-meter.ts';
import type { Text } from '../../../model/text.ts';
import { answer, frame, lastFirst, scriptedLine, type Asked } from '../../../test/exporter/read/dlt645-server.ts';
import { meterOf, patience, seenOf, type ProtocolFaults } from './fault.ts';
import { closedPort } from './http-server.ts';

interface LineFault {
  readonly name: Text;
  readonly todo: Text;
  /** null: nobody listens */
  readonly serve: ((asked: Asked) => void) | null;
  /** true: nothing that the reader takes for an answer comes */
  readonly silent?: true;
}

/** The standard's abnormal answer: D1H and an error word. */
const refuses = (word: number) => (asked: Asked) => void asked.socket.write(frame(asked.meter, 0xd1, [word]));

const cases: readonly LineFault[] = [
  {
    name: { zh: '没有应答', en: 'no answer' },
    todo: {
      zh: '核对表号（12 位，见铭牌）、串口速率（多为 2400 偶校验）、A/B 线',
      en: 'Check the 12 digits on the plate, the speed of the line (mostly 2400, even parity), wires A and B',
    },
    serve: () => {},
    silent: true,
  },
  {
    name: { zh: '连接被拒绝', en: 'the connection is refused' },
    todo: {
      zh: '端口不对，或串口服务器只许一个连接，而它被占用',
      en: 'Wrong port, or the converter takes one connection and somebody has it',
    },
    serve: null,
  },
  {
    name: { zh: '表说没有此数据', en: 'the meter has no such data' },
    todo: { zh: '核对数据标识：该型号没有它', en: 'Check the identifier: this model does not have it' },
    serve: refuses(0x02),
  },
  {
    name: { zh: '表说口令错或未授权', en: 'the meter says: wrong password or no right' },
    todo: {
      zh: '读数据不需要口令：该标识被表限制，换一个标识或问厂家',
      en: 'Reading needs no password: the meter restricts this item; take another one, or ask the maker',
    },
    serve: refuses(0x04),
  },
  {
    name: { zh: '校验和错误', en: 'a wrong checksum' },
    todo: {
      zh: '坏帧不采信，于是等于没有应答：查干扰、终端电阻、两个主站',
      en: 'A damaged frame is not used, so that it is silence: noise, termination, two masters',
    },
    serve: (asked) =>
      void asked.socket.write(frame(asked.meter, 0x91, [...lastFirst(asked.identifier), 0, 0, 0, 0], { checksum: 0 })),
    silent: true,
  },
  {
    name: { zh: '另一块表应答', en: 'another meter answers' },
    todo: {
      zh: '核对 `meter` 的 12 位；线上有别的主站在问',
      en: "Check the 12 digits of `meter`; or another master's question is answered",
    },
    serve: (asked) => void asked.socket.write(answer({ ...asked, meter: '000000000042' }, '00000000')),
    silent: true,
  },
  {
    name: { zh: '数据项为空', en: 'an empty item' },
    todo: {
      zh: '用 `bytes`、`decimals` 声明该表的长度，或换标识',
      en: 'Declare `bytes` and `decimals` as this meter has them, or take another identifier',
    },
    serve: (asked) => void asked.socket.write(answer(asked, '')),
  },
  {
    name: { zh: '长度不对', en: 'an item of another length' },
    todo: {
      zh: '用 `bytes`、`decimals` 声明该表的长度',
      en: 'Declare `bytes` and `decimals` as this meter has them',
    },
    serve: (asked) => void asked.socket.write(answer(asked, '1234')),
  },
  {
    name: { zh: '分多帧的数据块', en: 'a block of several frames' },
    todo: { zh: '逐项声明标识', en: 'Declare its items one by one' },
    serve: (asked) => void asked.socket.write(frame(asked.meter, 0xb1, [...lastFirst(asked.identifier), 1, 2, 3, 4])),
  },
  {
    name: { zh: '应答过大：不停的杂音', en: 'too large: noise without end' },
    todo: {
      zh: '这不是 DL/T 645 线：核对端口与速率',
      en: 'This is no line of DL/T 645: check the port and the speed',
    },
    serve: ({ socket }) => void socket.write(Buffer.alloc(5000, 0x55)),
  },
  {
    name: { zh: '应答中途断开', en: 'the answer is cut in the middle' },
    todo: {
      zh: '网络，或串口服务器重启。半个应答不采信',
      en: 'The network, or a converter that restarts. Half an answer is not used',
    },
    serve: (asked) => void asked.socket.end(answer(asked, '00001234').subarray(0, 12)),
  },
  {
    name: { zh: '不是数字', en: 'digits that are none' },
    todo: {
      zh: '该项不是 BCD 数：换标识，或问厂家',
      en: 'The item is no BCD number: take another identifier, or ask the maker',
    },
    serve: (asked) => void asked.socket.write(answer(asked, 'FFFFFF')),
  },
];

export const dlt645Faults: ProtocolFaults = {
  title: { zh: 'DL/T 645-2007', en: 'DL/T 645-2007' },
  page: 'dlt645',
  address: '10.1.2.9:4001',
  faults: cases.map(({ name, todo, serve, silent }) => ({
    name,
    todo,
    async play() {
      const registers = { power: { identifier: '02030000', scale_to_w: 1000 } };
      const seen = (address: string) =>
        seenOf(
          meterOf({ protocol: 'dlt645', address, meter: '220712340001', ...patience(silent) }, registers),
          dlt645Meter,
        );
      if (serve === null) return seen(`127.0.0.1:${await closedPort()}`);
      await using line = await scriptedLine(serve);
      return await seen(line.address);
    },
  })),
};
