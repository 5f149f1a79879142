/** A change to one cell of a notebook's JSON. Everything else keeps its bytes: other cells, metadata, ids, indentation. Pure. */
import { isRecord } from '../shared/json.ts';
import type { CellChange, OpenCell } from './documents.ts';
import { blanksEnd, elementsOf, membersOf, type Span } from './jsonSpans.ts';

/** `id`: of a cell that is inserted, where the notebook's cells have ids. The text is a valid notebook, the index fits. */
export function changeNotebook(text: string, change: CellChange, id: string | undefined): string {
  const array = membersOf(text, blanksEnd(text, 0)).findLast(({ name }) => name === 'cells')?.value;
  if (!array) throw new Error('a notebook without cells was not found out');
  const cells = elementsOf(text, array.start);
  switch (change.kind) {
    case 'replace':
      return spliced(text, replacement(text, cells[change.index] ?? array, change.source, change.type));
    case 'insert':
      return spliced(text, [insertion(text, array, cells, change, id)]);
    case 'delete':
      return spliced(text, [deletion(array, cells, change.index)]);
  }
}

interface Splice extends Span {
  readonly by: string;
}

function spliced(text: string, splices: readonly Splice[]): string {
  return splices
    .toSorted((a, b) => b.start - a.start)
    .reduce((changed, { start, end, by }) => changed.slice(0, start) + by + changed.slice(end), text);
}

/** The source is new, the outputs and the count of a run that no longer was go. */
function replacement(text: string, cell: Span, source: string, type: OpenCell['type']): readonly Splice[] {
  const members = membersOf(text, cell.start);
  const value: unknown = JSON.parse(text.slice(cell.start, cell.end));
  const cellSource = isRecord(value) && typeof value['source'] === 'string' ? source : linesOf(source);
  if (isRecord(value) && value['cell_type'] !== type) {
    const { outputs: _outputs, execution_count: _count, ...kept } = value;
    const running = type === 'code' ? { execution_count: null, outputs: [] } : {};
    return [{ ...cell, by: rendered({ ...kept, ...running, cell_type: type, source: cellSource }, text, cell.start) }];
  }
  const news: Readonly<Record<string, unknown>> = { source: cellSource, outputs: [], execution_count: null };
  return members
    .filter(({ name }) => Object.hasOwn(news, name))
    .map((member) => ({ ...member.value, by: rendered(news[member.name], text, member.start) }));
}

function insertion(
  text: string,
  array: Span,
  cells: readonly Span[],
  { index, source, type }: Extract<CellChange, { kind: 'insert' }>,
  id: string | undefined,
): Splice {
  const cell = {
    cell_type: type,
    ...(type === 'code' && { execution_count: null }),
    ...(id !== undefined && { id }),
    metadata: {},
    ...(type === 'code' && { outputs: [] }),
    source: linesOf(source),
  };
  const [first] = cells;
  const outer = indentAt(text, array.start) ?? '';
  const inner = first ? indentAt(text, first.start) : unitOf(text) && outer + unitOf(text);
  const lineBreak = inner === undefined || unitOf(text) === '' ? '' : newlineOf(text) + inner;
  const by = rendered(cell, text, first?.start, inner);
  const next = cells[index];
  if (!first) {
    const end = lineBreak === '' ? '' : newlineOf(text) + outer;
    return { ...array, by: `[${lineBreak}${by}${end}]` };
  }
  if (next) return { start: next.start, end: next.start, by: `${by},${lineBreak || ' '}` };
  const end = cells.at(-1)?.end ?? array.start;
  return { start: end, end, by: `,${lineBreak || ' '}${by}` };
}

function deletion(array: Span, cells: readonly Span[], index: number): Splice {
  const [before, own, after] = [cells[index - 1], cells[index], cells[index + 1]];
  if (own && after) return { start: own.start, end: after.start, by: '' };
  if (own && before) return { start: before.end, end: own.end, by: '' };
  return { ...array, by: '[]' };
}

/** A source as notebooks keep it: line by line, each with its end. */
function linesOf(source: string): readonly string[] {
  return source === '' ? [] : source.split(/(?<=\n)/);
}

/** A value as the file writes its own: over lines with the file's indentation, or on one line. */
function rendered(value: unknown, text: string, at: number | undefined, indent?: string): string {
  const outer = indent ?? (at === undefined ? undefined : indentAt(text, at));
  if (outer === undefined || unitOf(text) === '') return JSON.stringify(value);
  return JSON.stringify(value, null, unitOf(text)).replaceAll('\n', newlineOf(text) + outer);
}

/** The blanks before what stands first on its line; undefined for what does not. */
function indentAt(text: string, at: number): string | undefined {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  const lead = /^[ \t]*/.exec(line)?.[0] ?? '';
  if (lead === line) return lead;
  // A member's value stands on its member's line.
  return /^[ \t]*"/.test(line) ? lead : undefined;
}

function unitOf(text: string): string {
  return /^\s*\{\r?\n([ \t]+)"/.exec(text)?.[1] ?? '';
}

function newlineOf(text: string): string {
  return /^\s*\{\r\n/.test(text) ? '\r\n' : '\n';
}
