import assert from 'node:assert/strict';
import { Interruption } from '../../src/agent/errors.ts';
import { run } from '../../src/agent/loop.ts';
import type { ModelRequest } from '../../src/agent/ports.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import { scriptedModel } from '../fakes/scriptedModel.ts';
import { echoCall, echoTool, world } from './world.ts';

const never = new AbortController().signal;
const contents = (request: ModelRequest | undefined) => request?.messages.map(({ content }) => content) ?? [];

describe('a note', () => {
  it('that comes while the model replies enters behind the observation of that turn', async () => {
    const model = scriptedModel([
      async () => {
        steer.say({ kind: 'note', text: 'Look in March.' });
        return { content: echoCall('a') };
      },
      'Done.',
      '\\boxed{so}',
    ]);
    const { ports, start, wheel: steer, events } = world(model, [echoTool()]);
    const end = await run(await start(), ports, never);
    assert.equal(events.find((event) => event.type === 'note.added')?.afterTurn, 1);
    assert.deepEqual(contents(model.requests[1]).slice(-2), [
      'echo: a',
      'A note from the person who asked: Look in March.',
    ]);
    assert.deepEqual(foldAll(events), end);
  });

  it('that comes while a tool runs enters behind its observation, and is in the log at once', async () => {
    const tool = echoTool();
    const { ports, start, wheel, types } = world(scriptedModel([echoCall('a'), 'Done.', '\\boxed{so}']), [
      {
        ...tool,
        run: async (args, context) => {
          wheel.say({ kind: 'note', text: 'Hurry.' });
          await new Promise((resolve) => setImmediate(resolve));
          assert.equal(types().at(-1), 'note.added');
          return tool.run(args, context);
        },
      },
    ]);
    const seen: string[] = [];
    const { model } = ports;
    const watching = {
      ...model,
      complete: async (request: ModelRequest, signal: AbortSignal) => {
        seen.push(contents(request).at(-1) ?? '');
        return model.complete(request, signal);
      },
    };
    await run(await start(), { ...ports, model: watching }, never);
    assert.equal(seen[1], 'A note from the person who asked: Hurry.');
  });

  it('lets a run go on that would have asked for its answer', async () => {
    const model = scriptedModel([
      async () => {
        steer.say({ kind: 'note', text: 'One thing more.' });
        return { content: 'I know it.' };
      },
      echoCall('more'),
      'Now.',
      '\\boxed{so}',
    ]);
    const tool = echoTool();
    const { ports, start, wheel: steer } = world(model, [tool]);
    await run(await start(), ports, never);
    assert.deepEqual(tool.ran, ['more']);
  });
});

describe('pausing', () => {
  it('finishes the step under way, waits, takes notes, and goes on', async () => {
    const model = scriptedModel([
      async () => {
        steer.pause();
        return { content: echoCall('a') };
      },
      'Done.',
      '\\boxed{so}',
    ]);
    const tool = echoTool();
    const { ports, start, wheel: steer, types } = world(model, [tool]);
    const going = run(
      await start(),
      {
        ...ports,
        onEvent: (event) => {
          if (event.type !== 'run.paused') return;
          assert.deepEqual(tool.ran, []);
          steer.say({ kind: 'note', text: 'Mind the date.' });
          setImmediate(steer.goOn);
        },
      },
      never,
    );
    await going;
    assert.deepEqual(
      types()
        .filter((type) => type !== 'run.started')
        .slice(0, 6),
      ['model.replied', 'run.paused', 'note.added', 'run.continued', 'tool.started', 'tool.finished'],
    );
    assert.ok(contents(model.requests[1]).at(-1)?.includes('Mind the date.'));
  });

  it('can be stopped', async () => {
    const stop = new AbortController();
    const { ports, start, wheel, types } = world(scriptedModel([]), []);
    wheel.pause();
    const onEvent = () => setImmediate(() => stop.abort());
    const end = await run(await start(), { ...ports, onEvent }, stop.signal);
    assert.deepEqual([types().at(-1), end.state.kind === 'ended' && end.state.reason], ['run.ended', 'cancelled']);
  });
});

