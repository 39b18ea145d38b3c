import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { readEvidence, verifyEvidence } from '../../core/dsr/evidence.ts';
import { detailTypes } from '../../core/dsr/receive.ts';
import type { RequestStatus } from '../../core/dsr/request-store.ts';
import { pipelines } from '../../core/pipelines.ts';
import { DynamoRequestStore } from '../../lambdas/dsr/dynamo-request-store.ts';
import { AthenaEngine } from '../../lambdas/lake/athena-engine.ts';
import { environmentFile, readConfig } from '../../lib/config.ts';
import { deploymentOf } from '../../lib/deployment-of.ts';
import { main } from '../../local/cli/main.ts';
import { placeAt } from '../../local/cli/place.ts';
import { terminalOn } from '../../local/cli/terminal.ts';
import { emulatorCredentials, emulatorRegion } from '../../stack/part.ts';
import { runStatement } from './athena-statement.ts';
import { deploy, prepareDeployment } from './deployed-app.ts';
import { historyEvents, loggedLines } from './deployed-traces.ts';
import { DeployedWorkflows } from './deployed-workflows.ts';
import { stackAddresses } from './stack-addresses.ts';
import { bytesOf, keysBelow } from './stored-objects.ts';
import { athenaClient } from './trino-lake.ts';

/** An environment without Kafka: the emulator knows nothing of MSK Connect. */
const environment = 'dev';
/** What the names of all that belongs to it begin with: other environments may be deployed to the same account. */
const { name } = readConfig(environmentFile(environment));
const busName = `${name}-erasures`;
const canary = `canary-${randomUUID()}`;
const output = mkdtempSync(join(tmpdir(), 'lethe-cdk-'));
const dynamo = new DynamoDBClient({});
const events = new EventBridgeClient({});
const sqs = new SQSClient({});
const s3 = new S3Client({ forcePathStyle: true });
const workflows = new DeployedWorkflows(name);
let store: DynamoRequestStore;
let listener = '';
/** The batch of the request that the first test makes. */
let opened = 'none';

beforeAll(async () => {
  await prepareDeployment(environment, output);
  await deploy(output);
  store = new DynamoRequestStore({ client: dynamo, table: await tableOf('LedgersRequests') });
  listener = await listen();
}, 400_000);
afterAll(() => {
  for (const client of [dynamo, events, sqs, s3]) client.destroy();
  workflows.close();
  rmSync(output, { recursive: true, force: true });
});

/** The environment's one of many things, by a part of its name. */
function own(names: readonly (string | undefined)[], part: string): string {
  const found = names.find((one) => one?.startsWith(`${name}-`) && one.includes(part));
  if (found === undefined) throw new Error(`${name} has no ${part}`);
  return found;
}

async function tableOf(part: string): Promise<string> {
  const { TableNames = [] } = await dynamo.send(new ListTablesCommand({}));
  return own(TableNames, part);
}

/** A caller's queue, to which a rule of theirs brings the changes of their requests. */
async function listen(): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `listener-${randomUUID()}` }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const rule = { Name: 'listener', EventBusName: busName };
  const pattern = { source: ['lethe'], 'detail-type': [detailTypes.status] };
  await events.send(new PutRuleCommand({ ...rule, EventPattern: JSON.stringify(pattern) }));
  const Targets = [{ Id: 'queue', Arn: Attributes?.QueueArn }];
  await events.send(new PutTargetsCommand({ Rule: rule.Name, EventBusName: busName, Targets }));
  return QueueUrl;
}

async function send(detailType: string, detail: unknown): Promise<void> {
  const entry = { EventBusName: busName, Source: 'caller', DetailType: detailType, Detail: JSON.stringify(detail) };
  const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries: [entry] }));
  expect(FailedEntryCount).toBe(0);
}

function request(id: string) {
  return {
    regulation: 'gdpr',
    subject_request_id: id,
    subject_request_type: 'erasure',
    subject_identities: [{ identity_type: 'controller_customer_id', identity_value: canary, identity_format: 'raw' }],
    submitted_time: new Date().toISOString(),
  };
}

