import type { SubjectFiles } from '../../core/dsr/erasures.ts';

export interface OpenedSubjects {
  readonly files: SubjectFiles;
  /** What SQL answers. */
  query(sql: string): Promise<Record<string, string | null>[]>;
}

const march = '2026-03-05T09:00:00.000Z';
const april = '2026-04-05T09:00:00.123Z';
const counted = (batches: string) =>
  `select batch, count(*) as people from dsr_subjects where batch in (${batches}) group by batch order by batch`;

/** What every place does that shows batches' people to SQL. */
export function subjectFilesBehaviour(open: () => Promise<OpenedSubjects>): void {
  let opened: OpenedSubjects;
  beforeAll(async () => {
    opened = await open();
  });

  test('shows the people of a batch to SQL, each with the end of their scope, whatever is in their names', async () => {
    const names = ["it's", 'a "quoted" \\ one', 'Zoë 🙂', 'two\nlines', '4711', 'null'];
    await opened.files.write(
      'one',
      names.map((identity, at) => ({ identity, scopeEnds: at === 0 ? march : april })),
    );
    expect(await opened.files.read('one')).toEqual(
      names.map((identity, at) => ({ identity, scopeEnds: at === 0 ? march : april })),
    );
    await expect(opened.files.read('nobody’s')).rejects.toThrow();
    const rows = await opened.query("select subject, scope_ends from dsr_subjects where batch = 'one'");
    expect(rows.map(({ subject }) => subject).sort()).toEqual([...names].sort());
    const before = (instant: string) =>
      opened.query(
        `select subject from dsr_subjects where batch = 'one' and scope_ends < timestamp '${instant}' and scope_ends >= timestamp '2026-03-05 09:00:00'`,
      );
    expect(await before('2026-03-05 09:00:00.001')).toEqual([{ subject: "it's" }]);
    expect(await before('2026-04-05 09:00:00.123')).toHaveLength(1);
    expect(await before('2026-04-05 09:00:00.124')).toHaveLength(names.length);
  });

  test('replaces a batch, keeps batches apart, and destroys one alone, twice if asked', async () => {
    const people = (count: number) =>
      Array.from({ length: count }, (_, n) => ({ identity: `person-${n}`, scopeEnds: march }));
    await opened.files.write('two', people(9));
    await opened.files.write('two', people(3));
    await opened.files.write('three', people(2));
    expect(await opened.query(counted("'two', 'three'"))).toEqual([
      { batch: 'three', people: '2' },
      { batch: 'two', people: '3' },
    ]);
    await opened.files.destroy('two');
    await opened.files.destroy('two');
    expect(await opened.query(counted("'two', 'three'"))).toEqual([{ batch: 'three', people: '2' }]);
  });
}
