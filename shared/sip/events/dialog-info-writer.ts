import { DIALOG_INFO_NAMESPACE, PARKED_CALL_NAMESPACE } from './dialog-info.ts';
import type {
  DialogEntry,
  DialogInfo,
  DialogParty,
  DialogState,
  DialogTarget,
  ParkedCallElement,
} from './dialog-info.ts';
import { attributes, escapeXml } from './xml-text.ts';

/** The document as a NOTIFY carries it. Whatever the texts hold, it is well-formed. */
export function formatDialogInfo(info: DialogInfo): string {
  const root = attributes({
    xmlns: DIALOG_INFO_NAMESPACE,
    'xmlns:p': PARKED_CALL_NAMESPACE,
    version: info.version,
    state: info.state,
    entity: info.entity,
  });
  const dialogs = info.dialogs.map(formatDialog).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<dialog-info${root}>${dialogs}</dialog-info>\n`;
}

function formatDialog(dialog: DialogEntry): string {
  const head = attributes({
    id: dialog.id,
    'call-id': dialog.callId,
    'local-tag': dialog.localTag,
    'remote-tag': dialog.remoteTag,
    direction: dialog.direction,
  });
  const duration =
    dialog.duration === undefined
      ? ''
      : `<duration>${Math.max(0, Math.floor(dialog.duration))}</duration>`;
  const parts = [
    formatState(dialog.state),
    duration,
    formatParty('local', dialog.local),
    formatParty('remote', dialog.remote),
    dialog.parkedCall === undefined ? '' : formatParkedCall(dialog.parkedCall),
  ];
  return `<dialog${head}>${parts.join('')}</dialog>`;
}

function formatState(state: DialogState): string {
  const head =
    state.kind === 'terminated' ? attributes({ event: state.event, code: state.code }) : '';
  return `<state${head}>${state.kind}</state>`;
}

function formatParty(name: 'local' | 'remote', party: DialogParty | undefined): string {
  if (party === undefined) return '';
  const { identity, target } = party;
  const who =
    identity === undefined
      ? ''
      : `<identity${attributes({ display: identity.display })}>${escapeXml(identity.uri)}</identity>`;
  return `<${name}>${who}${target === undefined ? '' : formatTarget(target)}</${name}>`;
}

function formatTarget({ uri, params }: DialogTarget): string {
  let inner = '';
  for (const [pname, pvalue] of params) inner += `<param${attributes({ pname, pvalue })}/>`;
  return inner === ''
    ? `<target${attributes({ uri })}/>`
    : `<target${attributes({ uri })}>${inner}</target>`;
}

function formatParkedCall(call: ParkedCallElement): string {
  const values = attributes({
    slot: call.slot,
    group: call.group,
    parker: call.parker,
    'parker-name': call.parkerName,
    'parked-at': formatTime(call.parkedAt),
    'recall-at': formatTime(call.recallAt),
    'recall-to': call.recallTo,
    'recall-group': call.recallGroup,
    'alert-parker': call.alertParker === true ? 'true' : undefined,
    now: formatTime(call.now),
    state: call.state,
    note: call.note,
    'ended-by': call.endedBy,
    'ended-reason': call.endedReason,
  });
  return `<p:parked-call${values}/>`;
}

const formatTime = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString();
