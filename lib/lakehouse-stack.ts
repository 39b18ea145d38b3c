import { createHash } from 'node:crypto';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { athenaDdl } from '../core/catalogue/athena-ddl.ts';
import { icebergProperties } from '../core/catalogue/iceberg-properties.ts';
import { jsonTableDdl } from '../core/catalogue/json-table-ddl.ts';
import { subjectsPrefix, subjectsTable } from '../core/dsr/subjects-table.ts';
import { baseTables, derivedTables } from '../core/dsr/targets.ts';
import type { Pipeline } from '../core/lake/pipeline.ts';
import { type TaskSettings, taskSettingsVariable } from '../core/lake/task-settings.ts';
import type { Config } from './config.ts';
import { ErasureAccess } from './dsr/erasure-access.ts';
import { ErasureBus } from './dsr/erasure-bus.ts';
import { ErasureRequests } from './dsr/erasure-requests.ts';
import { Erasures } from './dsr/erasures.ts';
import { ManifestJob } from './dsr/manifest-job.ts';
import { BronzeConnector } from './ingest/bronze-connector.ts';
import { DeployTask } from './lake/deploy-task.ts';
import { allow, LakeAccess } from './lake/lake-access.ts';
import { LakeRoles } from './lake/lake-roles.ts';
import { LakeTasks } from './lake/lake-tasks.ts';
import { idOf, PipelineWorkflows } from './lake/pipeline-workflows.ts';
import { namedWorkflows } from './lake/schedule-times.ts';
import { taskSettingsOf } from './lake/settings-of-tasks.ts';
import { grantLedger, taskAccess } from './lake/task-access.ts';
import type { TaskCode } from './lake/task-code.ts';
import { WorkGroups } from './lake/work-groups.ts';
import { machineOf, WorkflowSchedules } from './lake/workflow-schedules.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import type { StorageStack } from './storage-stack.ts';

export interface LakehouseStackProps extends StackProps {
  readonly config: Config;
  readonly storage: StorageStack;
  readonly pipelines: readonly Pipeline[];
  readonly code: TaskCode;
  /** Where the connector's zip is, or will be. */
  readonly pluginZip: string;
}

/** All that can be rebuilt at any time: tables' definitions, workflows, functions, schedules, roles and the connector. */
export class LakehouseStack extends Stack {
  readonly workflows: PipelineWorkflows;
  readonly tasks: LakeTasks;
  readonly roles: LakeRoles;
  readonly schedules: WorkflowSchedules;
  readonly erasures: Erasures;
  /** Undefined without Kafka, or while the connector is removed. */
  readonly connector: BronzeConnector | undefined;
  readonly #access: LakeAccess;
  readonly #props: LakehouseStackProps;

