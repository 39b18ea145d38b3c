// Exact decimals as whole numbers of billionths: 0.01 is 10_000_000n. No floating point is involved before an average.

const BILLION = 1_000_000_000n;

interface Scientific {
  readonly digits: bigint;
  readonly exponent: number;
}

function scientific(text: string): Scientific | undefined {
  const match = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(whole + fraction);
  return { digits: sign === '-' ? -digits : digits, exponent: Number(exponent) - fraction.length };
}

/** The non-negative whole number that a text spells (`12`, `12.0`, `1.2E+1`) when it fits in 64 bits, else undefined. */
export function wholeNumber(text: string): bigint | undefined {
  const number = scientific(text);
  if (number === undefined || number.digits < 0n) return undefined;
  if (number.digits === 0n) return 0n;
  if (number.exponent > 20 || number.exponent < -text.length) return undefined;
  const scale = 10n ** BigInt(Math.abs(number.exponent));
  if (number.exponent < 0 && number.digits % scale !== 0n) return undefined;
  const value = number.exponent < 0 ? number.digits / scale : number.digits * scale;
  return value < 2n ** 63n ? value : undefined;
}

/** The non-negative amount that a text spells, in billionths, rounded half up, when it fits in decimal(18,9), else undefined. */
export function billionths(text: string): bigint | undefined {
  const number = scientific(text);
  if (number === undefined || number.digits < 0n) return undefined;
  if (number.digits === 0n) return 0n;
  const shift = number.exponent + 9;
  if (shift > 18) return undefined;
  if (shift < -text.length) return 0n;
  const scale = 10n ** BigInt(Math.abs(shift));
  const value = shift < 0 ? (number.digits + scale / 2n) / scale : number.digits * scale;
  return value < BILLION * BILLION ? value : undefined;
}

/** Billionths as a decimal text with nine places. */
export function decimalText(value: bigint): string {
  const places = (value % BILLION).toString().padStart(9, '0');
  return `${value / BILLION}.${places}`;
}
