import type { ReactNode } from 'react';
import {
  FieldError,
  Input,
  Label,
  Text,
  TextField,
  type TextFieldProps,
} from 'react-aria-components';
import { useFound } from './found.tsx';

interface TextLineProps extends Omit<TextFieldProps, 'className' | 'children'> {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | null;
  readonly placeholder?: string;
  readonly after?: ReactNode;
  /** Text that is never bidirectional prose: numbers, addresses. */
  readonly machine?: boolean;
}

/** One line to type in, with its label, a hint and what is wrong with it. */
export function TextLine({
  label,
  hint,
  error = null,
  placeholder,
  after,
  machine = false,
  ...rest
}: TextLineProps) {
  if (!useFound(label, hint)) return null;
  return (
    <TextField {...rest} isInvalid={error !== null} className="field">
      <Label className="field-label">{label}</Label>
      <div className="field-box">
        <Input
          className="field-input"
          {...(placeholder === undefined ? {} : { placeholder })}
          {...(machine ? { dir: 'ltr', spellCheck: false, autoCapitalize: 'off' } : {})}
        />
        {after}
      </div>
      {hint === undefined ? null : (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">{error ?? ''}</FieldError>
    </TextField>
  );
}
