import { GetTableCommand, type GlueClient } from '@aws-sdk/client-glue';

/** Asks Glue where the metadata file of a table lies. @throws Error for a table that is none of Iceberg's. */
export function glueMetadataFile({
  glue,
  database,
}: {
  readonly glue: GlueClient;
  readonly database: string;
}): (table: string) => Promise<string> {
  return async (table) => {
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: database, Name: table }));
    const location = Table?.Parameters?.metadata_location;
    if (location === undefined) throw new Error(`${table} is in the catalogue, but is no Iceberg table`);
    return location;
  };
}
