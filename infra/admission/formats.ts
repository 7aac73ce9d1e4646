import { isIPv4, isIPv6 } from 'node:net';

const RFC3339 = /^\d{4}-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** The formats of text that an API server heeds and this decides. */
export const formats: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': (text) => RFC3339.test(text) && !Number.isNaN(Date.parse(text)),
  ipv4: isIPv4,
  ipv6: isIPv6,
  byte: (text) => BASE64.test(text),
  uuid: (text) => UUID.test(text),
};

/** Those that it heeds and this does not decide; any other name is a comment to both. */
export const undecided = new Set(
  'bsonobjectid uri email hostname cidr mac uuid3 uuid4 uuid5 isbn isbn10 isbn13 creditcard ssn hexcolor rgbcolor date duration datetime k8s-short-name k8s-long-name'.split(
    ' ',
  ),
);

/** Inclusive ends of the formats of whole numbers. */
export const ranges: Readonly<Record<string, readonly [number, number]>> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2 ** 63), 2 ** 63],
};
