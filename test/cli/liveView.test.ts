import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { liveView } from '../../src/cli/liveView.ts';
import { emptyTrajectory } from '../../src/shared/trajectory.ts';
import type { Fact } from '../../src/shared/events.ts';

const away = { type: 'run.waiting', reason: 'The server is away.' } as const;
const reply = {
  type: 'model.replied',
  turn: 1,
  content: 'I look.',
  toolCalls: [],
  finishReason: 'stop',
  durationMs: 1,
  mended: [],
} as const;

describe('liveView', () => {
  const written = async (terminal: { isTTY?: boolean; columns?: number }, facts: readonly Fact[], prefix?: string) => {
    const progress = Object.assign(new PassThrough(), terminal);
    const view = liveView({ progress, ...(prefix !== undefined && { prefix }) });
    for (const [seq, fact] of facts.entries()) view.onEvent?.({ seq, at: 30_000 * seq, ...fact }, emptyTrajectory);
    progress.end();
    return text(progress);
  };
  const hours = Array.from({ length: 400 }, () => away);

  it('tells the first of a series of waits and the return, where nothing can be rewritten', async () => {
    assert.equal(await written({}, [...hours, reply]), '… The server is away.\n… goes on after 3h 20m\n   1 I look.\n');
  });

  it('tells each series, and no return where there is none', async () => {
    const told = await written({}, [away, away, reply, away, { type: 'run.ended', reason: 'cancelled' }], '#2 ');
    assert.equal(
      told,
      '#2 … The server is away.\n#2 … goes on after 1m 00s\n#2    1 I look.\n#2 … The server is away.\n#2 Ended without an answer (cancelled).\n',
    );
  });

  it('does not end a wait where a person says something meanwhile', async () => {
    const note = { type: 'note.added', text: 'Still there?', afterTurn: 0 } as const;
    assert.equal(
      await written({}, [away, note, away, reply]),
      '… The server is away.\n     note: Still there?\n… goes on after 1m 30s\n   1 I look.\n',
    );
  });

  it('rewrites one line on a terminal, which never wraps', async () => {
    const long = { ...away, reason: `The server is ${'far '.repeat(50)}away.` };
    const told = await written({ isTTY: true, columns: 40 }, [long, long, long, reply]);
    const [waits = '', ...rest] = told.split('\n');
    const shown = waits.replace(/\u{1b}\[\d*m/gu, '').split('\r\u{1b}[2K');
    assert.deepEqual(
      shown.map((line) => line.length),
      [0, 39, 39, 39],
    );
    assert.match(shown[3] ?? '', /^… waiting 1m 00s: The server is far/);
    assert.match(rest.join('\n'), /goes on after 1m 30s[\s\S]*I look\./);
  });
});
