import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Text } from '../../../model/text.ts';
import { says } from './http-server.ts';

/** A fault of whoever answers by HTTP. */
export interface HttpFault {
  readonly name: Text;
  readonly todo: Text;
  /** null: nobody listens */
  readonly serve: RequestListener | null;
  /** true: the source declares a user and a password_file */
  readonly auth?: true;
  /** Keys of the source that the fault needs */
  readonly source?: object;
  /** true: nothing comes */
  readonly silent?: true;
}

/** More than any reader takes, in a few kilobytes. */
const bomb = gzipSync(Buffer.alloc(65 * 2 ** 20, ' '));

/** What can be wrong with any service that is asked by HTTP GET, whatever it answers. */
export const httpFaults: readonly HttpFault[] = [
  {
    name: { zh: '没有应答', en: 'no answer' },
    todo: {
      zh: '设备是否开机，防火墙是否放行？若只是慢，把 `timeout` 调大，但要小于 `every`',
      en: 'Is it powered, does a firewall let through? If it is only slow, raise `timeout`, below `every`',
    },
    serve: () => {},
    silent: true,
  },
  {
    name: { zh: '连接被拒绝', en: 'the connection is refused' },
    todo: {
      zh: '主机在，端口上没有服务：核对端口，启动服务',
      en: 'The host is there, the port is not: check the port, start the service',
    },
    serve: null,
  },
  {
    name: { zh: '口令错误', en: 'wrong password' },
    todo: {
      zh: '核对 `username` 与口令文件；文件每次都重新读取，改好后无需重启',
      en: 'Check `username` and the file; it is read each time, so that no restart is needed',
    },
    serve: says('', 401),
    auth: true,
  },
  {
    name: { zh: '要求登录，而声明里没有 auth', en: 'it wants a login, and no auth is declared' },
    todo: {
      zh: '在设备上建只读账户，声明 `auth`',
      en: 'Make an account there that may only read, and declare `auth`',
    },
    serve: says('', 401),
  },
  {
    name: { zh: '账户无权读取', en: 'the account may not read it' },
    todo: { zh: '给账户读取权限', en: 'Give the account the right to read' },
    serve: says('', 403),
    auth: true,
  },
  {
    name: { zh: '没有这个路径', en: 'no such path' },
    todo: { zh: '用 curl 核对 URL 的路径', en: "Check the URL's path with curl" },
    serve: says('404 page not found\n', 404),
  },
  {
    name: { zh: '服务自身出错', en: 'the service fails' },
    todo: {
      zh: '查看该服务的日志；下个周期会再试',
      en: "Look at that service's own log; it is tried again at the next interval",
    },
    serve: says('internal error\n', 500),
  },
  {
    name: { zh: '重定向', en: 'it redirects' },
    todo: {
      zh: '不跟随重定向：若新地址正确，就声明它',
      en: 'Redirects are not followed: declare the new address if it is the right one',
    },
    serve: says('', 302, { location: 'https://login.example/' }),
  },
  {
    name: { zh: '空的应答', en: 'an empty answer' },
    todo: {
      zh: '服务在，但没有内容：多半还在启动，或未配置',
      en: 'The service has nothing to say: it is starting, or not configured',
    },
    serve: says(''),
  },
  {
    name: { zh: '应答过大', en: 'too large an answer' },
    todo: { zh: '换更窄的路径或查询', en: 'Ask for less: a narrower path or query' },
    serve: (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
  },
  {
    name: { zh: '应答中途断开', en: 'the answer is cut in the middle' },
    todo: {
      zh: '半个应答不采信。反复出现：查网络、代理，或服务是否崩溃',
      en: 'Half an answer is not used. If it goes on: the network, a proxy, or a service that crashes',
    },
    serve: (_, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('{"half":', () => response.destroy());
    },
  },
];
