package dev.lethe.connect;

/** A record may not enter bronze: the field that is wrong, null for the record as a whole, and the reason. Never a value of it. */
final class Rejected extends Exception {
  private static final long serialVersionUID = 1L;

  final String field;
  final String reason;

  Rejected(String field, String reason) {
    // Without a stack trace, which costs more than all of the admission.
    super(reason, null, false, false);
    this.field = field;
    this.reason = reason;
  }
}
