/** Books in EPUB → Markdown, chapter by chapter in the order of the book. */
import { ToolError } from '../../agent/errors.ts';
import { decodeText } from './charset.ts';
import type { DocumentInput, ReadDocument } from './document.ts';
import { parsePage } from './domParser.ts';
import { markdownOf } from './htmlMarkdown.ts';
import { linksIn } from './links.ts';
import { officeParts, type OfficeProperties } from './office.ts';
import { maxDocumentChars } from './rowsTable.ts';
import { sectionsOf } from './sections.ts';
import type { UnpackBudget } from './unpacking.ts';
import { attributeOf, plainXml, scanXml } from './xmlScan.ts';

/** Reads all chapters. Throws ToolError where it is protected or broken. */
export async function readEpub(input: DocumentInput, budget?: UnpackBudget): Promise<ReadDocument> {
  const parts = await officeParts(input, budget);
  const textOf = async (path: string) => {
    const bytes = await parts.bytes(path);
    return bytes && decodeText(bytes).text;
  };
  const packagePath = firstAttribute((await textOf('META-INF/container.xml')) ?? '', 'rootfile', 'full-path') ?? '';
  const { chapters: listed, properties } = bookOf((await textOf(packagePath)) ?? '', packagePath);
  const chapters = listed.length > 0 ? listed : parts.paths.filter((path) => /\.x?html?$/i.test(path)).toSorted();
  if (chapters.length === 0) throw new ToolError(`${input.name} is a broken book: it has no chapters.`);
  const locked = (await textOf('META-INF/encryption.xml')) ?? '';
  if (chapters.some((path) => locked.includes(`"${path}"`) || locked.includes(`"${encodeURI(path)}"`))) {
    throw new ToolError(`${input.name} is protected against copying: its text cannot be read.`);
  }
  const missing: string[] = [];
  const texts: string[] = [];
  let chars = 0;
  for (const path of chapters) {
    if (chars > maxDocumentChars) break;
    const html = await textOf(path);
    const text = html === undefined ? undefined : chapterText(html);
    if (text === undefined) missing.push(path);
    texts.push(text ?? '');
    chars += text?.length ?? 0;
  }
  const text = texts.filter((one) => one !== '').join('\n\n');
  const cut = texts.length < chapters.length;
  const notes = [
    ...(listed.length === 0 ? ['It does not say in which order it is read: these are its pages by their names.'] : []),
    ...(missing.length > 0
      ? [`${missing.length} of ${chapters.length} chapters could not be read: ${missing.slice(0, 5).join(', ')}.`]
      : []),
    ...(cut ? [`Only the first ${texts.length} of ${chapters.length} chapters are here.`] : []),
  ];
  return {
    ...{ kind: 'epub', ...properties, text, sections: sectionsOf(text), links: linksIn(text), notes },
    ...(cut && { cut }),
  };
}

interface Book {
  /** Paths in the archive. */
  readonly chapters: readonly string[];
  readonly properties: OfficeProperties;
}

function bookOf(xml: string, path: string): Book {
  const items = new Map<string, string>();
  const order: string[] = [];
  const said = new Map<string, string>();
  let open = '';
  scanXml(xml, {
    open: (name, attributes) => {
      open = name;
      if (name === 'item') items.set(attributeOf(attributes, 'id') ?? '', attributeOf(attributes, 'href') ?? '');
      else if (name === 'itemref') order.push(attributeOf(attributes, 'idref') ?? '');
    },
    text: (text) => {
      if (/^(?:title|creator|date)$/.test(open) && !said.has(open)) said.set(open, plainXml(text).trim());
    },
    close: () => {
      open = '';
    },
  });
  const chapters = order.flatMap((id) => {
    const href = items.get(id);
    const url = href === undefined ? null : URL.parse(href, `file:///${encodeURI(path)}`);
    return url ? [decodeURIComponent(url.pathname.slice(1))] : [];
  });
  const [title, author, published] = [said.get('title'), said.get('creator'), said.get('date')];
  return {
    chapters,
    properties: { ...(title && { title }), ...(author && { author }), ...(published && { published }) },
  };
}

/** Undefined where it grows too large. */
function chapterText(html: string): string | undefined {
  // The parser takes elements that end where they begin for such behind this alone.
  const page = /^\s*<\?xml/.test(html) ? html : `<?xml version="1.0"?>${html}`;
  try {
    return markdownOf(parsePage(page, true).body, undefined).trim();
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}

function firstAttribute(xml: string, element: string, name: string): string | undefined {
  const found: string[] = [];
  scanXml(xml, {
    open: (one, attributes) => {
      const value = one === element ? attributeOf(attributes, name) : undefined;
      if (value !== undefined) found.push(value);
    },
    text: () => undefined,
    close: () => undefined,
  });
  return found[0];
}
