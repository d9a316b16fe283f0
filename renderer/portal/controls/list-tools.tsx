import { ChevronLeft, ChevronRight, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Input, SearchField } from 'react-aria-components';
import { IconButton } from '../../controls/icon-button.tsx';
import { useFormats, useSay } from '../words.tsx';

/** So many entries on a page. */
export const PAGE_SIZE = 50;
const TYPING_MS = 200;

/** Which part of a list is looked at. */
export interface ListView {
  readonly search: string;
  readonly page: number;
  setSearch(search: string): void;
  setPage(page: number): void;
}

export function useListView(): ListView {
  const [{ search, page }, setView] = useState({ search: '', page: 1 });
  return {
    search,
    page,
    setSearch: (next) => {
      if (next !== search) setView({ search: next, page: 1 });
    },
    setPage: (next) => setView({ search, page: next }),
  };
}

/** Searches when typing pauses. */
export function SearchLine({
  label,
  onSearch,
}: {
  readonly label: string;
  onSearch(text: string): void;
}) {
  const [text, setText] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => onSearch(text.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  });
  return (
    <SearchField aria-label={label} value={text} onChange={setText} className="field search">
      <div className="field-box">
        <Search aria-hidden className="icon icon-small" />
        <Input className="field-input" placeholder={label} maxLength={100} />
      </div>
    </SearchField>
  );
}

/** Where in a long list one is, and the way on. */
export function Pager({ view, total }: { readonly view: ListView; readonly total: number }) {
  const say = useSay();
  const { number } = useFormats();
  const pages = Math.max(1, Math.ceil(total / PAGE_SIZE));
  const { page, setPage } = view;
  if (total <= PAGE_SIZE && page === 1) {
    return <p className="pager">{say('list.total', { total })}</p>;
  }
  return (
    <nav className="pager" aria-label={say('list.pages')}>
      <span role="status">
        {say('list.page', { page: number(page), pages: number(pages), total: number(total) })}
      </span>
      <IconButton
        icon={ChevronLeft}
        label={say('list.back')}
        isDisabled={page <= 1}
        onPress={() => setPage(page - 1)}
      />
      <IconButton
        icon={ChevronRight}
        label={say('list.forward')}
        isDisabled={page >= pages}
        onPress={() => setPage(page + 1)}
      />
    </nav>
  );
}
