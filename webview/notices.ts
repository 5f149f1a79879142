/** What a person has to know about the run or its surroundings: a problem, a damaged log, read-only. */
import { showControls } from '../src/shared/visibleText.ts';
import type { Context, Part } from './context.ts';
import { h, icon } from './dom.ts';
import { textButton } from './ui.ts';

/** Notices above the box, one line each; nothing when all is well. */
export function createNotices(context: Context): Part {
  const element = h('div', 'notices', { role: 'status' });
  const drawn = { key: '' };
  return {
    element,
    update: ({ setup, readOnly, recovered, runId, live, trajectory }) => {
      const narrowing = live && trajectory.turns <= 1 ? (trajectory.settings?.envelope.repository?.words ?? []) : [];
      const key = JSON.stringify([
        setup?.problem,
        setup?.problemFile,
        readOnly,
        recovered,
        setup?.trusted,
        runId === null,
        narrowing,
      ]);
      if (key === drawn.key) return;
      drawn.key = key;
      const rows: Node[] = [];
      if (recovered !== undefined) rows.push(notice('attention', 'warning', `The log is damaged. ${recovered}`));
      if (readOnly !== undefined) rows.push(notice('quiet', 'lock', `Read only. ${readOnly}`));
      // Said as the run begins; nobody needs it for hours.
      if (narrowing.length > 0)
        rows.push(notice('quiet', 'shield', `The repository narrows this run: ${narrowing.join('; ')}.`));
      if (setup?.trusted === false && runId !== null) {
        const trust = textButton('Manage trust', () => context.post({ type: 'manageTrust' }));
        rows.push(notice('quiet', 'shield', 'This workspace is not trusted: runs can be read, not started.', trust));
      }
      if (setup?.problem !== undefined) {
        const { problemFile: uri } = setup;
        const mend =
          uri === undefined
            ? textButton('Open settings', () => context.post({ type: 'openSettings' }))
            : textButton('Open the file', () => context.post({ type: 'openSource', uri }));
        rows.push(notice('failed', 'warning', setup.problem, mend));
      }
      element.replaceChildren(...rows);
      element.hidden = rows.length === 0;
    },
  };
}

function notice(tone: string, name: string, text: string, action?: Node): HTMLElement {
  return h('div', `notice ${tone}`, {}, icon(name), h('p', '', {}, showControls(text)), action);
}
