import { z } from 'zod';
import type { Engine, EngineTable } from './engine.ts';
import { invalidRequest, RequestError } from './request-error.ts';

const pageSchema = z.object({ NextToken: z.string().optional(), MaxResults: z.int().min(1).max(50).default(50) });
const databaseSchema = z.object({ CatalogName: z.string(), DatabaseName: z.string() });

/** The one catalogue, under Athena's name for it. */
const catalogue = { Name: 'AwsDataCatalog', Type: 'GLUE', Description: 'Tables of this machine' };

/** Athena's operations on catalogues, databases, tables and workgroups. There is every workgroup, without settings of its own. */
export function catalogueOperations(engine: Engine) {
  async function tablesOf(input: unknown): Promise<EngineTable[]> {
    const { CatalogName, DatabaseName } = databaseSchema.parse(input);
    checkCatalogue(CatalogName);
    const tables = await engine.tables(DatabaseName.toLowerCase());
    if (tables === undefined) throw new RequestError('MetadataException', `Database ${DatabaseName} not found.`);
    return tables;
  }
  return {
    async ListDataCatalogs(input: unknown) {
      pageSchema.parse(input);
      return { DataCatalogsSummary: [{ CatalogName: catalogue.Name, Type: catalogue.Type }] };
    },
    async GetDataCatalog(input: unknown) {
      checkCatalogue(z.object({ Name: z.string() }).parse(input).Name);
      return { DataCatalog: catalogue };
    },
    async ListDatabases(input: unknown) {
      checkCatalogue(z.object({ CatalogName: z.string() }).parse(input).CatalogName);
      const { items, next } = page(await engine.databases(), input);
      return { DatabaseList: items.map((Name) => ({ Name })), ...next };
    },
    async GetDatabase(input: unknown) {
      const { CatalogName, DatabaseName } = databaseSchema.parse(input);
      checkCatalogue(CatalogName);
      if (!(await engine.databases()).includes(DatabaseName.toLowerCase())) {
        throw new RequestError('MetadataException', `Database ${DatabaseName} not found.`);
      }
      return { Database: { Name: DatabaseName.toLowerCase() } };
    },
    async ListTableMetadata(input: unknown) {
      const { Expression } = z.object({ Expression: z.string().optional() }).parse(input);
      const wanted = Expression === undefined ? undefined : expressionPattern(Expression);
      const tables = (await tablesOf(input)).filter((table) => wanted?.test(table.name) ?? true);
      const { items, next } = page(tables, input);
      return { TableMetadataList: items.map(tableMetadata), ...next };
    },
    async GetTableMetadata(input: unknown) {
      const { TableName, DatabaseName } = z.object({ TableName: z.string(), DatabaseName: z.string() }).parse(input);
      const table = (await tablesOf(input)).find((candidate) => candidate.name === TableName.toLowerCase());
      if (table === undefined)
        throw new RequestError('MetadataException', `Table ${DatabaseName}.${TableName} not found.`);
      return { TableMetadata: tableMetadata(table) };
    },
    async ListWorkGroups(input: unknown) {
      pageSchema.parse(input);
      return { WorkGroups: [{ Name: 'primary', State: 'ENABLED', EngineVersion: engineVersion }] };
    },
    async GetWorkGroup(input: unknown) {
      const { WorkGroup } = z.object({ WorkGroup: z.string() }).parse(input);
      const configuration = {
        EnforceWorkGroupConfiguration: false,
        PublishCloudWatchMetricsEnabled: false,
        RequesterPaysEnabled: false,
        EngineVersion: engineVersion,
      };
      return { WorkGroup: { Name: WorkGroup, State: 'ENABLED', Configuration: configuration } };
    },
  };
}

const engineVersion = { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' };

function checkCatalogue(name: string): void {
  if (name.toLowerCase() !== catalogue.Name.toLowerCase()) throw invalidRequest(`Data catalog ${name} was not found`);
}

function page<T>(all: readonly T[], input: unknown): { items: readonly T[]; next: { NextToken?: string } } {
  const { NextToken, MaxResults } = pageSchema.parse(input);
  const from = NextToken === undefined ? 0 : Number(NextToken);
  if (!Number.isSafeInteger(from) || from < 0) throw invalidRequest('Invalid NextToken');
  const to = from + MaxResults;
  return { items: all.slice(from, to), next: to < all.length ? { NextToken: String(to) } : {} };
}

/** Athena matches table names with a regular expression; one that is none matches nothing. */
function expressionPattern(expression: string): RegExp {
  try {
    return new RegExp(`^(?:${expression})$`);
  } catch {
    throw invalidRequest(`Expression ${expression} is not a regular expression`);
  }
}

/** Iceberg's partition columns are ordinary columns: Athena lists no partition keys for such a table. */
function tableMetadata(table: EngineTable) {
  return {
    Name: table.name,
    TableType: table.isView ? 'VIRTUAL_VIEW' : 'EXTERNAL_TABLE',
    Columns: table.columns.map(({ name, type, description }) => ({
      Name: name,
      Type: type,
      ...(description === undefined || description === '' ? {} : { Comment: description }),
    })),
    PartitionKeys: [],
    Parameters: {
      ...(table.isView ? {} : { table_type: 'ICEBERG' }),
      ...(table.description === undefined || table.description === '' ? {} : { comment: table.description }),
    },
  };
}
