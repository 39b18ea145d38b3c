import { windowPredicate } from '../catalogue/predicate.ts';
import { keepParameters } from '../dsr/targets.ts';
import { DeclarationError } from '../errors.ts';
import { fillIn, type StatementFile } from '../sql/statement.ts';
import type { SqlValue } from '../sql/value.ts';
import { mergeInto, updateColumns } from '../sql/write.ts';
import { type Window, widen } from '../window.ts';
import { boundType, lakeParameters } from './parameters.ts';
import type { Pipeline, StatementContext, Step } from './pipeline.ts';
import type { BuiltPeriod } from './run-ledger.ts';

/** Athena refuses longer query strings, in bytes. Source: service quotas of Amazon Athena. */
const longestStatement = 262_144;

/** The statement of a step for a window: its file's select, filled in, inside the MERGE that its write mode asks for. */
export function stepText(
  pipeline: Pipeline,
  step: Step,
  file: StatementFile,
  context: StatementContext,
  more: Readonly<Record<string, SqlValue>> = {},
): string {
  const { window } = context;
  const select = fillIn(file, {
    ...lakeParameters(context, boundType(step.table)),
    ...pipeline.parameters(context),
    ...keepParameters(pipeline, context.openBatches ?? []),
    ...more,
  });
  const wide = widen(window, 1, 1);
  const scope = (alias?: string) => {
    const options = alias === undefined ? {} : { alias };
    switch (step.scope ?? 'window') {
      case 'window':
        return windowPredicate(step.table, window, options);
      case 'window and neighbours':
        return windowPredicate(step.table, wide, options);
      case 'neighbours':
        return windowPredicate(step.table, wide, { ...options, except: window });
    }
  };
  const merge =
    step.only === undefined
      ? mergeInto(step.table, step.write, select, scope)
      : updateColumns(step.table, step.only, select, scope);
  return shortEnough(file, merge);
}

/** A query, such as a check or a count of records, for a window. */
export function queryText(pipeline: Pipeline, file: StatementFile, context: StatementContext): string {
  const [source] = pipeline.sources;
  const type = source === undefined ? 'date' : boundType(source.table);
  const values = {
    ...(pipeline.quality === undefined
      ? {}
      : { quality: { type: 'identifier', value: pipeline.quality.name } as const }),
    ...lakeParameters(context, type),
    ...pipeline.parameters(context),
    ...keepParameters(pipeline, context.openBatches ?? []),
  };
  return shortEnough(file, fillIn(file, values));
}

/** The rows of a period status table for built periods, as (grain, period_start, state, built_at, complete_through). */
export function periodStatusRows(grainName: (window: Window) => string, built: readonly BuiltPeriod[]): SqlValue {
  return {
    type: 'rows',
    value: built.map(({ period, state, builtAt, completeThrough }) => [
      { type: 'text', value: grainName(period) },
      { type: 'date', value: period.from.slice(0, 10) },
      { type: 'text', value: state === 'provisional' ? 'provisional' : 'final' },
      { type: 'timestamp', value: builtAt },
      { type: 'date', value: completeThrough },
    ]),
  };
}

function shortEnough(file: StatementFile, sql: string): string {
  const bytes = Buffer.byteLength(sql);
  if (bytes > longestStatement) {
    throw new DeclarationError(
      `sql/${file.name}.sql is ${bytes} bytes when filled in; Athena takes ${longestStatement}.`,
    );
  }
  return sql;
}
