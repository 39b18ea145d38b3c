import { addDays } from '../../../core/window.ts';
import { demoDays } from '../../../local/demo/generate.ts';
import { type EmbeddedLake, openLake } from '../embedded-lake.ts';

/** The last day that the lake holds. */
export const lastDay = '2026-03-15';

/** A lake with some weeks of the demonstration in small, built by day, week and month. */
export async function openDemoLake(endsOn = lastDay, days = 45): Promise<EmbeddedLake> {
  // Few people: every value is shown, however few have it.
  const lake = await openLake({ minimumUsersPerCell: 1 }, { at: new Date(`${addDays(endsOn, 1)}T06:00:00Z`) });
  const lines = { chat: [] as string[], tool: [] as string[] };
  for (const day of demoDays({ endsOn, days, messages: 3_000 })) {
    lines.chat.push(...day.chat);
    lines.tool.push(...day.tool);
  }
  await lake.ingest('chat', lines.chat);
  await lake.ingest('tool', lines.tool);
  await lake.session.run('backfill', { from: addDays(endsOn, 1 - days), to: endsOn });
  return lake;
}
