/** PowerPoint presentations → their slides in order, with tables and notes. */
import { ToolError } from '../../agent/errors.ts';
import type { DocumentInput, ReadDocument } from './document.ts';
import { isElement, walk } from './dom.ts';
import type { DomDocument } from './domDocument.ts';
import type { DomElement } from './domNodes.ts';
import { absoluteLink, uniqueLinks } from './links.ts';
import { named, officeParts, officeProperties, relations, type OfficeParts } from './office.ts';
import { maxDocumentChars, rowsTable } from './rowsTable.ts';
import { sectionsOf } from './sections.ts';
import type { UnpackBudget } from './unpacking.ts';

/** Reads each slide's title, text, tables and speaker's notes. Throws ToolError where it is broken. */
export async function readPptx(input: DocumentInput, budget?: UnpackBudget): Promise<ReadDocument> {
  const parts = await officeParts(input, budget);
  const properties = await officeProperties(parts);
  const paths = await slidePaths(parts);
  if (paths.length === 0) throw new ToolError(`${input.name} is a broken presentation: it has no slides.`);
  const texts: string[] = [];
  const links: string[] = [];
  const notes: string[] = [];
  for (const [index, path] of paths.entries()) {
    const slide = await parts.xml(path);
    if (!slide) {
      notes.push(`Slide ${index + 1} is missing.`);
      continue;
    }
    const related = [...(await relations(parts, path)).values()];
    for (const { type, path: target } of related) {
      const link = type.endsWith('/hyperlink') ? absoluteLink(target, undefined) : undefined;
      if (link !== undefined) links.push(link);
    }
    const notesPath = related.find(({ type }) => type.endsWith('/notesSlide'))?.path;
    const spoken = notesPath === undefined ? undefined : await parts.xml(notesPath);
    if (slide.documentElement.getAttribute('show') === '0')
      notes.push(`Slide ${index + 1} is hidden in the presentation.`);
    texts.push(slideText(slide, spoken, index + 1));
  }
  const text = texts.join('\n\n');
  return { kind: 'pptx', ...properties, text, sections: sectionsOf(text), links: uniqueLinks(links), notes };
}

async function slidePaths(parts: OfficeParts): Promise<readonly string[]> {
  const presentation = await parts.xml('ppt/presentation.xml');
  if (!presentation) return [];
  const related = await relations(parts, 'ppt/presentation.xml');
  const ids = named(presentation, 'p:sldId').map((slide) => slide.getAttribute('r:id') ?? '');
  return ids.map((id) => related.get(id)?.path).filter((path) => path !== undefined);
}

function slideText(slide: DomDocument, spoken: DomDocument | undefined, number: number): string {
  let title = '';
  const blocks: string[] = [];
  walk(slide, (node) => {
    if (!isElement(node)) return false;
    if (node.nodeName === 'a:tbl') {
      const rows = named(node, 'a:tr').map((row) => named(row, 'a:tc').map((cell) => paragraphs(cell).join(' ')));
      blocks.push(rowsTable(rows, maxDocumentChars).text);
      return false;
    }
    if (node.nodeName !== 'p:sp') return true;
    const place = named(node, 'p:ph')[0]?.getAttribute('type') ?? '';
    const lines = paragraphs(node);
    if (/^(?:ctrT|t)itle$/.test(place) && title === '') title = lines.join(' ');
    else if (!/^(?:sldNum|dt|ftr|hdr)$/.test(place) && lines.length > 0)
      blocks.push(lines.length > 1 ? lines.map((line) => `- ${line}`).join('\n') : lines.join(''));
    return false;
  });
  const said = spoken
    ? named(spoken, 'p:sp')
        .filter((shape) => named(shape, 'p:ph')[0]?.getAttribute('type') === 'body')
        .flatMap(paragraphs)
    : [];
  if (said.length > 0) blocks.push(`Notes: ${said.join('\n')}`);
  return [`## Slide ${number}${title === '' ? '' : `: ${title}`}`, ...blocks].join('\n\n');
}

/** Texts of paragraphs that hold some. */
function paragraphs(shape: DomElement): readonly string[] {
  return named(shape, 'a:p')
    .map((paragraph) => {
      let text = '';
      walk(paragraph, (node) => {
        if (node.nodeName === 'a:t') text += node.textContent;
        else if (node.nodeName === 'a:br') text += ' ';
        return node.nodeName !== 'a:t';
      });
      return text.replace(/\s+/g, ' ').trim();
    })
    .filter((text) => text !== '');
}
