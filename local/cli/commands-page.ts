import type { Command } from 'commander';

/** Columns of the help texts on the page. */
const helpWidth = 100;

/** A Markdown page of a program's help texts: its own first, then each command's. */
export function commandsPage(program: Command): string {
  const sections = program.commands.map((command) => `## lethe ${command.name()}\n\n${fenced(helpOf(command))}`);
  return `${[
    '# Commands',
    'Generated from the help texts by `npm run docs`. In a clone, say `npx lethe …`.',
    fenced(helpOf(program)),
    'Exit status: 0 done; 1 a workflow or the engine failed; 2 an argument, a file, a setting or a statement is wrong, and nothing was written, but for files named before it in `ingest`; 130 Ctrl-C. What went wrong is one line on stderr; results go to stdout, progress to stderr.',
    ...sections,
  ].join('\n\n')}\n`;
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => helpWidth });
  // `outputHelp` knows the examples that follow the help, `helpInformation` does not.
  command.outputHelp();
  return text.trimEnd();
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}
