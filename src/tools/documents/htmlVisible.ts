/** What of a page a person sees: scripts, comments and hidden elements are taken out, maths is made text. */
import { elementsOf, isElement, walk } from './dom.ts';
import type { DomDocument } from './domDocument.ts';
import type { DomElement } from './domNodes.ts';

/** Elements that show nothing, or whose text is not the page's. */
const silent = new Set([
  'SCRIPT',
  'STYLE',
  'TEMPLATE',
  'NOSCRIPT',
  'IFRAME',
  'OBJECT',
  'EMBED',
  'CANVAS',
  'SVG',
  'SELECT',
  'DATALIST',
  'LINK',
  'META',
  'TITLE',
  'DIALOG',
]);
/** Deeper, elements lose their form but not their text. */
const maxDepth = 200;
const blocks = /^(?:P|DIV|LI|TR|H[1-6]|UL|OL|TABLE|SECTION|ARTICLE|BLOCKQUOTE|PRE|BR|DT|DD|DL)$/;

/** Takes out of a page's body what nobody sees. Returns how many hidden elements with text there were. */
export function keepVisible(document: DomDocument, styles: readonly DomElement[]): number {
  const { body } = document;
  writeMaths(document);
  const hiddenNames = hiddenByStyle(styles);
  const doomed: DomElement[] = [];
  let hidden = 0;
  walk(body, (node, depth) => {
    if (!isElement(node)) return false;
    const name = node.nodeName;
    if (silent.has(name) && !(name === 'DIALOG' && node.hasAttribute('open'))) doomed.push(node);
    else if (isHidden(node, hiddenNames)) {
      doomed.push(node);
      if (node.textContent.trim() !== '') hidden += 1;
    } else if (depth >= maxDepth) flatten(node);
    else return true;
    return false;
  });
  for (const node of doomed) node.remove();
  return hidden;
}

/** Replaces what is below an element by its text, a line for each block. */
function flatten(element: DomElement): void {
  let text = '';
  let silentDepth = Infinity;
  walk(element, (node, depth) => {
    if (depth <= silentDepth) silentDepth = Infinity;
    if (isElement(node) && silent.has(node.nodeName)) silentDepth = depth;
    if (silentDepth === Infinity && node.nodeType === 3) text += node.textContent;
    if (isElement(node) && blocks.test(node.nodeName)) text += '\n';
    return silentDepth === Infinity;
  });
  element.textContent = '';
  const document = element.parentNode;
  for (const line of text.split('\n').filter((part) => part.trim() !== '')) {
    const paragraph = document?.cloneNode(false) ?? element.cloneNode(false);
    paragraph.append(line);
    element.append(paragraph);
  }
}

function isHidden(element: DomElement, hiddenNames: ReadonlySet<string>): boolean {
  const name = element.nodeName;
  if (name === 'MAIN' || name === 'ARTICLE' || name === 'BODY') return false;
  if (element.hasAttribute('hidden') && element.getAttribute('hidden') !== 'until-found') return true;
  if (name === 'INPUT' || name === 'TEXTAREA') return true;
  // Pages hide all of themselves from screen readers while a dialog is open.
  if (element.getAttribute('aria-hidden') === 'true' && !element.querySelector('main, article, h1')) return true;
  const style = element.getAttribute('style');
  if (style !== null && hides(style)) return true;
  if (hiddenNames.size === 0) return false;
  const id = element.getAttribute('id');
  if (id !== null && hiddenNames.has(`#${id}`)) return true;
  const classes = element.getAttribute('class');
  return classes !== null && classes.split(/\s+/).some((one) => hiddenNames.has(`.${one}`));
}

/** Whether declarations hide what they are for: not shown, of no size, out of sight or transparent. */
function hides(style: string): boolean {
  const css = style.toLowerCase().replace(/\s+/g, '').replaceAll('!important', '');
  return (
    /(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0+)?(?:;|$)|font-size:[01](?:px|pt|em|rem|%)?(?:;|$))/.test(
      css,
    ) ||
    /(?:^|;)(?:text-indent|left|top|margin-left):-\d{3,}(?:px|em|rem)/.test(css) ||
    /(?:^|;)clip:rect\(0(?:px)?[, ]?0/.test(css) ||
    (/(?:^|;)(?:max-)?(?:height|width):0(?:px)?(?:;|$)/.test(css) && css.includes('overflow:hidden'))
  );
}

