import { isToken, parseDecimal } from './characters.ts';
import { parseCSeq } from './cseq.ts';
import type { CSeq } from './cseq.ts';
import type { HeaderTable } from './header-table.ts';
import { parseContacts, parseNameAddr, parseNameAddrs } from './name-addr.ts';
import type { ContactList, NameAddr } from './name-addr.ts';
import { parseVias } from './via.ts';
import type { Via } from './via.ts';

/** A reading that is kept until the header fields change. */
class Kept<T> {
  private revision = -1;
  private value: T | undefined = undefined;

  read(headers: HeaderTable, parse: (headers: HeaderTable) => T | undefined): T | undefined {
    if (this.revision !== headers.revision) {
      this.value = parse(headers);
      this.revision = headers.revision;
    }
    return this.value;
  }
}

const listOf =
  <T>(name: string, parse: (text: string, max: number) => T[] | undefined) =>
  (headers: HeaderTable): readonly T[] | undefined => {
    const values = headers.all(name);
    if (values.length === 1) return parse(values[0] ?? '', MAX_LIST);
    const items: T[] = [];
    for (const value of values) {
      const more = parse(value, MAX_LIST - items.length);
      if (more === undefined) return undefined;
      items.push(...more);
    }
    return items;
  };

/** Longest list that is read in one message, over all header fields of a name. */
export const MAX_LIST = 128;

const addressOf =
  (name: string) =>
  (headers: HeaderTable): NameAddr | undefined => {
    const text = headers.get(name);
    return text === undefined ? undefined : parseNameAddr(text);
  };

const readVias = listOf('Via', parseVias);
const readRoutes = listOf('Route', parseNameAddrs);
const readRecordRoutes = listOf('Record-Route', parseNameAddrs);
const readFrom = addressOf('From');
const readTo = addressOf('To');
const readContacts = (headers: HeaderTable) => parseContacts(headers.all('Contact'), MAX_LIST);

function readCSeq(headers: HeaderTable): CSeq | undefined {
  const text = headers.get('CSeq');
  return text === undefined ? undefined : parseCSeq(text);
}

/**
 * The header fields that every layer needs, read on demand and once. Undefined means absent or malformed for
 * single fields and malformed for lists; an absent list is empty.
 */
export class TypedHeaders {
  private readonly headers: HeaderTable;
  private readonly keptVias = new Kept<readonly Via[]>();
  private readonly keptFrom = new Kept<NameAddr>();
  private readonly keptTo = new Kept<NameAddr>();
  private readonly keptCSeq = new Kept<CSeq>();
  private readonly keptContacts = new Kept<ContactList>();
  private readonly keptRoutes = new Kept<readonly NameAddr[]>();
  private readonly keptRecordRoutes = new Kept<readonly NameAddr[]>();

  constructor(headers: HeaderTable) {
    this.headers = headers;
  }

  get vias(): readonly Via[] | undefined {
    return this.keptVias.read(this.headers, readVias);
  }

  get from(): NameAddr | undefined {
    return this.keptFrom.read(this.headers, readFrom);
  }

  get to(): NameAddr | undefined {
    return this.keptTo.read(this.headers, readTo);
  }

  get cseq(): CSeq | undefined {
    return this.keptCSeq.read(this.headers, readCSeq);
  }

  get contacts(): ContactList | undefined {
    return this.keptContacts.read(this.headers, readContacts);
  }

  get routes(): readonly NameAddr[] | undefined {
    return this.keptRoutes.read(this.headers, readRoutes);
  }

  get recordRoutes(): readonly NameAddr[] | undefined {
    return this.keptRecordRoutes.read(this.headers, readRecordRoutes);
  }

  /** RFC 3261 §20.8: a word, perhaps with a host; here anything without white space. */
  get callId(): string | undefined {
    const text = this.headers.get('Call-ID');
    return text === undefined || text === '' || /[\s]/.test(text) ? undefined : text;
  }

  /** At most 255; larger numbers are taken as 255 (RFC 4475 §3.1.2.4 does not make them fatal). */
  get maxForwards(): number | undefined {
    const text = this.headers.get('Max-Forwards');
    const hops = text === undefined ? undefined : parseDecimal(text, Number.MAX_VALUE);
    return hops === undefined ? undefined : Math.min(hops, 255);
  }

  /** Option tags or methods of all header fields of a name; what is not a token is left out. */
  tokens(name: string): readonly string[] {
    return this.headers
      .all(name)
      .flatMap((value) => value.split(','))
      .map((token) => token.trim())
      .filter(isToken);
  }
}
