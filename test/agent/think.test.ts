import assert from 'node:assert/strict';
import { ModelError, type ModelErrorCode } from '../../src/agent/errors.ts';
import type { ModelRequest } from '../../src/agent/ports.ts';
import { think, type Thinking } from '../../src/agent/think.ts';
import { scriptedModel, type ScriptedReply } from '../fakes/scriptedModel.ts';

const never = new AbortController().signal;
const request: ModelRequest = {
  messages: [],
  tools: [],
  toolFormat: 'mcp-xml',
  mayCall: true,
  maxTokens: 10,
  onPreview: () => undefined,
};
const failed = (code: ModelErrorCode, retryable: boolean, retryAfterMs?: number) =>
  new ModelError(code, code, { retryable, ...(retryAfterMs !== undefined && { retryAfterMs }) });

/** Thinks over a script with a clock that jumps; gives the pauses that were made. */
async function pauses(replies: readonly ScriptedReply[], more: Partial<Thinking> & { readonly chance?: number } = {}) {
  let now = 0;
  const made: number[] = [];
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      made.push(ms);
      now += ms;
    },
    alarm: () => () => undefined,
    random: () => more.chance ?? 1,
  };
  const model = scriptedModel(replies);
  const thinking = { model, clock, maxAttempts: 10, serverWaitMs: 0, known: true, onWaiting: async () => undefined };
  const reply = await think(request, { ...thinking, ...more }, never).catch((error: unknown) => error);
  return { made, reply, asked: model.requests.length };
}

describe('think', () => {
  it('doubles its pauses up to half a minute, and lets chance shorten them by up to a half', async () => {
    const busy = Array.from({ length: 8 }, () => failed('http', true));
    const longest = await pauses([...busy, 'so']);
    assert.deepEqual(longest.made, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    const shortest = await pauses([...busy, 'so'], { chance: 0 });
    assert.deepEqual(
      shortest.made,
      longest.made.map((ms) => ms / 2),
    );
  });

  it('waits as long as the server says', async () => {
    assert.deepEqual((await pauses([failed('rateLimited', true, 7_000), 'so'])).made, [7_000]);
  });

  it('asks a server that says "at once" less and less often all the same', async () => {
    const busy = Array.from({ length: 4 }, () => failed('http', true, 0));
    assert.deepEqual((await pauses([...busy, 'so'])).made, [500, 1_000, 2_000, 4_000]);
  });

  it('never asks again after a refusal', async () => {
    for (const code of ['unauthorized', 'notFound', 'overflow', 'http'] as const) {
      const { made, reply, asked } = await pauses([failed(code, false), 'so']);
      assert.deepEqual([made, asked], [[], 1]);
      assert.ok(reply instanceof ModelError && reply.code === code);
    }
  });

  it('gives up after ten failures of a server that is there', async () => {
    const { asked, reply } = await pauses(Array.from({ length: 20 }, () => failed('http', true)));
    assert.equal(asked, 10);
    assert.ok(reply instanceof ModelError);
  });

  it('waits for a server that went away for as long as it may, and no longer', async () => {
    const away = Array.from({ length: 500 }, () => failed('network', true));
    const { made, reply } = await pauses(away, { serverWaitMs: 3_600_000 });
    const waited = made.reduce((sum, ms) => sum + ms, 0);
    assert.ok(waited >= 3_600_000 && waited < 3_600_000 + 60_000, `${waited} ms`);
    assert.ok(reply instanceof ModelError && reply.away);
    const back = await pauses([...away.slice(0, 100), 'so'], { serverWaitMs: 3_600_000 });
    assert.deepEqual([back.asked, back.reply instanceof Error], [101, false]);
  });

  it('fails at once when no server ever answered in this run', async () => {
    assert.deepEqual((await pauses([failed('network', true), 'so'], { known: false, serverWaitMs: 1e9 })).made, []);
  });

  it('asks again when the first reply of all broke off: the server is there', async () => {
    const broken: ScriptedReply = async ({ watch }) => {
      watch?.({ content: 'I', reasoning: '', nativeCalls: [] });
      throw failed('network', true);
    };
    const { asked, reply } = await pauses([broken, 'so'], { known: false });
    assert.deepEqual([asked, reply instanceof Error], [2, false]);
  });

  it('takes an answer that is none of a model for a hiccup of one that answered before, and for a wrong address else', async () => {
    assert.equal((await pauses([failed('malformed', false), 'so'])).asked, 2);
    assert.equal((await pauses([failed('malformed', false), 'so'], { known: false })).asked, 1);
  });
});
