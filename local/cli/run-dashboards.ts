import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { chatTables } from '../../core/chat/tables.ts';
import { InputError } from '../../core/errors.ts';
import { chatDashboard } from '../../dashboards/chat.ts';
import { type Bundle, supersetBundle, zipFiles } from '../../dashboards/superset/bundle.ts';
import { importBundle } from '../../dashboards/superset/import-bundle.ts';
import { SupersetClient, type SupersetLogin } from '../../dashboards/superset/superset-client.ts';
import { askSecret } from './ask-secret.ts';
import { countOf } from './figures.ts';
import type { LetheOptions } from './lethe-options.ts';
import type { Place } from './place.ts';
import { readSettings } from './settings-file.ts';

export interface SourceOptions extends LetheOptions {
  readonly region: string;
  readonly workGroup: string;
}

/** Writes the bundle. @throws InputError when the file cannot be written. */
export async function buildDashboards(options: SourceOptions & { readonly out: string }, place: Place): Promise<void> {
  const bundle = bundleOf(options);
  try {
    mkdirSync(dirname(options.out), { recursive: true });
    writeFileSync(options.out, zipFiles(bundle.files));
  } catch {
    throw new InputError(`--out ${options.out} cannot be written: name another file.`);
  }
  await place.terminal.print(`${options.out}: ${countOf(bundle.chartUuids.length, 'chart')} in one dashboard\n`);
}

/** Imports the bundle. @throws InputError when Superset does not answer, let us in, or take it. */
export async function importDashboards(
  options: SourceOptions & { readonly url: string; readonly username: string },
  place: Place,
): Promise<void> {
  if (!URL.canParse(options.url) || !/^https?:/.test(options.url)) {
    throw new InputError(`--url "${options.url}" is no address: give one such as https://superset.example.com.`);
  }
  const bundle = bundleOf(options);
  const superset = await SupersetClient.connect(options.url, await loginOf(options.username));
  const { charts, removed } = await importBundle(superset, bundle, chatTables);
  await place.terminal.print(
    `Imported ${countOf(charts, 'chart')}${removed.length === 0 ? '' : `, removed ${removed.join(', ')}`}: ${options.url.replace(/\/+$/, '')}/superset/dashboard/lethe-${chatDashboard.id}/\n`,
  );
}

function bundleOf({ config, region, workGroup }: SourceOptions): Bundle {
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    throw new InputError(`--region "${region}" is no AWS region: give one such as eu-central-1.`);
  }
  return supersetBundle(chatDashboard, { region, workGroup, database: readSettings(config).database });
}

/** A secret is never an argument: arguments stand in process lists and shell histories. */
async function loginOf(username: string): Promise<SupersetLogin> {
  const { LETHE_SUPERSET_TOKEN: token, LETHE_SUPERSET_PASSWORD: known } = process.env;
  if (token !== undefined) return { token };
  return { username, password: known ?? (await askSecret(`Password of ${username} in Superset: `)) };
}
