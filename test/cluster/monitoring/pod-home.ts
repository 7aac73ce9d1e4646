import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from '../stage.ts';

/** What a kubelet reads of a pod with one container. */
export interface Pod {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly serviceAccountName: string;
    readonly volumes: readonly Volume[];
    readonly containers: readonly [
      {
        readonly image: string;
        readonly args: readonly string[];
        readonly env?: readonly { readonly name: string; readonly value: string }[];
        readonly volumeMounts: readonly {
          readonly name: string;
          readonly mountPath: string;
          readonly readOnly?: boolean;
        }[];
        readonly livenessProbe: Probe;
      },
    ];
  };
}
export interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string; readonly scheme: string };
}
interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly secretName: string; readonly defaultMode: number };
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly emptyDir?: object;
  readonly projected?: { readonly defaultMode: number; readonly sources: readonly Projected[] };
}
interface Projected {
  readonly serviceAccountToken?: { readonly path: string };
  readonly configMap?: { readonly name: string; readonly items: readonly { readonly key: string; path: string }[] };
  readonly downwardAPI?: {
    readonly items: readonly { readonly path: string; readonly fieldRef: { readonly fieldPath: string } }[];
  };
}

/** A mount as a folder of this machine. */
export interface Mount {
  readonly mountPath: string;
  readonly folder: string;
  readonly writable: boolean;
}

type Files = Readonly<Record<string, string | Buffer>>;

/**
 * Does what a kubelet does before it starts a container: what the pod mounts, read from the API server, lies in folders
 * below `home`. A claim's folder is named by its uid, so that another claim is another, empty disk.
 */
export async function mountsOf(stage: Stage, pod: Pod, home: string): Promise<Mount[]> {
  const { namespace } = pod.metadata;
  const get = async <T>(kind: string, name: string) =>
    JSON.parse(await stage.accepted(['get', kind, name, '-n', namespace, '-o', 'json'])) as T;

  async function projected({ serviceAccountToken, configMap, downwardAPI }: Projected): Promise<Files> {
    if (serviceAccountToken) {
      const token = await stage.accepted(['create', 'token', pod.spec.serviceAccountName, '-n', namespace]);
      return { [serviceAccountToken.path]: token.trim() };
    }
    if (configMap) {
      const { data } = await get<{ data: Files }>('configmap', configMap.name);
      return Object.fromEntries(configMap.items.map(({ key, path }) => [path, data[key] ?? '']));
    }
    assert.deepEqual(
      downwardAPI?.items.map(({ fieldRef }) => fieldRef.fieldPath),
      ['metadata.namespace'],
    );
    return { [downwardAPI?.items[0]?.path ?? '']: namespace };
  }

  async function folderOf(volume: Volume): Promise<string> {
    const files = async (texts: Files, mode: number) => {
      const folder = mkdtempSync(join(home, `${volume.name}-`));
      for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text, { mode });
      return folder;
    };
    if (volume.configMap) return files((await get<{ data: Files }>('configmap', volume.configMap.name)).data, 0o644);
    if (volume.secret) {
      const { data } = await get<{ data: Record<string, string> }>('secret', volume.secret.secretName);
      const texts = Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'base64')] as const);
      return files(Object.fromEntries(texts), volume.secret.defaultMode);
    }
    if (volume.projected) {
      const parts = await Promise.all(volume.projected.sources.map(projected));
      return files(Object.assign({}, ...parts) as Files, volume.projected.defaultMode);
    }
    if (volume.persistentVolumeClaim) {
      const { claimName } = volume.persistentVolumeClaim;
      const { metadata } = await get<{ metadata: { uid: string } }>('pvc', claimName);
      const folder = join(home, `claim-${metadata.uid}`);
      mkdirSync(folder, { recursive: true });
      return folder;
    }
    assert.ok(volume.emptyDir, `a volume of a kind that is not known here: ${JSON.stringify(volume)}`);
    return files({}, 0);
  }

  const folders = new Map<string, string>();
  for (const volume of pod.spec.volumes) folders.set(volume.name, await folderOf(volume));
  return pod.spec.containers[0].volumeMounts.map(({ name, mountPath, readOnly }) => {
    const folder = folders.get(name);
    assert.ok(folder, `${mountPath} mounts ${name}, which is no volume of the pod`);
    return { mountPath, folder, writable: readOnly !== true };
  });
}
