/** Errors whose messages Lethe writes itself, and which therefore hold no value of anybody's data. */
const ownErrors = new Set([
  'CheckFailed',
  'DeclarationError',
  'DestructiveChange',
  'InputError',
  'RetentionRefused',
  'StatementFailed',
  'TurnTaken',
  'WindowIncomplete',
]);

/**
 * One line that says why a run failed. The text of an error that is not our own is left out, since it may hold anything.
 *
 * @param cause the error's message, or Lambda's JSON around it (`{"errorMessage": …}`).
 */
export function failureLine(error: string, cause: string): string {
  if (!ownErrors.has(error)) return `${error}: see the log of the task that failed.`;
  return messageOf(cause).split('\n')[0] ?? error;
}

function messageOf(cause: string): string {
  if (!cause.startsWith('{')) return cause;
  try {
    const parsed: unknown = JSON.parse(cause);
    if (typeof parsed === 'object' && parsed !== null && 'errorMessage' in parsed) return String(parsed.errorMessage);
  } catch {
    // Not Lambda's JSON after all: the text is the message.
  }
  return cause;
}
