/** Word documents → Markdown. */
import mammoth from 'mammoth';
import { messageOf, ToolError } from '../../agent/errors.ts';
import type { DocumentInput, ReadDocument } from './document.ts';
import { parsePage } from './domParser.ts';
import { markdownOf } from './htmlMarkdown.ts';
import { absoluteLink, uniqueLinks } from './links.ts';
import { officeParts, officeProperties } from './office.ts';
import { sectionsOf } from './sections.ts';
import { storedZip } from './storedZip.ts';
import type { UnpackBudget } from './unpacking.ts';

/** Reads headings, lists, tables, links and footnotes; pictures only by their description. Throws ToolError where it is broken. */
export async function readDocx(input: DocumentInput, budget?: UnpackBudget): Promise<ReadDocument> {
  const parts = await officeParts(input, budget);
  const properties = await officeProperties(parts);
  const buffer = storedZip(await parts.unpacked());
  const options = { convertImage: mammoth.images.imgElement(async () => ({ src: '' })), externalFileAccess: false };
  const { value } = await mammoth.convertToHtml({ buffer }, options).catch((error: unknown) => {
    throw new ToolError(`${input.name} is a broken Word document: ${messageOf(error)}`);
  });
  const { body } = parsePage(value, false);
  const links = body.querySelectorAll('a').map((link) => absoluteLink(link.getAttribute('href') ?? '', undefined));
  const pictures = body.querySelectorAll('img').length;
  const text = markdownOf(body, undefined);
  return {
    kind: 'docx',
    ...properties,
    text,
    sections: sectionsOf(text),
    links: uniqueLinks(links.filter((link) => link !== undefined)),
    notes: pictures > 0 ? [`It holds ${pictures} picture${pictures === 1 ? '' : 's'}, left out here.`] : [],
  };
}
