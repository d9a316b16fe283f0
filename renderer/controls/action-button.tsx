import type { LucideIcon } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import { Button, type ButtonProps } from 'react-aria-components';

interface ActionButtonProps extends Omit<ButtonProps, 'className' | 'children'> {
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
  readonly tone?: 'plain' | 'accent' | 'danger' | 'good' | 'quiet';
  readonly className?: string;
  readonly buttonRef?: Ref<HTMLButtonElement>;
}

/** A button with words, and an icon beside them where it helps. */
export function ActionButton({
  icon: Icon,
  children,
  tone = 'plain',
  className = '',
  buttonRef,
  ...rest
}: ActionButtonProps) {
  return (
    <Button
      {...rest}
      {...(buttonRef === undefined ? {} : { ref: buttonRef })}
      className={`button button-${tone} ${className}`}
    >
      {Icon === undefined ? null : <Icon aria-hidden className="icon" />}
      <span className="button-words">{children}</span>
    </Button>
  );
}
