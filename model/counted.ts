import type { RegisterItem, Registers } from './schema/registers.ts';

/** The items of a register that count towards the plan at an instant (Unix ms): verified, and dated no later. */
export const countedItems = (registers: Registers, register: string, at: number): readonly RegisterItem[] =>
  registers.items.filter(
    (item) =>
      item.register === register && item.state === 'verified' && Date.parse(`${item.date}T00:00:00+08:00`) <= at,
  );
