/** A call in a person's words: one line for the panel, the command line's live view, the tree and the status bar. */
import type { Call } from './trajectory.ts';
import { countChanges, lineDiff } from './lineDiff.ts';
import { parseCommandOutput } from './commandOutput.ts';
import { argument, cellWords, editsOf, fromTo, outputTarget } from './callTargets.ts';
import { withoutEditedWords } from './editedCall.ts';
import { parseJson } from './json.ts';
import { countOf } from './quantities.ts';
import { parseHits } from './searchHits.ts';

/** What sort of thing a call does; decides how it is shown. */
export type CallKind =
  | 'command'
  | 'python'
  | 'sandbox'
  | 'read'
  | 'list'
  | 'search'
  | 'write'
  | 'edit'
  | 'cell'
  | 'move'
  | 'delete'
  | 'output'
  | 'webSearch'
  | 'page'
  | 'subtask'
  | 'upload'
  | 'download'
  | 'other';

export interface CallDescription {
  readonly kind: CallKind;
  /** A codicon's name. */
  readonly icon: string;
  readonly verb: string;
  /** What it is done to, on one line; may be empty. */
  readonly target: string;
  /** The observation on one line; empty while there is none. */
  readonly summary: string;
  /** `failed` for what went wrong, a command's exit code included; `attention` for denied or unknown outcomes. */
  readonly tone: 'normal' | 'failed' | 'attention';
}

const kinds: Readonly<Record<string, CallKind>> = {
  run_command: 'command',
  run_python_code: 'python',
  create_sandbox: 'sandbox',
  read_file: 'read',
  list_files: 'list',
  search_files: 'search',
  write_file: 'write',
  edit_file: 'edit',
  edit_notebook: 'cell',
  move_file: 'move',
  delete_file: 'delete',
  read_output: 'output',
  google_search: 'webSearch',
  sogou_search: 'webSearch',
  scrape_and_extract_info: 'page',
  scrape_website: 'page',
  search_and_browse: 'subtask',
  upload_file_from_local_to_sandbox: 'upload',
  download_file_from_internet_to_sandbox: 'download',
  download_file_from_sandbox_to_local: 'download',
};

const looks: Readonly<Record<CallKind, readonly [icon: string, verb: string]>> = {
  command: ['terminal', 'Run'],
  python: ['python', 'Run Python'],
  sandbox: ['package', 'Start a sandbox'],
  read: ['file', 'Read'],
  list: ['list-tree', 'List'],
  search: ['search', 'Search'],
  write: ['new-file', 'Write'],
  edit: ['edit', 'Edit'],
  cell: ['notebook', 'Edit'],
  move: ['arrow-right', 'Move'],
  delete: ['trash', 'Delete'],
  output: ['output', 'Read output'],
  webSearch: ['globe', 'Search the web'],
  page: ['link-external', 'Read page'],
  subtask: ['type-hierarchy-sub', 'Subtask'],
  upload: ['cloud-upload', 'Upload'],
  download: ['cloud-download', 'Download'],
  other: ['tools', ''],
};

/** Descriptions by call: a call never changes, and one is described in several places. */
const described = new WeakMap<Call, CallDescription>();

/** Describes one call, ended or not. */
export function describeCall(call: Call): CallDescription {
  const known = described.get(call);
  if (known) return known;
  const description = makeDescription(call);
  described.set(call, description);
  return description;
}

function makeDescription(given: Call): CallDescription {
  const call = withoutEditedWords(given);
  const kind = (Object.hasOwn(kinds, call.tool) ? kinds[call.tool] : undefined) ?? 'other';
  const [icon, verb] = looks[kind];
  return {
    kind,
    icon,
    verb: verb || sentence(call.tool),
    target: oneLine(targetOf(kind, call.arguments)),
    summary: oneLine(summaryOf(kind, call)),
    tone: toneOf(call),
  };
}

function toneOf({ outcome, exitCode }: Call): CallDescription['tone'] {
  if (outcome === 'failed' || (outcome === 'ok' && exitCode !== undefined && exitCode !== 0)) return 'failed';
  return outcome === 'denied' || outcome === 'lost' ? 'attention' : 'normal';
}

function targetOf(kind: CallKind, args: Call['arguments']): string {
  const path = argument(args, 'path').replace(/^\.\/?$/, '');
  switch (kind) {
    case 'command':
      return argument(args, 'command');
    case 'python':
      return significantLine(argument(args, 'code_block', 'code'));
    case 'sandbox':
      return '';
    case 'read':
      return path + lineRange(args);
    case 'list':
      return path || 'workspace';
    case 'search':
      return `${quoted(argument(args, 'pattern'))}${path && ` in ${path}`}${argument(args, 'glob') && ` (${argument(args, 'glob')})`}`;
    case 'write':
    case 'edit':
    case 'delete':
      return path;
    case 'cell':
      return `${path}, ${cellWords(args)}`;
    case 'move':
      return fromTo(argument(args, 'from'), argument(args, 'to'));
    case 'output':
      return outputTarget(args);
    case 'webSearch':
      return quoted(argument(args, 'q', 'Query', 'query'));
    case 'page':
      return argument(args, 'url').replace(/^https?:\/\/(www\.)?/, '');
    case 'subtask':
      return argument(args, 'subtask');
    case 'upload':
      return argument(args, 'local_file_path');
    case 'download':
      return argument(args, 'url', 'local_filename');
    case 'other':
      return Object.values(args).find((value) => typeof value === 'string') ?? '';
  }
}

