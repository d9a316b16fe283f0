import { Sheet } from '../../../controls/sheet.tsx';
import { usePhoneState, useSettings } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { KEY_BINDINGS, keyOf, showKey } from './key-bindings.ts';
import { FIXED_KEYS } from './phone-keys.ts';

/** All keys, and what the codes mean. */
export function HelpSheet({ isOpen, onClose }: { readonly isOpen: boolean; onClose(): void }) {
  const say = useSay();
  const codes = usePhoneState((state) => state.codes);
  const { parts, slotIs } = usePhoneState((state) => state.pbx);
  const { ownKeys } = useSettings();
  const bound = KEY_BINDINGS.flatMap((binding) => {
    const key = keyOf(binding, ownKeys);
    return key === null ? [] : [{ keys: showKey(key), words: binding.words }];
  });
  return (
    <Sheet title={say('help.title')} isOpen={isOpen} onClose={onClose}>
      <table className="keys">
        <caption className="visually-hidden">{say('help.keys')}</caption>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">{say('help.key')}</th>
            <th scope="col">{say('help.does')}</th>
          </tr>
        </thead>
        <tbody>
          {[...bound, ...FIXED_KEYS].map(({ keys, words }) => (
            <tr key={words}>
              <th scope="row">
                <kbd dir="ltr">{keys}</kbd>
              </th>
              <td>{say(words)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3 className="page-subtitle">{say('help.codes')}</h3>
      <table className="keys">
        <tbody>
          {(
            [
              [codes.park, slotIs === 'place' ? 'help.code.parkLot' : 'help.code.park'],
              [parts.parkOnColleague ? `${codes.park}102` : '', 'help.code.parkExtension'],
              [codes.parkGroup, 'help.code.parkGroup'],
              [codes.retrieve, 'help.code.retrieve'],
              [codes.retrieve === '' ? '' : `${codes.retrieve}102`, 'help.code.retrieveExtension'],
              [codes.snooze, 'help.code.snooze'],
              [codes.snooze === '' ? '' : `${codes.snooze}102`, 'help.code.snoozeExtension'],
            ] as const
          )
            .filter(([code]) => code !== '')
            .map(([code, words]) => (
              <tr key={code}>
                <th scope="row">
                  <kbd dir="ltr">{code}</kbd>
                </th>
                <td>{say(words)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </Sheet>
  );
}
