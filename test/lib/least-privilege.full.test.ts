import { jsonTableDdl } from '../../core/catalogue/json-table-ddl.ts';
import { migrationOf } from '../../core/catalogue/migration.ts';
import { subjectsPrefix, subjectsTable } from '../../core/dsr/subjects-table.ts';
import { pipelines } from '../../core/pipelines.ts';
import { erasingCalls } from '../lambdas/dsr/erasing-calls.ts';
import { type Call, scriptedLake } from '../lambdas/lake/scripted-lake.ts';
import { condemnedNeeds, proofNeeds } from './erasure-needs.ts';
import { needsOf, type Places, statementNeeds } from './needs.ts';
import { allows, type Need, type Statement, statementsOf, textOf } from './policies.ts';
import { serviceNeeds } from './service-needs.ts';
import { ofType, synthesizedApp } from './synthesized-app.ts';

const app = synthesizedApp('existing-cluster');
const statements = statementsOf(app);
const { lakehouse, storage } = app;

const idOf = (template: typeof storage, type: string, start: string) => {
  const found = ofType(template, type).find(([id]) => id.startsWith(start));
  if (found === undefined) throw new Error(`no ${type} ${start}`);
  return `<${found[0]}>`;
};
const places: Places = {
  ledger: idOf(storage, 'AWS::DynamoDB::Table', 'LedgersRuns'),
  lake: idOf(storage, 'AWS::S3::Bucket', 'BucketsLake'),
  results: idOf(storage, 'AWS::S3::Bucket', 'BucketsResults'),
  key: idOf(storage, 'AWS::KMS::Key', 'KeysLake'),
  evidence: idOf(storage, 'AWS::S3::Bucket', 'BucketsEvidence'),
  requests: idOf(storage, 'AWS::DynamoDB::Table', 'LedgersRequests'),
  pseudonym: idOf(storage, 'AWS::KMS::Key', 'KeysPseudonym'),
  signing: idOf(storage, 'AWS::KMS::Key', 'KeysSigning'),
  vault: idOf(storage, 'AWS::DynamoDB::Table', 'LedgersVault'),
  vaultKey: idOf(storage, 'AWS::KMS::Key', 'KeysVault'),
  deadLetters: idOf(lakehouse, 'AWS::SQS::Queue', 'ErasureBusDeadLetters'),
  bus: 'arn:aws:events:eu-central-1:111122223333:event-bus/lethe-erasures',
  account: 'eu-central-1:111122223333',
  workGroup: 'lethe-pipeline',
  database: 'iceberg_athena_analytics',
};

/** The role of each handler's function. */
const roleOf = new Map(
  ofType(lakehouse, 'AWS::Lambda::Function').map(([, { Properties, Metadata }]) => [
    String(Metadata['lethe:handler']),
    textOf(Properties.Role, storage).slice(1, -1),
  ]),
);

function role(handler: string): string {
  const found = roleOf.get(handler);
  if (found === undefined) throw new Error(`no role of ${handler}`);
  return found;
}

/** Every call that handlers make: on the way that goes well, while they wait, and when a statement fails. */
async function recordedCalls(): Promise<Call[]> {
  const lake = scriptedLake();
  await lake.machines.run('backfill', { from: '2026-02-01', to: '2026-03-09' });
  for (const workflow of ['silver-daily', 'gold-daily', 'gold-weekly', 'gold-monthly', 'maintenance']) {
    await lake.machines.run(workflow, { mode: 'scheduled' });
  }
  // Days later periods become final, and some have been missed; weeks later their days are dropped.
  for (const [now, workflows] of [
    ['2026-03-17T02:00:00Z', ['silver-daily', 'gold-daily']],
    ['2026-05-20T06:00:00Z', ['maintenance']],
  ] as const) {
    lake.now = new Date(now);
    for (const workflow of workflows) await lake.machines.run(workflow, { mode: 'scheduled' });
  }
  await lake.call('monitoring/report-state', { builtWithinHours: 6 });
  const long = Array.from({ length: 15 }, () => 'RUNNING' as const);
  // Every statement takes long, and the check against bronze finds something.
  const rows = (sql: string) => (sql.includes('bronze_ids') ? [{ bronze_ids: '3' }] : undefined);
  const slow = scriptedLake({ course: () => [...long, 'SUCCEEDED'], rows });
  await slow.machines.run('silver-daily', { mode: 'scheduled' }).catch(() => undefined);
  const broken = scriptedLake({ course: () => ['SYNTAX_ERROR'] });
  await broken.machines.run('silver-daily', { mode: 'scheduled' }).catch(() => undefined);
  return [...lake.calls, ...slow.calls, ...broken.calls, ...(await erasingCalls())];
}

/** What the deploy-time migration does: it reads every table, makes it, and sets its properties. */
function migrationNeeds(): Need[] {
  const migrate = role('lake/migrate-tables');
  const athena = (operation: string, input: unknown = {}): Call => ({
    handler: 'lake/migrate-tables',
    service: 'athena',
    operation,
    input,
  });
  const texts = [
    ...pipelines
      .flatMap((pipeline) => pipeline.tables)
      .flatMap((table) => migrationOf(table, undefined, `s3://lake/tables/${table.name}/`).statements),
    jsonTableDdl(subjectsTable, `s3://lake/${subjectsPrefix}`),
  ];
  const wanted = [
    ...texts.flatMap((sql) => [
      ...needsOf(athena('StartQueryExecution', { QueryString: sql }), places),
      ...statementNeeds(sql, places),
    ]),
    ...needsOf(athena('GetQueryExecution'), places),
    ...needsOf(athena('GetQueryResults'), places),
  ];
  return wanted.map((need) => ({ ...need, role: migrate }));
}

