import { chatPipeline } from '../../../core/chat/pipeline.ts';
import { InputError } from '../../../core/errors.ts';
import { parseConfig } from '../../../lib/config.ts';
import { checkScheduleTimes } from '../../../lib/lake/schedule-times.ts';

const kafka = { kind: 'provisioned' };
const check = (input: object) => () => checkScheduleTimes(parseConfig(input, 'here'), [chatPipeline]);

test.each([
  ['the defaults', { kafka }],
  ['the rarest commits', { kafka, connector: { commitMinutes: 35 }, alarms: { bronzeBehindMinutes: 110 } }],
  [
    'Berlin, late enough in summer',
    {
      kafka,
      schedule: {
        timeZone: 'Europe/Berlin',
        at: { 'silver-daily': '04:00', 'gold-weekly': '06:00', 'gold-monthly': '07:00' },
      },
    },
  ],
  [
    'Kolkata, half an hour off',
    {
      kafka,
      schedule: {
        timeZone: 'Asia/Kolkata',
        at: { 'silver-daily': '07:00', 'gold-weekly': '09:00', 'gold-monthly': '10:00' },
      },
    },
  ],
  ['midnight where something else fills bronze', { schedule: { at: { 'silver-daily': '00:00' } } }],
])('%s can be kept', (_, input) => {
  expect(check(input)).not.toThrow();
});

test.each([
  [
    'a start before the day has ended',
    { timeZone: 'Europe/Berlin' },
    /silver-daily at 02:00 in Europe\/Berlin, in July at 00:00 UTC.*by 00:20/,
  ],
  ['a start that is late by then', { timeZone: 'America/New_York' }, /in January at 07:00 UTC.*late at 06:00/],
  ['a start before the last commit', { at: { 'silver-daily': '00:10' } }, /at 00:10 UTC/],
  [
    'weeks before their last day',
    { at: { 'silver-daily': '03:30' } },
    /gold-weekly at 04:00, and silver-daily.*at 03:30/,
  ],
  [
    'a workflow that is none',
    { at: { silver: '02:30' } },
    /"silver".*it may name silver-daily, gold-weekly, gold-monthly, maintenance, dsr/,
  ],
  ['a workflow that follows another', { at: { 'gold-daily': '03:00' } }, /"gold-daily"/],
])('%s is refused in one line', (_, schedule, message) => {
  expect(check({ kafka, schedule })).toThrow(InputError);
  expect(check({ kafka, schedule })).toThrow(message);
  expect(check({ kafka, schedule })).toThrow(/^[^\n]+$/);
});

test.each(['Europe/Nowhere', '+02:00', 'europe/berlin'])('the time zone %s is refused', (timeZone) => {
  expect(check({ schedule: { timeZone } })).toThrow(/timeZone/);
});
