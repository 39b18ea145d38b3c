import { createHash } from 'node:crypto';
import { EntityNotFoundException, GetTableCommand, type GlueClient, UpdateTableCommand } from '@aws-sdk/client-glue';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type IcebergTable, parseIcebergMetadata } from '../../core/catalogue/iceberg-metadata.ts';
import type { TableStore } from '../../core/catalogue/migrate-tables.ts';
import { StatementFailed } from '../../core/errors.ts';
import { endOf } from '../../core/lake/ask-engine.ts';
import type { Engine } from '../../core/lake/engine.ts';

export interface GlueTableStoreProps {
  readonly engine: Engine;
  readonly glue: GlueClient;
  readonly s3: S3Client;
  readonly database: string;
  readonly sleep: (millis: number) => Promise<void>;
  /** Tells this deployment's statements from those of others, so that a repeated start finds its own. */
  readonly token: string;
}

/** Tables of Glue's catalogue: made and altered by Athena, described by their metadata files. */
export class GlueTableStore implements TableStore {
  readonly #props: GlueTableStoreProps;

  constructor(props: GlueTableStoreProps) {
    this.#props = props;
  }

  async read(table: string): Promise<IcebergTable | undefined> {
    const location = await this.#metadataLocation(table);
    if (location === undefined) return undefined;
    const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(location) ?? [];
    const { Body } = await this.#props.s3.send(new GetObjectCommand({ Bucket, Key }));
    return parseIcebergMetadata((await Body?.transformToString()) ?? '');
  }

  async #metadataLocation(table: string): Promise<string | undefined> {
    try {
      const { Table } = await this.#props.glue.send(
        new GetTableCommand({ DatabaseName: this.#props.database, Name: table }),
      );
      const location = Table?.Parameters?.metadata_location;
      if (location === undefined) throw new StatementFailed(`${table} is in the catalogue, but is no Iceberg table.`);
      return location;
    } catch (error) {
      if (error instanceof EntityNotFoundException) return undefined;
      throw error;
    }
  }

  async run(sql: string): Promise<void> {
    const { engine, sleep, token } = this.#props;
    const id = await engine.start(sql, createHash('sha256').update(`${token}\n${sql}`).digest('hex'));
    const status = await endOf({ engine, sleep }, id);
    if ('code' in status) {
      throw new StatementFailed(`${sql.split(/\s*\(|\n/)[0]} failed with ${status.code}: statement ${id}.`);
    }
  }

  async setProperties(
    table: string,
    existing: IcebergTable,
    properties: Readonly<Record<string, string>>,
  ): Promise<void> {
    const fields = existing.fields.map(({ id, name, type, required, doc }) => ({
      Id: id,
      Name: name,
      // The SDK's documents are any JSON: a simple type is its name.
      Type: typeof type === 'string' ? type : JSON.stringify(type),
      Required: required,
      ...(doc === undefined ? {} : { Doc: doc }),
    }));
    await this.#props.glue.send(
      new UpdateTableCommand({
        DatabaseName: this.#props.database,
        Name: table,
        UpdateOpenTableFormatInput: {
          UpdateIcebergInput: {
            UpdateIcebergTableInput: {
              Updates: [
                {
                  // Glue asks for the schema and the place too; they stay as they are.
                  Schema: { SchemaId: existing.schemaId, Type: 'struct', Fields: fields },
                  Location: existing.location,
                  Properties: { ...existing.properties, ...properties },
                },
              ],
            },
          },
        },
      }),
    );
  }
}
