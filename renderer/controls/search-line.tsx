import { Search } from 'lucide-react';
import { Input, Label, SearchField } from 'react-aria-components';

interface SearchLineProps {
  /** What is searched; shown within the empty field. */
  readonly label: string;
  readonly value: string;
  onChange(value: string): void;
}

/** One line to search with; Escape empties it. */
export function SearchLine({ label, value, onChange }: SearchLineProps) {
  return (
    <SearchField value={value} onChange={onChange} className="search-line">
      <Label className="visually-hidden">{label}</Label>
      <div className="field-box">
        <Search aria-hidden className="icon icon-small" />
        <Input className="field-input" placeholder={label} />
      </div>
    </SearchField>
  );
}
