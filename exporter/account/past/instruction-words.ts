import { nearest } from '../../../model/nearest.ts';
import type { Rational } from '../../../model/rational.ts';
import type { Text } from '../../../model/text.ts';
import { decimal, kilowattHours } from './past-register.ts';
import type { Stretch } from './past.ts';
import type { StoredGap } from '../ledger/stored-gap.ts';

const iso = (at: number): string => new Date(at).toISOString();
const span = ({ from, to }: Stretch): string => `${iso(from)} – ${iso(to)}`;

/** Why an instruction is refused: what was asked, what stands against it, and what to do instead. */
export const refusals = {
  unknown(meter: string, known: readonly string[]): Text {
    const hint = nearest(meter, known);
    return {
      zh: `表 "${meter}" 未声明${hint ? `；是不是 "${hint}"？` : `；已声明：${known.join('、')}`}`,
      en: `the meter "${meter}" is not declared${hint ? `; did you mean "${hint}"?` : `; declared: ${known.join(', ')}`}`,
    };
  },
  noRegister: (meter: string): Text => ({
    zh: `表 "${meter}" 没有单一的电能寄存器（计算表、只有功率或多费率寄存器）：请用 greenflops adjust 补入电量`,
    en: `the meter "${meter}" has no single energy register (it is calculated, has power alone or several tariffs): bring the energy with greenflops adjust`,
  }),
  future: (at: number, now: number): Text => ({
    zh: `${iso(at)} 在未来（现在是 ${iso(now)}）：请查 --at 与时区`,
    en: `${iso(at)} is in the future (it is ${iso(now)} now): check --at and its zone`,
  }),
  neverRead: (meter: string): Text => ({
    zh: `账本中没有表 "${meter}" 的寄存器读数：请先用 greenflops probe 与 greenflops run 读到它；更早的电量请用 greenflops import 导入`,
    en: `the ledger has no register reading of the meter "${meter}": let greenflops probe and greenflops run reach it first; bring earlier energy with greenflops import`,
  }),
  beforeFirst: (meter: string, at: number, first: number): Text => ({
    zh: `${iso(at)} 早于表 "${meter}" 的首次读数（${iso(first)} 起的小时）：更早的电量请用 greenflops import 导入`,
    en: `${iso(at)} is before the first reading of the meter "${meter}" (in the hour from ${iso(first)}): bring earlier energy with greenflops import`,
  }),
  outside: (level: Rational, modulus: bigint | null): Text => ({
    zh: `寄存器不可能显示 ${decimal(level)}${modulus === null ? '' : `（声明的 modulus 是 ${modulus}）`}：请填 greenflops probe 所示的原始值`,
    en: `no register shows ${decimal(level)}${modulus === null ? '' : ` (the declared modulus is ${modulus})`}: give the raw value, as greenflops probe shows it`,
  }),
  duplicate: (id: number): Text => ({
    zh: `同样的抄表已经提交过（第 ${id} 条指令）：未作改动`,
    en: `the same reading was given before (instruction ${id}): nothing was changed`,
  }),
  closed: (months: readonly string[], gap: Stretch): Text => ({
    zh: `缺口 ${span(gap)} 涉及已结账的 ${months.join('、')} 月：请作为调整分录补入（greenflops adjust --closes-gap）`,
    en: `the gap ${span(gap)} touches months that are closed (${months.join(', ')}): bring the energy as an adjusting entry (greenflops adjust --closes-gap)`,
  }),
  closedOpen: (months: readonly string[], gap: Stretch): Text => ({
    zh: `缺口 ${span(gap)} 涉及已结账的 ${months.join('、')} 月，且尚未结束：请等电表恢复应答，寄存器会自己补上缺口，并记为结账后补入（late）。若届时寄存器接不上（例如已换表），缺口会记为未计量，再用 greenflops adjust --closes-gap 补齐`,
    en: `the gap ${span(gap)} touches months that are closed (${months.join(', ')}) and is still open: wait until the meter answers, its register then bridges the gap, which is recorded as a late booking. Where it does not go on from there (the meter was replaced), the gap is recorded as unmetered: close it then with greenflops adjust --closes-gap`,
  }),
  manual: (gap: Stretch, by: Stretch): Text => ({
    zh: `缺口 ${span(gap)} 中 ${span(by)} 的电量已人工补入，不能再计一次：更正电量请用 greenflops adjust（不带 --closes-gap）`,
    en: `of the gap ${span(gap)} the energy of ${span(by)} was brought by hand already and cannot count twice: correct it with greenflops adjust (without --closes-gap)`,
  }),
  misfit: (level: Rational, before: { level: Rational; at: number }, mostMillijoules: bigint): Text => ({
    zh: `${decimal(level)} 与 ${iso(before.at)} 的 ${decimal(before.level)} 接不上：比它小而又不是翻转，或超过额定功率在此期间所能产生的 ${kilowattHours(mostMillijoules)} kWh（1.2 倍额定功率）。请查数值与时间；若确实如此，请用 greenflops adjust`,
    en: `${decimal(level)} does not go on from ${decimal(before.level)} at ${iso(before.at)}: it is below it and no rollover, or further than rated power can bring it until then, ${kilowattHours(mostMillijoules)} kWh (1.2 times rated power). Check value and time; if they are right, use greenflops adjust`,
  }),
  hidden: (gap: Stretch): Text => ({
    zh: `缺口 ${span(gap)} 长到寄存器可能翻转了不止一次，一次抄表说明不了：请用 greenflops adjust 补入电量`,
    en: `the gap ${span(gap)} is so long that the register may have rolled over more than once, which one reading cannot tell: bring the energy with greenflops adjust`,
  }),
  ratioChanges: (gap: Stretch, at: number): Text => ({
    zh: `声明的互感器变比在缺口 ${span(gap)} 之内的 ${iso(at)} 改变：请先提交改变那一刻的抄表`,
    en: `the declared current-transformer ratio changes at ${iso(at)}, inside the gap ${span(gap)}: give a reading of that moment first`,
  }),
  noGap: (meter: string, at: number, now: { level: Rational; at: number }): Text => ({
    zh: `表 "${meter}" 在 ${iso(at)} 没有缺口，当时读数正常（寄存器在 ${iso(now.at)} 为 ${decimal(now.level)}）：无需抄表；更正电量请用 greenflops adjust`,
    en: `the meter "${meter}" was read without a gap at ${iso(at)} (its register stood at ${decimal(now.level)} at ${iso(now.at)}): there is nothing to close; correct energy with greenflops adjust`,
  }),
  notOpen(gap: StoredGap): Text {
    const levels =
      gap.before && gap.after
        ? `${decimal(gap.before)} → ${decimal(gap.after)}`
        : `${kilowattHours(gap.millijoules)} kWh`;
    const [zh, en] =
      gap.kind === 'bridged'
        ? [`已由寄存器自己补上（${levels}）`, `was bridged by the register itself (${levels})`]
        : gap.kind === 'manual'
          ? [`已由先前的抄表补上（${levels}）`, `was closed by a reading before this one (${levels})`]
          : ['没有记下寄存器的值', 'has no register levels on record'];
    return {
      zh: `缺口 ${span(gap)} ${zh}：更正电量请用 greenflops adjust`,
      en: `the gap ${span(gap)} ${en}: correct energy with greenflops adjust`,
    };
  },
};
