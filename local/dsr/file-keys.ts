import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErasureKeys } from '../../core/dsr/erasures.ts';
import { keepOnce } from './keep-once.ts';

/** The file, beside the private keys, that holds the public one. */
export const publicKeyFile = 'evidence-public.pem';

/** Keys of a home, made at first use, readable by their owner alone. */
export class FileKeys implements ErasureKeys {
  readonly #directory: string;
  /** What has been read: keys never change, and a file of 100,000 people asks for one as often. */
  readonly #read = new Map<string, string>();

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /** The vault's key, 32 bytes. */
  vault(): Buffer {
    return Buffer.from(this.#kept('vault.key', random), 'base64');
  }

  async pseudonym(identity: string): Promise<string> {
    return createHmac('sha256', this.#kept('pseudonym.key', random)).update(identity).digest('hex');
  }

  async sign(text: string): Promise<string> {
    return sign('sha256', Buffer.from(text), createPrivateKey(this.#kept('evidence.pem', privateKey))).toString(
      'base64',
    );
  }

  async publicKey(): Promise<string> {
    const pem = () =>
      createPublicKey(this.#kept('evidence.pem', privateKey)).export({ type: 'spki', format: 'pem' }).toString();
    // A file of its own, to be handed to whoever checks evidence.
    return this.#kept(publicKeyFile, pem);
  }

  #kept(name: string, make: () => string): string {
    const known = this.#read.get(name) ?? this.#onDisk(name, make);
    this.#read.set(name, known);
    return known;
  }

  #onDisk(name: string, make: () => string): string {
    const path = join(this.#directory, name);
    try {
      return readFileSync(path, 'utf8');
    } catch {
      // Not there yet.
    }
    // Should another process be making it too, both have what the first has kept.
    return keepOnce(path, make(), 0o600);
  }
}

function random(): string {
  return randomBytes(32).toString('base64');
}

function privateKey(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
}
