import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteRunLedger } from '../../local/ledger/sqlite-run-ledger.ts';
import { behavesAsRunLedger } from './run-ledger-behaviour.ts';

behavesAsRunLedger(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'lethe-ledger-'));
  const ledger = new SqliteRunLedger(join(directory, 'ledger.sqlite'));
  return {
    ledger,
    close: async () => {
      ledger.close();
      rmSync(directory, { recursive: true });
    },
  };
});
