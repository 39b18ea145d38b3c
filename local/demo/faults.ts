// Every way below makes a valid line one that must not enter bronze. They work on the text, as a broken client does.

type Break = (line: string, epochDay: number) => string;

const seconds = (epochDay: number) => epochDay * 86_400 + 43_200;
const iso = (epochDay: number) => new Date(epochDay * 86_400_000).toISOString();

/** Replaces a field's JSON value, or adds the field in front. */
function put(field: string, value: string): Break {
  const pattern = new RegExp(`"${field}":(?:"(?:[^"\\\\]|\\\\.)*"|[^,}]*)`);
  return (line) => {
    const pair = `"${field}":${value}`;
    return pattern.test(line) ? line.replace(pattern, () => pair) : `{${pair},${line.slice(1)}`;
  };
}

function rename(field: string, other: string): Break {
  return (line) => line.replace(`"${field}":`, `"${other}":`);
}

const both: readonly Break[] = [
  (line) => line.slice(0, Math.floor(line.length * 0.6)),
  (line) => line.slice(0, -1),
  (line) => line.replace(':', '='),
  (line) => `[${line}]`,
  () => 'null',
  () => '"event"',
  (line) => `${line}}`,
  rename('chat_id', 'chatId'),
  rename('user_id', 'uid'),
  rename('timestamp', 'time'),
  put('chat_id', 'null'),
  put('user_id', '""'),
  put('user_id', '{"id":1}'),
  put('timestamp', '"yesterday"'),
  put('timestamp', '"2026-02-30T10:00:00Z"'),
  put('timestamp', 'true'),
  (line, day) => put('timestamp', String(seconds(day)))(line, day),
  (line, day) => put('timestamp', `"${iso(day).slice(0, -1)}"`)(line, day),
  (line, day) => put('dt', 'null')(put('timestamp', `"${iso(day + 400)}"`)(line, day), day),
  put('dt', '"2026-02-30"'),
  put('dt', '"2001-01-01"'),
];

const chatOnly: readonly Break[] = [
  rename('room_id', 'room'),
  put('room_id', 'null'),
  put('prompt_tokens', '-12'),
  put('prompt_tokens', '12.5'),
  put('completion_tokens', '"many"'),
  put('total_tokens', '9223372036854775808'),
  put('total_cost', '"free"'),
  put('input_tokens_cost', '-0.01'),
  put('request_cost', '1000000000'),
  put('model', '["athena-small"]'),
  put('country', '49'),
  put('platform', '{"name":"web"}'),
];

const toolOnly: readonly Break[] = [
  rename('reasoning_steps_id', 'step'),
  put('reasoning_steps_id', 'null'),
  put('tool_type', '7'),
];

const chatBreaks = [...both, ...chatOnly];
const toolBreaks = [...both, ...toolOnly];

/** Breaks a chat line in one of 33 ways; `at` in [0, 1) chooses. */
export function breakChat(line: string, at: number, epochDay: number): string {
  return choose(chatBreaks, at)(line, epochDay);
}

/** Breaks a tool line in one of 24 ways; `at` in [0, 1) chooses. */
export function breakTool(line: string, at: number, epochDay: number): string {
  return choose(toolBreaks, at)(line, epochDay);
}

function choose(breaks: readonly Break[], at: number): Break {
  const chosen = breaks[Math.floor(at * breaks.length)];
  if (chosen === undefined) throw new RangeError('at lies outside [0, 1)');
  return chosen;
}
