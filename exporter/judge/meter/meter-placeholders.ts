import { compare, parseDecimal } from '../../../model/rational.ts';
import type { Rejection } from '../../../model/reasons.ts';
import type { EnergyRegister, Meter, PowerRegister } from '../../../model/schema/meter.ts';
import type { MeterAnswer, Raw } from '../../read/reader.ts';

/** The answer with the values that a register declares as "no reading" (APC's -1, SunSpec's 32768) taken for none. */
export function withoutPlaceholders(
  { registers }: Meter,
  answer: MeterAnswer,
): { readonly answer: MeterAnswer; readonly placeholders: readonly Rejection[] } {
  const placeholders: Rejection[] = [];
  const clean = (register: EnergyRegister | PowerRegister | undefined, raw: Raw): Raw => {
    const { value } = raw;
    const isPlaceholder = (sentinel: number): boolean => {
      const none = parseDecimal(String(sentinel));
      return value !== null && none !== null && compare(value, none) === 0;
    };
    if (!register?.sentinels?.some(isPlaceholder)) return raw;
    placeholders.push('sentinel');
    return { ...raw, value: null };
  };
  const { energy, tariffs, power } = answer;
  const cleaned = {
    ...answer,
    ...(energy && { energy: clean(registers.energy, energy) }),
    ...(power && { power: clean(registers.power, power) }),
    ...(tariffs && { tariffs: tariffs.map((raw, index) => clean(registers.tariffs?.[index], raw)) }),
  };
  return placeholders.length === 0 ? { answer, placeholders } : { answer: cleaned, placeholders };
}
