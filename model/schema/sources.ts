import { z } from 'zod';
import { duration } from './common.ts';

/** A secret stands in a file, never in the declaration. */
const secretFile = z.string().min(1);
/** host:port of a device or of the gateway before it */
export const address = z.string().regex(/^[^\s/]+:\d{1,5}$/, { error: 'address' });
const httpUrl = z.url({ protocol: /^https?$/, error: 'http_url' });

/** How whoever asks by HTTP proves who it is, and how it knows whom it asks. */
const httpAccess = {
  auth: z
    .union([
      z.strictObject({ username: z.string().min(1), password_file: secretFile }),
      z.strictObject({ bearer_file: secretFile }),
    ])
    .optional(),
  /** Sent with every request, e.g. a tenant's header; never a secret: those stand in files */
  headers: z.record(z.string(), z.string()).default({}),
  tls: z
    .strictObject({
      ca_file: z.string().min(1).optional(),
      cert_file: z.string().min(1).optional(),
      key_file: secretFile.optional(),
      /** SHA-256 of the server's certificate in hex: how a BMC with a certificate of its own making is known */
      fingerprint_sha256: z
        .string()
        .regex(/^([0-9A-Fa-f]{2}:?){32}$/, { error: 'fingerprint' })
        .optional(),
    })
    .optional(),
};

/** `timestamps`: honor refuses samples whose explicit time is stale; ignore takes the time of receipt instead. */
export const timestamps = z.enum(['honor', 'ignore']);

export const modbusSource = z.strictObject({
  protocol: z.literal('modbus-tcp'),
  address,
  unit: z.int().min(0).max(255).default(1),
  /** rtu: frames of the serial line, with CRC, over TCP, as converters without a Modbus gateway's wits pass them on */
  framing: z.enum(['tcp', 'rtu']).default('tcp'),
  timeout: duration.default(3000),
});

/** http(s) URL, or file:///… for a text file */
const textUrl = z.url({ protocol: /^(https?|file)$/, error: 'url' });
export const expositionSource = z.strictObject({
  protocol: z.literal('exposition'),
  url: textUrl,
  ...httpAccess,
  timeout: duration.default(5000),
  timestamps: timestamps.optional(),
});

const snmpCommunity = { community: z.string().min(1).optional(), community_file: secretFile.optional() };
const snmpBase = {
  protocol: z.literal('snmp'),
  /** host:port, usually port 161 */
  address,
  /** For one request; a request is repeated `retries` times */
  timeout: duration.default(2000),
  retries: z.int().min(0).max(5).default(1),
};
export const snmpSource = z.discriminatedUnion('version', [
  z.strictObject({ ...snmpBase, version: z.literal('1'), ...snmpCommunity }),
  z.strictObject({ ...snmpBase, version: z.literal('2c'), ...snmpCommunity }),
  z.strictObject({
    ...snmpBase,
    version: z.literal('3'),
    user: z.string().min(1),
    /** Absent: noAuth */
    auth: z.enum(['md5', 'sha', 'sha224', 'sha256', 'sha384', 'sha512']).optional(),
    auth_password_file: secretFile.optional(),
    /** Absent: noPriv. aes256r is Reeder's key extension, which most Cisco devices use */
    privacy: z.enum(['des', 'aes', 'aes256b', 'aes256r']).optional(),
    privacy_password_file: secretFile.optional(),
    context: z.string().optional(),
  }),
]);

export const redfishSource = z.strictObject({
  protocol: z.literal('redfish'),
  /** Of the service, without /redfish/v1 */
  url: httpUrl,
  ...httpAccess,
  /** true: one session, made once and deleted at the end, instead of Basic authentication with each request */
  session: z.boolean().default(false),
  timeout: duration.default(15_000),
  timestamps: timestamps.optional(),
});

export const jsonSource = z.strictObject({
  protocol: z.literal('http-json'),
  url: textUrl,
  ...httpAccess,
  timeout: duration.default(5000),
  timestamps: timestamps.optional(),
});

export const prometheusSource = z.strictObject({
  protocol: z.literal('prometheus'),
  /** Of the server, without /api/v1 */
  url: httpUrl,
  ...httpAccess,
  timeout: duration.default(10_000),
});

const dlt645Source = z.strictObject({
  protocol: z.literal('dlt645'),
  /** host:port of the gateway that passes frames on to the RS-485 line */
  address,
  /** The meter's 12 digits, as on its plate */
  meter: z.string().regex(/^\d{12}$/, { error: 'dlt645_address' }),
  timeout: duration.default(3000),
});

