import { type App, PermissionsBoundary, type StackProps, Tags } from 'aws-cdk-lib';
import type { Pipeline } from '../core/lake/pipeline.ts';
import type { Config } from './config.ts';
import { checkScheduleTimes } from './lake/schedule-times.ts';
import type { TaskCode } from './lake/task-code.ts';
import { LakehouseStack } from './lakehouse-stack.ts';
import { StorageStack, storageStackName } from './storage-stack.ts';

export interface LetheStacksProps {
  readonly config: Config;
  readonly pipelines: readonly Pipeline[];
  readonly code: TaskCode;
  /** Where the connector's zip is, or will be. */
  readonly pluginZip: string;
}

/** The stacks of one environment: what must survive, and what can be rebuilt. @throws InputError for times at which nothing could be built. */
export function letheStacks(app: App, props: LetheStacksProps): { storage: StorageStack; lakehouse: LakehouseStack } {
  const { config } = props;
  const { name, account, region } = config;
  checkScheduleTimes(config, props.pipelines);
  const common: StackProps = {
    env: { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) },
    ...(config.permissionsBoundary === undefined
      ? {}
      : { permissionsBoundary: PermissionsBoundary.fromArn(config.permissionsBoundary) }),
  };
  const storage = new StorageStack(app, 'Storage', {
    ...common,
    stackName: storageStackName(config),
    description: 'Lethe: what must survive',
    terminationProtection: !config.throwAway,
    config,
    pipelines: props.pipelines,
  });
  const lakehouse = new LakehouseStack(app, 'Lakehouse', {
    ...common,
    stackName: `${name}-lakehouse`,
    description: 'Lethe: what can be rebuilt',
    config,
    storage,
    pipelines: props.pipelines,
    code: props.code,
    pluginZip: props.pluginZip,
  });
  for (const [key, value] of Object.entries({ application: 'lethe', environment: name, ...config.tags })) {
    Tags.of(app).add(key, value);
  }
  return { storage, lakehouse };
}
