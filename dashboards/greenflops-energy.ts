import type { Board } from './board.ts';
import { answer } from './energy/answer.ts';
import { budget } from './energy/budget.ts';
import { carbon } from './energy/carbon.ts';
import { evidence } from './energy/evidence.ts';
import { forecast } from './energy/forecast.ts';
import { overhead } from './energy/overhead.ts';
import { province } from './energy/province.ts';

/** The question of the energy manager and the engineer on call: does each site keep its year, and can it be shown? */
export const greenflopsEnergy: Board = {
  id: 'greenflops-energy',
  title: () => ({
    zh: '每个园区守得住全年的 PUE 吗？经得起审计吗？',
    en: 'Does each site keep its PUE of the year, and would an auditor agree?',
  }),
  description: {
    zh: '先看答案，再看证据，然后看电用在哪里，最后看碳排放。由声明与指标目录生成，请勿在 Grafana 中修改。',
    en: 'The answer first, then the evidence, then where the overhead goes, then carbon. Generated from the declaration and the metric catalogue: not to be edited in Grafana.',
  },
  sections: (_, language) => [
    { title: { zh: '答案', en: 'Answers' }, panels: [...answer(language), forecast(language), ...budget(language)] },
    { title: { zh: '证据', en: 'Evidence' }, panels: [...evidence(language), ...province(language)] },
    { title: { zh: '非 IT 用电去了哪里', en: 'Where the overhead goes' }, panels: overhead(language) },
    { title: { zh: '碳与绿电', en: 'Carbon and green power' }, panels: carbon(language) },
  ],
};
