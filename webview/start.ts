/** The panel without a run: the first three steps, or readiness. */
import type { Setup } from '../src/shared/protocol.ts';
import type { Context, Part } from './context.ts';
import { h, icon } from './dom.ts';
import { inlineCode } from './inlineCode.ts';
import { textButton } from './ui.ts';

/** Makes the empty state. `focusBox` is the third step. */
export function createStart(context: Context, focusBox: () => void): Part {
  const element = h('section', 'start', { 'aria-label': 'Getting started' });
  const drawn: { setup: Setup | undefined } = { setup: undefined };
  return {
    element,
    update: ({ runId, setup, loading }) => {
      element.hidden = runId !== null || setup === undefined || loading !== undefined;
      if (setup === undefined || setup === drawn.setup) return;
      drawn.setup = setup;
      element.replaceChildren(...(isReady(setup) ? ready(context, setup) : steps(context, setup, focusBox)));
    },
  };
}

function isReady({ configured, embedded, workspaceOpen, trusted }: Setup): boolean {
  return (configured || embedded) && workspaceOpen && trusted;
}

function ready(context: Context, setup: Setup): readonly Node[] {
  const who = setup.embedded
    ? 'The embedded reader answers with quotes from this workspace. It is an extractive reader, not a language model.'
    : 'The agent reads, searches and runs code in a sandbox of this workspace, and answers with its sources.';
  return [
    h('h2', '', {}, 'Ask a research question'),
    h('p', 'lead', {}, who),
    h(
      'ul',
      'tips',
      {},
      tip('mention', 'Type @ to mention a file.'),
      tip('history', 'Every thought and call stays here to review.'),
    ),
    ...permissions(context, setup),
    h(
      'div',
      'actions',
      {},
      textButton('Past runs', () => context.post({ type: 'showRuns' })),
      setup.embedded && textButton('Connect a model server', () => context.post({ type: 'connect' })),
    ),
  ];
}

/** What a run may do, said before it starts, and where that is changed. */
function permissions(context: Context, { permissions: words, narrowing = [] }: Setup): readonly Node[] {
  if (words === undefined) return [];
  const change = textButton('Change', () => context.post({ type: 'setEnvelope' }), { name: 'Set what runs may do' });
  const line = h('div', 'permissions', {}, icon('shield'), h('p', 'may', {}, words), change);
  if (narrowing.length === 0) return [line];
  const list = h('ul', '', {}, ...narrowing.map((word) => h('li', '', {}, ...inlineCode(word))));
  return [line, h('div', 'narrowing', {}, h('p', 'remark', {}, 'The repository narrows this:'), list)];
}

function steps(context: Context, setup: Setup, focusBox: () => void): readonly Node[] {
  const model = setup.configured || setup.embedded;
  const connected = setup.embedded
    ? 'The embedded reader answers: extracts, not a language model.'
    : `${setup.model || 'A model'} at ${setup.baseUrl}`;
  const list = h('ol', 'steps');
  list.append(
    step(
      1,
      model,
      'Connect a model server',
      model
        ? connected
        : 'vLLM, SGLang, llama.cpp, Ollama or LM Studio. Without one, the embedded reader quotes from your documents.',
      [
        textButton('Connect', () => context.post({ type: 'connect' }), {
          primary: true,
          name: 'Connect a model server',
        }),
        textButton('Use the embedded reader', () => context.post({ type: 'useEmbedded' })),
      ],
    ),
    folderStep(context, setup),
    step(
      3,
      false,
      'Ask a question',
      'The agent thinks, searches, runs code in a sandbox, and answers with its sources.',
      setup.workspaceOpen && setup.trusted ? [textButton('Write a question', focusBox)] : [],
    ),
  );
  return [h('h2', '', {}, 'Three steps to a first answer'), list];
}

function folderStep(context: Context, { workspaceOpen, trusted }: Setup): HTMLElement {
  if (workspaceOpen && !trusted) {
    return step(
      2,
      false,
      'Trust this folder',
      'The agent runs code here, so it works only in folders that you trust. Past runs can be read.',
      [textButton('Manage trust', () => context.post({ type: 'manageTrust' }))],
    );
  }
  return step(
    2,
    workspaceOpen,
    'Open a folder',
    workspaceOpen ? 'A folder is open.' : 'It is what the agent may read, search and change.',
    [textButton('Open a folder', () => context.post({ type: 'openFolder' }))],
  );
}

function step(number: number, done: boolean, title: string, text: string, actions: readonly Node[]): HTMLElement {
  const mark = done ? icon('pass-filled', 'done') : h('span', 'step-number', { 'aria-hidden': 'true' }, String(number));
  const name = h('p', 'title', {}, title, done && h('span', 'sr-only', {}, ', done'));
  return h(
    'li',
    done ? 'step done' : 'step',
    {},
    mark,
    h(
      'div',
      'column',
      {},
      name,
      h('p', 'remark', {}, text),
      !done && actions.length > 0 && h('div', 'actions', {}, ...actions),
    ),
  );
}

function tip(name: string, text: string): HTMLElement {
  return h('li', '', {}, icon(name), text);
}
