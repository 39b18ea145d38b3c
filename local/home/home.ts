import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Table } from '../../core/catalogue/table.ts';
import { InputError } from '../../core/errors.ts';
import { DuckDbEngine, type DuckDbEngineOptions } from '../athena/duckdb-engine.ts';
import { type AthenaEndpoint, serveAthena } from '../athena/endpoint.ts';
import { subjectsDirectory } from '../dsr/subject-files.ts';
import { type EndpointFile, readEndpointFile, removeEndpointFile, writeEndpointFile } from './endpoint-file.ts';
import { homeDirectory } from './home-directory.ts';
import { isOwnedElsewhere } from './home-lock.ts';

export interface HomeOptions extends Pick<DuckDbEngineOptions, 'threads' | 'memoryLimit' | 'readsFiles'> {
  /** The home folder; made when missing. */
  readonly directory: string;
  /** The Athena database the tables belong to. */
  readonly database: string;
  readonly tables: readonly Table[];
  /** The endpoint's port, should this process become the owner. Default: a free one. */
  readonly port?: number;
  /** How long another process that has taken the home may need to answer. Default: 10,000. */
  readonly attachMillis?: number;
}

/** An open home. Only its owner has the engine; the others reach it through the endpoint. */
export type Home = { readonly directory: string; readonly endpointUrl: string; close(): Promise<void> } & (
  | { readonly owned: true; readonly engine: DuckDbEngine }
  /** `isServed`: whether the owner that it was opened through still answers. */
  | { readonly owned: false; isServed(): Promise<boolean> }
);

/** Homes that this process owns or is about to: DuckDB's lock keeps out other processes only. */
const openedHere = new Map<string, Promise<Home>>();

/**
 * Opens a home folder: as its owner, or through the owner's endpoint while another process (or a part of this one) owns it.
 *
 *     const home = await openHome({ directory: '.lethe', database: 'lake', tables });
 *     const athena = new AthenaClient({ endpoint: home.endpointUrl, … });
 *     await home.close();
 *
 * @throws InputError when the folder cannot be used, or its owner does not answer.
 */
export async function openHome(options: HomeOptions): Promise<Home> {
  const directory = homeDirectory(options.directory);
  const before = openedHere.get(directory);
  if (before !== undefined) {
    const home = await before.catch(() => undefined);
    return home?.owned === true ? attached(directory, home.endpointUrl) : await openHome(options);
  }
  const opening = takeOrAttach(directory, options);
  openedHere.set(directory, opening);
  // Only an owner keeps others of this process out, until it closes.
  const forget = () => openedHere.delete(directory);
  return await opening.then(
    (home) => {
      if (!home.owned) forget();
      return home;
    },
    (error: unknown) => {
      forget();
      throw error;
    },
  );
}

async function takeOrAttach(directory: string, options: HomeOptions): Promise<Home> {
  const deadline = performance.now() + (options.attachMillis ?? 10_000);
  while (true) {
    const engine = await tryToOwn(directory, options);
    if (engine !== undefined) return await own(directory, engine, options);
    const owner = await answering(readEndpointFile(directory));
    if (owner !== undefined) return attached(directory, owner.url);
    // The owner is starting, or ending: in a moment it answers, or the home is free.
    if (performance.now() > deadline) {
      throw new InputError(
        `--home ${options.directory} is used by another process that does not answer: end it, or name another folder`,
      );
    }
    await sleep(50);
  }
}

function attached(directory: string, endpointUrl: string): Home {
  const isServed = async () => (await answering(readEndpointFile(directory)))?.url === endpointUrl;
  return { directory, endpointUrl, owned: false, isServed, close: async () => undefined };
}

async function tryToOwn(directory: string, options: HomeOptions): Promise<DuckDbEngine | undefined> {
  try {
    return await DuckDbEngine.open({ ...options, directory, subjects: subjectsDirectory(directory) });
  } catch (error) {
    if (isOwnedElsewhere(error)) return undefined;
    throw error;
  }
}

async function own(directory: string, engine: DuckDbEngine, options: HomeOptions): Promise<Home> {
  let endpoint: AthenaEndpoint;
  try {
    removeEndpointFile(directory);
    endpoint = await serveAthena({
      engine,
      database: options.database,
      ...(options.port === undefined ? {} : { port: options.port }),
    });
  } catch (error) {
    await engine.close();
    throw isPortInUse(error) ? new InputError(`port ${options.port} is in use: name another with --port`) : error;
  }
  const { url, instanceId } = endpoint;
  writeEndpointFile(directory, { url, instanceId, pid: process.pid });
  let closing: Promise<void> | undefined;
  const close = async () => {
    removeEndpointFile(directory);
    await endpoint.close();
    await engine.close();
    openedHere.delete(directory);
  };
  return { directory, endpointUrl: url, owned: true, engine, close: () => (closing ??= close()) };
}

function isPortInUse(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EADDRINUSE';
}

/** The endpoint of the file if it is the file's writer that answers there. */
async function answering(file: EndpointFile | undefined): Promise<EndpointFile | undefined> {
  if (file === undefined) return undefined;
  try {
    const response = await fetch(file.url, { signal: AbortSignal.timeout(1_000) });
    const { instanceId } = z.object({ instanceId: z.string() }).parse(await response.json());
    return instanceId === file.instanceId ? file : undefined;
  } catch {
    return undefined;
  }
}
