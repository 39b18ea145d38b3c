import type { ShownRequest } from '../../../../local/console/answers.ts';
import { dueText } from '../../../../local/console/page/due-text.ts';

const request: ShownRequest = {
  id: '1',
  regulation: 'gdpr',
  submittedAt: '2026-03-05T06:00:00Z',
  receivedAt: '2026-03-05T06:00:00Z',
  due: '2026-04-05T06:00:00Z',
  status: 'in_progress',
  people: 1,
};

describe('the due date of a request', () => {
  test('is told in days that begin, as late, and as overdue from its instant on', () => {
    const at = (now: string) => dueText(request, now);
    expect(at('2026-03-05T07:00:00Z')).toEqual({ text: '5 Apr 2026, in 31 days', isBad: false });
    expect(at('2026-04-04T12:00:00Z')).toEqual({ text: '5 Apr 2026, in 1 day', isBad: true });
    expect(at('2026-04-05T05:59:59Z')).toEqual({ text: '5 Apr 2026, in 1 day', isBad: true });
    expect(at('2026-04-05T06:00:01Z')).toEqual({ text: '5 Apr 2026, overdue', isBad: true });
    expect(at('2026-04-06T06:00:01Z')).toEqual({ text: '5 Apr 2026, overdue', isBad: true });
  });

  test('is late by the time since the request was received, however long it was on its way', () => {
    const slow = { ...request, submittedAt: '2026-02-03T06:00:00Z' };
    // 0.7 of 31 days are 21 days, 16 hours and 48 minutes.
    expect(dueText(slow, '2026-03-26T22:47:59Z').isBad).toBe(false);
    expect(dueText(slow, '2026-03-26T22:48:00Z').isBad).toBe(true);
  });

  test('was kept or missed once the request is completed, and is nobody’s once it is withdrawn', () => {
    const closed = (closedAt: string) => dueText({ ...request, status: 'completed', closedAt }, '2027-01-01').text;
    expect(closed('2026-04-05T06:00:00Z')).toBe('5 Apr 2026, in time');
    expect(closed('2026-04-05T06:00:01Z')).toBe('5 Apr 2026, missed');
    expect(dueText({ ...request, status: 'cancelled' }, '2027-01-01')).toEqual({ text: '5 Apr 2026', isBad: false });
  });
});
