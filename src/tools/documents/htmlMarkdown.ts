/** A page's elements → Markdown. */
import { elementsOf, walk } from './dom.ts';
import type { DomElement } from './domNodes.ts';
import { cellText, rowText, shapeTables, tableText } from './htmlTables.ts';
import { absoluteLink } from './links.ts';
import { markdownText, type MarkdownRules } from './markdownText.ts';

/** Markdown of an element, which is changed on the way; links are made absolute with `base`. */
export function markdownOf(root: DomElement, base: string | undefined): string {
  prepare(root);
  // What is read is read by a model and quoted: characters stay what they are.
  return markdownText(root, rulesFor(base))
    .replace(/\u00A0/g, ' ')
    .replace(/(?<![ \t])[ \t]+$/gm, '')
    .replace(/[\u00AD\u200B\u2060\uFEFF\u{E0000}-\u{E007F}]/gu, '')
    .trim();
}

function rulesFor(base: string | undefined): MarkdownRules {
  const rules = new Map<string, (content: string, element: DomElement) => string>();
  const add = (names: string, rule: (content: string, element: DomElement) => string) => {
    for (const name of names.split(' ')) rules.set(name, rule);
  };
  add('H1 H2 H3 H4 H5 H6', (content, element) => {
    const words = content.replace(/\s+/g, ' ').trim();
    const level = Number(element.getAttribute('data-level') ?? element.nodeName.charAt(1));
    return words === '' ? '' : `\n\n${'#'.repeat(level)} ${words}\n\n`;
  });
  add('PRE', (_, element) => fenced(element));
  add('CODE', (content, element) => (element.parentNode?.nodeName === 'PRE' ? content : code(content)));
  add('A', (content, element) => linked(content, element, base));
  add('IMG', (_, element) => {
    const alt = (element.getAttribute('alt') ?? '').replace(/\s+/g, ' ').trim();
    return alt.length < 3 ? '' : `![${alt}]`;
  });
  add('TD TH', cellText);
  add('TR', rowText);
  add('TBODY THEAD TFOOT', (content) => content);
  add('CAPTION', (content) => `\n\n${content.trim()}\n\n`);
  add('TABLE', tableText);
  add('DT', (content) => `\n\n${content.trim()}\n`);
  add('DD', (content) => `\n${indented(`: ${content.trim()}`, 2)}\n`);
  add('UL OL', (content, { parentNode }) => (parentNode?.nodeName === 'LI' ? `\n${content}\n` : `\n\n${content}\n\n`));
  add('LI', (content, element) => {
    const mark = element.getAttribute('data-number') ?? '-';
    return `${indented(`${mark} ${content.trim()}`, mark.length + 1)}\n`;
  });
  add('BLOCKQUOTE', (content) => `\n\n${content.replace(/^\n+|(?<!\n)\n+$/g, '').replace(/^/gm, '> ')}\n\n`);
  add('HR', () => '\n\n---\n\n');
  add('BR', () => '\n');
  add('STRONG B', (content) => (content.trim() === '' ? '' : `**${content}**`));
  add('EM I', (content) =>
    /\w/.test(content) && content.trim() === content && !content.includes('*') ? `*${content}*` : content,
  );
  add('Q', (content) => `“${content}”`);
  add('RP', () => '');
  add('RT', (content) => `(${content})`);
  add('SUP', (content) => (/^[\w+−-]{1,8}$/.test(content) ? `^${content}` : content));
  add('SUB', (content) => (/^[\w+−-]{1,8}$/.test(content) ? `_${content}` : content));
  return rules;
}

/** Program text in a line, between more ticks than it holds. */
function code(content: string): string {
  if (content === '') return '';
  const line = content.replace(/\r?\n|\r/g, ' ');
  const inside = new Set(line.match(/`+/g));
  let ticks = '`';
  while (inside.has(ticks)) ticks += '`';
  const isEdged = line.startsWith(' ') && line.endsWith(' ') && line.trim() !== '';
  const space = isEdged || line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return ticks + space + line + space + ticks;
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
  code = code.replace(/\r\n?/g, '\n').replace(/^\n/, '').trimEnd();
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
