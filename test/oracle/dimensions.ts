import type { Message } from './silver.ts';

/** Each dimension of the breakdowns, and a message's value in it. */
export const dimensions: Readonly<Record<string, (message: Message) => string>> = {
  COUNTRY: (message) => message.country,
  PLATFORM: (message) => message.platform,
  REGION: (message) => message.region,
  SI_VERSION: (message) => message.si_version,
  DEVICE: (message) => message.device,
  RES_STATUS: (message) => message.res_status,
  RES_TYPE: (message) => message.res_type,
};

/** The users of each value of a dimension, each user in every value they had. */
export function usersByValue(messages: readonly Message[], pick: (message: Message) => string) {
  const users = new Map<string, Set<string>>();
  for (const message of messages) {
    const value = pick(message);
    const seen = users.get(value);
    if (seen === undefined) users.set(value, new Set([message.user_id]));
    else seen.add(message.user_id);
  }
  return users;
}
