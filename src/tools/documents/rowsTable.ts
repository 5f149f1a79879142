/** Rows of cells → a table in Markdown, as far as there is room. */

/** A table, and how many of its rows are in it. */
export interface RowsTable {
  readonly text: string;
  readonly rows: number;
}

/** The first row is the header. Rows are whole: those that do not fit into `maxChars` are left out. */
export function rowsTable(rows: readonly (readonly string[])[], maxChars: number): RowsTable {
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const lines: string[] = [];
  let chars = 0;
  for (const row of rows) {
    const line = lineOf(row, columns);
    chars += line.length + 1;
    if (chars > maxChars && lines.length > 0) break;
    lines.push(line);
  }
  const count = lines.length;
  if (count > 0) lines.splice(1, 0, `|${' --- |'.repeat(columns)}`);
  return { text: lines.join('\n'), rows: count };
}

function lineOf(row: readonly string[], columns: number): string {
  let line = '|';
  for (let i = 0; i < columns; i++) {
    const cell = row[i] ?? '';
    line +=
      cell === ''
        ? ' |'
        : ` ${/[\n\r|]/.test(cell) ? cell.replace(/\s*[\r\n]+\s*/g, ' ').replace(/\|/g, '\\|') : cell} |`;
  }
  return line;
}

/** What a document's text may hold at most, in characters: tables and data end there, with a note. */
export const maxDocumentChars = 4_000_000;

/** What tables of many rows may hold: some hundred thousand cells are whole. */
export const maxTableChars = 16_000_000;
