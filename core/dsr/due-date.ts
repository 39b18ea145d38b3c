import { monthsAfter, type Regulation } from './request-store.ts';

const dayMillis = 86_400_000;

/**
 * By when a request has to be answered: one calendar month after it was received (GDPR, article 12 (3)), or 45 days
 * (CCPA, 1798.130 (a)(2)). A month that has no such day ends on its last one.
 */
export function dueDate(regulation: Regulation, received: Date): Date {
  if (regulation === 'ccpa') return new Date(received.getTime() + 45 * dayMillis);
  return monthsAfter(received, 1);
}
