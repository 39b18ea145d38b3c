import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Java's options for Kafka's log: to standard output, with what goes well left out. */
export function kafkaLogging(directory: string): string[] {
  const file = join(directory, 'log4j.properties');
  writeFileSync(
    file,
    [
      'log4j.rootLogger=WARN, stdout',
      'log4j.appender.stdout=org.apache.log4j.ConsoleAppender',
      'log4j.appender.stdout.layout=org.apache.log4j.PatternLayout',
      'log4j.appender.stdout.layout.ConversionPattern=%d{ISO8601} %-5p %c{1}: %m%n',
      // When the sink commits, and which of its workers coordinates.
      'log4j.logger.org.apache.iceberg.connect=INFO',
      'log4j.logger.kafka.server.KafkaRaftServer=INFO',
      '',
    ].join('\n'),
  );
  return [`-Dlog4j.configuration=file:${file}`];
}
