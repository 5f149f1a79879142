/** One sheet of a workbook, from its XML: the cells that show something, and which rows and columns are hidden. */
import { plainNumber, type NumberFormat } from './numberFormat.ts';
import type { SheetCells, SheetRow } from './sheetTable.ts';
import { attributeOf, plainXml, scanXml } from './xmlScan.ts';

/** What cells refer to. */
export interface CellStyles {
  readonly strings: readonly string[];
  /** One for each style. */
  readonly formats: readonly NumberFormat[];
  /** Added to dates, in days. */
  readonly days: number;
}

/** Reads the cells, up to about `maxChars`. */
export function sheetCells(xml: string, styles: CellStyles, maxChars: number): SheetCells {
  const rows: SheetRow[] = [];
  const hiddenColumns: { readonly from: number; readonly to: number }[] = [];
  let [rowCount, lastRow, unstored, chars] = [0, 0, 0, 0];
  let row: { number: number; isHidden: boolean; cells: { column: number; text: string }[] } | undefined;
  let cell: OpenCell | undefined;
  let column = 0;
  /** The part of a cell whose text comes: a value, a formula, a string; phonetic hints are none. */
  let part: 'value' | 'formula' | 'inline' | undefined;
  let isHint = false;
  const closeCell = () => {
    if (!cell || !row) return;
    const formula = cell.hasFormula && cell.value === '' && cell.inline === '' && cell.type !== 'str';
    if (formula) unstored += 1;
    const text = formula ? `=${plainXml(cell.formula) || '…'}` : shownText(cell, styles);
    if (text !== '') row.cells.push({ column: cell.column, text });
    chars += text.length + 3;
    cell = undefined;
  };
  const closeRow = () => {
    if (!row) return;
    if (row.cells.length > 0) {
      rowCount += 1;
      if (chars <= maxChars || rows.length === 0) rows.push(row);
    }
    row = undefined;
  };
  scanXml(xml, {
    open: (name, attributes) => {
      if (name === 'c') {
        column = columnOf(attributeOf(attributes, 'r') ?? '') || column + 1;
        cell = {
          ...{ column, type: attributeOf(attributes, 't') ?? 'n', style: attributeOf(attributes, 's') },
          ...{ value: '', inline: '', formula: '', hasFormula: false },
        };
      } else if (name === 'v') part = 'value';
      else if (name === 'f') {
        part = 'formula';
        if (cell) cell.hasFormula = true;
      } else if (name === 't') part = isHint ? undefined : 'inline';
      else if (name === 'rPh') isHint = true;
      else if (name === 'row') {
        lastRow = Number(attributeOf(attributes, 'r')) || lastRow + 1;
        row = { number: lastRow, isHidden: isTrue(attributeOf(attributes, 'hidden')), cells: [] };
        column = 0;
      } else if (name === 'col' && isTrue(attributeOf(attributes, 'hidden'))) {
        hiddenColumns.push({
          from: Number(attributeOf(attributes, 'min')),
          to: Number(attributeOf(attributes, 'max')),
        });
      }
    },
    text: (text) => {
      if (cell && part) cell[part] += text;
    },
    close: (name) => {
      if (name === 'v' || name === 'f' || name === 't') part = undefined;
      else if (name === 'rPh') isHint = false;
      else if (name === 'c') closeCell();
      else if (name === 'row') closeRow();
    },
  });
  closeCell();
  closeRow();
  return { rows, rowCount, lastRow, hiddenColumns, unstored };
}

/** `C7` → 3; 0 where there are no letters. */
function columnOf(reference: string): number {
  let column = 0;
  for (let at = 0; at < reference.length; at++) {
    const letter = (reference.charCodeAt(at) | 0x20) - 0x60;
    if (letter < 1 || letter > 26 || at > 6) break;
    column = column * 26 + letter;
  }
  return column;
}

/** Excel writes characters that XML does not know as `_x000D_`. */
export function sheetString(text: string): string {
  const plain = plainXml(text);
  if (!plain.includes('_x')) return plain;
  return plain.replace(/_x([0-9A-F]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

interface OpenCell {
  readonly column: number;
  readonly type: string;
  readonly style: string | undefined;
  value: string;
  inline: string;
  formula: string;
  hasFormula: boolean;
}

function shownText({ type, style, value, inline }: OpenCell, { strings, formats, days }: CellStyles): string {
  switch (type) {
    case 's':
      return strings[Number(value)] ?? '';
    case 'inlineStr':
    case 'str':
    case 'e':
      return sheetString(value || inline);
    case 'b':
      return value === '' ? '' : value.trim() === '0' ? 'FALSE' : 'TRUE';
    case 'd':
      return plainXml(value)
        .replace(/T00:00:00(?:\.0+)?Z?$/, '')
        .replace('T', ' ')
        .replace(/(?:\.0+)?Z$/, '');
    default:
      return numberText(value.trim(), style === undefined ? undefined : formats[Number(style)], days);
  }
}

function numberText(value: string, format: NumberFormat | undefined, days: number): string {
  const number = Number(value);
  if (value === '' || !Number.isFinite(number)) return plainXml(value);
  const text = format ? format(number, days) : plainNumber(number);
  // Of long numbers, such as those of articles, no digit is lost.
  return text === String(number) && /^-?\d+$/.test(value) ? value : text;
}

function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true';
}
