import type { ConfigMap, Labels, Metadata } from '../kubernetes.ts';
import { Stop } from '../say.ts';

/** What the API server takes in the values of one ConfigMap, in bytes. */
const LIMIT = 1024 * 1024;

/** A ConfigMap of texts. Throws Stop where it is larger than the API server takes. */
export function configMap(metadata: Metadata, data: Labels): ConfigMap {
  const sizes = Object.entries(data).map(([name, text]) => [name, Buffer.byteLength(text)] as const);
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  if (total > LIMIT) {
    const parts = sizes.map(([name, bytes]) => `${name} ${kib(bytes)}`).join(', ');
    throw new Stop(
      {
        zh: `ConfigMap ${metadata.name} 有 ${kib(total)}，API 服务器最多接受 ${kib(LIMIT)}（${parts}）。请拆分园区，或删去不再需要的条目`,
        en: `the ConfigMap ${metadata.name} holds ${kib(total)}, and an API server takes ${kib(LIMIT)} (${parts}): split the site, or take out what is no longer needed`,
      },
      2,
    );
  }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, immutable: false, data };
}

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;
