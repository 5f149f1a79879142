/** A page → its content as Markdown. */
import { Readability } from '@mozilla/readability';
import { decodeText } from './charset.ts';
import type { DocumentInput, ReadDocument } from './document.ts';
import { elementsByName, elementsOf } from './dom.ts';
import type { DomDocument } from './domDocument.ts';
import type { DomElement } from './domNodes.ts';
import { parsePage, TreeTooLarge } from './domParser.ts';
import { carriedText } from './htmlData.ts';
import { markdownOf } from './htmlMarkdown.ts';
import { oneLine, pageMeta } from './htmlMeta.ts';
import { readPlainHtml } from './htmlPlain.ts';
import { dropSurroundings, keepVisible } from './htmlVisible.ts';
import { wallOf } from './htmlWall.ts';
import { absoluteLink, uniqueLinks } from './links.ts';
import { sectionsOf } from './sections.ts';

/** An article holds at least this part of what the page's main part shows; with less, the finder of articles was mistaken. */
const leastShare = 0.6;

/** Of a page that is no article. */
const manyElements = 12_000;

/** A page with less text beside its frames is one of frames. */
const framedChars = 300;
const maxFramesTold = 10;

/** Reads a page. It always gives one, with little text at worst. */
export function readHtml(input: DocumentInput): ReadDocument {
  const decoded = decodeText(input.bytes, input.charset);
  const html = decoded.text.replaceAll('\0', '');
  const document = treeOf(html);
  if (document instanceof TreeTooLarge) return readPlainHtml(html, input.url, document.reason);
  const byName = elementsByName(document);
  const base = baseOf(byName.get('BASE') ?? [], input.url);
  const meta = pageMeta(document, byName);
  const noscript = (byName.get('NOSCRIPT') ?? []).map(({ textContent }) => textContent).join('\n');
  const signs = {
    title: meta.title ?? '',
    noscript: oneLine(noscript.replace(/<[^>]*>/g, ' ')),
    scripts: byName.get('SCRIPT')?.length ?? 0,
    hasPassword: (byName.get('INPUT') ?? []).some((field) => field.getAttribute('type') === 'password'),
    notFree: /"isAccessibleForFree"\s*:\s*"?false/i.test(decoded.text),
  };
  const frames = uniqueLinks(linksOf([...(byName.get('FRAME') ?? []), ...(byName.get('IFRAME') ?? [])], base));
  const hidden = keepVisible(document, byName.get('STYLE') ?? []);
  const visible = elementsOf(document.body);
  const links = uniqueLinks([...linksOf(visible, base), ...frames]);
  const shown = oneLine(document.body.textContent);
  const content = contentOf(document, visible, base);
  const wall = wallOf({ ...signs, text: content, shown });
  const carried = wall === 'script' ? carriedText(byName.get('SCRIPT') ?? [], base) : '';
  const text = carried.length > content.length ? carried : content;
  const isInFrames = frames.length > 0 && (byName.has('FRAME') || text.length < framedChars);
  const notes = [
    ...(isInFrames ? [`Its content is in frames: ${frames.slice(0, maxFramesTold).join(', ')}.`] : []),
    ...(text === carried && carried !== '' ? ['Its text is from data that it carries for its scripts.'] : []),
    ...(decoded.guessed ? [`The charset was guessed: ${decoded.charset}.`] : []),
    ...(hidden > 0
      ? [`${hidden} element${hidden === 1 ? '' : 's'} that the page hides ${hidden === 1 ? 'was' : 'were'} left out.`]
      : []),
  ];
  return {
    kind: 'html',
    ...meta,
    text,
    sections: sectionsOf(text),
    links,
    notes,
    ...(wall === undefined ? {} : { wall }),
  };
}

/** The article, where one is found that is most of the page; otherwise all of the page but what stands around it. */
function contentOf(document: DomDocument, visible: readonly DomElement[], base: string | undefined): string {
  const named = mainOf([document.body, ...visible]);
  // A page that names its main part needs no guess; neither do large ones, which are manuals or tables: it would take long.
  const isLarge = visible.length > manyElements;
  const isGuessed = !named && !isLarge;
  // The finder of articles takes the page apart.
  const main = named ?? (isGuessed ? document.body.cloneNode(true) : document.body);
  dropSurroundings(main);
  const article = isGuessed ? articleOf(document, base) : undefined;
  const isMost = article !== undefined && lengthOf(article) >= lengthOf(main) * leastShare;
  const chosen = isMost ? article : main;
  const heading = isMost ? headingOf(main) : '';
  const text = markdownOf(chosen, base);
  // The finder of articles takes a heading that is also the title for no part of them.
  const isThere = heading === '' || text.slice(0, heading.length * 2 + 500).includes(heading);
  return isThere ? text : `# ${heading}\n\n${text}`;
}

/** The one outermost heading; empty where there is none, or several. */
function headingOf(main: DomElement): string {
  const headings = [...main.querySelectorAll('h1')];
  return headings.length === 1
    ? oneLine(headings[0]?.textContent ?? '')
        .replace(/(?<![¶#\uF0C1])[¶#\uF0C1]+$/, '')
        .trim()
    : '';
}

/** The element that says of itself that it is the main part, where there is one that holds something. */
function mainOf(elements: readonly DomElement[]): DomElement | undefined {
  const candidates = elements
    .filter((element) => element.nodeName === 'MAIN' || element.getAttribute('role') === 'main')
    .filter((element) => lengthOf(element) > 20);
  return candidates.length === 1 ? candidates[0] : undefined;
}

function treeOf(html: string): DomDocument | TreeTooLarge {
  try {
    return parsePage(html, true);
  } catch (error) {
    if (error instanceof TreeTooLarge) return error;
    throw error;
  }
}

function articleOf(document: DomDocument, base: string | undefined): DomElement | undefined {
  const options = {
    charThreshold: 200,
    maxElemsToParse: 0,
    disableJSONLD: true,
    keepClasses: true,
    serializer: (node: DomElement) => node,
  };
  // It makes second-level headings of the outermost.
  for (const heading of document.querySelectorAll('h1')) heading.setAttribute('data-level', '1');
  document.baseURI = base;
  const { body } = document;
  let kept: DomElement | undefined;
  // It keeps the page as text for another attempt: a copy is quicker.
  Object.defineProperty(body, 'innerHTML', {
    get: () => {
      kept = body.cloneNode(true);
      return '';
    },
    set: () => body.replaceChildren(...(kept?.cloneNode(true).childNodes ?? [])),
  });
  try {
    return new Readability<DomElement>(document, options).parse()?.content ?? undefined;
  } catch {
    return undefined;
  }
}

/** Of its words, without white space. */
function lengthOf(element: DomElement): number {
  return element.textContent.replace(/\s+/g, '').length;
}

function baseOf(bases: readonly DomElement[], url: string | undefined): string | undefined {
  const href = bases.find((element) => element.hasAttribute('href'))?.getAttribute('href');
  return href === null || href === undefined ? url : (URL.parse(href, url)?.href ?? url);
}

const linkAttributes: ReadonlyMap<string, string> = new Map([
  ['A', 'href'],
  ['AREA', 'href'],
  ['FRAME', 'src'],
  ['IFRAME', 'src'],
]);

function* linksOf(elements: readonly DomElement[], base: string | undefined): Generator<string> {
  for (const element of elements) {
    const attribute = linkAttributes.get(element.nodeName);
    if (attribute === undefined) continue;
    const link = absoluteLink(element.getAttribute(attribute) ?? '', base);
    if (link !== undefined) yield link;
  }
}
