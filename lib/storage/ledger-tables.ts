import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { runsByStart } from '../../core/lake/task-settings.ts';

export interface LedgerTablesProps {
  readonly lakeKey: IKey;
  readonly vaultKey: IKey;
  readonly removalPolicy: RemovalPolicy;
}

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** The records that are no tables of the lake: runs, requests for erasure, and the identities of the open ones. */
export class LedgerTables extends Construct {
  readonly runs: Table;
  readonly requests: Table;
  readonly vault: Table;

  constructor(scope: Construct, id: string, { lakeKey, vaultKey, removalPolicy }: LedgerTablesProps) {
    super(scope, id);
    const keyed = {
      partitionKey: text('pk'),
      sortKey: text('sk'),
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expires',
      removalPolicy,
      deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
    };
    const backedUp = {
      ...keyed,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: lakeKey,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    };
    this.runs = new Table(this, 'Runs', backedUp);
    this.runs.addGlobalSecondaryIndex({
      indexName: runsByStart,
      partitionKey: text('kind'),
      sortKey: text('startedAt'),
    });
    this.requests = new Table(this, 'Requests', backedUp);
    // No point-in-time recovery and no stream: an identity that is deleted here is gone.
    this.vault = new Table(this, 'Vault', {
      ...keyed,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: vaultKey,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: false },
    });
  }
}
