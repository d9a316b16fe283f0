import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import { ActionButton } from '../../controls/action-button.tsx';
import { usePortal, useResource } from '../portal-context.tsx';
import { useSay } from '../words.tsx';
import { DataTable, type Column } from './data-table.tsx';
import { Loaded } from './page.tsx';

/** Which page of a log: the lines before that one, so many at most; without `before` the newest. */
export interface LogPart {
  readonly before?: number;
  readonly limit: number;
}

interface LogPage<Line> {
  readonly lines: readonly Line[];
  /** For `before`; `null`: there are no older lines. */
  readonly next: number | null;
}

interface LogTableProps<Line> {
  readonly label: string;
  readonly columns: readonly Column<Line>[];
  /** Said when there is no line. */
  readonly none: string;
  readonly schema: z.ZodType<LogPage<Line>>;
  /** Where a part of it is asked for. */
  readonly pathOf: (part: LogPart) => string;
}

const LIMIT = 100;

/** Newest first, with a way back and forth by the ends of the pages seen so far. */
export function LogTable<Line extends { readonly id: number }>({
  label,
  columns,
  none,
  schema,
  pathOf,
}: LogTableProps<Line>) {
  const say = useSay();
  const { api } = usePortal();
  const [ends, setEnds] = useState<readonly number[]>([]);
  const before = ends.at(-1);
  const path = pathOf({ ...(before !== undefined && { before }), limit: LIMIT });
  const log = useResource({ key: path, load: () => api.get(path, schema) });
  return (
    <Loaded resource={log}>
      {({ lines, next }) => (
        <>
          <DataTable
            label={label}
            columns={columns}
            rows={lines}
            keyOf={({ id }) => id}
            none={none}
          />
          <div className="form-actions">
            <ActionButton icon={RefreshCw} onPress={log.reload}>
              {say('common.refresh')}
            </ActionButton>
            <ActionButton isDisabled={ends.length === 0} onPress={() => setEnds(ends.slice(0, -1))}>
              {say('journal.newer')}
            </ActionButton>
            <ActionButton
              isDisabled={next === null}
              onPress={() => next !== null && setEnds([...ends, next])}
            >
              {say('journal.older')}
            </ActionButton>
          </div>
        </>
      )}
    </Loaded>
  );
}
