import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { approvalReason } from '../../src/agent/approvalPolicy.ts';
import { defaultSettings, type RunChoice } from '../../src/runs/choice.ts';
import { findEndpoint } from '../../src/runs/endpoint.ts';
import { makeHands } from '../../src/runs/hands.ts';
import { withSubAgents } from '../../src/runs/subAgent.ts';
import { noRules } from '../../src/shared/envelope.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import type { LiveRun } from '../../src/runs/liveRun.ts';
import type { TrajectoryEvent } from '../../src/shared/events.ts';
import { forkRun, startRun } from '../../src/runs/startRun.ts';
import { call, type Reply } from '../fakes/scriptedServer.ts';
import { callerReply, eventsOf, handsOn, isNested, nestedReply, question, subtask } from './nestedScript.ts';
import { runPlace, type Asked } from './runPlace.ts';

describe('search_and_browse', () => {
  let place: Awaited<ReturnType<typeof runPlace>>;
  const placeWith = async (reply: (asked: Asked) => Reply | Promise<Reply>) => {
    place = await runPlace(reply);
    return place;
  };
  afterEach(async () => {
    await place.dispose();
    assert.deepEqual(place.bugs, []);
  });
  const start = (choice: RunChoice = {}): Promise<LiveRun> =>
    startRun(question, { ...place.choice, subAgents: true, ...choice }, place.around);
  const nestedId = async ({ runId }: { readonly runId: string }) => {
    const other = (await place.runIds()).find((id) => id !== runId);
    assert.ok(other !== undefined, 'there is a nested run');
    return other;
  };

  it('runs a subtask in a run of its own, whose report is the observation', async () => {
    await placeWith((asked) => (isNested(asked) ? nestedReply(asked) : callerReply(asked)));
    const run = await start({ maxTurns: 200, seed: 7 });
    const end = await run.done;
    assert.equal(end.state.kind === 'ended' && end.state.reason, 'answered');
    const [finished, ...others] = eventsOf(run.events(), 'tool.finished');
    assert.deepEqual(others, []);
    assert.equal(
      finished?.content,
      '"The tower is 42 m high." [notes.md:1]\n\nShort answer: 42 m\n\nSources:\n- notes.md:1 "The tower is 42 m high."',
    );
    assert.equal(finished.outcome, 'ok');
    const nested = await nestedId(run);
    assert.equal(finished.runId, nested);
    const events = await place.events(nested);
    const [started] = eventsOf(events, 'run.started');
    assert.deepEqual(started?.caller, { runId: run.runId, callId: '1-1' });
    assert.equal(started.question, subtask);
    assert.deepEqual(
      started.settings,
      {
        ...defined(run.trajectory().settings),
        ...{ maxTokens: 16_384, seed: 7, maxTurns: 100, maxCalls: 100, attempts: 1, budget: {} },
        ...{ approval: 'sandbox', answer: 'full', subAgents: false },
      },
      'its own limits, the rest as its caller',
    );
    assert.equal(events.at(-1)?.type, 'run.ended');
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, index) => index),
    );
    assert.equal(foldAll(events).turns, 3);
  });

  it('gives a nested run what reads and what is confined, and no sub-agents', async () => {
    await placeWith((asked) => (isNested(asked) ? nestedReply(asked) : callerReply(asked)));
    const run = await start();
    await run.done;
    const names = (events: readonly TrajectoryEvent[]) =>
      eventsOf(events, 'run.started').flatMap(({ tools }) => tools.map(({ name }) => name));
    const own = names(run.events());
    assert.ok(own.includes('search_and_browse') && own.includes('write_file'));
    const nested = names(await place.events(await nestedId(run)));
    const confined = run.hands.shell.confinement().kind === 'works';
    assert.deepEqual(nested, [
      ...(confined ? ['create_sandbox', 'run_command', 'run_python_code'] : []),
      'read_output',
      ...(confined ? ['upload_file_from_local_to_sandbox'] : []),
      ...['list_files', 'search_files', 'read_file', 'read_document', 'search_workspace'],
    ]);
  });

  it('is not offered unless the setting says so', async () => {
    await placeWith(({ last }) => (last.includes('boxed') ? { content: '\\boxed{1}' } : { content: 'I know it.' }));
    const run = await startRun(question, place.choice, place.around);
    const { system, tools } = await run.done;
    assert.ok(!system.includes('search_and_browse'));
    assert.ok(!tools.some(({ name }) => name === 'search_and_browse'));
    assert.ok(!run.hands.tools.some(({ name }) => name === 'search_and_browse'));
    const again = await forkRun({ runId: run.runId, turn: 0 }, { choice: { subAgents: true } }, place.around);
    const forked = await again.done;
    assert.ok(forked.system.includes('### Tool name: search_and_browse'), 'a fork may have it');
    assert.ok(forked.tools.some(({ name }) => name === 'search_and_browse'));
  });

  it('only reads, and has nothing to ask for, where nothing can be confined', async () => {
    await placeWith(nestedReply);
    const { PATH } = process.env;
    process.env['PATH'] = place.workspace;
    try {
      const nested = await makeHands(defaultSettings, place.around, { nested: true });
      const own = await makeHands(defaultSettings, place.around);
      process.env['PATH'] = PATH;
      assert.notEqual(own.shell.confinement().kind, 'works');
      assert.deepEqual(new Set(nested.tools.map(({ effect }) => effect)), new Set(['read']));
      assert.ok(!nested.tools.some(({ name }) => /sandbox|run_/.test(name)));
      const endpoint = await findEndpoint(place.choice, undefined, place.around.signal);
      const tool = withSubAgents(own, { ...defaultSettings, subAgents: true }, endpoint, place.around).tools.at(-1);
      assert.equal(tool && approvalReason(tool, 'ask'), undefined);
      assert.equal(tool?.name, 'search_and_browse');
    } finally {
      process.env['PATH'] = PATH;
    }
  });

  it('rolls the same subtask back', async () => {
    let handed = 0;
    await placeWith((asked) => {
      if (isNested(asked)) return nestedReply(asked);
      if (asked.last.includes('boxed')) return { content: '\\boxed{42}' };
      if (handed === 2) return { content: 'I know it now.' };
      return handsOn(++handed === 1 ? subtask : `  ${subtask.toUpperCase()} `);
    });
    const run = await start();
    await run.done;
    const [rolledBack] = eventsOf(run.events(), 'turn.rolledBack');
    assert.equal(rolledBack?.kind, 'duplicate');
    assert.equal((await place.runIds()).length, 2, 'one run and one nested run');
  });

  it('asks once for all that it may do where the policy is to ask', async () => {
    await placeWith((asked) => (isNested(asked) ? nestedReply(asked) : callerReply(asked)));
    const asked: string[] = [];
    const run = await startRun(
      question,
      { ...place.choice, subAgents: true, approval: 'ask' },
      {
        ...place.around,
        ask: async ({ tool }, { reason }) => {
          asked.push(`${tool}: ${reason}`);
          return { decision: 'once' };
        },
      },
    );
    const end = await run.done;
    assert.equal(end.state.kind === 'ended' && end.state.reason, 'answered');
    const confined = run.hands.shell.confinement().kind === 'works';
    assert.equal(asked.length, confined ? 1 : 0);
    assert.ok(asked.every((words) => /^search_and_browse: .*without asking again/.test(words)));
    const nested = await place.events(await nestedId(run));
    assert.deepEqual(eventsOf(nested, 'approval.requested'), []);
  });

  it('runs a confined command of a nested run, in the workspace of its caller', async function () {
    let made = '';
    await placeWith((asked) => {
      const { last } = asked;
      if (isNested(asked)) {
        if (last.includes('boxed')) return { content: `Seen: ${made}\n\n\\boxed{42 m}` };
        if (last.includes('Exit code')) {
          made = /nested-\w+/.exec(last)?.[0] ?? '';
          return { content: 'Done.' };
        }
        return { content: call('tool-python', 'run_command', { command: 'echo nested-$(cat own.txt)' }) };
      }
      if (asked.messages > 2) return callerReply(asked);
      return { content: call('tool-python', 'run_command', { command: 'echo ours > own.txt; echo Exit' }) };
    });
    const run = await start();
    if (run.hands.shell.confinement().kind !== 'works') {
      run.stop();
      await run.done;
      return this.skip();
    }
    await run.done;
    const contents = eventsOf(run.events(), 'tool.finished').map(({ content }) => content);
    assert.match(contents[1] ?? '', /^Seen: nested-ours/);
    assert.deepEqual((await readdir(place.workspace)).toSorted(), ['notes.md', 'own.txt']);
  });

  it('does what its caller may do: what a rule denies or asks about is denied, and said', async function () {
    const lines = ['cat notes.md; git push', 'npm publish', 'echo allowed'];
    await placeWith((asked) => {
      if (!isNested(asked)) return callerReply(asked);
      if (asked.last.includes('boxed')) return { content: 'Short answer: 42 m\n\n\\boxed{42 m}' };
      const command = lines.shift();
      return command === undefined
        ? { content: 'Done.' }
        : { content: call('tool-python', 'run_command', { command }) };
    });
    const commands = { allow: ['echo'], ask: ['npm publish'], deny: ['git push'] };
    const run = await start({ approval: 'sandbox', envelope: { tools: noRules, commands } });
    if (run.hands.shell.confinement().kind !== 'works') {
      run.stop();
      await run.done;
      return this.skip();
    }
    await run.done;
    const finished = eventsOf(await place.events(await nestedId(run)), 'tool.finished');
    assert.deepEqual(
      finished.map(({ outcome }) => outcome),
      ['denied', 'denied', 'ok'],
    );
    assert.match(finished[0]?.content ?? '', /the person set denies commands like `git push`/);
    assert.match(
      finished[1]?.content ?? '',
      /Nobody can be asked in a nested run\. Your rule `npm publish` asks first/,
    );
  });

  it('tells the model why a nested run brought no answer, and its last words', async () => {
    await placeWith((asked) => {
      if (isNested(asked)) return { content: 'There is no tower here.' };
      if (asked.last.includes('boxed')) return { content: '\\boxed{none}' };
      return asked.messages > 2 ? { content: 'So be it.' } : handsOn(subtask);
    });
    const run = await start();
    await run.done;
    const [finished] = eventsOf(run.events(), 'tool.finished');
    assert.equal(finished?.outcome, 'failed');
    assert.match(finished.content, /^The sub-agent ended without an answer: .*There is no tower here\./s);
    assert.equal(finished.runId, await nestedId(run));
  });

  it('may be handed the subtask again when the server failed before a nested run got anywhere', async () => {
    let refused = false;
    await placeWith((asked) => {
      if (!isNested(asked)) return callerReply(asked);
      if (refused) return nestedReply(asked);
      refused = true;
      return { status: 400, body: { error: { message: 'no such thing', type: 'invalid_request_error' } } };
    });
    const run = await start();
    const end = await run.done;
    assert.deepEqual(
      eventsOf(run.events(), 'tool.finished').map(({ outcome }) => outcome),
      ['failed', 'ok'],
    );
    assert.equal(eventsOf(run.events(), 'turn.rolledBack')[0]?.kind, 'emptyResult');
    assert.equal(end.state.kind === 'ended' && end.state.reason, 'answered');
  });

  it('has the time and the tokens that its caller has left', async () => {
    await placeWith((asked) => (isNested(asked) ? nestedReply(asked) : callerReply(asked)));
    const run = await start({ budget: { minutes: 10, tokens: 1_000_000 } });
    await run.done;
    const [started] = eventsOf(await place.events(await nestedId(run)), 'run.started');
    const { minutes = 0, tokens } = defined(started).settings.budget;
    assert.ok(minutes > 5 && minutes < 10, String(minutes));
    const first = defined(eventsOf(run.events(), 'model.replied')[0]?.usage);
    assert.equal(tokens, 1_000_000 - first.promptTokens - first.completionTokens);
  });
});

function defined<T>(value: T | undefined): T {
  assert.ok(value !== undefined);
  return value;
}
