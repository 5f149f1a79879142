/**
 * A tree as text: white space as it shows, blocks apart by blank lines, each element written by its rule from its content. What
 * is blank and where white space stands follows the conventions of HTML to Markdown: a blank at the edge of an inline element
 * goes outside of its marks.
 */
import type { DomElement, DomNode, DomText } from './domNodes.ts';

/** How an element is written, from its content; by its name. */
export type MarkdownRules = ReadonlyMap<string, (content: string, element: DomElement) => string>;

const blocks = namesOf(
  'ADDRESS ARTICLE ASIDE AUDIO BLOCKQUOTE BODY CANVAS CENTER DD DIR DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER FORM FRAMESET H1 H2 H3 H4 H5 H6 HEADER HGROUP HR HTML ISINDEX LI MAIN MENU NAV NOFRAMES NOSCRIPT OL OUTPUT P PRE SECTION TABLE TBODY TD TFOOT TH THEAD TR UL',
);
const voids = namesOf('AREA BASE BR COL COMMAND EMBED HR IMG INPUT KEYGEN LINK META PARAM SOURCE TRACK WBR');
/** Elements that are something without words, as those without content are. */
const meaningful = namesOf('A TABLE THEAD TBODY TFOOT TH TD IFRAME SCRIPT AUDIO VIDEO');
const neverBlank = [...voids, ...meaningful].join(',');

/** Writes what lies in an element, whose texts lose the white space that does not show. */
export function markdownText(root: DomElement, rules: MarkdownRules): string {
  new ShownSpace().collapse(root);
  return contentOf(root, rules)
    .replace(/^[\t\r\n]+/, '')
    .trimEnd();
}

/** Where white space shows, in the order of the page: once between words, not at the edges of blocks; all of it in PRE. */
class ShownSpace {
  /** The last text of the same line. */
  private before: DomText | undefined;
  private isKept = false;

  collapse(root: DomElement): void {
    if (root.nodeName === 'PRE') return;
    this.within(root);
    this.endLine();
  }

  private within(parent: DomElement): void {
    for (let node = parent.firstChild; node;) {
      const next = node.nextSibling;
      if (node.nodeType === 3) this.text(node);
      else {
        this.pass(node);
        if (node.firstChild && node.nodeName !== 'PRE') {
          this.within(node);
          this.pass(node);
        }
      }
      node = next;
    }
  }

  private text(node: DomText): void {
    const words = node.textContent;
    let shown = /[\r\n\t]| {2}/.test(words) ? words.replace(/[ \r\n\t]+/g, ' ') : words;
    if ((!this.before || this.before.textContent.endsWith(' ')) && !this.isKept && shown.startsWith(' '))
      shown = shown.slice(1);
    if (shown === '') node.remove();
    else {
      if (shown !== words) node.textContent = shown;
      this.before = node;
    }
  }

  /** At the beginning of an element, and at its end. */
  private pass({ nodeName }: DomElement): void {
    if (blocks.has(nodeName) || nodeName === 'BR') {
      this.endLine();
      this.isKept = false;
    } else if (voids.has(nodeName)) {
      this.before = undefined;
      this.isKept = true;
    } else if (this.before) this.isKept = false;
  }

  private endLine(): void {
    const words = this.before?.textContent;
    if (this.before && words?.endsWith(' ') === true) this.before.textContent = words.slice(0, -1);
    this.before = undefined;
  }
}

function contentOf(parent: DomElement, rules: MarkdownRules): string {
  let text = '';
  /** Line feeds behind the text: between two pieces, the more that either wants, but not more than two. */
  let feeds = 0;
  for (let node = parent.firstChild; node; node = node.nextSibling) {
    const piece = node.nodeType === 3 ? node.textContent : elementText(node, rules);
    const from = leadingFeeds(piece);
    if (from === piece.length) {
      feeds = Math.min(2, Math.max(feeds, from));
      continue;
    }
    const to = piece.length - trailingFeeds(piece);
    text += '\n'.repeat(Math.min(2, Math.max(feeds, from))) + piece.slice(from, to);
    feeds = piece.length - to;
  }
  return text + '\n'.repeat(feeds);
}

function elementText(element: DomElement, rules: MarkdownRules): string {
  const isBlock = blocks.has(element.nodeName);
  const [before, behind] = isBlock ? ['', ''] : edgesOf(element);
  let text = '';
  if (isBlank(element)) text = isBlock ? '\n\n' : '';
  else {
    const rule = rules.get(element.nodeName);
    const inside = contentOf(element, rules);
    const content = before === '' && behind === '' ? inside : inside.trim();
    text = rule ? rule(content, element) : isBlock ? `\n\n${content}\n\n` : content;
  }
  return before + text + behind;
}

/** White space at the beginning and at the end of an inline element, without what shows as one with that beside it. */
function edgesOf(element: DomElement): readonly [string, string] {
  const words = element.textContent;
  if (!/^\s|\s$/.test(words)) return ['', ''];
  const bare = words.trim();
  const [before, behind] =
    bare === ''
      ? [words, '']
      : [words.slice(0, words.length - words.trimStart().length), words.slice(words.trimEnd().length)];
  const { previousSibling, nextSibling } = element;
  return [
    /^[ \t\r\n]/.test(before) && inlineText(previousSibling).endsWith(' ') ? before.replace(/^[ \t\r\n]+/, '') : before,
    /[ \t\r\n]$/.test(behind) && inlineText(nextSibling).startsWith(' ') ? behind.replace(/[ \t\r\n]+$/, '') : behind,
  ];
}

/** What stands beside an element on the same line. */
function inlineText(node: DomNode | null): string {
  return node && !blocks.has(node.nodeName) ? node.textContent : '';
}

function isBlank(element: DomElement): boolean {
  if (voids.has(element.nodeName) || meaningful.has(element.nodeName)) return false;
  return !hasWords(element) && element.querySelector(neverBlank) === null;
}

/** Asked of all elements around a text: it ends at the first. */
function hasWords(element: DomElement): boolean {
  for (let node = element.firstChild; node; node = node.nextSibling)
    if (node.nodeType === 3 ? /\S/.test(node.textContent) : hasWords(node)) return true;
  return false;
}

function leadingFeeds(text: string): number {
  let count = 0;
  while (text.charCodeAt(count) === 10) count += 1;
  return count;
}

function trailingFeeds(text: string): number {
  let from = text.length;
  while (from > 0 && text.charCodeAt(from - 1) === 10) from -= 1;
  return text.length - from;
}

function namesOf(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
