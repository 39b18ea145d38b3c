import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Column, Table } from '../../core/catalogue/table.ts';
import { chatPipeline } from '../../core/chat/pipeline.ts';
import type { Pipeline, Step, Workflow } from '../../core/lake/pipeline.ts';

const projectRoot = join(import.meta.dirname, '..', '..');

/** An invented optional field, in the middle of the topic's: `docs/how-to/add-a-column.md` walks through the same changes. */
const field = { name: 'language', kind: 'text', description: 'Language that the message is written in.' } as const;
const column: Column = { name: field.name, type: 'string', description: field.description };
const counted: Column = { name: 'languages_cnt', type: 'bigint', description: 'Distinct languages.' };

/** Adds an entry after the one of a name. */
function after<T extends { readonly name: string }>(list: readonly T[], name: string, entry: T): T[] {
  return list.flatMap((one) => (one.name === name ? [one, entry] : [one]));
}

function evolved(table: Table): Table {
  if (table.name === 'bronze_chat_events' || table.name === 'silver_messages') {
    return { ...table, columns: after(table.columns, 'model', column) };
  }
  if (table.name === 'gold_model_breakdown')
    return { ...table, columns: after(table.columns, 'messages_cnt', counted) };
  return table;
}

const step = (of: Step): Step => ({ ...of, table: evolved(of.table) });
const workflow = (of: Workflow): Workflow => ({
  ...of,
  steps: of.steps.map(step),
  ...(of.periodStatus === undefined ? {} : { periodStatus: step(of.periodStatus) }),
});

/** Chat with a field more, from the topic to gold. */
export const evolvedPipeline: Pipeline = {
  ...chatPipeline,
  sources: chatPipeline.sources.map((source) => ({
    ...source,
    topic: {
      ...source.topic,
      fields: source.topic.key === 'chat' ? after(source.topic.fields, 'model', field) : source.topic.fields,
    },
    table: evolved(source.table),
  })),
  tables: chatPipeline.tables.map(evolved),
  workflows: chatPipeline.workflows.map(workflow),
};

/** The lines of SQL that the field takes, as replacements in the statements that are there. */
const edits: readonly (readonly [file: string, ...pairs: (readonly [string, string])[]])[] = [
  [
    'chat/silver_messages',
    ['"timestamp", model, prompt_tokens', '"timestamp", model, language, prompt_tokens'],
    [
      '    model,\n    coalesce(prompt_tokens',
      "    model,\n    coalesce(nullif(language, ''), 'Unknown') as language,\n    coalesce(prompt_tokens",
    ],
    ['  model,\n  prompt_tokens,', '  model,\n  language,\n  prompt_tokens,'],
  ],
  [
    'chat/gold_active_user_breakdown',
    ['res_status, res_type\n  from', 'res_status, res_type, language\n  from'],
    ['group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10', 'group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11'],
    ["      else 'RES_TYPE'", "      when res_type is not null then 'RES_TYPE'\n      else 'LANGUAGE'"],
    ['res_status, res_type) as dimension_value', 'res_status, res_type, language) as dimension_value'],
    [
      '(period, user_id, res_type)\n',
      '(period, user_id, res_type),\n    (period, platform, user_id, language), (period, user_id, language)\n',
    ],
  ],
  [
    'chat/gold_model_breakdown',
    ['as model,\n', 'as model,\n    language,\n'],
    ['count(*) as messages_cnt,', 'count(*) as messages_cnt,\n  count(distinct language) as languages_cnt,'],
  ],
];

/** A folder with the statements that the field changes. @throws Error when a statement no longer has what is replaced. */
export function evolvedStatements(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lethe-evolved-'));
  for (const [file, ...pairs] of edits) {
    let text = readFileSync(join(projectRoot, 'sql', `${file}.sql`), 'utf8');
    for (const [from, to] of pairs) {
      if (!text.includes(from)) throw new Error(`sql/${file}.sql has no ${JSON.stringify(from)}`);
      text = text.replace(from, to);
    }
    const path = join(folder, `${file}.sql`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}

let ids = 0;
/** A message of a day, at noon. */
export function messageOf(day: string, more: object = {}): string {
  ids += 1;
  const who = { chat_id: `c${ids}`, user_id: `u${ids}`, room_id: 'r', platform: 'web', model: 'm' };
  return JSON.stringify({ ...who, timestamp: `${day}T12:00:00Z`, total_tokens: 5, ...more });
}
