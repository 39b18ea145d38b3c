import fc from 'fast-check';
import { chatPipeline } from '../../../core/chat/pipeline.ts';
import { isFinal, newestPeriod } from '../../../core/lake/open-periods.ts';
import { workflowOf } from '../../../core/lake/pipeline.ts';
import { defaultSettings } from '../../../core/settings.ts';
import { cronOf } from '../../../lib/lake/cron.ts';

const options = { lookbackDays: 3, weekStart: 'monday', spareDays: 0 } as const;

test('a day is built every day, a week and a month on the day after it and while late events may change it', () => {
  expect(cronOf({ kind: 'daily', at: '02:05' }, options)).toEqual({ minute: '5', hour: '2' });
  expect(cronOf({ kind: 'weekly', at: '04:00' }, options)).toEqual({
    minute: '0',
    hour: '4',
    weekDay: 'MON,TUE,WED,THU',
  });
  expect(cronOf({ kind: 'monthly', at: '05:00' }, options)).toEqual({ minute: '0', hour: '5', day: '1-4' });
  expect(cronOf({ kind: 'hourly', minute: 7 }, options)).toEqual({ minute: '7', hour: '*' });
});

test('an operator may choose the time, a clock ahead of UTC gets a day more, and a long look-back is every day', () => {
  expect(cronOf({ kind: 'weekly', at: '04:00' }, { ...options, weekStart: 'sunday', at: '23:30' })).toEqual({
    minute: '30',
    hour: '23',
    weekDay: 'SUN,MON,TUE,WED',
  });
  expect(cronOf({ kind: 'monthly', at: '05:00' }, { ...options, spareDays: 1 }).day).toBe('1-5');
  expect(cronOf({ kind: 'weekly', at: '04:00' }, { ...options, lookbackDays: 6 }).weekDay).toBeUndefined();
});

test('the last start of a period finds it final, whatever the look-back', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 14 }),
      fc.date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
      (lookbackDays, day) => {
        const settings = { ...defaultSettings, lookbackDays };
        const workflow = workflowOf(chatPipeline, 'gold-monthly');
        const { day: days = '1' } = cronOf(workflow.schedule, { ...options, lookbackDays });
        const last = Number(days.split('-').at(-1));
        const now = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), last, 5));
        expect(isFinal(newestPeriod(workflow, { now, settings }), { now, settings })).toBe(true);
      },
    ),
  );
});
