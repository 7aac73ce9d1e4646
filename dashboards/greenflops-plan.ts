import type { Board } from './board.ts';
import { answer } from './plan/answer.ts';
import { causes } from './plan/causes.ts';
import { evidence } from './plan/evidence.ts';
import { computeTarget } from './plan/target.ts';

/** The question of the joint meeting: is there enough computing power, and is it green? */
export const greenflopsPlan: Board = {
  id: 'greenflops-plan',
  title(plan) {
    const { value, unit } = computeTarget(plan);
    return {
      zh: `我们是否走在通往 ${value} ${unit} 的路上？用电绿色吗？`,
      en: `Are we on the way to ${value} ${unit}, and is it green?`,
    };
  },
  description: {
    zh: '先看答案，再看证据，最后看原因。由声明与指标目录生成，请勿在 Grafana 中修改。',
    en: 'The answer first, then the evidence, then the causes. Generated from the declaration and the metric catalogue: not to be edited in Grafana.',
  },
  sections(plan, language) {
    const target = computeTarget(plan);
    return [{ panels: [...answer(target, language), ...evidence(target, language), ...causes(language)] }];
  },
};
