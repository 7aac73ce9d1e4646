import { controlOf } from './control.ts';
import { addressOf, endpointOf, readEstate } from './estate.ts';
import { FaultBoard, type Fault } from './faults/board.ts';
import { targetFacts } from './faults/targets.ts';
import { historyOf } from './history.ts';
import { modelOf } from './meters.ts';
import { centreOf } from './physics/centre.ts';
import { sinceEpoch } from './physics/time.ts';
import { servedOf, type Served } from './served.ts';
import { devicesOf } from './serve/devices.ts';
import { listenerOf } from './serve/listener.ts';
import { truthAt, type Truth } from './truth.ts';

export interface TwinOptions {
  /** Folder that holds estate.yaml. */
  readonly plan: string;
  /** Another seed is another centre; default 2030. */
  readonly seed?: number;
  /** host:port of the control API on loopback; default 127.0.0.1:19970. */
  readonly control?: string;
  /** Unix ms; default the system's wall clock. */
  readonly clock?: { now(): number };
}

/** A running centre that is not there. */
export interface Twin {
  /** URL of the control API. */
  readonly control: string;
  readonly served: Served;
  /** What is so at an instant in Unix ms, past or future; default now. */
  truth(at?: number): Truth;
  /** Hourly energy of the full hours in [from, to), Unix ms, as CSV in pieces. */
  history(from: number, to: number): Iterable<string>;
  /** Every fault so far. */
  faults(): readonly Fault[];
  /** Begins a fault: `{target, kind, …options}`, target being a meter, a pool or pool/index. @throws FaultRefused */
  fault(spec: unknown): Promise<Fault>;
  /** Ends a fault by its id, or all of a target; gives those that it ended. */
  release(idOrTarget: string): Promise<readonly Fault[]>;
  close(): Promise<void>;
}

/** Starts every device of the estate. @throws Error that names the port and the file, or what the twin cannot play */
export async function startTwin(options: TwinOptions): Promise<Twin> {
  const { plan, seed = 2030, control = '127.0.0.1:19970', clock = { now: () => Date.now() } } = options;
  const now = () => clock.now();
  sinceEpoch(now());
  const controlAt = endpointOf(control, 'control');
  const estate = readEstate(plan);
  const centre = centreOf(estate, seed);
  const meters = estate.meters.flatMap((entry) => {
    const { id, rated_w, modbus } = entry;
    const flow = centre.meters.get(id);
    if (modbus === null || flow === undefined) return [];
    return [{ id, rated_w, unit: modbus.unit, model: modelOf(entry, estate.meters), flow }];
  });
  const board = new FaultBoard((target) => targetFacts(target, centre, meters));
  const devices = devicesOf(estate, centre, meters, board, now);

  /** A listener with a refusing device behind it stays closed for as long as the fault lasts. */
  const refuses = (target: string) => board.active(target).some(({ options: { mode } }) => mode === 'refuse');
  const follow = () =>
    Promise.all(devices.map((device) => ([...device.targets].some(refuses) ? device.close() : device.open())));

  const twin: Twin = {
    control: `http://${addressOf(controlAt)}`,
    served: servedOf(estate, centre, seed),
    truth: (at = now()) => truthAt(centre, meters, board, at),
    history: (from, to) => historyOf(meters, from, to),
    faults: () => board.list(),
    fault: async (spec) => {
      const begun = board.begin(spec, now());
      await follow();
      return begun;
    },
    release: async (idOrTarget) => {
      const ended = board.end(idOrTarget, now());
      await follow();
      return ended;
    },
    close: async () => {
      await Promise.all([...devices, api].map((listener) => listener.close()));
    },
  };
  const api = listenerOf(controlOf(twin), controlAt, new Set(), 'the flag --control');
  try {
    await Promise.all([follow(), api.open()]);
  } catch (error) {
    await twin.close();
    throw error;
  }
  return twin;
}
