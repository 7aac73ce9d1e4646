import type { Meter } from '../../../model/schema/meter.ts';
import type { Gateways } from '../gateways.ts';
import { answerOf, placesOf } from '../meter-places.ts';
import { ReadError, type MeterAnswer, type Reader } from '../reader.ts';
import { locating } from '../transport/locating.ts';
import { concealing } from '../transport/secrets.ts';
import { sharedText } from '../transport/shared-text.ts';
import { shown, type TextAnswer } from '../transport/text-answer.ts';
import { JsonNumber, parseJson, withoutSecrets, type Json } from './json-document.ts';
import { wayTo } from './json-pointer.ts';
import { markIn, numberIn, timeIn, wireOf } from './json-value.ts';

/** Its numbers are made objects one by one: at this size that takes a fraction of a second. */
const MAX_BYTES = 4 * 2 ** 20;
const accept = 'application/json,text/json;q=0.9,*/*;q=0.1';

/** A meter whose numbers stand in a JSON document at a URL. Meters of one document share its reading. */
export function jsonMeter({ id, source, registers }: Meter, gateways: Gateways): Reader<MeterAnswer> {
  if (source.protocol !== 'http-json') throw new TypeError(`meter ${id}: no JSON source but ${source.protocol}`);
  const places = placesOf(registers).map(({ quantity, register }) => {
    if (!('pointer' in register)) throw new TypeError(`meter ${id}: registers.${quantity} has no pointer`);
    return { quantity, ...register };
  });
  const where = shown(new URL(source.url));
  const reader = sharedText(source, gateways, {
    kind: 'json',
    accept,
    maxBytes: MAX_BYTES,
    parse: (answer) => ({ document: wholeJson(answer), secrets: answer.secrets }),
  });
  return {
    async read(signal) {
      const { document, secrets } = await reader.read(signal);
      const { hide } = secrets;
      const safely = <T>(work: (from: Json) => T): T =>
        concealing(document, (whole) => withoutSecrets(whole, hide), work);
      return answerOf(
        places.map(({ quantity, pointer, time }) => {
          const at = (place: string) => `${where}, ${quantity} of meter ${id} at ${JSON.stringify(place)}`;
          const raw = locating(at(pointer), () =>
            safely((from) => {
              const value = wayTo(from, pointer).at(-1)!;
              return { value: quantity === 'restart' ? markIn(value) : numberIn(value), wire: wireOf(value, hide) };
            }),
          );
          if (time === undefined) return [quantity, raw];
          const timestamp = locating(at(time), () => safely((from) => timeIn(wayTo(from, time).at(-1)!)));
          return [quantity, { ...raw, timestamp }];
        }),
      );
    },
    close: () => reader.close(),
  };
}

/** @throws ReadError */
function wholeJson({ text, whole }: TextAnswer): Json {
  const document = parseJson(text);
  // 12 may be the beginning of 123; every other value shows its own end
  if (document instanceof JsonNumber && !whole && !/\s$/.test(text))
    throw new ReadError('protocol', 'the text is a bare number without a line feed: a part may be missing');
  return document;
}
