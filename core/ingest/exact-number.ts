import type { RejectionReason } from './rejection.ts';

/** A number as it was spelt: ± digits × 10^-scale. `digits` has no zeros at either end and is empty for zero. */
export interface ExactNumber {
  readonly negative: boolean;
  readonly digits: string;
  readonly scale: number;
}

const JSON_NUMBER = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;
const LARGEST_BIGINT = 2n ** 63n - 1n;
const LARGEST_COST = 10n ** 18n - 1n;

/** Reads a number spelt as JSON spells numbers, of any length and exponent; undefined when it is not one. */
export function readExactNumber(text: string): ExactNumber | undefined {
  const parts = JSON_NUMBER.exec(text);
  if (parts === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts;
  const all = whole + fraction;
  let start = 0;
  while (all[start] === '0') start += 1;
  // Only loops here: a pattern such as /0+$/ takes quadratic time on a long run of zeros that something follows.
  let end = all.length;
  while (end > start && all[end - 1] === '0') end -= 1;
  if (start === end) return { negative: false, digits: '', scale: 0 };
  return {
    negative: sign === '-',
    digits: all.slice(start, end),
    // An exponent beyond what a double holds becomes an infinity, which compares as it should.
    scale: fraction.length - (all.length - end) - Number(exponent),
  };
}

/** The number as whole of 0 to 2^63 - 1, or why it is none. */
export function toWhole(number: ExactNumber): bigint | RejectionReason {
  if (number.digits === '') return 0n;
  if (number.negative) return 'negative';
  if (number.scale > 0) return 'not whole';
  if (number.digits.length - number.scale > 19) return 'too large';
  const value = BigInt(number.digits + '0'.repeat(-number.scale));
  return value > LARGEST_BIGINT ? 'too large' : value;
}

/** The number as decimal(18,9), in units of 10^-9, rounded half up; or why it is none. */
export function toCost(number: ExactNumber): bigint | RejectionReason {
  if (number.digits === '') return 0n;
  if (number.negative) return 'negative';
  const wholeDigits = number.digits.length - number.scale;
  if (wholeDigits > 9) return 'too large';
  const kept = wholeDigits + 9;
  if (kept < 0) return 0n;
  const value = BigInt(number.digits.slice(0, kept).padEnd(kept, '0'));
  const rounded = (number.digits[kept] ?? '0') >= '5' ? value + 1n : value;
  return rounded > LARGEST_COST ? 'too large' : rounded;
}

/** The number, read as milliseconds, in whole microseconds; what is finer is cut off. Undefined when it is negative or beyond any calendar. */
export function toMicros(milliseconds: ExactNumber): number | undefined {
  const kept = milliseconds.digits.length - milliseconds.scale + 3;
  if (milliseconds.digits === '' || kept <= 0) return milliseconds.negative ? undefined : 0;
  if (milliseconds.negative || kept > 18) return undefined;
  return Number(milliseconds.digits.slice(0, kept).padEnd(kept, '0'));
}
