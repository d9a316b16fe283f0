import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDialogInfo } from '../../../../../shared/sip/events/dialog-info-reader.ts';
import { formatDialogInfo } from '../../../../../shared/sip/events/dialog-info-writer.ts';
import type { DialogEntry, DialogInfo } from '../../../../../shared/sip/events/dialog-info.ts';

const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

const parked: DialogEntry = {
  id: 'k3n5abcdefghijklmnopqrstuv',
  callId: 'k3n5@park',
  localTag: 'pl',
  remoteTag: 'pr',
  direction: 'recipient',
  state: { kind: 'confirmed' },
  duration: 3,
  local: {
    identity: { display: 'Parked on 102', uri: 'sip:*88102@pbx.test' },
    target: {
      uri: 'sip:*88102@pbx.test;park-id=k3n5',
      params: new Map([['+sip.rendering', 'no']]),
    },
  },
  remote: {
    identity: { display: 'Client <b>&"x"', uri: 'sip:003386002678@pbx.test' },
    target: undefined,
  },
  parkedCall: {
    slot: '102',
    state: 'parked',
    group: 'Support',
    parker: '101',
    parkerName: 'Bob',
    parkedAt: AT,
    recallAt: AT + 60_000,
    recallTo: 'parker',
    now: AT + 3_000,
    note: 'wants invoice 4711',
    endedBy: undefined,
    endedReason: undefined,
  },
};

const info = (dialogs: readonly DialogEntry[], more: Partial<DialogInfo> = {}): DialogInfo => ({
  version: 7,
  state: 'full',
  entity: 'sip:*88@pbx.test',
  dialogs,
  ...more,
});

const document = (inner: string, root = 'version="1" state="full" entity="sip:a@b"'): string =>
  `<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" xmlns:p="urn:parkline:params:xml:ns:parked-call" ${root}>${inner}</dialog-info>`;

const reasonOf = (text: string) => {
  const reading = parseDialogInfo(text);
  return reading.kind === 'unreadable' ? reading.reason : reading.kind;
};

describe('dialog-info that is written', () => {
  it('tells where a call goes that nobody takes, and whether its parker is alerted', () => {
    const parkedCall = {
      slot: '102',
      state: 'parked',
      recallTo: 'parker-then-ring-group',
      recallGroup: 'Sales "& Co"',
      alertParker: true,
    } as const;
    const read = parseDialogInfo(formatDialogInfo(info([{ ...parked, parkedCall }])));
    if (read.kind !== 'dialog-info') throw new Error(read.reason);
    expect(read.info.dialogs[0]?.parkedCall).toMatchObject(parkedCall);
  });

  it('has the form of the specification', () => {
    expect(formatDialogInfo(info([parked]))).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" xmlns:p="urn:parkline:params:xml:ns:parked-call"' +
        ' version="7" state="full" entity="sip:*88@pbx.test">' +
        '<dialog id="k3n5abcdefghijklmnopqrstuv" call-id="k3n5@park" local-tag="pl" remote-tag="pr" direction="recipient">' +
        '<state>confirmed</state><duration>3</duration>' +
        '<local><identity display="Parked on 102">sip:*88102@pbx.test</identity>' +
        '<target uri="sip:*88102@pbx.test;park-id=k3n5"><param pname="+sip.rendering" pvalue="no"/></target></local>' +
        '<remote><identity display="Client &lt;b&gt;&amp;&quot;x&quot;">sip:003386002678@pbx.test</identity></remote>' +
        '<p:parked-call slot="102" group="Support" parker="101" parker-name="Bob" parked-at="2026-01-02T03:04:05.678Z"' +
        ' recall-at="2026-01-02T03:05:05.678Z" recall-to="parker" now="2026-01-02T03:04:08.678Z" state="parked"' +
        ' note="wants invoice 4711"/></dialog></dialog-info>\n',
    );
  });

  it('is read back the same', () => {
    const original = info([parked]);
    expect(parseDialogInfo(formatDialogInfo(original))).toEqual({
      kind: 'dialog-info',
      info: original,
    });
  });

  it('says that nothing is parked by holding no dialog', () => {
    const text = formatDialogInfo(info([]));
    expect(text).toContain('entity="sip:*88@pbx.test"></dialog-info>');
    expect(parseDialogInfo(text)).toEqual({ kind: 'dialog-info', info: info([]) });
  });

  it('tells how a parked call ended', () => {
    const ended: DialogEntry = {
      ...parked,
      state: { kind: 'terminated', event: 'replaced', code: undefined },
      parkedCall: { slot: '102', state: 'retrieved', endedBy: '103', endedReason: 'retrieved' },
    };
    const text = formatDialogInfo(info([ended], { state: 'partial', version: 8 }));
    expect(text).toContain('<state event="replaced">terminated</state>');
    expect(text).toContain('ended-by="103" ended-reason="retrieved"');
    const reading = parseDialogInfo(text);
    expect(reading).toMatchObject({
      info: { state: 'partial', dialogs: [{ state: ended.state, parkedCall: ended.parkedCall }] },
    });
  });

  it('survives any text in any place', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    fc.assert(
      fc.property(text, text, text, (display, note, uri) => {
        const entry: DialogEntry = {
          ...parked,
          remote: { identity: { display, uri }, target: undefined },
          parkedCall: { slot: '102', state: 'parked', note },
        };
        const reading = parseDialogInfo(formatDialogInfo(info([entry])));
        if (reading.kind !== 'dialog-info') throw new Error(reading.reason);
        const [copy] = reading.info.dialogs;
        const clean = (value: string) =>
          value.replace(
            /[^\t\n\r\x20-\x7e\x80-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu,
            '\uFFFD',
          );
        expect(copy?.remote?.identity?.display).toBe(clean(display));
        expect(copy?.parkedCall?.note).toBe(clean(note));
        expect(copy?.remote?.identity?.uri).toBe(clean(uri).trim());
      }),
      { numRuns: 500 },
    );
  });
});

