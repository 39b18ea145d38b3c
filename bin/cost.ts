import { parseArgs } from 'node:util';
import { chatPipeline } from '../core/chat/pipeline.ts';
import { type Load, monthlyCost } from '../core/monitoring/cost.ts';
import { prices } from '../core/monitoring/prices.ts';

const kinds = ['none', 'existing', 'provisioned', 'serverless'] as const;
const usage = `npm run cost -- --events-per-day N [--kafka ${kinds.join('|')}] [--dashboard-loads N] [--retention-days N]`;

function whole(text: string, name: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new Error(`--${name} has to be a whole number, not "${text}".`);
  return Number(text);
}

function loadOf(args: readonly string[]): Load {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'events-per-day': { type: 'string' },
      kafka: { type: 'string', default: 'existing' },
      'dashboard-loads': { type: 'string', default: '100' },
      'retention-days': { type: 'string', default: '45' },
    },
  });
  const events = values['events-per-day'];
  if (events === undefined) throw new Error('--events-per-day is missing.');
  const kafka = kinds.find((kind) => kind === values.kafka);
  if (kafka === undefined) throw new Error(`--kafka has to be one of ${kinds.join(', ')}.`);
  return {
    eventsPerDay: whole(events, 'events-per-day'),
    retentionDays: whole(values['retention-days'], 'retention-days'),
    dashboardLoads: whole(values['dashboard-loads'], 'dashboard-loads'),
    lookbackDays: 3,
    commitMinutes: 5,
    kafka,
  };
}

try {
  const lines = monthlyCost(chatPipeline, loadOf(process.argv.slice(2)));
  const total = lines.reduce((sum, { dollars }) => sum + dollars, 0);
  for (const { service, why, dollars } of [...lines, { service: 'Total', why: 'a month', dollars: total }]) {
    process.stdout.write(`${service.padEnd(16)}${why.padEnd(36)}${dollars.toFixed(2).padStart(10)} USD\n`);
  }
  process.stdout.write(`List prices of ${prices.region}, ${prices.asOf}; an estimate (docs/cost.md says from what).\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)} Usage: ${usage}\n`);
  process.exitCode = 2;
}
