import type { RemovalPolicy } from 'aws-cdk-lib';
import { type IKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface LakeKeysProps {
  readonly removalPolicy: RemovalPolicy;
  /** ARN of an existing key of the lake. Default: one is created. */
  readonly lakeKeyArn?: string;
}

/** The keys, one for each promise: what is readable, who can be found in the vault, who is recognised, who signed. */
export class LakeKeys extends Construct {
  /** Encrypts tables, query results and evidence. */
  readonly lake: IKey;
  /** Encrypts the identities of open erasures, and nothing else: whoever may read the lake may not read these. */
  readonly vault: Key;
  /** Makes pseudonyms of erased people; only who may use it can ask whether somebody was erased. */
  readonly pseudonym: Key;
  /** Signs the evidence of erasures; anybody can check it with the public key. */
  readonly signing: Key;

  constructor(scope: Construct, id: string, { removalPolicy, lakeKeyArn }: LakeKeysProps) {
    super(scope, id);
    this.lake =
      lakeKeyArn === undefined
        ? new Key(this, 'Lake', { description: 'Lethe: the lake', enableKeyRotation: true, removalPolicy })
        : Key.fromKeyArn(this, 'Lake', lakeKeyArn);
    this.vault = new Key(this, 'Vault', {
      description: 'Lethe: identities of open erasures',
      enableKeyRotation: true,
      removalPolicy,
    });
    this.pseudonym = new Key(this, 'Pseudonym', {
      description: 'Lethe: pseudonyms of erased people',
      keySpec: KeySpec.HMAC_256,
      keyUsage: KeyUsage.GENERATE_VERIFY_MAC,
      removalPolicy,
    });
    this.signing = new Key(this, 'Signing', {
      description: 'Lethe: signatures of evidence',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy,
    });
  }
}
