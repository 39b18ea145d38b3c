import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { longestIdentity } from '../../core/dsr/limits.ts';
import { InputError } from '../../core/errors.ts';
import type { ComplianceDesk } from './compliance-desk.ts';
import type { Replies } from './replies.ts';

/** Below this path alone may a visitor change something. */
export const compliancePath = '/api/compliance';

/** An identifier of the longest, in JSON with every character escaped, and what stands around it. */
const mostBytes = 16 * longestIdentity;

const identity = z
  .string()
  .max(longestIdentity)
  .refine((text) => text.trim() !== '');
const aboutPerson = z.strictObject({ identity });
const submission = z.strictObject({ identity, again: z.string(), regulation: z.enum(['gdpr', 'ccpa']) });
const withdrawal = z.strictObject({ request: z.uuid() });

/** Answers what is asked below {@link compliancePath}. Identifiers come in bodies: addresses are kept by browsers, proxies and logs. */
export async function answerCompliance(
  desk: ComplianceDesk,
  request: IncomingMessage,
  path: string,
  replies: Replies,
): Promise<void> {
  if (request.method !== 'POST') {
    if (path === '') return replies.json(await desk.overview());
    if (path === '/public-key') return replies.file('evidence-public.pem', await desk.publicKey());
    const name = /^\/evidence\/([\w.-]+\.json)$/.exec(path)?.[1];
    const text = name === undefined ? undefined : await desk.evidence(name);
    if (name === undefined || text === undefined) return replies.refuse(404, 'There is no such page.');
    return replies.file(name, text);
  }
  const body = await bodyOf(request);
  if (path === '/dry-run') return replies.json(await desk.dryRun(read(aboutPerson, body).identity));
  if (path === '/absence') return replies.json(await desk.absence(read(aboutPerson, body).identity));
  if (path === '/withdrawals') return replies.json(await desk.withdraw(read(withdrawal, body).request));
  if (path !== '/requests') return replies.refuse(404, 'There is no such page.');
  const asked = read(submission, body);
  if (asked.again !== asked.identity) throw new InputError('The two identifiers differ: nothing was submitted.');
  replies.json(await desk.submit(asked.identity, asked.regulation), 201);
}

/** No message names what was typed. */
function read<T>(shape: z.ZodType<T>, body: unknown): T {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new InputError('Give one identifier of 1 to 1,024 characters, and what else the form asks for.');
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  // Another site's form cannot send this type without asking first, and nobody answers it.
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    throw new InputError('Send the request as application/json.');
  }
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes > mostBytes) throw new InputError('The request is too long.');
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw new InputError('The request is no JSON.');
  }
}
