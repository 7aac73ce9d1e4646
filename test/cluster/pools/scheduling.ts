import assert from 'node:assert/strict';
import { shown } from '../evidence.ts';
import type { Proving } from '../proving.ts';
import { machines, PLAIN } from './nodes.ts';
import { create, fate, gone, grantOf, tolerations, work, type Grant } from './work.ts';

/** As many pods as the quota admits: every one on the pool's nodes. */
export async function lands(stage: Proving, grant: Grant): Promise<void> {
  const { pool, namespace, most, each } = grant;
  const count = Math.min(...Object.entries(most).map(([name, all]) => Math.floor(all / (each[name] ?? 1))));
  assert.ok(count > 0);
  const found = new Set<string>();
  for (let i = 0; i < count; i++) {
    const name = `lands-${pool}-${i}`;
    await stage.accepted(create(namespace), work(name, grant, each, { tolerations: tolerations(stage, pool) }));
    const { node, why } = await fate(stage, namespace, name);
    assert.ok(node !== undefined && machines[pool]?.nodes.includes(node), `${name}: ${node ?? why}`);
    found.add(node);
  }
  await gone(stage, namespace);
  shown('Node', 'behaves', `pods of ${pool} land on ${[...found].join(', ')}`);
}

/** The scheduler keeps a pod off the pool's nodes that does not tolerate their taint, whatever it may request. */
export async function intolerant(stage: Proving, grant: Grant): Promise<void> {
  const { namespace, each } = grant;
  await stage.accepted(create(namespace), work('intolerant', grant, each));
  const { node, why = '' } = await fate(stage, namespace, 'intolerant');
  assert.equal(node, undefined, 'it has no node');
  const all = Object.values(machines).flatMap(({ nodes }) => nodes).length;
  // Every pool has taints, its own among them; the node that is in none has no chip.
  assert.ok(
    why.startsWith(`0/${all + 1} nodes are available: `) && why.includes(`${all} node(s) had untolerated taint(s)`),
    why,
  );
  assert.ok(why.includes(`1 Insufficient ${Object.keys(each)[0]}`), why);
  await gone(stage, namespace);
}

/** A tenant of two pools whose pod tolerates the one and asks for the other's chips. */
export async function otherPool(stage: Proving): Promise<void> {
  const grant = grantOf('p-rdma');
  await stage.accepted(
    create(grant.namespace),
    work('astray', grant, grant.each, { tolerations: tolerations(stage, 'p-910b') }),
  );
  const { node, why = '' } = await fate(stage, grant.namespace, 'astray');
  assert.equal(node, undefined);
  // Those that it tolerates have none of the chips, and the node that has them is not tolerated.
  const others = machines['p-910b']?.nodes.length ?? 0;
  assert.ok(why.includes(`${others + 1} Insufficient hygon.com/dcu`), why);
  assert.match(why, /\d node\(s\) had untolerated taint\(s\)/);
  await gone(stage, grant.namespace);
}

/** A pod that asks for no chip and names a runtime class goes to that pool, and one that names none stays off every pool. */
export async function runtimeClass(stage: Proving, pool: string): Promise<void> {
  const grant = grantOf(pool);
  const { namespace } = grant;
  await stage.accepted(create(namespace), work('led', grant, {}, { runtimeClassName: pool }));
  const led = await fate(stage, namespace, 'led');
  assert.ok(led.node !== undefined && machines[pool]?.nodes.includes(led.node), led.node ?? led.why);
  await stage.accepted(create(namespace), work('free', grant, {}));
  const free = await fate(stage, namespace, 'free');
  assert.equal(free.node, PLAIN, free.why);
  await gone(stage, namespace);
  shown('RuntimeClass', 'behaves', 'leads pods to its pool past the taint');
}
