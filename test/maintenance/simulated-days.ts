import { chatPipeline } from '../../core/chat/pipeline.ts';
import { chatTables } from '../../core/chat/tables.ts';
import type { Settings } from '../../core/settings.ts';
import { addDays } from '../../core/window.ts';
import { scheduledRuns } from '../../local/demo/scheduled-runs.ts';
import { diff } from '../oracle/compare.ts';
import { oracle } from '../oracle/oracle.ts';
import type { Row, Tables } from '../oracle/row.ts';

/** Days that a test lets pass, and what happens on them. */
export interface SimulatedDays {
  readonly first: string;
  readonly length: number;
  /** Messages of a day: `fewest`, and up to `more` of them, by so many people in so many rooms. */
  readonly crowd: {
    readonly fewest: number;
    readonly more: number;
    readonly people: number;
    readonly rooms: number;
  };
  /** Mornings on which nothing runs; the days are then caught up with. */
  readonly outages: readonly { readonly from: string; readonly mornings: number }[];
  /** People who are active for a few days and ask to be forgotten once everything made from those days is final. */
  readonly leavers: readonly {
    readonly user: string;
    readonly from: string;
    readonly to: string;
    readonly asks: string;
  }[];
  /** Mornings after which an erasure has ended, that of the request included. */
  readonly erasureTicks: number;
}

/** Lines of NDJSON that arrive on a day, by topic. */
export interface Delivery {
  readonly chat: string[];
  readonly tool: string[];
}

/** A lake that lives through the days, on whatever engine. */
export interface PassingLake {
  readonly settings: Settings;
  setTime(at: Date): void;
  ingest(delivery: Delivery): Promise<void>;
  /** Runs a workflow as its schedule does. */
  run(workflow: string): Promise<void>;
  submit(people: readonly string[]): Promise<void>;
  /** Told when all who have asked must be gone. */
  erased(): Promise<void>;
}

export function lastOf({ first, length }: SimulatedDays): string {
  return addDays(first, length - 1);
}

/** What arrives until the morning after each day: its own records, a few repeats, and a few of the day before. The same in every run. */
export function deliveries(plan: SimulatedDays): Map<string, Delivery> {
  const { crowd, leavers } = plan;
  const days = Array.from({ length: plan.length }, (_, at) => addDays(plan.first, at));
  const last = lastOf(plan);
  const { random, pick } = numbers();
  // A record that comes late around an outage may miss its look-back, and then rightly counts nowhere.
  const isCalm = (date: string) => [-3, -2, -1, 0, 1, 2, 3].every((by) => !isDown(plan, addDays(date, by)));
  const arriving = new Map(days.map((day): [string, Delivery] => [day, { chat: [], tool: [] }]));
  let ids = 0;
  for (const day of days) {
    const leaving = leavers.filter(({ from, to }) => day >= from && day <= to).map(({ user }) => user);
    const somebody = () => `u${random(crowd.people)}`;
    const users = [...Array.from({ length: crowd.fewest + random(crowd.more) }, somebody), ...leaving];
    for (const user_id of users) {
      ids += 1;
      // Whoever reads files for a leaver's name finds the leaver's messages by it too.
      const chat_id = leaving.includes(user_id) ? `${user_id}-c${ids}` : `c${ids}`;
      const second = random(86_400);
      const timestamp = new Date(Date.parse(day) + second * 1000).toISOString();
      const chat = JSON.stringify({
        chat_id,
        user_id,
        room_id: `r${random(crowd.rooms)}`,
        timestamp,
        platform: pick(['web', 'ios', undefined]),
        country: pick(['KR', 'US', 'DE', undefined]),
        model: pick(['large', 'small']),
        prompt_tokens: random(900),
        completion_tokens: random(900),
        total_cost: (random(200) / 100).toFixed(2),
      });
      const late = random(12) === 0 && isCalm(day) && day < last && !leaving.includes(user_id);
      arriving.get(late ? addDays(day, 1) : day)?.chat.push(chat);
      if (random(10) === 0) arriving.get(day)?.chat.push(chat);
      if (random(2) === 0) {
        const call = { reasoning_steps_id: `t${ids}`, chat_id, user_id, tool_type: pick(['search', 'code']) };
        // Some a little after midnight.
        const at = new Date(Math.min(Date.parse(timestamp) + random(40_000_000), Date.parse(last) + 86_399_000));
        const of = at.toISOString().slice(0, 10);
        arriving.get(of)?.tool.push(JSON.stringify({ ...call, timestamp: at.toISOString() }));
      }
    }
  }
  return arriving;
}

/** Lets the days pass: records arrive, schedules start what is theirs in the morning, people ask to be forgotten. */
export async function letDaysPass(
  plan: SimulatedDays,
  arriving: ReadonlyMap<string, Delivery>,
  lake: PassingLake,
): Promise<void> {
  let erasing = 0;
  for (const [day, delivery] of arriving) {
    const morning = addDays(day, 1);
    lake.setTime(new Date(`${day}T23:59:59Z`));
    await lake.ingest(delivery);
    if (isDown(plan, morning)) continue;
    for (const { workflow, at } of scheduledRuns(chatPipeline, morning, lake.settings)) {
      lake.setTime(at);
      await lake.run(workflow);
    }
    lake.setTime(new Date(`${morning}T07:00:00Z`));
    const asking = plan.leavers.filter(({ asks }) => asks === morning).map(({ user }) => user);
    if (asking.length > 0) await lake.submit(asking);
    erasing = asking.length > 0 ? plan.erasureTicks : erasing - 1;
    if (erasing > 0) await lake.run('dsr');
    if (erasing === 1) await lake.erased();
  }
}

/** What the tables have to hold when the days have passed, by the second reading of the contract; as if nobody had left and nothing been dropped. */
export function expectedTables(
  plan: SimulatedDays,
  arriving: ReadonlyMap<string, Delivery>,
  { weekStart, minimumUsersPerCell }: Settings,
): Tables {
  const all = [...arriving.values()];
  const last = lastOf(plan);
  return oracle({
    chat: all.flatMap(({ chat }) => chat),
    tool: all.flatMap(({ tool }) => tool),
    settings: { weekStart, minimumUsersPerCell },
    silverDays: { from: plan.first, to: last },
    goldFrom: plan.first,
    goldThrough: last,
    arrival: new Date(`${addDays(last, 1)}T00:00:00Z`),
  }).tables;
}

/** How the gold that was found differs from what was expected, a line for each difference. */
export function wrongGold(expected: Tables, found: Readonly<Record<string, readonly Row[] | undefined>>): string[] {
  return chatTables
    .filter(({ layer }) => layer === 'gold')
    .flatMap(({ name, grain }) => {
      const rows = expected[name];
      return rows === undefined ? [] : diff(rows, found[name] ?? [], grain).map((line) => `${name}: ${line}`);
    });
}

function isDown({ outages }: SimulatedDays, date: string): boolean {
  return outages.some(({ from, mornings }) => date >= from && date < addDays(from, mornings));
}

function numbers() {
  let state = 7;
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  const pick = <T>(values: readonly T[]): T | undefined => values[random(values.length)];
  return { random, pick };
}
