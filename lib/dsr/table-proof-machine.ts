import { Duration } from 'aws-cdk-lib';
import { JsonPath, Map as MapState, Parallel, Pass, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { tableProofWorkflow } from '../../core/dsr/erasure-workflow.ts';
import { ObjectMissing } from '../../core/iceberg/object-reader.ts';
import { TableChanged } from '../../core/iceberg/table-state.ts';
import type { Pipeline } from '../../core/lake/pipeline.ts';
import type { LakeTasks } from '../lake/lake-tasks.ts';
import { runOf } from '../lake/workflow-machine.ts';
import type { DsrTasks } from './dsr-tasks.ts';

export interface TableProofMachineProps {
  readonly tasks: LakeTasks;
  readonly dsrTasks: DsrTasks;
  readonly pipeline: Pipeline;
}

/** Parts of a table that are read at the same time: what a new account's ten functions at once leave room for. */
const mostAtOnce = 6;

/**
 * Looks at the one table that its input names, and reads the files that may hold people in parts that a function can read.
 * It takes nobody's turn: where somebody changes the table meanwhile, so that files go, it is looked at again.
 */
export class TableProofMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: TableProofMachineProps) {
    super(scope, id);
    const { dsrTasks, pipeline } = props;
    const workflow = tableProofWorkflow(pipeline);
    const ofTable = { batch: JsonPath.stringAt('$.request.batch'), table: JsonPath.stringAt('$.request.table') };
    const look = dsrTasks.invoke(this, 'Look at the table', 'dsr/look-at-table', ofTable, '$.look');
    const read = new MapState(this, 'For each part of its files', {
      itemsPath: '$.look.parts',
      itemSelector: {
        ...ofTable,
        version: JsonPath.objectAt('$.look.version'),
        part: JsonPath.objectAt('$$.Map.Item.Value'),
      },
      maxConcurrency: mostAtOnce,
      resultPath: '$.parts',
    }).itemProcessor(
      dsrTasks
        .invoke(
          this,
          'Read the part',
          'dsr/read-part',
          {
            batch: JsonPath.stringAt('$.batch'),
            table: JsonPath.stringAt('$.table'),
            version: JsonPath.objectAt('$.version'),
            part: JsonPath.objectAt('$.part'),
          },
          '$.found',
        )
        // What was asked is left out of the list of answers.
        .next(new Pass(this, 'Part read', { outputPath: '$.found' })),
    );
    const record = dsrTasks.invoke(this, 'Record what was found', 'dsr/record-look', {
      ...ofTable,
      look: JsonPath.objectAt('$.look.found'),
      parts: JsonPath.objectAt('$.parts'),
    });
    const again = new Parallel(this, 'Look until nobody changes it', { resultPath: JsonPath.DISCARD })
      .branch(look.next(read).next(record))
      .addRetry({
        errors: [TableChanged.name, ObjectMissing.name],
        maxAttempts: 5,
        interval: Duration.seconds(1),
        backoffRate: 1,
      });
    this.stateMachine = runOf(this, { ...props, workflow }, again, workflow.sentence);
  }
}
