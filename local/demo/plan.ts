import { uuid } from './ids.ts';
import {
  countryOf,
  deviceOf,
  messagesOf,
  platformsOf,
  roomOf,
  type User,
  userAt,
  versionOf,
  worksAtHome,
} from './people.ts';
import {
  api,
  countryAt,
  hourAtHome,
  hourAtWork,
  type Model,
  modelAt,
  type Platform,
  unknownCountries,
  weekdayUse,
} from './product.ts';
import { fraction, hash, Random } from './random.ts';

const msPerDay = 86_400_000;

/** What is to be generated, with everything that follows from it once. */
export interface Demo {
  readonly seed: number;
  readonly days: number;
  /** The first day, counted from 1970-01-01. */
  readonly firstDay: number;
  /** Places that are open on a day (people.ts). */
  readonly places: (day: number) => number;
}

/** One sitting of a user in a room: what its messages have in common, as JSON. */
export interface Session {
  readonly userId: string;
  /** `"user_id":…,"room_id":…` */
  readonly who: string;
  /** `"country":…,"platform":…,"si_version":…,"device":…,` less what is missing. */
  readonly client: string;
  readonly model: Model;
  /** Offset of the user's clock from UTC in minutes. */
  readonly offset: number;
}

/** A day's messages in the order of time. */
export interface Plan {
  readonly day: number;
  readonly epochDay: number;
  readonly count: number;
  session(message: number): Session;
  /** Milliseconds since the day's midnight, UTC. */
  at(message: number): number;
}

const salts = { user: 21, room: 22, teamRoom: 23, session: 24, noise: 25 };

/** Use of the product on a day relative to its first: growth, the day of the week, and chance. */
function useOn(seed: number, epochDay: number): number {
  const noise = 0.96 + 0.08 * fraction(seed, salts.noise, epochDay);
  return (weekdayUse[(epochDay + 4) % 7] ?? 1) * noise;
}

const growth = (day: number, days: number) => 1 + (0.5 * day) / days;

/** Sizes the crowd so that `messages` messages come out, within a few per cent. */
export function sizeDemo(options: { seed: number; days: number; firstDay: number; messages: number }): Demo {
  const { seed, days, firstDay, messages } = options;
  let perPlace = 0;
  const sample = 20_000;
  for (let place = 0; place < sample; place++) {
    const day = place % days;
    perPlace += messagesOf(seed, userAt(seed, place, day), firstDay + day, 1) / sample;
  }
  let weights = 0;
  for (let day = 0; day < days; day++) weights += growth(day, days) * useOn(seed, firstDay + day);
  const first = messages / weights / perPlace;
  return { seed, days, firstDay, places: (day) => Math.max(1, Math.round(first * growth(day, days))) };
}

/** Plans one day; needs memory for that day's messages alone. */
export function planDay(demo: Demo, day: number): Plan {
  const { seed } = demo;
  const epochDay = demo.firstDay + day;
  const use = useOn(seed, epochDay);
  const random = new Random();
  const sessions: Session[] = [];
  const sessionOf: number[] = [];
  const instants: number[] = [];
  const places = demo.places(day);
  for (let place = 0; place < places; place++) {
    const user = userAt(seed, place, day);
    const count = messagesOf(seed, user, epochDay, use);
    if (count === 0) continue;
    random.restart(hash(seed, salts.session, user.number, epochDay));
    const hourAt = worksAtHome(seed, user) ? hourAtHome : hourAtWork;
    const platforms = platformsOf(seed, user);
    for (let sent = 0; sent < count; ) {
      const platform = pick(platforms, random.next());
      const session = sessionFor(demo, user, day, platform, sent / count, random);
      const length = Math.min(count - sent, 1 + Math.floor(random.exponential() * 4));
      const hour = platform === api ? random.integer(24) : hourAt(random.next());
      let at = (hour * 60 - session.offset) * 60_000 + random.integer(3_600_000);
      for (let n = 0; n < length; n++) {
        instants.push((at + 2 * msPerDay) % msPerDay);
        sessionOf.push(sessions.length);
        at += 5_000 + Math.floor(random.exponential() * 90_000);
      }
      sessions.push(session);
      sent += length;
    }
  }
  const sorted = sortByTime(instants);
  return {
    day,
    epochDay,
    count: sorted.length,
    session: (message) => sessionAt(sessions, sessionOf[sorted[message] ?? 0] ?? 0),
    at: (message) => instants[sorted[message] ?? 0] ?? 0,
  };
}

function sessionFor(demo: Demo, user: User, day: number, platform: Platform, part: number, random: Random): Session {
  const { seed } = demo;
  const userId = uuid(hash(seed, salts.user), user.number, 0);
  const room = roomOf(seed, user, day, part, random);
  const roomId = uuid(hash(seed, room.shared ? salts.teamRoom : salts.room), room.owner, room.ordinal);
  // One session in fifty is on a journey.
  const country = random.next() < 0.02 ? countryAt(random.next()) : countryOf(seed, user);
  const odd = random.next();
  const client =
    countryField(country.code, odd, random) +
    platformField(platform.name, random.next()) +
    (random.next() < 0.004 ? '' : `"si_version":"${versionOf(seed, user, platform, day)}",`) +
    (random.next() < 0.006 ? '"device":null,' : `"device":"${deviceOf(seed, user, platform)}",`);
  return {
    userId,
    who: `"user_id":"${userId}","room_id":"${roomId}"`,
    client,
    model: modelAt(random.next()),
    offset: country.offset,
  };
}

function countryField(code: string, odd: number, random: Random): string {
  if (odd < 0.004) return '';
  if (odd < 0.008) return '"country":null,';
  if (odd < 0.01) return '"country":"",';
  if (odd < 0.016) return `"country":"${code.toLowerCase()}",`;
  if (odd < 0.02) return `"country":"${unknownCountries[random.integer(unknownCountries.length)] ?? 'ZZ'}",`;
  return `"country":"${code}",`;
}

function platformField(name: string, odd: number): string {
  if (odd < 0.001) return '';
  if (odd < 0.002) return '"platform":"",';
  // The reserved word, sent by a client that should not.
  if (odd < 0.0022) return '"platform":"All",';
  return `"platform":"${name}",`;
}

/** The favourite platform most of the time, the others in turn. */
function pick(platforms: readonly Platform[], at: number): Platform {
  const further = platforms.length - 1;
  const index = at < 0.68 || further === 0 ? 0 : 1 + Math.floor(((at - 0.68) / 0.32) * further);
  return platforms[index] ?? api;
}

function sessionAt(sessions: readonly Session[], index: number): Session {
  const session = sessions[index];
  if (session === undefined) throw new RangeError('a message has no session');
  return session;
}

/** The indices of the instants in ascending order. A typed array sorts numbers natively: instant and index share one. */
function sortByTime(instants: readonly number[]): Uint32Array {
  const shift = 2 ** 25;
  const keys = new Float64Array(instants.length);
  for (const [index, instant] of instants.entries()) keys[index] = instant * shift + index;
  return Uint32Array.from(keys.sort(), (key) => key % shift);
}
