/** One call: a line that says what was done and what came of it, and all of it below. */
import type { Call } from '../src/shared/trajectory.ts';
import type { CallDescription } from '../src/shared/describeCall.ts';
import { describeCall } from '../src/shared/describeCall.ts';
import { formatDuration } from '../src/shared/quantities.ts';
import { showControls } from '../src/shared/visibleText.ts';
import { changedFiles, changedWords } from './changedFiles.ts';
import type { Context } from './context.ts';
import type { Disclosure } from './disclosure.ts';
import { disclosure } from './disclosure.ts';
import { button, h, icon } from './dom.ts';
import { callBody } from './observation.ts';

export interface CallView extends Disclosure {
  readonly element: HTMLElement;
}

/** A call's element. What failed stands open by itself. */
export function callView(context: Context, call: Call): CallView {
  const description = describeCall(call);
  const failed = description.tone === 'failed';
  const line = callLine(call, description);
  const changed = changedFiles(context, call);
  const told = tellsItself(call, description);
  const parts = disclosure(context, call.callId, failed, line, () => [
    ...callBody(context, call, description),
    ...(changed && told ? [changed] : []),
  ]);
  const files = !told && changed;
  const pictures = context.pictures.of(call);
  return {
    ...parts,
    element: h('div', `call ${description.tone} ${description.kind}`, {}, line, pictures, files, parts.body),
  };
}

/** The line of an edit names the one file that it changed: the list waits below. */
function tellsItself({ checkpoint, outcome }: Call, { kind, target }: CallDescription): boolean {
  if (outcome !== 'ok' || (kind !== 'edit' && kind !== 'write') || !checkpoint) return false;
  const [file, ...others] = checkpoint.files;
  return file?.path === target && others.length === 0 && checkpoint.moreFiles === 0;
}

/** A call as a sentence, for labels: "Run python3 count.py, failed, exit 1". */
export function callLabel(call: Call): string {
  const { verb, target, summary } = describeCall(call);
  const edited = call.requested ? ['edited by you'] : [];
  const changed = changedWords(call);
  return [`${verb} ${showControls(target)}`.trim(), ...edited, ...outcomeWords(call), showControls(summary), changed]
    .filter(Boolean)
    .join(', ');
}

/** How a call stands, in words: nothing for one that went well. */
export function outcomeWords({ outcome, exitCode, startedAt, approval }: Call): readonly string[] {
  if (outcome === undefined && startedAt !== undefined) return ['running'];
  if (outcome === undefined) return approval && approval.decision === undefined ? ['waiting for you'] : ['not started'];
  if (outcome === 'ok') return exitCode !== undefined && exitCode !== 0 ? [`exit ${exitCode}`] : [];
  return [outcome === 'lost' ? 'outcome unknown' : outcome, ...(exitCode ? [`exit ${exitCode}`] : [])];
}

function callLine(call: Call, { kind, icon: name, verb, target, summary }: CallDescription): HTMLButtonElement {
  const inline = kind === 'edit' || kind === 'write' || kind === 'sandbox';
  const ok = call.outcome === 'ok';
  const what = h(
    'span',
    'what',
    {},
    kind !== 'command' && h('span', 'verb', {}, verb),
    target !== '' && h('span', 'target', { title: showControls(target) }, showControls(target)),
  );
  const line = button('call-line', { 'aria-label': callLabel(call) }, () => undefined, icon(name), what);
  if (inline && ok && summary) line.append(delta(kind, summary));
  if (call.requested) line.append(h('span', 'outcome', {}, 'edited by you'));
  for (const word of outcomeWords(call)) line.append(h('span', `outcome ${outcomeClass(call)}`, {}, word));
  if (call.durationMs !== undefined && call.outcome !== 'denied') {
    line.append(h('span', 'time', {}, formatDuration(call.durationMs)));
  } else if (call.startedAt !== undefined && call.outcome === undefined) {
    line.append(h('span', 'time', { 'data-since': call.startedAt }));
  }
  if (summary && !(inline && ok)) line.append(h('span', 'summary', {}, showControls(summary)));
  return line;
}

function outcomeClass({ outcome, approval }: Call): string {
  if (outcome !== undefined) return outcome;
  return approval && approval.decision === undefined ? 'asking' : 'open';
}

function delta(kind: CallDescription['kind'], summary: string): HTMLElement {
  if (kind !== 'edit') return h('span', 'outcome', {}, summary);
  const [added = '', removed = ''] = summary.split(' ');
  return h('span', 'delta', {}, h('span', 'added', {}, added), ' ', h('span', 'removed', {}, removed));
}
