import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What the stack asks of a Kafka broker, run from this source by `java`:
 *
 * <pre>
 *   BOOTSTRAP create TOPIC PARTITIONS   makes a topic, unless it is there
 *   BOOTSTRAP send TOPIC [PER_SECOND]   sends the lines of standard input, each a record's bytes in base64; a lone "-" is a null
 *   BOOTSTRAP lag GROUP TOPIC…          prints how many records of the topics a group of consumers has not committed yet
 * </pre>
 */
public class KafkaClient {
  public static void main(String[] args) throws Exception {
    String bootstrap = args[0];
    switch (args[1]) {
      case "create" -> create(bootstrap, args[2], Integer.parseInt(args[3]));
      case "send" -> send(bootstrap, args[2], args.length > 3 ? Integer.parseInt(args[3]) : Integer.MAX_VALUE);
      case "lag" -> System.out.println(lag(bootstrap, args[2], List.of(args).subList(3, args.length)));
      default -> throw new IllegalArgumentException(args[1]);
    }
  }

  private static void create(String bootstrap, String topic, int partitions) throws Exception {
    try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrap))) {
      admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) throw e;
    }
  }

  private static void send(String bootstrap, String topic, int perSecond) throws Exception {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", bootstrap);
    settings.put("linger.ms", "20");
    settings.put("batch.size", "262144");
    settings.put("compression.type", "lz4");
    settings.put("max.request.size", "8388608");
    // A broker that is killed and started again is waited for.
    settings.put("delivery.timeout.ms", "180000");
    List<Exception> failures = Collections.synchronizedList(new ArrayList<>());
    long began = System.nanoTime();
    long sent = 0;
    try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      // In turn: by itself a producer stays with one partition for a whole batch, which leaves the others idle for long.
      int partitions = producer.partitionsFor(topic).size();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        byte[] value = line.equals("-") ? null : Base64.getDecoder().decode(line);
        int partition = (int) (sent % partitions);
        producer.send(
            new ProducerRecord<>(topic, partition, null, value), (metadata, e) -> { if (e != null) failures.add(e); });
        sent++;
        long ahead = sent * 1_000_000_000L / perSecond - (System.nanoTime() - began);
        if (ahead > 20_000_000L) Thread.sleep(ahead / 1_000_000L);
      }
    }
    if (!failures.isEmpty()) throw failures.get(0);
    System.out.println(sent);
  }

  private static long lag(String bootstrap, String group, List<String> topics) throws Exception {
    try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrap))) {
      var partitions =
          admin.describeTopics(topics).allTopicNames().get().values().stream()
              .flatMap(topic -> topic.partitions().stream().map(p -> new TopicPartition(topic.name(), p.partition())))
              .toList();
      var ends = admin.listOffsets(all(partitions, OffsetSpec.latest())).all().get();
      var begins = admin.listOffsets(all(partitions, OffsetSpec.earliest())).all().get();
      var committed = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      long lag = 0;
      for (TopicPartition partition : partitions) {
        OffsetAndMetadata offset = committed.get(partition);
        lag += ends.get(partition).offset() - (offset == null ? begins.get(partition).offset() : offset.offset());
      }
      return lag;
    }
  }

  private static Map<TopicPartition, OffsetSpec> all(List<TopicPartition> partitions, OffsetSpec spec) {
    return partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> spec));
  }
}
