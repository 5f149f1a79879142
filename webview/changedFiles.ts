/** The files that a call changed, one line each: a click opens the difference, and the way back stands beside them. */
import { lineWords } from '../src/shared/checkpoints.ts';
import { countOf } from '../src/shared/quantities.ts';
import type { FileChange } from '../src/shared/refs.ts';
import type { Call, Checkpoint } from '../src/shared/trajectory.ts';
import { showControls } from '../src/shared/visibleText.ts';
import type { Context } from './context.ts';
import { button, h, icon } from './dom.ts';
import { canRestore } from './restoring.ts';

/** Files that stand there by themselves. */
const shownFiles = 4;

/** The list, or undefined for a call that changed nothing that is known. */
export function changedFiles(context: Context, call: Call): HTMLElement | undefined {
  const { checkpoint, callId } = call;
  if (!checkpoint || changedBy(checkpoint) === 0) return undefined;
  const { files } = checkpoint;
  const all = changedBy(checkpoint);
  // One line for the rest says less than the one file that is left.
  const shown = all === files.length && all <= shownFiles + 1 ? all : shownFiles;
  const rows = files.slice(0, shown).map((file) => fileRow(context, callId, file));
  const rest = all - rows.length;
  const open = (path?: string) => openChanges(context, callId, path);
  if (rest > 0) {
    const label = `See all ${countOf(all, 'file')} that this call changed`;
    const more = button('changed-file', { 'aria-label': label, title: label }, () => open(), icon('diff-multiple'));
    more.append(h('span', 'name', {}, `${rest} more`), h('span', 'folder'), lines(moreWords(checkpoint)));
    rows.push(h('div', 'changed-row', { role: 'listitem' }, more));
  }
  const restore = restoreButton(context, callId);
  if (restore) rows[0]?.append(restore);
  return h('div', 'changed', { role: 'list', 'aria-label': `${countOf(all, 'file')} changed` }, ...rows);
}

/** Lines of all of them together; nothing where not all are known. */
function moreWords({ files, moreFiles }: Checkpoint): string {
  return moreFiles > 0 ? '' : lineWords(files);
}

/** "3 files changed, +12 −3"; empty for a call that changed nothing that is known. */
export function changedWords({ checkpoint }: Call): string {
  if (!checkpoint || changedBy(checkpoint) === 0) return '';
  return [`${countOf(changedBy(checkpoint), 'file')} changed`, lineWords(checkpoint.files)].filter(Boolean).join(', ');
}

function changedBy({ files, moreFiles }: Checkpoint): number {
  return files.length + moreFiles;
}

const looks = {
  added: ['diff-added', 'added'],
  modified: ['diff-modified', 'changed'],
  deleted: ['diff-removed', 'deleted'],
} as const;

function fileRow(context: Context, callId: string, file: FileChange): HTMLElement {
  const path = showControls(file.path);
  const slash = path.lastIndexOf('/');
  const [glyph, word] = looks[file.change];
  const told = lineWords([file]);
  const label = [`${path} ${word}`, told, 'see the difference'].filter(Boolean).join(', ');
  const line = button(
    `changed-file ${file.change}`,
    { 'aria-label': label, title: path },
    () => openChanges(context, callId, file.path),
    icon(glyph),
    h('span', 'name', {}, path.slice(slash + 1)),
    h('span', 'folder', {}, slash > 0 ? path.slice(0, slash) : ''),
    lines(told),
  );
  return h('div', 'changed-row', { role: 'listitem' }, line);
}

function lines(told: string): HTMLElement {
  const [added = '', removed = ''] = told.split(' ');
  return h('span', 'delta', {}, h('span', 'added', {}, added), ' ', h('span', 'removed', {}, removed));
}

function openChanges({ view, post }: Context, callId: string, path: string | undefined): void {
  const { runId } = view();
  if (runId !== null) post({ type: 'showChanges', runId, callId, ...(path !== undefined && { path }) });
}

function restoreButton(context: Context, callId: string): HTMLElement | undefined {
  if (!canRestore(context.view())) return undefined;
  const label = 'Restore files to before this call…';
  return button(
    'icon-button',
    { title: label, 'aria-label': label },
    () => {
      const { runId } = context.view();
      if (runId !== null) context.post({ type: 'restoreFiles', runId, to: { kind: 'beforeCall', callId } });
    },
    icon('discard'),
  );
}
