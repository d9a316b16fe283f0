import { CallFloor } from '../../renderer/phone/model/call-floor.ts';
import { Phone } from '../../renderer/phone/model/phone.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import type { ScriptedLine } from './scripted-line.ts';

/** A phone over a scripted line, with nothing switched on that a user would have to switch on. */
export function scriptedPhone(parts: {
  readonly line: ScriptedLine;
  readonly clock: Clock;
  readonly extension: string;
  /** Shared with other phones of the same user; absent: it has none. */
  readonly floor?: CallFloor;
}): Phone {
  const { line, clock, extension } = parts;
  let ids = 0;
  const account = {
    key: `${extension}@pbx.test`,
    server: 'pbx.test',
    extension,
    domain: 'pbx.test',
    webSocketUrl: 'wss://pbx.test/',
    serverName: '',
    apiBaseUrl: null,
    demo: false,
    instanceId: 'x',
  };
  return new Phone(account, {
    line,
    clock,
    floor: parts.floor ?? new CallFloor(clock),
    newId: () => `call-${(ids += 1)}`,
    askBeforeHold: () => false,
    autoAnswer: () => false,
  });
}
