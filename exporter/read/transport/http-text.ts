import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Client, type Dispatcher } from 'undici';
import { attempt } from './attempt.ts';
import { ReadError, type Reader } from '../reader.ts';
import { decodeText, defaultMaxBytes, shown, type TextAnswer, type TextOptions } from './text-answer.ts';

const headers = {
  // Prometheus text first: its names are those that people see and declare; OpenMetrics makes client_golang rename counters.
  accept: 'text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1',
  'accept-encoding': 'gzip',
};

/** Reads a text by HTTP GET over one kept connection. Redirects are not followed: targets are those of the declaration. */
export function httpText(url: URL, { timeout, maxBytes = defaultMaxBytes }: TextOptions): Reader<TextAnswer> {
  const client = new Client(url.origin, {
    connectTimeout: timeout,
    headersTimeout: timeout,
    bodyTimeout: timeout,
    maxResponseSize: maxBytes,
  });

  async function get(signal: AbortSignal): Promise<TextAnswer> {
    const answer = await client.request({
      method: 'GET',
      path: url.pathname + url.search,
      headers: { ...headers, ...authorization(url) },
      signal,
    });
    const { statusCode, body } = answer;
    const { location, 'content-type': type, 'content-encoding': coding = 'identity' } = answer.headers;
    if (statusCode !== 200) {
      discard(body);
      throw new ReadError('http_status', `status ${statusCode} instead of 200${redirect(location, url)}`);
    }
    const gzip = coding === 'gzip';
    if (!gzip && coding !== 'identity') {
      discard(body);
      throw new ReadError('protocol', `content coding ${String(coding)}, which was not asked for`);
    }
    const bytes = new Uint8Array(await body.arrayBuffer());
    return {
      text: decodeText(gzip ? await promisify(gunzip)(bytes, { maxOutputLength: maxBytes }) : bytes),
      contentType: type === undefined ? null : String(type),
      whole: gzip || 'content-length' in answer.headers || 'transfer-encoding' in answer.headers,
    };
  }

  const where = () => `GET ${shown(url)} (limits ${timeout} ms, ${maxBytes} bytes)`;
  return {
    read: (signal) => attempt({ where, timeout, signal }, get),
    close: () => client.destroy(),
  };
}

/** Ends an answer that nobody reads, and its connection with it: it may be endless. */
function discard(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => {}).destroy();
}

function redirect(location: string | string[] | undefined, base: URL): string {
  const target = location === undefined ? null : URL.parse(String(location), base.href);
  return target ? `, redirect to ${shown(target)}: declare that address if it is the right one` : '';
}

/** Credentials in the URL are sent as Basic authentication, as curl does. */
function authorization({ username, password }: URL): { authorization?: string } {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
