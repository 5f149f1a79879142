/** The sheets of an OpenDocument workbook, from its XML: cells by the text that they show. */
import type { SheetCells, SheetRow } from './sheetTable.ts';
import { attributeOf, plainXml, scanXml } from './xmlScan.ts';

/** A sheet with its name. */
export interface OpenSheet {
  readonly name: string;
  readonly isHidden: boolean;
  readonly cells: SheetCells;
}

/** What stands in cells without being theirs. */
const besides: ReadonlySet<string> = new Set(['annotation', 'shapes', 'desc', 'title']);
/** How often a row or a cell may stand for others, and how many columns there are. */
const most = { rows: 1_048_576, columns: 16_384 };

/** All sheets, each up to about `maxChars`. */
export function openSheets(xml: string, maxChars: number): readonly OpenSheet[] {
  const sheets: OpenSheet[] = [];
  const hiddenStyles = new Set<string>();
  let style = '';
  let skipped = 0;
  let sheet: Mutable | undefined;
  let row: { repeat: number; isHidden: boolean; cells: { column: number; text: string }[] } | undefined;
  let cell: { repeat: number; value: string; formula: string; lines: string[] } | undefined;
  let isText = false;
  let column = 1;
  let chars = 0;
  const closeCell = () => {
    if (!cell || !row || !sheet) return;
    const shown = cell.lines.join(' ').trim() || cell.value;
    if (shown === '' && cell.formula !== '') sheet.unstored += cell.repeat;
    const text = shown || cell.formula;
    // Beyond the room a row only has to show that it holds something.
    const end = Math.min(column + (chars > maxChars ? 1 : cell.repeat), most.columns + 1);
    for (let at = column; text !== '' && at < end; at++) row.cells.push({ column: at, text });
    chars += text === '' ? 0 : (text.length + 3) * (end - column);
    column += cell.repeat;
    cell = undefined;
  };
  const closeRow = () => {
    if (!row || !sheet) return;
    if (row.cells.length > 0) {
      const own = row.cells.reduce((sum, { text }) => sum + text.length + 3, 0);
      sheet.rowCount += row.repeat;
      for (let at = 0; at < row.repeat && (chars <= maxChars || sheet.rows.length === 0); at++) {
        sheet.rows.push({ number: sheet.lastRow + at + 1, isHidden: row.isHidden, cells: row.cells });
        chars += at === 0 ? 0 : own;
      }
    }
    sheet.lastRow += row.repeat;
    row = undefined;
  };
  scanXml(xml, {
    open: (name, attributes) => {
      if (skipped > 0 || besides.has(name)) skipped += 1;
      else if (name === 'style') style = attributeOf(attributes, 'name') ?? '';
      else if (name === 'table-properties' && attributeOf(attributes, 'display') === 'false') hiddenStyles.add(style);
      else if (name === 'table' && !sheet) {
        const isHidden = hiddenStyles.has(attributeOf(attributes, 'style-name') ?? '');
        sheet = {
          name: attributeOf(attributes, 'name') ?? '',
          isHidden,
          rows: [],
          rowCount: 0,
          lastRow: 0,
          hiddenColumns: [],
          unstored: 0,
        };
        column = 1;
      } else if (name === 'table-column' && sheet) {
        const repeat = repeatOf(attributes, 'number-columns-repeated', most.columns);
        if (isUnseen(attributes)) sheet.hiddenColumns.push({ from: column, to: column + repeat - 1 });
        column += repeat;
      } else if (name === 'table-row') {
        row = {
          repeat: repeatOf(attributes, 'number-rows-repeated', most.rows),
          isHidden: isUnseen(attributes),
          cells: [],
        };
        column = 1;
      } else if (name === 'table-cell' || name === 'covered-table-cell') {
        const repeat = repeatOf(attributes, 'number-columns-repeated', most.columns);
        cell = { repeat, value: valueOf(attributes), formula: formulaOf(attributes), lines: [] };
      } else if (name === 'p' && cell) {
        cell.lines.push('');
        isText = true;
      } else if (name === 's' && isText) addText(cell, ' '.repeat(repeatOf(attributes, 'c', 100)));
    },
    text: (text) => {
      if (isText && skipped === 0) addText(cell, plainXml(text).replace(/\s+/g, ' '));
    },
    close: (name) => {
      if (skipped > 0) skipped -= 1;
      else if (name === 'p') isText = false;
      else if (name === 'table-cell' || name === 'covered-table-cell') closeCell();
      else if (name === 'table-row') closeRow();
      else if (name === 'table' && sheet) {
        const { name: title, isHidden, ...cells } = sheet;
        sheets.push({ name: title, isHidden, cells });
        sheet = undefined;
      }
    },
  });
  return sheets;
}

interface Mutable {
  readonly name: string;
  readonly isHidden: boolean;
  readonly rows: SheetRow[];
  readonly hiddenColumns: { readonly from: number; readonly to: number }[];
  rowCount: number;
  lastRow: number;
  unstored: number;
}

function addText(cell: { readonly lines: string[] } | undefined, text: string): void {
  if (cell) cell.lines[cell.lines.length - 1] = `${cell.lines.at(-1) ?? ''}${text}`;
}

function repeatOf(attributes: string, name: string, mostTimes: number): number {
  const times = Number(attributeOf(attributes, name) ?? 1);
  return Number.isInteger(times) && times > 0 ? Math.min(times, mostTimes) : 1;
}

function isUnseen(attributes: string): boolean {
  return /^(?:collapse|filter)$/.test(attributeOf(attributes, 'visibility') ?? '');
}

/** What programs write that show no text. */
function valueOf(attributes: string): string {
  const kinds = ['string-value', 'date-value', 'time-value', 'boolean-value', 'value'];
  return kinds.map((kind) => attributeOf(attributes, kind)).find((value) => value !== undefined) ?? '';
}

function formulaOf(attributes: string): string {
  return (attributeOf(attributes, 'formula') ?? '').replace(/^\w+:(?==)/, '');
}
