import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const folder = join(__dirname, '..', '..', 'cases', 'admission');

/** Cases that every place where records enter bronze is held to; test/cases/admission/README.md says how to read them. */
const fileOfCases = z.strictObject({
  topic: z.enum(['chat', 'tool']),
  arrival: z.iso.datetime(),
  base: z.record(z.string(), z.string()),
  baseRow: z.record(z.string(), z.string()),
  groups: z.record(
    z.string(),
    z.array(
      z.strictObject({
        title: z.string(),
        arrival: z.iso.datetime().optional(),
        fields: z.record(z.string(), z.string().nullable()).optional(),
        record: z.string().optional(),
        recordBase64: z.base64().optional(),
        row: z.record(z.string(), z.string()).optional(),
        rejected: z.strictObject({ field: z.string().nullable(), reason: z.string() }).optional(),
      }),
    ),
  ),
});

export interface AdmissionCase {
  readonly topic: 'chat' | 'tool';
  readonly title: string;
  readonly bytes: Buffer;
  readonly arrival: Date;
  /** Every field of the row that is not null, by name. */
  readonly row?: Readonly<Record<string, string>>;
  readonly rejected?: { readonly field: string | null; readonly reason: string };
}

/** Every shared case, its record put together. */
export function admissionCases(): AdmissionCase[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.flatMap((name) => {
    const file = fileOfCases.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
    return Object.entries(file.groups).flatMap(([group, cases]) =>
      cases.map((one) => ({
        topic: file.topic,
        title: `${file.topic}, ${group}: ${one.title}`,
        bytes:
          one.recordBase64 === undefined
            ? Buffer.from(one.record ?? recordOf({ ...file.base, ...one.fields }))
            : Buffer.from(one.recordBase64, 'base64'),
        arrival: new Date(one.arrival ?? file.arrival),
        ...(one.row && { row: { ...file.baseRow, ...one.row } }),
        ...(one.rejected && { rejected: one.rejected }),
      })),
    );
  });
}

function recordOf(fields: Record<string, string | null>): string {
  const members = Object.entries(fields).filter(([, spelling]) => spelling !== null);
  return `{${members.map(([name, spelling]) => `${JSON.stringify(name)}:${spelling}`).join(',')}}`;
}