describe('dialog-info of others', () => {
  it('is read whatever its prefixes, with what it does not know passed over', () => {
    const text =
      '<?xml version="1.0"?><!-- c --><d:dialog-info xmlns:d="urn:ietf:params:xml:ns:dialog-info" xmlns:q="urn:parkline:params:xml:ns:parked-call"' +
      ' xmlns:o="urn:other" version="0" state="partial" entity="sip:a@b"><o:extra><o:state>x</o:state></o:extra>' +
      '<d:dialog id="1"><o:state>terminated</o:state><d:state>\n early <!-- x --></d:state><q:parked-call slot="1" state="parked" recall-at="tomorrow"/></d:dialog>' +
      '<o:dialog id="2"/></d:dialog-info>';
    const reading = parseDialogInfo(text);
    expect(reading).toMatchObject({
      info: {
        version: 0,
        state: 'partial',
        dialogs: [{ id: '1', state: { kind: 'early' }, parkedCall: { slot: '1' } }],
      },
    });
    if (reading.kind === 'dialog-info')
      expect(reading.info.dialogs[0]?.parkedCall?.recallAt).toBeUndefined();
  });

  it('with a parked call of a kind that is not known is an ordinary dialog', () => {
    const reading = parseDialogInfo(
      document(
        '<dialog id="1"><state>confirmed</state><p:parked-call slot="1" state="flying"/></dialog>',
      ),
    );
    expect(reading).toMatchObject({ info: { dialogs: [{ id: '1', parkedCall: undefined }] } });
  });

  it('that cannot be read is a value with a reason', () => {
    expect(reasonOf('')).toBe('not-xml');
    expect(reasonOf('park')).toBe('not-xml');
    expect(reasonOf('<a>')).toBe('other-document');
    expect(reasonOf('<dialog-info version="1" state="full" entity="a"/>')).toBe('other-document');
    expect(reasonOf(document('<dialog>'))).not.toBe('dialog-info');
    expect(reasonOf(document('<dialog id="1"/>'))).toBe('incomplete');
    expect(reasonOf(document('<dialog><state>early</state></dialog>'))).toBe('incomplete');
    expect(reasonOf(document('', 'version="x" state="full" entity="a"'))).toBe('incomplete');
    expect(reasonOf(document('', 'version="1" state="whole" entity="a"'))).toBe('incomplete');
    expect(reasonOf(document('', 'version="1" state="full"'))).toBe('incomplete');
    expect(reasonOf(document('<dialog id="1"><state>&nope;</state></dialog>'))).toBe('not-xml');
    expect(reasonOf(document('<p2:x/>'))).toBe('not-xml');
    expect(reasonOf(document('<a>'.repeat(30)))).toBe('too-deep');
    expect(reasonOf(' '.repeat(8 * 1_048_576 + 1))).toBe('too-large');
    expect(reasonOf(document('&#x110000;'))).toBe('not-xml');
    expect(reasonOf(document('') + document(''))).toBe('not-xml');
  });

  it('has no document type and so no entities that grow', () => {
    const bomb =
      '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>';
    expect(
      reasonOf(`${bomb}${document('<dialog id="&b;&x;"><state>early</state></dialog>')}`),
    ).toBe('doctype');
  });

  it('of any damage does not throw', () => {
    const good = formatDialogInfo(info([parked]));
    fc.assert(
      fc.property(
        fc.nat(good.length),
        fc.string({ unit: fc.constantFrom(...'<>&;"\'/!?[]-x:= \0é'), maxLength: 12 }),
        fc.nat(40),
        (at, put, cut) => {
          parseDialogInfo(good.slice(0, at) + put + good.slice(at + cut));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
