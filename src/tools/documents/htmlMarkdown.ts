/** A page's elements → Markdown. */
import TurndownService, { type Rule } from 'turndown/lib/turndown.browser.cjs.js';
import { elementsOf, walk } from './dom.ts';
import type { DomElement } from './domNodes.ts';
import { cellText, rowText, shapeTables, tableText } from './htmlTables.ts';
import { absoluteLink } from './links.ts';
import { TreeNode, treeOf } from './markdownTree.ts';

/** Elements that the writer has rules of its own for; all others but ours are written as their content. */
const known = /^(?:CODE|STRONG|B|BR|HR|BLOCKQUOTE)$/;

/** Markdown of an element, which is changed on the way; links are made absolute with `base`. */
export function markdownOf(root: DomElement, base: string | undefined): string {
  prepare(root);
  return service(base)
    .turndown({ nodeType: 1, cloneNode: () => treeOf(root) })
    .replace(/\u00A0/g, ' ')
    .replace(/[ \t]+$/gm, '')
    .replace(/[\u00AD\u200B\u2060\uFEFF\u{E0000}-\u{E007F}]/gu, '')
    .trim();
}

function service(base: string | undefined): TurndownService {
  const options = {
    headingStyle: 'atx',
    codeBlockStyle: 'fenced',
    bulletListMarker: '-',
    emDelimiter: '*',
    hr: '---',
    br: '',
  };
  const turndown = new TurndownService(options);
  // What is read is read by a model and quoted: characters stay what they are.
  turndown.escape = (text) => text;
  const { rules } = turndown;
  const byName = new Map<string, Rule>();
  const find = rules.forNode.bind(rules);
  // It would try one rule after the other.
  rules.forNode = (node) =>
    node.isBlank || known.test(node.nodeName) ? find(node) : (byName.get(node.nodeName) ?? rules.defaultRule);
  const add = (names: readonly string[], replacement: (content: string, node: DomElement) => string) => {
    const rule: Rule = {
      replacement: (content, node) =>
        node instanceof TreeNode && node.source ? replacement(content, node.source) : content,
    };
    for (const name of names) byName.set(name.toUpperCase(), rule);
  };
  add(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'], (content, node) => {
    const words = content.replace(/\s+/g, ' ').trim();
    return words === ''
      ? ''
      : `\n\n${'#'.repeat(Number(node.getAttribute('data-level') ?? node.nodeName.charAt(1)))} ${words}\n\n`;
  });
  add(['pre'], (_, node) => fenced(node));
  add(['a'], (content, node) => linked(content, node, base));
  add(['img'], (_, node) => {
    const alt = (node.getAttribute('alt') ?? '').replace(/\s+/g, ' ').trim();
    return alt.length < 3 ? '' : `![${alt}]`;
  });
  add(['td', 'th'], cellText);
  add(['tr'], rowText);
  add(['tbody', 'thead', 'tfoot'], (content) => content);
  add(['caption'], (content) => `\n\n${content.trim()}\n\n`);
  add(['table'], tableText);
  add(['dt'], (content) => `\n\n${content.trim()}\n`);
  add(['dd'], (content) => `\n${indented(`: ${content.trim()}`, 2)}\n`);
  add(['ul', 'ol'], (content, node) => (node.parentNode?.nodeName === 'LI' ? `\n${content}\n` : `\n\n${content}\n\n`));
  add(['li'], (content, node) => {
    const mark = node.getAttribute('data-number') ?? '-';
    return `${indented(`${mark} ${content.trim()}`, mark.length + 1)}\n`;
  });
  add(['em', 'i'], (content) =>
    /\w/.test(content) && content.trim() === content && !content.includes('*') ? `*${content}*` : content,
  );
  add(['q'], (content) => `“${content}”`);
  add(['rp'], () => '');
  add(['rt'], (content) => `(${content})`);
  add(['sup'], (content) => (/^[\w+−-]{1,8}$/.test(content) ? `^${content}` : content));
  add(['sub'], (content) => (/^[\w+−-]{1,8}$/.test(content) ? `_${content}` : content));
  return turndown;
}

/** All lines but the first moved to the right. */
function indented(text: string, by: number): string {
  return text.replace(/\n(?!\n|$)/g, `\n${' '.repeat(by)}`);
}

/** Takes out what is no content, and notes on elements what their rules need of their surroundings. */
function prepare(root: DomElement): void {
  for (const element of elementsOf(root)) {
    const name = element.nodeName;
    const classes = element.getAttribute('class') ?? '';
    if (
      name === 'A' &&
      /^[¶#§\u{1F517}\s\uF0C1]*$/u.test(element.textContent) &&
      element.getAttribute('href')?.includes('#') === true
    ) {
      if (!element.querySelector('img')) element.remove();
    } else if (
      /\b(?:linenos?|line-numbers?|gutter|mw-editsection|noprint)\b/.test(classes) &&
      element.textContent.length < 20_000
    ) {
      element.remove();
    } else if (name === 'OL') number(element);
  }
  shapeTables(root);
}

function number(list: DomElement): void {
  let next = Number(list.getAttribute('start') ?? 1) || 1;
  for (const item of list.children) {
    const value = Number(item.getAttribute('value'));
    if (value > 0) next = value;
    item.setAttribute('data-number', `${next}.`);
    next += 1;
  }
}

/** Program text as it is, with its language where the page says it. */
function fenced(element: DomElement): string {
  let code = '';
  walk(element, (node) => {
    if (node.nodeType === 3) code += node.textContent;
    else if (node.nodeName === 'BR') code += '\n';
    return true;
  });
  code = code.replace(/\r\n?/g, '\n').replace(/^\n|\s+$/g, '');
  if (code === '') return '';
  const inside = element.querySelector('code')?.getAttribute('class') ?? '';
  const outside = `${element.parentElement?.getAttribute('class') ?? ''} ${element.parentElement?.parentElement?.getAttribute('class') ?? ''}`;
  const classes = `${inside} ${element.getAttribute('class') ?? ''} ${outside}`;
  const language =
    /(?:^|\s)(?:language|lang|highlight-source|highlight|brush:?)[-\s]([\w+#]+)/.exec(classes)?.[1] ?? '';
  const longest = Math.max(2, ...(code.match(/`{3,}/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `\n\n${fence}${/^(?:default|none|notranslate|text|source)$/.test(language) ? '' : language}\n${code}\n${fence}\n\n`;
}

/** A link with its address; the words alone where it leads nowhere else. */
function linked(content: string, element: DomElement, base: string | undefined): string {
  const words = content.trim();
  const link = absoluteLink(element.getAttribute('href') ?? '', base);
  if (words === '' || link === undefined || link.length > 1000) return content;
  if (base !== undefined && link.replace(/#.*$/s, '') === base.replace(/#.*$/s, '')) return content;
  const address = link.replaceAll('(', '%28').replaceAll(')', '%29');
  if (!words.includes('\n')) return `[${words}](${address})`;
  // A link around blocks: its first line carries it.
  const [first = '', ...rest] = words.split('\n');
  const heading = /^(#{1,6} )(.*)$/.exec(first);
  const carried = heading ? `${heading[1]}[${heading[2]}](${address})` : `[${first}](${address})`;
  return `\n\n${[carried, ...rest].join('\n')}\n\n`;
}
