import type { LucideIcon } from 'lucide-react';
import { ToggleButton, type ToggleButtonProps } from 'react-aria-components';

interface ToggleTileProps extends Omit<ToggleButtonProps, 'className' | 'children'> {
  readonly icon: LucideIcon;
  readonly label: string;
}

/** A big two-state key of the call panel: mute, hold, keypad. */
export function ToggleTile({ icon: Icon, label, ...rest }: ToggleTileProps) {
  return (
    <ToggleButton {...rest} className="tile">
      <Icon aria-hidden className="icon" />
      <span>{label}</span>
    </ToggleButton>
  );
}
