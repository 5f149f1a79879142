/** A call and its observation, shown as what they are; JSON and argument lists only when nothing better is known. */
import type { CallDescription } from '../src/shared/describeCall.ts';
import { argument, editsOf } from '../src/shared/callTargets.ts';
import { parseCommandOutput } from '../src/shared/commandOutput.ts';
import { withoutEditedWords } from '../src/shared/editedCall.ts';
import { isRecord, parseJson } from '../src/shared/json.ts';
import { countChanges, lineDiff } from '../src/shared/lineDiff.ts';
import { countOf, formatBytes } from '../src/shared/quantities.ts';
import { parseHits } from '../src/shared/searchHits.ts';
import { showControls } from '../src/shared/visibleText.ts';
import type { Call } from '../src/shared/trajectory.ts';
import type { Context } from './context.ts';
import { h } from './dom.ts';
import { foldedRows, foldedText } from './lines.ts';
import { pageLink, placeLink, runLink } from './links.ts';

/** Everything below a call's line. */
export function callBody(context: Context, given: Call, { kind, tone }: CallDescription): readonly Node[] {
  const call = withoutEditedWords(given);
  const shown =
    kind === 'command' || kind === 'python'
      ? processOutput(context, call, tone)
      : tone === 'normal'
        ? observation(context, call, kind)
        : [output(context, call, tone)];
  return [
    ...intent(context, call, kind),
    ...nested(context, call),
    ...shown,
    ...asRequested(context, call, kind),
    ...remarks(call),
  ];
}

/** What the call is about to do, or did, without its observation: also what an approval shows. */
export function intent(context: Context, call: Call, kind: CallDescription['kind']): readonly Node[] {
  const args = call.arguments;
  const path = argument(args, 'path');
  switch (kind) {
    case 'command':
      return [foldedText(argument(args, 'command'), { className: 'prompt' })];
    case 'python':
      return [foldedText(argument(args, 'code_block', 'code'), { className: 'code' })];
    case 'edit':
      return [fileLine(context, path), ...editsOf(args).map(({ oldText, newText }) => diff(oldText, newText))];
    case 'cell':
      return [fileLine(context, path), ...known(args, ['path', 'source']), diff('', argument(args, 'source'))];
    case 'move':
      return [fileLine(context, argument(args, 'from')), fileLine(context, argument(args, 'to'))];
    case 'delete':
      return [fileLine(context, path), ...known(args, ['path'])];
    case 'write':
      return [fileLine(context, path), diff('', argument(args, 'content').replace(/\n$/, ''))];
    case 'read':
      return [fileLine(context, path, Number(argument(args, 'start_line')) || undefined)];
    case 'page':
      return [pageLink(context, argument(args, 'url')), ...known(args, ['url', 'custom_headers'])];
    case 'search':
    case 'list':
    case 'webSearch':
    case 'sandbox':
    case 'output':
      return [];
    case 'subtask':
      return [foldedText(argument(args, 'subtask'), { className: 'prose' }), ...known(args, ['subtask'])];
    case 'upload':
    case 'download':
    case 'other':
      return known(args, []);
  }
}

/** The way to the run that did the call. */
function nested(context: Context, { runId }: Call): readonly Node[] {
  return runId === undefined ? [] : [h('p', '', {}, runLink(context, runId, 'Open its trajectory'))];
}

/** What the model had asked for, where a person edited the arguments. */
function asRequested(context: Context, call: Call, kind: CallDescription['kind']): readonly Node[] {
  if (!call.requested) return [];
  const asked = intent(context, { ...call, arguments: call.requested }, kind);
  const shown = asked.length > 0 ? asked : known(call.requested, []);
  return [
    h('p', 'remark', {}, 'You edited this call. The model had asked for:'),
    h('div', 'as-requested', {}, ...shown),
  ];
}

function observation(context: Context, call: Call, kind: CallDescription['kind']): readonly Node[] {
  const { content = '', outcome } = call;
  if (outcome === undefined) return [];
  if (kind === 'edit' || kind === 'write') return [];
  if (kind === 'search') return [searchHits(context, call)];
  const json = parseJson(content);
  if (kind === 'subtask') return [foldedText(content, { className: 'prose' })];
  if (kind === 'webSearch' && Array.isArray(json?.['organic'])) return [webHits(context, json['organic'])];
  if (kind === 'page' && typeof json?.['extracted_info'] === 'string')
    return [foldedText(json['extracted_info'], { className: 'prose' })];
  if (json !== undefined) return [foldedText(JSON.stringify(json, null, 2), { className: 'output' })];
  return [output(context, call, 'normal')];
}

