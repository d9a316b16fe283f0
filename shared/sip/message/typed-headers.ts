import { isToken } from './characters.ts';
import { scanCSeq } from './cseq.ts';
import type { CSeq } from './cseq.ts';
import {
  CALL_ID,
  CONTACT,
  CSEQ,
  FROM,
  MAX_FORWARDS,
  RECORD_ROUTE,
  ROUTE,
  TO,
  VIA,
} from './header-names.ts';
import type { HeaderName } from './header-names.ts';
import type { HeaderTable } from './header-table.ts';
import { scanNameAddr } from './name-addr.ts';
import type { ContactList, NameAddr } from './name-addr.ts';
import type { Scanner } from './scanner.ts';
import { MAX_LIST, NOTHING, Readings } from './readings.ts';
import { readList, readWhole } from './scanner.ts';
import { setTopVia } from './via-stack.ts';
import { scanVia } from './via.ts';
import type { Via } from './via.ts';

type Scan<T> = (scanner: Scanner) => T | undefined;

function readSingle<T>(headers: HeaderTable, name: HeaderName, scan: Scan<T>): T | undefined {
  const field = headers.find(name);
  return field && readWhole(field.scanner(), scan);
}

/** The values of all header fields of a name, one after the other. */
function readAll<T>(
  headers: HeaderTable,
  name: HeaderName,
  scan: Scan<T>,
): readonly T[] | undefined {
  let items: T[] | undefined;
  for (const field of headers.entries()) {
    if (field.known !== name) continue;
    const more = readList(field.scanner(), scan, MAX_LIST - (items?.length ?? 0));
    if (more === undefined) return undefined;
    if (items === undefined) items = more;
    else items.push(...more);
  }
  return items ?? NOTHING;
}

const ALL_CONTACTS: ContactList = { kind: 'all' };

function readContacts(headers: HeaderTable): ContactList | undefined {
  const contacts = readAll(headers, CONTACT, scanNameAddr);
  if (contacts !== undefined) return { kind: 'list', contacts };
  const values = headers.all('Contact');
  return values.length === 1 && values[0] === '*' ? ALL_CONTACTS : undefined;
}

/** RFC 3261 §20.8: a word, perhaps with a host; here anything without white space. */
function readCallId(headers: HeaderTable): string | undefined {
  const text = headers.find(CALL_ID)?.value;
  return text === undefined || text === '' || /\s/.test(text) ? undefined : text;
}

/**
 * The header fields that every layer needs, read on demand and once for as long as the header fields stay the same.
 * Undefined means absent or malformed for single fields and malformed for lists; an absent list is empty.
 */
export class TypedHeaders {
  private readonly headers: HeaderTable;
  private revision = -1;
  private kept: Readings;

  /** @param known what was read of these header fields already */
  constructor(headers: HeaderTable, known?: Readings) {
    this.headers = headers;
    this.kept = known ?? new Readings();
    if (known !== undefined) this.revision = headers.revision;
  }

  get vias(): readonly Via[] | undefined {
    const kept = this.current();
    kept.vias ??= readAll(this.headers, VIA, scanVia);
    return kept.vias;
  }

  get from(): NameAddr | undefined {
    const kept = this.current();
    kept.from ??= readSingle(this.headers, FROM, scanNameAddr);
    return kept.from;
  }

  get to(): NameAddr | undefined {
    const kept = this.current();
    kept.to ??= readSingle(this.headers, TO, scanNameAddr);
    return kept.to;
  }

  get callId(): string | undefined {
    const kept = this.current();
    kept.callId ??= readCallId(this.headers);
    return kept.callId;
  }

  get cseq(): CSeq | undefined {
    const kept = this.current();
    kept.cseq ??= readSingle(this.headers, CSEQ, scanCSeq);
    return kept.cseq;
  }

  get contacts(): ContactList | undefined {
    const kept = this.current();
    kept.contacts ??= readContacts(this.headers);
    return kept.contacts;
  }

  get routes(): readonly NameAddr[] | undefined {
    const kept = this.current();
    kept.routes ??= readAll(this.headers, ROUTE, scanNameAddr);
    return kept.routes;
  }

  get recordRoutes(): readonly NameAddr[] | undefined {
    const kept = this.current();
    kept.recordRoutes ??= readAll(this.headers, RECORD_ROUTE, scanNameAddr);
    return kept.recordRoutes;
  }

  /** At most 255; larger numbers are taken as 255 (RFC 4475 §3.1.2.4 does not make them fatal). */
  get maxForwards(): number | undefined {
    const hops = this.headers.find(MAX_FORWARDS)?.decimal(Number.MAX_VALUE);
    return hops === undefined ? undefined : Math.min(hops, 255);
  }

  /** Option tags or methods of all header fields of a name; what is not a token is left out. */
  tokens(name: string): readonly string[] {
    const values = this.headers.all(name);
    if (values.length === 0) return NOTHING;
    return values
      .flatMap((value) => value.split(','))
      .map((token) => token.trim())
      .filter(isToken);
  }

  /** Puts another value in the place of the topmost Via; what was read of the other header fields stays. */
  replaceTopVia(top: Via, text?: string): void {
    const kept = this.current();
    const below = this.vias?.slice(1) ?? [];
    if (text === undefined) setTopVia(this.headers, top);
    else this.headers.setFirst(VIA, text);
    this.revision = this.headers.revision;
    kept.vias = [top, ...below];
  }

  private current(): Readings {
    const { revision } = this.headers;
    if (this.revision !== revision) {
      if (this.revision >= 0) this.kept = new Readings();
      this.revision = revision;
    }
    return this.kept;
  }
}
