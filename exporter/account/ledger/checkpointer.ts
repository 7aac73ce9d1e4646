import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';

/** Rows of one commit from which on the log is copied by a thread: the pages of fewer are written in some ms. */
const MANY_ROWS = 500;

// As text: what ships is one file.
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const { DatabaseSync } = require('node:sqlite');
const database = new DatabaseSync(workerData, { timeout: 0 });
parentPort.on('message', () => {
  // The log keeps what could not be copied, and the next commit asks again.
  try { database.exec('PRAGMA wal_checkpoint(PASSIVE)'); } catch {}
});`;

/**
 * Copies SQLite's write-ahead log into the file. SQLite does it within a commit: at an hour's turn the rows of 2,000
 * meters lie on as many pages, and their fsync would hold the event loop for 50 ms. A commit is durable before it.
 */
export class Checkpointer {
  readonly #database: DatabaseSync;
  readonly #path: string;
  #thread: Worker | null = null;
  #failed = false;

  constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.#path = path;
  }

  /** Before a commit of so many rows. */
  prepare(rows: number): void {
    if (rows < MANY_ROWS || this.#thread !== null || this.#failed) return;
    this.#thread = new Worker(THREAD, { eval: true, workerData: this.#path });
    this.#thread.unref();
    this.#thread.on('error', () => this.#fail());
    this.#database.exec('PRAGMA wal_autocheckpoint = 0');
  }

  /** Without the thread the log is copied within commits, as it is by default. */
  #fail(): void {
    this.#failed = true;
    this.#thread = null;
    if (this.#database.isOpen) this.#database.exec('PRAGMA wal_autocheckpoint = 1000');
  }

  /** After a commit. */
  copy(): void {
    this.#thread?.postMessage(null);
  }

  /** To be called before the database is closed. */
  close(): void {
    if (this.#thread === null) return;
    void this.#thread.terminate();
    this.#thread = null;
    // The thread may hold the file a little longer: nothing is to be left in the log alone.
    try {
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // No room: the log is kept, and read when the ledger is opened next.
    }
  }
}
