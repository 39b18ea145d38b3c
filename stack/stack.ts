import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BucketAlreadyOwnedByYou, CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type AthenaEndpoint, serveAthena } from '../local/athena/endpoint.ts';
import { TrinoEngine } from '../local/athena/trino-engine.ts';
import type { Artifacts } from './artifacts/install-artifacts.ts';
import { startAwsEmulator } from './aws-emulator.ts';
import { startConnectWorker } from './connect-worker.ts';
import { freePort } from './free-port.ts';
import { type GlueGateway, serveGlue } from './glue-gateway.ts';
import { startKafkaBroker } from './kafka-broker.ts';
import { emulatorCredentials, emulatorRegion, type Part, type PartProps } from './part.ts';
import { StackError } from './stack-error.ts';
import { startTrino } from './trino.ts';

export const partNames = ['aws-emulator', 'trino', 'kafka-broker', 'connect-worker'] as const;

export type PartName = (typeof partNames)[number];

export interface StackOptions {
  readonly artifacts: Artifacts;
  /** The folder of the parts' settings, data and logs; made when missing. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Ports by part. Default: free ones. */
  readonly ports?: Partial<Record<PartName | 'athena', number>>;
  /** Parts that are started. Default: all. */
  readonly parts?: readonly PartName[];
  /** Trinos and brokers of one's own, by address, instead of those that are started. Default: none. */
  readonly own?: { readonly trino?: string | undefined; readonly 'kafka-broker'?: string | undefined };
  /** Whether the emulator enforces policies. Default: it lets everybody do everything. */
  readonly policies?: 'enforced';
  /** Gives up starting. Default: nothing does. */
  readonly signal?: AbortSignal;
  /** Told what has been started. Default: nobody is told. */
  readonly onStarted?: (part: PartName | 'athena', address: string, millis: number) => void;
}

/** The bucket that the stack makes for tables. */
export const lakeBucket = 'lethe-lake';

/**
 * All engines on one machine.
 *
 *     const stack = await Stack.start({ artifacts, directory, environment: process.env });
 *     const athena = new AthenaClient({ endpoint: stack.athenaUrl, … });
 *     await stack.close();
 */
export class Stack {
  readonly logs: string;
  /** Ends with an error as soon as a part ends that nobody asked to. */
  readonly crashed: Promise<StackError>;
  readonly #options: StackOptions;
  readonly #parts = new Map<PartName, Part>();
  readonly #ports = new Map<PartName | 'athena' | 'glue', number>();
  #endpoint: AthenaEndpoint | undefined;
  #glue: GlueGateway | undefined;
  readonly #crash: (error: StackError) => void;

  private constructor(options: StackOptions) {
    const { promise, resolve } = Promise.withResolvers<StackError>();
    this.#options = options;
    this.#crash = resolve;
    this.crashed = promise;
    this.logs = join(options.directory, 'logs');
    // The emulator forgets its tables when it ends: what another part remembers of an earlier stack would be of none.
    for (const name of ['logs', ...partNames]) rmSync(join(options.directory, name), { recursive: true, force: true });
    mkdirSync(this.logs, { recursive: true });
  }

  /** Starts the parts in the order they need each other. @throws StackError when one does not come up; the others are ended. */
  static async start(options: StackOptions): Promise<Stack> {
    const stack = new Stack(options);
    const wanted = (name: PartName) => (options.parts ?? partNames).includes(name) && stack.#own(name) === undefined;
    try {
      if (wanted('aws-emulator')) {
        await stack.startPart('aws-emulator');
        await stack.#createBucket();
        await stack.#serveGlue();
      }
      const started = await Promise.allSettled([
        wanted('trino') ? stack.startPart('trino') : undefined,
        stack.#startKafka(wanted),
      ]);
      for (const one of started) if (one.status === 'rejected') throw one.reason;
      await stack.#serveAthena();
      return stack;
    } catch (error) {
      await stack.close();
      throw error;
    }
  }

  get awsUrl(): string {
    return this.#addressOf('aws-emulator');
  }

  get trinoUrl(): string {
    return this.#addressOf('trino');
  }

  /** `HOST:PORT`. */
  get bootstrapServers(): string {
    return this.#addressOf('kafka-broker');
  }

  get connectUrl(): string {
    return this.#addressOf('connect-worker');
  }

