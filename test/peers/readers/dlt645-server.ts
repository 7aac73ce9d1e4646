import { pythonPackages, runPython, startPython, type PythonServer } from './python-program.ts';

/** Data identifiers in hex, and the values that the meter holds, as decimal text. */
export type Items = Readonly<Record<string, string>>;

const server = `
import json, sys, threading
from dlt645 import MeterServerService
meter = MeterServerService.new_tcp_server("127.0.0.1", 0)
# The address as it stands on the wire, last two digits first
meter.address = bytearray(reversed(bytes.fromhex(sys.argv[1])))
for identifier, value in json.loads(sys.argv[2]).items():
    put = {"00": meter.set_00, "02": meter.set_02}[identifier[:2]]
    assert put(int(identifier, 16), float(value)), identifier
assert meter.start()
print(meter.server.port, flush=True)
threading.Event().wait()
`;
const client = `
import sys
from dlt645 import MeterClientService
master = MeterClientService.new_tcp_client("127.0.0.1", int(sys.argv[1]), timeout=5)
master.address = bytearray(reversed(bytes.fromhex(sys.argv[2])))
for identifier in sys.argv[3:]:
    read = {"00": master.read_00, "02": master.read_02}[identifier[:2]]
    print(read(int(identifier, 16)).value)
`;
const codec = `
import sys
from dlt645 import Frame
# What each line asks for: the meter, the control code in hex, and the data, last byte first, in hex
for line in sys.argv[1:]:
    meter, control, data = line.split()
    frame = Frame(meter, {"direction": int(control, 16) >> 7, "response": 0, "more": 0, "function": int(control, 16) & 31})
    frame.data = data
    print(frame.dump().hex())
`;

/** The PyPI package dlt645 (Chen Dongyu) as a meter and as a master. */
export async function dlt645Package(python: string) {
  const packages = await pythonPackages(python, 'dlt645-server');
  return {
    serve: (meter: string, items: Items): Promise<PythonServer> =>
      startPython(python, { script: server, args: [meter, JSON.stringify(items)], packages }),
    /** Values as its own master reads them. */
    read: async (port: number, meter: string, identifiers: readonly string[]): Promise<number[]> => {
      const args = [String(port), meter, ...identifiers];
      return (await runPython(python, { script: client, args, packages })).trim().split('\n').map(Number);
    },
  };
}

/** Frames as the PyPI package python-dlt645 (Stefan Berder) makes them: 'meter control data', in hex, without FEH. */
export async function codecFrames(python: string, frames: readonly string[]): Promise<Buffer[]> {
  const packages = await pythonPackages(python, 'dlt645-codec');
  const lines = await runPython(python, { script: codec, args: frames, packages });
  return lines
    .trim()
    .split('\n')
    .map((line) => Buffer.from(line, 'hex'));
}
