/** The body of an OpenDocument text or presentation → Markdown. */
import { maxDocumentChars, rowsTable } from './rowsTable.ts';
import { attributeOf, plainXml, scanXml } from './xmlScan.ts';

/** What is no text of the document: what was deleted, what was said of it, what describes pictures. */
const besides: ReadonlySet<string> = new Set(
  'tracked-changes annotation note-citation desc title forms ruby-text sequence-decls page-thumbnail'.split(' '),
);

/** A paragraph, a list's line, a table. Lines of a list stand together. */
interface Block {
  readonly text: string;
  readonly isLine: boolean;
}

interface Paragraph {
  readonly heading: number;
  /** Before its text: the mark of its line in a list. */
  readonly mark: string;
  text: string;
  link: { readonly href: string; readonly from: number } | undefined;
}

/** Its text, and how many pictures it holds. */
export function openText(xml: string): { readonly text: string; readonly pictures: number } {
  /** Where blocks go: the document, a cell, a note. */
  const into: Block[][] = [[]];
  const paragraphs: Paragraph[] = [];
  const tables: string[][][] = [];
  let [skipped, depth, slides, pictures] = [0, 0, 0, 0];
  let isItemBegun = false;
  const add = (text: string, isLine = false) => into.at(-1)?.push({ text, isLine });
  const ended = () => joined(into.pop() ?? []);
  const say = (text: string) => {
    const paragraph = paragraphs.at(-1);
    if (paragraph) paragraph.text += text;
  };
  const closeParagraph = () => {
    const { heading, mark, text } = paragraphs.pop() ?? { heading: 0, mark: '', text: '' };
    const plain = text.trim();
    if (plain === '') return;
    if (heading > 0) add(`${'#'.repeat(heading)} ${plain.replace(/\s+/g, ' ')}`);
    else add(`${mark}${plain}`, mark !== '');
  };
  const markOf = () => {
    if (depth === 0) return '';
    const mark = `${'  '.repeat(depth - 1)}${isItemBegun ? '- ' : '  '}`;
    isItemBegun = false;
    return mark;
  };
  scanXml(xml, {
    open: (name, attributes) => {
      if (skipped > 0 || besides.has(name)) {
        skipped += 1;
        return;
      }
      switch (name) {
        case 'p':
          paragraphs.push({ heading: 0, mark: markOf(), text: '', link: undefined });
          break;
        case 'h': {
          const level = Number(attributeOf(attributes, 'outline-level') ?? 1);
          paragraphs.push({ heading: level >= 1 ? Math.min(6, level) : 1, mark: '', text: '', link: undefined });
          break;
        }
        case 'a': {
          const paragraph = paragraphs.at(-1);
          const href = attributeOf(attributes, 'href') ?? '';
          if (paragraph && /^https?:/i.test(href)) paragraph.link = { href, from: paragraph.text.length };
          break;
        }
        case 's':
          say(' '.repeat(Math.min(100, Number(attributeOf(attributes, 'c') ?? 1) || 1)));
          break;
        case 'tab':
          say(' ');
          break;
        case 'line-break':
          say('\n');
          break;
        case 'list':
          depth += 1;
          break;
        case 'list-item':
          isItemBegun = true;
          break;
        case 'table':
          tables.push([]);
          break;
        case 'table-row':
          tables.at(-1)?.push([]);
          break;
        case 'table-cell':
        case 'covered-table-cell':
        case 'note':
        case 'notes':
          into.push([]);
          break;
        case 'page': {
          const title = attributeOf(attributes, 'name') ?? '';
          slides += 1;
          add(`## Slide ${slides}${title === '' ? '' : `: ${title}`}`);
          break;
        }
        case 'image':
          pictures += 1;
          break;
      }
    },
    text: (text) => say(skipped > 0 ? '' : plainXml(text).replace(/\s+/g, ' ')),
    close: (name) => {
      if (skipped > 0) {
        skipped -= 1;
        return;
      }
      switch (name) {
        case 'p':
        case 'h':
          closeParagraph();
          break;
        case 'a':
          closeLink(paragraphs.at(-1));
          break;
        case 'list':
          depth = Math.max(0, depth - 1);
          break;
        case 'table':
          add(rowsTable(tables.pop() ?? [], maxDocumentChars).text);
          break;
        case 'table-cell':
        case 'covered-table-cell':
          tables.at(-1)?.at(-1)?.push(ended().replace(/\s+/g, ' '));
          break;
        case 'note':
          say(` (Note: ${ended().replace(/\s+/g, ' ')})`);
          break;
        case 'notes': {
          const notes = ended();
          if (notes !== '') add(`Notes:\n\n${notes}`);
          break;
        }
      }
    },
  });
  while (into.length > 1) add(ended());
  return { text: ended(), pictures };
}

function closeLink(paragraph: Paragraph | undefined): void {
  if (!paragraph?.link) return;
  const { href, from } = paragraph.link;
  paragraph.link = undefined;
  const words = paragraph.text.slice(from);
  if (words.trim() !== '') paragraph.text = `${paragraph.text.slice(0, from)}[${words}](${href})`;
}

function joined(blocks: readonly Block[]): string {
  return blocks
    .map(({ text, isLine }, at) => {
      const before = blocks[at - 1];
      return before ? `${before.isLine && isLine ? '\n' : '\n\n'}${text}` : text;
    })
    .join('');
}
