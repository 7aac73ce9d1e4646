import type { Condition } from './alert.ts';
import { named } from './names.ts';
import { verdict } from './recording/pue-verdict.ts';
import type { WindowPair } from './windows.ts';

/** The service world's budget period, in seconds. */
const BUDGET_SECONDS = 30 * 86_400;

const site = named('site');

/** How long a full budget lasts at the rate of the verdict, as a template; `%q` quotes the site for PromQL. */
const lasts = (pair: WindowPair): string =>
  `{{ with query (printf "${BUDGET_SECONDS} / (${verdict(pair)}{site=%q} > 0)" $labels.site) }}{{ . | first | value | humanizeDuration }}{{ end }}`;

/** The overhead budget of a site burns too fast over both windows of a pair. */
export function pueBudgetBurn(pair: WindowPair, keepFiringFor: string): Condition {
  const { long, short, factor } = pair;
  const value = '{{ $value | printf "%.2f" }}';
  return {
    expr: `${verdict(pair)} > 0`,
    keepFiringFor,
    labels: { long, short },
    description: {
      zh: `园区${site.zh}最近 ${long} 的非 IT 用电是本月允许值的 ${value} 倍（最近 ${short} 同样超过 ${factor} 倍）。照此速度，30 天的额度 ${lasts(pair)} 用完。若该园区的 GreenflopsMeterSilent 也在告警，此处是电表失效前最后一次可信的判断。`,
      en: `Site ${site.en} used ${value} times the overhead energy that this month allows over ${long}, and more than ${factor} times over ${short}. At this rate a 30-day budget lasts ${lasts(pair)}. If GreenflopsMeterSilent fires for this site too, this is the last verdict before its meter failed.`,
    },
  };
}
