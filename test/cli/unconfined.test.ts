import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { call, scriptedServer } from '../fakes/scriptedServer.ts';
import { commandLine, eventsOf } from './commandLine.ts';

/** A machine without bubblewrap, as far as the command can see. */
const without = { PATH: '/nowhere' };
const script = [
  { content: call('tool-python', 'run_command', { command: '/bin/echo ran > ran.txt', sandbox_id: 'none' }) },
  { content: 'Known.' },
  { content: 'x\n\n\\boxed{x}' },
];

describe('where nothing can be confined', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['a command is denied whatever is approved', ['--auto-approve', 'all'], 'denied'],
    ['a command is denied when only confined ones are approved', ['--unconfined'], 'denied'],
    ['a command runs when a person allowed both', ['--unconfined', '--auto-approve', 'all'], 'ok'],
  ];
  for (const [what, words, outcome] of cases) {
    it(what, async () => {
      const line = await commandLine({});
      const server = await scriptedServer({ script });
      const { stdout } = await line.run(['ask', 'Run it', '--base-url', server.baseUrl, '--json', ...words], without);
      const events = eventsOf(stdout);
      assert.equal(events.find((event) => event.type === 'tool.finished')?.['outcome'], outcome);
      assert.match(String(events.find((event) => event.type === 'approval.requested')?.['reason']), /not installed/);
      assert.deepEqual(await readdir(line.workspace), outcome === 'ok' ? ['ran.txt'] : []);
      await server.close();
      await line.remove();
    });
  }

  it('doctor says so and what to do, and ends with 1', async () => {
    const line = await commandLine({});
    const { code, stdout } = await line.run(['doctor'], without);
    assert.equal(code, 1);
    assert.match(stdout, /no {3}sandbox: .*not installed[\s\S]*apt install bubblewrap/);
    await line.remove();
  });
});
