import { ModbusTCPRequest, ModbusTCPResponse, ModbusTCPServer, requests, responses } from 'jsmodbus';
import { createServer, type Server } from 'node:net';
import { numberOf, type FaultBoard } from '../faults/board.ts';
import { words, type Quantity } from '../meters.ts';
import { readingOf, type Meter } from './reading.ts';

/** Exception codes of the Modbus application protocol V1.1b3, section 7. */
const illegalFunction = 1;
const illegalAddress = 2;
const illegalValue = 3;
const gatewayTargetSilent = 11;
/** Most registers that one request may ask for (the same document, 6.3 and 6.4). */
const mostRegisters = 125;

type Answer = InstanceType<typeof responses.ModbusResponseBody>;

/** A Modbus TCP gateway and the meters behind it, each under its unit id. It does not listen yet. */
export function gatewayOf(meters: readonly Meter[], board: FaultBoard, now: () => number): Server {
  const tcp = createServer();
  // Without register buffers of its own, the library hands each request on.
  const modbus = new ModbusTCPServer(tcp, {
    coils: undefined,
    discrete: undefined,
    holding: undefined,
    input: undefined,
  });
  const handle = (request: unknown, send: (frame: Buffer) => void) => {
    if (!(request instanceof ModbusTCPRequest)) return;
    const meter = meters.find(({ unit }) => unit === request.unitId);
    const faults = meter ? board.active(meter.id) : [];
    if (faults.some(({ kind }) => kind === 'silent')) return;
    const reply = () => {
      const answer = meter ? answerOf(meter, request, board, now()) : exception(request, gatewayTargetSilent);
      send(ModbusTCPResponse.fromRequest(request, answer).createPayload());
    };
    const slow = faults.find(({ kind }) => kind === 'slow');
    if (slow) setTimeout(reply, numberOf(slow, 'ms', 0)).unref();
    else reply();
  };
  modbus.on('readHoldingRegisters', handle);
  modbus.on('readInputRegisters', handle);
  modbus.on('readCoils', handle);
  modbus.on('readDiscreteInputs', handle);
  modbus.on('writeSingleCoil', handle);
  modbus.on('writeSingleRegister', handle);
  modbus.on('writeMultipleCoils', handle);
  modbus.on('writeMultipleRegisters', handle);
  return tcp;
}

const exception = ({ body }: ModbusTCPRequest, code: 1 | 2 | 3 | 11): Answer =>
  new responses.ExceptionResponseBody(body.fc, code);

function answerOf(meter: Meter, request: ModbusTCPRequest, board: FaultBoard, at: number): Answer {
  const { model, id } = meter;
  const { body } = request;
  const reads =
    body instanceof requests.ReadHoldingRegistersRequestBody || body instanceof requests.ReadInputRegistersRequestBody;
  if (!reads || !model.functions.includes(body.fc)) return exception(request, illegalFunction);
  const { start, count } = body;
  if (count < 1 || count > mostRegisters) return exception(request, illegalValue);
  if (!model.blocks.some(([first, last]) => start >= first && start + count - 1 <= last))
    return exception(request, illegalAddress);

  const reading = readingOf(meter, board.of(id), at);
  const active = board.active(id);
  const registers = Array.from({ length: count }, () => 0);
  const put = (name: 'energy' | 'power', { address, format }: Quantity) => {
    const own = words(format, reading[name]);
    if (active.some(({ kind }) => kind === 'wrong_word_order')) own.reverse();
    const asked = [...own.entries()].filter(([index]) => address + index >= start && address + index < start + count);
    for (const [index, word] of asked) registers[address + index - start] = word;
    if (asked.length > 0) for (const fault of active) if (fault.options['register'] === name) board.spent(fault, at);
  };
  put('energy', model.energy);
  put('power', model.power);
  const Body =
    body instanceof requests.ReadHoldingRegistersRequestBody
      ? responses.ReadHoldingRegistersResponseBody
      : responses.ReadInputRegistersResponseBody;
  return new Body(2 * count, registers);
}
