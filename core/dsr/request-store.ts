import type { TableLook } from './table-look.ts';

export type Regulation = 'gdpr' | 'ccpa';
export type RequestStatus = 'pending' | 'in_progress' | 'completed' | 'cancelled';

/** A request as it is remembered: whom it concerns is a pseudonym that only the holder of the key can recompute. */
export interface ErasureRequest {
  readonly id: string;
  readonly regulation: Regulation;
  /** Rows up to this instant are in scope. */
  readonly submittedAt: string;
  readonly receivedAt: string;
  readonly due: string;
  readonly status: RequestStatus;
  readonly pseudonyms: readonly string[];
  readonly batch?: string;
  /** Name of the evidence, once there is one. */
  readonly evidence?: string;
  /** When it was completed or taken back. */
  readonly endedAt?: string;
}

/** Rows of a table on a day: all of them, and those in scope. */
export interface DayCount {
  readonly all: number;
  readonly subjects: number;
}

/** Counts by table and day. */
export type TableCounts = Readonly<Record<string, Readonly<Record<string, DayCount>>>>;

/** A check of the proof and what it found. */
export interface ProofCheck {
  readonly check: string;
  readonly passed: boolean;
  /** In counts and places, never in values. */
  readonly detail: string;
  /** The tables whose manifests, written anew, would let the check pass. Default: that would not help. */
  readonly rewriteManifestsOf?: readonly string[];
}

/** What erasing everybody will take who has asked for it and is in no batch yet, as a dry run says it. */
export interface ErasureEstimate {
  readonly at: string;
  readonly requests: number;
  readonly people: number;
  /** By when the first of them is due. Default: nobody has asked. */
  readonly due?: string;
  /** By table: rows in scope, days that hold them, files that hold them, and the bytes of those files. */
  readonly tables: Readonly<Record<string, { rows: number; days: number; files: number; bytes: number }>>;
  /** US dollars that the statements will cost on Athena. */
  readonly dollars: number;
}

/** One pass of deleting and proving: the erasure itself, or what the late sweep found. */
export interface Round {
  readonly kind: 'erasure' | 'sweep';
  readonly before: TableCounts;
  /** When a table was first counted, by table. */
  readonly countedAt?: Readonly<Record<string, string>>;
  readonly after?: TableCounts;
  readonly erasedAt?: string;
  readonly provenAt?: string;
  /** What the newest look at each table has come to, by table: what the proof is made of. Default: it looks at all by itself. */
  readonly looks?: Readonly<Record<string, TableLook>>;
  readonly proof?: readonly ProofCheck[];
  /** Times that the proof has failed. */
  readonly failedProofs?: number;
  /** Ids of the runs that worked on it. */
  readonly runs: readonly string[];
}

/**
 * How far a batch has come. `estimating`: a dry run counts what the next batch would be, which no request is in. `opened`: rows are still there. `erased`: no query finds them; old files wait for expiry.
 * `proven`: no file holds them; the late sweep is to come. `swept`: late rows are erased and wait for expiry.
 * `closing`: everything is done but the tidying.
 */
export type BatchStage = 'estimating' | 'opened' | 'erased' | 'proven' | 'swept' | 'closing' | 'closed';

export interface Batch {
  readonly id: string;
  readonly pipeline: string;
  readonly openedAt: string;
  readonly stage: BatchStage;
  /** Nothing is done with it before. */
  readonly waitsUntil: string;
  readonly requests: readonly string[];
  readonly subjects: number;
  /** When the first of its people's scopes ends, or before. Default: it was opened before this was written down. */
  readonly earliestScopeEnd?: string;
  readonly rounds: readonly Round[];
  /** Of a dry run, as far as it is known. Default: it is a batch. */
  readonly estimate?: ErasureEstimate;
  readonly closedAt?: string;
}

/** As much of a batch as says whether there is something to do with it. */
export type OpenBatch = Pick<Batch, 'id' | 'pipeline' | 'openedAt' | 'stage' | 'waitsUntil' | 'earliestScopeEnd'>;

/** What goes out when a request changes its status. */
export interface StatusEvent {
  readonly at: string;
  readonly request: string;
  readonly status: RequestStatus;
}

/** A malformed event: when, and why; nothing of its content. */
export interface Refusal {
  readonly at: string;
  readonly reason: string;
}

/**
 * The ledger of requests and batches. It holds no identity. What changes many requests may do so one after the other; done
 * again after a crash, it ends what was begun.
 */
export interface RequestStore {
  /** Adds a pending request and its event; says `false`, and changes nothing, when its id is known. */
  add(request: ErasureRequest): Promise<boolean>;
  request(id: string): Promise<ErasureRequest | undefined>;
  /** All requests, oldest first. */
  requests(): Promise<ErasureRequest[]>;
  /** The requests of some ids, oldest first; unknown ids are left out. */
  requestsOf(ids: readonly string[]): Promise<ErasureRequest[]>;
  /** The requests that concern somebody, oldest first. */
  requestsFor(pseudonym: string): Promise<ErasureRequest[]>;
  /** Requests that no batch has taken yet, oldest first, at most so many. */
  pending(most: number): Promise<ErasureRequest[]>;
  /** Takes a pending request back; `false` when it is not pending. */
  cancel(id: string, at: string): Promise<boolean>;
  /**
   * Makes a batch of the requests among these that are still pending; undefined when none is. No request gets into two
   * batches. Called again for a batch whose opening was interrupted, it goes on with it.
   */
  open(batch: Batch, at: string): Promise<Batch | undefined>;
  /** Batches whose opening was interrupted. */
  interrupted(): Promise<Batch[]>;
  save(batch: Batch): Promise<void>;
  batch(id: string): Promise<Batch | undefined>;
  /** Batches, oldest first; nothing that a dry run works on. */
  batches(): Promise<Batch[]>;
  /** Batches that are not closed, oldest first, and what dry runs work on. */
  openBatches(): Promise<OpenBatch[]>;
  /** Removes what a dry run has worked on, if it is there. */
  discard(id: string): Promise<void>;
  /** Keeps what a dry run has found, in place of what the one before it had. */
  keepEstimate(estimate: ErasureEstimate): Promise<void>;
  /** What the newest dry run has found. */
  estimate(): Promise<ErasureEstimate | undefined>;
  /** Completes a batch's requests, and then the batch. */
  close(batch: Batch, evidence: string, at: string): Promise<void>;
  /** Status changes that nobody has been told of, in order, at most so many. */
  untold(most: number): Promise<StatusEvent[]>;
  /** Strikes out what has been told. */
  told(events: readonly StatusEvent[]): Promise<void>;
  refuse(at: string, reason: string): Promise<void>;
  refusals(): Promise<Refusal[]>;
  /** Removes requests and batches that ended before an instant, and refusals of that age, unless storage does so by itself. */
  removeEnded(before: string): Promise<void>;
}

/** Months that the ledger keeps a request after its end, for who asks whether it was carried out. */
export const ledgerMonths = 24;

/** The instant so many months of the calendar after another. */
export function monthsAfter(instant: Date, months: number): Date {
  const after = new Date(instant);
  after.setUTCMonth(after.getUTCMonth() + months);
  // 31 January plus a month would be 3 March: go back to the last day of February.
  if (after.getUTCDate() !== instant.getUTCDate()) after.setUTCDate(0);
  return after;
}
