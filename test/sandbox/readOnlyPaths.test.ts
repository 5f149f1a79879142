import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../src/agent/errors.ts';
import { readOnlyPaths } from '../../src/sandbox/readOnlyPaths.ts';
import { makeSandbox, noSignal } from './sandbox.ts';

describe('readOnlyPaths', () => {
  let base: string;
  let around: { readonly home: string; readonly runsFolder: string };
  before(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'mirothinker-test-')));
    around = { home: join(base, 'me'), runsFolder: join(base, 'me/.runs') };
    await mkdir(join(base, 'me/.pyenv/bin'), { recursive: true });
    await mkdir(join(base, 'me/.runs/one'), { recursive: true });
    await mkdir(join(base, 'data'));
    await symlink(join(base, 'data'), join(base, 'me/.cargo'));
    await symlink(join(base, 'me'), join(base, 'disguised'));
  });
  after(() => rm(base, { recursive: true }));

  it('understands ~, takes links with what they name, and says what is not there', async () => {
    assert.deepEqual(await readOnlyPaths(['~/.pyenv', '~/.cargo', '~/.nvm'], around), {
      shown: [join(base, 'me/.pyenv'), join(base, 'me/.cargo'), join(base, 'data')],
      missing: ['~/.nvm'],
    });
  });

  for (const [path, why] of [
    ['~', 'a whole home'],
    ['~/', 'a whole home'],
    ['/', 'a whole home'],
    ['/root', 'a whole home'],
    ['/home/somebody', 'a whole home'],
    ['~/.runs', 'the runs folder'],
    ['~/.runs/one', 'the runs folder'],
    ['/run/docker.sock', 'never shown'],
    ['/proc/1', 'never shown'],
    ['/etc', 'far more than a toolchain'],
    ['~/.pyenv/../..', 'a whole home'],
  ] as const) {
    it(`refuses ${path}, which would show ${why}`, async () => {
      await assert.rejects(
        readOnlyPaths([path], around),
        (error: unknown) => error instanceof UserError && error.message.includes(why),
      );
    });
  }

  it('refuses a link to a home', async () => {
    await assert.rejects(readOnlyPaths([join(base, 'disguised')], around), /would show a whole home/);
  });

  it('puts the programs of a shown toolchain on PATH, and shows nothing else of the home', async () => {
    const tool = join(base, 'me/.pyenv/bin/mirothinker-tool');
    await writeFile(tool, '#!/bin/sh\necho from the toolchain\n', { mode: 0o755 });
    await writeFile(join(base, 'me/secret'), 'secret');
    const host = { ...process.env, HOME: join(base, 'me'), PATH: `${join(base, 'me/.pyenv/bin')}:/usr/bin:/bin` };
    const test = await makeSandbox({ host, readOnlyPaths: ['~/.pyenv', '~/.cargo', '~/.nvm'] });
    try {
      const { output } = await test.command(
        `mirothinker-tool; ls -A ${base} ${join(base, 'me')}; echo x > ${tool} || echo refused`,
      );
      assert.match(output, /^from the toolchain/);
      assert.match(output, /refused\r?\n$/);
      assert.doesNotMatch(output, /secret|\.runs/);
      const shell = await test.another({ readOnlyPaths: ['~'] });
      const call = { command: 'true', callId: 'home', unconfined: false };
      await assert.rejects(shell.runCommand(call, noSignal), /would show a whole home/);
    } finally {
      await test.dispose();
    }
  });
});
