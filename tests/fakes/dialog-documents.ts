export interface DialogSketch {
  readonly id: string;
  readonly state: 'trying' | 'early' | 'confirmed' | 'terminated';
  readonly direction?: 'initiator' | 'recipient';
}

/** A `dialog-info` document of somebody's own calls, as any PBX may write it (RFC 4235). */
export function dialogDocument(
  { version, state }: { readonly version: number; readonly state: 'full' | 'partial' },
  dialogs: readonly DialogSketch[],
): string {
  const entries = dialogs.map(
    ({ id, direction, ...dialog }) =>
      `<dialog id="${id}"${direction === undefined ? '' : ` direction="${direction}"`}><state>${dialog.state}</state></dialog>`,
  );
  return (
    '<?xml version="1.0"?><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" ' +
    `version="${version}" state="${state}" entity="sip:101@pbx.test">${entries.join('')}</dialog-info>`
  );
}
