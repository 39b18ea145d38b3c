import { chatTopic } from '../../../core/chat/topics.ts';
import { loadFile } from '../../../local/ingest/load-file.ts';
import { emptyBronze, tables } from './bronze.ts';

// Loads the file of the second argument into a new database, the first, says so after a MiB or so, and stands still until it is killed.
const [database = '', path = ''] = process.argv.slice(2);
await loadFile({
  connection: await emptyBronze(database),
  topic: chatTopic,
  tables,
  path,
  arrival: new Date('2026-01-06T18:00:00Z'),
  onProgress: ({ accepted }) => {
    if (accepted < 30_000) return;
    process.stdout.write('loading\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
