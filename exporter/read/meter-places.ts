import type { EnergyRegister, PowerRegister, Registers, RestartRegister } from '../../model/schema/meter.ts';
import type { MeterAnswer, Raw } from './reader.ts';

interface Place {
  readonly quantity: 'energy' | 'tariffs' | 'power' | 'restart';
  readonly register: EnergyRegister | PowerRegister | RestartRegister;
}

/** Every number that a meter's declaration asks for, in the order in which it is read: what belongs together is read together. */
export const placesOf = ({ energy, tariffs = [], restart, power }: Registers): Place[] => [
  ...(restart ? [{ quantity: 'restart', register: restart } as const] : []),
  ...(energy ? [{ quantity: 'energy', register: energy } as const] : []),
  ...tariffs.map((register) => ({ quantity: 'tariffs', register }) as const),
  ...(power ? [{ quantity: 'power', register: power } as const] : []),
];

/** The answer that the numbers at these places make. */
export function answerOf(raws: readonly (readonly [Place['quantity'], Raw])[]): MeterAnswer {
  const of = (wanted: Place['quantity']): Raw[] =>
    raws.flatMap(([quantity, raw]) => (quantity === wanted ? [raw] : []));
  const [[energy], tariffs, [power], [restart]] = [of('energy'), of('tariffs'), of('power'), of('restart')];
  return {
    ...(energy && { energy }),
    ...(tariffs.length > 0 && { tariffs }),
    ...(power && { power }),
    ...(restart && { restart }),
  };
}
