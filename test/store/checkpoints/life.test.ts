/** A run's checkpoints over its life: turns, whose changes are whose, resuming, crashes, failures and forks. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../../src/agent/errors.ts';
import { checkpointReader } from '../../../src/store/checkpoints/reader.ts';
import { commitAll, keptWorkspace, lines, made, runId, type KeptWorkspace } from './fixture.ts';

const never = new AbortController().signal;
const baseline = { runId, number: 0 };
const source = join(import.meta.dirname, '../../../src/store/checkpoints');

describe('checkpoints over the life of a run', () => {
  let workspace: KeptWorkspace;
  beforeEach(async () => {
    workspace = await keptWorkspace({ 'a.txt': 'one\n', 'b.txt': 'b\n' });
  });
  afterEach(() => workspace.remove());

  it('let one write at a time, and give the turn back when a call is stopped', async () => {
    const { open, write, facts } = workspace;
    const checkpoints = open();
    const order: string[] = [];
    await checkpoints.before(never);
    const stop = new AbortController();
    const stopped = checkpoints.before(stop.signal).catch((error: unknown) => order.push(String(error)));
    const second = checkpoints.before(never).then(() => order.push('second'));
    const restored = checkpoints.restore({ to: baseline, turn: 1 }, never).then(() => order.push('restored'));
    stop.abort('stopped');
    await stopped;
    order.push('first ends');
    await write({ 'a.txt': 'first\n' });
    checkpoints.after({ callId: '1-1', turn: 1, touched: [join(workspace.path, 'a.txt')] });
    await second;
    await write({ 'b.txt': 'second\n' });
    checkpoints.after({ callId: '2-1', turn: 2 });
    await restored;
    assert.deepEqual(order, ['stopped', 'first ends', 'second', 'restored']);
    await checkpoints.settled();
    const told = facts.map((fact) => [made(fact).kind, made(fact).callId, made(fact).turn, ...lines(fact)]);
    assert.deepEqual(told, [
      ['baseline', undefined, 0],
      ['call', '1-1', 1, 'modified a.txt +1 -1'],
      ['call', '2-1', 2, 'modified b.txt +1 -1'],
      ['restore', undefined, 2, 'modified a.txt +1 -1', 'modified b.txt +1 -1'],
    ]);
  });

  it('say nothing of a call that changed nothing', async () => {
    const { open, call, write, facts } = workspace;
    const checkpoints = open();
    assert.equal(await call(checkpoints, async () => undefined), undefined);
    assert.equal(await call(checkpoints, () => write({ 'a.txt': 'one\n' }), ['a.txt']), undefined);
    assert.equal(await call(checkpoints, () => write({ '../beside.txt': 'x' }), ['../beside.txt']), undefined);
    assert.equal(facts.length, 1);
  });

  it('tell what a person saved from what a call did', async () => {
    const { open, call, write, facts, path } = workspace;
    const checkpoints = open();
    await checkpoints.before(never);
    checkpoints.after({ callId: '1-1', turn: 1, touched: [] });
    await write({ 'a.txt': 'by the person\n' });
    checkpoints.keepPersons([join(path, 'a.txt')]);
    await call(checkpoints, () => write({ 'b.txt': 'by the call\n' }));
    const told = facts.map((fact) => [made(fact).kind, ...lines(fact)]);
    assert.deepEqual(told, [['baseline'], ['person', 'modified a.txt +1 -1'], ['call', 'modified b.txt +1 -1']]);
  });

  it('go on where the run was left, with what changed meanwhile as the person’s', async () => {
    const { open, call, write, facts, reader } = workspace;
    const first = open();
    await call(first, () => write({ 'a.txt': 'two\n' }));
    await first.dispose();
    await write({ 'b.txt': 'meanwhile\n' });
    const second = open({ firstNumber: 2, previous: { checkpoint: { runId, number: 1 }, turn: 1 } });
    await call(second, () => write({ 'a.txt': 'three\n' }), ['a.txt']);
    const told = facts.map((fact) => [made(fact).kind, made(fact).checkpoint.number, ...lines(fact)]);
    assert.deepEqual(told, [
      ['baseline', 0],
      ['call', 1, 'modified a.txt +1 -1'],
      ['person', 2, 'modified b.txt +1 -1'],
      ['call', 3, 'modified a.txt +1 -1'],
    ]);
    assert.equal((await reader.changes(baseline, { runId, number: 3 })).length, 2);
  });

  it('begin anew when a resumed run’s folder is gone, and say that older ones are', async () => {
    const { open, call, write, facts, runsFolder, reader } = workspace;
    const first = open();
    await call(first, () => write({ 'a.txt': 'two\n' }));
    await first.dispose();
    await rm(join(runsFolder, runId, 'checkpoints'), { recursive: true });
    await assert.rejects(reader.changes(baseline, 'now'), UserError);
    const second = open({ firstNumber: 2, previous: { checkpoint: { runId, number: 1 }, turn: 1 } });
    await second.settled();
    assert.deepEqual([made(facts[2]).kind, made(facts[2]).checkpoint.number], ['baseline', 2]);
    await assert.rejects(second.restore({ to: baseline, turn: 1 }, never), /is not kept any more/);
  });

  it('restore and read what a parent run kept', async () => {
    const { open, call, write, read, reader } = workspace;
    const parent = open();
    await call(parent, () => write({ 'a.txt': 'two\n' }));
    await parent.dispose();
    const forkId = '20260101-000000-bbbbbb';
    const fork = open({ runId: forkId, firstNumber: 2, previous: { checkpoint: { runId, number: 1 }, turn: 1 } });
    await call(fork, () => write({ 'a.txt': 'three\n', 'new.txt': 'n\n' }));
    assert.deepEqual(await reader.changes({ runId, number: 1 }, { runId: forkId, number: 3 }), [
      { path: 'a.txt', change: 'modified', added: 1, removed: 1 },
      { path: 'new.txt', change: 'added', added: 1, removed: 0 },
    ]);
    await fork.restore({ to: baseline, turn: 3 }, never);
    assert.deepEqual([await read('a.txt'), await read('new.txt')], ['one\n', undefined]);
    await rm(join(workspace.runsFolder, runId), { recursive: true });
    assert.deepEqual(await reader.changes({ runId: forkId, number: 4 }, 'now'), []);
  });

  it('trust no reference: runs and numbers that cannot be, paths that lead outside', async () => {
    const { open, reader } = workspace;
    const checkpoints = open();
    await checkpoints.settled();
    for (const ref of [
      { runId: '../../etc', number: 0 },
      { runId: '20260101-000000-aaaaaa/..', number: 0 },
      { runId, number: -1 },
      { runId, number: 0.5 },
      { runId: '20260101-000000-cccccc', number: 0 },
    ]) {
      await assert.rejects(reader.changes(ref, 'now'), UserError);
      await assert.rejects(checkpoints.restore({ to: ref, turn: 0 }, never), UserError);
    }
    for (const path of ['../runs', '/etc/passwd', '', '.', 'a.txt/..', ':(glob)*', '--help'])
      assert.equal(await reader.contents(baseline, path), undefined);
  });

  it('say in words that what was kept is damaged', async () => {
    const { open, call, write, runsFolder, reader } = workspace;
    const checkpoints = open();
    await call(checkpoints, () => write({ 'a.txt': 'two\n' }));
    await checkpoints.dispose();
    const objects = join(runsFolder, runId, 'checkpoints/0.git/objects');
    for (const name of await readdir(objects)) await rm(join(objects, name), { recursive: true });
    await assert.rejects(reader.contents({ runId, number: 1 }, 'a.txt'), UserError);
    await assert.rejects(reader.changes(baseline, { runId, number: 1 }), UserError);
    await assert.rejects(reader.changes(baseline, 'now'), UserError);
  });

  it('keep several folders, each named before its paths', async () => {
    const { open, path, runsFolder, facts, read } = workspace;
    const other = join(path, '..', 'other');
    await mkdir(other);
    await writeFile(join(other, 'o.txt'), 'o\n');
    commitAll(other);
    const roots = [
      { name: 'workspace', path },
      { name: 'other', path: other },
    ];
    const checkpoints = open({ roots });
    await checkpoints.before(never);
    await writeFile(join(path, 'a.txt'), 'two\n');
    await writeFile(join(other, 'o.txt'), 'p\n');
    checkpoints.after({ callId: '1-1', turn: 1, touched: [join(path, 'a.txt'), join(other, 'o.txt')] });
    await checkpoints.settled();
    assert.deepEqual(lines(facts.at(-1)), ['modified workspace/a.txt +1 -1', 'modified other/o.txt +1 -1']);
    const reader = checkpointReader({ runsFolder, roots });
    assert.equal(new TextDecoder().decode(await reader.contents(baseline, 'other/o.txt')), 'o\n');
    await checkpoints.restore({ to: baseline, only: ['workspace/a.txt'], turn: 1 }, never);
    assert.equal(await read('a.txt'), 'one\n');
    assert.deepEqual(await reader.changes(baseline, 'now'), [
      { path: 'other/o.txt', change: 'modified', added: 1, removed: 1 },
    ]);
  });

  it('keep nothing of runs that are kept in the workspace', async () => {
    const { open, call, write, path } = workspace;
    const checkpoints = open({ runsFolder: join(path, 'my runs [x]') });
    const fact = await call(checkpoints, () => write({ 'a.txt': 'two\n' }));
    assert.deepEqual(lines(fact), ['modified a.txt +1 -1']);
  });

  it('go on without where there is no git, and say it once', async () => {
    const { open, call, write, facts } = workspace;
    const before = process.env['PATH'];
    process.env['PATH'] = workspace.path;
    try {
      const checkpoints = open();
      await call(checkpoints, () => write({ 'a.txt': 'two\n' }));
      await call(checkpoints, () => write({ 'a.txt': 'three\n' }), ['a.txt']);
      assert.deepEqual(facts, [
        {
          type: 'checkpoint.failed',
          reason: 'git was not found. Install git, so that what a run changes can be undone.',
        },
      ]);
      await assert.rejects(checkpoints.restore({ to: baseline, turn: 1 }, never), UserError);
    } finally {
      process.env['PATH'] = before;
    }
  });

  it('go on after a crash at any moment', async function () {
    this.timeout(120_000);
    const { path, runsFolder, open, call, write, facts, reader } = workspace;
    commitAll(path);
    const program = `
      import { writeFileSync } from 'node:fs';
      import { openCheckpoints } from '${source}/openCheckpoints.ts';
      const options = ${JSON.stringify({ runsFolder, runId, roots: [{ name: 'w', path }], limits: { maxFileBytes: 1e6, maxBytes: 1e8 } })};
      const [, first] = process.argv;
      const previous = first === '0' ? {} : { previous: { checkpoint: { runId: options.runId, number: Number(first) - 1 }, turn: 1 } };
      const checkpoints = openCheckpoints({ ...options, firstNumber: Number(first), ...previous, report: console.error });
      checkpoints.listen(async (fact) => console.log(JSON.stringify(fact)));
      for (let turn = 1; ; turn++) {
        await checkpoints.before(new AbortController().signal);
        for (let file = 0; file < 20; file++) writeFileSync('${path}/f' + file, 'turn ' + turn + ' ' + Math.random());
        checkpoints.after({ callId: turn + '-1', turn });
      }`;
    let next = 0;
    for (const facts of [0, 1, 2, 3, 1, 2]) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program, String(next)]);
      const ended = new Promise((resolve) => child.on('close', resolve));
      let said = '';
      // Killed in the middle of what follows the fact: at another step each time.
      await new Promise<void>((resolve) => {
        if (facts === 0) setTimeout(resolve, 150);
        child.on('close', () => resolve());
        child.stdout.on('data', (chunk: Buffer) => {
          said += chunk.toString();
          if (said.split('\n').length > facts && facts > 0) resolve();
        });
      });
      child.kill('SIGKILL');
      await ended;
      assert.ok(!said.includes('checkpoint.failed'), said);
      next += said.split('\n').length - 1;
    }
    const previous = { checkpoint: { runId, number: next - 1 }, turn: 1 };
    await writeFile(join(runsFolder, runId, 'checkpoints/0.git/index.lock'), '');
    const checkpoints = open({ firstNumber: next, previous });
    const fact = await call(checkpoints, () => write({ 'a.txt': 'after the crashes\n' }), ['a.txt']);
    assert.deepEqual(lines(fact), ['modified a.txt +1 -1']);
    assert.ok(facts.every((one) => one.type === 'checkpoint.made'));
    await checkpoints.restore({ to: baseline, turn: 1 }, never);
    assert.deepEqual(await reader.changes(baseline, 'now'), []);
  });

  it('say that the disk is full, and go on once there is room', async function () {
    if (spawnSync('bwrap', ['--bind', '/', '/', 'true']).status !== 0) this.skip();
    const { path, runsFolder } = workspace;
    await mkdir(runsFolder);
    await cp(join(path, 'a.txt'), join(path, 'c.txt'));
    const program = `
      import { randomBytes } from 'node:crypto';
      import { rmSync, writeFileSync } from 'node:fs';
      import { openCheckpoints } from '${source}/openCheckpoints.ts';
      const limits = { maxFileBytes: 1e8, maxBytes: 1e9 };
      const roots = [{ name: 'w', path: '${path}' }];
      const checkpoints = openCheckpoints({ runsFolder: '${runsFolder}', runId: '${runId}', roots, limits, firstNumber: 0, report: console.error });
      checkpoints.listen(async (fact) => console.log(JSON.stringify(fact)));
      const call = async (turn, act) => {
        await checkpoints.before(new AbortController().signal);
        act();
        checkpoints.after({ callId: turn + '-1', turn });
        await checkpoints.settled();
      };
      const fill = (name) => writeFileSync('${path}/' + name, randomBytes(4_000_000));
      await call(1, () => fill('a.txt'));
      await call(2, () => fill('a.txt'));
      await call(3, () => writeFileSync('${path}/a.txt', 'small'));`;
    const mounts = ['--dev-bind', '/', '/', '--size', '2000000', '--tmpfs', runsFolder];
    const child = spawnSync('bwrap', [...mounts, process.execPath, '--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    const told = child.stdout.split('\n').flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]));
    assert.deepEqual(told.slice(1, 2), [
      { type: 'checkpoint.failed', reason: 'The disk that holds the runs is full.', callId: '1-1' },
    ]);
    assert.equal(told.length, 3, child.stderr);
    assert.match(JSON.stringify(told[2]), /"kind":"call","callId":"3-1".*"path":"a.txt"/);
  });

  it('borrow nothing any more when a run ends', async () => {
    const { path, open, runsFolder, reader, write, call } = workspace;
    commitAll(path);
    const checkpoints = open();
    await call(checkpoints, () => write({ 'a.txt': 'two\n' }));
    await checkpoints.dispose();
    await rm(join(path, '.git'), { recursive: true });
    assert.equal(new TextDecoder().decode(await reader.contents(baseline, 'b.txt')), 'b\n');
    assert.ok((await stat(join(runsFolder, runId, 'checkpoints'))).isDirectory());
  });
});
