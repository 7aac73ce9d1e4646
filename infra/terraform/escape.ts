/** Terraform reads ${…} and %{…} in every string of its JSON as a template, keys included; doubled they stand for themselves. */
const escapeText = (text: string): string => text.replace(/[$%](?=\{)/g, (sign) => sign + sign);

/** A copy of a plain value in which every string and key means itself to Terraform. Fn.rawString leaves out %{. */
export function escapeTemplates<T>(value: T): T;
export function escapeTemplates(value: unknown): unknown {
  if (typeof value === 'string') return escapeText(value);
  if (Array.isArray(value)) return value.map((entry: unknown) => escapeTemplates(entry));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [escapeText(key), escapeTemplates(entry)]));
}
