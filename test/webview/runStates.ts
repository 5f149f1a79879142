/** States of long runs: steering, attempts, rollbacks, rollouts and nested runs, as the panel is shown them. */
import type { Fact, FactOf } from '../../src/shared/events.ts';
import { done, logOf, replied, settings, started } from './logs.ts';
import { longRun } from './longRun.ts';
import type { PanelState } from './panelPage.ts';
import { runId } from './panelPage.ts';
import { acting, answered, approving } from './trajectories.ts';

const run = longRun();
const live = { live: true };
const search = (q: string) => ({ server: 'tool-google-search', tool: 'google_search', args: { q } });

/** An attempt that ran out of context, and the beginning of the next one. */
export const secondAttempt: readonly Fact[] = [
  {
    type: 'view.narrowed',
    ...{ maskedResults: 31, droppedThoughts: 12, promptTokens: 241_000, afterTokens: 157_200 },
  },
  { type: 'report.requested', reason: 'context', prompt: 'Report what you found.' },
  replied(37, 'The report.'),
  {
    type: 'attempt.ended',
    attempt: 1,
    reason: 'context',
    failure: 'incomplete',
    report:
      'The release is 4.0 by the changelog. Who decided is likely Ines Okafor.\nNot looked at: the fixtures, and what still calls write_v1.',
    evidence: [
      {
        uri: 'docs/adr/0012-drop-v1-cache.md',
        startLine: 9,
        quote: 'Decided by: Ines Okafor, release manager, 2021-03-02',
      },
      { uri: 'https://cache-tool.example/blog/4.0', title: 'Release 4.0: goodbye v1 caches' },
    ],
  },
  { type: 'attempt.started', attempt: 2, task: 'The question, with the report of attempt 1.' },
  ...done(
    38,
    replied(38, 'Begin with the callers of write_v1.', { tool: 'search_files', args: { pattern: 'write_v1' } }),
    '1 line in 1 file matches.\n\nsrc/cache/writer.py:140: def write_v1(rows):',
  ),
];

/** Replies and turns that were undone, each for another reason, and one that was mended. */
export const undone: readonly Fact[] = [
  {
    type: 'turn.rolledBack',
    kind: 'duplicate',
    reason: 'google_search was called with the same query before: ask something else.',
    reply: '<think>\nSearch again.\n</think>',
  },
  {
    type: 'turn.rolledBack',
    kind: 'repetition',
    reason: 'the same text over and over',
    reply: 'and so on, '.repeat(90),
  },
  ...done(
    37,
    replied(37, 'Is there a mirror of the announcement?', search('"goodbye v1 caches" mirror')),
    '{"organic": []}',
  ),
  { type: 'turn.rolledBack', kind: 'emptyResult', reason: 'The search found nothing.', reply: 'x', turn: 37 },
  ...done(
    38,
    replied(38, 'Ask for the archive.', search('cache-tool 4.0 archive'), {
      mended: ['the server name was “google-search”', 'the arguments were read out of a string'],
    }),
    '{"organic": [{"title": "Archive", "link": "https://archive.example/4.0", "snippet": "A copy."}]}',
  ),
];

/** A call that a person edited before it ran. */
export const edited: readonly Fact[] = [
  ...approving,
  {
    type: 'approval.decided',
    callId: 'call-37',
    decision: 'once',
    arguments: { command: 'git log --since=2021 --format="%h %an %s" -- src/cache', sandbox_id: 'sb-81f2' },
  },
  {
    type: 'tool.started',
    callId: 'call-37',
    server: 'tool-python',
    tool: 'run_command',
    arguments: { command: 'git log --since=2021 --format="%h %an %s" -- src/cache', sandbox_id: 'sb-81f2' },
  },
  {
    type: 'tool.finished',
    callId: 'call-37',
    outcome: 'ok',
    content:
      'The person changed the arguments of this call before it ran, to {"command":"git log --since=2021 --format=\\"%h %an %s\\" -- src/cache","sandbox_id":"sb-81f2"}.\n\nExit code: 0\nDuration: 0.41 s\nOutput:\ne41c09a Ines Okafor Stop writing v1 caches (#882)',
    truncated: false,
    durationMs: 410,
    exitCode: 0,
  },
];

/** A subtask that a nested run did. */
export const nested: readonly Fact[] = done(
  37,
  replied(37, 'Hand the announcement to a subtask.', {
    server: 'agent-browsing',
    tool: 'search_and_browse',
    args: { subtask: 'Find who announced release 4.0 of cache-tool, and when.' },
  }),
  'Ines Okafor announced it on 2021-06-14.\nSource: https://cache-tool.example/blog/4.0',
  { runId: '20251009-085911-d4e5f6', durationMs: 94_000 },
);

