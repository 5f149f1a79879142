/** Excel workbooks → a table for each sheet. */
import readXlsxFile from 'read-excel-file/node';
import { messageOf, ToolError } from '../../agent/errors.ts';
import type { DocumentInput, ReadDocument, Section } from './document.ts';
import { linksIn } from './links.ts';
import { officeParts, officeProperties } from './office.ts';
import { maxDocumentChars, rowsTable } from './rowsTable.ts';
import { storedZip } from './storedZip.ts';
import type { UnpackBudget } from './unpacking.ts';

/** Reads every sheet: formulas by their values, dates as such. Throws ToolError where it is broken. */
export async function readXlsx(input: DocumentInput, budget?: UnpackBudget): Promise<ReadDocument> {
  const parts = await officeParts(input, budget);
  const properties = await officeProperties(parts);
  const buffer = storedZip(await parts.unpacked());
  const sheets = await readXlsxFile(buffer, { trim: false }).catch((error: unknown) => {
    throw new ToolError(`${input.name} is a broken Excel workbook: ${messageOf(error)}`);
  });
  const sections: Section[] = [];
  const notes: string[] = [];
  let text = '';
  for (const { sheet, data } of sheets) {
    const room = maxDocumentChars - text.length;
    const rows = data.map((row) => row.map(cellText));
    const table = rowsTable(rows, Math.max(0, room));
    sections.push({ title: sheet, level: 2, from: text.length });
    text += `## ${sheet}\n\n${rows.length === 0 ? '(empty)' : table.text}\n\n`;
    if (table.rows < rows.length)
      notes.push(`Sheet ${sheet}: only the first ${table.rows} of ${rows.length} rows are here.`);
  }
  text = text.trimEnd();
  return { kind: 'xlsx', ...properties, text, sections, links: linksIn(text), notes };
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  // 0.1 + 0.2 is stored as it is computed: Excel shows 15 digits.
  if (typeof value === 'number') {
    const written = String(value);
    return written.length <= 15 || Number.isInteger(value) ? written : String(Number(value.toPrecision(15)));
  }
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return '';
  const iso = value.toISOString();
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 19).replace('T', ' ');
}
