import { carbonWindowKilograms, certificateLeftJoules, refRatio } from '../../../model/metrics/carbon.ts';
import type { Text } from '../../../model/text.ts';
import { sentences } from '../words.ts';
import { joules, kilograms, percent } from './figure.ts';
import type { Lookup } from './lookup.ts';
import { say } from './say.ts';

const window = 'ytd';

/** The year's emissions by location and by market, and certificates that were not consumed: where they are known. */
export function carbonSentences(lookup: Lookup, site: string): Text[] {
  const [location, market] = (['location', 'market'] as const).map((basis) =>
    lookup.value(carbonWindowKilograms, { site, window, basis }),
  );
  const ref = lookup.value(refRatio, { site, window });
  const said: Text[] = [];
  if (typeof location === 'number' && typeof market === 'number' && ref !== null) {
    const places = { location: kilograms(location), market: kilograms(market), ref: percent(ref) };
    said.push(say(sentences.carbon_year, places));
  }
  for (const { labels, value } of lookup.rows(certificateLeftJoules, { site, state: 'surplus' })) {
    if (value > 0) said.push(say(sentences.certificate_surplus, { id: labels.certificate, energy: joules(value) }));
  }
  return said;
}
