import { pythonWith, runPython, startPython, type PythonServer } from './python-program.ts';

/** Registers of a device, from a PDU address on, as pymodbus encodes a number or as plain words. */
export interface Held {
  readonly address: number;
  /** A suffix of pymodbus' BinaryPayloadBuilder.add_…: 64bit_int, 32bit_float */
  readonly kind: string;
  /** Little: the low word first */
  readonly words?: 'Big' | 'Little';
  /** Decimal text: JSON's numbers are doubles */
  readonly value: string;
}
type Framer = 'tcp' | 'rtu';

const framer = `
from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer
framer = {"tcp": ModbusSocketFramer, "rtu": ModbusRtuFramer}[sys.argv[1]]
`;
const server = `
import asyncio, json, sys
from pymodbus.constants import Endian
from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.payload import BinaryPayloadBuilder
from pymodbus.server.async_io import ModbusTcpServer
${framer}
holding = {}
for held in json.loads(sys.argv[2]):
    builder = BinaryPayloadBuilder(byteorder=Endian.Big, wordorder=getattr(Endian, held.get("words", "Big")))
    number = float if "float" in held["kind"] else int
    getattr(builder, "add_" + held["kind"])(number(held["value"]))
    for index, register in enumerate(builder.to_registers()):
        holding[held["address"] + index] = register
# Both tables hold the same.
device = lambda: ModbusSlaveContext(
    hr=ModbusSparseDataBlock(holding), ir=ModbusSparseDataBlock(holding), zero_mode=True)
units = ModbusServerContext(slaves={unit: device() for unit in json.loads(sys.argv[3])}, single=False)

async def main():
    tcp = ModbusTcpServer(units, framer=framer, address=("127.0.0.1", 0), ignore_missing_slaves=True)
    serving = asyncio.ensure_future(tcp.serve_forever())
    await tcp.serving
    print(tcp.server.sockets[0].getsockname()[1], flush=True)
    await serving

asyncio.run(main())
`;
const client = `
import sys
from pymodbus.client import ModbusTcpClient
${framer}
port, unit, code, address, count = map(int, sys.argv[2:])
tcp = ModbusTcpClient("127.0.0.1", port=port, framer=framer, timeout=2)
assert tcp.connect()
read = {3: tcp.read_holding_registers, 4: tcp.read_input_registers}[code]
answer = read(address, count, slave=unit)
assert not answer.isError(), answer
print("".join("%04x" % register for register in answer.registers))
tcp.close()
`;

/** pymodbus as a server and as a client; null where no Python has it whole. */
export function pymodbus() {
  const python = pythonWith('pymodbus.server.async_io');
  if (python === null) return null;
  return {
    /** A device with these registers under each of the units; any other unit is silent. */
    serve: (framing: Framer, held: readonly Held[], units: readonly number[]): Promise<PythonServer> =>
      startPython(python, {
        script: server,
        args: [framing, JSON.stringify(held, ['address', 'kind', 'words', 'value']), JSON.stringify(units)],
      }),
    /** Register bytes in hex, as pymodbus' own client reads them. */
    read: async (
      framing: Framer,
      port: number,
      ...rest: [unit: number, code: number, address: number, count: number]
    ) => (await runPython(python, { script: client, args: [framing, String(port), ...rest.map(String)] })).trim(),
  };
}
