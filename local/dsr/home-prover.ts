import { join } from 'node:path';
import type { Table } from '../../core/catalogue/table.ts';
import type { Prover, Subject, SubjectFiles } from '../../core/dsr/erasures.ts';
import type { ProofCheck } from '../../core/dsr/request-store.ts';
import { baseTables, derivedTables } from '../../core/dsr/targets.ts';
import type { Engine } from '../../core/lake/engine.ts';
import type { Pipeline } from '../../core/lake/pipeline.ts';
import { fillIn } from '../../core/sql/statement.ts';
import { sqlText } from '../../core/sql/value.ts';
import { statementsBelow } from '../statements.ts';
import { firstRow } from './ask-engine.ts';
import { filesBelow, searchFiles } from './search-files.ts';

/** Shorter identities stand by chance in any large file: for them the rows are counted and the bytes say nothing. */
const shortestSearched = 8;

/** What the home keeps of an open batch, until it is closed: encrypted, or the subjects' file itself. */
const ofOpenBatches = [join('erasures', 'vault'), join('erasures', 'subjects')];
/** What Lethe writes into a home. Files that somebody put there are theirs, as the records of Kafka are its owner's. */
const ours = /^(lake\.duckdb|ledger\.sqlite|erasures|tmp|endpoint|demo)/;

export interface HomeProverOptions {
  readonly home: string;
  readonly database: string;
  readonly pipelines: readonly Pipeline[];
  readonly engine: Engine;
  readonly subjects: SubjectFiles;
}

const statement = statementsBelow(import.meta.dirname);

/** Proves an erasure on a home folder: by its tables' blocks, and by every byte of its files. */
export class HomeProver implements Prover {
  readonly #options: HomeProverOptions;

  constructor(options: HomeProverOptions) {
    this.#options = options;
  }

  async prove(_batch: string, subjects: readonly Subject[]): Promise<ProofCheck[]> {
    return [await this.#blocks(), ...(await this.#bytes(subjects.map(({ identity }) => identity)))];
  }

  /** A deleted row is still in its block until the table is written anew. */
  async #blocks(): Promise<ProofCheck> {
    const { database, engine } = this.#options;
    const left: string[] = [];
    for (const table of this.#tables()) {
      const sql = fillIn(statement('stored_rows'), {
        table: { type: 'identifier', value: table.name },
        table_name: { type: 'text', value: `awsdatacatalog.${database}.${table.name}` },
      });
      const { live_rows: live, stored_rows: stored } = await firstRow(engine, sql);
      if (live !== stored) left.push(`${table.name} has ${live} rows and stores ${stored}`);
    }
    const tables = this.#tables().length;
    return {
      check: 'no deleted row is left in a block',
      passed: left.length === 0,
      detail: left.length === 0 ? `${tables} tables` : left.join(', '),
    };
  }

  async #bytes(identities: readonly string[]): Promise<ProofCheck[]> {
    const { home } = this.#options;
    const searched = identities.filter((identity) => Buffer.byteLength(identity) >= shortestSearched);
    const files = filesBelow(home).filter(
      (file) => ours.test(file) && !ofOpenBatches.some((open) => file.startsWith(open)),
    );
    const found = searchFiles(home, files, searched);
    const hit = [...new Set(found.map(({ identity }) => identity))];
    const explained = new Set<string>();
    for (const identity of hit) if ((await this.rowsThatMention(identity)) > 0) explained.add(identity);
    const left = found.filter(({ identity }) => !explained.has(identity));
    const places = [...new Set(left.map(({ file }) => file))];
    const notes = [
      `${searched.length} identifiers in every byte of ${files.length} files`,
      ...(explained.size === 0 ? [] : [`${explained.size} stand in rows that stay`]),
      ...(searched.length === identities.length
        ? []
        : [`${identities.length - searched.length} shorter than ${shortestSearched} bytes not searched for`]),
    ];
    return [
      {
        check: 'no file holds an identifier',
        passed: left.length === 0,
        detail:
          left.length === 0
            ? notes.join(', ')
            : `${new Set(left.map(({ identity }) => identity)).size} left in ${places.join(', ')}`,
      },
    ];
  }

  /** Rows of all tables that hold an identity in a text: rows after its scope, or another identity that it is a part of. */
  async rowsThatMention(identity: string): Promise<number> {
    return await this.#count(
      identity,
      this.#options.pipelines.flatMap(({ tables }) => tables),
      'rows_that_mention',
      (table) => {
        const texts = table.columns
          .filter(({ type }) => type === 'string')
          .map(({ name }) => sqlText({ type: 'identifier', value: name }));
        return texts.length === 0
          ? undefined
          : {
              mentions: {
                type: 'expression',
                value: texts.map((name) => `strpos(${name}, dsr_subjects.subject) > 0`).join(' or '),
              },
            };
      },
    );
  }

  /** Rows of all tables that belong to a person. */
  async rowsOfPerson(identity: string): Promise<number> {
    return await this.#count(
      identity,
      this.#options.pipelines.flatMap(({ tables }) => tables),
      'rows_of_person',
      (table) => {
        const person = table.columns.find(({ identifies }) => identifies?.kind === 'user');
        return person === undefined ? undefined : { person: { type: 'identifier', value: person.name } };
      },
    );
  }

  async #count(
    identity: string,
    tables: readonly Table[],
    name: string,
    parameters: (table: Table) => Parameters<typeof fillIn>[1] | undefined,
  ): Promise<number> {
    const { engine, subjects } = this.#options;
    const batch = `probe-${process.pid}`;
    await subjects.write(batch, [{ identity, scopeEnds: '2100-01-01T00:00:00.000Z' }]);
    try {
      let rows = 0;
      for (const table of tables) {
        const own = parameters(table);
        if (own === undefined) continue;
        const sql = fillIn(statement(name), {
          table: { type: 'identifier', value: table.name },
          batch: { type: 'text', value: batch },
          ...own,
        });
        rows += Number((await firstRow(engine, sql)).rows_cnt);
      }
      return rows;
    } finally {
      await subjects.destroy(batch);
    }
  }

  #tables(): Table[] {
    return this.#options.pipelines.flatMap((pipeline) => [
      ...baseTables(pipeline).map(({ table }) => table),
      ...derivedTables(pipeline),
    ]);
  }
}
