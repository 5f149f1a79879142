import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ToolError } from '../../src/agent/errors.ts';
import type { Tool } from '../../src/agent/tool.ts';
import { downloadToLocalTool } from '../../src/tools/downloadToLocal.ts';
import { putFile, takeFile } from '../../src/tools/sandboxFiles.ts';
import { uploadFileTool } from '../../src/tools/uploadFile.ts';
import { openWorkspace } from '../../src/tools/workspace.ts';
import { makeSandbox, noSignal, outputHolds, type TestSandbox } from '../sandbox/sandbox.ts';
import { callTool } from './workspaceFixture.ts';

interface Transfers {
  readonly test: TestSandbox;
  readonly id: string;
  readonly upload: Tool;
  readonly download: Tool;
}

/** A sandbox on a workspace that holds data.csv. */
function transfers(): () => Transfers {
  const now: { made?: Transfers } = {};
  before(async () => {
    const test = await makeSandbox();
    await writeFile(join(test.workspace, 'data.csv'), 'a,b\n1,2\n');
    const workspace = await openWorkspace([test.workspace]);
    const upload = uploadFileTool(workspace, test.shell);
    const download = downloadToLocalTool(workspace, test.shell);
    now.made = { test, id: await test.shell.create(60_000), upload, download };
  });
  after(() => now.made?.test.dispose());
  return () => {
    if (!now.made) throw new Error('not made yet');
    return now.made;
  };
}

const refusal = (words: RegExp) => (error: unknown) => error instanceof ToolError && words.test(error.message);

