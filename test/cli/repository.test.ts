import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleGit } from 'simple-git';
import { call, scriptedServer } from '../fakes/scriptedServer.ts';
import { commandLine, eventsOf } from './commandLine.ts';

describe('a run in a git repository', () => {
  it('changes files, and never the repository: what would write to it fails, and the model is told', async () => {
    const line = await commandLine({ 'notes.md': 'first\n' });
    const git = simpleGit(line.workspace);
    await git.init();
    await git.addConfig('user.email', 'someone@example.org').addConfig('user.name', 'Someone');
    await git.add('notes.md').commit('first');
    const before = await git.revparse('HEAD');
    const index = await readFile(join(line.workspace, '.git/index'));
    const run = (command: string) => ({ content: call('tool-python', 'run_command', { command, sandbox_id: 'none' }) });
    const server = await scriptedServer({
      script: [
        { content: call('workspace', 'write_file', { path: 'notes.md', content: 'second\n' }) },
        {
          content: call('workspace', 'write_file', { path: '.git/hooks/post-checkout', content: 'touch /tmp/hooked' }),
        },
        run('git log --oneline && git diff --stat'),
        run('git commit -am second'),
        { content: 'Known.' },
        { content: 'Done.\n\n\\boxed{done}' },
      ],
    });
    const { code, stdout, stderr } = await line.run(['ask', 'Commit it', '--base-url', server.baseUrl, '--json']);
    await server.close();
    assert.equal(code, 0, stderr);
    const finished = eventsOf(stdout).filter((event) => event.type === 'tool.finished');
    assert.deepEqual(
      finished.map((event) => event['outcome']),
      ['ok', 'failed', 'ok', 'ok'],
    );
    assert.match(String(finished[1]?.['content']), /protected/);
    assert.match(String(finished[2]?.['content']), /first[\s\S]*notes\.md/);
    assert.notEqual(finished[3]?.['exitCode'], 0);
    assert.match(String(finished[3]?.['content']), /Read-only file system/);
    assert.equal(await git.revparse('HEAD'), before);
    assert.deepEqual(await readFile(join(line.workspace, '.git/index')), index);
    assert.deepEqual((await git.status()).modified, ['notes.md']);
    await line.remove();
  });
});
