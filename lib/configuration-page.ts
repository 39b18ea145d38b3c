import { z } from 'zod';
import { configSchema } from './config.ts';

const node = z.looseObject({
  description: z.string().optional(),
  default: z.unknown().optional(),
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  get properties() {
    return z.record(z.string(), node).optional();
  },
  get anyOf() {
    return z.array(node).optional();
  },
  get oneOf() {
    return z.array(node).optional();
  },
});
type Node = z.infer<typeof node>;

/** The configuration of an environment as a Markdown page, from its schema. */
export function configurationPage(): string {
  const schema = node.parse(z.toJSONSchema(configSchema, { io: 'input' }));
  return `${[
    '# Configuration',
    'Generated from the schema in `lib/config.ts`; `UPDATE=1 npx jest test/lib/configuration-page` writes this page.',
    'Each file of `config/` is one environment: `npx cdk deploy --all -c env=NAME` takes `config/NAME.json`. It is JSON; every key may be left out, and an unknown key is an error.',
    ['| key | what it is | values | default |', '| --- | --- | --- | --- |', ...rows(schema, '')].join('\n'),
  ].join('\n\n')}\n`;
}

function rows(schema: Node, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const key = `${prefix}${name}`;
    const alternatives = (child.oneOf ?? child.anyOf ?? []).filter(({ properties }) => properties !== undefined);
    const row = `| \`${key}\` | ${child.description ?? ''} | ${values(child)} | ${defaultOf(child)} |`;
    if (alternatives.length > 0) return [row, ...alternatives.flatMap((one) => alternative(key, one))];
    return child.properties === undefined ? [row] : [row, ...rows(child, `${key}.`)];
  });
}

/** One of several shapes, named by its `kind`. */
function alternative(key: string, shape: Node): string[] {
  const kind = String(shape.properties?.kind?.const ?? '');
  const { kind: _, ...others } = shape.properties ?? {};
  return [
    `| \`${key}\`: \`{"kind": "${kind}"}\` | ${shape.description ?? ''} |  |  |`,
    ...rows({ ...shape, properties: others }, `${key}.`),
  ];
}

function values(schema: Node): string {
  const choices = schema.enum ?? (schema.anyOf ?? []).flatMap((one) => (one.const === undefined ? [] : [one.const]));
  if (choices.length > 0) return choices.map((choice) => `\`${JSON.stringify(choice)}\``).join(', ');
  if (schema.minimum !== undefined && schema.maximum !== undefined && schema.maximum < 1e12) {
    return `${schema.minimum} to ${schema.maximum}`;
  }
  return schema.type === 'object' || schema.type === undefined ? '' : schema.type;
}

function defaultOf(schema: Node): string {
  return schema.default === undefined || schema.properties !== undefined ? '' : `\`${JSON.stringify(schema.default)}\``;
}
