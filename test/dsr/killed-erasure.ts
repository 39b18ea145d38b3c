import { chatPipeline } from '../../core/chat/pipeline.ts';
import { defaultSettings } from '../../core/settings.ts';
import { synthesizeWorkflows } from '../../lib/synthesize-workflows.ts';
import { openSession } from '../../local/session.ts';

// A process of its own, which erases what is pending and kills itself where it is told to: `node killed-erasure.ts HOME NOW
// STATE`, where STATE is the number of the task state, counted over all runs and each once, at whose first entry it dies.
const [home = '', now = '', state = ''] = process.argv.slice(2);
const clock = { now: new Date(now) };
const entered = new Set<string>();
const session = await openSession({
  home,
  settings: { ...defaultSettings, minimumUsersPerCell: 1 },
  pipelines: [chatPipeline],
  synthesize: async (pipelines) => synthesizeWorkflows(pipelines),
  now: () => clock.now,
  onState: (event) => {
    const name = `${event.workflow}: ${event.state}`;
    if (entered.has(name)) return;
    entered.add(name);
    console.log(name);
    if (entered.size === Number(state)) process.kill(process.pid, 'SIGKILL');
  },
});
for (let open = true; open; ) {
  await session.run('dsr', { mode: 'scheduled' });
  const waits = (await session.erasures.store.batches())
    .filter(({ stage }) => stage !== 'closed')
    .map(({ waitsUntil }) => waitsUntil);
  open = waits.length > 0;
  for (const wait of waits) if (wait > clock.now.toISOString()) clock.now = new Date(wait);
}
await session.close();
