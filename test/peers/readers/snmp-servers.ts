import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { accessSync, chmodSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../exporter-process.ts';
import { end } from '../end.ts';

const PATIENCE_MS = 20_000;
/** snmpd stands where root's programs do, which is not on everybody's PATH. */
const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'];

function found(program: string): string | undefined {
  return folders
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Why these programs cannot be run here; undefined where they can. */
export function missing(...programs: readonly string[]): string | undefined {
  const absent = programs.filter((program) => found(program) === undefined);
  return absent.length === 0 ? undefined : `not installed here: ${absent.join(', ')}`;
}

/** Neither the machine's own configuration nor its MIBs: names would hide the numbers, and half of them are not there. */
const env = (folder: string) => ({
  ...process.env,
  MIBS: '',
  SNMPCONFPATH: folder,
  SNMP_PERSISTENT_DIR: join(folder, 'persistent'),
});

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** A folder that a server without rights may read, and write below `open`. */
function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-snmp-'));
  for (const name of ['persistent', 'data', 'open']) mkdirSync(join(folder, name));
  for (const [name, mode] of [
    ['', 0o755],
    ['data', 0o755],
    ['open', 0o777],
  ] as const)
    chmodSync(join(folder, name), mode);
  return folder;
}

export interface Server {
  readonly address: string;
  readonly folder: string;
  [Symbol.asyncDispose](): Promise<void>;
}

interface Starting {
  readonly command: readonly [program: string, ...args: string[]];
  readonly folder: string;
  readonly address: string;
  readonly ready: () => Promise<boolean>;
}

/** Starts a server and waits until it answers; it is killed with this process, and its folder removed in the end. */
async function start({ command, folder, address, ready }: Starting): Promise<Server> {
  const [program, ...args] = command;
  const child: ChildProcess = spawn(found(program) ?? program, args, {
    env: env(folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(-4000)));
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill);
  const server = {
    address,
    folder,
    async [Symbol.asyncDispose]() {
      process.off('exit', kill);
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  for (const until = Date.now() + PATIENCE_MS; !(await ready()); await sleep(50)) {
    if (child.exitCode === null && Date.now() < until) continue;
    await server[Symbol.asyncDispose]();
    throw new Error(`${command.join(' ')} does not answer:\n${said}`);
  }
  return server;
}

/** A client of Net-SNMP: its output, numeric OIDs and values with their types. */
export async function netSnmp(program: 'snmpget' | 'snmpwalk', args: readonly string[]): Promise<string> {
  const folder = openFolder();
  try {
    const { stdout } = await promisify(execFile)(found(program) ?? program, ['-On', ...args], {
      env: env(folder),
      maxBuffer: 64 << 20,
    });
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const answers = (address: string, community: string, oid: string) => async () => {
  const asked = netSnmp('snmpget', ['-v2c', '-c', community, '-t', '0.5', '-r', '0', address, oid]);
  return asked.then(
    () => true,
    () => false,
  );
};

const SYS_OBJECT_ID = '1.3.6.1.2.1.1.2.0';

/** Debian's snmpd with this configuration, for which community 'ready' must be readable. */
export async function startSnmpd(config: readonly string[], port?: number, folder = openFolder()): Promise<Server> {
  const address = `127.0.0.1:${port ?? (await freeUdpPort())}`;
  const file = join(folder, 'agent.conf');
  writeFileSync(file, [`agentaddress udp:${address}`, 'rocommunity ready 127.0.0.1', ...config, ''].join('\n'));
  const command = ['snmpd', '-f', '-Lo', '-C', '-c', file, '-p', join(folder, 'pid')] as const;
  return start({ command, folder, address, ready: answers(address, 'ready', SYS_OBJECT_ID) });
}

/** Debian's snmpsimd, which answers from each recording as its name is the community. It refuses to run as root. */
export async function startSnmpSim(recordings: ReadonlyMap<string, string>): Promise<Server> {
  const folder = openFolder();
  const [address, data] = [`127.0.0.1:${await freeUdpPort()}`, join(folder, 'data')];
  for (const [name, text] of recordings) writeFileSync(join(data, `${name}.snmprec`), text);
  const [[community = '', text = ''] = []] = recordings;
  const unprivileged = process.getuid?.() === 0 ? ['--process-user=nobody', '--process-group=nogroup'] : [];
  const places = [`--data-dir=${data}`, `--cache-dir=${join(folder, 'open')}`, `--agent-udpv4-endpoint=${address}`];
  const first = text.split('|', 1)[0] ?? '';
  const ready = answers(address, community, first);
  return start({ command: ['snmpsimd', ...unprivileged, ...places], folder, address, ready });
}

/** Debian's prometheus-snmp-exporter (0.21) with these modules. */
export async function startSnmpExporter(modules: object): Promise<Server> {
  const folder = openFolder();
  const address = `127.0.0.1:${await freePort()}`;
  const file = join(folder, 'snmp.yml');
  // JSON is YAML
  writeFileSync(file, JSON.stringify(modules));
  const options = [`--config.file=${file}`, `--web.listen-address=${address}`, '--log.level=warn'];
  const ready = async () =>
    fetch(`http://${address}/`).then(
      ({ ok }) => ok,
      () => false,
    );
  return start({ command: ['prometheus-snmp-exporter', ...options], folder, address, ready });
}
