import { Check, ChevronDown } from 'lucide-react';
import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
} from 'react-aria-components';

export interface ChoiceOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly ChoiceOption<Value>[];
  onChange(value: Value): void;
}

/** One of a few, in a drop-down list. */
export function Choice<Value extends string>({
  label,
  value,
  options,
  onChange,
}: ChoiceProps<Value>) {
  const pick = (key: unknown) => {
    const option = options.find((each) => each.value === key);
    if (option !== undefined) onChange(option.value);
  };
  return (
    <Select value={value} onChange={pick} className="field">
      <Label className="field-label">{label}</Label>
      <Button className="field-box choice-button">
        <SelectValue className="choice-value" />
        <ChevronDown aria-hidden className="icon icon-small" />
      </Button>
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