describe('answer now', () => {
  it('gives up the reply under way and asks for the answer', async () => {
    const model = scriptedModel([
      echoCall('a'),
      (_request, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('gone')));
          steer.say({ kind: 'answer' });
        }),
      'So far. \\boxed{so}',
    ]);
    const { ports, start, wheel: steer, events } = world(model, [echoTool()]);
    const end = await run(await start(), ports, never);
    assert.equal(events.find((event) => event.type === 'answer.requested')?.reason, 'asked');
    assert.equal(end.state.kind === 'ended' && end.state.reason, 'answered');
  });

  it('stops the tool under way, whose call ends as cancelled', async () => {
    const tool = echoTool();
    const { ports, start, wheel, events } = world(scriptedModel([echoCall('a'), '\\boxed{so}']), [
      {
        ...tool,
        run: (_args, { signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(new Error('stopped')));
            wheel.say({ kind: 'answer' });
          }),
      },
    ]);
    const end = await run(await start(), ports, never);
    const finished = events.filter((event) => event.type === 'tool.finished');
    assert.deepEqual(
      finished.map(({ outcome }) => outcome),
      ['cancelled'],
    );
    assert.equal(end.state.kind === 'ended' && end.state.reason, 'answered');
  });

  it('lets a paused run go on to its answer', async () => {
    const { ports, start, wheel } = world(scriptedModel([echoCall('a'), '\\boxed{so}']), [echoTool()]);
    const onEvent: typeof ports.onEvent = (event) => {
      if (event.type === 'model.replied') wheel.pause();
      if (event.type === 'run.paused') setImmediate(() => wheel.say({ kind: 'answer' }));
    };
    const end = await run(await start(), { ...ports, onEvent }, never);
    assert.equal(end.state.kind === 'ended' && end.state.reason, 'answered');
  });
});

describe('a queued question', () => {
  it('is asked when the present one has its answer, in the same context', async () => {
    const model = scriptedModel([echoCall('a'), 'Done.', 'One. \\boxed{one}', 'Known.', '\\boxed{two}']);
    const { ports, start, wheel, events, types } = world(model, [echoTool()]);
    wheel.say({ kind: 'question', question: 'And after that?', mentions: [] });
    const end = await run(await start(), ports, never);
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'answer.given' ? [event.boxed] : [])),
      ['one', 'two'],
    );
    assert.equal(types().filter((type) => type === 'run.ended').length, 1);
    assert.deepEqual(
      contents(model.requests[3])
        .slice(-2)
        .map((text) => text.slice(0, 15)),
      ['One. \\boxed{one', 'And after that?'],
    );
    assert.deepEqual(end.queue, []);
  });
});

describe('edited arguments', () => {
  it('are what the tool gets; the model is told, and the log keeps what it had asked for', async () => {
    const tool = echoTool();
    const model = scriptedModel([echoCall('a'), 'Done.', '\\boxed{so}']);
    const { ports, start, events } = world(model, [tool], { approval: 'ask' });
    const approval = { decide: async () => ({ decision: 'once', arguments: { text: 'b' } }) as const };
    const end = await run(await start(), { ...ports, approval }, never);
    assert.deepEqual(tool.ran, ['b']);
    const observation = contents(model.requests[1]).at(-1) ?? '';
    assert.match(observation, /changed the arguments of this call before it ran, to \{"text":"b"\}[\s\S]*echo: b/);
    assert.ok(contents(model.requests[1]).at(-2)?.includes('"text": "a"'));
    const turn = end.items.find((item) => item.kind === 'turn');
    assert.deepEqual([turn?.calls[0]?.arguments, turn?.calls[0]?.requested], [{ text: 'b' }, { text: 'a' }]);
    assert.deepEqual(foldAll(events), end);
  });
});

describe('edited arguments that do not fit', () => {
  it('are asked for again, and the call is not spent', async () => {
    const tool = echoTool();
    const { ports, start, events } = world(scriptedModel([echoCall('a'), 'Done.', '\\boxed{so}']), [tool], {
      approval: 'ask',
    });
    const given: Record<string, unknown>[] = [{ bogus: 3 }, { text: 'b' }];
    const approval = { decide: async () => ({ decision: 'once', arguments: given.shift() ?? {} }) as const };
    await run(await start(), { ...ports, approval }, never);
    assert.deepEqual(tool.ran, ['b']);
    const asked = events.filter((event) => event.type === 'approval.requested');
    assert.match(asked[1]?.reason ?? '', /^The edited arguments do not fit\. [\s\S]*text/);
    assert.equal(events.filter((event) => event.type === 'approval.decided').length, 1);
  });
});

describe('an interruption', () => {
  it('ends no run: an open call is lost, and the run goes on when it is resumed', async () => {
    const stop = new AbortController();
    const tool = echoTool();
    const { ports, start, types, events } = world(scriptedModel([echoCall('a')]), [
      {
        ...tool,
        run: async () => {
          stop.abort(new Interruption());
          return { content: 'late' };
        },
      },
    ]);
    const end = await run(await start(), ports, stop.signal);
    assert.equal(types().includes('run.ended'), false);
    assert.equal(events.findLast((event) => event.type === 'tool.finished')?.outcome, 'lost');
    assert.notEqual(end.state.kind, 'ended');
  });
});
