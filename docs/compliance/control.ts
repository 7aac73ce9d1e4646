import type { Text } from '../../model/text.ts';

/** One demand of a standard or law, and how the pools meet it. */
export interface Control {
  readonly source: Text;
  /** Clause or article; of a standard whose clauses are not at hand, its subject */
  readonly clause: Text;
  /** True where the clause's number comes from memory and was compared with no source */
  readonly unverified?: true;
  readonly demand: Text;
  readonly mechanism: Text;
  /** Kinds whose declared objects serve it, besides the policies that its denials are by */
  readonly kinds: readonly string[];
  /** Rows of the denial corpus that show it; at least one */
  readonly denials: readonly string[];
  /** Tests that show more of it, as paths from the root */
  readonly tests?: readonly string[];
  /** What no object of the declaration can enforce: who does, and what to do */
  readonly outside?: { readonly by: Enforcer; readonly todo: Text };
}

export type Enforcer = 'cni' | 'api-server' | 'storage' | 'device' | 'organisation';

export const enforcers: Readonly<Record<Enforcer, Text>> = {
  cni: { zh: '网络插件', en: 'network plugin' },
  'api-server': { zh: 'API 服务器参数', en: 'flags of the API server' },
  storage: { zh: '存储', en: 'storage' },
  device: { zh: '设备插件', en: 'device plugin' },
  organisation: { zh: '管理制度', en: 'organisation' },
};
