import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { kubernetesAccess } from '../../../exporter/read/kubernetes/kubernetes-access.ts';

const folder = mkdtempSync(join(tmpdir(), 'greenflops-kubeconfig-'));
afterAll(() => rmSync(folder, { recursive: true }));
const pem = (name: string): string => `-----BEGIN ${name}-----\n`;

/** A kubeconfig with one context; `cluster` and `user` as in the file. */
function written(cluster: object, user: object, name = 'config'): string {
  const path = join(folder, name);
  const text = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'nc-a',
    contexts: [
      { name: 'other', context: { cluster: 'elsewhere', user: 'me' } },
      { name: 'nc-a', context: { cluster: 'c', user: 'me', namespace: 'x' } },
    ],
    clusters: [{ name: 'c', cluster: { server: 'https://10.0.0.1:6443', ...cluster } }],
    users: [{ name: 'me', user }],
  };
  writeFileSync(path, JSON.stringify(text));
  return path;
}

describe('a kubeconfig', () => {
  test('with data in it', async () => {
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const kubeconfig = written(
      { 'certificate-authority-data': base64(pem('CA')), 'tls-server-name': 'kubernetes' },
      { 'client-certificate-data': base64(pem('CERT')), 'client-key-data': base64(pem('KEY')) },
    );
    expect(await kubernetesAccess({ kubeconfig })).toEqual({
      server: new URL('https://10.0.0.1:6443'),
      tls: { ca: pem('CA'), cert: pem('CERT'), key: pem('KEY'), servername: 'kubernetes' },
      token: null,
      told: `user me of ${kubeconfig}`,
    });
  });

  test('with files beside it, which are read anew each time', async () => {
    mkdirSync(join(folder, 'pki'), { recursive: true });
    writeFileSync(join(folder, 'pki/ca.crt'), pem('CA'));
    writeFileSync(join(folder, 'token'), 'first\n');
    const kubeconfig = written(
      { 'certificate-authority': 'pki/ca.crt' },
      { tokenFile: 'token', token: 'not this one' },
    );
    const access = await kubernetesAccess({ kubeconfig });
    expect(access).toMatchObject({ tls: { ca: pem('CA') }, token: 'first', told: `user me of ${folder}/token` });
    writeFileSync(join(folder, 'token'), 'second\n');
    expect((await kubernetesAccess({ kubeconfig })).token).toBe('second');
  });

  test('the declared context, else the current one; the earlier of several files wins', async () => {
    const one = written({ server: 'https://one' }, { token: 't' }, 'one');
    const two = written({ server: 'https://two' }, { token: 't' }, 'two');
    const env = { KUBECONFIG: `${one}:${two}` };
    expect((await kubernetesAccess({}, undefined, env)).server.host).toBe('one');
    await expect(kubernetesAccess({ context: 'other' }, 'nc-a', env)).rejects.toThrow('no cluster elsewhere');
    await expect(kubernetesAccess({}, 'nowhere', env)).rejects.toThrow('no context nowhere; there are: other, nc-a');
  });

  test.each([
    [{ 'insecure-skip-tls-verify': true }, {}, 'insecure-skip-tls-verify: anybody between here and there'],
    [{ 'proxy-url': 'http://proxy' }, {}, 'proxy-url: no proxy is used here'],
    [{}, { exec: { command: 'aws' } }, 'exec: no program is started to get a token: make a service account'],
    [{}, { 'auth-provider': { name: 'oidc' } }, 'auth-provider: Kubernetes has dropped it'],
    [{}, { username: 'admin', password: 'hunter2' }, 'username: Kubernetes takes no passwords any more'],
    [{}, { as: 'root' }, 'as: nobody is impersonated'],
    [{ server: 'http://10.0.0.1' }, { token: 'hunter2' }, 'would go to http://10.0.0.1 in the clear'],
    [{ server: 'ftp://x' }, {}, 'cluster c.server: Invalid'],
    [{ 'certificate-authority': 'missing.crt' }, {}, 'missing.crt: ENOENT'],
  ])('is refused with what to do: %j %j', async (cluster, user, words) => {
    const failed = kubernetesAccess({ kubeconfig: written(cluster, user) });
    await expect(failed).rejects.toThrow(words);
    await expect(failed).rejects.not.toThrow('hunter2');
  });

  test('that is none, and a user that is none', async () => {
    const path = join(folder, 'broken');
    writeFileSync(path, 'token: [hunter2');
    await expect(kubernetesAccess({ kubeconfig: path })).rejects.toThrow(`kubeconfig ${path}: no YAML`);
    await expect(kubernetesAccess({ kubeconfig: join(folder, 'none') })).rejects.toThrow('none: ENOENT');
  });

  test('kubectl proxy on this host takes a token without TLS', async () => {
    const kubeconfig = written({ server: 'http://127.0.0.1:8001' }, { token: 't' });
    expect((await kubernetesAccess({ kubeconfig })).token).toBe('t');
  });
});

describe('within a cluster', () => {
  const account = join(folder, 'account');
  mkdirSync(account);
  writeFileSync(join(account, 'token'), 'mounted');
  writeFileSync(join(account, 'ca.crt'), pem('CA'));
  const within = (env: Record<string, string>) => kubernetesAccess({ kubeconfig: 'in-cluster' }, 'nc-a', env, account);

  test('by the mounted account', async () => {
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' };
    expect(await within(env)).toEqual({
      server: new URL('https://[fd00::1]:6443'),
      tls: { ca: pem('CA') },
      token: 'mounted',
      told: `the token in ${account}/token`,
    });
  });

  test('outside of one it says so', () =>
    expect(within({})).rejects.toThrow('KUBERNETES_SERVICE_HOST is not set: this is no pod'));
});