/** Words of a person: one in view, one that waits, and questions for later. */
export const steered: readonly Fact[] = [
  { type: 'note.added', text: 'The fixtures were written by hand: do not count them.', afterTurn: 36 },
  ...acting,
  { type: 'note.added', text: 'Look at the tests of 3.8 as well.', afterTurn: 38 },
  { type: 'question.queued', question: 'And who reviewed the change?', mentions: [] },
  {
    type: 'question.queued',
    question: 'Write the migration guide for people who still have v1 caches on disk',
    mentions: [],
  },
];

/** The first fact of a fork, with another model. */
export const forked: FactOf<'run.forked'> = {
  type: 'run.forked',
  format: 4,
  runId,
  parent: { runId: '20251009-070000-aaaaaa', seq: 104 },
  model: 'Qwen3-8B',
  baseUrl: 'http://127.0.0.1:8000/v1',
  toolFormat: 'native',
  settings: { ...settings, contextWindow: 131_072 },
};

/** Four rollouts of the question, the shown run the first. */
export const rollouts = {
  type: 'rollouts',
  rollouts: [
    { runId, index: 1, state: 'answered', turns: 37, boxed: '4.0, decided by Ines Okafor' },
    { runId: 'run-2', index: 2, state: 'running', turns: 12 },
    { runId: 'run-3', index: 3, state: 'answered', turns: 41, boxed: '4.0' },
    { runId: 'run-4', index: 4, state: 'ended', turns: 600 },
  ],
  majority: { answer: '4.0, decided by Ines Okafor', count: 2, of: 3 },
} as const;

/** By name; each says so. */
export const runStates: Readonly<Record<string, PanelState>> = {
  pausing: {
    options: { events: logOf([...run, ...acting]), run: { ...live, pausing: true } },
    says: /turn 37\s+of 600.*pausing after this step/s,
  },
  paused: {
    options: { events: logOf([...run, { type: 'run.paused' }]), run: { ...live, pausing: true } },
    says: /paused\s+0:04.*Paused\s+For 0:04\s+Continue/s,
  },
  steered: {
    options: { events: logOf([...run, ...steered]), run: live },
    says: /do not count them.*tests of 3\.8 as well\.\s+Note, after this turn.*next: And who reviewed.*then: Write the migration/s,
  },
  'a second attempt': {
    options: { events: logOf([...run, ...secondAttempt]), run: live },
    says: /attempt 2\s+turn 2\s+of 600.*Out of the model’?'?s view.*Attempt 1 ended: the context is full \(incomplete\) · 2 findings kept.*Attempt 2 begins/s,
    then: (panel) => panel.page.locator('.request .thought', { hasText: 'Attempt 1 ended' }).click(),
  },
  'undone replies and turns': {
    options: { events: logOf([...run, ...undone]), run: live },
    says: /Undone, duplicate: google_search was called.*Undone, repetition.*Undone, empty result: The search found nothing\..*Mended: the server name/s,
  },
  'an edited call': {
    options: { events: logOf([...run, ...edited]), run: live },
    says: /edited by you.*git log --since=2021.*You edited this call\. The model had asked for:.*--since=2019/s,
    then: (panel) => panel.page.locator('article[aria-label^="Turn 37,"] .call-line').click(),
  },
  'a nested run': {
    options: { events: logOf([...run, ...nested]), run: live },
    says: /Subtask\s+Find who announced.*Open its trajectory.*Ines Okafor announced/s,
    then: (panel) => panel.page.locator('article[aria-label^="Turn 37,"] .call-line').click(),
  },
  'a subtask of another run': {
    options: {
      events: logOf([started({ caller: { runId: 'parent', callId: 'call-1' } }), ...run.slice(1)]),
      run: live,
    },
    says: /A subtask\. Open its parent run/,
  },
  'a fork with a smaller window': {
    options: {
      events: logOf([
        ...run,
        { type: 'run.ended', reason: 'cancelled' },
        forked,
        { type: 'window.learned', contextWindow: 131_072, reason: 'The server’s window is 131,072 tokens.' },
      ]),
      run: live,
    },
    says: /Fork: above is the run 20251009-070000-aaaaaa\. Open it.*The window is 131k tokens/s,
  },
  rollouts: {
    options: { events: logOf([...run, ...answered]) },
    says: /Rollouts\s+1\s+4\.0, decided.*2\s+turn 12.*3\s+4\.0.*4\s+no answer.*2 of 3 so far, 67 %, say 4\.0.*1 still runs/s,
    then: (panel) => panel.post(rollouts),
  },
  'several tries for the server': {
    options: {
      events: logOf([
        ...run,
        { type: 'run.waiting', reason: 'Connection refused at http://127.0.0.1:8000/v1.', nextTryAt: 0 },
        ...Array.from({ length: 60 }, () => ({
          type: 'run.waiting' as const,
          reason: 'Connection refused at http://127.0.0.1:8000/v1.',
        })),
      ]),
      run: live,
    },
    says: /waiting for the server\s+1:46.*Connection refused.*For 1:46/s,
  },
};
