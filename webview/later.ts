/** What a person said that has not come to its turn yet: notes below the flow, queued questions above the box. */
import type { Note } from '../src/shared/trajectory.ts';
import { showControls } from '../src/shared/visibleText.ts';
import type { Part } from './context.ts';
import { h, icon } from './dom.ts';

/** Notes that the model will read behind the turn under way, or when a run that stopped goes on: one line each then. */
export function createPendingNotes(): Part {
  const element = h('section', 'pending-notes', { 'aria-label': 'Notes that wait' });
  const drawn: { notes: readonly Note[]; live: boolean } = { notes: [], live: false };
  element.hidden = true;
  return {
    element,
    update: ({ trajectory, loading, live }) => {
      const notes = loading ? [] : trajectory.pendingNotes;
      if (notes === drawn.notes && live === drawn.live) return;
      Object.assign(drawn, { notes, live });
      element.hidden = notes.length === 0;
      element.replaceChildren(...notes.map(live ? pendingNote : unreadNote));
    },
  };
}

function pendingNote({ text }: Note): HTMLElement {
  const when = h('p', 'remark', {}, 'Note, after this turn');
  return h('div', 'item note', {}, icon('note'), h('div', 'column', {}, h('p', 'asked', {}, showControls(text)), when));
}

/** Nobody writes the run: the note was not read, and is read as soon as it goes on. */
function unreadNote({ text }: Note): HTMLElement {
  const shown = showControls(text);
  return h('p', 'remark unread', { title: shown }, `Note, read when the run goes on: ${shown}`);
}

/** Questions that are asked when the present one has ended, oldest first. */
export function createQueue(): Part {
  const element = h('ol', 'queue', { 'aria-label': 'Queued questions' });
  const drawn = { key: '' };
  element.hidden = true;
  return {
    element,
    update: ({ trajectory: { queue }, loading, live }) => {
      const questions = loading ? [] : queue.map(({ question }) => showControls(question));
      const key = JSON.stringify([live, questions]);
      if (key === drawn.key) return;
      drawn.key = key;
      element.hidden = questions.length === 0;
      element.replaceChildren(
        ...questions.map((question, index) =>
          h(
            'li',
            '',
            { title: question },
            h('span', 'when', {}, index > 0 ? 'then: ' : live ? 'next: ' : 'next, when the run goes on: '),
            question,
          ),
        ),
      );
    },
  };
}
