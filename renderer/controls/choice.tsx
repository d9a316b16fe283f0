import { Check, ChevronDown } from 'lucide-react';
import {
  Button,
  FieldError,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Text,
} from 'react-aria-components';
import { useFound } from './found.tsx';

export interface ChoiceOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly ChoiceOption<Value>[];
  readonly hint?: string;
  readonly error?: string | null;
  /** Shown while nothing is chosen. */
  readonly placeholder?: string;
  onChange(value: Value): void;
}

/** One of a few, in a drop-down list. */
export function Choice<Value extends string>({
  label,
  value,
  options,
  hint,
  error = null,
  placeholder,
  onChange,
}: ChoiceProps<Value>) {
  const found = useFound(label, hint);
  const pick = (key: unknown) => {
    const option = options.find((each) => each.value === key);
    if (option !== undefined) onChange(option.value);
  };
  if (!found) return null;
  return (
    <Select
      value={options.some((option) => option.value === value) ? value : null}
      onChange={pick}
      isInvalid={error !== null}
      className="field"
      {...(placeholder === undefined ? {} : { placeholder })}
    >
      <Label className="field-label">{label}</Label>
      <Button className="field-box choice-button">
        <SelectValue className="choice-value" />
        <ChevronDown aria-hidden className="icon icon-small" />
      </Button>
      {hint === undefined ? null : (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">{error ?? ''}</FieldError>
      <Popover className="popover choice-popover">
        <ListBox className="list-box">
          {options.map((option) => (
            <ListBoxItem
              key={option.value}
              id={option.value}
              textValue={option.label}
              className="list-option"
            >
              {({ isSelected }) => (
                <>
                  <span className="list-option-words">{option.label}</span>
                  {isSelected ? <Check aria-hidden className="icon icon-small" /> : null}
                </>
              )}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
