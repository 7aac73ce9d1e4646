import { DatabaseSync } from 'node:sqlite';
import { lock } from '../ledger/ledger-file.ts';

/**
 * Opens the exporter's own ledger once more, to add the past to it: between the steps of a commit nothing else may write
 * through the exporter's connection. It never waits, for both are in one thread. One import at a time, whoever makes it.
 * @throws StoreError while somebody else imports
 */
export function openToImport(path: string): { readonly database: DatabaseSync; readonly close: () => void } {
  const held = lock(path, `${path}.import-lock`);
  try {
    const database = new DatabaseSync(path, { timeout: 0 });
    database.exec('PRAGMA synchronous = FULL');
    return {
      database,
      close: () => {
        database.close();
        held.close();
      },
    };
  } catch (error) {
    held.close();
    throw error;
  }
}
