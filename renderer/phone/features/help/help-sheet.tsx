import { Sheet } from '../../../controls/sheet.tsx';
import { usePhoneState } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { KEYS } from './phone-keys.ts';

/** All keys, and what the codes mean. */
export function HelpSheet({ isOpen, onClose }: { readonly isOpen: boolean; onClose(): void }) {
  const say = useSay();
  const codes = usePhoneState((state) => state.codes);
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
          {KEYS.map(({ keys, words }) => (
            <tr key={keys}>
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
              [codes.park, 'help.code.park'],
              [`${codes.park}102`, 'help.code.parkExtension'],
              [codes.parkGroup, 'help.code.parkGroup'],
              [codes.retrieve, 'help.code.retrieve'],
              [`${codes.retrieve}102`, 'help.code.retrieveExtension'],
              [codes.snooze, 'help.code.snooze'],
              [`${codes.snooze}102`, 'help.code.snoozeExtension'],
            ] as const
          ).map(([code, words]) => (
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
