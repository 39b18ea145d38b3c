import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { z } from 'zod';
import type { Vault } from '../../core/dsr/erasures.ts';
import { eachOf, piecesOf } from './side-by-side.ts';

export interface DynamoVaultProps {
  readonly dynamo: DynamoDBClient;
  readonly kms: KMSClient;
  /** Table of `pk` and `sk`, without backups and without a stream. */
  readonly table: string;
  /** Id or ARN of the vault's key. */
  readonly keyId: string;
}

type Item = Record<string, AttributeValue>;

const identitiesShape = z.array(z.string());
/** DynamoDB gives at most so many items at once, and deletes at most so many. */
const mostGiven = 100;
const mostDeleted = 25;
/** KMS decrypts for one caller thousands of times a second; so many at once take 100,000 in about half a minute. */
const mostAtOnce = 64;
const mostRounds = 10;

/**
 * An item for each request. Its identities are encrypted under a data key of their own, which is encrypted under the vault's
 * key for this request alone: what is deleted cannot be read even by who kept a copy of another item.
 */
export class DynamoVault implements Vault {
  readonly #props: DynamoVaultProps;

  constructor(props: DynamoVaultProps) {
    this.#props = props;
  }

  async put(request: string, identities: readonly string[]): Promise<string[]> {
    const { dynamo, kms, table, keyId } = this.#props;
    const { Plaintext, CiphertextBlob } = await kms.send(
      new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: { request } }),
    );
    if (Plaintext === undefined || CiphertextBlob === undefined) throw new Error('KMS gave no data key');
    const item = {
      ...keyOf(request),
      key: { B: CiphertextBlob },
      sealed: { B: seal(JSON.stringify(identities), Plaintext) },
    };
    try {
      await dynamo.send(
        new PutItemCommand({ TableName: table, Item: item, ConditionExpression: 'attribute_not_exists(pk)' }),
      );
      return [...identities];
    } catch (error) {
      if (!(error instanceof Error && error.name === 'ConditionalCheckFailedException')) throw error;
    }
    const { Item } = await dynamo.send(
      new GetItemCommand({ TableName: table, Key: keyOf(request), ConsistentRead: true }),
    );
    // Destroyed in between: the request has ended.
    return Item === undefined ? [...identities] : await this.#open(request, Item);
  }

  async get(requests: readonly string[]): Promise<Map<string, string[]>> {
    const found = new Map<string, string[]>();
    await eachOf(piecesOf([...new Set(requests)], mostGiven), mostAtOnce / 8, async (piece) => {
      const items = await this.#items(piece);
      await eachOf(items, mostAtOnce / 8, async (item) => {
        const request = requestOf(item);
        found.set(request, await this.#open(request, item));
      });
    });
    return found;
  }

  async destroy(requests: readonly string[]): Promise<void> {
    const { dynamo, table } = this.#props;
    await eachOf(piecesOf([...new Set(requests)], mostDeleted), mostAtOnce / 4, async (piece) => {
      let left = piece.map((request) => ({ DeleteRequest: { Key: keyOf(request) } }));
      for (let round = 0; left.length > 0; round++) {
        if (round === mostRounds) throw new Error('The vault keeps leaving deletions undone: run again later');
        const { UnprocessedItems } = await dynamo.send(new BatchWriteItemCommand({ RequestItems: { [table]: left } }));
        left = (UnprocessedItems?.[table] ?? []).flatMap(({ DeleteRequest }) =>
          DeleteRequest?.Key?.pk?.S === undefined
            ? []
            : [{ DeleteRequest: { Key: keyOf(requestOf(DeleteRequest.Key)) } }],
        );
      }
    });
  }

  async #items(requests: readonly string[]): Promise<Item[]> {
    const { dynamo, table } = this.#props;
    const items: Item[] = [];
    let keys: Item[] | undefined = requests.map(keyOf);
    for (let round = 0; keys !== undefined && keys.length > 0; round++) {
      if (round === mostRounds) throw new Error('The vault keeps leaving reads undone: run again later');
      const page: BatchGetItemCommandOutput = await dynamo.send(
        new BatchGetItemCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }),
      );
      items.push(...(page.Responses?.[table] ?? []));
      keys = page.UnprocessedKeys?.[table]?.Keys;
    }
    return items;
  }

  async #open(request: string, item: Item): Promise<string[]> {
    const { Plaintext } = await this.#props.kms.send(
      new DecryptCommand({
        KeyId: this.#props.keyId,
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

function keyOf(request: string): { pk: { S: string }; sk: { S: string } } {
  return { pk: { S: request }, sk: { S: 'identities' } };
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