/** Looks until something is there. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 360; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(250);
  }
  throw new Error('it never came');
}

async function untilStatus(id: string, status: RequestStatus) {
  return await eventually(async () => {
    const found = await store.request(id);
    return found?.status === status ? found : undefined;
  });
}

const message = z.object({ detail: z.object({ subject_request_id: z.string(), request_status: z.string() }) });

/** What a caller has been told of some requests, after the function that tells has been called. */
async function told(ids: readonly string[], most: number): Promise<string[]> {
  const { awsUrl } = stackAddresses();
  const listed = z.object({ Functions: z.array(z.object({ FunctionName: z.string() })) });
  // The emulator looks at who calls, and not at the signature.
  const { accessKeyId } = emulatorCredentials;
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${emulatorRegion}/lambda/aws4_request, SignedHeaders=host, Signature=0`;
  const headers = { authorization };
  const functions = listed.parse(await (await fetch(`${awsUrl}/2015-03-31/functions`, { headers })).json()).Functions;
  const teller = own(
    functions.map(({ FunctionName }) => FunctionName),
    'ErasureRequestsTell',
  );
  const answer = await fetch(`${awsUrl}/2015-03-31/functions/${teller}/invocations`, {
    method: 'POST',
    body: '{}',
    headers,
  });
  expect(await answer.json()).toEqual({ told: expect.any(Number) });
  const heard: string[] = [];
  await eventually(async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: listener, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    for (const { Body } of Messages) {
      const { detail } = message.parse(JSON.parse(Body ?? '{}'));
      expect(Body).not.toContain(canary);
      if (ids.includes(detail.subject_request_id))
        heard.push(`${ids.indexOf(detail.subject_request_id)} ${detail.request_status}`);
    }
    return heard.length >= most ? heard : undefined;
  });
  return heard.sort();
}

test('a request travels from the bus into the ledger, into a batch, and its caller is told', async () => {
  const [kept, withdrawn] = [randomUUID(), randomUUID()];
  await send(detailTypes.request, request(kept));
  await send(detailTypes.request, request(kept));
  await send(detailTypes.request, request(withdrawn));
  const pending = await untilStatus(kept, 'pending');
  await untilStatus(withdrawn, 'pending');
  expect(pending.pseudonyms).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  expect((await store.requestsFor(pending.pseudonyms[0] ?? '')).map(({ id }) => id).sort()).toEqual(
    [kept, withdrawn].sort(),
  );
  await send(detailTypes.withdrawal, { subject_request_id: withdrawn });
  await untilStatus(withdrawn, 'cancelled');

  await workflows.run('dsr', { mode: 'scheduled' });
  opened = (await untilStatus(kept, 'in_progress')).batch ?? 'none';
  // Others may have asked too, where this runs on a stack that was used before.
  expect(await store.batch(opened)).toMatchObject({ stage: 'erased', requests: expect.arrayContaining([kept]) });
  expect(await told([kept, withdrawn], 4)).toEqual(['0 in_progress', '0 pending', '1 cancelled', '1 pending']);
}, 400_000);

/** Nothing is run here. */
const neverBuilt = () => Promise.reject(new Error('a deployment needs no workflows of its own'));

/** Lets a batch's wait be over: the emulator's clock is the machine's. */
async function endWait(id: string): Promise<void> {
  const batch = await store.batch(id);
  if (batch !== undefined) await store.save({ ...batch, waitsUntil: batch.openedAt });
}

test('the batch is proven, swept and closed, with signed evidence, and nothing is left that leads to the person', async () => {
  for (let run = 0; run < 3 && (await store.batch(opened))?.stage !== 'closed'; run++) {
    await endWait(opened);
    await workflows.run('dsr', { mode: 'scheduled' });
  }
  const closed = await store.batch(opened);
  expect(closed).toMatchObject({ stage: 'closed', rounds: [{ kind: 'erasure' }, { kind: 'sweep' }] });
  expect(closed?.rounds[0]?.proof?.filter(({ passed }) => !passed)).toEqual([]);
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const names = Buckets.map(({ Name }) => Name);
  const text = (await bytesOf(s3, own(names, 'bucketsevidence'), `${opened}.json`)).toString();
  const evidence = readEvidence(text, opened);
  expect(verifyEvidence(evidence, evidence.publicKey)).toMatchObject({ genuine: true, doubts: [] });
  expect(text).not.toContain(canary);
  const files = await keysBelow(s3, own(names, 'bucketslake'), 'erasures/');
  expect(files.filter((key) => key.includes(opened))).toEqual([]);
  const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: await tableOf('LedgersVault') }));
  expect(Items.filter(({ pk }) => closed?.requests.includes(pk?.S ?? ''))).toEqual([]);
}, 900_000);

test('the command line submits people to the deployment, takes one back, and shows where they stand', async () => {
  const lethe = async (...args: string[]) => {
    const [out, err] = [new PassThrough({ highWaterMark: 1e9 }), new PassThrough({ highWaterMark: 1e9 })];
    const place = placeAt(terminalOn(out, err), new AbortController().signal, neverBuilt, async () =>
      deploymentOf(readConfig(environmentFile(environment)), pipelines),
    );
    const status = await main(args, place);
    const [said, complained] = [String(out.read() ?? ''), String(err.read() ?? '')];
    expect([status, complained]).toEqual([0, '']);
    expect(said).not.toContain(canary);
    return said;
  };
  const file = join(output, 'leavers.txt');
  writeFileSync(file, Array.from({ length: 25 }, (_, n) => `${canary}-${n}`).join('\n'));
  const submitted = await lethe('forget', '--file', file, '--regulation', 'ccpa', '--env', environment, '--json');
  const { requests } = z.object({ requests: z.array(z.uuid()).length(25) }).parse(JSON.parse(submitted));
  for (const id of requests) await untilStatus(id, 'pending');
  const [first = ''] = requests;
  await lethe('forget', '--withdraw', first, '--env', environment);
  await untilStatus(first, 'cancelled');
  const listed = z
    .object({ requests: z.array(z.object({ id: z.string(), status: z.string(), regulation: z.string() })) })
    .parse(JSON.parse(await lethe('requests', '--env', environment, '--json')));
  const among = listed.requests.filter(({ id }) => requests.includes(id));
  expect(among.map(({ status }) => status).sort()).toEqual(['cancelled', ...Array(24).fill('pending')]);
  expect(await lethe('requests', '--env', environment)).toContain(first);
}, 200_000);

test('the deployed functions find a person’s rows, and the files that hold them', async () => {
  const { database } = readConfig(environmentFile(environment));
  const client = athenaClient(stackAddresses().athenaUrl);
  const engine = new AthenaEngine({ client, workGroup: 'primary', database });
  const [person, asked] = [`${canary}-with-a-row`, randomUUID()];
  const today = new Date(Date.now() - 60_000).toISOString().slice(0, 10);
  const row = `('chat', '${person}', 'room', timestamp '${today} 00:00:00', date '${today}')`;
  await runStatement(
    engine,
    `insert into bronze_chat_events (chat_id, user_id, room_id, "timestamp", dt) values ${row}`,
  );
  const [identity] = request(asked).subject_identities;
  await send(detailTypes.request, {
    ...request(asked),
    subject_identities: [{ ...identity, identity_value: person }],
  });
  await untilStatus(asked, 'pending');
  await workflows.run('dsr', { mode: 'scheduled', dryRun: true });
  expect((await store.estimate())?.tables.bronze_chat_events).toEqual({
    rows: 1,
    days: 1,
    files: 1,
    bytes: expect.any(Number),
  });
  await runStatement(engine, `delete from bronze_chat_events where dt = date '${today}'`);
  client.destroy();
}, 200_000);

test('a malformed event is refused by its reason, and kept where it expires', async () => {
  const malformed = { ...request(randomUUID()), regulation: canary };
  const before = (await store.refusals()).length;
  await send(detailTypes.request, malformed);
  await eventually(async () => ((await store.refusals()).length > before ? true : undefined));
  const reason = 'regulation: invalid_value';
  expect((await store.refusals()).at(-1)?.reason).toBe(reason);
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const queues = QueueUrls.map((url) => url.split('/').at(-1));
  const QueueUrl = QueueUrls[queues.indexOf(own(queues, 'ErasureBusDeadLetters'))];
  const dead = await eventually(async () => {
    const received = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MessageAttributeNames: ['All'],
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
      }),
    );
    return received.Messages?.find(({ Body }) => Body?.includes(canary));
  });
  expect(dead.MessageAttributes).toMatchObject({ reason: { StringValue: reason } });
  expect(JSON.parse(dead.Body ?? '{}')).toEqual(malformed);
});

test('no log of a function and no history of a workflow names anybody', async () => {
  const sfn = new SFNClient({});
  const [lines, histories] = [await loggedLines(), await historyEvents(sfn)];
  sfn.destroy();
  // They are there to be looked through.
  expect(lines.filter((line) => line.includes('Task done')).length).toBeGreaterThan(20);
  expect(histories.filter((event) => event.includes(opened)).length).toBeGreaterThan(20);
  expect([...lines, ...histories].filter((text) => text.includes(canary))).toEqual([]);
}, 200_000);
