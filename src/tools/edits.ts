/** Exact replacements in a text: each passage is looked for in the text as it was, and all are made or none. Pure. */
import { ToolError } from '../agent/errors.ts';
import { countOf } from '../shared/quantities.ts';
import { nearMiss } from './nearMiss.ts';

export interface Edit {
  readonly oldText: string;
  readonly newText: string;
  /** Every occurrence; otherwise there has to be exactly one. */
  readonly all: boolean;
}

export interface Edited {
  readonly text: string;
  /** Where the passages began in the text as it was, ascending; lines count from 1. */
  readonly lines: readonly number[];
}

interface Replacement {
  readonly edit: number;
  readonly at: number;
  readonly old: string;
  readonly new: string;
}

/** Makes all edits. Throws ToolError that says which edit does not fit, and why. */
export function applyEdits(text: string, edits: readonly Edit[], shown: string): Edited {
  const name = (index: number) => (edits.length > 1 ? `Edit ${index + 1}: ` : '');
  const nothing = edits.length > 1 ? ' Nothing was changed.' : '';
  const found = edits.flatMap((edit, index) => {
    try {
      return placesOf(text, edit, index, shown);
    } catch (error) {
      if (error instanceof ToolError) throw new ToolError(`${name(index)}${error.message}${nothing}`);
      throw error;
    }
  });
  found.sort((a, b) => a.at - b.at || a.edit - b.edit);
  for (const [index, next] of found.entries()) {
    const before = found[index - 1];
    if (before && before.at + before.old.length > next.at) {
      const line = lineOf(text, next.at);
      throw new ToolError(
        `Edits ${before.edit + 1} and ${next.edit + 1} overlap at line ${line} of ${shown}: each is looked for in the file as it was. Make one edit of them.${nothing}`,
      );
    }
  }
  const parts: string[] = [];
  let end = 0;
  for (const replacement of found) {
    parts.push(text.slice(end, replacement.at), replacement.new);
    end = replacement.at + replacement.old.length;
  }
  parts.push(text.slice(end));
  const result = parts.join('');
  if (result === text) throw new ToolError('Old and new text are the same: nothing would change.');
  return { text: result, lines: linesOf(text, found) };
}

/** In a file with CRLF line ends, passages with plain ones are taken to mean them. */
function placesOf(text: string, { oldText, newText, all }: Edit, edit: number, shown: string): readonly Replacement[] {
  const crlf = text.includes('\r\n') && !oldText.includes('\r');
  const old = crlf ? oldText.replaceAll('\n', '\r\n') : oldText;
  const replaced = crlf ? newText.replace(/\r?\n/g, '\r\n') : newText;
  if (old === replaced) throw new ToolError('old_text and new_text are the same: nothing would change.');
  const places = occurrences(text, old, all ? old.length : 1);
  if (places.length === 0) throw new ToolError(`${shown} has no such passage. ${nearMiss(text, oldText)}`);
  if (places.length > 1 && !all) {
    const lines = places.slice(0, 10).map((at) => lineOf(text, at));
    const more = places.length > 10 ? ', …' : '';
    throw new ToolError(
      `old_text occurs ${countOf(places.length, 'time')} in ${shown} (lines ${lines.join(', ')}${more}). Take more of the lines around the one that you mean, or set replace_all to change them all.`,
    );
  }
  return places.map((at) => ({ edit, at, old, new: replaced }));
}

/** `step`: how far behind the beginning of one the next may begin. */
function occurrences(text: string, part: string, step: number): readonly number[] {
  const found: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + step)) found.push(at);
  return found;
}

function lineOf(text: string, index: number): number {
  return linesOf(text, [{ at: index }])[0] ?? 1;
}

/** The lines of ascending places. */
function linesOf(text: string, places: readonly { readonly at: number }[]): readonly number[] {
  let line = 1;
  let from = 0;
  return places.map(({ at }) => {
    for (let end = text.indexOf('\n', from); end >= 0 && end < at; end = text.indexOf('\n', from)) {
      line++;
      from = end + 1;
    }
    return line;
  });
}
