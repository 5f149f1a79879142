/** Broken JSON arguments → an object, in tiers from harmless to bold. What would change a string's meaning is no repair. */
import { jsonrepair } from 'jsonrepair';
import { z } from 'zod';

const objectSchema = z.record(z.string(), z.unknown());

/** The longest text that the last tier looks at, in characters. */
const repairLimit = 1_000_000;

/** Arguments as they were read; `mended` says in words what was wrong. */
export interface ReadArguments {
  readonly value: Readonly<Record<string, unknown>>;
  readonly mended?: string;
}

/** Reads a call's arguments; undefined when they are no object whatever one does. `null` members are dropped. */
export function readArguments(text: string): ReadArguments | undefined {
  const tiers: readonly (readonly [string | undefined, () => string])[] = [
    [undefined, () => text],
    ['cut the arguments to their JSON object', () => balancedObject(text)],
    ['escaped raw characters in the arguments', () => escapeStrings(balancedObject(text))],
    ['repaired the JSON of the arguments', () => jsonrepair(escapeStrings(unfenced(text)))],
  ];
  for (const [mended, attempt] of tiers) {
    if (text.length > repairLimit && mended?.startsWith('repaired')) return undefined;
    const value = parseObject(attempt);
    if (value) return { value: withoutNulls(value), ...(mended && { mended }) };
  }
  return undefined;
}

function parseObject(attempt: () => string): Record<string, unknown> | undefined {
  try {
    const parsed = objectSchema.safeParse(JSON.parse(attempt()));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function withoutNulls(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}

function unfenced(text: string): string {
  return text.replace(/^\s*```(?:json)?\s*\n/, '').replace(/\n```\s*$/, '');
}

/** From the first `{` to the brace that closes it, strings minded; the text from there when nothing closes it. */
function balancedObject(text: string): string {
  const start = text.indexOf('{');
  if (start < 0) return text;
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const char = text.charAt(i);
    if (inString && char === '\\') i++;
    else if (char === '"') inString = !inString;
    else if (!inString && char === '{') depth++;
    else if (!inString && char === '}' && --depth === 0) return text.slice(start, i + 1);
  }
  return text.slice(start);
}

const rawEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Inside strings: lone backslashes become literal ones, raw control characters become escapes. */
function escapeStrings(text: string): string {
  let out = '';
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (!inString || char === '"') {
      if (char === '"') inString = !inString;
      out += char;
    } else if (char === '\\') {
      const whole = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(i, i + 6))?.[0];
      out += whole ?? '\\\\';
      i += (whole?.length ?? 1) - 1;
    } else if (char < ' ') {
      out += rawEscapes[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
    } else out += char;
  }
  return out;
}
