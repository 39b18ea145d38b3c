import type { Table as DynamoTable } from 'aws-cdk-lib/aws-dynamodb';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Table } from '../../core/catalogue/table.ts';
import type { BucketRef } from '../storage/lake-buckets.ts';
import { allow, type LakeAccess } from './lake-access.ts';
import type { WorkGroups } from './work-groups.ts';

export interface LakeRolesProps {
  readonly tables: readonly Table[];
  readonly access: LakeAccess;
  readonly workGroups: WorkGroups;
  readonly evidence: BucketRef;
  readonly requests: DynamoTable;
  readonly lakeKey: IKey;
  readonly pseudonymKey: IKey;
  readonly signingKey: IKey;
  /** ARN of the bus that requests for erasure come in on. */
  readonly erasureBus: string;
}

/** The roles that people take: each has to be allowed to by the account's own policies as well. */
export class LakeRoles extends Construct {
  readonly analyst: Role;
  readonly compliance: Role;

  constructor(scope: Construct, id: string, props: LakeRolesProps) {
    super(scope, id);
    const { access, workGroups } = props;
    this.analyst = new Role(this, 'Analyst', {
      assumedBy: new AccountRootPrincipal(),
      description: 'Reads dashboard tables, which hold no identifier, and nothing else',
    });
    const gold = props.tables.filter(({ layer }) => layer === 'gold');
    access.grantStatements(this.analyst, workGroups.analysts);
    access.grantStop(this.analyst, workGroups.analysts);
    access.grantRead(this.analyst, gold);
    access.grantBrowse(this.analyst, gold);

    this.compliance = new Role(this, 'Compliance', {
      assumedBy: new AccountRootPrincipal(),
      description: 'Submits requests for erasure, reads them and their evidence, and can recognise who was erased',
    });
    access.grantStatements(this.compliance, workGroups.compliance);
    access.grantStop(this.compliance, workGroups.compliance);
    access.grantRead(this.compliance, gold);
    allow(this.compliance, ['s3:GetObject', 's3:GetObjectRetention'], [props.evidence.arnForObjects('*')]);
    allow(this.compliance, ['s3:ListBucket'], [props.evidence.bucketArn]);
    allow(this.compliance, ['events:PutEvents'], [props.erasureBus]);
    // By name alone: the table is found among all of the account.
    allow(this.compliance, ['dynamodb:ListTables'], ['*']);
    allow(this.compliance, ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], [props.requests.tableArn]);
    allow(this.compliance, ['kms:DescribeKey'], [props.lakeKey.keyArn]);
    allow(this.compliance, ['kms:GenerateMac'], [props.pseudonymKey.keyArn]);
    allow(this.compliance, ['kms:GetPublicKey', 'kms:Verify'], [props.signingKey.keyArn]);
  }
}
