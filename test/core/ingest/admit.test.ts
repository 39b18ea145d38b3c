import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import type { Topic } from '../../../core/catalogue/topic.ts';
import { chatTopic, toolTopic } from '../../../core/chat/topics.ts';
import { type Admission, admit, type StoredValue } from '../../../core/ingest/admit.ts';
import { rejectionReasons } from '../../../core/ingest/rejection.ts';
import { admissionCases } from './admission-cases.ts';

const topics = { chat: chatTopic, tool: toolTopic };
const arrival = new Date('2026-01-06T18:00:00Z');

describe('the shared cases', () => {
  const cases = admissionCases();

  for (const one of cases.filter(({ bytes }) => isUtf8(bytes))) {
    test(one.title, () => {
      const topic = topics[one.topic];
      const admission = admit(topic, one.bytes.toString('utf8'), one.arrival);
      const spelt = 'row' in admission ? { row: spell(topic, admission.row) } : admission;
      expect(spelt).toEqual(one.row ? { row: one.row } : { rejected: one.rejected });
    });
  }

  test('name every field and every reason of admission', () => {
    const reasons = new Set(cases.map((one) => one.rejected?.reason));
    expect(rejectionReasons.filter((reason) => !reasons.has(reason))).toEqual(['too long']);
    const fields = new Set(cases.flatMap((one) => Object.keys(one.row ?? {})));
    const declared = [...chatTopic.fields, ...toolTopic.fields].map((field) => field.name);
    expect(declared.filter((name) => !fields.has(name))).toEqual([]);
  });
});

describe('any record whatever', () => {
  const names = [...chatTopic.fields.map((field) => field.name), 'user_original_query', '__proto__', ''];
  const numberText = fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.bigInt({ min: 0n, max: 10n ** 30n }),
      fc.option(fc.stringMatching(/^[0-9]{1,25}$/)),
    )
    .chain(([sign, whole, fraction]) =>
      fc
        .option(fc.integer({ min: -40, max: 40 }))
        .map(
          (exponent) =>
            `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`,
        ),
    );
  const spelling = fc.oneof(
    fc.json(),
    numberText,
    numberText.map((text) => `"${text}"`),
    fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
    fc.date({ noInvalidDate: true }).map((date) => JSON.stringify(date)),
  );
  const record = fc
    .array(fc.tuple(fc.constantFrom(...names), spelling), { maxLength: 25 })
    .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(', ')}}`);
  const whole = `{"chat_id":"c1","user_id":"u1","room_id":"r1","timestamp":"2026-01-06T12:00:00Z"`;

  test('is admitted or rejected for one of the known reasons, without an error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), record), (text) => {
        const admission = admit(chatTopic, text, arrival);
        if ('row' in admission) expect(admission.row).toHaveLength(chatTopic.fields.length);
        else expect(rejectionReasons).toContain(admission.rejected.reason);
      }),
      { numRuns: 2000 },
    );
  });

  test('gives no other row when white space and unknown fields come and go', () => {
    const insert = fc.record({ space: fc.constantFrom('', ' ', '\t\r\n '), value: spelling, name: fc.uuid() });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...names.slice(5, 19)), spelling)), insert, (members, extra) => {
        const rest = members.map(([name, value]) => `,"${name}":${value}`).join('');
        const decorated = members.map(
          ([name, v]) => `${extra.space},${extra.space}"${name}"${extra.space}:${extra.space}${v}`,
        );
        const plain = admit(chatTopic, `${whole}${rest}}`, arrival);
        expect(
          admit(chatTopic, `${whole},"${extra.name}":${extra.value}${decorated.join('')}${extra.space}}`, arrival),
        ).toEqual(plain);
      }),
      { numRuns: 1000 },
    );
  });

  test('stores a number as it stores the same number in quotes, unless the quotes are empty', () => {
    fc.assert(
      fc.property(numberText, (text) => {
        const bare = admit(chatTopic, `${whole},"prompt_tokens":${text},"total_cost":1}`, arrival);
        const quoted = admit(chatTopic, `${whole},"prompt_tokens":"${text}","total_cost":1}`, arrival);
        expect(quoted).toEqual(bare);
        const cost = (value: string): Admission => admit(chatTopic, `${whole},"total_cost":${value}}`, arrival);
        expect(cost(`"${text}"`)).toEqual(cost(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('may be nested a hundred thousand deep and numbers may have a million digits', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const admitted = admit(
      chatTopic,
      `${whole},"user_original_query":${deep},"prompt_tokens":9007199254740993}`,
      arrival,
    );
    expect(admitted).toHaveProperty('row');
    const digits = `1${'0'.repeat(1_000_000)}`;
    expect(admit(chatTopic, `${whole},"prompt_tokens":${digits}1}`, arrival)).toEqual({
      rejected: { field: 'prompt_tokens', reason: 'too large' },
    });
  });
});

/** A row as the shared cases write it: every field that is not null, as text. */
function spell(topic: Topic, row: readonly StoredValue[]): Record<string, string> {
  const spelt: Record<string, string> = {};
  for (const [index, { name, kind }] of topic.fields.entries()) {
    const value = row[index];
    if (value === null || value === undefined) continue;
    if (kind === 'cost')
      spelt[name] = String(value)
        .padStart(10, '0')
        .replace(/(?=.{9}$)/, '.');
    else if (kind === 'day') spelt[name] = new Date(Number(value) * 86_400_000).toISOString().slice(0, 10);
    else if (kind === 'instant') {
      const millis = new Date(Number(BigInt(value) / 1000n)).toISOString().slice(0, -1);
      spelt[name] = `${millis}${String(BigInt(value) % 1000n).padStart(3, '0')}`;
    } else spelt[name] = String(value);
  }
  return spelt;
}
