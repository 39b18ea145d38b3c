import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key, type KeyProps, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';

export interface LakeKeysProps {
  readonly removalPolicy: RemovalPolicy;
  /** ARNs of existing keys, by what they are for. Default: each is created. */
  readonly existing: Config['keys'];
}

/** The keys, one for each promise: what is readable, who can be found in the vault, who is recognised, who signed. */
export class LakeKeys extends Construct {
  /** Encrypts tables, query results and evidence. */
  readonly lake: IKey;
  /** Encrypts the identities of erasures: those in the vault, and those on the bus of requests. Whoever may read the lake may not read these. */
  readonly vault: IKey;
  /** Makes pseudonyms of erased people; only who may use it can ask whether somebody was erased. */
  readonly pseudonym: IKey;
  /** Signs the evidence of erasures; anybody can check it with the public key. */
  readonly signing: IKey;

  constructor(scope: Construct, id: string, { removalPolicy, existing }: LakeKeysProps) {
    super(scope, id);
    const key = (name: string, arn: string | undefined, props: KeyProps): IKey =>
      arn === undefined ? new Key(this, name, { ...props, removalPolicy }) : Key.fromKeyArn(this, name, arn);
    this.lake = key('Lake', existing.lake, { description: 'Lethe: the lake', enableKeyRotation: true });
    this.vault = key('Vault', existing.vault, {
      description: 'Lethe: identities of open erasures',
      enableKeyRotation: true,
    });
    // What is on the bus of requests, and among its dead letters, is encrypted under it too.
    this.vault.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    this.pseudonym = key('Pseudonym', existing.pseudonym, {
      description: 'Lethe: pseudonyms of erased people',
      keySpec: KeySpec.HMAC_256,
      keyUsage: KeyUsage.GENERATE_VERIFY_MAC,
    });
    this.signing = key('Signing', existing.signing, {
      description: 'Lethe: signatures of evidence',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
    });
  }
}