export const fileDropSource = z.strictObject({
  protocol: z.literal('file-drop'),
  /** Folder into which CSV files are put; each is read once, known by its hash. Meters may share one, with the same columns, unit, time_zone and encoding */
  folder: z.string().min(1),
  /** What the files call this meter. Absent: its id */
  meter: z.string().min(1).optional(),
  /** What the files call their columns: these alone are read. Absent: the headers that `greenflops import` knows */
  columns: z
    .strictObject({
      meter: z.string().min(1).optional(),
      hour: z.string().min(1).optional(),
      date: z.string().min(1).optional(),
      month: z.string().min(1).optional(),
      from: z.string().min(1).optional(),
      to: z.string().min(1).optional(),
      energy: z.string().min(1),
      unit: z.string().min(1).optional(),
      reference: z.string().min(1).optional(),
    })
    .optional(),
  /** Of the energy, where neither header nor line states one. An hour's mean power in W is its energy in Wh */
  unit: z.enum(['kWh', 'MWh', 'Wh', 'J', 'GJ']).optional(),
  /** Of times that state none */
  time_zone: z
    .union([z.enum(['Asia/Shanghai', 'UTC']), z.string().regex(/^[+-]([01]\d):[0-5]\d$/)])
    .default('Asia/Shanghai'),
  /** Absent: told by the bytes */
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'gb18030']).optional(),
});

const calculatedSource = z.strictObject({ protocol: z.literal('calculated'), formula: z.string().min(1) });

/** The Kubernetes API of a cluster: from a kubeconfig, or from within. */
export const kubernetesSource = z.strictObject({
  protocol: z.literal('kubernetes'),
  /** in-cluster: by the pod's own account; a path: that kubeconfig. Absent: KUBECONFIG, or ~/.kube/config */
  kubeconfig: z.string().min(1).optional(),
  /** Absent: the cluster's `context` */
  context: z.string().min(1).optional(),
  timeout: duration.default(10_000),
});

export type HttpAccess = z.infer<z.ZodObject<typeof httpAccess>>;
export type ModbusSource = z.infer<typeof modbusSource>;
export type ExpositionSource = z.infer<typeof expositionSource>;
export type SnmpSource = z.infer<typeof snmpSource>;
export type RedfishSource = z.infer<typeof redfishSource>;
export type PrometheusSource = z.infer<typeof prometheusSource>;
export type FileDropSource = z.infer<typeof fileDropSource>;
export type KubernetesSource = z.infer<typeof kubernetesSource>;

/** What a meter may be read by. */
export const meterSource = z.discriminatedUnion('protocol', [
  modbusSource,
  expositionSource,
  snmpSource,
  redfishSource,
  jsonSource,
  prometheusSource,
  dlt645Source,
  fileDropSource,
  calculatedSource,
]);
export type MeterProtocol = z.infer<typeof meterSource>['protocol'];

/** Exporters of a pool: one text, one text a node ({node} stands for each of nodes.names), or what a Prometheus scraped. */
export const poolSource = z.discriminatedUnion('protocol', [
  expositionSource.extend({
    url: textUrl.optional(),
    /** Like http://{node}:9400/metrics */
    url_per_node: z
      .string()
      .regex(/^https?:\/\/[^/]*\{node\}.*$/, { error: 'node_url' })
      .optional(),
  }),
  prometheusSource.extend({
    /** Label matchers that choose the pool's series: {cluster: nc-a} */
    matchers: z.record(z.string().regex(/^[a-zA-Z_]\w*$/), z.string()).default({}),
    /** true: the server adds up, and no device is seen one by one: for tens of thousands of chips */
    aggregate: z.boolean().default(false),
    /** true: the server was told to keep the exporters' own labels (honor_labels), so `pod` is the workload's */
    honor_labels: z.boolean().optional(),
    timestamps: timestamps.optional(),
  }),
]);
export type PoolSourceOf = z.infer<typeof poolSource>;

/** Where it is read which pod holds how many chips of which node. */
export const allocationSource = z.discriminatedUnion('protocol', [
  kubernetesSource,
  expositionSource,
  prometheusSource.extend({ matchers: z.record(z.string().regex(/^[a-zA-Z_]\w*$/), z.string()).default({}) }),
]);
export type AllocationSource = z.infer<typeof allocationSource>;
