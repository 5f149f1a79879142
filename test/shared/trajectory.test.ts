import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ModelError } from '../../src/agent/errors.ts';
import { callBlock } from '../../src/agent/messages.ts';
import { run } from '../../src/agent/loop.ts';
import type { Steer } from '../../src/agent/steering.ts';
import { lostCalls } from '../../src/runs/resumeRun.ts';
import type { TrajectoryEvent } from '../../src/shared/events.ts';
import type { RunSettings } from '../../src/shared/runSettings.ts';
import { foldAll, openCalls, withoutWriter, type Trajectory } from '../../src/shared/trajectory.ts';
import { scriptedModel, type ScriptedReply } from '../fakes/scriptedModel.ts';
import { echoCall, echoTool, testSettings, world } from '../agent/world.ts';

type Said = Steer | 'pause' | 'stop';

const network = new ModelError('network', 'Nothing answers.', { retryable: true });
const overflow = new ModelError('overflow', 'too long', { retryable: false, contextWindow: 3_000 });
const broken = new ModelError('http', 'HTTP 500', { retryable: true });

const replyArbitrary: fc.Arbitrary<ScriptedReply> = fc.oneof(
  { weight: 6, arbitrary: fc.string({ maxLength: 8 }).map((text) => echoCall(text)) },
  { weight: 2, arbitrary: fc.constant(`${echoCall('x')}\n\n${echoCall('y')}`) },
  { weight: 2, arbitrary: fc.constant(echoCall('long '.repeat(600))) },
  fc.constant(callBlock({ server: 'notes', tool: 'nothing', arguments: {} })),
  fc.constant(callBlock({ server: 'notes', tool: 'fails', arguments: { text: 'a' } })),
  fc.constant({ nativeCalls: [{ name: 'notes-echo', arguments: '{"text":"native"}' }], reasoning: 'hm' }),
  fc.constant({ content: 'cut', finishReason: 'length' }),
  fc.constant({ content: 'I see \\boxed{1}', usage: { promptTokens: 900, completionTokens: 9 } }),
  fc.constantFrom<ScriptedReply>('<use_mcp_tool>', 'Done.', '', 'abc'.repeat(200), network, overflow, broken),
);

const saidArbitrary: fc.Arbitrary<Said | undefined> = fc.option(
  fc.constantFrom<Said>(
    { kind: 'note', text: 'look there' },
    { kind: 'question', question: 'And then?', mentions: [] },
    { kind: 'answer' },
    'pause',
    'stop',
  ),
  { nil: undefined, freq: 8 },
);

const settingsArbitrary: fc.Arbitrary<Partial<RunSettings>> = fc.record({
  contextWindow: fc.constantFrom(3_000, 6_000, 262_144),
  maxTurns: fc.integer({ min: 1, max: 8 }),
  maxCalls: fc.integer({ min: 1, max: 10 }),
  attempts: fc.integer({ min: 1, max: 3 }),
  retention: fc.constantFrom<RunSettings['retention']>(
    { policy: 'recency', keep: 2, slack: 0 },
    { policy: 'recency', keep: 1, slack: 3 },
    { policy: 'recency', keep: -1, slack: 0 },
    { policy: 'watermark', keep: 1, high: 0.9, low: 0.35 },
  ),
  approval: fc.constantFrom<RunSettings['approval']>('ask', 'sandbox'),
});

const scriptArbitrary = fc.record({
  replies: fc.array(fc.tuple(replyArbitrary, saidArbitrary), { maxLength: 14 }),
  settings: settingsArbitrary,
  toolFormat: fc.constantFrom('mcp-xml' as const, 'native' as const),
  /** How far the log had come when the process died, as a share of the facts. */
  cut: fc.double({ min: 0, max: 1, noNaN: true }),
});
type Script = typeof scriptArbitrary extends fc.Arbitrary<infer T> ? T : never;

const finish: readonly ScriptedReply[] = Array.from({ length: 60 }, () => 'So it is. \\boxed{end}');

