/** Broken JSON arguments → an object, in tiers from harmless to bold. What would change a string's meaning is no repair. */
import { jsonrepair } from 'jsonrepair';
import { isRecord } from '../shared/json.ts';
import { escapeInnerQuotes } from './innerQuotes.ts';
import { lacksOnlyClosers } from './looseClosing.ts';
import { readLooseObject, type LooseObject, type Token } from './looseTokens.ts';

/** The longest text that is repaired, in characters. */
const repairLimit = 1_000_000;

/** Arguments as they were read; `mended` says in words what was wrong. */
export interface ReadArguments {
  readonly value: Readonly<Record<string, unknown>>;
  readonly mended?: string;
}

/** What is known of a text beside its characters. */
export interface ArgumentsContext {
  /** Whether the text may have been cut off: then no closing brace is added. */
  readonly maybeCut?: boolean;
  /** The names of the tool's arguments. */
  readonly names?: readonly string[] | undefined;
  /** The names that the outermost object can have, where these are others. */
  readonly outerNames?: readonly string[] | undefined;
}

/** Reads a call's arguments; undefined when they are no object whatever one does. `null` members are dropped. */
export function readArguments(text: string, context: ArgumentsContext = {}): ReadArguments | undefined {
  if (/^\s*(?:null|None)?\s*$/.test(text)) return { value: {} };
  const read = readObject(text, context);
  return read && { ...read, value: withoutNulls(read.value) };
}

/** Drops the members that are `null` (agent-protocol: text tool-call format). */
export function withoutNulls(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}

/** Reads one object like `readArguments`, with every member. */
export function readObject(text: string, context: ArgumentsContext = {}): ReadArguments | undefined {
  const parsed = parse(text);
  if (isRecord(parsed)) return { value: parsed };
  if (typeof parsed === 'string') return outOfString(parsed, context);
  if (/^\s*\{\s*\\"/.test(text)) {
    const unescaped = parse(`"${text.trim()}"`);
    return typeof unescaped === 'string' ? outOfString(unescaped, context) : undefined;
  }
  if (text.length > repairLimit) return undefined;
  return readLoosely(text, context) ?? withInnerQuotes(text, context);
}

/** JSON in a string of JSON, once. */
function outOfString(text: string, context: ArgumentsContext): ReadArguments | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  const inner = readObject(text, context);
  return inner && { ...inner, mended: 'read the arguments out of a string' };
}

function withInnerQuotes(text: string, context: ArgumentsContext): ReadArguments | undefined {
  const escaped = escapeInnerQuotes(text, context.names);
  const read = escaped === undefined ? undefined : readLoosely(escaped, context);
  return read && { ...read, mended: 'escaped quotes inside of a string of the arguments' };
}

function readLoosely(text: string, context: ArgumentsContext): ReadArguments | undefined {
  const { maybeCut = false } = context;
  const object = readLooseObject(text);
  if (!object || !standsAlone(text, object)) return undefined;
  const cut = parse(text.slice(object.start, object.end));
  if (isRecord(cut)) return { value: cut, mended: 'cut the arguments to their JSON object' };
  const { tokens, closed } = object;
  if (!closed && (maybeCut || !lacksOnlyClosers(tokens, context.outerNames ?? context.names))) return undefined;
  const strict = tokens.map((token) => (token.newLine ? '\n' : ' ') + token.text).join('');
  const value = parse(strict);
  if (isRecord(value)) return { value, mended: 'escaped raw characters in the arguments' };
  return repaired(strict, tokens);
}

/** The last tier: what stands between the strings is repaired, and what came of it is compared with what was there. */
function repaired(strict: string, tokens: readonly Token[]): ReadArguments | undefined {
  let text: string;
  try {
    text = jsonrepair(strict);
  } catch {
    return undefined;
  }
  const value = parse(text);
  const now = readLooseObject(text);
  if (!isRecord(value) || !now || now.end !== text.trimEnd().length) return undefined;
  return sameTokens(tokens, now.tokens) ? { value, mended: 'repaired the JSON of the arguments' } : undefined;
}

/**
 * Whether a repair kept every token in its place. It may drop a comma before a closing brace, put one between two lines of
 * members, and complete the closing braces at the end; anything else would be a guess.
 */
function sameTokens(before: readonly Token[], after: readonly Token[]): boolean {
  const was = withoutTail(before);
  const is = withoutTail(after);
  let at = 0;
  for (const [index, token] of was.entries()) {
    if (token.kind === 'comma' && was[index + 1]?.kind === 'close') continue;
    if (is[at]?.kind === 'comma' && token.newLine && was[index + 1]?.kind === 'colon') at++;
    if (is[at]?.text !== token.text) return false;
    at++;
  }
  return at === is.length;
}

/** Without the closing braces at the end, and the commas before them. */
function withoutTail(tokens: readonly Token[]): readonly Token[] {
  return tokens.slice(0, tokens.findLastIndex(({ kind }) => kind !== 'close' && kind !== 'comma') + 1);
}

/** Whether what stands around the object is words, fences, tags or braces too many, and no member that would be lost. */
function standsAlone(text: string, { start, end, closed }: LooseObject): boolean {
  const before = text.slice(0, start);
  const after = text.slice(end);
  if (/["}]|'\s*:/.test(before)) return false;
  if (before.includes('[')) return before.trim() === '[' && /^\s*\]?\s*$/.test(after);
  if (!closed) return true;
  const rest = after.replaceAll(text.slice(start, end), '');
  return /^[\s}\])]*(?:$|[<`.;]|(?<=\s))/.test(rest) && !/["{[]|'\s*:/.test(rest);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
