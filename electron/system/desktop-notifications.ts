import { Notification } from 'electron';
import type { ShowNotification } from './notifier.ts';

/** Where the desktop shows buttons: macOS for certain; elsewhere Electron ignores them and a click is all there is. */
export const notificationButtons = (): boolean => process.platform === 'darwin';

/** Shows by Electron's `Notification`, which is the desktop's own (libnotify, Notification Centre, toast). */
export const showDesktopNotification: ShowNotification = (request) => {
  if (!Notification.isSupported()) return { close: () => undefined };
  const buttons = notificationButtons() ? request.buttons : [];
  const notification = new Notification({
    title: request.title,
    body: request.body,
    silent: true,
    urgency: request.urgent ? 'critical' : 'normal',
    timeoutType: 'never',
    actions: buttons.map((text) => ({ type: 'button' as const, text })),
  });
  notification.on('click', request.onClick);
  notification.on('action', (_event, index) => request.onButton(index));
  notification.show();
  return { close: () => notification.close() };
};
