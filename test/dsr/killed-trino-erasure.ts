import { z } from 'zod';
import { openErasingTrinoLake } from './erasing-trino-lake.ts';

// A process of its own, which carries the erasures of a lake on Trino to their end, and kills itself when it enters the state
// it is told: `node killed-trino-erasure.ts PLACE STATE`.
const [place = '{}', target = ''] = process.argv.slice(2);
const lake = await openErasingTrinoLake({
  place: z.object({ database: z.string(), bucket: z.string(), folder: z.string() }).parse(JSON.parse(place)),
  settings: { minimumUsersPerCell: 1 },
  onState: ({ state }) => {
    if (state === target) process.kill(process.pid, 'SIGKILL');
  },
});
await lake.tickToTheEnd();
await lake.close();
