import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { InputError } from '../../core/errors.ts';

/** Asks for something that is not shown while it is typed. @throws InputError where nobody can type. */
export async function askSecret(question: string): Promise<string> {
  if (process.stdin.isTTY !== true) {
    throw new InputError(
      'No password: set LETHE_SUPERSET_PASSWORD or LETHE_SUPERSET_TOKEN, or run this in a terminal.',
    );
  }
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
