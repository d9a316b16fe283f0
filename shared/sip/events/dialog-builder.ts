import { PARKED_CALL_STATES, TERMINATION_EVENTS } from './dialog-info.ts';
import type {
  DialogEntry,
  DialogParty,
  DialogState,
  DialogTarget,
  ParkedCallElement,
} from './dialog-info.ts';
import { attributeOf, oneOf, timeOf, wholeNumber } from './xml-attributes.ts';
import type { Attributes } from './xml-attributes.ts';

interface PartyParts {
  display: string | undefined;
  uri: string | undefined;
  target: { readonly uri: string; readonly params: Map<string, string> } | undefined;
}

const MAX_TARGET_PARAMS = 64;
const PLAIN_STATES = ['trying', 'proceeding', 'early', 'confirmed'] as const;

/** Collects one `dialog` element while it is read. Paths are relative to it, e.g. `local/identity`. */
export class DialogBuilder {
  private readonly head: Attributes;
  private readonly parties: Partial<Record<'local' | 'remote', PartyParts>> = {};
  private stateAttributes: Attributes = {};
  private state: DialogState | undefined;
  private duration: number | undefined;
  private parkedCall: ParkedCallElement | undefined;

  constructor(head: Attributes) {
    this.head = head;
  }

  open(path: string, attributes: Attributes): void {
    switch (path) {
      case 'state':
        this.stateAttributes = attributes;
        return;
      case 'local/identity':
      case 'remote/identity':
        this.party(path).display = attributeOf(attributes, 'display');
        return;
      case 'local/target':
      case 'remote/target':
        this.party(path).target = { uri: attributeOf(attributes, 'uri') ?? '', params: new Map() };
        return;
      case 'local/target/param':
      case 'remote/target/param':
        this.addParam(this.party(path), attributes);
        return;
      case 'p:parked-call':
        this.parkedCall = readParkedCall(attributes);
        return;
    }
  }

  close(path: string, text: string): void {
    switch (path) {
      case 'state':
        this.state = readState(text, this.stateAttributes);
        return;
      case 'duration':
        this.duration = wholeNumber(text);
        return;
      case 'local/identity':
      case 'remote/identity':
        this.party(path).uri = text;
        return;
    }
  }

  /** Undefined when the element has no id or no state that is known. */
  build(): DialogEntry | undefined {
    const id = attributeOf(this.head, 'id');
    if (id === undefined || this.state === undefined) return undefined;
    return {
      id,
      callId: attributeOf(this.head, 'call-id'),
      localTag: attributeOf(this.head, 'local-tag'),
      remoteTag: attributeOf(this.head, 'remote-tag'),
      direction: oneOf(['initiator', 'recipient'], attributeOf(this.head, 'direction')),
      state: this.state,
      duration: this.duration,
      local: partyOf(this.parties.local),
      remote: partyOf(this.parties.remote),
      parkedCall: this.parkedCall,
    };
  }

  private party(path: string): PartyParts {
    const side = path.startsWith('local') ? 'local' : 'remote';
    return (this.parties[side] ??= { display: undefined, uri: undefined, target: undefined });
  }

  private addParam({ target }: PartyParts, attributes: Attributes): void {
    const name = attributeOf(attributes, 'pname');
    if (target === undefined || name === undefined || target.params.size === MAX_TARGET_PARAMS)
      return;
    target.params.set(name, attributeOf(attributes, 'pvalue') ?? '');
  }
}

function readState(text: string, attributes: Attributes): DialogState | undefined {
  const plain = oneOf(PLAIN_STATES, text);
  if (plain !== undefined) return { kind: plain };
  if (text !== 'terminated') return undefined;
  return {
    kind: 'terminated',
    event: oneOf(TERMINATION_EVENTS, attributeOf(attributes, 'event')),
    code: wholeNumber(attributeOf(attributes, 'code')),
  };
}

function partyOf(parts: PartyParts | undefined): DialogParty | undefined {
  if (parts === undefined) return undefined;
  const identity = parts.uri === undefined ? undefined : { display: parts.display, uri: parts.uri };
  const target: DialogTarget | undefined = parts.target;
  return { identity, target };
}

/** Undefined without a slot or a state that is known: then it is an ordinary dialog. */
function readParkedCall(attributes: Attributes): ParkedCallElement | undefined {
  const read = (name: string): string | undefined => attributeOf(attributes, name);
  const slot = read('slot');
  const state = oneOf(PARKED_CALL_STATES, read('state'));
  if (slot === undefined || state === undefined) return undefined;
  return {
    slot,
    state,
    group: read('group'),
    parker: read('parker'),
    parkerName: read('parker-name'),
    parkedAt: timeOf(read('parked-at')),
    recallAt: timeOf(read('recall-at')),
    recallTo: read('recall-to'),
    recallGroup: read('recall-group'),
    ...(read('alert-parker') === 'true' ? { alertParker: true } : {}),
    now: timeOf(read('now')),
    note: read('note'),
    endedBy: read('ended-by'),
    endedReason: read('ended-reason'),
  };
}
