import { mix } from './random.ts';

const hex = Array.from({ length: 0x1_0000 }, (_, n) => n.toString(16).padStart(4, '0'));

/** An id that looks like a random UUID. Two different pairs of 32-bit numbers never share one within a salt. */
export function uuid(salt: number, a: number, b: number): string {
  // The first and last groups of eight digits alone tell the pair apart: a from the first, then b from the last.
  const first = mix(a ^ salt);
  const last = mix(b ^ mix(first + salt));
  const between = mix(first + mix(last));
  const group = (n: number) => hex[n & 0xffff] ?? '';
  return `${group(first >>> 16)}${group(first)}-${group(between)}-${group(0x4000 | (between >>> 20))}-${group(
    0x8000 | ((between >>> 4) & 0x3fff),
  )}-${group(mix(between))}${group(last >>> 16)}${group(last)}`;
}
