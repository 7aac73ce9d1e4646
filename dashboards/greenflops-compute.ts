import type { Board } from './board.ts';
import { cardEnergy } from './compute/cards.ts';
import { delivered } from './compute/delivered.ts';
import { evidence } from './compute/evidence.ts';
import { pools } from './compute/pools.ts';
import { queues } from './compute/queues.ts';
import { computeTarget } from './plan/target.ts';

/** The question of operators and the joint meeting: who gets the computing power, and what does the rest draw? */
export const greenflopsCompute: Board = {
  id: 'greenflops-compute',
  title: () => ({
    zh: '谁得到多少算力，凭什么证据？空转的卡用多少电？',
    en: 'Who is given how much computing power, by what evidence, and what do idle cards draw?',
  }),
  description: {
    zh: '先看各资源池与租户，再看配额与队列、加速器的用电，最后看证据。由声明与指标目录生成，请勿在 Grafana 中修改。',
    en: 'Pools and tenants first, then quotas and queues, then what accelerators draw, then the evidence. Generated from the declaration and the metric catalogue: not to be edited in Grafana.',
  },
  sections(plan, language) {
    const target = computeTarget(plan);
    return [
      { title: { zh: '答案', en: 'Answers' }, panels: [pools(target, language), ...delivered(target, language)] },
      { title: { zh: '配额与队列', en: 'Quotas and queues' }, panels: queues(language) },
      { title: { zh: '加速器的用电', en: 'What accelerators draw' }, panels: cardEnergy(language) },
      { title: { zh: '证据', en: 'Evidence' }, panels: evidence(target, language) },
    ];
  },
};
