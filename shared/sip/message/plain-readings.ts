import { CALL_ID, CONTACT, CSEQ, FROM, RECORD_ROUTE, ROUTE, TO, VIA } from './header-names.ts';
import type { HeaderName } from './header-names.ts';
import type { Field } from './header-table.ts';
import type { ContactList, NameAddr } from './name-addr.ts';
import type { PlainReader } from './plain-reader.ts';
import { MAX_LIST, NOTHING, NO_CONTACTS, Readings } from './readings.ts';
import type { Via } from './via.ts';

/** Reads the values of header fields while these are found, as far as they are plain; the others are left for later. */
export class PlainReadings {
  /** Complete when all fields of the head were told. */
  readonly readings = new Readings();
  private readonly reader: PlainReader;

  constructor(reader: PlainReader) {
    this.reader = reader;
    this.readings.vias = NOTHING;
    this.readings.contacts = NO_CONTACTS;
    this.readings.routes = NOTHING;
    this.readings.recordRoutes = NOTHING;
  }

  /** The next header field, whose value stands between two places of the head. */
  read(field: Field, from: number, to: number): void {
    const { known } = field;
    if (!known.core) return;
    const { readings, reader } = this;
    switch (known) {
      case VIA:
        readings.vias = this.vias(readings.vias, from, to);
        break;
      case FROM:
        readings.from ??= this.address(from, to);
        break;
      case TO:
        readings.to ??= this.address(from, to);
        break;
      case CALL_ID:
        if (reader.isWord(from, to)) readings.callId ??= field.value;
        break;
      case CSEQ:
        readings.cseq ??= reader.cseq(from, to);
        break;
      case CONTACT:
        readings.contacts = this.contacts(readings.contacts, from, to);
        break;
      case ROUTE:
        readings.routes = this.addresses(readings.routes, from, to);
        break;
      case RECORD_ROUTE:
        readings.recordRoutes = this.addresses(readings.recordRoutes, from, to);
        break;
    }
  }

  private address(from: number, to: number): NameAddr | undefined {
    const address = this.reader.address(from, to);
    return this.reader.end === to ? address : undefined;
  }

  private addresses(list: List<NameAddr>, from: number, to: number): List<NameAddr> {
    const { reader } = this;
    let longer = withOneMore(list, reader.address(from, to));
    while (longer !== undefined && reader.end !== to) {
      const { next } = reader;
      longer = next < 0 ? undefined : withOneMore(longer, reader.address(next, to));
    }
    return longer;
  }

  private vias(list: List<Via>, from: number, to: number): List<Via> {
    const { reader } = this;
    let longer = withOneMore(list, reader.via(from, to));
    while (longer !== undefined && reader.end !== to) {
      const { next } = reader;
      longer = next < 0 ? undefined : withOneMore(longer, reader.via(next, to));
    }
    return longer;
  }

  private contacts(
    list: ContactList | undefined,
    from: number,
    to: number,
  ): ContactList | undefined {
    const before = list?.kind === 'list' ? list.contacts : undefined;
    const contacts = this.addresses(before, from, to);
    return contacts === undefined ? undefined : { kind: 'list', contacts };
  }

  /** The next header field is none that can be read here, so the list that it belongs to is left as well. */
  leave(known: HeaderName): void {
    const { readings } = this;
    if (known === VIA) readings.vias = undefined;
    else if (known === CONTACT) readings.contacts = undefined;
    else if (known === ROUTE) readings.routes = undefined;
    else if (known === RECORD_ROUTE) readings.recordRoutes = undefined;
  }
}

/** Undefined once it holds something that is not plain, or too much. */
type List<T> = readonly T[] | undefined;

function withOneMore<T>(list: List<T>, item: T | undefined): List<T> {
  if (list === undefined || item === undefined || list.length === MAX_LIST) return undefined;
  return list.length === 0 ? [item] : [...list, item];
}
