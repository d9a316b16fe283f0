import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Figures stand at the end of their column. */
  readonly numeric?: boolean;
  /** Buttons: the column's title is for screen readers alone. */
  readonly actions?: boolean;
}

interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  /** Said when there is no row. */
  readonly none: string;
}

/** A table; where the page is narrow each row becomes a card, still a table to screen readers. */
export function DataTable<Row>({ label, columns, rows, keyOf, none }: DataTableProps<Row>) {
  if (rows.length === 0) return <p className="none">{none}</p>;
  return (
    <table className="table" aria-label={label} role="table">
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ id, title, numeric, actions }) => (
            <th key={id} role="columnheader" scope="col" data-numeric={numeric || undefined}>
              <span className={actions ? 'visually-hidden' : ''}>{title}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row">
            {columns.map(({ id, title, cell, numeric, actions }) => (
              <td
                key={id}
                role="cell"
                data-title={actions ? undefined : title}
                data-numeric={numeric || undefined}
                data-actions={actions || undefined}
              >
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
