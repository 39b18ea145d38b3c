import { chatPipeline } from '../../core/chat/pipeline.ts';
import { defaultSettings } from '../../core/settings.ts';
import { synthesizeWorkflows } from '../../lib/synthesize-workflows.ts';
import { openSession } from '../../local/session.ts';

// A process of its own, which kills itself where it is told to: `node killed-run.ts HOME NOW FROM TO STATE`, where STATE is
// the number of the task state, counted over all runs, at whose entry it dies.
const [home = '', now = '', from = '', to = '', state = ''] = process.argv.slice(2);
let entered = 0;
const session = await openSession({
  home,
  settings: defaultSettings,
  pipelines: [chatPipeline],
  synthesize: async (pipelines) => synthesizeWorkflows(pipelines),
  now: () => new Date(now),
  onState: (event) => {
    entered += 1;
    console.log(`${event.workflow}: ${event.state}`);
    if (entered === Number(state)) process.kill(process.pid, 'SIGKILL');
  },
});
await session.run('backfill', { from, to });
await session.run('maintenance', { mode: 'scheduled' });
await session.close();
