import type {
  DesktopEvent,
  IncomingNotification,
  ParkedNotification,
} from '../../shared/bridge/contract.ts';

/** What a desktop shows; Electron's `Notification` is behind it. */
export interface ShownNotification {
  close(): void;
}

export interface NotificationRequest {
  readonly title: string;
  readonly body: string;
  /** Buttons, where the desktop has them. */
  readonly buttons: readonly string[];
  /** Stays until it is answered. */
  readonly urgent: boolean;
  readonly onClick: () => void;
  readonly onButton: (index: number) => void;
}

export type ShowNotification = (request: NotificationRequest) => ShownNotification;

/**
 * One notification per parked or ringing call: replaced, not stacked, and withdrawn when the call is gone. A click on a parked
 * call's notification retrieves it; a click on an incoming call's brings up the window.
 */
export class Notifier {
  readonly #show: ShowNotification;
  readonly #send: (event: DesktopEvent) => void;
  readonly #shown = new Map<string, ShownNotification>();

  constructor(show: ShowNotification, send: (event: DesktopEvent) => void) {
    this.#show = show;
    this.#send = send;
  }

  showParked(notification: ParkedNotification): void {
    const { parkId } = notification;
    const retrieve = (): void => {
      this.#withdraw(`parked ${parkId}`);
      this.#send({ kind: 'retrieve', parkId, source: 'notification' });
    };
    this.#replace(`parked ${parkId}`, {
      title: notification.title,
      body: notification.body,
      buttons: [notification.retrieveLabel],
      urgent: false,
      onClick: retrieve,
      onButton: retrieve,
    });
  }

  withdrawParked(parkId: string): void {
    this.#withdraw(`parked ${parkId}`);
  }

  showIncoming(notification: IncomingNotification): void {
    const { callId } = notification;
    this.#replace(`incoming ${callId}`, {
      title: notification.title,
      body: notification.body,
      buttons: [notification.answerLabel, notification.declineLabel],
      urgent: true,
      onClick: () => this.#send({ kind: 'show' }),
      onButton: (index) => this.#send({ kind: index === 0 ? 'answer' : 'decline', callId }),
    });
  }

  withdrawIncoming(callId: string): void {
    this.#withdraw(`incoming ${callId}`);
  }

  withdrawAll(): void {
    for (const key of [...this.#shown.keys()]) this.#withdraw(key);
  }

  #replace(key: string, request: NotificationRequest): void {
    this.#withdraw(key);
    this.#shown.set(key, this.#show(request));
  }

  #withdraw(key: string): void {
    this.#shown.get(key)?.close();
    this.#shown.delete(key);
  }
}
