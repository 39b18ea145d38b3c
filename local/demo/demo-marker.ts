import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../../core/errors.ts';

const markerSchema = z.object({
  /** Last day of the demonstration, `YYYY-MM-DD`. */
  endsOn: z.string(),
  days: z.int(),
  messages: z.int(),
  /** The last day that has passed wholly; absent before the first. */
  finished: z.string().optional(),
});

/** What a home remembers of its demonstration: what was asked for, and how far it has come. */
export type DemoMarker = z.infer<typeof markerSchema>;

const fileIn = (home: string) => join(home, 'demo.json');

/** The marker of a home; undefined for a home that is empty or not there. @throws InputError for one that holds other things. */
export function readDemoMarker(home: string): DemoMarker | undefined {
  const names = filesOf(home);
  if (names.length === 0) return undefined;
  const marker = names.includes('demo.json') ? parse(fileIn(home)) : undefined;
  if (marker !== undefined) return marker;
  throw new InputError(`--home ${home} holds something else than the demonstration: name an empty folder.`);
}

/** Writes the marker in one step. */
export function writeDemoMarker(home: string, marker: DemoMarker): void {
  const draft = `${fileIn(home)}.draft`;
  writeFileSync(draft, `${JSON.stringify(marker)}\n`);
  renameSync(draft, fileIn(home));
}

function filesOf(home: string): string[] {
  try {
    return readdirSync(home);
  } catch {
    // Not there, or no folder: opening it says what is wrong.
    return [];
  }
}

function parse(path: string): DemoMarker | undefined {
  try {
    return markerSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
