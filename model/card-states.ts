/** What an accelerator does while it draws power: works for a pod, is held by one without work, or nobody's. */
export const cardStates = ['busy', 'idle', 'unallocated'] as const;
export type CardState = (typeof cardStates)[number];
