import { metric } from './metric.ts';

export const dropFiles = metric({
  name: 'greenflops_drop_files_total',
  type: 'counter',
  unit: '',
  stability: 'stable',
  labels: ['site', 'source', 'outcome'],
  help: {
    zh: '投放文件夹中处理过的文件数（按账本）：imported 已入账，refused 有误而未入账，known 内容先前已入账',
    en: 'Files of a drop folder by what became of them, by the ledger: imported, refused for something that is wrong, known for bytes that are in the ledger already',
  },
});
export const dropFilesWaiting = metric({
  name: 'greenflops_drop_files_waiting',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels: ['site', 'source'],
  help: {
    zh: '投放文件夹中尚未写完、或因账本暂不可写而等待的文件数',
    en: 'Files of a drop folder that are still being written, or wait until the ledger can be written',
  },
});
