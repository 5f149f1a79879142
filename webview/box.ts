/** The one box: asks when idle, follows up on a finished run, and says why when it can do neither. */
import type { Context, Part } from './context.ts';
import { h, setText } from './dom.ts';
import { createMentions, keptMentions, mentionAt, mentionText } from './mentions.ts';
import { growingTextArea, iconButton, textButton } from './ui.ts';
import type { View } from './view.ts';

export interface Box extends Part {
  readonly focus: () => void;
  readonly compose: (text: string) => void;
  /** A question was not taken: its text stays. */
  readonly refuse: (message: string) => void;
  readonly showFiles: (query: string, paths: readonly string[]) => void;
}

/** Makes the box. `draft` is kept over reloads by whoever gave it. */
export function createBox(context: Context, draft: string, keepDraft: (text: string) => void): Box {
  const area = growingTextArea('Question', 2, 12);
  const chosen = new Set<string>();
  const sent: { text: string | undefined; questions: number; runId: string | null } = {
    text: undefined,
    questions: 0,
    runId: null,
  };
  const hint = h('p', 'hint', { role: 'status' });
  const model = textButton('', () => context.post({ type: 'connect' }));
  model.className = 'model';
  const send = iconButton('send', 'Ask', () => submit());
  const mention = iconButton('mention', 'Mention a file', () => insert('@'));
  const mentions = createMentions(context, (path) => {
    const at = mentionAt(area.value, cursor());
    chosen.add(path);
    if (at) replace(at.start, cursor(), `${mentionText(path)} `);
  });

  const cursor = () => area.control.selectionStart;
  const replace = (from: number, to: number, text: string) => {
    area.control.setRangeText(text, from, to, 'end');
    area.control.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    area.focus();
  };
  const insert = (text: string) => {
    const before = area.value.slice(0, cursor());
    replace(cursor(), cursor(), before && !/\s$/.test(before) ? ` ${text}` : text);
  };
  const submit = () => {
    const view = context.view();
    const reason = whyNot(view);
    const question = area.value.trim();
    if (reason !== undefined || question === '') {
      setText(hint, reason ?? 'Type a question first.');
      return;
    }
    const list = keptMentions(question, chosen);
    sent.text = area.value;
    sent.runId = view.runId;
    sent.questions = countQuestions(view);
    if (followsUp(view) && view.runId !== null)
      context.post({ type: 'followUp', runId: view.runId, question, mentions: list });
    else context.post({ type: 'ask', question, mentions: list });
    setText(hint, '');
  };
  const clear = () => {
    sent.text = undefined;
    area.value = '';
    area.control.rows = 2;
    chosen.clear();
    keepDraft('');
  };
  area.addEventListener('input', () => {
    keepDraft(area.value);
    setText(hint, '');
    mentions.ask(mentionAt(area.value, cursor()));
  });
  area.addEventListener('focusout', () => mentions.ask(undefined));
  area.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (mentions.key(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      submit();
    } else if (event.key === 'Escape') area.blur();
  });
  area.value = draft;
  const foot = h('div', 'box-foot', {}, model, mention, send);
  const element = h('div', 'box-place', {}, mentions.element, hint, h('div', 'box', {}, area, foot));

  return {
    element,
    focus: () => area.focus(),
    compose: (text) => {
      area.value = text;
      keepDraft(text);
      area.focus();
      requestAnimationFrame(() => area.control.dispatchEvent(new Event('input', { bubbles: true, composed: true })));
    },
    refuse: (message) => {
      sent.text = undefined;
      setText(hint, message);
    },
    showFiles: mentions.show,
    update: (view) => {
      if (sent.text !== undefined && wasTaken(view, sent)) clear();
      const reason = whyNot(view);
      area.placeholder =
        reason ?? (followsUp(view) ? 'Ask a follow-up question' : 'Ask a question about this workspace');
      area.readOnly = reason !== undefined && !view.live;
      send.disabled = reason !== undefined;
      send.title = reason ?? 'Ask (Enter)';
      mention.disabled = area.readOnly;
      showModel(model, view);
    },
  };
}

/** Why nothing can be asked now. */
function whyNot({ setup, live, readOnly, loading, trajectory }: View): string | undefined {
  if (readOnly !== undefined) return 'Read only';
  if (setup?.trusted === false) return 'This workspace is not trusted: runs can be read, not started';
  if (setup?.workspaceOpen === false) return 'Open a folder to ask about it';
  if (loading) return 'Loading the log';
  if (live && trajectory.state.kind !== 'ended') return 'Follow up when this run has ended';
  return undefined;
}

function followsUp({ runId, trajectory }: View): boolean {
  return runId !== null && trajectory.items.length > 0;
}

function wasTaken(view: View, sent: { readonly questions: number; readonly runId: string | null }): boolean {
  return view.runId !== sent.runId || countQuestions(view) > sent.questions;
}

function countQuestions({ trajectory }: View): number {
  return trajectory.items.filter(({ kind }) => kind === 'question').length;
}

/** The server's name and port: what is known of a model that the server will choose. */
function hostOf(baseUrl: string): string {
  return URL.parse(baseUrl)?.host ?? baseUrl;
}

function showModel(model: HTMLElement, { setup, trajectory }: View): void {
  const name = trajectory.model || setup?.model || (setup?.configured === true ? hostOf(setup.baseUrl) : '');
  const embedded = trajectory.model ? trajectory.model === 'embedded' : setup?.embedded === true;
  const label = embedded ? 'Embedded reader' : name || 'No model connected';
  setText(model, label);
  const server = trajectory.baseUrl || setup?.baseUrl || '';
  model.title = embedded
    ? 'An extractive reader, not a language model: it quotes what it finds. Click to connect a model server.'
    : `${label}${server && ` at ${server}`}. Click to connect another model server.`;
  model.setAttribute('aria-label', `Model: ${label}. Connect a model server`);
}
