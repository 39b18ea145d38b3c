package dev.lethe.connect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The members of a JSON object that somebody asked for; everything else is read over, never kept. */
final class JsonRecord {

  /** A number that was not in quotes, as it was spelt. */
  record Spelling(String text) {}

  /** What a member holds that is neither text nor a number: a boolean, a list or an object. */
  static final Object OTHER = new Object();

  // The length of a record is limited before it is parsed. Free text may be anything, so nothing in it may be too long or too deep;
  // and no names of fields are remembered from record to record.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private JsonRecord() {}

  /**
   * The named members of the object that {@code text} is: a String, a {@link Spelling}, {@link #OTHER} or null; the last one where a
   * name repeats. Returns null when the text is not one JSON object and nothing else.
   */
  static Map<String, Object> read(String text, Set<String> names) {
    // Jackson skips a byte order mark, which JSON does not allow.
    if (text.startsWith("\ufeff")) return null;
    Map<String, Object> members = new HashMap<>();
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) return null;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (names.contains(name)) members.put(name, valueOf(parser, value));
        parser.skipChildren();
      }
      return parser.nextToken() == null ? members : null;
    } catch (IOException e) {
      // The exception quotes the record: it goes no further.
      return null;
    }
  }

  private static Object valueOf(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case VALUE_NULL -> null;
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Spelling(parser.getText());
      default -> OTHER;
    };
  }
}