/** The streams of a process, each under its name where there are several. */
function processOutput(context: Context, call: Call, tone: CallDescription['tone']): readonly Node[] {
  if (call.outcome === undefined || call.outcome === 'denied') return [];
  const { sections, remarks } = parseCommandOutput(call.content ?? '');
  const said = call.images ? remarks.filter((line) => !isShownPicture(line)) : remarks;
  const blocks = sections.flatMap(({ name, text }, index) => {
    const failed = tone === 'failed' && (name === 'error' || sections.length === 1);
    const more = index === sections.length - 1 ? moreOf(call) : undefined;
    const className = failed ? 'output failed' : 'output';
    const block = foldedText(text, { className, more, openElsewhere: elsewhere(context, call) });
    return sections.length > 1 ? [h('p', 'remark', {}, name), block] : [block];
  });
  if (blocks.length === 0 && said.length === 0) return [h('p', 'remark', {}, 'No output')];
  return [...blocks, ...said.map((line) => h('p', 'remark', {}, showControls(line)))];
}

/** Whether a remark only names a picture that stands above it. */
function isShownPicture(line: string): boolean {
  return /^Picture: .* pixels, [^)]*\)$/.test(line);
}

/** What there is beside the text that the model was shown. */
function moreOf({ output: whole, blob }: Call): string | undefined {
  if (whole) return `${formatBytes(whole.sizeBytes)} in all`;
  return blob && `${formatBytes(blob.sizeBytes)} more`;
}

function elsewhere(context: Context, { callId }: Call): (() => void) | undefined {
  const { runId } = context.view();
  return runId === null ? undefined : () => context.post({ type: 'showAll', runId, callId });
}

function output(context: Context, call: Call, tone: CallDescription['tone']): HTMLElement {
  const { content = '' } = call;
  if (content.trim() === '') return h('p', 'remark', {}, 'No output');
  return foldedText(content, {
    className: tone === 'failed' ? 'output failed' : 'output',
    more: moreOf(call),
    openElsewhere: elsewhere(context, call),
  });
}

function searchHits(context: Context, call: Call): HTMLElement {
  const { hits, remarks } = parseHits(call.content ?? '');
  if (hits.length === 0) return output(context, call, 'normal');
  const rows = hits.flatMap((hit, index) => {
    const place = () => h('div', 'hit-file', { role: 'listitem' }, placeLink(context, hit.path));
    const line = () => {
      const text = h('span', 'hit-text', {}, showControls(hit.text.trim().slice(0, 400)));
      const link = placeLink(context, hit.path, hit.line, String(hit.line));
      return h('div', 'hit', { role: 'listitem' }, link, text);
    };
    return hits[index - 1]?.path === hit.path ? [line] : [place, line];
  });
  const rest = remarks.filter((line) => line.trim());
  return h(
    'div',
    '',
    {},
    foldedRows(rows, 'hits'),
    rest.length > 0 && h('p', 'remark', {}, rest.join(' ').slice(0, 400)),
  );
}

function webHits(context: Context, organic: readonly unknown[]): HTMLElement {
  const rows = organic.filter(isRecord).map((result) => () => {
    const link = argument(result, 'link');
    const site = h('span', 'site', {}, siteOf(link));
    const snippet = h('p', 'snippet', {}, argument(result, 'snippet'));
    return h(
      'div',
      'page',
      { role: 'listitem' },
      pageLink(context, link, argument(result, 'title') || link),
      ' ',
      site,
      snippet,
    );
  });
  return foldedRows(rows, 'pages');
}

function diff(before: string, after: string): HTMLElement {
  const lines = lineDiff(before, after);
  const { added, removed } = countChanges(lines);
  const rows = lines.map(({ kind, text }) => () => {
    const tag = kind === 'added' ? 'ins' : kind === 'removed' ? 'del' : 'span';
    const sign = kind === 'added' ? '+' : kind === 'removed' ? '−' : ' ';
    const mark = h('span', 'sign', {}, sign);
    return h('div', `diff-line ${kind}`, { role: 'listitem' }, mark, h(tag, '', {}, showControls(text) || ' '));
  });
  const name = `${countOf(added, 'line')} added, ${countOf(removed, 'line')} removed`;
  const block = foldedRows(rows, 'diff');
  block.setAttribute('aria-label', name);
  return block;
}

function fileLine(context: Context, path: string, line?: number): HTMLElement {
  return h('p', 'file', {}, placeLink(context, path, line));
}

/** Arguments as names and values, those left out that are shown already. */
function known(args: Call['arguments'], without: readonly string[]): readonly Node[] {
  const entries = Object.entries(args).filter(([name]) => !without.includes(name));
  if (entries.length === 0) return [];
  const list = h('dl', 'arguments');
  for (const [name, value] of entries) {
    const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
    list.append(h('dt', '', {}, name.replace(/_/g, ' ')), h('dd', '', {}, foldedText(text)));
  }
  return [list];
}

function remarks({ approval, truncated, blob }: Call): readonly Node[] {
  const said: string[] = [];
  if (approval?.decision === 'once') said.push('You allowed this once.');
  if (approval?.decision === 'run') said.push('You allowed this tool for the run.');
  if (truncated === true)
    said.push(`The model was shown the first part${blob ? `; ${formatBytes(blob.sizeBytes)} more were kept` : ''}.`);
  return said.length > 0 ? [h('p', 'remark', {}, said.join(' '))] : [];
}

function siteOf(link: string): string {
  return URL.canParse(link) ? new URL(link).hostname.replace(/^www\./, '') : '';
}
