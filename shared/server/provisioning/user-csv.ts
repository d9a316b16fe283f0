import { isExtension, type Extension } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { checkDisplayName, checkPassword } from './account-rules.ts';

/** A user as a file names it. */
export interface CsvUser {
  readonly extension: Extension;
  readonly password: string;
  readonly displayName: string;
}

/** What is wrong with one line; 1 is the header. */
export interface LineProblem {
  readonly line: number;
  readonly message: string;
}

interface CsvLine {
  /** Where it starts; quoted fields may span lines. */
  readonly line: number;
  readonly fields: readonly string[];
}

const COLUMNS = ['extension', 'password', 'name'] as const;

/** More in one file is a mistake. */
const MAX_USERS = 100_000;

/**
 * Reads users from CSV (RFC 4180, UTF-8): a header `extension,password,name` in any order, then one line per user.
 * All problems of the file are named; with a single one of them nothing is returned.
 */
export function readUserCsv(text: string): Result<readonly CsvUser[], readonly LineProblem[]> {
  const split = splitCsv(text.replace(/^\uFEFF/, ''));
  if (!split.ok) return err([split.error]);
  const [header, ...lines] = split.value;
  if (header === undefined) return err([{ line: 1, message: 'the file is empty' }]);
  const order = readHeader(header);
  if (!order.ok) return err([order.error]);
  if (lines.length === 0) return err([{ line: 2, message: 'there is no user below the header' }]);
  if (lines.length > MAX_USERS) return err([{ line: 1, message: `more than ${MAX_USERS} users` }]);
  return readLines(lines, order.value);
}

type Order = Readonly<Record<(typeof COLUMNS)[number], number>>;

function readHeader(header: CsvLine): Result<Order, LineProblem> {
  const names = header.fields.map((field) => field.trim().toLowerCase());
  const [extension, password, name] = COLUMNS.map((column) => names.indexOf(column));
  const complete =
    names.length === COLUMNS.length &&
    extension !== undefined &&
    extension >= 0 &&
    password !== undefined &&
    password >= 0 &&
    name !== undefined &&
    name >= 0;
  if (complete) return ok({ extension, password, name });
  const message = `the first line must be "extension,password,name", not "${names.join(',').slice(0, 80)}"`;
  return err({ line: header.line, message });
}

function readLines(
  lines: readonly CsvLine[],
  order: Order,
): Result<readonly CsvUser[], readonly LineProblem[]> {
  const users: CsvUser[] = [];
  const problems: LineProblem[] = [];
  const seen = new Map<string, number>();
  for (const line of lines) {
    const user = readLine(line, order);
    if (!user.ok) {
      problems.push({ line: line.line, message: user.error });
      continue;
    }
    const { extension } = user.value;
    const first = seen.get(extension);
    if (first !== undefined) {
      problems.push({
        line: line.line,
        message: `extension ${extension} is on line ${first} already`,
      });
    }
    seen.set(extension, first ?? line.line);
    users.push(user.value);
  }
  return problems.length > 0 ? err(problems) : ok(users);
}

function readLine({ fields }: CsvLine, order: Order): Result<CsvUser, string> {
  if (fields.length !== COLUMNS.length) {
    return err(`${COLUMNS.length} fields are needed, there are ${fields.length}`);
  }
  const extension = fields[order.extension]?.trim() ?? '';
  const password = fields[order.password] ?? '';
  const displayName = fields[order.name]?.trim() ?? '';
  if (!isExtension(extension)) {
    return err(
      extension === ''
        ? 'the extension is missing'
        : `"${extension.slice(0, 40)}" is not an extension (1 to 15 digits)`,
    );
  }
  const problem = checkPassword(password) ?? checkDisplayName(displayName);
  return problem === null ? ok({ extension, password, displayName }) : err(problem);
}

/** Splits RFC 4180 text; blank lines are left out. */
function splitCsv(text: string): Result<readonly CsvLine[], LineProblem> {
  const lines: CsvLine[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const start = line;
    const fields: string[] = [];
    for (;;) {
      const field = readField(text, at);
      if (field === null)
        return err({ line: start, message: 'a quoted field is not closed properly' });
      fields.push(field.value);
      line += countBreaks(text.slice(at, field.end));
      at = field.end;
      if (text[at] !== ',') break;
      at += 1;
    }
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    line += 1;
    if (fields.length > 1 || fields[0]?.trim() !== '') lines.push({ line: start, fields });
  }
  return ok(lines);
}

function readField(text: string, from: number): { value: string; end: number } | null {
  if (text[from] !== '"') {
    const rest = /[,\r\n]/.exec(text.slice(from, from + 10_000));
    const end = rest === null ? Math.min(text.length, from + 10_000) : from + rest.index;
    return { value: text.slice(from, end), end };
  }
  let value = '';
  for (let at = from + 1; ;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return null;
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') {
      const next = text[quote + 1];
      const closed = next === undefined || next === ',' || next === '\r' || next === '\n';
      return closed ? { value, end: quote + 1 } : null;
    }
    value += '"';
    at = quote + 2;
  }
}

function countBreaks(text: string): number {
  return text.split('\n').length - 1;
}
