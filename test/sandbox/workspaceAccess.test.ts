import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../src/agent/errors.ts';
import { bwrapArguments, type View } from '../../src/sandbox/bwrapArguments.ts';
import { probeConfinement } from '../../src/sandbox/confinement.ts';
import { hasOverlay, makeOverlays, overlaysOf, refuseMissingOverlay } from '../../src/sandbox/overlay.ts';
import { makeSandbox, noSignal, type TestSandbox } from './sandbox.ts';

describe('a read-only workspace', () => {
  let test: TestSandbox;
  before(async () => {
    test = await makeSandbox({ workspace: 'read-only' });
    await writeFile(join(test.workspace, 'file'), 'as it was');
    await mkdir(join(test.workspace, '.git'));
  });
  after(() => test.dispose());

  it('is read, and not written by any route', async () => {
    const { output, notes } = await test.command(
      'cat file; echo; echo x > file; echo x > new; rm file; mv file other; mkdir folder; ln file link; chmod 777 file; ls -A1',
    );
    assert.match(output, /^as it was/);
    assert.equal(output.split('Read-only file system').length - 1, 7);
    assert.match(output, /\.git\r?\nfile\r?\n$/);
    assert.deepEqual(await readdir(test.workspace), ['.git', 'file']);
    assert.equal(await readFile(join(test.workspace, 'file'), 'utf8'), 'as it was');
    assert.match(notes.join(), /The workspace is read-only in this run/);
  });

  it('is not written by Python', async () => {
    const { error, notes } = await test.python('open("new", "w")');
    assert.match(error ?? '', /Read-only file system/);
    assert.match(notes.join(), /The workspace is read-only in this run/);
  });

  it('leaves home and /tmp writable, and no stand-ins', async () => {
    const { output } = await test.command('echo home > ~/x; echo temporary > /tmp/x; cat ~/x /tmp/x; ls -A1');
    assert.equal(output, 'home\ntemporary\n.git\nfile\n');
  });
});

describe('an overlay', () => {
  const folders = {
    home: '/state/sandbox-1/home',
    temporary: '/state/sandbox-1/tmp',
    launches: '/state/sandbox-1/launches',
  };
  const view: View = {
    system: { mounts: ['--ro-bind', '/usr', '/usr'], visible: ['/usr'] },
    homes: [],
    roots: ['/w/one', '/w/two'],
    workspace: 'overlay',
    overlays: overlaysOf(folders, ['/w/one', '/w/two']),
    links: [],
    readOnlyPaths: [],
    ...folders,
    etc: [],
    pinned: [],
    kept: ['/w/one/.git'],
    absent: ['/w/one/.vscode'],
    emptyFolder: '/state/empty',
    hidden: [],
    network: 'off',
    extra: [],
    filter: undefined,
    status: undefined,
    cwd: '/w/one',
  };
  const text = (changes: Partial<View> = {}) => bwrapArguments({ ...view, ...changes }).join(' ');

  it('shows each root below folders of the sandbox, and keeps protected paths above that', () => {
    const said = text();
    const first =
      '--overlay-src /w/one --overlay /state/sandbox-1/overlay/0/upper /state/sandbox-1/overlay/0/work /w/one';
    assert.ok(said.includes(first), said);
    assert.ok(said.includes('--overlay-src /w/two --overlay /state/sandbox-1/overlay/1/upper'), said);
    assert.ok(said.indexOf('--ro-bind-try /w/one/.git') > said.indexOf(first));
    assert.ok(said.indexOf('--ro-bind /state/empty /w/one/.vscode') > said.indexOf(first));
    assert.ok(!said.includes('--bind /w/one'));
  });

  it('writes nothing where it was not made', () => {
    assert.ok(text({ overlays: [] }).includes('--ro-bind /w/one /w/one'));
  });

  it('has folders of its sandbox', async () => {
    const test = await makeSandbox();
    try {
      const own = {
        home: join(test.runs, 'home'),
        temporary: join(test.runs, 'tmp'),
        launches: join(test.runs, 'launches'),
      };
      await makeOverlays(own, [test.workspace]);
      const [overlay] = overlaysOf(own, [test.workspace]);
      assert.ok(overlay && (await stat(overlay.upper)).isDirectory() && (await stat(overlay.work)).isDirectory());
    } finally {
      await test.dispose();
    }
  });

  it('needs bubblewrap 0.11', () => {
    assert.deepEqual(['', '0.8.0', '0.10.9', '0.11.0', '0.12', '1.0.0'].map(hasOverlay), [
      ...[false, false, false],
      ...[true, true, true],
    ]);
  });

  it('is refused with what is here, what is needed and what else there is', async function () {
    const confinement = await probeConfinement();
    assert.ok(confinement.kind === 'works');
    if (hasOverlay(confinement.version)) this.skip();
    assert.throws(
      () => refuseMissingOverlay('overlay', confinement),
      (error: unknown) =>
        error instanceof UserError &&
        error.message.includes(`bubblewrap 0.11 or newer; here is ${confinement.version}`) &&
        error.message.includes('choose read-only or read-write'),
    );
    const test = await makeSandbox({ workspace: 'overlay' });
    try {
      await assert.rejects(test.command('true'), /needs bubblewrap 0\.11 or newer/);
    } finally {
      await test.dispose();
    }
  });

  it('keeps what a command writes apart, where bubblewrap can', async function () {
    const confinement = await probeConfinement();
    if (confinement.kind !== 'works' || !hasOverlay(confinement.version)) this.skip();
    const test = await makeSandbox({ workspace: 'overlay' });
    try {
      const id = await test.shell.create(60_000);
      await test.command('echo x > new', id);
      assert.equal((await test.command('cat new', id)).output, 'x\n');
      assert.deepEqual(await readdir(test.workspace), []);
    } finally {
      await test.dispose();
    }
  });
});

describe('the files that a command makes', () => {
  it('belong outside to who runs the extension', async () => {
    const test = await makeSandbox();
    try {
      const { output } = await test.command('touch file; id -u; stat -c %u file');
      assert.equal(output, '1000\n1000\n');
      const { uid, gid } = await stat(join(test.workspace, 'file'));
      assert.deepEqual([uid, gid], [process.getuid?.(), process.getgid?.()]);
      const shell = await test.another({ workspace: 'read-write' });
      await shell.runCommand({ command: 'rm file', callId: 'own', unconfined: false }, noSignal);
      assert.deepEqual(await readdir(test.workspace), []);
    } finally {
      await test.dispose();
    }
  });
});
