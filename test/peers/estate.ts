import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** Meters of the shipped estate whose register maps stand for a model; `watts` is an SDM630 read for its power alone. */
const shippedAs = { pm5xxx: 'nc-gate', em24: 'nc-ups-1', sdm630: 'py-chiller', watts: 'nc-chiller' } as const;
export type Model = keyof typeof shippedAs;

interface Shipped {
  readonly meters: readonly { readonly id: string; readonly registers: object }[];
}
const shipped = parse(readFileSync(new URL('../../plan/estate.yaml', import.meta.url), 'utf8')) as Shipped;

/** Interval of every meter and pool here, and of Prometheus. */
export const EVERY_MS = 1000;
const every = `${EVERY_MS}ms`;

/** A meter's entry. Ports are stand-ins until `onFreePorts`; a port is one gateway, told apart by `unit`. */
export function meter(
  { id, model, port, unit }: { id: string; model: Model; port: number; unit: number },
  fields: { site: string; role: string; rated_kw: number } & Readonly<Record<string, unknown>>,
): object {
  const registers = shipped.meters.find((one) => one.id === shippedAs[model])?.registers;
  return { id, ...fields, every, source: { protocol: 'modbus-tcp', address: `127.0.0.1:${port}`, unit }, registers };
}

/** A pool of `count` cards; those without a family's telemetry are there to draw power. */
export function pool(
  id: string,
  site: string,
  accelerator: string,
  count: number,
  telemetry?: { family: string; url: string; timeout?: string },
): object {
  const { family, ...source } = telemetry ?? {};
  const read = family && { telemetry: { family, every, source: { protocol: 'exposition', ...source } } };
  return { id, cluster: `${site}-k`, accelerator, count, nodes: { names: [id] }, ...read };
}

/** The text of an estate (JSON is YAML) with the sites that its meters and pools stand in. */
export function estate(sites: readonly string[], meters: readonly object[], pools: readonly object[]): string {
  return JSON.stringify(
    {
      schema: 'greenflops/v1',
      sites: sites.map((id) => ({
        id,
        name: { zh: '站', en: 'Site' },
        grid: 'jiangxi',
        profile: 'new-large-2025',
        it_rated_kw: 1000,
      })),
      clusters: sites.map((site) => ({
        id: `${site}-k`,
        site,
        context: site,
        jurisdiction: 'jiangxi',
        data_classes: ['general'],
      })),
      meters,
      pools,
      tenants: [
        { id: 'red', action: 'industrial-production', namespaces: ['red-train', 'red-serve'], data_class: 'general' },
        { id: 'blue', action: 'agricultural-production', namespaces: ['blue'], data_class: 'general' },
      ],
    },
    null,
    1,
  );
}
