import { z } from 'zod';

/** An address without user and password, which synth would write into every stack's JSON. */
const address = z
  .url({ protocol: /^https?$/, error: 'http_url' })
  .refine((url) => !URL.canParse(url) || new URL(url).username + new URL(url).password === '', { error: 'url_secret' });

/** Where Terraform keeps what it made; credentials come by the backend's own environment variables, never from here. */
export const state = z.discriminatedUnion('backend', [
  /** Beside cdktf.json: terraform.<stack>.tfstate. Git-ignored: it may hold secrets */
  z.strictObject({ backend: z.literal('local'), folder: z.string().min(1).optional() }),
  /** AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; any server that speaks S3 */
  z.strictObject({
    backend: z.literal('s3'),
    bucket: z.string().min(1),
    region: z.string().min(1),
    prefix: z.string().default('greenflops/'),
    endpoint: address.optional(),
    /** Locks by a file beside the state, which the server must write only where none is (conditional writes) */
    lock: z.boolean().default(true),
  }),
  /** PG_CONN_STR */
  z.strictObject({
    backend: z.literal('pg'),
    schema_prefix: z
      .string()
      .regex(/^[a-z_][a-z0-9_]*$/)
      .default('greenflops_'),
  }),
  /** TF_HTTP_USERNAME and TF_HTTP_PASSWORD; <url>/<stack>, locked by LOCK and UNLOCK there */
  z.strictObject({ backend: z.literal('http'), url: address }),
]);
export type State = z.infer<typeof state>;
