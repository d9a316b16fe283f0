import type { BoardInput } from '../../../shared/phone/park-board.ts';
import { parkNotifyFrom } from '../../../shared/phone/park-notify.ts';
import { parseDialogInfo } from '../../../shared/sip/events/dialog-info-reader.ts';
import type { ParkListEvent } from '../../sip/phone-line.ts';

/** What the line says of the park list, as the board takes it; `null`: this server has no such list. */
export function boardInputOf(event: ParkListEvent): BoardInput | null {
  switch (event.kind) {
    case 'subscribed':
      return { kind: 'subscribed' };
    case 'lost':
      return { kind: 'subscription-lost' };
    case 'unsupported':
      return null;
    case 'notify':
      return { kind: 'notified', notify: event.notify };
    case 'document': {
      const reading = parseDialogInfo(event.body);
      return reading.kind === 'unreadable'
        ? { kind: 'unreadable' }
        : { kind: 'notified', notify: parkNotifyFrom(reading.info) };
    }
  }
}
