import { goldTimeSeries, silverMessages } from '../../../core/chat/tables.ts';
import { measureParameters } from '../../../core/maintenance/measure.ts';
import { defaultSettings } from '../../../core/settings.ts';

const clock = { now: new Date('2026-03-10T06:00:00Z'), settings: { ...defaultSettings, lookbackDays: 3 } };
const kept = { grain: 'day', from: '2026-01-24', to: '2026-03-13' } as const;

test('snapshots are old once VACUUM would let them go: after a day where people are erased, else after Athena’s five', () => {
  const ageEnds = [silverMessages, goldTimeSeries].map((table) => measureParameters(table, kept, clock).age_ends);
  expect(ageEnds).toEqual([
    { type: 'timestamp', value: '2026-03-09T06:00:00.000Z' },
    { type: 'timestamp', value: '2026-03-05T06:00:00.000Z' },
  ]);
});

test('small files of a day are worth joining once the look-back has passed over it; those of a table without days when they are many', () => {
  const scattered = [silverMessages, goldTimeSeries].map((table) => measureParameters(table, kept, clock).scattered);
  // The seventh may change until it becomes final on the eleventh; the sixth is.
  expect(scattered).toMatchObject([
    { value: expect.stringMatching(/^"partition"\."dt" < date '2026-03-07' and file_count >= 5 /) },
    { value: expect.stringMatching(/^file_count >= 30 /) },
  ]);
});