/** A query with quotation marks of its own needs no more of them. */
function quoted(query: string): string {
  return query.includes('"') ? query : `“${query}”`;
}

function lineRange(args: Call['arguments']): string {
  const [start, end] = [argument(args, 'start_line'), argument(args, 'end_line')];
  if (!start && !end) return '';
  return end ? `:${start || '1'}–${end}` : `:${start}–`;
}

function summaryOf(kind: CallKind, call: Call): string {
  const { outcome, content = '' } = call;
  if (outcome === undefined) return '';
  if (outcome === 'lost') return 'Nobody knows how it ended';
  if (outcome === 'cancelled') return 'Cancelled';
  // Nobody was asked: a rule did it, and the observation says which.
  if (outcome === 'denied' && !call.approval) return 'Denied by a rule';
  if (outcome === 'denied') return call.approval?.note ? `Denied: ${call.approval.note}` : 'Denied';
  if (toneOf(call) === 'failed') return lastLine(complaint(kind, content)) || 'Failed without a message';
  return okSummary(kind, call, content);
}

function okSummary(kind: CallKind, call: Call, content: string): string {
  switch (kind) {
    case 'command':
    case 'python':
      return firstLine(outputText(content)) || 'No output';
    case 'sandbox':
      return 'Ready';
    case 'read':
      return readSummary(content);
    case 'list':
      return countOf(withoutRemarks(content).length, 'entry', 'entries');
    case 'search':
      return searchSummary(content);
    case 'write':
      return `${countOf(lineCount(argument(call.arguments, 'content')), 'line')} written`;
    case 'edit':
      return editSummary(call);
    case 'cell':
    case 'move':
    case 'delete':
      return '';
    case 'output':
      return firstLine(content);
    case 'webSearch':
      return webSummary(content);
    case 'page':
    case 'subtask':
    case 'upload':
    case 'download':
    case 'other':
      return firstLine(pageText(content)) || 'Nothing';
  }
}

/** What a process said: its output, then what it complained of. */
function outputText(content: string): string {
  const { sections, remarks } = parseCommandOutput(content);
  return [...sections.map(({ text }) => text), ...remarks].join('\n');
}

/** Where the reason of a failure stands: a traceback before all else. */
function complaint(kind: CallKind, content: string): string {
  if (kind !== 'command' && kind !== 'python') return content;
  const { sections, remarks } = parseCommandOutput(content);
  const worst = sections.find(({ name }) => name === 'error') ?? sections.at(-1);
  return worst?.text ?? remarks.join('\n');
}

/** "40 lines", or "40 of 212 lines" where the tool says how many there are. */
function readSummary(content: string): string {
  const cells = /^--- Cell \d+ of (\d+): /.exec(content)?.[1];
  if (cells !== undefined) return countOf(Number(cells), 'cell');
  const lines = withoutRemarks(content).length;
  const total = /\n\[Lines \d+ to \d+ of ([\d,]+) lines?\./.exec(content)?.[1];
  return total === undefined ? countOf(lines, 'line') : `${lines} of ${total} lines`;
}

/** Lines that are no remark of the tool's own, which stand in brackets. */
function withoutRemarks(content: string): readonly string[] {
  return content
    .replace(/\n$/, '')
    .split('\n')
    .filter((line) => line !== '' && !/^\[.*\]$/.test(line));
}

/** The tool's own count where it gives one: it may have found more than it shows. */
function searchSummary(content: string): string {
  const { hits, remarks } = parseHits(content);
  const said = remarks.find((line) => / match\b/.test(line)) ?? remarks[0];
  const counted = /^((?:More than )?[\d,]+ lines? in [\d,]+ files?) match/.exec(said ?? '')?.[1];
  if (hits.length === 0) return (counted ?? said ?? 'No hits').replace(/ \(.*/, '');
  return counted ?? `${countOf(hits.length, 'hit')} in ${countOf(new Set(hits.map(({ path }) => path)).size, 'file')}`;
}

function editSummary({ arguments: args }: Call): string {
  const changes = editsOf(args).map(({ oldText, newText }) => countChanges(lineDiff(oldText, newText)));
  const sum = (of: 'added' | 'removed') => changes.reduce((total, change) => total + change[of], 0);
  return `+${sum('added')} −${sum('removed')}`;
}

function webSummary(content: string): string {
  const organic = parseJson(content)?.['organic'];
  return Array.isArray(organic) ? countOf(organic.length, 'result') : firstLine(content);
}

function pageText(content: string): string {
  const extract = parseJson(content)?.['extracted_info'];
  return typeof extract === 'string' ? extract : content;
}

/** The first line of code that does something: imports and comments say little. */
function significantLine(code: string): string {
  const lines = code.split('\n').filter((line) => line.trim());
  return lines.find((line) => !/^\s*(import |from |#)/.test(line)) ?? lines[0] ?? '';
}

function lineCount(text: string): number {
  return text === '' ? 0 : text.replace(/\n$/, '').split('\n').length;
}

function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim()) ?? '';
}

function lastLine(text: string): string {
  return text.split('\n').findLast((line) => line.trim()) ?? '';
}

function oneLine(text: string): string {
  return text.slice(0, 400).replace(/\s+/g, ' ').trim();
}

function sentence(tool: string): string {
  const words = tool.replace(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
