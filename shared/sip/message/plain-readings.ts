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

  /**
   * The next header field, which is one of the core and whose value starts at a place of the head.
   *
   * @returns where it ends; -1 when it is not plain, and {@link leave} must be told
   */
  read(core: keyof Readings, from: number): number {
    const { readings, reader } = this;
    switch (core) {
      case 'vias':
        readings.vias = this.vias(readings.vias, from);
        return this.endOf(readings.vias);
      case 'from':
        readings.from = reader.address(from);
        return this.endOf(readings.from);
      case 'to':
        readings.to = reader.address(from);
        return this.endOf(readings.to);
      case 'callId':
        readings.callId = reader.word(from);
        return this.endOf(readings.callId);
      case 'cseq':
        readings.cseq = reader.cseq(from);
        return this.endOf(readings.cseq);
      case 'contacts':
        readings.contacts = this.contacts(readings.contacts, from);
        return this.endOf(readings.contacts);
      case 'routes':
        readings.routes = this.addresses(readings.routes, from);
        return this.endOf(readings.routes);
      case 'recordRoutes':
        readings.recordRoutes = this.addresses(readings.recordRoutes, from);
        return this.endOf(readings.recordRoutes);
    }
  }

  /** The header field is none that can be read here: not by itself, and not the list that it belongs to. */
  leave(core: keyof Readings): void {
    this.readings[core] = undefined;
  }

  private endOf(value: unknown): number {
    const { reader } = this;
    return value !== undefined && reader.isDone ? reader.end : -1;
  }

  private addresses(list: List<NameAddr>, from: number): List<NameAddr> {
    const { reader } = this;
    let longer = withOneMore(list, reader.address(from));
    while (longer !== undefined && reader.next >= 0)
      longer = withOneMore(longer, reader.address(reader.next));
    return longer;
  }

  private vias(list: List<Via>, from: number): List<Via> {
    const { reader } = this;
    let longer = withOneMore(list, reader.via(from));
    while (longer !== undefined && reader.next >= 0)
      longer = withOneMore(longer, reader.via(reader.next));
    return longer;
  }

  private contacts(list: ContactList | undefined, from: number): ContactList | undefined {
    const before = list?.kind === 'list' ? list.contacts : undefined;
    const contacts = this.addresses(before, from);
    return contacts === undefined ? undefined : { kind: 'list', contacts };
  }
}

/** Undefined once it holds something that is not plain, or too much. */
type List<T> = readonly T[] | undefined;

function withOneMore<T>(list: List<T>, item: T | undefined): List<T> {
  if (list === undefined || item === undefined || list.length === MAX_LIST) return undefined;
  return list.length === 0 ? [item] : [...list, item];
}
