import { dialog } from 'electron';
import type { CrashWords } from '../page-restarts.ts';

/** Asks in a window of the system's own: the phone's crashes too often to ask anything. */
export async function askAfterCrashes(words: CrashWords): Promise<'start' | 'quit'> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'Parkline',
    message: words.crashedOften,
    buttons: [words.startAgain, words.quit],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 1 ? 'quit' : 'start';
}
