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
}

/** One pass of deleting and proving: the erasure itself, or what the late sweep found. */
export interface Round {
  readonly kind: 'erasure' | 'sweep';
  readonly before: TableCounts;
  readonly after?: TableCounts;
  readonly erasedAt?: string;
  readonly provenAt?: string;
  readonly proof?: readonly ProofCheck[];
  /** Times that the proof has failed. */
  readonly failedProofs?: number;
  /** Ids of the runs that worked on it. */
  readonly runs: readonly string[];
}

/**
 * How far a batch has come. `opened`: rows are still there. `erased`: no query finds them; old files wait for expiry.
 * `proven`: no file holds them; the late sweep is to come. `swept`: late rows are erased and wait for expiry.
 * `closing`: everything is done but the tidying.
 */
export type BatchStage = 'opened' | 'erased' | 'proven' | 'swept' | 'closing' | 'closed';

export interface Batch {
  readonly id: string;
  readonly pipeline: string;
  readonly openedAt: string;
  readonly stage: BatchStage;
  /** Nothing is done with it before. */
  readonly waitsUntil: string;
  readonly requests: readonly string[];
  readonly subjects: number;
  readonly rounds: readonly Round[];
  readonly closedAt?: string;
}

/** What goes out when a request changes its status. */
export interface StatusEvent {
  readonly at: string;
  readonly request: string;
  readonly status: RequestStatus;
}

/** The ledger of requests and batches. It holds no identity. */
export interface RequestStore {
  /** Adds a pending request and its event; says `false`, and changes nothing, when its id is known. */
  add(request: ErasureRequest): Promise<boolean>;
  request(id: string): Promise<ErasureRequest | undefined>;
  /** All requests, oldest first. */
  requests(): Promise<ErasureRequest[]>;
  /** Takes a pending request back; `false` when it is not pending. */
  cancel(id: string, at: string): Promise<boolean>;
  /** Makes a batch of the requests among these that are still pending, in one step; undefined when none is. */
  open(batch: Batch, at: string): Promise<Batch | undefined>;
  save(batch: Batch): Promise<void>;
  /** Batches, oldest first. */
  batches(): Promise<Batch[]>;
  /** Completes a batch and its requests, in one step. */
  close(batch: Batch, evidence: string, at: string): Promise<void>;
  /** Status changes in order, for those who want to be told. */
  events(): Promise<StatusEvent[]>;
  /** A malformed event: when, and why; nothing of its content. */
  refuse(at: string, reason: string): Promise<void>;
  refusals(): Promise<{ at: string; reason: string }[]>;
}
