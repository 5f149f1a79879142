import assert from 'node:assert/strict';
import { run } from '../../src/agent/loop.ts';
import { ModelError } from '../../src/agent/errors.ts';
import { omittedResult } from '../../src/agent/messages.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import { scriptedModel } from '../fakes/scriptedModel.ts';
import { echoCall, echoTool, world } from './world.ts';

const never = new AbortController().signal;
const answer = 'It is one. [a.md:3]\n\n\\boxed{one}';

describe('run', () => {
  it('thinks, acts, observes and answers, each as facts in order', async () => {
    const tool = echoTool();
    const { ports, start, types, events } = world(
      scriptedModel([echoCall('a'), echoCall('b'), 'I know it now.', answer]),
      [tool],
    );
    const end = await run(await start(), ports, never);
    assert.deepEqual(types(), [
      'run.started',
      ...['model.replied', 'tool.started', 'tool.finished'],
      ...['model.replied', 'tool.started', 'tool.finished'],
      'model.replied',
      'answer.requested',
      'model.replied',
      'answer.given',
      'citations.checked',
      'run.ended',
    ]);
    assert.deepEqual(tool.ran, ['a', 'b']);
    assert.deepEqual(end.state.kind === 'ended' && end.state.reason, 'answered');
    const given = events.find((event) => event.type === 'answer.given');
    assert.equal(given?.boxed, 'one');
    assert.equal(given.text, 'It is one. [a.md:3]');
    assert.deepEqual(given.sources, [{ uri: 'a.md', startLine: 3 }]);
    assert.deepEqual(foldAll(events), end);
  });

  it('keeps only the newest observations in the prompt, and every thought and action', async () => {
    const calls = ['a', 'b', 'c', 'd'].map((text) => echoCall(text, `thought ${text}`));
    const model = scriptedModel([...calls, 'Done.', answer]);
    const { ports, start } = world(model, [echoTool()], { retention: { policy: 'recency', keep: 2, slack: 0 } });
    await run(await start(), ports, never);
    const last = model.requests[4]?.messages ?? [];
    const observations = last
      .filter((message) => message.role === 'user')
      .slice(1)
      .map((message) => message.content);
    assert.deepEqual(observations, [omittedResult, omittedResult, 'echo: c', 'echo: d']);
    const thoughts = last.filter((message) => message.role === 'assistant').map((message) => message.content);
    assert.deepEqual(thoughts, calls);
  });

  it('rolls a malformed call back, at most 5 in a row, and then shows the right form', async () => {
    const bad = '<use_mcp_tool><server_name>notes</server_name>';
    const model = scriptedModel([bad, bad, bad, bad, bad, bad, 'Done.', answer]);
    const { ports, start, events, types } = world(model, [echoTool()]);
    await run(await start(), ports, never);
    assert.equal(types().filter((type) => type === 'turn.rolledBack').length, 5);
    const corrected = events.find((event) => event.type === 'turn.corrected');
    assert.match(corrected?.content ?? '', /<use_mcp_tool>/);
    assert.equal(model.requests[6]?.messages.at(-1)?.content, corrected?.content);
    assert.equal(model.requests[5]?.messages.length, 2, 'what was rolled back is not in the prompt');
  });

  it('answers at the turn limit with what it has', async () => {
    const { ports, start, events } = world(scriptedModel([echoCall('a'), echoCall('b'), answer]), [echoTool()], {
      maxTurns: 2,
    });
    await run(await start(), ports, never);
    assert.equal(events.find((event) => event.type === 'answer.requested')?.reason, 'turns');
    assert.equal(events.at(-1)?.type, 'run.ended');
  });

  it('takes the newest boxed answer of the loop when three tries for the answer bring none', async () => {
    const model = scriptedModel(['I think \\boxed{seven}', 'no box', '\\boxed{}', '\\boxed{???}']);
    const { ports, start, events } = world(model, [echoTool()]);
    await run(await start(), ports, never);
    assert.equal(events.find((event) => event.type === 'answer.given')?.boxed, 'seven');
    assert.deepEqual(model.requests[3]?.messages, model.requests[1]?.messages, 'each try sees the same prompt');
  });

  it('takes the newest boxed answer of the loop when the server fails at the request for the answer', async () => {
    const broken = new ModelError('http', 'HTTP 500', { retryable: true });
    const model = scriptedModel([echoCall('a'), 'It is \\boxed{seven}', broken, broken, broken]);
    const { ports, start, events } = world(model, [echoTool()]);
    const end = await run(await start(), ports, never);
    assert.equal(events.find((event) => event.type === 'answer.given')?.boxed, 'seven');
    assert.equal(end.state.kind === 'ended' && end.state.reason, 'answered');
  });

  it('ends without an answer when there is no box anywhere', async () => {
    const { ports, start } = world(scriptedModel(['I stop.', 'a', 'b', 'c']), []);
    const end = await run(await start(), ports, never);
    assert.equal(end.state.kind === 'ended' && end.state.reason, 'limit');
  });

  it('ends as failed when the server is not there before the first reply', async () => {
    const dead = new ModelError('network', 'Nothing answers.', { retryable: true });
    const { ports, start, types } = world(scriptedModel([dead]), []);
    const end = await run(await start(), ports, never);
    assert.deepEqual(end.state, {
      kind: 'ended',
      since: end.state.kind === 'ended' ? end.state.since : 0,
      reason: 'failed',
      message: 'Nothing answers.',
    });
    assert.deepEqual(types(), ['run.started', 'run.ended']);
  });

  it('waits and asks again when the server goes away after the first reply', async () => {
    const away = new ModelError('network', 'Nothing answers.', { retryable: true });
    const { ports, start, types } = world(scriptedModel([echoCall('a'), away, 'Done.', answer]), [echoTool()]);
    const end = await run(await start(), ports, never);
    assert.ok(types().includes('run.waiting'));
    assert.equal(end.state.kind === 'ended' && end.state.reason, 'answered');
  });

  it('answers with what it has when the prompt no longer fits, without the newest observation', async () => {
    const overflow = new ModelError('overflow', 'too long', { retryable: false });
    const model = scriptedModel([echoCall('a'), echoCall('b'), overflow, answer]);
    const { ports, start, events } = world(model, [echoTool()]);
    await run(await start(), ports, never);
    assert.equal(events.find((event) => event.type === 'answer.requested')?.reason, 'context');
    const sent = model.requests[3]?.messages ?? [];
    assert.equal(
      sent.some((message) => message.content.includes('echo: b')),
      false,
    );
    assert.equal(
      sent.some((message) => message.content === 'echo: a'),
      true,
    );
  });

  it('ends as cancelled when stopped while the model replies, and every open call ends', async () => {
    const stop = new AbortController();
    const hang = async () => {
      stop.abort();
      throw new Error('aborted');
    };
    const { ports, start, types } = world(scriptedModel([echoCall('a'), hang]), [echoTool()]);
    const end = await run(await start(), ports, stop.signal);
    assert.equal(end.state.kind === 'ended' && end.state.reason, 'cancelled');
    assert.equal(
      types().filter((type) => type === 'tool.started').length,
      types().filter((type) => type === 'tool.finished').length,
    );
  });

  it('asks before calls that write, and tells the model of a denial', async () => {
    const tool = echoTool();
    const { ports, start, events } = world(scriptedModel([echoCall('a'), 'Done.', answer]), [tool], {
      approval: 'ask',
    });
    await run(await start(), ports, never);
    assert.deepEqual(tool.ran, []);
    const finished = events.find((event) => event.type === 'tool.finished');
    assert.equal(finished?.outcome, 'denied');
    assert.match(finished.content, /not in a test/);
  });

  it('cuts a long observation with the literal mark and keeps the rest as a blob', async () => {
    const text = 'x'.repeat(100_001);
    const { ports, start, events } = world(scriptedModel([echoCall(text), 'Done.', answer]), [echoTool()]);
    await run(await start(), ports, never);
    const finished = events.find((event) => event.type === 'tool.finished');
    assert.ok(finished?.truncated);
    assert.equal(finished.content.length, 100_000 + '\n... [Result truncated]'.length);
    assert.equal(finished.blob?.sizeBytes, 'echo: '.length + 1);
  });

  it('sends native calls back as native history', async () => {
    const call = { nativeCalls: [{ name: 'notes-echo', arguments: '{"text":"a"}' }], reasoning: 'hm' };
    const model = scriptedModel([call, 'Done.', answer]);
    const { ports, start } = world(model, [echoTool()], {}, 'native');
    await run(await start(), ports, never);
    assert.deepEqual(model.requests[1]?.messages.slice(2), [
      {
        role: 'assistant',
        content: '',
        reasoning: 'hm',
        toolCalls: [{ callId: '1-1', server: 'notes', tool: 'echo', arguments: { text: 'a' } }],
      },
      { role: 'tool', callId: '1-1', content: 'echo: a' },
    ]);
  });
});
