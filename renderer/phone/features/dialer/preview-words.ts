import { assertNever } from '../../../../shared/domain/assert-never.ts';
import type {
  DialPreview,
  ExtensionNames,
  PreviewTarget,
} from '../../../../shared/phone/dial-preview.ts';
import type { ServerParts } from '../../model/phone-state.ts';
import type { Say } from '../../text.tsx';

export function namesOf(server: ServerParts): ExtensionNames {
  return server.kind === 'ready'
    ? new Map(server.directory.map((entry) => [entry.extension, entry.displayName]))
    : null;
}

/** "Park on Alice, 102": what pressing will do. */
export function previewWords(preview: DialPreview, say: Say): string {
  switch (preview.kind) {
    case 'nothing':
      return '';
    case 'call':
      return preview.name === null || preview.name === ''
        ? ''
        : say('preview.call', { who: preview.name });
    case 'park-extension':
      return withTarget('preview.parkOn', preview, say);
    case 'retrieve-extension':
      return withTarget('preview.retrieveFrom', preview, say);
    case 'snooze-extension':
      return withTarget('preview.snoozeFor', preview, say);
    case 'park-own':
      return say('preview.parkOwn');
    case 'park-group':
      return say('preview.parkGroup');
    case 'retrieve-own':
      return say('preview.retrieveOwn');
    case 'snooze-own':
      return say('preview.snoozeOwn');
    case 'unfinished-code':
      return say('preview.unfinished');
    default:
      return assertNever(preview);
  }
}

function withTarget(
  id: 'preview.parkOn' | 'preview.retrieveFrom' | 'preview.snoozeFor',
  preview: { readonly extension: string; readonly target: PreviewTarget },
  say: Say,
): string {
  const { extension, target } = preview;
  switch (target.kind) {
    case 'known':
      return say(id, { who: target.name === '' ? extension : `${target.name}, ${extension}` });
    case 'unchecked':
      return say(id, { who: extension });
    case 'incomplete':
      return say('preview.incomplete', { extension });
    case 'unknown':
      return say('preview.unknown', { extension });
    default:
      return assertNever(target);
  }
}
