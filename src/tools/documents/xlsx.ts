/** Excel workbooks → a table for each sheet. */
import { ToolError } from '../../agent/errors.ts';
import type { DocumentInput, ReadDocument, Section } from './document.ts';
import { linksIn } from './links.ts';
import { officeParts, officeProperties } from './office.ts';
import { maxTableChars } from './rowsTable.ts';
import { sheetCells } from './sheetCells.ts';
import { sheetTable } from './sheetTable.ts';
import type { UnpackBudget } from './unpacking.ts';
import { workbookParts } from './workbookParts.ts';

/** Reads every sheet: formulas by their values, numbers with their units, dates as such. Throws ToolError where it is broken. */
export async function readXlsx(input: DocumentInput, budget?: UnpackBudget): Promise<ReadDocument> {
  const parts = await officeParts(input, budget);
  const properties = await officeProperties(parts);
  const workbook = await workbookParts(parts);
  if (!workbook) {
    throw new ToolError(
      parts.paths.some((path) => path.endsWith('workbook.bin'))
        ? `${input.name} is a binary Excel workbook (xlsb). Save it as xlsx first.`
        : `${input.name} is a broken Excel workbook: it lists no sheets.`,
    );
  }
  const sections: Section[] = [];
  const notes: string[] = [];
  let cut = false;
  let text = '';
  for (const { name, isHidden, path } of workbook.sheets) {
    const xml = await workbook.textOf(path);
    if (isHidden) notes.push(`Sheet ${name} is hidden in the workbook.`);
    if (xml === undefined) notes.push(`Sheet ${name} is missing.`);
    const sheet = sheetCells(xml ?? '', workbook.styles, maxTableChars - text.length);
    const table = sheetTable(sheet, maxTableChars - text.length);
    sections.push({ title: name, level: 2, from: text.length });
    text += `## ${name}\n\n${table.text}\n\n`;
    for (const note of table.notes) notes.push(`Sheet ${name}: ${note}`);
    cut ||= table.cut;
  }
  text = text.trimEnd();
  return { kind: 'xlsx', ...properties, text, sections, links: linksIn(text), notes, ...(cut && { cut }) };
}