  /** Glue with Iceberg properties, which the emulator's own at {@link awsUrl} does not take. */
  get glueUrl(): string {
    if (this.#glue === undefined) throw new StackError('Without the AWS emulator there is no Glue.');
    return this.#glue.url;
  }

  /** The local Athena endpoint, with Trino as its engine. */
  get athenaUrl(): string {
    if (this.#endpoint === undefined) throw new StackError('Without Trino there is no Athena endpoint.');
    return this.#endpoint.url;
  }

  /** Starts a part, or starts it again where it was before and with what it had left on disk. */
  async startPart(name: PartName): Promise<void> {
    const began = performance.now();
    const port = await this.#portOf(name);
    const directory = join(this.#options.directory, name);
    mkdirSync(directory, { recursive: true });
    const { environment, signal } = this.#options;
    const logFile = join(this.logs, `${name}.log`);
    const part = await this.#start(name, { port, directory, logFile, environment, signal });
    this.#parts.set(name, part);
    void part.process.ended.then(() => {
      if (part.process.stopping) return;
      this.#crash(new StackError(`${name} has ended by itself. ${part.process.logFile} says:\n${part.process.tail()}`));
    });
    this.#options.onStarted?.(name, part.address, performance.now() - began);
  }

  /** Ends a part at once, as a crash does; the others stay. */
  async killPart(name: PartName): Promise<void> {
    await this.#parts.get(name)?.process.kill();
  }

  /** The number of a part's process, for a test that stops it for a while. */
  pidOf(name: PartName): number {
    const part = this.#parts.get(name);
    if (part === undefined) throw new StackError(`${name} is not part of this stack.`);
    return part.process.pid;
  }

  /** Ends all parts at once and waits for none: for a process that is about to end itself. */
  abandon(): void {
    for (const { process } of this.#parts.values()) process.abandon();
  }

  /** Ends everything, those first that use others. */
  async close(): Promise<void> {
    await this.#endpoint?.close();
    await this.#glue?.close();
    await Promise.all(['connect-worker', 'trino'].map((name) => this.#stopped(name)));
    await this.#stopped('kafka-broker');
    await this.#stopped('aws-emulator');
  }

  async #stopped(name: string): Promise<void> {
    for (const [part, { process }] of this.#parts) if (part === name) await process.stop();
  }

  async #startKafka(wanted: (name: PartName) => boolean): Promise<void> {
    if (wanted('kafka-broker')) await this.startPart('kafka-broker');
    if (wanted('connect-worker')) await this.startPart('connect-worker');
  }

  async #start(name: PartName, props: PartProps): Promise<Part> {
    const { artifacts } = this.#options;
    switch (name) {
      case 'aws-emulator':
        return startAwsEmulator({
          ...props,
          python: artifacts.python,
          policies: this.#options.policies,
          elsewhere: {
            athenaUrl: `http://127.0.0.1:${await this.#portOf('athena')}`,
            glueUrl: `http://127.0.0.1:${await this.#portOf('glue')}`,
          },
        });
      case 'trino':
        return startTrino({
          ...props,
          server: artifacts.trino,
          awsUrl: this.awsUrl,
          warehouse: `s3://${lakeBucket}/`,
        });
      case 'kafka-broker':
        return startKafkaBroker({ ...props, jars: artifacts.kafkaBroker });
      case 'connect-worker':
        return startConnectWorker({
          ...props,
          jars: artifacts.connectWorker,
          plugin: artifacts.connectPlugin,
          bootstrapServers: this.bootstrapServers,
          awsUrl: this.awsUrl,
        });
    }
  }

  async #serveAthena(): Promise<void> {
    if (this.#own('trino') === undefined && !this.#parts.has('trino')) return;
    const began = performance.now();
    this.#endpoint = await serveAthena({
      engine: new TrinoEngine({ url: this.trinoUrl }),
      database: 'default',
      port: await this.#portOf('athena'),
    });
    this.#options.onStarted?.('athena', this.#endpoint.url, performance.now() - began);
  }

  async #serveGlue(): Promise<void> {
    this.#glue = await serveGlue({
      port: await this.#portOf('glue'),
      awsUrl: this.awsUrl,
      trinoUrl: () => this.trinoUrl,
    });
  }

  /** The port that a part has had, is to have, or gets now. */
  async #portOf(name: PartName | 'athena' | 'glue'): Promise<number> {
    const known = this.#ports.get(name) ?? (name === 'glue' ? undefined : this.#options.ports?.[name]);
    const port = known ?? (await freePort());
    this.#ports.set(name, port);
    return port;
  }

  async #createBucket(): Promise<void> {
    const s3 = s3Client(this.awsUrl);
    try {
      await s3.send(new CreateBucketCommand({ Bucket: lakeBucket }));
    } catch (error) {
      if (!(error instanceof BucketAlreadyOwnedByYou)) throw error;
    } finally {
      s3.destroy();
    }
  }

  #own(name: PartName): string | undefined {
    return name === 'trino' || name === 'kafka-broker' ? this.#options.own?.[name] : undefined;
  }

  #addressOf(name: PartName): string {
    const address = this.#own(name) ?? this.#parts.get(name)?.address;
    if (address === undefined) throw new StackError(`${name} is not part of this stack.`);
    return address;
  }
}

/** A client of the emulator's S3. */
export function s3Client(awsUrl: string): S3Client {
  return new S3Client({
    endpoint: awsUrl,
    region: emulatorRegion,
    credentials: emulatorCredentials,
    forcePathStyle: true,
  });
}
