import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Subject, SubjectFiles } from '../../core/dsr/erasures.ts';
import { isRunning } from '../running-process.ts';

/** Where a home keeps the subjects of open batches. */
export function subjectsDirectory(home: string): string {
  return join(home, 'erasures', 'subjects');
}

/** The name, as a batch's, of people whom SQL may see for as long as this process asks about them. */
export function passingBatch(question: 'probe' | 'dry-run'): string {
  return `${question}-${process.pid}`;
}

const passing = /^(?:probe|dry-run)-(\d+)\.(?:json|draft)$/;

const lineShape = z.object({ subject: z.string(), scope_ends: z.string() });

/** A file for each batch, one JSON object a line, which the engine reads as `dsr_subjects`. */
export class LocalSubjectFiles implements SubjectFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // What a question was about that died with its process.
    for (const name of readdirSync(directory)) {
      const asker = passing.exec(name)?.[1];
      if (asker !== undefined && !isRunning(Number(asker))) rmSync(join(directory, name), { force: true });
    }
  }

  async write(batch: string, subjects: readonly Subject[]): Promise<void> {
    const lines = subjects.map(({ identity, scopeEnds }) =>
      JSON.stringify({ batch, subject: identity, scope_ends: scopeEnds }),
    );
    const draft = join(this.#directory, `${batch}.draft`);
    writeFileSync(draft, `${lines.join('\n')}\n`, { mode: 0o600 });
    renameSync(draft, this.#path(batch));
  }

  async read(batch: string): Promise<Subject[]> {
    const lines = readFileSync(this.#path(batch), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    return lines.map((line) => {
      const { subject, scope_ends } = lineShape.parse(JSON.parse(line));
      return { identity: subject, scopeEnds: scope_ends };
    });
  }

  async destroy(batch: string): Promise<void> {
    rmSync(join(this.#directory, `${batch}.draft`), { force: true });
    rmSync(this.#path(batch), { force: true });
  }

  #path(batch: string): string {
    return join(this.#directory, `${batch}.json`);
  }
}
