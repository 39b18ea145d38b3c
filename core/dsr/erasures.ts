import type { TableVersion } from '../iceberg/table-state.ts';
import type { FilePart } from './proof-parts.ts';
import type { Batch, ProofCheck, RequestStore, StatusEvent } from './request-store.ts';
import type { TableLook } from './table-look.ts';

/** Whom a request concerns, encrypted while the request is open and destroyed with it. */
export interface Vault {
  /** Keeps the identities of a request. What it has already stays; either way it gives back what it has. */
  put(request: string, identities: readonly string[]): Promise<string[]>;
  /** The identities of some requests, by request; one whose identities have been destroyed is left out. */
  get(requests: readonly string[]): Promise<Map<string, string[]>>;
  destroy(requests: readonly string[]): Promise<void>;
}

/** A person of a batch, and up to when their rows are in scope. */
export interface Subject {
  readonly identity: string;
  readonly scopeEnds: string;
}

/** The batches' subjects as SQL sees them: the table `dsr_subjects` (batch, subject, scope_ends). */
export interface SubjectFiles {
  /** Puts a batch's subjects where statements join them; whatever was there for the batch is replaced. */
  write(batch: string, subjects: readonly Subject[]): Promise<void>;
  /** The subjects that were written for a batch. @throws Error when there are none. */
  read(batch: string): Promise<Subject[]>;
  destroy(batch: string): Promise<void>;
}

export interface ErasureKeys {
  /** The same identity always has the same pseudonym, which leads back to nobody without the key. */
  pseudonym(identity: string): Promise<string>;
  /** ECDSA over P-256 with SHA-256, DER, base64. */
  sign(text: string): Promise<string>;
  /** PEM. */
  publicKey(): Promise<string>;
}

/** Where evidence is kept: each name is written once. */
export interface EvidenceStore {
  /** Keeps a text under a name. What the name already holds stays, and is given back. */
  keep(name: string, text: string): Promise<string>;
}

/** The data files that held a batch's rows before anything was deleted: none of them may be left in the end. */
export interface CondemnedFiles {
  /** Adds addresses of a table's files to those that are condemned already. */
  add(batch: string, table: string, files: readonly string[]): Promise<void>;
  of(batch: string, table: string): Promise<string[]>;
  destroy(batch: string): Promise<void>;
}

/** Where lists of them lie in a bucket, below its root. */
export const condemnedPrefix = 'erasures/condemned/';

/** Where events go that cannot be accepted, encrypted and for two weeks at most. */
export interface DeadLetters {
  /** @param reason holds nothing of the event. */
  keep(event: unknown, reason: string): Promise<void>;
}

/** Tells whoever listens what has become of requests. */
export interface StatusBus {
  /** Gives those that were sent. */
  send(events: readonly StatusEvent[]): Promise<StatusEvent[]>;
}

/** Looks for what an erasure should have removed, on storage itself, all at once. */
export interface Prover {
  prove(batch: string, subjects: readonly Subject[]): Promise<ProofCheck[]>;
}

/** What somebody has seen who looked at a table. */
export interface LookedAt {
  /** The table as it was. */
  readonly version: TableVersion;
  /** The parts in which its files are to be read that may hold rows of people. */
  readonly parts: readonly FilePart[];
  readonly found: TableLook;
}

/** The same for tables that are too large for it: one by one, and in parts. */
export interface TableProver {
  /** Looks at everything of a table but its rows. */
  look(batch: Batch, table: string): Promise<LookedAt>;
  /**
   * Looks for rows of the people in one part of the files that the table had.
   *
   * @throws TableChanged, ObjectMissing when it has lost some since: it has to be looked at again.
   */
  readPart(batch: Batch, table: string, version: TableVersion, part: FilePart): Promise<TableLook>;
  /** Files of a table that a batch has condemned and that are in it still, and their bytes. */
  condemnedFiles(batch: string, table: string): Promise<{ files: number; bytes: number }>;
}

/** Everything an erasure needs from the place it runs in. */
export interface Erasures {
  readonly store: RequestStore;
  readonly vault: Vault;
  readonly subjects: SubjectFiles;
  readonly keys: ErasureKeys;
  readonly evidence: EvidenceStore;
  readonly prover: Prover | TableProver;
  /** Default: what is refused is kept nowhere, since whoever sent it still has it. */
  readonly deadLetters?: DeadLetters;
  /** Default: nobody is told. */
  readonly bus?: StatusBus;
  /** Default: the tables here have no files that a statement could name. */
  readonly condemned?: CondemnedFiles;
  /** `simulated`: waits were skipped by setting the clock forward; the evidence says so. */
  readonly clock: 'real' | 'simulated';
  /** How long a batch waits. Default: {@link standingWaits}. */
  readonly waits?: ErasureWaits;
}

/** How long a batch waits for what it cannot hasten, in milliseconds. */
export interface ErasureWaits {
  /** From the rewrite until the snapshots that reach the old files may be expired. */
  readonly expiryMillis: number;
  /** From the opening until no late record can come any more. */
  readonly lateMillis: number;
}

const hourMillis = 3_600_000;

export const standingWaits: ErasureWaits = {
  // Snapshots expire after a day (`vacuum_max_snapshot_age_seconds`); an hour more, so that none is missed by minutes.
  expiryMillis: 25 * hourMillis,
  // Kafka keeps records for at most 7 days and dead letters for 14: nothing can come back after the longer of the two.
  lateMillis: 14 * 24 * hourMillis,
};
