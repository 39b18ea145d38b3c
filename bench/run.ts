import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gibibytes } from './figures.ts';
import { measureSize, type SizeFigures } from './measure-size.ts';
import { table } from './report.ts';
import { wholeNumber } from './whole-number.ts';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000,10000000' },
    rounds: { type: 'string', default: '3' },
    'without-dbt': { type: 'boolean', default: false },
    scratch: { type: 'string', default: join(tmpdir(), `lethe-bench-${process.pid}`) },
    write: { type: 'boolean', default: false },
  },
});

const sizes: SizeFigures[] = [];
for (const text of values.messages.split(',')) {
  sizes.push(
    await measureSize({
      scratch: join(values.scratch, text),
      messages: wholeNumber('--messages', text),
      rounds: wholeNumber('--rounds', values.rounds),
      withDbt: !values['without-dbt'],
      report: (line) => console.error(`${text} messages, load ${loadavg()[0]?.toFixed(1)}: ${line}`),
    }),
  );
}
const figures = table(sizes);
console.log(figures);
if (values.write) {
  const file = join(import.meta.dirname, '..', 'docs', 'benchmarks.md');
  const before = await readFile(file, 'utf8');
  // The page's other parts were measured by others.
  const rest = before.indexOf('\n## ');
  await writeFile(file, page(figures) + (rest === -1 ? '' : before.slice(rest)));
}

function page(figures: string): string {
  const [cpu] = cpus();
  return `# Benchmarks

Measured on ${new Date().toISOString().slice(0, 10)} on ${availableParallelism()} cores (${cpu?.model ?? 'unknown'}), ${gibibytes(totalmem())} of memory, Linux, by

    npm run bench -- --messages ${values.messages} --rounds ${values.rounds} --write

The records are the demonstration's, spread over 45 days, with nearly half as many tool calls, and with repeated, late and broken ones
among them. Every command is a process of its own, from its start to its end; times are medians of the rounds, memory is the largest
peak of the process (VmHWM, DuckDB's included). A backfill holds everything that \`lethe backfill\` does: workflows, statements, data
checks and the run ledger. dbt-duckdb builds the same tables from the same bronze (\`bench/dbt\`), without tests, and
alternates with us. The bare pass is one DuckDB query over that bronze which groups by day, platform and user and reads the sums.

${figures}
`;
}
