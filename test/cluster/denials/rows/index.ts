import type { Row } from '../row.ts';
import { chipRows } from './chips.ts';
import { dataRows } from './data.ts';
import { dataClassRows } from './data-class.ts';
import { imageRows } from './images.ts';
import { kubernetesRows } from './kubernetes.ts';
import { namespaceRows } from './namespaces.ts';
import { placementRows } from './placement.ts';
import { queueRows } from './queues.ts';

/** The denial corpus. */
export const rows: readonly Row[] = [
  ...dataClassRows,
  ...namespaceRows,
  ...placementRows,
  ...dataRows,
  ...imageRows,
  ...queueRows,
  ...chipRows,
  ...kubernetesRows,
];
