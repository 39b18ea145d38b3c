import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { InputError } from '../../core/errors.ts';
import { defaultSettings, type Settings, settingsSchema } from '../../core/settings.ts';

/** The settings of a JSON file laid over the defaults; without a file the defaults. @throws InputError naming the key and the file. */
export function readSettings(path: string | undefined): Settings {
  if (path === undefined) return defaultSettings;
  const read = settingsSchema.safeParse(parse(path, contentOf(path)));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new InputError(`${path}: ${issue === undefined ? 'cannot be used' : explained(issue)}.`);
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unreadable';
    const reasons: Record<string, string> = {
      ENOENT: 'there is no such file; check the name',
      EISDIR: 'is a directory; name a JSON file',
      EACCES: 'may not be read; check its permissions',
    };
    throw new InputError(`--config ${path}: ${reasons[code] ?? `cannot be read (${code})`}.`);
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError(`${path}: is not JSON; write an object such as {"retentionDays": 45}.`);
  }
}

function explained(issue: z.core.$ZodIssue): string {
  const key = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const unknown = [key, issue.keys[0] ?? ''].filter((part) => part !== '').join('.');
    return `unknown key "${unknown}"; keys are ${knownKeys().join(', ')}`;
  }
  return key === '' ? `has to be a JSON object (${issue.message})` : `"${key}" has a wrong value: ${issue.message}`;
}

function knownKeys(): string[] {
  return Object.entries(settingsSchema.shape).flatMap(([key, schema]) =>
    key === 'topics'
      ? Object.keys(defaultSettings.topics).map((name) => `${key}.${name}`)
      : [schema === undefined ? '' : key],
  );
}
