import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { request as tlsRequest, type RequestOptions } from 'node:https';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One request on a connection of its own, nothing followed and nothing unpacked. */
export async function get(
  url: string,
  headers: OutgoingHttpHeaders = {},
  options: RequestOptions = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const ask = url.startsWith('https:') ? tlsRequest : request;
  ask(url, { ...options, headers, agent: false }, (response) => {
    buffer(response).then(
      (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      reject,
    );
  })
    .on('error', reject)
    .end();
  return promise;
}

/** A connection on which `text` is sent and nothing is read until somebody does. */
export async function open(url: string, text: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once('connect', () => resolve());
  await promise;
  socket.write(text);
  return socket;
}

/** Resolves when the other side has ended the connection, with what it sent; rejects after `ms`. */
export async function closed(socket: Socket, ms = 5000): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = '';
  const late = setTimeout(() => reject(new Error(`the connection is still open after ${ms} ms`)), ms);
  socket.on('data', (data: Buffer) => (text += data.toString()));
  socket.once('close', () => {
    clearTimeout(late);
    resolve(text);
  });
  return promise;
}
