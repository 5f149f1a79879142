/**
 * A real run, on disk, that writes every kind of fact, and a fork of it. The golden log of format 4 was made so:
 * `node -e "import('./test/store/everyFact.ts').then((m) => m.runWithEveryFact('test/golden/format-4'))"`.
 */
import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ModelError } from '../../src/agent/errors.ts';
import type { Ports } from '../../src/agent/going.ts';
import { run } from '../../src/agent/loop.ts';
import { promptParts } from '../../src/agent/start.ts';
import type { FoundSource, Tool } from '../../src/agent/tool.ts';
import type { Fact } from '../../src/shared/events.ts';
import type { Attachment } from '../../src/shared/refs.ts';
import { forkPoint } from '../../src/shared/forkPoint.ts';
import { foldAll, type Trajectory } from '../../src/shared/trajectory.ts';
import { openCheckpoints } from '../../src/store/checkpoints/openCheckpoints.ts';
import { openLog } from '../../src/store/eventLog.ts';
import { readLog } from '../../src/store/readLog.ts';
import { scriptedModel, type ScriptedReply } from '../fakes/scriptedModel.ts';
import { echoCall, echoTool, testSettings, world } from '../agent/world.ts';

export const parentId = '20260101-000000-aaaaaa';
export const forkId = '20260102-000000-bbbbbb';

const never = new AbortController().signal;
const malformed = '<use_mcp_tool><server_name>notes</server_name>';
const overflow = new ModelError('overflow', 'The window has 9,000 tokens.', { retryable: false, contextWindow: 9_000 });
const away = new ModelError('network', 'No model server answers at http://127.0.0.1:1/v1.', { retryable: true });
const noTools = new ModelError('noToolCalls', 'It takes no tools.', { retryable: false });
const usage = { promptTokens: 1_500, completionTokens: 60 };
const report = 'Failure type: incomplete\nWhat happened: I ran out of turns.\nUseful findings: "echo: a" [a.md:1]';

/** Plays the run and its fork into a folder of runs, which must not have them yet. */
export async function runWithEveryFact(folder: string): Promise<void> {
  const tool = echoTool();
  const files = await keptFiles(folder);
  const content = `echo: a\n${'word '.repeat(1_300)}`;
  const ticked = { id: 1, done: true, named: ['a.md'] };
  const found = { content, exitCode: 0, runId: forkId, sources: [source], ticked };
  const nothing = { content: 'There is nothing.', rollback: 'It found nothing.' };
  const cited: Tool = {
    ...tool,
    run: async (args, { openOutput }) => {
      const said = JSON.stringify(args);
      if (said.includes('nothing')) return nothing;
      await files.change(`${said}\n`);
      const sink = await openOutput();
      await sink.push(found.content);
      const whole = await sink.end();
      return { ...found, images: [picture], ...(whole && { output: { ...whole, omittedBytes: 12 } }) };
    },
  };
  const model = scriptedModel([
    { content: '{"ambiguous": true, "questions": ["Which one?", "Since when?"]}', usage },
    { content: '{"plan": ["What is in a.md?", "Is it true?"]}', usage },
    overflow,
    { content: echoCall('a', 'I look. "echo: a" [a.md:1]'), usage },
    away,
    async () => {
      await files.save();
      await files.putBack();
      steer.say({ kind: 'note', text: 'Look at a.md.' });
      steer.say({ kind: 'question', question: 'And then?', mentions: ['a.md'], attachments });
      steer.say({
        kind: 'plan',
        items: [
          { id: 1, text: 'What is in a.md?' },
          { id: 0, text: 'And in mine.md?' },
        ],
      });
      steer.say({ kind: 'tick', id: 1, done: false });
      steer.pause();
      return { content: '', reasoning: 'I look.', nativeCalls: [{ name: 'notes-echo', arguments: '{"text":"b",}' }] };
    },
    ...Array.from({ length: 6 }, () => malformed),
    echoCall('x'.repeat(3_000)),
    echoCall('d'),
    echoCall('nothing'),
    async () => {
      await files.lose();
      return { content: echoCall('e') };
    },
    async () => {
      await files.find();
      return { content: report };
    },
    'I know it now.',
    'It is one. [a.md:1]\n\n\\boxed{one}',
    ...['{"ambiguous": false, "questions": []}', 'No plan.', 'Known.'],
    'Two [Title](https://example.org/).\n\n\\boxed{two}',
  ]);
  const settings = {
    retention: { policy: 'recency', keep: 2, slack: 10 },
    ...({
      attempts: 2,
      maxTurns: 6,
      approval: 'ask',
      clarify: true,
      plan: true,
      seed: 7,
      budget: { minutes: 60, tokens: 1_000_000 },
    } as const),
  } as const;
  const { ports: plain, start, wheel: steer } = world(model, [cited], settings);
  const ports = { ...plain, checkpoints: files.checkpoints };
  const decisions = [
    { decision: 'once' },
    { decision: 'once', arguments: { text: 'edited' } },
    { decision: 'deny', note: 'not that' },
    { decision: 'run', note: 'fine' },
  ] as const;
  let asked = 0;
  const deciding: Ports = {
    ...ports,
    approval: { decide: async () => decisions[asked++] ?? { decision: 'deny' } },
    clarification: { answer: async () => ['The first.', ''] },
    onEvent: ({ type }) => {
      if (type === 'run.paused') steer.goOn();
    },
  };
  const { start: first } = await start();
  if (!first) throw new Error('the run has no start');
  const { seq: _seq, at: _at, ...fact } = first;
  const origin = {
    caller: { runId: forkId, callId: '1-1' },
    rollout: { group: forkId, index: 1, of: 3 },
  };
  await going(join(folder, parentId), [{ ...fact, ...origin, attachments }], deciding);
  await following(join(folder, parentId), plain);
  await forking(folder, plain);
  await files.dispose();
}