/** Classes and ids that the page's own style sheets hide, by simple rules outside of media queries. */
function hiddenByStyle(styles: readonly DomElement[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const style of styles) {
    const css = style.textContent.slice(0, 500_000).replace(/\/\*[\s\S]*?(?:\*\/|$)/g, '');
    const plain = css.replace(/@[\w-]{1,100}[^{};]{0,1000}\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g, '');
    for (const [, selectors = '', declarations = ''] of plain.matchAll(
      /(?<![^{}])([^{}]{1,1000})\{([^{}]{1,2000})\}/g,
    )) {
      if (!hides(declarations)) continue;
      for (const selector of selectors.split(',')) {
        const name = /^[.#][\w-]+$/.exec(selector.trim())?.[0];
        if (name !== undefined) found.add(name);
      }
    }
  }
  return found;
}

/** Formulas as TeX between dollars, where the page holds their TeX; MathML otherwise as its text. */
function writeMaths({ body }: DomDocument): void {
  const found = { MATH: new Array<DomElement>(), SCRIPT: new Array<DomElement>(), IMG: new Array<DomElement>() };
  const drawn: DomElement[] = [];
  for (const element of elementsOf(body)) {
    const name = element.nodeName;
    if (name === 'MATH' || name === 'SCRIPT' || name === 'IMG') found[name].push(element);
    const classes = element.getAttribute('class') ?? '';
    if (classes !== '' && /(?:^|\s)(?:MathJax(?:_Preview|_Display|_SVG)?|katex-html)(?:\s|$)/.test(classes))
      drawn.push(element);
  }
  for (const math of found.MATH) {
    const tex =
      math.querySelectorAll('annotation').find((one) => one.getAttribute('encoding') === 'application/x-tex')
        ?.textContent ?? math.getAttribute('alttext');
    for (const annotation of math.querySelectorAll('annotation, annotation-xml')) annotation.remove();
    const whole = holderOf(math);
    const shown = (tex ?? math.textContent).replace(/\s+/g, ' ').trim();
    if (shown !== '')
      whole.replaceWith(tex === null ? shown : dollars(shown, math.getAttribute('display') === 'block'));
  }
  for (const script of found.SCRIPT) {
    const type = script.getAttribute('type') ?? '';
    if (type.startsWith('math/tex')) script.replaceWith(dollars(script.textContent.trim(), type.includes('display')));
  }
  for (const element of drawn) element.remove();
  for (const image of found.IMG) {
    if (!/(?:^|\s)(?:tex|math|latex|mwe-math-fallback-image-inline)(?:\s|$)/.test(image.getAttribute('class') ?? ''))
      continue;
    const tex = image
      .getAttribute('alt')
      ?.replace(/^\$+|(?<!\$)\$+$/g, '')
      .trim();
    if (tex !== undefined && tex !== '') image.replaceWith(dollars(tex, false));
  }
}

/** The element that holds a formula's forms, of which one is shown. */
function holderOf(math: DomElement): DomElement {
  for (let at: DomElement | null = math, up = 0; at && up < 4; at = at.parentElement, up++) {
    const name = at.getAttribute('class') ?? '';
    if (/\b(?:mwe-math-element|katex|MathJax)\b/.test(name)) return at;
  }
  return math;
}

function dollars(tex: string, block: boolean): string {
  const bare = tex.replace(/^\{\\displaystyle\s+([\s\S]*)\}$/, '$1').trim();
  return block ? `$$${bare}$$` : `$${bare}$`;
}

/** Parts of a page around what it is about. */
const around = /^(?:NAV|ASIDE|FOOTER|HEADER|FORM|BUTTON)$/;
const aroundRoles = /^(?:navigation|banner|contentinfo|complementary|search|menu|menubar|dialog|alertdialog)$/;
const aroundNames =
  /(?:^|[\s_-])(?:nav(?:bar|igation)?|menu|sidebar|breadcrumbs?|footer|cookies?|consent|related|share|sharing|social|newsletter|promo|advert(?:isement)?s?|skip-?link|sphinxsidebar|toc)(?:$|[\s_-])/i;

/** What a class or an id of these says is of themselves: a heading's link back to a list of contents is no such list. */
const content = /^(?:H[1-6]|A|SPAN|CODE|EM|STRONG|B|I|P|DT|DD|LI|PRE|TD|TH|TR)$/;

/** Takes out of an element what is around the content: navigation, asides, footers. Headers only of the whole page. */
export function dropSurroundings(root: DomElement): void {
  const all = root.textContent.length;
  for (const element of elementsOf(root)) {
    const name = element.nodeName;
    const inside = name === 'HEADER' && /^(?:ARTICLE|MAIN|SECTION)$/.test(element.parentElement?.nodeName ?? '');
    const named = `${element.getAttribute('class') ?? ''} ${element.getAttribute('id') ?? ''}`;
    const drop =
      (around.test(name) && !inside) ||
      aroundRoles.test(element.getAttribute('role') ?? '') ||
      (named !== ' ' && !content.test(name) && aroundNames.test(named));
    // A form or a menu that holds half of the page is its content.
    if (drop && element.textContent.length < all / 2) element.remove();
  }
}