  constructor(scope: Construct, id: string, props: LakehouseStackProps) {
    super(scope, id, props);
    this.#props = props;
    const { config, storage, pipelines } = props;
    const { lake: key, pseudonym, signing } = storage.keys;
    const { lake, results, evidence } = storage.buckets;
    this.#access = new LakeAccess(this, { database: storage.database, lake, results, key });
    const workGroups = new WorkGroups(this, 'WorkGroups', { config, results, key });
    const tables = this.#tables(workGroups);
    const bus = new ErasureBus(this, 'ErasureBus', { config, vaultKey: storage.keys.vault });
    const settings = this.#settings(workGroups, bus);
    const environment = { [taskSettingsVariable]: this.toJsonString(settings) };

    this.tasks = this.#tasksWithAccess(workGroups, settings, environment);
    this.workflows = new PipelineWorkflows(this, 'Workflows', { pipelines, tasks: this.tasks });
    const erasureAccess = new ErasureAccess(this, {
      storage,
      lake: this.#access,
      bus,
      pipelines,
      workGroup: workGroups.pipeline,
    });
    for (const handler of ['lake/plan-from-workflows', 'lake/start-statement', 'monitoring/report-state'] as const) {
      erasureAccess.grant(this.tasks.function(handler), handler);
    }
    const ofErasures = { ...this.#surroundings, environment };
    const manifests = new ManifestJob(this, 'ManifestJob', {
      access: this.#access,
      database: storage.database,
      tables: pipelines.flatMap((pipeline) => [
        ...baseTables(pipeline).map(({ table }) => table),
        ...derivedTables(pipeline),
      ]),
      location: this.#location,
    });
    this.erasures = new Erasures(this, 'Erasures', {
      ...ofErasures,
      pipelines,
      manifestJob: manifests.jobName,
      tasks: this.tasks,
      access: erasureAccess,
    });
    const machines = new Map([...this.workflows.machines, ...this.erasures.machines]);
    for (const machine of machines.values()) machine.node.addDependency(tables.resource);
    this.schedules = new WorkflowSchedules(this, 'Schedules', { config, pipelines, machines });
    const requests = new ErasureRequests(this, 'ErasureRequests', {
      ...ofErasures,
      config,
      bus,
      schedules: this.schedules,
    });
    for (const [handler, task] of requests.functions) erasureAccess.grant(task, handler);
    this.roles = new LakeRoles(this, 'Roles', {
      tables: pipelines.flatMap((pipeline) => pipeline.tables),
      access: this.#access,
      workGroups,
      evidence,
      requests: storage.ledgers.requests,
      lakeKey: key,
      pseudonymKey: pseudonym,
      signingKey: signing,
      erasureBus: bus.arn,
    });
    this.connector = this.#ingestion(tables);
    const monitoring = new Monitoring(this, 'Monitoring', {
      config,
      pipelines,
      machines,
      functions: [...this.tasks.functions.values(), ...this.erasures.functions, ...requests.functions.values()],
      deadLetters: new Map([['erasures', bus.deadLetters]]),
      reporter: this.tasks.function('monitoring/report-state'),
      schedules: this.schedules,
      connector: this.connector,
      clusterName: storage.cluster?.clusterName,
    });
    const outputs: Record<string, string> = {
      AnalystRole: this.roles.analyst.roleArn,
      ComplianceRole: this.roles.compliance.roleArn,
      AnalystsWorkGroup: workGroups.analysts,
      AlertsTopic: monitoring.topic.topicArn,
      RunsDeadLetters: this.schedules.deadLetters.queueUrl,
      ErasuresDeadLetters: bus.deadLetters.queueUrl,
    };
    // What a person starts, under the name that the runbooks call it by.
    for (const name of [...namedWorkflows(pipelines).map(([each]) => each), ...this.workflows.backfills]) {
      outputs[`${idOf(name)}StateMachine`] = machineOf(machines, name).stateMachineArn;
    }
    for (const [id, value] of Object.entries(outputs)) new CfnOutput(this, id, { value });
  }

  get #surroundings(): { code: TaskCode; logRetention: RetentionDays } {
    return { code: this.#props.code, logRetention: this.#props.config.logRetentionDays };
  }

  get #location(): string {
    return `s3://${this.#props.storage.buckets.lake.bucketName}/tables/`;
  }

