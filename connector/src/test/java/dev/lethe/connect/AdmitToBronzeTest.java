package dev.lethe.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class AdmitToBronzeTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CASES = Path.of("..", "test", "cases", "admission");
  private static final String ARRIVAL = "2026-01-06T18:00:00Z";
  private static final String RECORD =
      "{\"chat_id\":\"c1\",\"user_id\":\"u1\",\"room_id\":\"r1\",\"timestamp\":\"2026-01-06T12:00:00Z\"%s}";

  @TestFactory
  Stream<DynamicTest> everySharedCaseIsStoredOrRejectedAsItSays() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> paths = Files.list(CASES)) {
      for (Path path : paths.filter(name -> name.toString().endsWith(".json")).toList()) {
        JsonNode file = JSON.readTree(path.toFile());
        for (JsonNode group : file.get("groups")) {
          for (JsonNode one : group) tests.add(dynamicTest(one.get("title").asText(), () -> check(file, one)));
        }
      }
    }
    return tests.stream();
  }

  private static void check(JsonNode file, JsonNode one) throws IOException {
    String topic = file.get("topic").asText();
    String arrival = (one.has("arrival") ? one : file).get("arrival").asText();
    byte[] bytes = bytesOf(file, one);
    Map<String, String> row = spell(apply(topic, arrival, bytes));
    assertEquals(expected(file, one), row);
    if (one.has("row") || !"not Unicode".equals(row.get("reason")) || row.containsKey("field")) {
      assertEquals(row, spell(apply(topic, arrival, new String(bytes, StandardCharsets.UTF_8))));
    }
  }

  private static byte[] bytesOf(JsonNode file, JsonNode one) {
    if (one.has("recordBase64")) return Base64.getDecoder().decode(one.get("recordBase64").asText());
    if (one.has("record")) return one.get("record").asText().getBytes(StandardCharsets.UTF_8);
    Map<String, JsonNode> fields = new HashMap<>(members(file.get("base")));
    fields.putAll(members(one.path("fields")));
    StringJoiner record = new StringJoiner(",", "{", "}");
    fields.forEach((name, spelling) -> {
      if (!spelling.isNull()) record.add(JSON.valueToTree(name) + ":" + spelling.asText());
    });
    return record.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, String> expected(JsonNode file, JsonNode one) {
    Map<String, String> row = new TreeMap<>();
    if (one.has("row")) {
      members(file.get("baseRow")).forEach((name, value) -> row.put(name, value.asText()));
      members(one.get("row")).forEach((name, value) -> row.put(name, value.asText()));
      row.put("_f", file.get("topic").asText().equals("chat") ? "bronze_chat_events" : "bronze_tool_calls");
      return row;
    }
    JsonNode rejected = one.get("rejected");
    if (!rejected.get("field").isNull()) row.put("field", rejected.get("field").asText());
    row.put("reason", rejected.get("reason").asText());
    row.putAll(Map.of("topic", "events", "partition", "3", "offset", "17", "_f", "bronze_rejected_records"));
    String arrival = (one.has("arrival") ? one : file).get("arrival").asText();
    row.put("dt", arrival.substring(0, 10));
    row.put("ingested_at", arrival.replace("Z", ".000000"));
    return row;
  }

  @Test
  void aRecordWithoutAValueIsHandedOnWithoutAnythingSoThatItsOffsetCounts() {
    SinkRecord empty = apply("chat", ARRIVAL, null);
    assertNull(empty.key());
    assertNull(empty.value());
    assertNull(empty.valueSchema());
    assertEquals(17, empty.kafkaOffset());
  }

  @Test
  void theKeyIsDroppedAndTheRestOfTheRecordStays() {
    SinkRecord admitted = apply("chat", ARRIVAL, String.format(RECORD, ""));
    assertNull(admitted.key());
    assertEquals(17, admitted.kafkaOffset());
    assertEquals(1234L, admitted.timestamp());
  }

  @Test
  void anythingIsAdmittedOrRejectedWithoutAnError() {
    Random random = new Random(42);
    String alphabet = "{}[]\":,\\u019eE+-.tfn \u00e9";
    for (int run = 0; run < 20_000; run++) {
      byte[] noise = new byte[random.nextInt(40)];
      random.nextBytes(noise);
      apply("chat", ARRIVAL, noise);
      StringBuilder text = new StringBuilder(",\"total_cost\":");
      for (int at = random.nextInt(12); at > 0; at--) text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      apply("chat", ARRIVAL, String.format(RECORD, text));
    }
  }

  @Test
  void freeTextMayBeAsDeepAsItLikesAndNumbersAsLong() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    assertEquals("c1", spell(apply("chat", ARRIVAL, String.format(RECORD, ",\"user_original_query\":" + deep))).get("chat_id"));
    String digits = "1" + "0".repeat(1_000_000) + "1";
    assertEquals("too large", spell(apply("chat", ARRIVAL, String.format(RECORD, ",\"prompt_tokens\":" + digits))).get("reason"));
    String name = ",\"" + "n".repeat(1_000_000) + "\":1";
    assertEquals("c1", spell(apply("chat", ARRIVAL, String.format(RECORD, name))).get("chat_id"));
  }

  @Test
  void aRecordThatIsTooLongIsRejectedUnread() {
    String text = String.format(RECORD, " ".repeat(4 * 1024 * 1024));
    assertEquals("too long", spell(apply("chat", ARRIVAL, text.getBytes(StandardCharsets.UTF_8))).get("reason"));
    assertEquals("too long", spell(apply("chat", ARRIVAL, text)).get("reason"));
  }

  @Test
  void aConverterThatHasParsedTheRecordIsToldOf() {
    assertThrows(DataException.class, () -> apply("chat", ARRIVAL, Map.of("chat_id", "c1")));
  }

  @Test
  void settingsThatMakeNoSenseStopTheConnectorAtItsStart() {
    Map<String, String> settings = settingsOf("chat");
    for (String fields : List.of("chat_id", "chat_id:word", "chat_id:text:optional", "chat_id:text:required:twice")) {
      settings.put("fields", fields);
      assertThrows(ConfigException.class, () -> new AdmitToBronze<SinkRecord>().configure(settings));
    }
  }

  private static SinkRecord apply(String topic, String arrival, Object value) {
    Clock clock = Clock.fixed(Instant.parse(arrival), ZoneOffset.UTC);
    try (AdmitToBronze<SinkRecord> transform = new AdmitToBronze<>(clock)) {
      transform.configure(settingsOf(topic));
      return transform.apply(
          new SinkRecord("events", 3, Schema.BYTES_SCHEMA, "key".getBytes(StandardCharsets.UTF_8), null, value, 17, 1234L, null));
    }
  }

  /** The settings of a topic's transform, as core/ingest/connector-settings.ts generates them. */
  private static Map<String, String> settingsOf(String topic) {
    String prefix = "transforms.admit-" + topic + ".";
    Map<String, String> settings = new HashMap<>();
    try (InputStream file = AdmitToBronzeTest.class.getResourceAsStream("/connector.json")) {
      members(JSON.readTree(file)).forEach((name, value) -> {
        if (name.startsWith(prefix)) settings.put(name.substring(prefix.length()), value.asText());
      });
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return settings;
  }

  /** A row as the shared cases write it: every field that is not null, as text. */
  private static Map<String, String> spell(SinkRecord record) {
    Struct row = (Struct) record.value();
    row.validate();
    Map<String, String> spelt = new TreeMap<>();
    for (Field field : row.schema().fields()) {
      Object value = row.get(field);
      if (value instanceof java.util.Date date) spelt.put(field.name(), date.toInstant().toString().substring(0, 10));
      else if (value instanceof BigDecimal cost) spelt.put(field.name(), cost.toPlainString());
      else if (value != null) spelt.put(field.name(), value.toString());
    }
    return spelt;
  }

  private static Map<String, JsonNode> members(JsonNode object) {
    Map<String, JsonNode> members = new HashMap<>();
    object.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
    return members;
  }
}
