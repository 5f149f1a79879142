/** The words that a page carries as data for its scripts: for pages that show nothing without them. */
import { isRecord } from '../../shared/json.ts';
import type { DomElement } from './domNodes.ts';
import { parsePage, TreeTooLarge } from './domParser.ts';
import { markdownOf } from './htmlMarkdown.ts';
import { keepVisible } from './htmlVisible.ts';

/** Of all data together, and of what is made of it. */
const maxDataChars = 5_000_000;
const maxChars = 200_000;
const maxDepth = 40;
/** Of one script. */
const maxStates = 200;
/** Fewer words are labels. */
const proseWords = 5;
const proseIdeographs = 12;
/** An article's text that is at least so long is all that is wanted of a page's data. */
const articleChars = 200;

/**
 * What scripts would show: the text of JSON-LD's article, otherwise the members of all objects that hold a sentence, in JSON-LD
 * (schema.org) and in what programs leave in a page for themselves (`__NEXT_DATA__`, `window.__STATE__ = {…}`). Empty where
 * there is no sentence.
 */
export function carriedText(scripts: readonly DomElement[], base: string | undefined): string {
  const found = [...dataOf(scripts)];
  const articles = found.flatMap((value) => [...membersOf(value, 'articleBody')]);
  const article = articles.sort((a, b) => b.length - a.length)[0] ?? '';
  if (article.length >= articleChars) return written(article, base).slice(0, maxChars);
  const lines = new Set<string>();
  let chars = 0;
  for (const line of found.flatMap((value) => [...linesOf(value, base)])) {
    if (chars > maxChars) break;
    if (!lines.has(line)) chars += line.length + 1;
    lines.add(line);
  }
  return [...lines].join('\n').slice(0, maxChars).toWellFormed();
}

function* dataOf(scripts: readonly DomElement[]): Generator {
  let chars = 0;
  for (const script of scripts) {
    const text = script.textContent;
    chars += text.length;
    if (chars > maxDataChars) return;
    const type = script.getAttribute('type') ?? '';
    if (/^application\/(?:[\w.-]+\+)?json$/i.test(type)) yield* parsed(text);
    else if (type === '' || /javascript|module/i.test(type)) yield* stateIn(text);
  }
}

/** `window.__STATE__ = {…}` and `window.__STATE__ = JSON.parse("…")`. */
function* stateIn(script: string): Generator {
  const start =
    /(?:\b(?:window|self|globalThis)\s{0,9}(?:\.\s{0,9}\w{1,60}|\[\s{0,9}["']\w{1,60}["']\s{0,9}\])|\b__\w{1,60})\s{0,9}=\s{0,9}(JSON\.parse\(\s{0,9})?(?=["{[])/g;
  for (let tries = 0; tries < maxStates; tries++) {
    const found = start.exec(script);
    if (!found) return;
    const from = start.lastIndex;
    start.lastIndex = endOf(script, from);
    const value = script.slice(from, start.lastIndex);
    if (found[1] === undefined) yield* parsed(value);
    else for (const text of parsed(value)) if (typeof text === 'string') yield* parsed(text);
  }
}

/** Behind the bracket or the quote that closes the one at `from`. */
function endOf(script: string, from: number): number {
  const part = /["[\]{}]/g;
  part.lastIndex = from;
  let depth = 0;
  for (let found = part.exec(script); found; found = part.exec(script)) {
    if (found[0] === '"') part.lastIndex = quoteEnd(script, part.lastIndex);
    else depth += found[0] === '{' || found[0] === '[' ? 1 : -1;
    if (depth <= 0) return part.lastIndex;
  }
  return script.length;
}

/** Behind the quote that ends a string, from its first character. */
function quoteEnd(script: string, from: number): number {
  const part = /["\\]/g;
  part.lastIndex = from;
  for (let found = part.exec(script); found; found = part.exec(script)) {
    if (found[0] === '"') return part.lastIndex;
    part.lastIndex += 1;
  }
  return script.length;
}

function* parsed(json: string): Generator {
  try {
    yield JSON.parse(json);
  } catch {
    // Data that only its own program understands.
  }
}

/** All texts that stand under a name. */
function* membersOf(value: unknown, name: string, depth = 0): Generator<string> {
  if (typeof value !== 'object' || value === null || depth > maxDepth) return;
  for (const [key, member] of Object.entries(value)) {
    if (key === name && typeof member === 'string') yield member;
    else yield* membersOf(member, name, depth + 1);
  }
}

/** `key: value` of objects that hold a sentence, sentences of lists as they are. */
function* linesOf(value: unknown, base: string | undefined, depth = 0): Generator<string> {
  if (depth > maxDepth) return;
  if (Array.isArray(value)) {
    for (const item of value) {
      if (isProse(item)) yield written(item, base);
      else yield* linesOf(item, base, depth + 1);
    }
  } else if (isRecord(value)) {
    const isTelling = Object.values(value).some(isProse);
    for (const [key, member] of Object.entries(value)) {
      if (typeof member === 'string' || typeof member === 'number') {
        if (isTelling && !isNoise(String(member))) yield `${key}: ${written(String(member), base)}`;
      } else yield* linesOf(member, base, depth + 1);
    }
  }
}

function isProse(value: unknown): value is string {
  if (typeof value !== 'string' || value.length < proseIdeographs || isNoise(value)) return false;
  const words = value.replace(/<[^<>]{0,1000}>/g, ' ').match(/\p{L}{2,}/gu) ?? [];
  return (
    words.length >= proseWords || (value.match(/[\p{sc=Han}\p{sc=Kana}\p{sc=Hang}]/gu)?.length ?? 0) >= proseIdeographs
  );
}

/** Addresses, keys, style sheets and programs. */
function isNoise(text: string): boolean {
  return (
    text.trim() === '' ||
    /^(?:https?:|\/|data:|[\w+/=-]{25,}$)/.test(text) ||
    /\{[^{}]*:[^{}]*;|=>|\bfunction\s*\(|\bvar\s+\w+\s*=/.test(text)
  );
}

/** Text as it is, markup as Markdown. */
function written(text: string, base: string | undefined): string {
  if (!/<\/?[a-z][^<>]*>/i.test(text)) return text.trim();
  try {
    const document = parsePage(text, true);
    keepVisible(document, []);
    return markdownOf(document.body, base);
  } catch (error) {
    if (error instanceof TreeTooLarge) return text.replace(/<[^<>]{0,1000}>/g, ' ').trim();
    throw error;
  }
}
