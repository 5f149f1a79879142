import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { call, scriptedServer } from '../fakes/scriptedServer.ts';
import { commandLine, eventsOf, run } from './commandLine.ts';

describe('a run on a full disk', () => {
  it('stops with what to do when the disk is full, and goes on when there is room again', async () => {
    const long = Array.from({ length: 20_000 }, (_, index) => `word ${index}`).join(' ');
    const line = await commandLine({ 'notes.md': '# Notes\nThe port is 8080.\n' });
    const server = await scriptedServer({
      script: [
        { content: call('workspace', 'read_file', { path: 'notes.md' }) },
        { content: long },
        { content: 'Known.' },
        { content: 'x \\boxed{8080}' },
      ],
    });
    const small = join(line.folder, 'small');
    await mkdir(small);
    const kept = join(line.folder, 'kept');
    const cli = join(import.meta.dirname, '../../dist/cli.js');
    const words = [process.execPath, cli, 'ask', 'Which port?', '--base-url', server.baseUrl, '--runs', small]
      .map((word) => `'${word}'`)
      .join(' ');
    const script = `${words}; code=$?; cp -r '${small}' '${kept}'; exit $code`;
    const room = ['--dev-bind', '/', '/', '--size', '65536', '--tmpfs', small];
    const { code, stderr } = await run('bwrap', [...room, 'bash', '-c', script], line.workspace);
    assert.equal(code, 1);
    assert.match(stderr, /log cannot be written \(ENOSPC.*Free some space/);
    const resumed = await line.run(['resume', 'last', '--runs', kept, '--json']);
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.equal(eventsOf(resumed.stdout).at(-1)?.['reason'], 'answered');
    await server.close();
    await line.remove();
  });
});
