import assert from 'node:assert/strict';
import { call, scriptedServer, type Step } from '../fakes/scriptedServer.ts';
import { commandLine, eventsOf } from './commandLine.ts';

const read: Step = { content: call('workspace', 'read_file', { path: 'notes.md' }) };
const rest: readonly Step[] = [{ content: 'I know it.' }, { content: '\\boxed{8080}' }];

describe('a server that goes away after its first reply', () => {
  it('is waited for with --server-wait, and the run goes on when it is back', async () => {
    const line = await commandLine({ 'notes.md': 'The port is 8080.\n' });
    const first = await scriptedServer({ script: [read, { hang: 'prefill' }] });
    const started = line.start(['ask', 'Which port?', '--json', '--server-wait', '10', '--base-url', first.baseUrl]);
    await (
      await first.request(1)
    ).hanging;
    await first.close();
    await started.printed('run.waiting');
    const second = await scriptedServer({ script: rest, port: first.port });
    const { code, stdout, stderr } = await started.finished;
    assert.equal(code, 0, stderr);
    const events = eventsOf(stdout);
    const waiting = events.find((event) => event.type === 'run.waiting');
    assert.ok(String(waiting?.['reason']).includes(first.baseUrl), 'the reason names the server');
    assert.equal(events.filter((event) => event.type === 'tool.finished').length, 1);
    await second.close();
    await line.remove();
  });

  it('fails the run when the time is over, and the run can be resumed', async () => {
    const line = await commandLine({ 'notes.md': 'The port is 8080.\n' });
    const first = await scriptedServer({ script: [read, { hang: 'prefill' }] });
    const started = line.start(['ask', 'Which port?', '--json', '--server-wait', '0.001', '--base-url', first.baseUrl]);
    await (
      await first.request(1)
    ).hanging;
    await first.close();
    const { code, stdout } = await started.finished;
    assert.equal(code, 1);
    const events = eventsOf(stdout);
    assert.deepEqual([events.at(-1)?.type, events.at(-1)?.['reason']], ['run.ended', 'failed']);
    assert.ok(events.filter((event) => event.type === 'run.waiting').length >= 3);
    const second = await scriptedServer({ script: rest });
    const resumed = await line.run(['resume', 'last', '--json', '--base-url', second.baseUrl]);
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.equal(eventsOf(resumed.stdout).filter((event) => event.type === 'tool.started').length, 1, 'not again');
    await second.close();
    await line.remove();
  });
});
