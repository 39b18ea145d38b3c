import type { Command } from 'commander';
import { type LetheOptions, withLetheOptions } from './lethe-options.ts';
import type { Place } from './place.ts';

/** What `lethe verify-evidence` takes, as it was typed. */
export interface VerifyOptions extends LetheOptions {
  readonly publicKey?: string;
  readonly json?: true;
}

export function addVerifyEvidence(program: Command, place: Place): void {
  withLetheOptions(program.command('verify-evidence'), [
    'lethe verify-evidence .lethe/erasures/evidence/batch-2026-03-05-1a2b3c4d.json',
    'lethe verify-evidence evidence.json --public-key evidence-public.pem',
  ])
    .summary("check an erasure's evidence offline")
    .description(
      'Checks the signature of evidence and what it says, without the lakehouse. ' +
        'The public key is that of --public-key, else that of the home.',
    )
    .argument('<file>', 'the evidence')
    .option('--public-key <file>', 'the key to believe, PEM')
    .option('--json', 'print the result as JSON')
    .action(async (file: string, options: VerifyOptions) => {
      const { checkEvidence } = await import('./check-evidence.ts');
      await checkEvidence(file, options, place);
    });
}
