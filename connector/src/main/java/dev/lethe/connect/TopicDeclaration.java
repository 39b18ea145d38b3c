package dev.lethe.connect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigException;

/** A topic as the catalogue declares it: its fields in order, which of them says when the event happened, and which its day is. */
record TopicDeclaration(List<Field> fields, String eventTime, String day) {

  enum Kind {
    TEXT,
    TOKENS,
    COST,
    INSTANT,
    DAY
  }

  record Field(String name, Kind kind, boolean required) {}

  /** Reads fields spelt {@code name:kind} or {@code name:kind:required}. */
  static TopicDeclaration parse(List<String> spellings, String eventTime, String day) {
    List<Field> fields = new ArrayList<>();
    for (String spelling : spellings) {
      String[] parts = spelling.split(":", -1);
      boolean required = parts.length == 3 && parts[2].equals("required");
      if (parts.length != 2 && !required) throw unknown(spelling);
      fields.add(new Field(parts[0], kindOf(parts[1], spelling), required));
    }
    return new TopicDeclaration(List.copyOf(fields), eventTime, day);
  }

  private static Kind kindOf(String name, String spelling) {
    try {
      return Kind.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw unknown(spelling);
    }
  }

  private static ConfigException unknown(String spelling) {
    return new ConfigException("fields", spelling, "expected name:kind or name:kind:required; generate the settings again");
  }
}
