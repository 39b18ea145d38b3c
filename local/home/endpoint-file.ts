import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const endpointSchema = z.object({ url: z.url(), instanceId: z.uuid(), pid: z.int().positive() });

/** Where the owner of a home answers. The id tells it from a process that has its port by now. */
export type EndpointFile = z.infer<typeof endpointSchema>;

function fileIn(home: string): string {
  return join(home, 'endpoint.json');
}

/** Writes the file in one step, readable by its user alone. */
export function writeEndpointFile(home: string, endpoint: EndpointFile): void {
  const draft = `${fileIn(home)}.${endpoint.pid}`;
  writeFileSync(draft, `${JSON.stringify(endpoint)}\n`, { mode: 0o600 });
  renameSync(draft, fileIn(home));
}

/** The file's content, undefined while there is none that can be read. */
export function readEndpointFile(home: string): EndpointFile | undefined {
  try {
    return endpointSchema.safeParse(JSON.parse(readFileSync(fileIn(home), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

export function removeEndpointFile(home: string): void {
  rmSync(fileIn(home), { force: true });
}
