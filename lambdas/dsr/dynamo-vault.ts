import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { z } from 'zod';
import type { Vault } from '../../core/dsr/erasures.ts';
import { type Item, keyOf } from '../lake/dynamo-item.ts';
import { DynamoTable } from '../lake/dynamo-table.ts';
import { eachOf, piecesOf } from '../lake/side-by-side.ts';

export interface DynamoVaultProps {
  readonly dynamo: DynamoDBClient;
  readonly kms: KMSClient;
  /** Table of `pk` and `sk`, without backups and without a stream. */
  readonly table: string;
  /** Id or ARN of the vault's key. */
  readonly keyId: string;
}

const identitiesShape = z.array(z.string());
/** So many entries are read at a time, and opened before more are. */
const mostRead = 1_000;
/** KMS decrypts for one caller thousands of times a second; so many at once take 100,000 in about half a minute. */
const mostAtOnce = 64;

/**
 * An item for each request. Its identities are encrypted under a data key of their own, which is encrypted under the vault's
 * key for this request alone: what is deleted cannot be read even by who kept a copy of another item.
 */
export class DynamoVault implements Vault {
  readonly #table: DynamoTable;
  readonly #kms: KMSClient;
  readonly #keyId: string;

  constructor({ dynamo, kms, table, keyId }: DynamoVaultProps) {
    this.#table = new DynamoTable(dynamo, table);
    this.#kms = kms;
    this.#keyId = keyId;
  }

  async put(request: string, identities: readonly string[]): Promise<string[]> {
    const { Plaintext, CiphertextBlob } = await this.#kms.send(
      new GenerateDataKeyCommand({ KeyId: this.#keyId, KeySpec: 'AES_256', EncryptionContext: { request } }),
    );
    if (Plaintext === undefined || CiphertextBlob === undefined) throw new Error('KMS gave no data key');
    const item = {
      ...entryKey(request),
      key: { B: CiphertextBlob },
      sealed: { B: seal(JSON.stringify(identities), Plaintext) },
    };
    if (await this.#table.put(item, { ConditionExpression: 'attribute_not_exists(pk)' })) return [...identities];
    const first = await this.#table.get(entryKey(request));
    // Destroyed in between: the request has ended.
    return first === undefined ? [...identities] : await this.#open(request, first);
  }

  async get(requests: readonly string[]): Promise<Map<string, string[]>> {
    const found = new Map<string, string[]>();
    for (const piece of piecesOf([...new Set(requests)], mostRead)) {
      const items = await this.#table.getAll(piece.map(entryKey));
      await eachOf(items, mostAtOnce, async (item) => {
        const request = requestOf(item);
        found.set(request, await this.#open(request, item));
      });
    }
    return found;
  }

  async destroy(requests: readonly string[]): Promise<void> {
    await this.#table.deleteAll([...new Set(requests)].map(entryKey));
  }

  async #open(request: string, item: Item): Promise<string[]> {
    const { Plaintext } = await this.#kms.send(
      new DecryptCommand({
        KeyId: this.#keyId,
        CiphertextBlob: item.key?.B,
        // An entry that was moved under another request's name cannot be opened.
        EncryptionContext: { request },
      }),
    );
    const sealed = item.sealed?.B;
    if (Plaintext === undefined || sealed === undefined) throw new Error(`The vault's entry of ${request} is no entry`);
    return identitiesShape.parse(JSON.parse(unseal(Buffer.from(sealed), Plaintext)));
  }
}

function entryKey(request: string): ReturnType<typeof keyOf> {
  return keyOf(request, 'identities');
}

function requestOf({ pk }: Item): string {
  if (pk?.S === undefined) throw new Error('An item of the vault has no key');
  return pk.S;
}

const ivBytes = 12;
const tagBytes = 16;

function seal(text: string, key: Uint8Array): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

function unseal(sealed: Buffer, key: Uint8Array): string {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, ivBytes));
  decipher.setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8');
}
