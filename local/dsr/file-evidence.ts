import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EvidenceStore } from '../../core/dsr/erasures.ts';
import { keepOnce } from './keep-once.ts';

/** Evidence as files that are written once. */
export class FileEvidence implements EvidenceStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  async keep(name: string, text: string): Promise<string> {
    return keepOnce(join(this.#directory, name), text, 0o444);
  }
}
