import type { LucideIcon } from 'lucide-react';
import { Button, Tooltip, TooltipTrigger, type ButtonProps } from 'react-aria-components';

interface IconButtonProps extends Omit<ButtonProps, 'className' | 'children'> {
  readonly icon: LucideIcon;
  /** Its name for everyone who does not see the icon, and its tool tip. */
  readonly label: string;
  readonly className?: string;
}

/** A button that is only an icon; its name is a tool tip, too. */
export function IconButton({ icon: Icon, label, className = '', ...rest }: IconButtonProps) {
  return (
    <TooltipTrigger delay={600}>
      <Button {...rest} aria-label={label} className={`icon-button ${className}`}>
        <Icon aria-hidden className="icon" />
      </Button>
      <Tooltip className="tooltip" offset={6}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}
