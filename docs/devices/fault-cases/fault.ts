import type { Gateways } from '../../../exporter/read/gateways.ts';
import { judgeMeter } from '../../../exporter/judge/meter/meter.ts';
import { unread } from '../../../exporter/judge/meter/meter-state.ts';
import { ReadError, type MeterAnswer, type Reader } from '../../../exporter/read/reader.ts';
import { Gateways as OpenGateways } from '../../../exporter/read/index.ts';
import { rejections } from '../../../model/reasons.ts';
import { meter as meterSchema, type Meter } from '../../../model/schema/meter.ts';
import type { Text } from '../../../model/text.ts';

/** The instant of every reading of the page: what a message says of time does not change from run to run. */
export const NOW = Date.parse('2026-11-30T10:00:00+08:00');
/** Of the sources whose fault is silence: it takes so long. All others have their protocol's own timeout, which nothing comes near. */
export const patience = (silent: true | undefined): { readonly timeout?: string } => (silent ? { timeout: '1s' } : {});
export const never = new AbortController().signal;

/** What an operator sees of a fault. */
export interface Seen {
  /** The label by which it is counted: failure="timeout" */
  readonly label: string;
  readonly message: Text;
}

/** One fault of a device: what it does, played by a server of loopback to the real reader. */
export interface Fault {
  /** How the device misbehaves */
  readonly name: Text;
  /** What the operator does about it */
  readonly todo: Text;
  readonly play: () => Promise<Seen>;
}

/** The faults of one protocol. */
export interface ProtocolFaults {
  readonly title: Text;
  /** Its how-to page, without language and ending */
  readonly page: string;
  /** What stands in the messages in place of the loopback address of the play */
  readonly address: string;
  readonly faults: readonly Fault[];
}

/** A meter of the page. */
export const meterOf = (source: object, registers: object): Meter =>
  meterSchema.parse({
    id: 'nc-gate-1',
    site: 'nanchang',
    role: 'facility',
    rated_kw: 9000,
    source,
    registers,
  });

/** The failure that a read ends with. @throws what is no ReadError, and where nothing failed */
export async function failureOf(read: Promise<unknown>): Promise<Seen> {
  try {
    await read;
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return { label: `failure="${error.failure}"`, message: { zh: error.message, en: error.message } };
  }
  throw new Error('the reader took for good what the page calls a fault');
}

/** What the real reader and judge make of a meter. @throws where both take its answer */
export async function seenOf(
  meter: Meter,
  open: (meter: Meter, gateways: Gateways) => Reader<MeterAnswer>,
): Promise<Seen> {
  const gateways = new OpenGateways();
  const reader = open(meter, gateways);
  try {
    const read = reader.read(never);
    const answer = await read.catch(() => null);
    if (answer === null) return await failureOf(read);
    const [reason] = judgeMeter(meter, unread, answer, { at: NOW, mono: 0 }).rejected;
    if (reason === undefined) throw new Error('the reader and the judge took for good what the page calls a fault');
    return { label: `reason="${reason}"`, message: rejections[reason] };
  } finally {
    await reader.close();
    await gateways.close();
  }
}
