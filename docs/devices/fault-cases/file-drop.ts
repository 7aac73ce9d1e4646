import type { Text } from '../../../model/text.ts';
import { dropMeter, dropScene } from '../../../test/exporter/account/drop-scene.ts';
import { never, type ProtocolFaults } from './fault.ts';

interface FileFault {
  readonly name: Text;
  readonly todo: Text;
  /** What is put into the folder; null: there is no folder */
  readonly text: string | Uint8Array | null;
}

/** Where the page says that the folder is. */
const SHOWN_FOLDER = '/srv/meters';
/** More than is read of one file */
const HUGE = 9 * 2 ** 20;
const lines = (...rows: readonly string[]): string => `${['meter,hour,energy_kwh', ...rows].join('\n')}\n`;

const cases: readonly FileFault[] = [
  {
    name: { zh: '文件夹不在', en: 'the folder is not there' },
    todo: {
      zh: '挂载它，或改 `folder`；网络盘掉线也是这样',
      en: 'Mount it, or change `folder`; a network disk that is gone looks like this',
    },
    text: null,
  },
  {
    name: { zh: '空文件', en: 'an empty file' },
    todo: { zh: '查写文件的任务', en: 'Look at the job that writes it' },
    text: '',
  },
  {
    name: { zh: '格式不对：没有认识的列', en: 'wrong format: no column that is known' },
    todo: { zh: '用 `columns` 声明文件的列名', en: "Declare the file's columns by `columns`" },
    text: 'foo;bar\n1;2\n',
  },
  {
    name: { zh: '电量不是数', en: 'an energy that is no number' },
    todo: {
      zh: '改正该行后重新放入；整个文件都未入账',
      en: 'Correct the line and put the file again: nothing of it was booked',
    },
    text: lines('nc-gate-1,2026-11-23 08:00,N/A'),
  },
  {
    name: { zh: '文件写到一半', en: 'the file is cut in the middle' },
    todo: {
      zh: '先写到别的名字再改名；完整的文件会取代它',
      en: 'Write under another name and rename; the whole file takes its place',
    },
    text: lines('nc-gate-1,2026-11-23 08:00,400').slice(0, -6),
  },
  {
    name: { zh: '别的表', en: 'another meter' },
    todo: {
      zh: '放错了文件夹，或用 `meter` 声明文件里的名字',
      en: 'The wrong folder, or declare by `meter` what files call it',
    },
    text: lines('other,2026-11-23 08:00,400'),
  },
  {
    name: { zh: '将来的小时', en: 'an hour of the future' },
    todo: { zh: '核对时区 `time_zone`', en: 'Check `time_zone`' },
    text: lines('nc-gate-1,2027-11-23 08:00,400'),
  },
  {
    name: { zh: '文件过大', en: 'too large a file' },
    todo: { zh: '拆分文件', en: 'Split the file' },
    text: new Uint8Array(HUGE),
  },
];

async function seen(text: FileFault['text']) {
  const scene = dropScene();
  try {
    const folder = text === null ? `${scene.folder}-gone` : scene.folder;
    if (text !== null) scene.put('nov.csv', text);
    const source = scene.open(dropMeter('nc-gate-1', folder));
    // the second look finds what is whole
    for (let look = 0; look < 2; look++) await source.poll(scene.clock, never);
    const [silent] = scene.noted;
    if (silent) {
      const { failure, message } = silent.event.detail;
      const shown = String(message).replace(folder, SHOWN_FOLDER);
      return { label: `failure="${failure}"`, message: { zh: shown, en: shown } };
    }
    const refused = scene.events().find(({ kind }) => kind === 'file_refused');
    if (!refused) throw new Error('the reader took for good what the page calls a fault');
    const { reason, reason_zh: reasonZh } = refused.detail;
    return { label: 'outcome="refused"', message: { zh: String(reasonZh), en: String(reason) } };
  } finally {
    scene.remove();
  }
}

export const fileDropFaults: ProtocolFaults = {
  title: { zh: '文件夹里的 CSV', en: 'CSV files in a folder' },
  page: 'file-drop',
  address: '',
  faults: cases.map(({ name, todo, text }) => ({ name, todo, play: () => seen(text) })),
};
