import { join } from 'node:path';
import type { Erasures } from '../../core/dsr/erasures.ts';
import type { Engine } from '../../core/lake/engine.ts';
import type { Pipeline } from '../../core/lake/pipeline.ts';
import { FileEvidence } from './file-evidence.ts';
import { FileKeys } from './file-keys.ts';
import { FileVault } from './file-vault.ts';
import { HomeProver } from './home-prover.ts';
import { SqliteRequestStore } from './sqlite-request-store.ts';
import { LocalSubjectFiles, subjectsDirectory } from './subject-files.ts';

export interface HomeErasuresOptions {
  readonly home: string;
  readonly database: string;
  readonly pipelines: readonly Pipeline[];
  readonly engine: Engine;
  readonly clock: Erasures['clock'];
}

/** What a home folder offers for erasures, all of it below `erasures/`. */
export interface HomeErasures extends Erasures {
  readonly prover: HomeProver;
  readonly keys: FileKeys;
  disconnect(): void;
}

/** Where a home keeps its evidence. */
export function evidenceDirectory(home: string): string {
  return join(home, 'erasures', 'evidence');
}

/** Opens what a home needs for erasures; folders and keys are made when missing. */
export function openHomeErasures({ home, clock, ...rest }: HomeErasuresOptions): HomeErasures {
  const below = (name: string) => join(home, 'erasures', name);
  const subjects = new LocalSubjectFiles(subjectsDirectory(home));
  const keys = new FileKeys(below('keys'));
  const store = new SqliteRequestStore(below('requests.sqlite'));
  return {
    store,
    vault: new FileVault(below('vault'), keys.vault()),
    subjects,
    keys,
    evidence: new FileEvidence(evidenceDirectory(home)),
    prover: new HomeProver({ home, subjects, ...rest }),
    clock,
    disconnect: () => store.disconnect(),
  };
}
