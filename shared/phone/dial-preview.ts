import {
  hasRoomBehind,
  parseFeatureCode,
  type FeatureCodes,
  type FeatureRequest,
} from '../domain/feature-code.ts';

/** What pressing the button will do, said before it is pressed: "Park on Alice, 102". */
export type DialPreview =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'call'; readonly number: string; readonly name: string | null }
  /** A feature on another extension; `target` says whether it exists, as far as the directory knows. */
  | {
      readonly kind: 'park-extension' | 'retrieve-extension' | 'snooze-extension';
      readonly extension: string;
      readonly target: PreviewTarget;
    }
  | { readonly kind: 'park-own' | 'park-group' | 'retrieve-own' | 'snooze-own' }
  /** The beginning of a code: nothing to press yet. */
  | { readonly kind: 'unfinished-code' };

export type PreviewTarget =
  | { readonly kind: 'known'; readonly name: string }
  /** Digits that begin an extension but are none yet (484). */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'unknown' }
  /** There is no directory to ask: another PBX, or not loaded yet. */
  | { readonly kind: 'unchecked' };

/** The names behind extensions; `null` where no directory is to be had. */
export type ExtensionNames = ReadonlyMap<string, string> | null;

/** Reads what is in the dial or transfer field. Only the code decides; nothing is guessed from context. */
export function previewDial(text: string, codes: FeatureCodes, names: ExtensionNames): DialPreview {
  const dialled = text.replace(/[\s().-]/g, '');
  if (dialled === '') return { kind: 'nothing' };
  const request = parseFeatureCode(dialled, codes);
  if (request !== null) return previewFeature(request, names);
  const begun = (code: string) => hasRoomBehind(code) && code.startsWith(dialled);
  if (Object.values(codes).some(begun)) {
    return { kind: 'unfinished-code' };
  }
  return { kind: 'call', number: dialled, name: names?.get(dialled) ?? null };
}

function previewFeature(request: FeatureRequest, names: ExtensionNames): DialPreview {
  if (!('extension' in request)) return { kind: request.kind };
  const { kind, extension } = request;
  return { kind, extension, target: targetOf(extension, names) };
}

function targetOf(extension: string, names: ExtensionNames): PreviewTarget {
  if (names === null) return { kind: 'unchecked' };
  const name = names.get(extension);
  if (name !== undefined) return { kind: 'known', name };
  const begins = [...names.keys()].some((known) => known.startsWith(extension));
  return { kind: begins ? 'incomplete' : 'unknown' };
}
