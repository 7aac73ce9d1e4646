import type { Estate } from '../../model/schema/estate.ts';
import { siteSources } from './site-sources.ts';

/** Where the Secret greenflops-sources is mounted; a flat folder, as the keys of a Secret are. */
export const SECRETS = '/etc/greenflops/secrets/';

/** Where client libraries, ours among them, look for the pod's own account. */
export const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount/';

/** A file or folder that the exporter opens besides the declaration, its ledger and its web configuration. */
interface SourceFile {
  /** Where the estate names it */
  readonly path: readonly (string | number)[];
  readonly file: string;
  /** secret: a password, key or certificate, or a kubeconfig with one; account: of the pod's own; data: what a source is read from */
  readonly holds: 'secret' | 'account' | 'data';
}

/** All that a site's sources read from files, in the order of the estate. */
export const sourceFiles = (estate: Estate, site: string): SourceFile[] =>
  siteSources(estate, site).flatMap(({ path, source }) => {
    const data = (key: string, file: string): SourceFile => ({ path: [...path, key], file, holds: 'data' });
    return [
      ...secrets(source, path),
      ...(source.protocol === 'file-drop' ? [data('folder', source.folder)] : []),
      ...('url' in source && source.url.startsWith('file:') ? [data('url', source.url)] : []),
      ...(source.protocol === 'kubernetes' && source.kubeconfig !== undefined && source.kubeconfig !== 'in-cluster'
        ? [{ path: [...path, 'kubeconfig'], file: source.kubeconfig, holds: 'secret' as const }]
        : []),
    ];
  });

/** Every key of a declaration that ends in _file names a file, at whatever depth. */
function secrets(value: object, path: SourceFile['path']): SourceFile[] {
  return Object.entries(value).flatMap(([key, entry]: [string, unknown]): SourceFile[] => {
    const here = [...path, key];
    if (typeof entry === 'string') {
      const holds = entry.startsWith(ACCOUNT) ? 'account' : 'secret';
      return key.endsWith('_file') ? [{ path: here, file: entry, holds }] : [];
    }
    return typeof entry === 'object' && entry !== null ? secrets(entry, here) : [];
  });
}

/** True where the exporter needs the Secret greenflops-sources. */
export const needsSecrets = (estate: Estate, site: string): boolean =>
  sourceFiles(estate, site).some(({ holds }) => holds === 'secret');

/** True where the exporter asks the Kubernetes API or Kueue by its own account, which no pod gets a token for unasked. */
export const needsAccount = (estate: Estate, site: string): boolean =>
  siteSources(estate, site).some(
    ({ source }) => source.protocol === 'kubernetes' && source.kubeconfig === 'in-cluster',
  ) || sourceFiles(estate, site).some(({ holds }) => holds === 'account');