/** What Lambda does for a traced function with the function's role. */
function tracingNeeds(): Need[] {
  return [...roleOf]
    .filter(([handler]) => handler !== 'undefined')
    .flatMap(([, ofRole]) =>
      ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'].map((action) => ({ role: ofRole, action, resource: '*' })),
    );
}

async function handlerNeeds(): Promise<Need[]> {
  const calls = await recordedCalls();
  const all = calls.flatMap((call) => needsOf(call, places).map((need) => ({ ...need, role: role(call.handler) })));
  const brokers = {
    role: role('ingest/bootstrap-brokers'),
    action: 'kafka:GetBootstrapBrokers',
    resource: 'arn:aws:kafka:eu-central-1:111122223333:cluster/events/0c5ab0a9-6c1b-4f0e-9d6e-3f7a1b2c3d4e-5',
  };
  const condemned = ['dsr/look-at-table', 'dsr/estimate-erasure'];
  const proof = [...condemned, 'dsr/read-part'].flatMap((handler) =>
    [...proofNeeds(places), ...(condemned.includes(handler) ? condemnedNeeds(places) : [])].map((need) => ({
      ...need,
      role: role(handler),
    })),
  );
  const every = [...all, ...migrationNeeds(), ...proof, ...tracingNeeds(), brokers];
  return [...new Map(every.map((need) => [JSON.stringify(need), need])).values()];
}

let needs: Need[] = [];
beforeAll(async () => {
  needs = [...(await handlerNeeds()), ...serviceNeeds(app, places)];
}, 120_000);

const isAllowed = (need: Need, by: readonly Statement[]) => by.some((statement) => allows(statement, need));

test('every role of the stack takes part in this proof', () => {
  const roles = ofType(lakehouse, 'AWS::IAM::Role').map(([id]) => id);
  const proved = new Set(needs.map((need) => need.role));
  expect(roles.filter((id) => !proved.has(id))).toEqual([]);
});

test('every call that a handler, a service or a person makes is allowed to its role', () => {
  expect(needs.length).toBeGreaterThan(200);
  expect(needs.filter((need) => !isAllowed(need, statements))).toEqual([]);
});

test('every action and every resource that a role is granted is used by a call', () => {
  const idle = statements.flatMap((statement) => {
    const used = needs.filter((need) => allows(statement, need));
    const only = (part: Partial<Statement>) => used.some((need) => allows({ ...statement, ...part }, need));
    return [
      ...statement.actions.filter((action) => !only({ actions: [action] })),
      ...statement.resources.filter((resource) => !only({ resources: [resource] })),
    ].map((part) => `${statement.role} ${part}`);
  });
  expect(idle).toEqual([]);
});

test('without any one statement some call is refused', () => {
  const allowedBy = needs.map((need) => statements.filter((statement) => allows(statement, need)));
  const alone = new Set(allowedBy.flatMap((by) => (by.length === 1 ? by : [])));
  expect(statements.filter((statement) => !alone.has(statement))).toEqual([]);
});

test('analysts reach gold and nothing else of the lake; compliance reaches no row of a person', () => {
  for (const name of ['RolesAnalyst', 'RolesCompliance']) {
    const own = statements.filter(({ role: ofRole }) => ofRole.startsWith(name));
    const reached = own
      .flatMap(({ resources }) => resources)
      .flatMap((resource) => /\/tables\/([a-z_]+)/.exec(resource)?.[1] ?? []);
    expect(reached.length).toBeGreaterThan(0);
    expect(reached.filter((table) => !table.startsWith('gold_'))).toEqual([]);
    const writes = own.filter(
      ({ actions, resources }) =>
        // Compliance may ask for an erasure, which is no write.
        actions.some((action) => action !== 'events:PutEvents' && /Put|Delete|Update|Create/.test(action)) &&
        resources.some((resource) => !resource.startsWith(`${places.results}/`)),
    );
    expect(writes).toEqual([]);
  }
});

test('what proves an erasure could have changed nothing of the lake, and deleted nothing anywhere', () => {
  const proving = ['plan-proof', 'look-at-table', 'read-part', 'record-look', 'prove-erasure'];
  const roles = new Set(proving.map((handler) => role(`dsr/${handler}`)));
  const own = statements.filter((statement) => roles.has(statement.role));
  const actions = own.flatMap((statement) => statement.actions);
  expect(actions).toContain('s3:ListBucketVersions');
  expect(actions.filter((action) => /Delete|Remove|Update|Create|Start|^s3:Put|Batch.*Write|\*$/.test(action))).toEqual(
    [],
  );
  const writes = own.filter((statement) => statement.actions.some((action) => action.includes('Put')));
  // What it found, in the ledger of requests, and its own trace.
  expect(new Set(writes.flatMap(({ resources }) => resources))).toEqual(new Set([places.requests, '*']));
});

test('nobody but the pipeline, the migrations and the connector may write to the tables', () => {
  const writers = statements.filter(
    ({ actions, resources }) =>
      actions.includes('s3:PutObject') && resources.some((resource) => resource.startsWith(`${places.lake}/tables/`)),
  );
  expect(new Set(writers.map(({ role: ofRole }) => ofRole.replace(/ServiceRole.*|Role[0-9A-F]{8}$/, '')))).toEqual(
    new Set(['TasksLakeStartStatement', 'TablesFunction', 'Connector', 'ManifestJob']),
  );
});
