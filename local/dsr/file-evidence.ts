import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvidenceStore } from '../../core/dsr/erasures.ts';

/** Evidence as files that are written once. */
export class FileEvidence implements EvidenceStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  async keep(name: string, text: string): Promise<string> {
    const path = join(this.#directory, name);
    try {
      writeFileSync(path, text, { flag: 'wx', mode: 0o444 });
    } catch {
      // It is there: what was kept first stands.
    }
    return readFileSync(path, 'utf8');
  }
}
