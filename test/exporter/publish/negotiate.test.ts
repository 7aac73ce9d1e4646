import { expect, test } from 'vitest';
import { chooseFormat, wantsGzip } from '../../../exporter/publish/http/negotiate.ts';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const OLD_OPENMETRICS = 'application/openmetrics-text; version=0.0.1; charset=utf-8';

test.each<[string, string | undefined, string]>([
  ['no header', undefined, TEXT],
  ['an empty header', '', TEXT],
  ['curl', '*/*', TEXT],
  ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', TEXT],
  ['something that is not here', 'image/png', TEXT],
  [
    'Prometheus 2.42',
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    OPENMETRICS,
  ],
  [
    'Prometheus 3',
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
    OPENMETRICS,
  ],
  ['protobuf first', 'application/vnd.google.protobuf;proto=x;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.1', TEXT],
  ['text rather than OpenMetrics', 'application/openmetrics-text;q=0.4,text/plain;q=0.6', TEXT],
  ['the older OpenMetrics alone', 'application/openmetrics-text;version=0.0.1', OLD_OPENMETRICS],
  [
    'the older OpenMetrics rather',
    'application/openmetrics-text;version=1.0.0;q=0.1,application/openmetrics-text;version=0.0.1',
    OLD_OPENMETRICS,
  ],
  ['a later OpenMetrics alone', 'application/openmetrics-text;version=2.0.0', TEXT],
  ['OpenMetrics refused', 'application/openmetrics-text;q=0', TEXT],
  ['anything but text', 'text/plain;q=0,*/*', OPENMETRICS],
  [
    'upper case, spaces and quotes',
    'Application/OpenMetrics-Text ; Version="1.0.0" ; Q=1 , text/plain;q=0.5',
    OPENMETRICS,
  ],
  ['a draw, which goes to the closer name', 'text/*,application/openmetrics-text', OPENMETRICS],
  ['a broken q', 'application/openmetrics-text;q=x', TEXT],
])('%s', (_, accept, contentType) => {
  expect(chooseFormat(accept).contentType).toBe(contentType);
  expect(chooseFormat(accept).format).toBe(contentType === TEXT ? 'text' : 'openmetrics');
});

test.each<[string | undefined, boolean]>([
  [undefined, false],
  ['', false],
  ['gzip', true],
  ['gzip, deflate, br, zstd', true],
  ['br;q=1.0, gzip;q=0.8, *;q=0.1', true],
  ['gzip;q=0', false],
  ['*', true],
  ['*;q=0', false],
  ['gzip;q=0, *', false],
  ['identity, gzip;q=0.5', false],
  ['identity;q=0.5, gzip;q=0.5', true],
  ['deflate', false],
])('Accept-Encoding %j: gzip %s', (header, expected) => expect(wantsGzip(header)).toBe(expected));
