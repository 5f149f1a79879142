/** Lines of a file → blocks of readable text: tags, entities and markup are taken off, the lines' numbers kept. */

/** A numbered line of a file. */
export interface SourceLine {
  readonly line: number;
  readonly text: string;
}

/** A paragraph, heading or line of code, as a reader sees it. */
export interface Block {
  /** Where it starts, 1-based. */
  readonly line: number;
  /** Plain text with the line breaks of the file, so that the line of each part of it is known. */
  readonly text: string;
  readonly isHeading: boolean;
}

/** The readable blocks of part of a file, in its order. The path's ending says what markup it has. */
export function readableBlocks(path: string, lines: readonly SourceLine[]): readonly Block[] {
  if (/\.(?:x?html?|xml)$/i.test(path)) return htmlBlocks(lines);
  if (/\.(?:rst|rest|txt|md|markdown|mdx|adoc|org|text)$/i.test(path) || !/\.\w+$/.test(path)) {
    return textBlocks(lines, /\.re?st\b/i.test(path));
  }
  return lines.flatMap(({ line, text }) => blockOf(line, text, false));
}

/** Comments of reStructuredText, and directives that a reader does not see; what is indented below them goes with them. */
const unseen =
  /^\s*\.\.(?:\s+(?![\w:-]+::|_|\||\[)|\s+(?:index|module|highlight|currentmodule|moduleauthor|sectionauthor|include|literalinclude|toctree|only|raw|image|figure)::|$)/;

const breaks =
  /<\/?(?:p|div|section|article|header|footer|nav|ul|ol|li|dl|dt|dd|table|tr|pre|blockquote|br|hr|form|main|aside|title)\b[^>]*>/gi;

function htmlBlocks(lines: readonly SourceLine[]): readonly Block[] {
  const text = lines
    .map((line) => line.text)
    .join('\n')
    .replace(/^[^<>]*>/, keepLines);
  const marked = text
    .replace(/<(script|style|svg)\b[\s\S]*?(?:<\/\1>|$)/gi, keepLines)
    .replace(/<!--[\s\S]*?(?:-->|$)/g, keepLines)
    .replace(/<a class="headerlink"[\s\S]*?<\/a>/gi, keepLines)
    .replace(/<h[1-6]\b[^>]*>/gi, (tag) => `\u2029\u2028${keepLines(tag)}`)
    .replace(/<\/h[1-6]>/gi, '\u2029')
    .replace(breaks, (tag) => `\u2029${keepLines(tag)}`)
    .replace(/<\/?(?:td|th)\b[^>]*>/gi, (tag) => ` ${keepLines(tag)}`)
    .replace(/<[^<>]*(?:>|$)/g, keepLines);
  const blocks: Block[] = [];
  let index = 0;
  for (const piece of marked.split('\u2029')) {
    const line = lines[index]?.line ?? lines.at(-1)?.line ?? 1;
    blocks.push(...blockOf(line, decoded(piece.replaceAll('\u2028', '')), piece.includes('\u2028')));
    index += newlines(piece);
  }
  return blocks;
}

function textBlocks(lines: readonly SourceLine[], isRst: boolean): readonly Block[] {
  const blocks: Block[] = [];
  let unseenIndent: number | undefined;
  let open: { line: number; texts: string[]; indent: number } | undefined;
  const close = () => {
    if (open) blocks.push(...blockOf(open.line, withoutMarkup(open.texts.join('\n')), false));
    open = undefined;
  };
  for (const { line, text } of lines) {
    const indent = text.length - text.trimStart().length;
    if (unseenIndent !== undefined && (!text.trim() || indent > unseenIndent)) continue;
    unseenIndent = isRst && unseen.test(text) ? indent : undefined;
    if (unseenIndent !== undefined) continue;
    const hash = /^#{1,6}\s+(.*)$/.exec(text)?.[1];
    if (!text.trim() || isRule(text)) {
      const heading = isRule(text) && open?.texts.length === 1 ? open : undefined;
      if (heading) blocks.push(...blockOf(heading.line, withoutMarkup(heading.texts.join('')), true));
      if (heading) open = undefined;
      close();
    } else if (hash !== undefined) {
      close();
      blocks.push(...blockOf(line, withoutMarkup(hash), true));
    } else {
      if (open && (startsBlock(text) || /^\s*\.\. /.test(open.texts.at(-1) ?? '') || indent < open.indent)) close();
      if (open) open.texts.push(text);
      else open = { line, texts: [text], indent };
    }
  }
  close();
  return blocks;
}

function isRule(text: string): boolean {
  return /^\s*([=~^"'#*+`.-])\1{2,}\s*$/.test(text) || /^[=\s]+=[=\s]*$/.test(text);
}

function startsBlock(text: string): boolean {
  return /^\s*(?:[*+-]|\d+[.)]|#\.)\s|^\s*(?:\.\.|>>>|:\w[^:]*:|\||```)/.test(text);
}

function withoutMarkup(text: string): string {
  return text
    .replace(/^\s*\.\. _[^:]+:\s*$/gm, '')
    .replace(/^\s*\.\. [\w:-]+::\s*/gm, '')
    .replace(
      /:(pep|rfc):`([^`<]+?)(?:\s*<[^>`]*>)?`/g,
      (_, series: string, number: string) => `${series.toUpperCase()} ${number}`,
    )
    .replace(/^\s*```\w*\s*$/gm, '')
    .replace(/:[a-z][\w:+-]*:`[!~]?([^`<]*?)(?:\s*<[^>`]*>)?`/g, '$1')
    .replace(/``(.+?)``/gs, '$1')
    .replace(/`([^`<]+?)\s*<[^>`]*>`_{1,2}/g, '$1')
    .replace(/`([^`\n]+)`_{0,2}/g, '$1')
    .replace(/\[#\w*\]_|\|(\w+)\|_?/g, '$1')
    .replace(/!?\[([^\]\n]+)\]\([^)\s]*\)/g, '$1')
    .replace(/\*\*(\S|\S[^\n*]*?\S)\*\*(?!\*)/g, '$1')
    .replace(/(?<![\w*])\*([^\s*]|[^\s*][^\n*]*?[^\s*])\*(?![\w*])/g, '$1')
    .replace(/\\([*`_\\|])/g, '$1')
    .replace(/::\s*$/, ':');
}

function decoded(text: string): string {
  return text
    .replace(/&#x([0-9a-f]+);/gi, (whole, hex: string) => codePoint(Number.parseInt(hex, 16), whole))
    .replace(/&#(\d+);/g, (whole, digits: string) => codePoint(Number(digits), whole))
    .replace(/&(\w+);/g, (whole, name: string) => entities.get(name) ?? whole);
}

function codePoint(code: number, otherwise: string): string {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;
}

const entities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'], ['gt', '>'], ['quot', '"'], ['apos', "'"], ['nbsp', ' '], ['mdash', '—'], ['ndash', '–'], ['hellip', '…'],
  ['lsquo', '‘'], ['rsquo', '’'], ['ldquo', '“'], ['rdquo', '”'], ['times', '×'], ['copy', '©'], ['amp', '&'],
]); // prettier-ignore

function blockOf(line: number, raw: string, isHeading: boolean): readonly Block[] {
  const text = raw.replace(/¶/g, '').replace(/[^\S\n]+/g, ' ');
  const leading = /^\s*/.exec(text)?.[0] ?? '';
  return text.trim() ? [{ line: line + newlines(leading), text: text.trim(), isHeading }] : [];
}

const newlines = (text: string) => text.split('\n').length - 1;
const keepLines = (text: string) => '\n'.repeat(newlines(text));
