import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../src/agent/errors.ts';
import { refuseUnsafeRoots } from '../../src/sandbox/unsafeRoots.ts';

describe('refuseUnsafeRoots', () => {
  for (const root of [
    '/',
    '/home',
    '/root',
    homedir(),
    '/usr',
    '/usr/lib',
    '/usr/share/doc',
    '/etc',
    '/var',
    '/tmp',
    '/opt',
    '/proc/self',
    '/bin',
  ]) {
    it(`refuses ${root}`, () => assert.rejects(refuseUnsafeRoots([root]), UserError));
  }

  it('refuses folders of a home that hold keys, or what programs outside obey', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mirothinker-test-'));
    const refused = ['.ssh', '.aws/sso', '.config', '.config/systemd/user', '.local/bin', '.vscode-server/data'];
    const taken = ['.config/nvim', '.local/share/project', 'project', 'binaries', '.dotfiles'];
    try {
      for (const name of [...refused, ...taken]) await mkdir(join(folder, name), { recursive: true });
      for (const name of refused) {
        await assert.rejects(refuseUnsafeRoots([join(folder, name)], folder), /holds keys or settings/, name);
      }
      await refuseUnsafeRoots(
        taken.map((name) => join(folder, name)),
        folder,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('refuses a folder that contains a home, or is one by a link, and says so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mirothinker-test-'));
    try {
      await mkdir(join(folder, 'homes/me'), { recursive: true });
      await symlink('/root', join(folder, 'link'));
      await assert.rejects(
        refuseUnsafeRoots([join(folder, 'homes')], join(folder, 'homes/me')),
        /contains a home folder/,
      );
      await assert.rejects(refuseUnsafeRoots([join(folder, 'homes/me')], join(folder, 'homes/me')), /is a home folder/);
      await assert.rejects(refuseUnsafeRoots([join(folder, 'link')]), /\(\/root\) is a home folder/);
      await assert.rejects(refuseUnsafeRoots([join(folder, 'nowhere')]), /cannot be read/);
      await refuseUnsafeRoots([join(folder, 'homes/me')]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
