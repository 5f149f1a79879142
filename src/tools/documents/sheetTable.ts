/** The cells of a sheet → its table, without empty rows and columns, and notes on what the table does not tell. */
import { countOf } from '../../shared/quantities.ts';
import { rowsTable } from './rowsTable.ts';

/** A row that shows something; rows and columns count from 1. */
export interface SheetRow {
  readonly number: number;
  readonly isHidden: boolean;
  readonly cells: readonly { readonly column: number; readonly text: string }[];
}

/** A sheet as far as there was room. */
export interface SheetCells {
  readonly rows: readonly SheetRow[];
  /** Rows that show something, with those for which there was no room. */
  readonly rowCount: number;
  /** The last row that is there, whether it shows something or not. */
  readonly lastRow: number;
  readonly hiddenColumns: readonly Range[];
  /** Formulas that were never computed. */
  readonly unstored: number;
}

/** From and to with what lies between. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** The table of a sheet; `cut`: rows of it did not fit. */
export interface SheetTable {
  readonly text: string;
  readonly notes: readonly string[];
  readonly cut: boolean;
}

/** At most about `maxChars` of a sheet. */
export function sheetTable(sheet: SheetCells, maxChars: number): SheetTable {
  const columns = [...new Set(sheet.rows.flatMap(({ cells }) => cells.map(({ column }) => column)))].sort(
    (a, b) => a - b,
  );
  const table = rowsTable(denseRows(sheet.rows, columns), maxChars);
  const cut = table.rows < sheet.rowCount;
  const notes = [
    ...notesOf(sheet, columns),
    ...(cut ? [`only the first ${table.rows} of ${sheet.rowCount} rows are here.`] : []),
  ];
  return { text: table.rows === 0 ? '(empty)' : table.text, notes, cut };
}

/** Rows with a cell for each of the columns. */
function denseRows(rows: readonly SheetRow[], columns: readonly number[]): readonly (readonly string[])[] {
  const places = new Map(columns.map((column, at) => [column, at]));
  return rows.map(({ cells }) => {
    const dense: string[] = [];
    for (const { column, text } of cells) {
      const at = places.get(column) ?? 0;
      while (dense.length < at) dense.push('');
      dense[at] = text;
    }
    return dense;
  });
}

/** What the table does not show, or shows although Excel does not. */
function notesOf(
  { rows, rowCount, lastRow, hiddenColumns, unstored }: SheetCells,
  columns: readonly number[],
): readonly string[] {
  const isWhole = rows.length === rowCount;
  const numbers = rows.map(({ number }) => number);
  const hiddenRows = rows.filter(({ isHidden }) => isHidden).map(({ number }) => number);
  const unseen = columns.filter((column) => hiddenColumns.some(({ from, to }) => column >= from && column <= to));
  const empty = [
    ...ranges('row', gaps(numbers, isWhole ? lastRow : 0), String),
    ...ranges('column', gaps(columns, 0), lettersOf),
  ];
  const hidden = [...ranges('row', runs(hiddenRows), String), ...ranges('column', runs(unseen), lettersOf)];
  return [
    ...(unstored === 1 ? ['1 formula has no stored value, so it is shown itself.'] : []),
    ...(unstored > 1 ? [`${countOf(unstored, 'formula')} have no stored value, so they are shown themselves.`] : []),
    ...(rows.length > 0 && empty.length > 0 ? [`left out as empty: ${empty.join(', ')}.`] : []),
    ...(hidden.length > 0 ? [`hidden in the workbook: ${hidden.join(', ')}.`] : []),
  ];
}

/** What lies between numbers in order, from 1 on, and up to the last. */
function gaps(numbers: readonly number[], last: number): readonly Range[] {
  const found: Range[] = [];
  let next = 1;
  for (const number of [...numbers, last + 1]) {
    if (number > next) found.push({ from: next, to: number - 1 });
    next = Math.max(next, number + 1);
  }
  return found;
}

/** Numbers that follow each other. */
function runs(numbers: readonly number[]): readonly Range[] {
  const found: Range[] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last?.to === number - 1) found[found.length - 1] = { from: last.from, to: number };
    else found.push({ from: number, to: number });
  }
  return found;
}

/** The first ranges in words, as far as they can be listed. */
function ranges(what: string, all: readonly Range[], name: (number: number) => string): readonly string[] {
  const words = all
    .slice(0, 20)
    .map(({ from, to }) => (from === to ? `${what} ${name(from)}` : `${what}s ${name(from)}–${name(to)}`));
  return all.length > 20 ? [...words, `${all.length - 20} more ranges of ${what}s`] : words;
}

function lettersOf(column: number): string {
  const rest = Math.floor((column - 1) / 26);
  return `${rest > 0 ? lettersOf(rest) : ''}${String.fromCharCode(65 + ((column - 1) % 26))}`;
}
