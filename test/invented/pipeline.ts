import { defineTable } from '../../core/catalogue/table.ts';
import { defineTopic } from '../../core/catalogue/topic.ts';
import type { Pipeline } from '../../core/lake/pipeline.ts';

/** An invented pipeline that shares nothing with chat: meters report by the hour, and alarms are kept once each. */
const meterTopic = defineTopic({
  key: 'meter',
  defaultName: 'meter-readings-v0',
  description: 'One record per reading of a meter.',
  eventTime: 'timestamp',
  day: 'dt',
  fields: [
    { name: 'reading_id', kind: 'text', required: true, description: 'The reading.' },
    { name: 'meter', kind: 'text', required: true, description: 'The meter.' },
    { name: 'timestamp', kind: 'instant', required: true, description: 'When it was read, UTC.' },
    { name: 'dt', kind: 'day', description: 'The day it counts to, UTC.' },
    { name: 'watts', kind: 'tokens', description: 'Power, W.' },
  ],
});

export const bronzeReadings = defineTable({
  name: 'bronze_readings',
  layer: 'bronze',
  description: 'Readings as delivered.',
  grain: [],
  columns: [
    { name: 'reading_id', type: 'string', description: 'The reading.' },
    { name: 'meter', type: 'string', description: 'The meter.' },
    { name: 'timestamp', type: 'timestamp', description: 'When it was read, UTC.' },
    { name: 'dt', type: 'date', description: 'The day it counts to, UTC.' },
    { name: 'watts', type: 'bigint', description: 'Power, W.' },
  ],
  eventTime: 'timestamp',
  partition: [{ transform: 'hour', column: 'timestamp' }],
  retention: 'days',
});

export const bronzeRejectedReadings = defineTable({
  name: 'bronze_rejected_readings',
  layer: 'bronze',
  description: 'Readings that may not enter bronze.',
  grain: ['topic', 'partition', 'offset'],
  columns: [
    { name: 'topic', type: 'string', description: 'Topic or file.' },
    { name: 'partition', type: 'bigint', description: 'Kafka partition.' },
    { name: 'offset', type: 'bigint', description: 'Offset or line.' },
    { name: 'dt', type: 'date', description: 'The day it arrived.' },
    { name: 'ingested_at', type: 'timestamp', description: 'When it arrived.' },
    { name: 'field', type: 'string', description: 'The field that was wrong.' },
    { name: 'reason', type: 'string', description: 'What was wrong.' },
  ],
  eventTime: 'dt',
  partition: [{ transform: 'identity', column: 'dt' }],
  retention: 'days',
});

export const silverMeterHourly = defineTable({
  name: 'silver_meter_hourly',
  layer: 'silver',
  description: 'What each meter read in each hour.',
  grain: ['hour', 'meter'],
  columns: [
    { name: 'hour', type: 'timestamp', description: 'Start of the hour, UTC.' },
    { name: 'meter', type: 'string', description: 'The meter.' },
    { name: 'readings_cnt', type: 'bigint', description: 'Readings.' },
    { name: 'most_watts', type: 'bigint', description: 'Highest power, W.' },
  ],
  eventTime: 'hour',
  partition: [{ transform: 'day', column: 'hour' }],
  retention: 'days',
});

export const silverOverloads = defineTable({
  name: 'silver_overloads',
  layer: 'silver',
  description: 'Every reading above 1,000 W, as it was first seen.',
  grain: ['reading_id'],
  columns: [
    { name: 'reading_id', type: 'string', description: 'The reading.' },
    { name: 'timestamp', type: 'timestamp', description: 'When it was read, UTC.' },
    { name: 'watts', type: 'bigint', description: 'Power, W.' },
  ],
  eventTime: 'timestamp',
  partition: [{ transform: 'day', column: 'timestamp' }],
  retention: 'days',
});

export const meterPipeline: Pipeline = {
  name: 'meters',
  sources: [{ topic: meterTopic, table: bronzeReadings, rejected: bronzeRejectedReadings }],
  tables: [bronzeReadings, bronzeRejectedReadings, silverMeterHourly, silverOverloads],
  workflows: [
    {
      name: 'meters-hourly',
      sentence: 'Aggregates the readings of an hour and keeps its overloads.',
      grain: 'hour',
      upstream: { kind: 'sources', counts: 'meters/reading_counts' },
      schedule: { kind: 'hourly', minute: 10 },
      periodsPerPass: 6,
      steps: [
        { statement: 'meters/silver_meter_hourly', table: silverMeterHourly, write: 'rebuild' },
        { statement: 'meters/silver_overloads', table: silverOverloads, write: 'append once' },
      ],
      checks: [{ statement: 'meters/hours_match_readings' }],
    },
  ],
  parameters: () => ({}),
};
