import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Vault } from '../../core/dsr/erasures.ts';
import { keepOnce } from './keep-once.ts';

const sealedShape = z.object({ iv: z.string(), tag: z.string(), text: z.string() });
const entryShape = z.object({ key: sealedShape, identities: sealedShape });
const identitiesShape = z.array(z.string());

type Sealed = z.infer<typeof sealedShape>;

/** A file for each request, encrypted under a key of its own, which is encrypted under the vault's. */
export class FileVault implements Vault {
  readonly #directory: string;
  readonly #key: Buffer;

  /** @param key 32 bytes. */
  constructor(directory: string, key: Buffer) {
    this.#directory = directory;
    this.#key = key;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  async put(request: string, identities: readonly string[]): Promise<string[]> {
    const key = randomBytes(32);
    const entry = { key: seal(key, this.#key), identities: seal(Buffer.from(JSON.stringify(identities)), key) };
    const path = this.#path(request);
    const mine = JSON.stringify(entry);
    if (keepOnce(path, mine, 0o600) === mine) return [...identities];
    const kept = this.#read(request);
    if (kept === undefined) throw new Error(`The vault could not keep the identity of request ${request}`);
    return kept;
  }

  async get(requests: readonly string[]): Promise<Map<string, string[]>> {
    return new Map(
      requests.flatMap((request): [string, string[]][] => {
        const identities = this.#read(request);
        return identities === undefined ? [] : [[request, identities]];
      }),
    );
  }

  async destroy(requests: readonly string[]): Promise<void> {
    for (const request of requests) rmSync(this.#path(request), { force: true });
  }

  #read(request: string): string[] | undefined {
    let text: string;
    try {
      text = readFileSync(this.#path(request), 'utf8');
    } catch {
      return undefined;
    }
    const entry = entryShape.parse(JSON.parse(text));
    return identitiesShape.parse(JSON.parse(open(entry.identities, open(entry.key, this.#key)).toString()));
  }

  #path(request: string): string {
    return join(this.#directory, `${request}.json`);
  }
}

function seal(plain: Buffer, key: Buffer): Sealed {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'), text: text.toString('base64') };
}

function open({ iv, tag, text }: Sealed, key: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'));
  decipher.setAuthTag(Buffer.from(tag, 'base64'));
  return Buffer.concat([decipher.update(Buffer.from(text, 'base64')), decipher.final()]);
}
