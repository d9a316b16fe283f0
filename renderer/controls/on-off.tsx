import { Switch } from 'react-aria-components';
import { useFound } from './found.tsx';

interface OnOffProps {
  readonly label: string;
  readonly hint?: string;
  readonly isOn: boolean;
  onChange(isOn: boolean): void;
}

/** A switch with its words. */
export function OnOff({ label, hint, isOn, onChange }: OnOffProps) {
  if (!useFound(label, hint)) return null;
  return (
    <Switch isSelected={isOn} onChange={onChange} className="on-off">
      <span className="on-off-words">
        <span>{label}</span>
        {hint === undefined ? null : <span className="field-hint">{hint}</span>}
      </span>
      <span className="on-off-track" aria-hidden>
        <span className="on-off-thumb" />
      </span>
    </Switch>
  );
}
