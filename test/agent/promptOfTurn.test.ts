import assert from 'node:assert/strict';
import fc from 'fast-check';
import { run } from '../../src/agent/loop.ts';
import { promptOfTurn } from '../../src/agent/promptOfTurn.ts';
import { scriptedModel } from '../fakes/scriptedModel.ts';
import { echoCall, echoTool, world } from './world.ts';

const never = new AbortController().signal;
const answer = 'It is one.\n\n\\boxed{one}';

async function ticks(count: number): Promise<void> {
  for (let tick = 0; tick < count; tick++) await Promise.resolve();
}

describe('promptOfTurn', () => {
  it('gives the messages that were sent for each turn, and nothing for a turn that is not there', async () => {
    const bad = '<use_mcp_tool><server_name>notes</server_name>';
    const model = scriptedModel([echoCall('a'), bad, echoCall('b'), echoCall('c'), 'Done.', answer]);
    const { ports, start, events } = world(model, [echoTool()], {
      retention: { policy: 'recency', keep: 1, slack: 0 },
    });
    await run(await start(), ports, never);
    const sent = model.requests.map(({ messages }) => messages).toSpliced(1, 1);
    assert.deepEqual(
      sent.map((_, index) => promptOfTurn(events, index + 1)?.messages),
      sent,
    );
    assert.equal(promptOfTurn(events, 0), undefined);
    assert.equal(promptOfTurn(events, 7), undefined);
  });

  it('gives what was sent whenever notes are said, and however slow the log is', async () => {
    const moments = fc.array(fc.record({ event: fc.nat(12), after: fc.nat(40) }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(moments, fc.nat(12), async (notes, slowness) => {
        const model = scriptedModel([echoCall('a'), echoCall('b'), ...Array<string>(20).fill(answer)]);
        const { ports, start, events, wheel } = world(model, [echoTool()]);
        const { log } = ports;
        const append: typeof log.append = async (...facts) => {
          await ticks(slowness);
          return log.append(...facts);
        };
        let seen = 0;
        const onEvent = () => {
          seen++;
          for (const { event, after } of notes) {
            if (event === seen) void ticks(after).then(() => wheel.say({ kind: 'note', text: 'Look again.' }));
          }
        };
        await run(await start(), { ...ports, log: { ...log, append }, onEvent }, never);
        assert.deepEqual(
          model.requests.map((_, index) => promptOfTurn(events, index + 1)?.messages),
          model.requests.map(({ messages }) => messages),
        );
      }),
      { numRuns: 200 },
    );
  });
});
