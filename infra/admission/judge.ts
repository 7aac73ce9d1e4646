import type { Crd, Crds } from './crds.ts';
import { withDefaults } from './defaults.ts';
import type { Problem, Verdict } from './problem.ts';
import { isFields, type Fields } from './schema.ts';
import { unknownFields } from './unknown-fields.ts';
import { walk } from './walk.ts';

export interface Judged extends Verdict {
  /** False where the folder has no definition of the kind: nothing was checked */
  readonly covered: boolean;
}

const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** What an API server with these definitions would say to the creation of an object under strict field validation. */
export function judge(object: Fields, crds: Crds): Judged {
  const [group, version] = String(object['apiVersion']).split('/');
  const crd = version === undefined ? undefined : crds.of(group ?? '', String(object['kind']));
  const verdict: Judged = { problems: [], unchecked: new Map(), covered: crd !== undefined };
  if (!crd) return verdict;
  const served = crd.spec.versions.filter((one) => one.served);
  const used = served.find(({ name }) => name === version);
  if (!used) {
    const names = served.map(({ name }) => name);
    verdict.problems.push({
      path: 'apiVersion',
      detail: {
        zh: `${crd.metadata.name} 不提供 ${version}；提供：${names.join('、')}`,
        en: `${crd.metadata.name} does not serve ${version}; it serves ${names.join(', ')}`,
      },
    });
    return verdict;
  }
  verdict.problems.push(...identity(object, crd));
  const schema = used.schema?.openAPIV3Schema;
  if (!schema) return verdict;
  unknownFields(object, schema, verdict);
  // A status that has an endpoint of its own is dropped from what creates the object.
  const { status, ...rest } = object;
  walk(
    withDefaults(used.subresources?.status ? rest : { ...rest, ...(status !== undefined && { status }) }, schema),
    schema,
    verdict,
  );
  return verdict;
}

/** Name and namespace. An object of a namespaced kind that names none would land where the context says. */
function identity({ metadata }: Fields, { spec: { scope } }: Crd): Problem[] {
  const { name, namespace } = isFields(metadata) ? metadata : {};
  const problems: Problem[] = [];
  if (typeof name !== 'string' || !SUBDOMAIN.test(name))
    problems.push({
      path: 'metadata.name',
      detail: {
        zh: `${JSON.stringify(name)} 不是小写的 RFC 1123 子域名`,
        en: `${JSON.stringify(name)} is no lower-case RFC 1123 subdomain`,
      },
    });
  if (scope === 'Namespaced' && namespace === undefined)
    problems.push({
      path: 'metadata.namespace',
      detail: {
        zh: '此种对象属于命名空间，却未写明',
        en: 'objects of this kind lie in a namespace, and none is named',
      },
    });
  if (scope === 'Cluster' && namespace !== undefined)
    problems.push({
      path: 'metadata.namespace',
      detail: { zh: '此种对象不属于任何命名空间', en: 'objects of this kind lie in no namespace' },
    });
  return problems;
}
