import assert from 'node:assert/strict';
import { run } from '../../src/agent/loop.ts';
import type { RunSettings } from '../../src/shared/runSettings.ts';
import type { ToolContext } from '../../src/agent/tool.ts';
import type { Fact } from '../../src/shared/events.ts';
import { scriptedModel, type ScriptedReply } from '../fakes/scriptedModel.ts';
import { echoCall, echoTool, world } from './world.ts';

const never = new AbortController().signal;
const usage = { promptTokens: 1_000, completionTokens: 300 };
const looking: ScriptedReply = async ({ mayCall }) => ({
  content: mayCall ? echoCall('a') : 'So far. \\boxed{so}',
  usage,
});

/** Runs a model that never stops looking, and says why the answer was asked for and what was spent. */
async function limited(settings: Partial<RunSettings>) {
  const tool = echoTool();
  const { ports, start, events } = world(scriptedModel(Array.from({ length: 60 }, () => looking)), [tool], settings);
  const end = await run(await start(), ports, never);
  assert.equal(end.state.kind === 'ended' && end.state.reason, 'answered');
  const reason = events.find((event) => event.type === 'answer.requested')?.reason;
  return { reason, calls: tool.ran.length, spent: end.spent, events };
}

describe('a budget', () => {
  it('of turns ends in the answer', async () => {
    assert.deepEqual(await limited({ maxTurns: 3 }).then(({ reason, calls }) => [reason, calls]), ['turns', 3]);
  });

  it('of calls ends in the answer, and none is made beyond it, whatever one message asks for', async () => {
    const tool = echoTool();
    const three = ['a', 'b', 'c'].map((text) => echoCall(text, '')).join('\n');
    const { ports, start, events } = world(scriptedModel([three, '\\boxed{so}']), [tool], { maxCalls: 2 });
    await run(await start(), ports, never);
    assert.deepEqual(tool.ran, ['a', 'b']);
    const outcomes = events.filter((event) => event.type === 'tool.finished').map(({ outcome }) => outcome);
    assert.deepEqual(outcomes, ['ok', 'ok', 'cancelled']);
    assert.equal(events.find((event) => event.type === 'answer.requested')?.reason, 'calls');
  });

  for (const [name, budget, most] of [
    ['prompt tokens', { promptTokens: 8_000 }, 8_000],
    ['completion tokens', { completionTokens: 2_000 }, 2_000],
    ['tokens', { tokens: 9_000 }, 9_000],
  ] as const) {
    it(`of ${name} keeps what the answer takes, and is not overdrawn`, async () => {
      const { reason, spent } = await limited({ budget });
      assert.equal(reason, 'tokens');
      const used = {
        'prompt tokens': spent.promptTokens,
        'completion tokens': spent.completionTokens,
        tokens: spent.promptTokens + spent.completionTokens,
      }[name];
      assert.ok(used <= most && used > most / 2, `${used} of ${most}`);
    });
  }

  it('of tokens holds where the server tells no counts: they are estimated, and say so', async () => {
    const silent: ScriptedReply = async ({ mayCall }) => ({ content: mayCall ? echoCall('a') : '\\boxed{so}' });
    const { ports, start, events } = world(scriptedModel(Array.from({ length: 60 }, () => silent)), [echoTool()], {
      budget: { tokens: 20_000 },
    });
    const end = await run(await start(), ports, never);
    assert.equal(events.find((event) => event.type === 'answer.requested')?.reason, 'tokens');
    const spent = end.spent.promptTokens + end.spent.completionTokens;
    assert.ok(spent > 10_000 && spent <= 20_000, `${spent}`);
    const usages = events.flatMap((event) => (event.type === 'model.replied' ? [event.usage] : []));
    assert.ok(usages.length > 3 && usages.every((usage) => usage?.estimated));
  });

  it('of tokens counts what nested runs spent', async () => {
    const tool = echoTool();
    const nested = {
      ...tool,
      run: async () => ({ content: 'a report', usage: { promptTokens: 50_000, completionTokens: 1_000 } }),
    };
    const { ports, start, events } = world(scriptedModel([looking, looking]), [nested], { budget: { tokens: 52_000 } });
    const end = await run(await start(), ports, never);
    assert.equal(events.find((event) => event.type === 'answer.requested')?.reason, 'tokens');
    assert.equal(end.spent.promptTokens, 52_000);
  });

  it('of completion tokens bounds every reply, and keeps half of what is left for the answer', async () => {
    const model = scriptedModel(Array.from({ length: 20 }, () => looking));
    const { ports, start } = world(model, [echoTool()], { budget: { completionTokens: 2_000 } });
    await run(await start(), ports, never);
    let spent = 0;
    for (const { maxTokens } of model.requests) {
      assert.ok(maxTokens <= 2_000 - spent, `${maxTokens} of ${2_000 - spent}`);
      spent += usage.completionTokens;
    }
    assert.equal(model.requests[0]?.maxTokens, 1_000);
  });

  it('of minutes stops the step under way in time for the answer', async () => {
    const tool = echoTool();
    const { ports, start, events } = world(
      scriptedModel([echoCall('a'), 'So far. \\boxed{so}']),
      [
        {
          ...tool,
          run: (_args: unknown, { signal }: ToolContext) =>
            new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
        },
      ],
      { budget: { minutes: 1 } },
    );
    const rings: number[] = [];
    let slept = 0;
    const clock: typeof ports.clock = {
      ...ports.clock,
      now: () => ports.clock.now() + slept,
      alarm: (ms, ring) => {
        rings.push(ms);
        const late = () => {
          slept += ms;
          ring();
        };
        if (rings.length === 2) setImmediate(late);
        return () => undefined;
      },
    };
    const end = await run(await start(), { ...ports, clock }, never);
    assert.ok(rings.slice(0, 2).every((ms) => ms > 40_000 && ms < 60_000));
    assert.equal(events.find((event) => event.type === 'answer.requested')?.reason, 'minutes');
    assert.equal(events.find((event) => event.type === 'tool.finished')?.outcome, 'cancelled');
    assert.equal(end.state.kind === 'ended' && end.state.reason, 'answered');
  });

  for (const [seen, reason] of [
    ['Perhaps \\boxed{5}', 'answered'],
    ['I look.', 'limit'],
  ] as const) {
    it(`of minutes gives up an answer that does not come, and ends as ${reason}`, async () => {
      const hangs: ScriptedReply = (_request, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
      const model = scriptedModel([echoCall('a', seen).replace('</think>', `</think>${seen}`), 'Done.', hangs]);
      const { ports, start, events } = world(model, [echoTool()], { budget: { minutes: 1 } });
      let slept = 0;
      const clock: typeof ports.clock = {
        ...ports.clock,
        now: () => ports.clock.now() + slept,
        alarm: (ms, ring) => {
          if (model.requests.length >= 2 && events.at(-1)?.type === 'answer.requested') {
            setImmediate(() => {
              slept += ms + 1;
              ring();
            });
          }
          return () => undefined;
        },
      };
      const end = await run(await start(), { ...ports, clock }, never);
      assert.equal(end.state.kind === 'ended' && end.state.reason, reason);
      assert.equal(
        events.find((event) => event.type === 'answer.given')?.boxed,
        reason === 'answered' ? '5' : undefined,
      );
    });
  }

  it('of minutes does not run while the run is paused or waits for a person', async () => {
    const tool = echoTool();
    const { ports, start, events } = world(scriptedModel([echoCall('a'), 'Done.', '\\boxed{so}']), [tool], {
      budget: { minutes: 1 },
      approval: 'ask',
    });
    let now = 1_000;
    let set: { readonly at: number; readonly ring: () => void } | undefined;
    const clock: typeof ports.clock = {
      ...ports.clock,
      now: () => now,
      alarm: (ms, ring) => {
        set = { at: now + ms, ring };
        return () => (set = undefined);
      },
    };
    const log = {
      ...ports.log,
      append: async (...facts: readonly Fact[]) =>
        (await ports.log.append(...facts)).map((event) => ({ ...event, at: now })),
    };
    const approval = {
      decide: async () => {
        // An hour, in which the alarm rings whenever it is set to.
        for (const until = now + 3_600_000; set && set.at <= until;) {
          const { at, ring } = set;
          set = undefined;
          now = at;
          ring();
        }
        now += 3_600_000;
        return { decision: 'once' } as const;
      },
    };
    const end = await run({ ...(await start()), lastAt: now }, { ...ports, clock, log, approval }, never);
    assert.equal(events.find((event) => event.type === 'answer.requested')?.reason, 'finished');
    assert.ok(end.workedMs < 60_000);
    assert.deepEqual(tool.ran, ['a']);
  });
});
