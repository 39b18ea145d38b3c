import { dueSoonShare } from '../../../core/dsr/limits.ts';
import type { ShownRequest } from '../answers.ts';
import { date } from './figures.ts';

const dayMillis = 86_400_000;

/** When a request is due, and how that stands at an instant; `isBad` where somebody should act. */
export function dueText(
  { receivedAt, due, status, closedAt }: ShownRequest,
  now: string,
): { readonly text: string; readonly isBad: boolean } {
  const day = date(due.slice(0, 10));
  if (status === 'cancelled') return { text: day, isBad: false };
  const until = Date.parse(closedAt ?? now);
  const left = Date.parse(due) - until;
  if (status === 'completed') return { text: left >= 0 ? `${day}, in time` : `${day}, missed`, isBad: false };
  if (left < 0) return { text: `${day}, overdue`, isBad: true };
  const days = Math.ceil(left / dayMillis);
  const received = Date.parse(receivedAt);
  const isLate = until - received >= dueSoonShare * (Date.parse(due) - received);
  return { text: `${day}, in ${days} ${days === 1 ? 'day' : 'days'}`, isBad: isLate };
}
