import { expect, test } from 'vitest';
import { Board } from '../../../exporter/publish/exposition.ts';
import { carbonSentences } from '../../../exporter/publish/status/carbon.ts';
import { Lookup } from '../../../exporter/publish/status/lookup.ts';
import { carbonWindowKilograms, certificateLeftJoules, refRatio } from '../../../model/metrics/carbon.ts';
import { catalogue } from '../../../model/metrics/index.ts';
import type { Emit } from '../../../model/metrics/metric.ts';

async function said(use: (emit: Emit) => void): Promise<string[]> {
  const cycle = new Board({ catalogue, clock: { wall: () => 0 } }).begin();
  use(cycle.emit);
  const texts = carbonSentences(new Lookup(await cycle.finish()), 's');
  return texts.flatMap(({ zh, en }) => [zh, en]);
}

test('says the year by location and by market, and what of a certificate was not consumed', async () => {
  const texts = await said((emit) => {
    emit(carbonWindowKilograms, { site: 's', window: 'ytd', basis: 'location' }, 2_400_000);
    emit(carbonWindowKilograms, { site: 's', window: 'ytd', basis: 'market' }, 812);
    emit(refRatio, { site: 's', window: 'ytd' }, 0.25);
    const labels = { site: 's', certificate: 'gec-1', kind: 'green-certificate' };
    emit(certificateLeftJoules, { ...labels, state: 'surplus' }, 3.6e9);
    emit(certificateLeftJoules, { ...labels, certificate: 'gec-2', state: 'surplus' }, 0);
  });
  expect(texts).toEqual([
    '今年的二氧化碳排放：按所在电网 2.40 kt，扣除绿色证书后 812 kg；可再生能源占比（REF）25.0 %。',
    'Carbon dioxide of this year: 2.40 kt location-based, 812 kg market-based; renewable share (REF) 25.0 %.',
    '证书 gec-1 有 1 MWh 未在证书期内消费，不予抵扣。',
    '1 MWh of certificate gec-1 was not consumed within its period and is not applied.',
  ]);
});

test('says nothing where emissions are not known', async () => {
  expect(await said((emit) => emit(refRatio, { site: 's', window: 'ytd' }, 0.25))).toEqual([]);
});
