package dev.lethe.connect;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates and instants as ISO 8601 spells them. */
final class IsoTime {
  static final long DAY_MICROS = 86_400_000_000L;

  private static final Pattern DATE = Pattern.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})");
  private static final Pattern INSTANT =
      Pattern.compile(
          "([0-9-]{10})[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]++))?)?"
              + "(?:[Zz]|([+-])([0-9]{2})(?::?([0-9]{2}))?)");

  private IsoTime() {}

  /** Reads {@code YYYY-MM-DD} into days since 1970-01-01; null when the calendar has no such date. */
  static Long readDay(String text) {
    Matcher parts = DATE.matcher(text);
    if (!parts.matches()) return null;
    try {
      return LocalDate.of(number(parts, 1), number(parts, 2), number(parts, 3)).toEpochDay();
    } catch (DateTimeException e) {
      return null;
    }
  }

  /**
   * Reads an instant with an offset into microseconds since 1970; null when it is none. What is finer than a microsecond is cut
   * off: rounding could move the instant to the next day.
   */
  static Long readInstant(String text) {
    Matcher parts = INSTANT.matcher(text);
    if (!parts.matches()) return null;
    Long day = readDay(parts.group(1));
    int hour = number(parts, 2);
    int minute = number(parts, 3);
    int second = number(parts, 4);
    int offsetHours = number(parts, 7);
    int offsetMinutes = number(parts, 8);
    if (day == null || hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59) return null;
    int offset = (offsetHours * 60 + offsetMinutes) * ("-".equals(parts.group(6)) ? -1 : 1);
    return day * DAY_MICROS + ((hour * 60L + minute - offset) * 60 + second) * 1_000_000 + micros(parts.group(5));
  }

  private static int number(Matcher parts, int group) {
    return parts.group(group) == null ? 0 : Integer.parseInt(parts.group(group));
  }

  private static int micros(String fraction) {
    return fraction == null ? 0 : Integer.parseInt((fraction + "00000").substring(0, 6));
  }
}
