import type { Row } from '../row.ts';
import { chipRows } from './chips.ts';
import { clearanceRows } from './clearance.ts';
import { dataClassChangeRows } from './data-class-changes.ts';
import { dataClassRows } from './data-class.ts';
import { admissionRows } from './admission.ts';
import { datasetRows } from './datasets.ts';
import { imageRows } from './images.ts';
import { jurisdictionRows } from './jurisdictions.ts';
import { kubernetesRows } from './kubernetes.ts';
import { kueueKeyRows } from './kueue-keys.ts';
import { namespaceRows } from './namespaces.ts';
import { neighbourRows } from './neighbours.ts';
import { nodeRows } from './nodes.ts';
import { priorityRows } from './priorities.ts';
import { queueRows } from './queues.ts';
import { serviceRows } from './services.ts';
import { tokenRows } from './tokens.ts';
import { tolerationRows } from './tolerations.ts';
import { volumeRows } from './volumes.ts';

/** The denial corpus. */
export const rows: readonly Row[] = [
  ...dataClassRows,
  ...dataClassChangeRows,
  ...namespaceRows,
  ...jurisdictionRows,
  ...datasetRows,
  ...volumeRows,
  ...serviceRows,
  ...clearanceRows,
  ...imageRows,
  ...nodeRows,
  ...tolerationRows,
  ...neighbourRows,
  ...queueRows,
  ...admissionRows,
  ...kueueKeyRows,
  ...priorityRows,
  ...tokenRows,
  ...chipRows,
  ...kubernetesRows,
];
