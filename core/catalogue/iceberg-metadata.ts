import { z } from 'zod';

const field = z.object({
  id: z.int(),
  name: z.string(),
  required: z.boolean(),
  // Nested types are objects; none of ours are, and one that is differs from all of them.
  type: z.union([z.string(), z.record(z.string(), z.unknown())]),
  doc: z.string().optional(),
});

const metadata = z.object({
  location: z.string(),
  'current-schema-id': z.int(),
  schemas: z.array(z.object({ 'schema-id': z.int(), fields: z.array(field) })),
  'default-spec-id': z.int(),
  'partition-specs': z.array(
    z.object({
      'spec-id': z.int(),
      fields: z.array(z.object({ 'source-id': z.int(), name: z.string(), transform: z.string() })),
    }),
  ),
  properties: z.record(z.string(), z.string()).default({}),
});

export type IcebergField = z.infer<typeof field>;

/** A table as its metadata file describes it now. */
export interface IcebergTable {
  readonly location: string;
  readonly schemaId: number;
  readonly fields: readonly IcebergField[];
  /** As `identity(dt)` or `bucket[16](user_id)`, in order. */
  readonly partition: readonly string[];
  readonly properties: Readonly<Record<string, string>>;
}

/** Reads a metadata file of Iceberg. @throws z.ZodError when it is none. */
export function parseIcebergMetadata(text: string): IcebergTable {
  const table = metadata.parse(JSON.parse(text));
  const schema = table.schemas.find((candidate) => candidate['schema-id'] === table['current-schema-id']);
  const spec = table['partition-specs'].find((candidate) => candidate['spec-id'] === table['default-spec-id']);
  const fields = schema?.fields ?? [];
  const nameOf = new Map(fields.map(({ id, name }) => [id, name]));
  return {
    location: table.location,
    schemaId: table['current-schema-id'],
    fields,
    partition: (spec?.fields ?? []).map((part) => `${part.transform}(${nameOf.get(part['source-id']) ?? part.name})`),
    properties: table.properties,
  };
}
