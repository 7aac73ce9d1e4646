import type { Reader } from '../reader.ts';
import { attempt } from './attempt.ts';
import { HttpConnection, type HttpOptions } from './http-connection.ts';
import { decodeText, defaultMaxBytes, shown, type TextAnswer } from './text-answer.ts';

/** Reads a text by HTTP GET over one kept connection. @param options `accept`: which forms of it, by default any */
export function httpText(url: URL, options: HttpOptions & { readonly accept?: string }): Reader<TextAnswer> {
  const { timeout, maxBytes = defaultMaxBytes, accept = '*/*' } = options;
  const connection = new HttpConnection(url, options);

  async function get(signal: AbortSignal): Promise<TextAnswer> {
    const { body, headers, whole } = await connection.get(url.pathname + url.search, { accept }, signal);
    const type = headers['content-type'];
    return {
      text: decodeText(body),
      contentType: type === undefined ? null : String(type),
      whole,
      secrets: connection.secrets,
    };
  }

  const where = () => `GET ${shown(url)} (limits ${timeout} ms, ${maxBytes} bytes)`;
  return {
    read: (signal) => attempt({ where, timeout, signal }, get),
    close: () => connection.close(),
  };
}
