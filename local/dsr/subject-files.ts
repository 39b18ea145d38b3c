import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Subject, SubjectFiles } from '../../core/dsr/erasures.ts';

/** Where a home keeps the subjects of open batches. */
export function subjectsDirectory(home: string): string {
  return join(home, 'erasures', 'subjects');
}

/** A file for each batch, one JSON object a line, which the engine reads as `dsr_subjects`. */
export class LocalSubjectFiles implements SubjectFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  async write(batch: string, subjects: readonly Subject[]): Promise<void> {
    const lines = subjects.map(({ identity, scopeEnds }) =>
      JSON.stringify({ batch, subject: identity, scope_ends: scopeEnds }),
    );
    const draft = join(this.#directory, `${batch}.draft`);
    writeFileSync(draft, `${lines.join('\n')}\n`, { mode: 0o600 });
    renameSync(draft, this.#path(batch));
  }

  async destroy(batch: string): Promise<void> {
    rmSync(join(this.#directory, `${batch}.draft`), { force: true });
    rmSync(this.#path(batch), { force: true });
  }

  #path(batch: string): string {
    return join(this.#directory, `${batch}.json`);
  }
}
