import type { Text } from '../../../model/text.ts';

/** The ledger cannot be used: says which file, why, and the way out. The file was not touched. */
export class StoreError extends Error {
  override name = 'StoreError';
  readonly text: Text;
  constructor(text: Text, options?: ErrorOptions) {
    super(text.en, options);
    this.text = text;
  }
}
