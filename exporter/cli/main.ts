#!/usr/bin/env node
import { Command } from 'commander';
import { ListenError } from '../publish/http/listen.ts';
import { told } from '../account/ledger/ledger-file.ts';
import { StoreError } from '../account/ledger/store-error.ts';
import { terminalLanguage } from '../../model/terminal-language.ts';
import { version } from '../version.ts';
import { adjust } from './adjust.ts';
import { backup, restore } from './backup.ts';
import { check } from './check.ts';
import { close } from './close.ts';
import { doctor } from './doctor.ts';
import { events } from './events.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { meter } from './meter.ts';
import { probe } from './probe.ts';
import { run } from './run.ts';
import { Exit, exits } from './say.ts';

/** The one list in which a command is registered. */
const commands = [
  run,
  check,
  probe,
  events,
  importCommand,
  meter,
  adjust,
  close,
  exportCommand,
  backup,
  restore,
  doctor,
];

const program = new Command('greenflops')
  .version(version)
  .description('green computing power, measured / 绿色算力，如实计量');
for (const command of commands) program.addCommand(command);
let store: unknown;
program.hook('preAction', (_, command) => {
  store = command.opts()['store'];
});

/** SQLite names no file: the ledger of the command is meant. */
const named = (error: unknown): unknown =>
  error instanceof Error && 'errcode' in error ? told(String(store), error) : error;

try {
  await program.parseAsync();
} catch (thrown) {
  const error = named(thrown);
  const known = error instanceof Exit || error instanceof StoreError || error instanceof ListenError;
  console.error(known ? error.text[terminalLanguage()] : error instanceof Error ? error.message : error);
  process.exitCode = error instanceof Exit ? error.code : exits.runtime;
}
