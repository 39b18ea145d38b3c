import { api, type Country, countryAt, firstPlatformAt, furtherPlatformAt, type Platform } from './product.ts';
import { fraction, hash, mix, Random } from './random.ts';

// A place holds one user after another: when a user's time is over, the next one takes the place. So who is there on a day
// follows from the place's number and the day alone, and nothing has to be remembered.

interface Kind {
  readonly share: number;
  /** Days a user of this kind stays. */
  readonly stays: number;
  /** Chance of using the product on a day, at least and at most. */
  readonly active: readonly [number, number];
  /** Messages on an active day, of the least busy. */
  readonly messages: number;
  /** Rooms opened a day, of the least busy. */
  readonly rooms: number;
}

const kinds: readonly Kind[] = [
  { share: 0.12, stays: 9, active: [0.2, 0.4], messages: 1.1, rooms: 0.3 },
  { share: 0.43, stays: 60, active: [0.06, 0.24], messages: 1.2, rooms: 0.08 },
  { share: 0.33, stays: 150, active: [0.3, 0.6], messages: 2.2, rooms: 0.2 },
  { share: 0.12, stays: 300, active: [0.65, 0.95], messages: 4.5, rooms: 0.5 },
];
const occasional: Kind = { share: 0, stays: 60, active: [0.1, 0.1], messages: 1, rooms: 0.1 };

// Salts: each question that is asked about a user has a number, so that the answers are independent.
const about = {
  kind: 1,
  start: 2,
  daily: 3,
  active: 4,
  busy: 5,
  count: 6,
  country: 7,
  platform: 8,
  home: 9,
  team: 10,
  rooms: 11,
};

export interface User {
  /** Tells users apart: below 2^32, and no two places ever share one. */
  readonly number: number;
  readonly place: number;
  readonly kind: Kind;
  /** Days since the user came. */
  readonly age: number;
}

/** How many users one place can see: with stays of 9 days and more, enough for 25 years. */
const usersPerPlace = 1024;

/** Who holds a place on a day (days count from the demonstration's first). */
export function userAt(seed: number, place: number, day: number): User {
  const kind = kindAt(fraction(seed, about.kind, place));
  const since = day + (hash(seed, about.start, place) % kind.stays);
  return {
    number: place * usersPerPlace + (Math.floor(since / kind.stays) % usersPerPlace),
    place,
    kind,
    age: since % kind.stays,
  };
}

function kindAt(at: number): Kind {
  let reached = 0;
  for (const kind of kinds) {
    reached += kind.share;
    if (at < reached) return kind;
  }
  return occasional;
}

const random = new Random();

/** How many messages a user sends on a day; `use` is the day's use relative to a mean day. */
export function messagesOf(seed: number, user: User, epochDay: number, use: number): number {
  const [least, most] = user.kind.active;
  const chance = least + (most - least) * fraction(seed, about.daily, user.number);
  if (fraction(seed, about.active, user.number, epochDay) >= chance * use) return 0;
  const machine = firstPlatform(seed, user) === api ? 2.5 : 1;
  // Pareto with exponent 1.7, capped: a few users are twenty-five times as busy as most.
  const busy = Math.min(25, (1 - fraction(seed, about.busy, user.number)) ** (-1 / 1.7));
  random.restart(hash(seed, about.count, user.number, epochDay));
  return 1 + Math.floor(random.exponential() * (user.kind.messages * busy * machine - 0.5));
}

export function countryOf(seed: number, user: User): Country {
  return countryAt(fraction(seed, about.country, user.number));
}

function firstPlatform(seed: number, user: User): Platform {
  return firstPlatformAt(fraction(seed, about.platform, user.number));
}

/** The platforms a user has, the favourite first: one, two or three. */
export function platformsOf(seed: number, user: User): readonly Platform[] {
  const first = firstPlatform(seed, user);
  const at = fraction(seed, about.platform, user.number, 1);
  const own = [first];
  if (first === api || at < 0.52) return own;
  for (let n = 0; n < (at < 0.9 ? 1 : 2); n++)
    own.push(furtherPlatformAt(fraction(seed, about.platform, user.number, 2 + n)));
  return [...new Set(own)];
}

/** The version that a user's client has on a day: releases roll out over days, and everyone has a pace of their own. */
export function versionOf(seed: number, user: User, platform: Platform, day: number): string {
  // Squared: most follow a release soon, some very late.
  const lag = fraction(seed, about.platform, user.number, mix(platform.firstRelease[1])) ** 2 * platform.rolloutDays;
  const release = Math.floor((day - lag) / platform.daysBetweenReleases) + 4;
  const [major, minor] = platform.firstRelease;
  return `${major}.${minor - 4 + Math.max(0, release)}.0`;
}

export function deviceOf(seed: number, user: User, platform: Platform): string {
  return platform.deviceAt(fraction(seed, about.platform, user.number, platform.rolloutDays));
}

export function worksAtHome(seed: number, user: User): boolean {
  return fraction(seed, about.home, user.number) < 0.45;
}

/** A room as two numbers that no other room has: of one user, or of a team of neighbouring places. */
export interface Room {
  readonly shared: boolean;
  readonly owner: number;
  readonly ordinal: number;
}

const placesPerTeam = 16;
const daysPerTeamRoom = 10;

/** The room of a user's session; `from` draws, `part` is how much of the day's sessions lie behind (0 to 1). */
export function roomOf(seed: number, user: User, day: number, part: number, from: Random): Room {
  const inTeam = fraction(seed, about.team, user.number) < 0.3;
  if (from.next() < 0.25 && inTeam) {
    return { shared: true, owner: Math.floor(user.place / placesPerTeam), ordinal: Math.floor(day / daysPerTeamRoom) };
  }
  const busy = Math.min(20, (1 - fraction(seed, about.rooms, user.number)) ** (-1 / 1.5));
  const newest = Math.floor((user.age + part) * user.kind.rooms * busy);
  // Half of the sessions are in the newest room, the others mostly in recent ones.
  const back = from.next() < 0.5 ? 0 : Math.floor((newest + 1) * from.next() ** 3);
  return { shared: false, owner: user.number, ordinal: newest - back };
}
