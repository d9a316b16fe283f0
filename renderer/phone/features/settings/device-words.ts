import type { DeviceRole } from '../../../../shared/phone/device-choice.ts';
import type { NoticeContent } from '../../model/notice.ts';
import type { Say } from '../../text.tsx';

/** "Microphone unplugged. Now using Built-in." */
export function deviceWords(
  { role, change, label }: Extract<NoticeContent, { kind: 'device-changed' }>,
  say: Say,
): string {
  const device = label === '' ? say('settings.defaultDevice') : label;
  const values = { what: roleWords(role, say), device };
  return say(change === 'gone' ? 'device.gone' : 'device.back', values);
}

export function roleWords(role: DeviceRole, say: Say): string {
  switch (role) {
    case 'microphone':
      return say('settings.microphone');
    case 'speaker':
      return say('settings.speaker');
    case 'ringer':
      return say('settings.ringer');
    case 'chime':
      return say('settings.chimeDevice');
  }
}
