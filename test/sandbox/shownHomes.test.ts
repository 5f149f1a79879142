import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shownHomes } from '../../src/sandbox/shownHomes.ts';
import { makeSandbox } from './sandbox.ts';

describe('shownHomes', () => {
  let base: string;
  beforeEach(async () => (base = await realpath(await mkdtemp(join(tmpdir(), 'mirothinker-test-')))));
  afterEach(() => rm(base, { recursive: true }));

  it('finds the homes of people below visible folders, without links, and no others', async () => {
    for (const name of ['opt/me', 'opt/ada', 'opt/daemon', 'data/bob'])
      await mkdir(join(base, name), { recursive: true });
    await symlink(join(base, 'opt/ada'), join(base, 'data/ada'));
    const users = ['ada:x:1001:1001::/data/ada:', 'bob:x:1002:1::/data/bob:', 'sys:x:7:7::/opt/daemon:', 'no', ''];
    const passwd = join(base, 'passwd');
    await writeFile(passwd, users.join('\n').replaceAll(':/', `:${base}/`));
    const found = await shownHomes([join(base, 'opt')], join(base, 'opt/me'), passwd);
    assert.deepEqual(found, [join(base, 'opt/me'), join(base, 'opt/ada')]);
  });

  it('covers no folder of the system', async () => {
    assert.deepEqual(await shownHomes(['/usr'], '/usr/local', join(base, 'none')), []);
    assert.deepEqual(await shownHomes(['/usr'], '/usr', join(base, 'none')), []);
  });

  it('hides a home below /opt from a sandbox, but not a workspace and a toolchain in it', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const home = await mkdtemp('/opt/mirothinker-test-');
    const [project, link] = [join(home, 'project'), join(base, 'home')];
    try {
      await symlink(home, link);
      for (const name of ['project', '.ssh', '.tools/bin']) await mkdir(join(home, name), { recursive: true });
      await writeFile(join(home, '.ssh/key'), 'secret');
      await writeFile(join(home, '.tools/bin/tool'), '#!/bin/sh\necho from the toolchain\n', { mode: 0o755 });
      const host = { ...process.env, HOME: link };
      const test = await makeSandbox({ host, roots: [project], readOnlyPaths: ['~/.tools'] });
      try {
        const { output } = await test.command(
          `ls -A1 ${home}; cat ${home}/.ssh/key; ${home}/.tools/bin/tool; echo made > file; cat ${project}/file`,
        );
        assert.match(output, /^\.tools\nproject\ncat: .*No such file.*\nfrom the toolchain\nmade\n$/);
        assert.match((await test.python(`print(open("${home}/.ssh/key").read())`)).error ?? '', /FileNotFoundError/);
      } finally {
        await test.dispose();
      }
    } finally {
      await rm(home, { recursive: true });
    }
  });
});
