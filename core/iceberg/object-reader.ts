/** An object on storage, or one of its versions. */
export interface StoredObject {
  /** `s3://bucket/key`. */
  readonly address: string;
  readonly modified: Date;
  /** Whether a newer version, or a mark of deletion, stands before it. */
  readonly isSuperseded: boolean;
}

/** Storage as somebody sees it who can read all of it and change nothing. */
export interface ObjectReader {
  /** Every version of every object below an address. */
  list(below: string): Promise<StoredObject[]>;
  /** The bytes of an object, or those in `[from, to)`. @throws ObjectMissing when it is not there. */
  read(address: string, from?: number, to?: number): Promise<Buffer>;
}

/** An object that was named is not there. */
export class ObjectMissing extends Error {
  override readonly name = 'ObjectMissing';
}
