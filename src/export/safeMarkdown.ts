/** A model's Markdown that no viewer takes for more: no HTML, no pictures, links to the web only. */
import type { Env, MarkdownIt, Token } from 'markdown-it';
import type { NumberedSource } from '../shared/citations.ts';
import { showControls } from '../shared/visibleText.ts';
import { answerParser } from './answerParser.ts';
import { inlineEditor, isKept, type Edit } from './inlineEdits.ts';
import { lineAt, linesOf, placedContents, type Lines } from './markdownPlaces.ts';
import { oneLine } from './reportSource.ts';

/** A change may bring another link to light (they do not nest), so the result is read again, at most so many times. */
const mostPasses = 20;

/** Without any of this there is nothing to change: most thoughts need no parser. */
const suspicious = /<[a-z/!?]|!\[|\]\(|\]:|```|~~~/i;

/**
 * The same Markdown, changed only where a viewer would follow or load something, and with `[^n]` for every way of citing
 * one of the sources. Code stays as it is; a fence that is never closed is closed.
 */
export function safeMarkdown(markdown: string, sources: readonly NumberedSource[] = []): string {
  let text = showControls(markdown.replace(/\r\n?/g, '\n'));
  if (sources.length === 0 && !suspicious.test(text)) return text;
  for (let pass = 0; pass < mostPasses; pass++) {
    const next = onePass(text, answerParser(pass === 0 ? sources : []));
    if (next === text) return text;
    text = next;
  }
  return text.replace(/[\\`~<>[\]!]/g, '\\$&');
}

function onePass(text: string, parser: MarkdownIt): string {
  parser.validateLink = () => true;
  const lines = linesOf(text);
  const env: Env = {};
  const blocks: Token[] = [];
  parser.block.parse(text, parser, env, blocks);
  const edits: Edit[] = [];
  for (const { type, map, meta } of blocks) {
    if (type !== 'reference_definition') continue;
    const at = text.indexOf('[', lines.starts[map?.[0] ?? 0]);
    const written = text.slice(at, lines.starts[map?.[1] ?? 0]);
    if (!isKeptDefinition(labelOf(meta), env) || /<(?!http)/i.test(written))
      edits.push({ from: at, to: at, put: '\\' });
  }
  const inlineEdits = inlineEditor(parser);
  for (const { content, places } of placedContents(lines, blocks)) {
    for (const { from, to, put } of inlineEdits(content, env))
      edits.push({ from: places[from] ?? 0, to: places[to] ?? 0, put });
  }
  return `${applied(text, edits)}${openFence(lines, blocks.at(-1))}`;
}

/** A link to the web, or a footnote of one word, which is a definition as well. */
function isKeptDefinition(label: string, { references = {} }: Env): boolean {
  const href = references[label]?.href ?? '';
  return isKept(href) || (label.startsWith('^') && /^[\w.-]*$/.test(href));
}

function labelOf(meta: unknown): string {
  return typeof meta === 'object' && meta !== null && 'label' in meta ? String(meta.label) : '';
}

function applied(text: string, edits: readonly Edit[]): string {
  let out = '';
  let at = 0;
  for (const { from, to, put } of edits.toSorted((a, b) => a.from - b.from)) {
    out += text.slice(at, from) + put;
    at = to;
  }
  return out + text.slice(at);
}

/** The mark that closes a fence which the text leaves open: what comes behind would be code. */
function openFence(lines: Lines, last: Token | undefined): string {
  if (last?.type !== 'fence' || last.level > 0 || !last.map) return '';
  const [first, end] = last.map;
  const closing = lineAt(lines, end - 1).trim();
  const closed = end - 1 > first && closing.startsWith(last.markup) && /^(?:`+|~+)$/.test(closing);
  return closed ? '' : `${lines.text.endsWith('\n') ? '' : '\n'}${last.markup}`;
}

/** Text on one line that Markdown takes for nothing but text. */
export function plainMarkdown(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]<>#|~]/g, '\\$&')
    .replace(/&/g, '&amp;');
}
