/** Errors whose messages Lethe writes itself, and which therefore hold no value of anybody's data. */
const ownErrors = new Set([
  'CheckFailed',
  'DeclarationError',
  'DestructiveChange',
  'InputError',
  'RetentionRefused',
  'SourcesDiffer',
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
  const started = error === 'States.TaskFailed' ? runStarted(cause) : undefined;
  if (started !== undefined) return failureLine(started.error, started.cause);
  if (!ownErrors.has(error)) return `${error}: see the log of the task that failed.`;
  return messageOf(cause).split('\n')[0] ?? error;
}

/** What a run that another one had started ended in: Step Functions gives it as JSON (`{"Error": …, "Cause": …}`). */
function runStarted(text: string): { error: string; cause: string } | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    if (!('Error' in parsed && 'Cause' in parsed)) return undefined;
    return { error: String(parsed.Error), cause: String(parsed.Cause) };
  } catch {
    return undefined;
  }
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
