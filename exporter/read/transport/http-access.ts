import { pathToFileURL } from 'node:url';
import type { HttpAccess } from '../../../model/schema/sources.ts';
import { ReadError } from '../reader.ts';
import { fileText } from './file-text.ts';

/** Keys, certificates and bundles of a few hundred certificates; what is larger is another file. */
const MAX_SECRET_BYTES = 2 ** 20;

/** How a request proves who asks. */
export interface Proof {
  readonly headers: Readonly<Record<string, string>>;
  /** What was shown, for the error where it is refused; never the secret itself. null: nothing. */
  readonly told: string | null;
  /** What the request's body holds in confidence. @default nothing */
  readonly secrets?: readonly string[];
}

/** A file that the access names, as it is now. @throws ReadError which file, and why it cannot be read */
export const accessFile = async (path: string, timeout: number, signal: AbortSignal): Promise<string> =>
  (await fileText(pathToFileURL(path), { timeout, maxBytes: MAX_SECRET_BYTES }).read(signal)).text;

/** A secret: the file's text without its line end. Read at each use, so that a rotated one takes effect. @throws ReadError */
async function secretOf(path: string, timeout: number, signal: AbortSignal): Promise<string> {
  const secret = (await accessFile(path, timeout, signal)).replace(/\r?\n$/, '');
  if (secret === '') throw new ReadError('empty', `read ${path}: the file holds no secret`);
  return secret;
}

/** User and password: of the declaration, else of the URL; null where there are none. @throws ReadError */
export async function passwordOf(
  url: URL,
  auth: HttpAccess['auth'],
  timeout: number,
  signal: AbortSignal,
): Promise<{ username: string; password: string; told: string } | null> {
  if (auth && 'password_file' in auth) {
    const { username, password_file: file } = auth;
    return { username, password: await secretOf(file, timeout, signal), told: `the password in ${file}` };
  }
  if (auth || (url.username === '' && url.password === '')) return null;
  const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  return { username, password, told: 'the password in the URL' };
}

/** The proof that a request carries: Basic (RFC 7617, UTF-8), Bearer (RFC 6750) or none. @throws ReadError */
export async function proofOf(
  url: URL,
  auth: HttpAccess['auth'],
  timeout: number,
  signal: AbortSignal,
): Promise<Proof> {
  if (auth && 'bearer_file' in auth) {
    const file = auth.bearer_file;
    const token = await secretOf(file, timeout, signal);
    if (!/^[\x21-\x7e]+$/.test(token)) throw new ReadError('protocol', `read ${file}: no token: it is not one word`);
    return { headers: { authorization: `Bearer ${token}` }, told: `the token in ${file}` };
  }
  const basic = await passwordOf(url, auth, timeout, signal);
  if (!basic) return { headers: {}, told: null };
  const pair = Buffer.from(`${basic.username}:${basic.password}`).toString('base64');
  return { headers: { authorization: `Basic ${pair}` }, told: basic.told };
}
