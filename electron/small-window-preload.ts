import { contextBridge, ipcRenderer } from 'electron';
import { SMALL_WINDOW_EVENTS, smallWindowChannel } from '../shared/bridge/small-window.ts';
import type { SmallWindowBridge, SmallWindowChange } from '../shared/bridge/small-window.ts';

/** All that the small window's page gets: it can say which button was pressed, and nothing else. */
const bridge: SmallWindowBridge = {
  snapshot: () => ipcRenderer.invoke(smallWindowChannel('snapshot')),
  press: (press) => ipcRenderer.invoke(smallWindowChannel('press'), press),
  resize: (height) => ipcRenderer.invoke(smallWindowChannel('resize'), height),
  onChange: (run) => {
    const listen = (_event: unknown, change: SmallWindowChange): void => run(change);
    ipcRenderer.on(SMALL_WINDOW_EVENTS, listen);
    return () => {
      ipcRenderer.removeListener(SMALL_WINDOW_EVENTS, listen);
    };
  },
};

contextBridge.exposeInMainWorld('parklineAlerts', bridge);
