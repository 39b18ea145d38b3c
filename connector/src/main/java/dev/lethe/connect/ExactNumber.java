package dev.lethe.connect;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number as it was spelt: ± digits × 10^-scale. {@code digits} has no zeros at either end and is empty for zero. */
record ExactNumber(boolean negative, String digits, long scale) {
  private static final Pattern JSON_NUMBER =
      Pattern.compile("(-?)(0|[1-9][0-9]*+)(?:\\.([0-9]++))?(?:[eE]([+-]?)0*+([0-9]*+))?");
  private static final Pattern EXPONENT_WITHOUT_DIGITS = Pattern.compile("[eE][+-]?$");
  private static final BigInteger LARGEST_COST = BigInteger.TEN.pow(18).subtract(BigInteger.ONE);
  private static final BigInteger LARGEST_BIGINT = BigInteger.valueOf(Long.MAX_VALUE);

  /** Any exponent of more digits has the effect of this one, since no record is that long. */
  private static final long HUGE_EXPONENT = 1_000_000_000_000_000L;

  /** Reads a number spelt as JSON spells numbers, of any length and exponent; null when it is not one. */
  static ExactNumber read(String text) {
    Matcher parts = JSON_NUMBER.matcher(text);
    if (!parts.matches() || (parts.group(4) != null && EXPONENT_WITHOUT_DIGITS.matcher(text).find())) return null;
    String fraction = parts.group(3) == null ? "" : parts.group(3);
    String all = parts.group(2) + fraction;
    int start = 0;
    while (start < all.length() && all.charAt(start) == '0') start++;
    int end = all.length();
    while (end > start && all.charAt(end - 1) == '0') end--;
    if (start == end) return new ExactNumber(false, "", 0);
    boolean negative = parts.group(1).equals("-");
    return new ExactNumber(negative, all.substring(start, end), fraction.length() - (all.length() - end) - exponent(parts));
  }

  private static long exponent(Matcher parts) {
    String digits = parts.group(5);
    if (digits == null || digits.isEmpty()) return 0;
    long size = digits.length() > 15 ? HUGE_EXPONENT : Long.parseLong(digits);
    return parts.group(4).equals("-") ? -size : size;
  }

  /** The number as whole of 0 to 2^63 - 1. */
  long toWhole(String field) throws Rejected {
    if (digits.isEmpty()) return 0;
    if (negative) throw new Rejected(field, "negative");
    if (scale > 0) throw new Rejected(field, "not whole");
    if (digits.length() - scale > 19) throw new Rejected(field, "too large");
    BigInteger value = new BigInteger(digits + "0".repeat((int) -scale));
    if (value.compareTo(LARGEST_BIGINT) > 0) throw new Rejected(field, "too large");
    return value.longValueExact();
  }

  /** The number as decimal(18,9), rounded half up. */
  BigDecimal toCost(String field) throws Rejected {
    if (digits.isEmpty()) return BigDecimal.valueOf(0, 9);
    if (negative) throw new Rejected(field, "negative");
    if (digits.length() - scale > 9) throw new Rejected(field, "too large");
    long kept = digits.length() - scale + 9;
    if (kept < 0) return BigDecimal.valueOf(0, 9);
    BigInteger value = leading((int) kept);
    if (kept < digits.length() && digits.charAt((int) kept) >= '5') value = value.add(BigInteger.ONE);
    if (value.compareTo(LARGEST_COST) > 0) throw new Rejected(field, "too large");
    return new BigDecimal(value, 9);
  }

  /** The number, read as milliseconds, in whole microseconds; what is finer is cut off. */
  long toMicros(String field) throws Rejected {
    long kept = digits.length() - scale + 3;
    if (!negative && (digits.isEmpty() || kept <= 0)) return 0;
    if (negative || kept > 18) throw new Rejected(field, "out of range");
    return leading((int) kept).longValueExact();
  }

  /** The first {@code count} digits, with zeros behind them when there are fewer. */
  private BigInteger leading(int count) {
    String cut = digits.substring(0, Math.min(count, digits.length()));
    return new BigInteger("0" + cut + "0".repeat(count - cut.length()));
  }
}
