import { message, toolCall } from './erasing-lake.ts';

/** People whose ids occur nowhere else. */
export const canaries = Array.from(
  { length: 50 },
  (_, n) => `canary-${(n * 7919).toString(36).padStart(6, '0')}-person`,
);

export const days = ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06', '2026-03-07', '2026-03-08'];

/** What 2,000 people do in a week: some rooms are shared with canaries, and some calls cross midnight. */
export function crowd(): { chat: string[]; tool: string[] } {
  const chat: string[] = [];
  const tool: string[] = [];
  for (let n = 0; n < 2_000; n++) {
    const day = days[n % days.length] ?? '';
    chat.push(
      message(`chat-${n}`, `person-${n}`, `${day}T10:${String(n % 60).padStart(2, '0')}:00Z`, {
        room_id: `room-${n % 300}`,
      }),
    );
    if (n % 5 === 0) tool.push(toolCall(`step-${n}`, `chat-${n}`, `person-${n}`, `${day}T10:59:00Z`));
  }
  return { chat, tool };
}
