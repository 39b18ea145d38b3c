import type { ProofCheck, RequestStore } from './request-store.ts';

/** Whom a request concerns, encrypted while the request is open and destroyed with it. */
export interface Vault {
  put(request: string, identities: readonly string[]): Promise<void>;
  /** The identities of a request; none when they have been destroyed. */
  get(request: string): Promise<string[]>;
  destroy(request: string): Promise<void>;
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

/** Looks for what an erasure should have removed, on storage itself. */
export interface Prover {
  prove(batch: string, subjects: readonly Subject[]): Promise<ProofCheck[]>;
}

/** Everything an erasure needs from the place it runs in. */
export interface Erasures {
  readonly store: RequestStore;
  readonly vault: Vault;
  readonly subjects: SubjectFiles;
  readonly keys: ErasureKeys;
  readonly evidence: EvidenceStore;
  readonly prover: Prover;
  /** `simulated`: waits were skipped by setting the clock forward; the evidence says so. */
  readonly clock: 'real' | 'simulated';
}
