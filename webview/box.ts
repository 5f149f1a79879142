/** The one box: asks when idle, follows up on a finished run, steers one under way, and says why when it can do none. */
import type { AttachedFile } from '../src/shared/protocol.ts';
import { createAttached, holdsFiles } from './attached.ts';
import type { Context, Part } from './context.ts';
import { h, setAttributes, setText } from './dom.ts';
import { createMentions, keptMentions, mentionAt, mentionText } from './mentions.ts';
import { altEnter, growingTextArea, iconButton, textButton } from './ui.ts';
import type { View } from './view.ts';
import { canSteer } from './view.ts';

export interface Box extends Part {
  readonly focus: () => void;
  readonly compose: (text: string) => void;
  /** A question was not taken: its text stays. */
  readonly refuse: (message: string) => void;
  readonly attach: (files: readonly AttachedFile[]) => void;
  readonly showFiles: (query: string, paths: readonly string[]) => void;
}

/** Makes the box. `draft` is kept over reloads by whoever gave it. */
export function createBox(context: Context, draft: string, keepDraft: (text: string) => void): Box {
  const area = growingTextArea('Question', 2, 12);
  const chosen = new Set<string>();
  const sent: Sent = { text: undefined, files: false, words: 0, runId: null, said: '' };
  const hint = h('p', 'hint', { role: 'status' });
  const model = textButton('', () => context.post({ type: 'connect' }));
  model.className = 'model';
  const send = iconButton('send', 'Ask', () => submit(false));
  const queue = textButton('Queue', () => submit(true), { keys: altEnter, name: queueLabel });
  queue.className = 'queue-button';
  queue.title = `${queueLabel} (${altEnter})`;
  const mention = iconButton('mention', 'Mention a file', () => insert('@'));
  const attach = iconButton('attach', 'Attach files', () => context.post({ type: 'attachFiles' }));
  const attached = createAttached(
    context,
    () => area.focus(),
    (message) => setText(hint, message),
  );
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
  const submit = (toQueue: boolean) => {
    const view = context.view();
    const steers = canSteer(view);
    const reason = whyNot(view);
    if (isTaken(view, sent)) clear(sent.text ?? '');
    const question = area.value.trim();
    if (reason !== undefined || question === '') {
      setText(hint, reason ?? (steers && !toQueue ? 'Type a note first.' : 'Type a question first.'));
      return;
    }
    const files = attached.files();
    if (steers && !toQueue && files.length > 0) {
      setText(hint, `Files go with a question, not with a note. Queue it (${altEnter}), or take them off.`);
      return;
    }
    const said = steers ? (toQueue ? 'Question queued' : 'Note added') : '';
    const { runId } = view;
    if (isOnItsWay(sent, area.value, said, runId)) {
      if (area.value !== sent.text) setText(hint, 'One moment: what you sent before has not arrived yet.');
      return;
    }
    const list = keptMentions(question, chosen);
    Object.assign(sent, { text: area.value, files: files.length > 0, words: wordsOf(view), runId, said });
    // A view that is made anew meanwhile must not offer it as a note to the run that it started.
    keepDraft('');
    const asked = { question, mentions: list, ...(files.length > 0 && { attached: files }) };
    if (runId === null || !followsUp(view)) context.post({ type: 'ask', ...asked });
    else if (!steers) context.post({ type: 'followUp', runId, ...asked });
    else if (toQueue) context.post({ type: 'queue', runId, ...asked });
    else context.post({ type: 'note', runId, text: question });
    setText(hint, '');
  };
  const clear = (taken: string) => {
    if (sent.said) context.announce(sent.said);
    if (sent.files) attached.clear();
    sent.text = undefined;
    // What was typed on since stays.
    area.value = area.value.startsWith(taken) ? area.value.slice(taken.length).trimStart() : area.value;
    area.control.rows = 2;
    if (!area.value) chosen.clear();
    keepDraft(area.value);
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
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      submit(event.altKey);
    } else if (event.key === 'Escape') area.blur();
  });
  area.value = draft;
  const foot = h('div', 'box-foot', {}, model, attach, mention, queue, send);
  const element = h('div', 'box-place', {}, mentions.element, hint, h('div', 'box', {}, attached.element, area, foot));
  acceptDrops(element, attached.take);
  area.addEventListener('paste', (event) => {
    if (event.clipboardData && event.clipboardData.files.length > 0 && attached.take(event.clipboardData)) {
      event.preventDefault();
    }
  });

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
      keepDraft(area.value);
      setText(hint, message);
    },
    attach: (files) => {
      attached.add(files);
      area.focus();
    },
    showFiles: mentions.show,
    update: (view) => {
      if (isTaken(view, sent)) clear(sent.text ?? '');
      const reason = whyNot(view);
      const purpose = purposes[canSteer(view) ? 'steer' : followsUp(view) ? 'followUp' : 'ask'];
      area.placeholder = reason ?? purpose.placeholder;
      if (area.ariaLabel !== null && area.ariaLabel !== purpose.name) area.ariaLabel = purpose.name;
      area.readOnly = reason !== undefined && !view.live;
      send.disabled = reason !== undefined;
      send.title = reason ?? `${purpose.action} (Enter)`;
      setAttributes(send, { 'aria-label': purpose.action });
      queue.hidden = !canSteer(view);
      mention.disabled = area.readOnly;
      attach.disabled = area.readOnly;
      showModel(model, view);
    },
  };
}

