import { mix } from './random.ts';

const digits = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
// Written as bytes and read back as one flat string: joining nine short strings takes three times as long.
const text = Buffer.from('00000000-0000-4000-8000-000000000000', 'latin1');

/** An id that looks like a random UUID. Two different pairs of 32-bit numbers never share one within a salt. */
export function uuid(salt: number, a: number, b: number): string {
  // Three rounds of a Feistel network: they map pairs to pairs one to one, whatever mix does, and leave no common prefix.
  const left = (a ^ mix(b ^ salt)) >>> 0;
  const last = (b ^ mix(left + salt)) >>> 0;
  const first = (left ^ mix(last - salt)) >>> 0;
  const between = mix(first + mix(last));
  // The pair is in the first and last eight digits; the version and variant digits (14 and 19) stand as they are.
  write(first, 0, 8);
  write(between, 9, 4);
  write(between >>> 16, 15, 3);
  write(mix(between), 20, 3);
  write(mix(between) >>> 12, 24, 4);
  write(last, 28, 8);
  return text.toString('latin1');
}

function write(value: number, from: number, count: number): void {
  for (let n = 0; n < count; n++) text[from + n] = digits[(value >>> (4 * n)) & 15] ?? 0;
}
