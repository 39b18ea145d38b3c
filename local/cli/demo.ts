import type { Command } from 'commander';
import { type LetheOptions, withLetheOptions } from './lethe-options.ts';
import type { Place } from './place.ts';

interface DemoOptions extends LetheOptions {
  readonly days?: string;
  readonly messages?: string;
  readonly endsOn?: string;
}

export function addDemo(program: Command, place: Place): void {
  withLetheOptions(program.command('demo'), ['lethe demo', 'lethe demo --home /tmp/small --days 20 --messages 20000'])
    .summary('fill a new home with a demonstration')
    .description(
      'Generates a product and its users, lets its days pass one by one on a simulated clock (records arrive, workflows run on ' +
        'schedule, retention drops old days), and prints a summary. Started again it goes on where it stopped, or prints the summary.',
    )
    .option('--days <n>', 'days to let pass (default: 75)')
    .option(
      '--messages <n>',
      'chat messages in all, about (default: 340000, half a million records with their tool calls)',
    )
    .option('--ends-on <date>', 'the last day, YYYY-MM-DD (default: yesterday)')
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import('../demo/run-demo.ts');
      await runDemo(options, place);
    });
}
