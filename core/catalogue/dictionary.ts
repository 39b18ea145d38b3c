import { type Column, isErasureTarget, type PartitionTransform, type Table } from './table.ts';

const layers = [
  { layer: 'bronze', sentence: 'Records as they were delivered.' },
  { layer: 'silver', sentence: 'Records once each and cleaned, and what they come to by day.' },
  { layer: 'gold', sentence: 'What dashboards show: figures of days, weeks and months, without any identifier.' },
] as const;

/** The data dictionary of tables as a Markdown page: their layers in order, within a layer the order given. */
export function dataDictionary(tables: readonly Table[], retentionDays: number): string {
  const sections = layers.flatMap(({ layer, sentence }) => {
    const members = tables.filter((table) => table.layer === layer);
    if (members.length === 0) return [];
    return [`## ${heading(layer)}`, sentence, ...members.flatMap((table) => section(table, retentionDays))];
  });
  return `${[
    '# Data dictionary',
    'Generated from the catalogue by `npm run docs`; edit the declarations of the tables, not this page.',
    'All tables are Apache Iceberg, format 2. Timestamps are UTC and have no zone.',
    contents(tables),
    ...sections,
  ].join('\n\n')}\n`;
}

function contents(tables: readonly Table[]): string {
  const rows = tables.map((table) => [`[${table.name}](#${table.name})`, table.layer, cell(table.description)]);
  return grid(['table', 'layer', 'what it holds'], rows);
}

function section(table: Table, retentionDays: number): string[] {
  const facts = [
    `- Grain: ${table.grain.length === 0 ? 'one row per delivered record' : `one row per ${names(table.grain)}`}`,
    `- Partitioned by: ${table.partition.length === 0 ? 'nothing' : table.partition.map(transformText).join(', ')}`,
    `- Kept: ${table.retention === 'forever' ? 'for ever' : `${retentionDays} days (\`retentionDays\`), by \`${table.eventTime}\``}`,
    `- Erasure: ${erasureOf(table)}`,
  ];
  const rows = table.columns.map((column) => [
    `\`${column.name}\``,
    column.type,
    cell(column.description),
    identifiesText(column),
  ]);
  return [
    `### ${table.name}`,
    table.description,
    facts.join('\n'),
    grid(['column', 'type', 'what it holds', 'identifies, and what erasure does'], rows),
  ];
}

function erasureOf(table: Table): string {
  const effects = new Set(table.columns.flatMap((column) => column.identifies?.onErasure ?? []));
  if (!isErasureTarget(table)) return 'holds no identifier and is no target';
  const words = {
    'delete row': "the person's rows are deleted",
    recompute: 'built again from tables that lost the rows',
    'set null': 'the identifier alone is removed',
  } as const;
  // Silver without an identifier is made of rows that had one.
  return effects.size === 0 ? words.recompute : [...effects].map((effect) => words[effect]).join('; ');
}

function identifiesText({ identifies }: Column): string {
  return identifies === undefined ? '' : `${identifies.kind}: ${identifies.onErasure}`;
}

function transformText(partition: PartitionTransform): string {
  if (partition.transform === 'identity') return `\`${partition.column}\``;
  if (partition.transform === 'bucket') return `bucket(${partition.buckets}, \`${partition.column}\`)`;
  return `${partition.transform}(\`${partition.column}\`)`;
}

function grid(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

// A bar would end the cell.
const cell = (text: string) => text.replaceAll('|', '\\|');
const names = (columns: readonly string[]) => columns.map((name) => `\`${name}\``).join(', ');
const heading = (layer: string) => layer.charAt(0).toUpperCase() + layer.slice(1);
