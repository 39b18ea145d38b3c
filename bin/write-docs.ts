#!/usr/bin/env node
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataDictionary } from '../core/catalogue/dictionary.ts';
import { chatPipeline } from '../core/chat/pipeline.ts';
import { defaultSettings } from '../core/settings.ts';
import { commandsPage } from '../local/cli/commands-page.ts';
import { placeAt } from '../local/cli/place.ts';
import { letheProgram } from '../local/cli/program.ts';
import { terminalOn } from '../local/cli/terminal.ts';

const root = join(import.meta.dirname, '..');
// Nothing is run: the place is there because a program has one.
const place = placeAt(terminalOn(process.stdout, process.stderr), new AbortController().signal, () =>
  Promise.reject(new Error('help needs no workflows')),
);
const pages = [
  { path: 'docs/data-dictionary.md', text: dataDictionary(chatPipeline.tables, defaultSettings.retentionDays) },
  { path: 'docs/commands.md', text: commandsPage(letheProgram(place)) },
];

const stale = pages.filter(({ path, text }) => current(path) !== text);
if (process.argv[2] === '--check') {
  if (stale.length > 0) {
    process.stderr.write(`${stale.map(({ path }) => path).join(' and ')} not current: run "npm run docs".\n`);
    process.exitCode = 1;
  }
} else {
  for (const { path, text } of stale) writeFileSync(join(root, path), text);
}

function current(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    // Not written yet.
    return undefined;
  }
}