  /** Makes and changes the tables; what the catalogue declares is a property, so that a change of it is deployed. */
  #tables(workGroups: WorkGroups): DeployTask {
    const { storage, pipelines } = this.#props;
    const tables = pipelines.flatMap((pipeline) => pipeline.tables);
    const declared = [
      ...tables.map((table) => [athenaDdl(table, table.name), icebergProperties(table)]),
      jsonTableDdl(subjectsTable, subjectsPrefix),
    ];
    const task = new DeployTask(this, 'Tables', {
      ...this.#surroundings,
      handler: 'lake/migrate-tables',
      properties: {
        database: storage.database,
        workGroup: workGroups.pipeline,
        location: this.#location,
        subjects: `s3://${storage.buckets.lake.bucketName}/${subjectsPrefix}`,
        catalogue: createHash('sha256').update(JSON.stringify(declared)).digest('hex'),
      },
    });
    this.#access.grantStatements(task.function, workGroups.pipeline);
    this.#access.grantDefine(task.function, tables);
    this.#access.grantDefineExternal(task.function, subjectsTable.name, subjectsPrefix);
    task.resource.node.addDependency(workGroups, task.function);
    return task;
  }

  #settings(workGroups: WorkGroups, bus: ErasureBus): TaskSettings {
    const { config, storage, pipelines } = this.#props;
    const { keys, ledgers, buckets } = storage;
    return taskSettingsOf({
      config,
      pipelines,
      workGroup: workGroups.pipeline,
      ledgerTable: ledgers.runs.tableName,
      erasures: {
        requestsTable: ledgers.requests.tableName,
        vaultTable: ledgers.vault.tableName,
        vaultKeyArn: keys.vault.keyArn,
        pseudonymKeyArn: keys.pseudonym.keyArn,
        signingKeyArn: keys.signing.keyArn,
        lakeBucket: buckets.lake.bucketName,
        evidenceBucket: buckets.evidence.bucketName,
        busName: bus.name,
        deadLettersUrl: bus.deadLetters.queueUrl,
      },
      cluster: storage.cluster,
    });
  }

  #tasksWithAccess(workGroups: WorkGroups, settings: TaskSettings, environment: Record<string, string>): LakeTasks {
    const { storage, pipelines } = this.#props;
    const tasks = new LakeTasks(this, 'Tasks', { ...this.#surroundings, environment });
    const sources = pipelines.flatMap((pipeline) => pipeline.sources.map(({ table }) => table));
    const rejected = new Set(pipelines.flatMap((pipeline) => pipeline.sources.map((source) => source.rejected)));
    for (const [handler, task] of tasks.functions) {
      const { ledger, engine, lag } = taskAccess[handler];
      grantLedger(task, ledger, storage.ledgers.runs);
      // DynamoDB lets nobody at a table who could not use its key.
      if (ledger.length > 0) allow(task, ['kms:Decrypt', 'kms:DescribeKey'], [storage.keys.lake.keyArn]);
      if (ledger.some((use) => use !== 'read' && use !== 'list')) {
        allow(task, ['kms:Encrypt', 'kms:GenerateDataKey'], [storage.keys.lake.keyArn]);
      }
      if (lag && settings.sinkLag !== undefined) {
        task.addToRolePolicy(new PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }));
      }
      if (engine === 'look') this.#access.grantLook(task, workGroups.pipeline);
      if (engine === 'read' || engine === 'count') {
        this.#access.grantStatements(task, workGroups.pipeline);
        this.#access.grantRead(task, engine === 'read' ? sources : [...sources, ...rejected]);
      }
      if (engine === 'write') {
        const tables = pipelines.flatMap((pipeline) => pipeline.tables);
        this.#access.grantStatements(task, workGroups.pipeline);
        this.#access.grantWrite(task, tables);
      }
    }
    return tasks;
  }

  #ingestion(tables: DeployTask): BronzeConnector | undefined {
    const { config, storage, pipelines } = this.#props;
    const { cluster, network } = storage;
    if (cluster === undefined || network === undefined) return undefined;
    if (config.connector.state === 'removed') return undefined;
    const brokers = new DeployTask(this, 'Brokers', {
      ...this.#surroundings,
      handler: 'ingest/bootstrap-brokers',
      properties: { clusterArn: cluster.clusterArn },
    });
    allow(brokers.function, ['kafka:GetBootstrapBrokers'], [cluster.clusterArn]);
    const connector = new BronzeConnector(this, 'Connector', {
      config,
      pipelines,
      cluster,
      network,
      bootstrapServers: brokers.resource.getAttString('bootstrapServers'),
      access: this.#access,
      warehouse: this.#location,
      pluginZip: this.#props.pluginZip,
      logRetention: config.logRetentionDays,
    });
    connector.connector.node.addDependency(tables.resource);
    return connector;
  }
}
