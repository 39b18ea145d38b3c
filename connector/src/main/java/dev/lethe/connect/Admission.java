package dev.lethe.connect;

import dev.lethe.connect.TopicDeclaration.Field;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What may enter bronze, the same as core/ingest/admit.ts: both are held to test/cases/admission. */
final class Admission {
  private static final long EARLIEST_MICROS = micros("2000-01-01T00:00:00Z");
  private static final long END_MICROS = micros("2100-01-01T00:00:00Z");

  private final TopicDeclaration topic;
  private final Set<String> names;
  private final int maxBytes;

  Admission(TopicDeclaration topic, int maxBytes) {
    this.topic = topic;
    this.names = topic.fields().stream().map(Field::name).collect(Collectors.toUnmodifiableSet());
    this.maxBytes = maxBytes;
  }

  Object[] admit(byte[] record, long arrivalMicros) throws Rejected {
    if (record.length > maxBytes) throw new Rejected(null, "too long");
    try {
      // A new decoder reports what is malformed; String's constructor would replace it, and two different ids could become one.
      return admit(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(record)).toString(), arrivalMicros);
    } catch (CharacterCodingException e) {
      throw new Rejected(null, "not Unicode");
    }
  }

  /**
   * The values of a row, in the order of the fields: String, Long (tokens; an instant as microseconds and a day as days since 1970),
   * BigDecimal (costs) or null. @throws Rejected because of the first field that is wrong, in the order of the declaration
   */
  Object[] admit(String record, long arrivalMicros) throws Rejected {
    if (record.length() > maxBytes / 3 && record.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
      throw new Rejected(null, "too long");
    }
    Map<String, Object> members = JsonRecord.read(record, names);
    if (members == null) throw new Rejected(null, "not an object");

    Object[] row = new Object[topic.fields().size()];
    long eventDay = 0;
    int missingDay = -1;
    for (int index = 0; index < row.length; index++) {
      Field field = topic.fields().get(index);
      Object value = members.get(field.name());
      if (value == null || value.equals("")) {
        if (field.required()) throw new Rejected(field.name(), "missing");
        if (field.name().equals(topic.day())) missingDay = index;
        continue;
      }
      switch (field.kind()) {
        case TEXT -> row[index] = text(field, value);
        case TOKENS -> row[index] = number(field, value, "not a number").toWhole(field.name());
        case COST -> row[index] = number(field, value, "not a number").toCost(field.name());
        case INSTANT -> {
          long micros = instant(field, value);
          if (field.name().equals(topic.eventTime())) {
            if (micros > arrivalMicros + IsoTime.DAY_MICROS) throw new Rejected(field.name(), "in the future");
            eventDay = Math.floorDiv(micros, IsoTime.DAY_MICROS);
          }
          row[index] = micros;
        }
        case DAY -> {
          Long day = value instanceof String text ? IsoTime.readDay(text) : null;
          if (day == null) throw new Rejected(field.name(), "no calendar date");
          if (field.name().equals(topic.day()) && Math.abs(day - eventDay) > 1) {
            throw new Rejected(field.name(), "too far from timestamp");
          }
          row[index] = day;
        }
      }
    }
    if (missingDay >= 0) row[missingDay] = eventDay;
    return row;
  }

  private static String text(Field field, Object value) throws Rejected {
    if (!(value instanceof String text)) throw new Rejected(field.name(), "not text");
    for (int at = 0; at < text.length(); at++) {
      if (!Character.isSurrogate(text.charAt(at))) continue;
      if (at + 1 == text.length() || !Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1))) {
        throw new Rejected(field.name(), "not Unicode");
      }
      at++;
    }
    return text;
  }

  private static ExactNumber number(Field field, Object value, String reason) throws Rejected {
    ExactNumber number = null;
    if (value instanceof String text) number = ExactNumber.read(text);
    else if (value instanceof JsonRecord.Spelling spelling) number = ExactNumber.read(spelling.text());
    if (number == null) throw new Rejected(field.name(), reason);
    return number;
  }

  private static long instant(Field field, Object value) throws Rejected {
    Long micros = value instanceof String text ? IsoTime.readInstant(text) : null;
    if (micros == null) micros = number(field, value, "unreadable").toMicros(field.name());
    if (micros < EARLIEST_MICROS || micros >= END_MICROS) throw new Rejected(field.name(), "out of range");
    return micros;
  }

  private static long micros(String instant) {
    return Instant.parse(instant).toEpochMilli() * 1000;
  }
}
