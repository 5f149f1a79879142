import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../../src/sandbox/removeTree.ts';
import { makeSandbox } from './sandbox.ts';

/** Does something as an ordinary user, who is bound by the modes of folders. */
async function asOrdinary(user: number, act: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0 || !process.seteuid) return act();
  process.seteuid(user);
  try {
    await act();
  } finally {
    process.seteuid(0);
  }
}

describe('removeTree', () => {
  const user = 12_345;
  let base: string;
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'mirothinker-test-'));
    if (process.getuid?.() === 0) await chown(base, user, user);
  });
  afterEach(() => rm(base, { recursive: true }));

  it('removes folders that nobody may write, as an ordinary user, and follows no link', async () => {
    const [kept, folder] = [join(base, 'kept'), join(base, 'folder')];
    await asOrdinary(user, async () => {
      await mkdir(kept);
      await writeFile(join(kept, 'file'), 'text');
      await mkdir(join(folder, 'mod/cache/deep'), { recursive: true });
      await writeFile(join(folder, 'mod/cache/deep/file'), '');
      await symlink(kept, join(folder, 'mod/cache/link'));
      await symlink(kept, join(folder, 'link'));
      await chmod(kept, 0o555);
      for (const path of ['mod/cache/deep', 'mod/cache', 'mod', '.']) await chmod(join(folder, path), 0o555);
      await removeTree(folder);
      assert.equal(existsSync(folder), false);
      assert.equal((await stat(kept)).mode & 0o777, 0o555);
      assert.equal(await readFile(join(kept, 'file'), 'utf8'), 'text');
      await chmod(kept, 0o755);
    });
  });

  it('removes what a sandbox kept in a tree deeper than a path is long, with its shell', async () => {
    const test = await makeSandbox();
    const id = await test.shell.create(60_000);
    const made = await test.python(
      'import os\nos.chdir(os.environ["HOME"])\nfor i in range(100):\n    os.mkdir("d" * 50)\n    open("file", "w").close()\n    os.chdir("d" * 50)',
      id,
    );
    assert.equal(made.error, undefined);
    const home = await test.shell.withFolders(id, ([own]) => Promise.resolve(own?.outside ?? ''));
    assert.ok(existsSync(join(home, 'd'.repeat(50))));
    await test.dispose();
    assert.equal(existsSync(home), false);
  });
});
