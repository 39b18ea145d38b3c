/** A piece of SQL. `text` is as written; `value` is a name in lower case or a string's content. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol';
  readonly text: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const pattern =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>'(?:[^']|'')*')|(?<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`)|(?<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<symbol><=|>=|<>|!=|->|\|\||[\s\S])/gu;

/** Athena reads CREATE TABLE and ALTER TABLE as Hive does: a backslash escapes the next character of a string. */
const hivePattern = new RegExp(
  pattern.source.replace("'(?:[^']|'')*'", String.raw`'(?:[^'\\]|\\[\s\S])*'`),
  pattern.flags,
);

/** What was read last: a statement on its way to the engine is looked at several times in a row. */
let last: { readonly sql: string; readonly dialect: string; readonly tokens: readonly Token[] } | undefined;

/** The tokens of a statement in order, without white space and comments. Never throws: what is no SQL comes back as symbols. */
export function tokenize(sql: string, dialect: 'trino' | 'hive' = 'trino'): readonly Token[] {
  if (last?.sql !== sql || last.dialect !== dialect) last = { sql, dialect, tokens: readTokens(sql, dialect) };
  return last.tokens;
}

/** The tokens of a statement without the semicolons that end it. */
export function statementTokens(sql: string, dialect: 'trino' | 'hive' = 'trino'): readonly Token[] {
  const tokens = tokenize(sql, dialect);
  return tokens.slice(0, tokens.findLastIndex((token) => !isSymbol(token, ';')) + 1);
}

function readTokens(sql: string, dialect: 'trino' | 'hive'): Token[] {
  const tokens: Token[] = [];
  for (const match of sql.matchAll(dialect === 'hive' ? hivePattern : pattern)) {
    const groups = match.groups ?? {};
    const text = match[0];
    const at = { text, start: match.index, end: match.index + text.length };
    if (groups.space !== undefined) continue;
    if (groups.string !== undefined) {
      const inside = text.slice(1, -1);
      const value = dialect === 'hive' ? inside.replaceAll(/\\([\s\S])/g, '$1') : inside.replaceAll("''", "'");
      tokens.push({ kind: 'string', value, ...at });
    } else if (groups.quoted !== undefined) {
      const quote = text.charAt(0);
      const value = text.slice(1, -1).replaceAll(quote + quote, quote);
      tokens.push({ kind: 'quoted', value: value.toLowerCase(), ...at });
    } else if (groups.number !== undefined) {
      tokens.push({ kind: 'number', value: text, ...at });
    } else if (groups.word !== undefined) {
      tokens.push({ kind: 'word', value: text.toLowerCase(), ...at });
    } else {
      tokens.push({ kind: 'symbol', value: text, ...at });
    }
  }
  return tokens;
}

/** A replacement of the text from `start` to `end`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with the edits made; they must not overlap. */
export function applyEdits(sql: string, edits: readonly Edit[]): string {
  let result = '';
  let position = 0;
  for (const edit of [...edits].sort((left, right) => left.start - right.start)) {
    result += sql.slice(position, edit.start) + edit.text;
    position = edit.end;
  }
  return result + sql.slice(position);
}

/** Whether a token is this bare word, in any case. */
export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.value);
}

/** Whether a token is this symbol. */
export function isSymbol(token: Token | undefined, symbol: string): boolean {
  return token?.kind === 'symbol' && token.value === symbol;
}

/** Whether a token can name something. */
export function isName(token: Token | undefined): token is Token {
  return token?.kind === 'word' || token?.kind === 'quoted';
}
