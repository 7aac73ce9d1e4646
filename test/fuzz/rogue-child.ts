/** Reads exposition text and says what became of it as JSON: node rogue-child.ts URL [METRIC]; a metric: it alone is wanted. */
import { expositionSamples } from '../../exporter/read/exposition/exposition-samples.ts';
import { Gateways } from '../../exporter/read/gateways.ts';
import { ReadError } from '../../exporter/read/reader.ts';
import { expositionSource } from '../../model/schema/sources.ts';

const [url = '', only = ''] = process.argv.slice(2);
const source = expositionSource.parse({ protocol: 'exposition', url, timeout: '50s' });
const reader = expositionSamples(source, new Gateways(), only === '' ? undefined : (name) => name === only);
const begun = performance.now();
const told: { samples: number | null; failure: string | null; message: string } = {
  samples: null,
  failure: null,
  message: '',
};
// Three times, as on a timetable: what one reading leaves behind must not end the next one.
for (let times = 0; times < 3; times++) {
  try {
    told.samples = (await reader.read(AbortSignal.timeout(50_000))).length;
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    told.failure = error.failure;
    told.message = error.message;
  }
}
await reader.close();
const [ms, peakMib] = [(performance.now() - begun) / 3, process.resourceUsage().maxRSS / 1024];
console.log(JSON.stringify({ ...told, ms, peakMib }));
