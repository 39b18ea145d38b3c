import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { runsByStart } from '../../core/lake/task-settings.ts';
import { allow } from './lake-access.ts';

/** A task of the lake, by the path of its handler below `lambdas/`. */
export type Handler = (typeof lakeHandlers)[number];

export const lakeHandlers = [
  'lake/take-turn',
  'lake/validate-sources',
  'lake/plan-from-sources',
  'lake/plan-from-workflows',
  'lake/plan-backfill-stage',
  'lake/start-statement',
  'lake/look-at-statement',
  'lake/record-pass',
  'lake/settle-periods',
  'lake/judge-outcomes',
  'lake/finish-run',
  'lake/fail-run',
  'maintenance/plan-retention',
  'maintenance/report-findings',
  'maintenance/plan-care',
  'maintenance/record-dropped',
  'maintenance/record-care',
  'monitoring/report-state',
] as const;

/** What a task may do, and nothing else. */
export interface TaskAccess {
  /** What it does with the run ledger. `list`: looks for runs by their start. `amend`: adds to the record of a run. `close`: ends a run and gives its turn back. */
  readonly ledger: readonly LedgerUse[];
  /**
   * `look`: sees how a statement stands. `read`: starts queries of what the sink wrote down. `count`: of rejected records as
   * well. `write`: starts the pipeline's statements. Default: it has nothing to do with the engine.
   */
  readonly engine?: 'look' | 'read' | 'count' | 'write';
  /** Reads the lag of the sink. Default false. */
  readonly lag?: boolean;
  /** After how many minutes it is given up. Default: that of every task. */
  readonly timeoutMinutes?: number;
}

const planning: TaskAccess = { ledger: ['read'] };
/** It looks which periods runs have failed over. */
const planningMissed: TaskAccess = { ledger: ['read', 'list'] };
const recording: TaskAccess = { ledger: ['read', 'write'] };
const amending: TaskAccess = { ledger: ['amend'] };
const closing: TaskAccess = { ledger: ['close'] };

export const taskAccess: Readonly<Record<Handler, TaskAccess>> = {
  'lake/take-turn': { ledger: ['write'] },
  // It waits for its questions, each of which may stand in Athena's queue.
  'lake/validate-sources': { ledger: ['read'], engine: 'read', lag: true, timeoutMinutes: 10 },
  'lake/plan-from-sources': planningMissed,
  'lake/plan-from-workflows': planningMissed,
  'lake/plan-backfill-stage': planning,
  'lake/start-statement': { ledger: ['read', 'write'], engine: 'write' },
  'lake/look-at-statement': { ledger: ['read', 'write'], engine: 'look' },
  'lake/record-pass': { ledger: ['read', 'list', 'write'] },
  'lake/settle-periods': recording,
  'lake/judge-outcomes': { ledger: [] },
  'lake/finish-run': closing,
  'lake/fail-run': closing,
  'maintenance/plan-retention': planning,
  'maintenance/report-findings': { ledger: [] },
  'maintenance/plan-care': amending,
  'maintenance/record-dropped': recording,
  'maintenance/record-care': amending,
  // It asks a handful of questions one after the other, each of which may stand in Athena's queue.
  'monitoring/report-state': { ledger: ['read', 'list'], engine: 'count', lag: true, timeoutMinutes: 10 },
};

/** Actions behind the words of {@link TaskAccess.ledger}. A transaction needs those of the writes in it. */
const ledgerActions = {
  read: ['dynamodb:Query'],
  list: ['dynamodb:Query'],
  write: ['dynamodb:PutItem'],
  amend: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
  close: ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
} as const;

export type LedgerUse = keyof typeof ledgerActions;

/** Lets a task use the run ledger. The right to ask the table is none to ask its index. */
export function grantLedger(task: IGrantable, uses: readonly LedgerUse[], { tableArn }: Table): void {
  for (const use of uses) {
    allow(task, ledgerActions[use], [use === 'list' ? `${tableArn}/index/${runsByStart}` : tableArn]);
  }
}
