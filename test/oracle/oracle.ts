// A second reading of the contract, kept apart from the SQL it judges: it shares no code with what it tests, holds everything
// in memory, and prefers the plain way to the fast one.

import { admit, type Rejected } from './admission.ts';
import { goldTables } from './gold-tables.ts';
import type { Tables } from './row.ts';
import { messagesOf, toolCallsOf } from './silver.ts';
import { silverTables } from './silver-tables.ts';

export interface OracleInput {
  /** Lines of NDJSON of the chat topic. */
  readonly chat: readonly string[];
  /** Lines of NDJSON of the tool topic. */
  readonly tool: readonly string[];
  readonly settings: {
    readonly weekStart: 'monday' | 'sunday';
    readonly minimumUsersPerCell: number;
    /** Platforms kept by name. Default: all. */
    readonly platforms?: readonly string[];
  };
  /** The days that silver is built for, both included. */
  readonly silverDays: { readonly from: string; readonly to: string };
  readonly goldFrom: string;
  readonly goldThrough: string;
  /** When every record arrived. */
  readonly arrival: Date;
}

export interface OracleResult {
  /** Records that bronze takes, repeats included, whatever their day. */
  readonly accepted: { readonly chat: number; readonly tool: number };
  readonly rejected: readonly Rejected[];
  /** Silver and gold tables but gold_period_status, in canonical form, in no particular order. */
  readonly tables: Tables;
}

/** What the tables must hold once all records have been ingested and all silver days, then all gold periods, built. */
export function oracle(input: OracleInput): OracleResult {
  const { settings, silverDays } = input;
  const chat = admit('chat', input.chat, input.arrival);
  const tool = admit('tool', input.tool, input.arrival);
  const isBuilt = ({ dt }: { dt: string }) => dt >= silverDays.from && dt <= silverDays.to;
  const messages = messagesOf(chat.admitted, settings.platforms).filter(isBuilt);
  const toolCalls = toolCallsOf(tool.admitted, messages).filter(isBuilt);
  const { weekStart, minimumUsersPerCell } = settings;
  const goldSettings = { weekStart, minimumUsersPerCell, from: input.goldFrom, through: input.goldThrough };
  return {
    accepted: { chat: chat.admitted.length, tool: tool.admitted.length },
    rejected: [...chat.rejected, ...tool.rejected],
    tables: { ...silverTables(messages, toolCalls), ...goldTables(messages, toolCalls, goldSettings) },
  };
}
