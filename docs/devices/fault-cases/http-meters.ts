import { join } from 'node:path';
import type { Gateways } from '../../../exporter/read/gateways.ts';
import type { MeterAnswer, Reader } from '../../../exporter/read/reader.ts';
import type { Meter } from '../../../model/schema/meter.ts';
import { meterOf, patience, seenOf, type Fault } from './fault.ts';
import { httpFaults, type HttpFault } from './http-faults.ts';
import { withServer } from './http-server.ts';
import { withFiles } from './with-files.ts';

interface HttpMeter {
  readonly open: (meter: Meter, gateways: Gateways) => Reader<MeterAnswer>;
  /** The source at a server's URL */
  readonly source: (url: string) => object;
  readonly registers: object;
}

/** What is wrong with any HTTP service, and what is wrong with services of this kind, seen by the kind's reader. */
export const httpMeterFaults = ({ open, source, registers }: HttpMeter, own: readonly HttpFault[]): Fault[] =>
  [...httpFaults, ...own].map(({ name, todo, serve, auth, silent, source: extra }) => ({
    name,
    todo,
    play: () =>
      withFiles({ reader: 'wrong\n' }, (folder) =>
        withServer(serve, (url) => {
          const declared = auth ? { auth: { username: 'reader', password_file: join(folder, 'reader') } } : {};
          return seenOf(meterOf({ ...source(url), ...declared, ...extra, ...patience(silent) }, registers), open);
        }),
      ),
  }));
