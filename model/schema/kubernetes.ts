import { z } from 'zod';

/** What Kubernetes takes as a label's key, and a taint's: a name of at most 63 characters, behind a domain and a '/' or not. */
const KEY =
  /^(?:(?=.{1,253}\/)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/;

export const labelKey = z.string().regex(KEY, { error: 'label_key' });
export const labelValue = z.string().regex(VALUE, { error: 'label_value' });

const words = (length: number) =>
  z.strictObject({ zh: z.string().min(1).max(length), en: z.string().min(1).max(length) });

/** Names and reasons become annotations, of which an object holds 256 KiB in all. */
export const title = words(256);
export const reason = words(1024);

/** Of an extended resource: domain/name */
export const resourceName = z.string().regex(/^[a-z0-9][a-z0-9.-]*\/[A-Za-z0-9][\w.-]*$/, { error: 'resource_name' });
