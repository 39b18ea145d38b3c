/** Something a person gave us is wrong: an argument, a file, a setting. One line; the command exits with status 2 and has written nothing. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** The catalogue, a pipeline or a statement contradicts itself: a defect of the declaration, found before anything runs. */
export class DeclarationError extends Error {
  override readonly name = 'DeclarationError';
}

/** A statement ended in an error that trying again cannot mend. Carries the engine's code and the statement's id, never the engine's text, which can hold row values. */
export class StatementFailed extends Error {
  override readonly name = 'StatementFailed';
}

/** An engine refused to start a statement because of its text: it has no id, and never will. Carries the engine's code alone. */
export class StatementRefused extends StatementFailed {
  readonly code: string;

  constructor(code: string) {
    super(`The engine refused to start a statement: ${code}.`);
    this.code = code;
  }
}

/** A data check returned rows: what was built contradicts what it was built from. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
}

/** A check against the sources returned rows: records that came, or were erased, after the build would do the same. Build the window again. */
export class SourcesDiffer extends Error {
  override readonly name = 'SourcesDiffer';
}

/** A run was asked for a window whose sources or earlier layers are not complete yet. */
export class WindowIncomplete extends Error {
  override readonly name = 'WindowIncomplete';
}

/** Another run writes the same tables now: wait and try again. */
export class TurnTaken extends Error {
  override readonly name = 'TurnTaken';
}

/** A table differs from its declaration in a way that no migration mends without losing or rewriting rows: the deployment stops. */
export class DestructiveChange extends Error {
  override readonly name = 'DestructiveChange';
}

/** Maintenance would drop days that it should not have to drop: the clock, a setting or the data is not as expected. Nothing has been dropped. */
export class RetentionRefused extends Error {
  override readonly name = 'RetentionRefused';
}
