package dev.lethe.connect;

import dev.lethe.connect.TopicDeclaration.Field;
import dev.lethe.connect.TopicDeclaration.Kind;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * Turns the bytes of a record into a row of its topic's bronze table, or into a row of the rejected records, which says where the
 * record is and why it was rejected, and nothing of what is in it. A field of its own names the table, for the sink to route by.
 * Whatever a record holds, it throws nothing: the sink stops for good at the first error. A record without a value goes on as it is.
 */
public class AdmitToBronze<R extends ConnectRecord<R>> implements Transformation<R> {
  /** The field that the sink routes by. It is a column of no table, so it is not stored. */
  static final String ROUTE_FIELD = "_f";

  private static final ConfigDef CONFIG =
      new ConfigDef()
          .define("fields", Type.LIST, Importance.HIGH, "The topic's fields in order, each name:kind or name:kind:required.")
          .define("event.time", Type.STRING, Importance.HIGH, "The field that says when the event happened.")
          .define("day", Type.STRING, Importance.HIGH, "The field of the day that a record counts to.")
          .define("table", Type.STRING, Importance.HIGH, "The route of admitted records.")
          .define("rejected.table", Type.STRING, Importance.HIGH, "The route of rejected records.")
          .define("max.bytes", Type.INT, Importance.MEDIUM, "Longer records are rejected unread.");

  private static final Schema REJECTED =
      SchemaBuilder.struct()
          .field("topic", Schema.OPTIONAL_STRING_SCHEMA)
          .field("partition", Schema.OPTIONAL_INT64_SCHEMA)
          .field("offset", Schema.OPTIONAL_INT64_SCHEMA)
          .field("dt", optionalDate())
          .field("ingested_at", Schema.OPTIONAL_STRING_SCHEMA)
          .field("field", Schema.OPTIONAL_STRING_SCHEMA)
          .field("reason", Schema.OPTIONAL_STRING_SCHEMA)
          .field(ROUTE_FIELD, Schema.STRING_SCHEMA)
          .build();

  // Connect's own type for timestamps ends at milliseconds; the sink reads microseconds from text.
  private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS");

  private final Clock clock;
  private TopicDeclaration topic;
  private Admission admission;
  private Schema admitted;
  private String table;
  private String rejectedTable;

  public AdmitToBronze() {
    this(Clock.systemUTC());
  }

  AdmitToBronze(Clock clock) {
    this.clock = clock;
  }

  @Override
  public ConfigDef config() {
    return CONFIG;
  }

  @Override
  public void configure(Map<String, ?> settings) {
    AbstractConfig config = new AbstractConfig(CONFIG, settings);
    topic = TopicDeclaration.parse(config.getList("fields"), config.getString("event.time"), config.getString("day"));
    admission = new Admission(topic, config.getInt("max.bytes"));
    table = config.getString("table");
    rejectedTable = config.getString("rejected.table");
    SchemaBuilder schema = SchemaBuilder.struct();
    for (Field field : topic.fields()) schema.field(field.name(), schemaOf(field.kind()));
    admitted = schema.field(ROUTE_FIELD, Schema.STRING_SCHEMA).build();
  }

  @Override
  public R apply(R record) {
    // Without a value it has no route and is stored nowhere. Were it dropped here, the sink would never commit its offset:
    // at the end of a partition its consumers would lag behind until another record came.
    if (record.value() == null) return withValue(record, null, null);
    long arrivalMicros = clock.millis() * 1000;
    try {
      return withRow(record, rowOf(admit(record.value(), arrivalMicros)));
    } catch (Rejected rejected) {
      return withRow(record, rejection(record, rejected, arrivalMicros));
    }
  }

  @Override
  public void close() {}

  private Object[] admit(Object value, long arrivalMicros) throws Rejected {
    if (value instanceof byte[] bytes) return admission.admit(bytes, arrivalMicros);
    if (value instanceof String text) return admission.admit(text, arrivalMicros);
    // Not the record's fault but the connector's: to reject everything would hide it.
    throw new DataException("AdmitToBronze takes bytes or strings: set value.converter to ByteArrayConverter");
  }

  private Struct rowOf(Object[] values) {
    Struct row = new Struct(admitted).put(ROUTE_FIELD, table);
    for (int index = 0; index < values.length; index++) {
      if (values[index] == null) continue;
      Field field = topic.fields().get(index);
      row.put(field.name(), storedAs(field.kind(), values[index]));
    }
    return row;
  }

  private Struct rejection(R record, Rejected rejected, long arrivalMicros) {
    Struct row =
        new Struct(REJECTED)
            .put("topic", record.topic())
            .put("partition", record.kafkaPartition() == null ? null : record.kafkaPartition().longValue())
            .put("dt", date(Math.floorDiv(arrivalMicros, IsoTime.DAY_MICROS)))
            .put("ingested_at", timestamp(arrivalMicros))
            .put("field", rejected.field)
            .put("reason", rejected.reason)
            .put(ROUTE_FIELD, rejectedTable);
    return record instanceof SinkRecord sinkRecord ? row.put("offset", sinkRecord.kafkaOffset()) : row;
  }

  /** The record with another value and without its key, which can be somebody's id. */
  private R withValue(R record, Schema schema, Struct value) {
    return record.newRecord(record.topic(), record.kafkaPartition(), null, null, schema, value, record.timestamp());
  }

  private R withRow(R record, Struct row) {
    return withValue(record, row.schema(), row);
  }

  private static Schema schemaOf(Kind kind) {
    return switch (kind) {
      case TEXT, INSTANT -> Schema.OPTIONAL_STRING_SCHEMA;
      case TOKENS -> Schema.OPTIONAL_INT64_SCHEMA;
      case COST -> Decimal.builder(9).optional().build();
      case DAY -> optionalDate();
    };
  }

  private static Object storedAs(Kind kind, Object value) {
    return switch (kind) {
      case TEXT, TOKENS, COST -> value;
      case INSTANT -> timestamp((Long) value);
      case DAY -> date((Long) value);
    };
  }

  private static Schema optionalDate() {
    return Date.builder().optional().build();
  }

  private static java.util.Date date(long day) {
    return Date.toLogical(Date.SCHEMA, Math.toIntExact(day));
  }

  private static String timestamp(long micros) {
    long second = Math.floorDiv(micros, 1_000_000L);
    int nanos = (int) Math.floorMod(micros, 1_000_000L) * 1000;
    return LocalDateTime.ofEpochSecond(second, nanos, ZoneOffset.UTC).format(TIMESTAMP);
  }
}
