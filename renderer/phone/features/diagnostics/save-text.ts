import type { DesktopBridge } from '../../../../shared/bridge/contract.ts';

/** Saves a text file: where the user says on the desktop, among the downloads in a browser. */
export async function saveText(
  file: { readonly suggestedName: string; readonly text: string },
  desktop: DesktopBridge | null,
): Promise<void> {
  if (desktop !== null) {
    await desktop.saveTextFile(file);
    return;
  }
  const url = URL.createObjectURL(new Blob([file.text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = file.suggestedName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