/** What every call reads. */
const source: FoundSource = {
  ...{
    uri: 'a.md',
    title: 'A',
    kind: 'file',
    retrievedAt: 1_767_225_600_000,
    text: 'echo: a',
    spans: [{ from: 0, to: 7 }],
  },
  ...{ sha256: 'a'.repeat(64), startLine: 1, author: 'Ada', published: '2025-12-31' },
};

/** A file that was put to the question. */
const attachments: readonly Attachment[] = [{ path: 'table.csv', text: '| a |\n| --- |\n| 1 |', truncated: false }];

/** A picture that a call brought. */
const picture = { bytes: new Uint8Array([137, 80, 78, 71]), mimeType: 'image/png', path: '/home/user/figure-1.png' };

/** A workspace whose checkpoints are kept for real, beside the log for as long as the run goes on. */
async function keptFiles(runsFolder: string) {
  const workspace = await mkdtemp(join(tmpdir(), 'every-fact-'));
  await writeFile(join(workspace, 'a.md'), 'one\n');
  const roots = [{ name: 'docs', path: workspace }];
  const limits = { maxFileBytes: 1e6, maxBytes: 1e8 };
  await writeFile(join(workspace, 'large.bin'), Buffer.alloc(1_100_000));
  const kept = openCheckpoints({
    runsFolder: resolve(runsFolder),
    runId: parentId,
    roots,
    limits,
    firstNumber: 0,
    report: assert.ifError,
  });
  const { PATH: path } = process.env;
  const mine = join(workspace, 'mine.md');
  return {
    checkpoints: kept,
    /** What a call does. */
    change: async (text: string) => appendFile(join(workspace, 'a.md'), text),
    /** What a person does. */
    save: async () => {
      await writeFile(mine, 'mine\n');
      kept.keepPersons([mine]);
    },
    putBack: async () => kept.restore({ to: { runId: parentId, number: 0 }, only: ['a.md'], turn: 1 }, never),
    /** git is gone for a while. */
    lose: async () => {
      await kept.settled();
      process.env['PATH'] = '';
    },
    find: async () => {
      await kept.settled();
      if (path !== undefined) process.env['PATH'] = path;
    },
    dispose: async () => {
      await kept.dispose();
      await rm(workspace, { recursive: true });
      await rm(join(runsFolder, parentId, 'checkpoints'), { recursive: true });
    },
  };
}

/** Another question, on another model. */
async function following(runFolder: string, ports: Ports): Promise<void> {
  const as = {
    model: 'other',
    baseUrl: 'http://127.0.0.1:8000/v1',
    toolFormat: 'mcp-xml',
    settings: testSettings,
  } as const;
  const facts: Fact[] = [
    { type: 'run.resumed', ...as },
    { type: 'question.asked', question: 'And last?', mentions: [] },
  ];
  await going(runFolder, facts, { ...ports, model: scriptedModel(['Known.', 'Three.\n\n\\boxed{three}']) });
}

/** A fork from behind the first turn, in the other format, with a note and an end of its own. */
async function forking(folder: string, ports: Ports): Promise<void> {
  const { events } = await readLog(join(folder, parentId));
  const seq = forkPoint(events, 1) ?? 0;
  const toolFormat = 'native';
  const roots = [{ name: 'docs', path: '/docs' }];
  const forked: Fact = {
    type: 'run.forked',
    ...{ format: 4, runId: forkId, parent: { runId: parentId, seq } },
    ...{ model: 'forked', baseUrl: 'http://127.0.0.1:1/v1', toolFormat, settings: testSettings },
    ...promptParts({ date: '2026-01-02', toolFormat, tools: ports.tools, roots }),
  };
  const note: Fact = { type: 'note.added', text: 'Rather this way.', afterTurn: 1 };
  const replies: ScriptedReply[] = [
    { nativeCalls: [{ name: 'notes-echo', arguments: '{"text":"f"}' }] },
    noTools,
    'Done.',
    'It is four.\n\n\\boxed{four}',
  ];
  const runFolder = join(folder, forkId);
  await going(runFolder, [forked, note], { ...ports, model: scriptedModel(replies) }, events.slice(0, seq + 1));
}

async function going(
  runFolder: string,
  facts: readonly Fact[],
  ports: Ports,
  inherited: Awaited<ReturnType<typeof readLog>>['events'] = [],
): Promise<Trajectory> {
  await mkdir(runFolder, { recursive: true });
  const fresh = inherited.length > 0 || facts[0]?.type === 'run.started';
  const before = fresh ? { events: inherited, end: 0 } : await readLog(runFolder);
  const log = await openLog(runFolder, { count: before.events.length, end: before.end }, ports.clock.now);
  try {
    const appended = await log.append(...facts);
    return await run(foldAll([...before.events, ...appended]), { ...ports, log }, never);
  } finally {
    await log.close();
  }
}
