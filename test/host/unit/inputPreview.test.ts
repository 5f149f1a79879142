import assert from 'node:assert/strict';
import type { ReplyPreview } from '../../../src/host/replyPreview.ts';
import { call } from '../../fakes/scriptedServer.ts';
import { openSession } from './sessions.ts';

describe('a command that waits for input, in a session', () => {
  it('is told to whoever shows the run, until it has ended', async () => {
    const asking = call('tool-python', 'run_command', { command: 'read -p "Name? " name </dev/tty' });
    const { session, choice, fact, close, broken } = await openSession([
      { content: asking },
      { content: 'Known.' },
      { content: 'It is so.\n\n\\boxed{1}' },
    ]);
    try {
      const told: (ReplyPreview | undefined)[] = [];
      session.subscribe({ onPreview: () => told.push(session.preview) });
      const finished = fact(({ type }) => type === 'tool.finished');
      await session.ask({ text: 'Who is it?', mentions: [] }, { ...choice, approval: 'sandbox' });
      const { event } = await finished;
      assert.match(event.type === 'tool.finished' ? event.content : '', /^Waited for input: .*\nRun it so that/);
      const [waiting] = told.filter((preview) => preview?.kind === 'input');
      assert.equal(waiting?.kind === 'input' && waiting.waiting, true);
      assert.notEqual(session.preview?.kind, 'input');
      await fact(({ type }) => type === 'run.ended');
      assert.deepEqual(broken, []);
    } finally {
      await close();
    }
  });
});