/** Files may be dropped anywhere in the panel; `take` gets them. */
function acceptDrops(element: HTMLElement, take: (data: DataTransfer) => boolean): void {
  const mark = (is: boolean) => element.classList.toggle('dropping', is);
  document.addEventListener('dragover', (event) => {
    if (!holdsFiles(event.dataTransfer)) return;
    event.preventDefault();
    mark(true);
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) mark(false);
  });
  document.addEventListener('drop', (event) => {
    mark(false);
    if (event.dataTransfer && take(event.dataTransfer)) event.preventDefault();
  });
}

/** What was sent and has not shown as a fact yet. */
interface Sent {
  text: string | undefined;
  /** Whether files went with it. */
  files: boolean;
  words: number;
  runId: string | null;
  /** What is announced once it shows. */
  said: string;
}

const queueLabel = 'Queue as a follow-up question';

/** What Enter does. */
const purposes = {
  ask: { name: 'Question', placeholder: 'Ask a question about this workspace', action: 'Ask' },
  followUp: { name: 'Question', placeholder: 'Ask a follow-up question', action: 'Ask' },
  steer: { name: 'Note to this run', placeholder: 'Add a note to this run', action: 'Add the note' },
} as const;

/** Why nothing can be asked or noted now. */
function whyNot({ setup, readOnly, loading }: View): string | undefined {
  if (readOnly !== undefined) return 'Read only';
  if (setup?.trusted === false) return 'This workspace is not trusted: runs can be read, not started';
  if (setup?.workspaceOpen === false) return 'Open a folder to ask about it';
  if (loading) return 'Loading the log';
  return undefined;
}

function followsUp({ runId, trajectory }: View): boolean {
  return runId !== null && trajectory.items.length > 0;
}

/** Whether what was sent shows as a fact. */
function isTaken(view: View, sent: Sent): boolean {
  return sent.text !== undefined && (view.runId !== sent.runId || wordsOf(view) > sent.words);
}

/** Whether this text, or its beginning, was sent as the same thing already: once is enough until it shows or is refused. */
function isOnItsWay(sent: Sent, text: string, said: string, runId: string | null): boolean {
  return sent.text !== undefined && text.startsWith(sent.text) && said === sent.said && runId === sent.runId;
}

/** All that a person said in the run: questions, asked or queued, and notes, in view or not. */
function wordsOf({ trajectory: { items, queue, pendingNotes } }: View): number {
  const said = items.filter(({ kind }) => kind === 'question' || kind === 'note');
  return said.length + queue.length + pendingNotes.length;
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
