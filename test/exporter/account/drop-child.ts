/** Brings the file of a folder into a ledger and is killed once so many hours are staged: node drop-child.ts FOLDER LEDGER HOURS NOW */
import { dropSteps } from '../../../exporter/account/past/drop-import.ts';
import { openToImport } from '../../../exporter/account/past/drop-ledger.ts';
import { readDropFile } from '../../../exporter/read/file-drop/drop-file.ts';
import { DropFolder } from '../../../exporter/read/file-drop/drop-folder.ts';
import { dropMeter } from './drop-scene.ts';

const [folder = '', ledger = '', most = '', now = ''] = process.argv.slice(2);
const watched = new DropFolder(folder);
await watched.scan();
const [file] = (await watched.scan()).complete;
const read = file && (await readDropFile(folder, file, new AbortController().signal));
const meter = dropMeter('a', folder);
if (!read || meter.source.protocol !== 'file-drop') throw new Error('there is no file');
const { database } = openToImport(ledger);
const steps = dropSteps(database, read, { meters: [meter], source: meter.source, plan: '' }, Number(now));
const staged = database.prepare('SELECT count(*) AS hours FROM past_hour');
while (steps.next().done !== true) if (Number(staged.get()?.['hours']) >= Number(most)) break;
process.kill(process.pid, 'SIGKILL');
