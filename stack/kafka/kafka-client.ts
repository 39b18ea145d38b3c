import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { classPath } from '../artifacts/class-path.ts';
import { findJava } from '../java.ts';
import { StackError } from '../stack-error.ts';

export interface KafkaClientProps {
  readonly bootstrapServers: string;
  /** A folder of jars with Kafka's client among them, such as the broker's. */
  readonly jars: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** A record's bytes; null is a record without a value. */
export type RecordValue = Buffer | string | null;

/** Records, all at hand or coming one by one. */
export type RecordValues = Iterable<RecordValue> | AsyncIterable<RecordValue>;

/** What the stack and its tests ask of a broker: Kafka's own client, in a process of its own. */
export class KafkaClient {
  readonly #props: KafkaClientProps;

  constructor(props: KafkaClientProps) {
    this.#props = props;
  }

  /** Makes a topic, unless it is there. */
  async createTopic(name: string, partitions: number): Promise<void> {
    await this.#run(['create', name, String(partitions)]);
  }

  /** Sends records and waits until the broker has them. @param perSecond default: as fast as they go. */
  async send(topic: string, values: RecordValues, perSecond?: number): Promise<void> {
    await this.#run(['send', topic, ...(perSecond === undefined ? [] : [String(perSecond)])], values);
  }

  /** Records of the topics that a group of consumers has yet to commit. */
  async lag(group: string, topics: readonly string[]): Promise<number> {
    return Number(await this.#run(['lag', group, ...topics]));
  }

  async #run(args: readonly string[], input: RecordValues = []): Promise<string> {
    const { bootstrapServers, jars, environment } = this.#props;
    const source = join(import.meta.dirname, 'KafkaClient.java');
    const child = spawn(
      findJava(17, "Kafka's client", environment),
      ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-cp', classPath(jars), source, bootstrapServers, ...args],
      { stdio: ['pipe', 'pipe', 'pipe'], env: { PATH: environment.PATH } },
    );
    const said = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.err = (said.err + text).slice(-4_000);
    });
    const closed = once(child, 'close');
    // It may end before it has read everything; its exit code says so.
    child.stdin.on('error', () => undefined);
    for await (const value of input) {
      const line = value === null ? '-' : Buffer.from(value).toString('base64');
      if (!child.stdin.write(`${line}\n`)) await Promise.race([once(child.stdin, 'drain'), closed]);
    }
    child.stdin.end();
    const [code] = await closed;
    if (code !== 0) throw new StackError(`Kafka's client (${args[0]}) ended with ${code}:\n${said.err}`);
    return said.out.trim();
  }
}
