/** OpenDocument files, as LibreOffice writes them: texts, sheets and slides → Markdown. */
import { ToolError } from '../../agent/errors.ts';
import { decodeText } from './charset.ts';
import type { DocumentInput, ReadDocument, Section } from './document.ts';
import { linksIn } from './links.ts';
import { officeParts, type OfficeProperties } from './office.ts';
import { openSheets } from './openSheets.ts';
import { openText } from './openText.ts';
import { maxDocumentChars, maxTableChars } from './rowsTable.ts';
import { sectionsOf } from './sections.ts';
import { sheetTable } from './sheetTable.ts';
import type { UnpackBudget } from './unpacking.ts';
import { plainXml, scanXml } from './xmlScan.ts';

/** Reads what is in the body. Throws ToolError where it is locked or broken. */
export async function readOpenDocument(
  input: DocumentInput,
  kind: 'odt' | 'ods' | 'odp',
  budget?: UnpackBudget,
): Promise<ReadDocument> {
  const parts = await officeParts(input, budget);
  const textOf = async (path: string) => {
    const bytes = await parts.bytes(path);
    return bytes && decodeText(bytes, 'utf-8').text;
  };
  if (/encryption-data/.test((await textOf('META-INF/manifest.xml')) ?? '')) {
    throw new ToolError(`${input.name} is locked with a password: it cannot be read without it.`);
  }
  const content = await textOf('content.xml');
  if (content === undefined) throw new ToolError(`${input.name} is a broken OpenDocument file: it has no content.`);
  const properties = openProperties((await textOf('meta.xml')) ?? '');
  if (kind === 'ods') return { kind, ...properties, ...sheetsOf(content) };
  const { text: whole, pictures } = openText(content);
  const [text, cut] = [whole.slice(0, maxDocumentChars), whole.length > maxDocumentChars];
  const notes = [
    ...(pictures > 0 ? [`It holds ${pictures} picture${pictures === 1 ? '' : 's'}, left out here.`] : []),
    ...(cut ? [`Only the first ${text.length} of ${whole.length} characters are here.`] : []),
  ];
  return { kind, ...properties, text, sections: sectionsOf(text), links: linksIn(text), notes, ...(cut && { cut }) };
}

function sheetsOf(content: string): Pick<ReadDocument, 'text' | 'sections' | 'links' | 'notes' | 'cut'> {
  const sections: Section[] = [];
  const notes: string[] = [];
  let text = '';
  let cut = false;
  for (const { name, isHidden, cells } of openSheets(content, maxTableChars)) {
    const table = sheetTable(cells, maxTableChars - text.length);
    if (isHidden) notes.push(`Sheet ${name} is hidden in the workbook.`);
    for (const note of table.notes) notes.push(`Sheet ${name}: ${note}`);
    cut ||= table.cut;
    sections.push({ title: name, level: 2, from: text.length });
    text += `## ${name}\n\n${table.text}\n\n`;
  }
  text = text.trimEnd();
  return { text, sections, links: linksIn(text), notes, ...(cut && { cut }) };
}

function openProperties(xml: string): OfficeProperties {
  const found = new Map<string, string>();
  let open = '';
  scanXml(xml, {
    open: (name) => (open = name),
    text: (text) => found.set(open, (found.get(open) ?? '') + plainXml(text)),
    close: () => (open = ''),
  });
  const value = (name: string) => (found.get(name) ?? '').trim();
  const author = value('initial-creator') || value('creator');
  return {
    ...(value('title') && { title: value('title') }),
    ...(author && { author }),
    ...(value('creation-date') && { published: value('creation-date') }),
  };
}
