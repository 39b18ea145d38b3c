import { join } from 'node:path';
import type { Table } from '../../core/catalogue/table.ts';
import type { Prover, Subject, SubjectFiles } from '../../core/dsr/erasures.ts';
import { homeChecks } from '../../core/dsr/proof-checks.ts';
import type { ProofCheck } from '../../core/dsr/request-store.ts';
import { baseTables, derivedTables } from '../../core/dsr/targets.ts';
import type { Engine } from '../../core/lake/engine.ts';
import type { Pipeline } from '../../core/lake/pipeline.ts';
import { fillIn } from '../../core/sql/statement.ts';
import { sqlText } from '../../core/sql/value.ts';
import { countOf } from '../cli/figures.ts';
import { statementsBelow } from '../statements.ts';
import { firstRow } from './ask-engine.ts';
import { filesBelow, searchFiles } from './search-files.ts';
import { passingBatch } from './subject-files.ts';

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

  async prove(batch: string, subjects: readonly Subject[]): Promise<ProofCheck[]> {
    return [await this.#derived(batch), ...(await this.proveStored(subjects.map(({ identity }) => identity)))];
  }

  /** What can be proven of people who are in no batch: that neither a block nor a file holds them. */
  async proveStored(identities: readonly string[]): Promise<ProofCheck[]> {
    return [await this.#blocks(), await this.#bytes(identities)];
  }

  /** What is made from a person's rows goes with the last of them. */
  async #derived(batch: string): Promise<ProofCheck> {
    const { engine, pipelines } = this.#options;
    const left: string[] = [];
    for (const pipeline of pipelines) {
      const nowhere = baseTables(pipeline).map(({ table, person }) => {
        const [name, column] = [quoted(table.name), quoted(person.name)];
        return `not exists (select 1 from ${name} where ${name}.${column} = dsr_subjects.subject)`;
      });
      for (const table of derivedTables(pipeline)) {
        const person = personOf(table);
        if (person === undefined) continue;
        const sql = fillIn(statement('derived_rows_left'), {
          table: { type: 'identifier', value: table.name },
          person: { type: 'identifier', value: person },
          batch: { type: 'text', value: batch },
          nowhere: { type: 'expression', value: nowhere.join(' and ') },
        });
        const { rows_cnt: rows } = await firstRow(engine, sql);
        if (rows !== '0') left.push(`${table.name} has ${rows}`);
      }
    }
    return {
      check: homeChecks.derived,
      passed: left.length === 0,
      detail: left.length === 0 ? 'none' : left.join(', '),
    };
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
      check: homeChecks.blocks,
      passed: left.length === 0,
      detail: left.length === 0 ? `${tables} tables` : left.join(', '),
    };
  }

  async #bytes(identities: readonly string[]): Promise<ProofCheck> {
    const { home } = this.#options;
    const searched = identities.filter((identity) => Buffer.byteLength(identity) >= shortestSearched);
    const files = filesBelow(home).filter(
      (file) => ours.test(file) && !ofOpenBatches.some((open) => file.startsWith(open)),
    );
    const found = searchFiles(home, files, searched);
    const hit = [...new Set(found.map(({ identity }) => identity))];
    const explained = new Set(await this.#standInRows(hit));
    const left = found.filter(({ identity }) => !explained.has(identity));
    const places = [...new Set(left.map(({ file }) => file))];
    const notes = [
      `${countOf(searched.length, 'identifier')} in every byte of ${countOf(files.length, 'file')}`,
      ...(explained.size === 0 ? [] : [`${explained.size} stand in rows that stay`]),
      ...(searched.length === identities.length
        ? []
        : [`${identities.length - searched.length} shorter than ${shortestSearched} bytes not searched for`]),
    ];
    return {
      check: homeChecks.bytes,
      passed: left.length === 0,
      detail:
        left.length === 0
          ? notes.join(', ')
          : `${new Set(left.map(({ identity }) => identity)).size} left in ${places.join(', ')}`,
    };
  }

  /** Those of some identities that stand in rows: rows after their scope, or another identity that they are a part of. */
  async #standInRows(identities: readonly string[]): Promise<string[]> {
    if (identities.length === 0 || (await this.#mentionedNowhere(identities)) === 0) return [...identities];
    const stand: string[] = [];
    for (const identity of identities) if ((await this.#mentionedNowhere([identity])) === 0) stand.push(identity);
    return stand;
  }

  async #mentionedNowhere(identities: readonly string[]): Promise<number> {
    const tables = this.#options.pipelines.flatMap((pipeline) => pipeline.tables);
    const nowhere = tables.flatMap((table) => {
      const texts = table.columns.filter(({ type }) => type === 'string').map(({ name }) => quoted(name));
      const mentions = texts.map((text) => `strpos(${text}, dsr_subjects.subject) > 0`);
      return texts.length === 0
        ? []
        : [`not exists (select 1 from ${quoted(table.name)} where ${mentions.join(' or ')})`];
    });
    return await this.#withProbe(identities, async (batch) => {
      const sql = fillIn(statement('subjects_mentioned_nowhere'), {
        batch: { type: 'text', value: batch },
        nowhere: { type: 'expression', value: nowhere.join(' and ') },
      });
      return Number((await firstRow(this.#options.engine, sql)).subjects_cnt);
    });
  }

  /** Rows of all tables that belong to a person. */
  async rowsOfPerson(identity: string): Promise<number> {
    return await this.#withProbe([identity], async (batch) => {
      let rows = 0;
      for (const table of this.#options.pipelines.flatMap(({ tables }) => tables)) {
        const person = personOf(table);
        if (person === undefined) continue;
        const sql = fillIn(statement('rows_of_person'), {
          table: { type: 'identifier', value: table.name },
          person: { type: 'identifier', value: person },
          batch: { type: 'text', value: batch },
        });
        rows += Number((await firstRow(this.#options.engine, sql)).rows_cnt);
      }
      return rows;
    });
  }

  /** Lets SQL see some identities for as long as a question takes. */
  async #withProbe<T>(identities: readonly string[], ask: (batch: string) => Promise<T>): Promise<T> {
    const { subjects } = this.#options;
    const batch = passingBatch('probe');
    await subjects.write(
      batch,
      identities.map((identity) => ({ identity, scopeEnds: '2100-01-01T00:00:00.000Z' })),
    );
    try {
      return await ask(batch);
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

function quoted(name: string): string {
  return sqlText({ type: 'identifier', value: name });
}

/** The column of a table that names a person. */
function personOf(table: Table): string | undefined {
  return table.columns.find(({ identifies }) => identifies?.kind === 'user')?.name;
}