/** Plays a script to its end; `made` is told of each call that a tool really ran. */
async function play(script: Script, made: string[], before: readonly TrajectoryEvent[] = []) {
  const stop = new AbortController();
  const replies = script.replies.map(([reply, said]): ScriptedReply => async (request, signal) => {
    if (said === 'stop') stop.abort();
    else if (said === 'pause') wheel.pause();
    else if (said) wheel.say(said);
    signal.throwIfAborted();
    if (reply instanceof Error) throw reply;
    if (typeof reply === 'function') return reply(request, signal);
    return typeof reply === 'string' ? { content: reply } : reply;
  });
  const echo = echoTool();
  const counted: typeof echo = {
    ...echo,
    run: async (args, context) => {
      made.push(context.callId);
      return echo.run(args, context);
    },
  };
  const fails = { ...counted, name: 'fails', run: () => Promise.reject(new Error('a bug of the tool')) };
  const model = scriptedModel([...replies, ...finish]);
  const { ports, start, events, wheel } = world(model, [counted, fails], script.settings, script.toolFormat);
  const onEvent = ({ type }: TrajectoryEvent) => {
    if (type === 'run.paused') wheel.goOn();
  };
  let trajectory: Trajectory;
  if (before.length === 0) trajectory = await start();
  else {
    events.push(...before);
    const settings = { ...testSettings, ...script.settings };
    const as = { model: 'scripted', baseUrl: '', toolFormat: script.toolFormat, settings };
    await ports.log.append(...lostCalls(foldAll(events)), { type: 'run.resumed', ...as });
    trajectory = foldAll(events);
  }
  const approval = { decide: async () => ({ decision: 'once' }) as const };
  return { end: await run(trajectory, { ...ports, onEvent, approval }, stop.signal), events };
}

function assertEveryCallEndsOnce(events: readonly TrajectoryEvent[], ended: boolean): void {
  const ends = events.flatMap((event) => (event.type === 'tool.finished' ? [event.callId] : []));
  const starts = events.flatMap((event) => (event.type === 'tool.started' ? [event.callId] : []));
  const asked = events.flatMap((event) => (event.type === 'model.replied' ? event.toolCalls : []));
  assert.equal(new Set(ends).size, ends.length, 'no call ends twice');
  assert.equal(new Set(starts).size, starts.length, 'no call starts twice');
  const ids = asked.map(({ callId }) => callId);
  assert.equal(new Set(ids).size, ids.length, 'every call has an id of its own');
  if (ended) assert.deepEqual([...ends].toSorted(), [...ids].toSorted(), 'every call ends');
}

describe('fold', () => {
  it('gives for the log of any run what the run itself came to, and folds any part of it', async () => {
    await fc.assert(
      fc.asyncProperty(scriptArbitrary, async (script) => {
        const { end, events } = await play(script, []);
        assert.equal(end.state.kind, 'ended');
        assert.deepEqual(foldAll(events), end);
        assertEveryCallEndsOnce(events, true);
        for (let length = 0; length <= events.length; length++) {
          const part = events.slice(0, length);
          const seen = withoutWriter(foldAll(part));
          assert.equal(seen.count, length);
          assert.equal(
            openCalls(seen).some((call) => call.startedAt !== undefined),
            false,
          );
          assertEveryCallEndsOnce(part, false);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('lets a run that stopped anywhere go on to its end, without a gap and without making a call twice', async () => {
    await fc.assert(
      fc.asyncProperty(scriptArbitrary, async (script) => {
        const made: string[] = [];
        const { events: whole } = await play(script, made);
        const before = whole.slice(0, 1 + Math.floor(script.cut * (whole.length - 1)));
        if (before.at(-1)?.type === 'run.ended') return;
        // What was made behind the cut is not known to have been: only what the log has counts.
        const known = new Set(before.flatMap((event) => (event.type === 'tool.started' ? [event.callId] : [])));
        const again: string[] = [];
        const { end, events } = await play({ ...script, replies: script.replies.slice(4) }, again, before);
        assert.equal(end.state.kind, 'ended');
        assert.deepEqual(
          events.map(({ seq }) => seq),
          events.map((_, index) => index),
        );
        assertEveryCallEndsOnce(events, true);
        assert.deepEqual(
          again.filter((callId) => known.has(callId)),
          [],
        );
        assert.deepEqual(foldAll(events), end);
      }),
      { numRuns: 100 },
    );
  });
});