describe('upload_file_from_local_to_sandbox', () => {
  const made = transfers();
  const upload = (path: string | undefined, local = 'data.csv') =>
    callTool(made().upload, { sandbox_id: made().id, local_file_path: local, sandbox_file_path: path });

  for (const [path, there] of [
    [undefined, '/home/user/data.csv'],
    ['~', '/home/user/data.csv'],
    ['/tmp', '/tmp/data.csv'],
    ['/tmp/new/folder/', '/tmp/new/folder/data.csv'],
    ['/home/user/deep/er/table.txt', '/home/user/deep/er/table.txt'],
    ['~/a b/../ü\\xff', '/home/user/ü\\xff'],
    ['/var/tmp/x', '/tmp/x'],
  ] as const) {
    it(`copies to ${path ?? 'the home'} and says where`, async () => {
      const { content } = await upload(path);
      assert.equal(content, `Uploaded data.csv (8 B). Its path in the sandbox: ${there}`);
      const { output } = await made().test.command(`cat $'${there}'`, made().id);
      assert.equal(output, 'a,b\n1,2\n');
    });
  }

  it('replaces a file, and lets the sandbox change its copy alone', async () => {
    await upload('/tmp/copy.csv');
    await made().test.command('echo more >> /tmp/copy.csv', made().id);
    assert.equal(await readFile(join(made().test.workspace, 'data.csv'), 'utf8'), 'a,b\n1,2\n');
    await upload('/tmp/copy.csv');
    assert.equal((await made().test.command('cat /tmp/copy.csv', made().id)).output, 'a,b\n1,2\n');
  });

  for (const [path, words] of [
    ['/etc/passwd', /none of the sandbox's own files, which are below \/home\/user or \/tmp/],
    ['/home/user/../../etc/x', /none of the sandbox's own files/],
    ['/home/other/x', /none of the sandbox's own files/],
    ['copy.csv', /lies in the workspace, which the sandbox shares/],
    ['/tmp/link/x', /is a link in the sandbox, which is not followed/],
    ['/tmp/data-file/x', /is a file in the sandbox/],
  ] as const) {
    it(`refuses ${path}`, async () => {
      await made().test.command('ln -sfn / /tmp/link; touch /tmp/data-file', made().id);
      await assert.rejects(upload(path), refusal(words));
    });
  }

  it('replaces a link, and does not write through it', async () => {
    const outside = join(made().test.runs, 'victim');
    await writeFile(outside, 'untouched');
    await made().test.command(`ln -sfn ${outside} /tmp/trap; ln -sfn ${outside} ~/trap`, made().id);
    await upload('/tmp/trap');
    assert.equal(await readFile(outside, 'utf8'), 'untouched');
    assert.equal((await made().test.command('cat /tmp/trap', made().id)).output, 'a,b\n1,2\n');
  });

  it('reads by the rules of the workspace', async () => {
    const { workspace } = made().test;
    await symlink('/etc/passwd', join(workspace, 'leaving'));
    await mkdir(join(workspace, 'folder'));
    await assert.rejects(upload('/tmp', 'leaving'), refusal(/leaves the workspace/));
    await assert.rejects(upload('/tmp', '../x'), refusal(/outside the workspace/));
    await assert.rejects(upload('/tmp', 'folder'), refusal(/is a folder/));
    await assert.rejects(upload('/tmp', 'nothing'), refusal(/does not exist/));
  });

  for (const id of ['default', 'sandbox1', '', 'none']) {
    it(`says why the placeholder "${id}" is no place`, async () => {
      const args = { sandbox_id: id, local_file_path: 'data.csv' };
      await assert.rejects(callTool(made().upload, args), refusal(/stands for no sandbox.*create_sandbox/));
    });
  }

  it('says that a sandbox is not there', async () => {
    const args = { sandbox_id: 'sandbox-0badc0de', local_file_path: 'data.csv' };
    await assert.rejects(callTool(made().upload, args), refusal(/There is no sandbox sandbox-0badc0de/));
  });
});

describe('download_file_from_sandbox_to_local', function () {
  this.timeout(60_000);
  const made = transfers();
  const download = (path: string, local = 'result.txt') =>
    callTool(made().download, { sandbox_id: made().id, sandbox_file_path: path, local_filename: local });
  const inSandbox = (command: string) => made().test.command(command, made().id);
  const local = (name: string) => readFile(join(made().test.workspace, name), 'utf8');

  it('copies a file, and says which was touched', async () => {
    await inSandbox('echo made > ~/result; echo temporary > "/tmp/a b"');
    const created = await download('/home/user/result', 'new/folder/result.txt');
    assert.equal(created.content, 'Created new/folder/result.txt (5 B) with /home/user/result of the sandbox.');
    assert.deepEqual(created.touched, [join(await realpath(made().test.workspace), 'new/folder/result.txt')]);
    assert.equal(await local('new/folder/result.txt'), 'made\n');
    assert.match((await download('/tmp/a b', 'new/folder/result.txt')).content, /^Replaced /);
    assert.equal(await local('new/folder/result.txt'), 'temporary\n');
    await download('~/result');
    assert.equal(await local('result.txt'), 'made\n');
  });

  it('finds names of odd bytes as they are shown', async () => {
    await inSandbox(`printf odd > "/tmp/$(printf 'x\\377\\ny')"`);
    await download('/tmp/x\\xff\\x0ay', 'odd.txt');
    assert.equal(await local('odd.txt'), 'odd');
  });

  for (const [path, words] of [
    ['/tmp/link', /is a link in the sandbox, which is not followed/],
    ['/tmp/linked-folder/shadow', /is a link in the sandbox, which is not followed/],
    ['/tmp/folder', /is a folder in the sandbox; only files are copied/],
    ['/home/user', /is a folder in the sandbox/],
    ['/tmp/pipe', /is a device, a socket or a pipe/],
    ['/tmp/huge', /is too large \(10\d GB\)|is too large \(\d+/],
    ['/tmp/nothing', /does not exist/],
    ['/tmp/no/thing', /is not there in the sandbox/],
    ['/etc/shadow', /none of the sandbox's own files/],
    ['/tmp/../etc/shadow', /none of the sandbox's own files/],
    ['/proc/self/root/tmp/x', /none of the sandbox's own files/],
    ['data.csv', /lies in the workspace/],
    ['/tmp/a\0b', /null character/],
  ] as const) {
    it(`refuses ${JSON.stringify(path)}`, async () => {
      await inSandbox(
        'cd /tmp; ln -sfn /etc/shadow link; ln -sfn /etc linked-folder; mkdir -p folder; [ -p pipe ] || mkfifo pipe; truncate -s 5G huge',
      );
      await assert.rejects(download(path), refusal(words));
    });
  }

  for (const [name, words] of [
    ['.git/hooks/post-checkout', /is protected/],
    ['.vscode/tasks.json', /is protected/],
    ['../outside', /outside the workspace/],
    ['/etc/cron.d/x', /outside the workspace/],
    ['folder/', /ends with a slash/],
    ['linked', /is a link/],
  ] as const) {
    it(`writes no ${name}`, async () => {
      await inSandbox('echo x > /tmp/x');
      await symlink('data.csv', join(made().test.workspace, 'linked')).catch(() => undefined);
      await assert.rejects(download('/tmp/x', name), refusal(words));
    });
  }

  it('never follows what a process puts in the way meanwhile', async () => {
    const secret = join(made().test.runs, 'secret');
    await writeFile(secret, 'SECRET');
    const swap = `mkdir -p /tmp/d /tmp/real && echo mine > /tmp/d/f && echo mine > /tmp/real/secret && echo ready
while :; do ln -sfn ${secret} /tmp/d/l; mv -T /tmp/d/l /tmp/d/f; echo mine > /tmp/d/g; mv -T /tmp/d/g /tmp/d/f; mv -T /tmp/e /tmp/ee 2>/dev/null; ln -sfn ${made().test.runs} /tmp/e; rm /tmp/e; mv -T /tmp/real /tmp/e; mv -T /tmp/e /tmp/real; done`;
    const stop = new AbortController();
    const { shell } = made().test;
    const request = { command: swap, sandboxId: made().id, callId: 'swap', unconfined: false };
    const running = shell.runCommand(request, stop.signal).catch(() => undefined);
    await outputHolds(shell, 'ready');
    let taken = 0;
    try {
      for (let round = 0; round < 300; round++) {
        for (const path of ['/tmp/d/f', '/tmp/e/secret']) {
          const outcome = await download(path, 'raced.txt').then(
            () => true,
            (error: unknown) => assert.ok(error instanceof ToolError, String(error)),
          );
          if (outcome !== true) continue;
          taken++;
          assert.doesNotMatch(await local('raced.txt'), /SECRET/);
        }
      }
    } finally {
      stop.abort();
      await running;
    }
    assert.ok(taken > 0);
  });

  it('takes a large file whole', async () => {
    await inSandbox('head -c 30000000 /dev/urandom > /tmp/large; sha256sum /tmp/large > /tmp/sum');
    await download('/tmp/large', 'large.bin');
    assert.equal((await stat(join(made().test.workspace, 'large.bin'))).size, 30_000_000);
    const { output } = await inSandbox('sha256sum < large.bin | cut -c1-64; cut -c1-64 /tmp/sum');
    const [here, there] = output.trim().split('\n');
    assert.equal(here, there);
  });

  it('concerns a sandbox that lives, and writes where an upload only reads', async () => {
    await assert.rejects(
      callTool(made().download, { sandbox_id: 'none', sandbox_file_path: '/tmp/x', local_filename: 'y' }),
      refusal(/stands for no sandbox/),
    );
    assert.equal(made().upload.effect, 'read');
    assert.equal(made().download.effect, 'write');
  });
});

describe('a sandbox whose workspace is an overlay', () => {
  it('gives the files that it changed, and those alone', async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'mirothinker-overlay-')));
    try {
      const [home, temporary, upper, root] = ['home', 'tmp', 'upper', 'root'].map((name) => join(folder, name));
      assert.ok(home && temporary && upper && root);
      for (const each of [home, temporary, upper, root]) await mkdir(each);
      await writeFile(join(upper, 'changed.txt'), 'changed in the sandbox');
      await writeFile(join(root, 'same.txt'), 'the same');
      const folders = [
        { inside: '/home/user', outside: home },
        { inside: '/tmp', outside: temporary },
        { inside: root, outside: upper },
      ];
      const take = (path: string) => takeFile({ folders, roots: [root] }, path, 1_000, noSignal);
      for (const path of ['changed.txt', join(root, 'changed.txt')]) {
        assert.equal(Buffer.from((await take(path)).bytes).toString(), 'changed in the sandbox');
      }
      await assert.rejects(take('same.txt'), refusal(/does not exist/));
      const put = putFile({ folders, roots: [root] }, 'new.txt', 'new.txt', async () => undefined);
      await assert.rejects(put, refusal(/lies in the workspace/));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
