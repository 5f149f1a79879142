import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { probeConfinement } from '../../src/sandbox/confinement.ts';
import { makeSandbox, type TestSandbox } from './sandbox.ts';

describe('probeConfinement', () => {
  it('finds out that bubblewrap works', async () => {
    const confinement = await probeConfinement();
    assert.equal(confinement.kind, 'works');
  });

  it('says how to install it when it is not on PATH', async () => {
    const confinement = await probeConfinement({ PATH: '/nowhere' });
    assert.equal(confinement.kind, 'missing');
    assert.match(confinement.remedy, /apt install bubblewrap/);
  });

  it('tells a bubblewrap that may not confine from a missing one, with its own words', async () => {
    const test = await makeSandbox();
    try {
      const script = '#!/bin/sh\necho "bwrap: setting up uid map: Permission denied" >&2\nexit 1\n';
      await writeFile(join(test.workspace, 'bwrap'), script, { mode: 0o755 });
      const confinement = await probeConfinement({ PATH: test.workspace });
      assert.equal(confinement.kind, 'blocked');
      assert.match(confinement.message, /setting up uid map: Permission denied/);
      assert.match(confinement.remedy, /each command asks/);
    } finally {
      await test.dispose();
    }
  });
});

describe('a confined command', () => {
  let test: TestSandbox;
  before(async () => {
    process.env['MIROTHINKER_API_KEY'] = 'secret-of-the-person';
    test = await makeSandbox();
  });
  after(async () => {
    delete process.env['MIROTHINKER_API_KEY'];
    await test.dispose();
  });

  it('starts in the workspace, under /tmp too, and writes there', async () => {
    const result = await test.command('pwd; echo hello > written.txt');
    assert.equal(result.output, `${test.workspace}\n`);
    assert.equal(result.exitCode, 0);
    assert.deepEqual(await readdir(test.workspace), ['written.txt']);
  });

  it('sees no home and no runs folder', async () => {
    const result = await test.command(`ls -A ${homedir()} /root /home ${test.runs} /tmp`);
    assert.doesNotMatch(result.output, /\.ssh|\.bashrc|\.config|\.sandbox|runs$/m);
    assert.match(result.output, /cannot access '\/root'/);
    assert.match(result.output, new RegExp(`cannot access '${test.runs}'`));
    assert.match(result.output, /\/home:\nuser/);
  });

  for (const path of [
    '/usr/bin/x',
    '/etc/x',
    '/etc/passwd',
    '/x',
    '/opt/x',
    '/dev/x',
    '/proc/sys/kernel/hostname',
    '/proc/sysrq-trigger',
  ]) {
    it(`cannot write ${path}`, async () => {
      const result = await test.command(`echo x > ${path} || exit 7`);
      assert.equal(result.exitCode, 7);
    });
  }

  it('cannot read keys and password hashes', async () => {
    const result = await test.command('cat /etc/shadow /etc/ssh/* /etc/ssl/private/*; ls /etc');
    assert.doesNotMatch(result.output, /root:[$*!]|PRIVATE KEY|^shadow/m);
  });

  it('reaches no network, not even this machine', async () => {
    const server = createServer((_request, response) => response.end('reached')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    try {
      const reach = `exec 3<>/dev/tcp/127.0.0.1/${port} && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3`;
      const off = await test.command(reach);
      assert.notEqual(off.exitCode, 0);
      assert.match(off.output, /refused|unreachable/i);
      const open = await test.another({ network: 'on' });
      const signal = new AbortController().signal;
      const on = await open.runCommand({ command: reach, callId: 'on', unconfined: false }, signal);
      assert.match(on.output, /reached/);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('has no secret in its environment, nor in that of any process it sees', async () => {
    const result = await test.command('env; cat /proc/*/environ | tr "\\0" "\\n"');
    assert.doesNotMatch(result.output, /secret-of-the-person|MIROTHINKER/);
    assert.match(result.output, /^PAGER=cat$/m);
    assert.match(result.output, /^GIT_PAGER=cat$/m);
    assert.match(result.output, /^GIT_TERMINAL_PROMPT=0$/m);
    assert.match(result.output, /^COLUMNS=200$/m);
  });

  it('sees no process but its own', async () => {
    const result = await test.command('ls -d /proc/[0-9]* | wc -l');
    assert.ok(Number(result.output) < 8, result.output);
  });

  it('reads the paths of the setting, and cannot write them', async () => {
    const shown = join(test.runs, '..', 'shown');
    await mkdir(shown);
    await writeFile(join(shown, 'note'), 'readable');
    const shell = await test.another({ readOnlyPaths: [shown] });
    const command = `cat ${shown}/note; echo x > ${shown}/other || exit 7`;
    const result = await shell.runCommand({ command, callId: 'r', unconfined: false }, new AbortController().signal);
    assert.match(result.output, /^readable/);
    assert.equal(result.exitCode, 7);
  });

  it('keeps a home for as long as its sandbox lives', async () => {
    const id = await test.shell.create(60_000);
    await test.command('echo kept > ~/note; echo too > /tmp/note', id);
    assert.equal((await test.command('cat ~/note /tmp/note', id)).output, 'kept\ntoo\n');
    assert.equal((await test.command('cat ~/note /tmp/note')).exitCode, 1);
  });

  it('works in a workspace below a home, of which it sees nothing else', async () => {
    const root = join(homedir(), `.mirothinker-test-${process.pid}`);
    await mkdir(root);
    const inHome = await makeSandbox({ roots: [root] });
    try {
      const result = await inHome.command(`pwd; ls -A ${homedir()}; echo x > file`);
      assert.equal(result.output, `${root}\n.mirothinker-test-${process.pid}\n`);
      assert.deepEqual(await readdir(root), ['file']);
    } finally {
      await inHome.dispose();
      await rm(root, { recursive: true });
    }
  });

  for (const parent of ['/opt', '/usr/local', '/srv', '/var']) {
    it(`works in a workspace below ${parent}, beside which nothing is written`, async function () {
      const base = join(parent, `mirothinker-test-${process.pid}`);
      const root = join(base, 'work space');
      const made = await mkdir(root, { recursive: true }).then(
        () => true,
        () => false,
      );
      if (!made) this.skip();
      await writeFile(join(base, 'beside'), 'as it was');
      const there = await makeSandbox({ roots: [root] });
      try {
        const { output } = await there.command('pwd; echo x > file; echo x > ../beside; echo x > ../new; ls -A1');
        assert.ok(output.startsWith(`${root}\n`), output);
        assert.match(output, /\.\.\/beside: (?:Read-only file system|No such file)/);
        assert.match(output, /\.\.\/new: Read-only file system/);
        assert.deepEqual(await readdir(base), ['beside', 'work space']);
        assert.deepEqual(await readdir(root), ['file']);
        assert.equal(await readFile(join(base, 'beside'), 'utf8'), 'as it was');
      } finally {
        await there.dispose();
        await rm(base, { recursive: true });
      }
    });
  }
});
