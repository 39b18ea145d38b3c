import type { Command } from 'commander';
import { InputError } from '../../core/errors.ts';
import { type LetheOptions, withLetheOptions } from './lethe-options.ts';
import type { Place } from './place.ts';

interface QueryOptions extends LetheOptions {
  readonly format: string;
}

export function addQuery(program: Command, place: Place): void {
  withLetheOptions(program.command('query'), [
    `lethe query "select * from gold_time_series where grain = 'DAILY' and platform = 'All' order by period_start"`,
    'lethe query --format csv "select * from gold_bucket_distribution" > buckets.csv',
  ])
    .summary("run one statement in Athena's dialect")
    .description("Runs one statement in Athena's dialect, through the Athena API, and prints what it returns.")
    .argument('<sql>', 'the statement')
    .option('--format <format>', 'table, csv or json', 'table')
    .action(async (sql: string, options: QueryOptions) => {
      const { answerFormats, isAnswerFormat } = await import('./answer-formats.ts');
      const { format } = options;
      if (!isAnswerFormat(format)) throw new InputError(`--format "${format}" is unknown: give table, csv or json.`);
      if (sql.trim() === '')
        throw new InputError('The statement is empty: give one, such as "select count(*) from silver_messages".');
      const { expectLakehouse, withSession } = await import('./open-session.ts');
      const { askAthena } = await import('./ask-athena.ts');
      expectLakehouse(options.home);
      await withSession(options, place, async ({ endpointUrl, settings }) => {
        const answer = await askAthena({ endpointUrl, database: settings.database }, sql);
        for await (const text of answerFormats[format](answer)) await place.terminal.print(text);
      });
    });
}
