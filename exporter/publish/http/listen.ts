import type { Server as HttpServer } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import type { Text } from '../../../model/text.ts';

/** An address that cannot be listened on; `text` says which, why and what to do, in both languages. */
export class ListenError extends Error {
  override name = 'ListenError';
  readonly text: Text;
  constructor(text: Text, options?: ErrorOptions) {
    super(text.en, options);
    this.text = text;
  }
}

/** `127.0.0.1:9960`, `[::1]:9960`, `localhost:0`; `:9960` means every interface, as in Prometheus' own flags. */
export function parseAddress(address: string): { readonly host: string | undefined; readonly port: number } {
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(address) ?? [];
  const port = Number(digits);
  if (digits === '' || port > 65_535 || (bracketed !== undefined && isIP(bracketed) !== 6))
    throw new ListenError({
      zh: `"${address}" 不是监听地址：应写成 主机:端口，如 127.0.0.1:9960`,
      en: `"${address}" is no address to listen on: write host:port, like 127.0.0.1:9960`,
    });
  return { host: (bracketed ?? plain) || undefined, port };
}

/** Whether only this machine can reach the host. */
export const isLoopback = (host: string | undefined): boolean =>
  host === 'localhost' || host === '::1' || (host !== undefined && isIP(host) === 4 && host.startsWith('127.'));

const CAUSES: Readonly<Record<string, (port: number) => Text>> = {
  EADDRINUSE: (port) => ({
    zh: `端口已被占用。用 ss -ltnp 'sport = :${port}' 查看是谁，停掉它，或用 --web.listen-address 换一个端口`,
    en: `the port is taken. See by whom with ss -ltnp 'sport = :${port}' and stop it, or choose another port with --web.listen-address`,
  }),
  EACCES: (port) => ({
    zh: `没有权限使用端口 ${port}。请用 --web.listen-address 换一个 1024 以上的端口`,
    en: `port ${port} needs privileges. Choose one above 1024 with --web.listen-address`,
  }),
  EADDRNOTAVAIL: () => ({
    zh: '本机没有这个地址。请用 --web.listen-address 换成本机地址，如 127.0.0.1:9960',
    en: 'this machine has no such address. Choose one of its own with --web.listen-address, like 127.0.0.1:9960',
  }),
};

/** Listens; resolves with the address that was taken. Rejects with a ListenError that names the address and the way out. */
export async function listen(server: HttpServer, address: string): Promise<AddressInfo> {
  const { host, port } = parseAddress(address);
  const { promise, resolve, reject } = Promise.withResolvers<AddressInfo>();
  server.once('error', reject);
  server.listen({ host, port }, () => {
    const taken = server.address();
    if (taken !== null && typeof taken === 'object') resolve(taken);
  });
  try {
    return await promise;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const cause = CAUSES[code]?.(port) ?? { zh: message, en: message };
    throw new ListenError(
      { zh: `无法监听 ${address}：${cause.zh}`, en: `cannot listen on ${address}: ${cause.en}` },
      { cause: error },
    );
  } finally {
    server.off('error', reject);
  }
}
