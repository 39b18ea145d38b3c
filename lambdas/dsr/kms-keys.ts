import { createHash } from 'node:crypto';
import { GenerateMacCommand, GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import type { ErasureKeys } from '../../core/dsr/erasures.ts';

export interface KmsKeysProps {
  readonly kms: KMSClient;
  /** Id or ARN of the key of pseudonyms, HMAC_256. */
  readonly pseudonymKeyId: string;
  /** Id or ARN of the key that signs evidence, ECC_NIST_P256. */
  readonly signingKeyId: string;
}

/** Keys that never leave KMS. */
export class KmsKeys implements ErasureKeys {
  readonly #props: KmsKeysProps;

  constructor(props: KmsKeysProps) {
    this.#props = props;
  }

  async pseudonym(identity: string): Promise<string> {
    const { kms, pseudonymKeyId } = this.#props;
    const { Mac } = await kms.send(
      new GenerateMacCommand({ KeyId: pseudonymKeyId, MacAlgorithm: 'HMAC_SHA_256', Message: Buffer.from(identity) }),
    );
    if (Mac === undefined) throw new Error('KMS made no pseudonym');
    return Buffer.from(Mac).toString('hex');
  }

  async sign(text: string): Promise<string> {
    const { kms, signingKeyId } = this.#props;
    // KMS takes messages of at most 4,096 bytes; of a longer one it signs the digest that it would have made itself.
    const digest = createHash('sha256').update(text).digest();
    const { Signature } = await kms.send(
      new SignCommand({
        KeyId: signingKeyId,
        SigningAlgorithm: 'ECDSA_SHA_256',
        MessageType: 'DIGEST',
        Message: digest,
      }),
    );
    if (Signature === undefined) throw new Error('KMS made no signature');
    return Buffer.from(Signature).toString('base64');
  }

  async publicKey(): Promise<string> {
    const { kms, signingKeyId } = this.#props;
    const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: signingKeyId }));
    if (PublicKey === undefined) throw new Error('KMS showed no public key');
    const lines =
      Buffer.from(PublicKey)
        .toString('base64')
        .match(/.{1,64}/g) ?? [];
    return `-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----\n`;
  }
}
