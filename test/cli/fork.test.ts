import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { call, scriptedServer, type ScriptedServer, type Step } from '../fakes/scriptedServer.ts';
import { commandLine, eventsOf } from './commandLine.ts';

const read = (path: string): Step => ({ content: call('workspace', 'read_file', { path }) });
const known: Step = { content: 'I know it.' };
const answer = (port: number): Step => ({ content: `\\boxed{${port}}` });

describe('mirothinker fork and answer', () => {
  let line: Awaited<ReturnType<typeof commandLine>>;
  let server: ScriptedServer;

  const serve = async (script: readonly Step[]) => {
    await server.close();
    server = await scriptedServer({ script });
    return server.baseUrl;
  };
  const ask = async (script: readonly Step[], ...words: readonly string[]) =>
    line.run(['ask', 'Which port?', '--json', '--base-url', await serve(script), ...words]);

  beforeEach(async () => {
    line = await commandLine({ 'notes.md': 'The port is 8080.\n' });
    server = await scriptedServer({ script: [] });
  });
  afterEach(async () => {
    await server.close();
    await line.remove();
  });

  it('forks from a turn with a note and other settings; the parent is only read', async () => {
    await ask([read('a'), read('notes.md'), known, answer(1)]);
    const [parent = ''] = await readdir(line.runs);
    const before = await readFile(join(line.runs, parent, 'events.jsonl'), 'utf8');
    const words = ['--turn', '1', '--note', ' Look into b. ', '--keep', '1', '--slack', '0', '--seed', '5', '--json'];
    const baseUrl = await serve([read('b'), known, answer(2)]);
    const { code, stdout, stderr } = await line.run(['fork', parent, '--base-url', baseUrl, ...words]);
    assert.equal(code, 0, stderr);
    const events = eventsOf(stdout);
    assert.deepEqual(
      events.map((event) => event.seq),
      events.map((_, index) => index),
    );
    const forked = events.find((event) => event.type === 'run.forked');
    assert.deepEqual(forked?.['parent'], { runId: parent, seq: 3 });
    assert.partialDeepStrictEqual(forked['settings'], { seed: 5, retention: { policy: 'recency', keep: 1, slack: 0 } });
    assert.match(server.requests[0]?.text ?? '', /A note from the person who asked: Look into b\."\}\]/);
    assert.doesNotMatch(server.requests[0]?.text ?? '', /notes\.md/, 'turn 2 is not in the fork');
    assert.equal(events.find((event) => event.type === 'answer.given')?.['boxed'], '2');
    assert.equal(await readFile(join(line.runs, parent, 'events.jsonl'), 'utf8'), before);
    const fork = String(forked['runId']);
    assert.deepEqual((await readdir(line.runs)).toSorted(), [parent, fork].toSorted());
    assert.deepEqual(eventsOf((await line.run(['show', fork, '--json'])).stdout), events);
    const listed = new RegExp(`^${fork} .*Which port\\? {2}\\(fork of ${parent}\\)$`, 'm');
    assert.match((await line.run(['runs'])).stdout, listed);
    assert.match((await line.run(['show', fork, '--turn', '1'])).stdout, /"path": "a"/);
    const prompt = (await line.run(['show', fork, '--turn', '2', '--prompt'])).stdout.trimEnd();
    assert.ok(server.requests[0]?.text.includes(`"messages":${prompt},"`), 'the prompt of a turn in a fork');
  });

  it('forks from the newest turn without --turn, and from the question alone with --turn 0', async () => {
    await ask([read('a'), known, answer(1)]);
    const [parent = ''] = await readdir(line.runs);
    const newest = await line.run([
      'fork',
      parent,
      '--base-url',
      await serve([read('b'), known, answer(2)]),
      '--note',
      'Check it.',
    ]);
    assert.equal(newest.code, 0, newest.stderr);
    assert.equal(newest.stdout, '2\n');
    assert.match(newest.stderr, new RegExp(`fork of ${parent}`));
    assert.match(server.requests[0]?.text ?? '', /I know it\..*A note from the person who asked: Check it\./);
    const anew = await line.run(['fork', parent, '--base-url', await serve([known, answer(3)]), '--turn', '0']);
    assert.equal(anew.stdout, '3\n');
    assert.doesNotMatch(server.requests[0]?.text ?? '', /assistant/);
    const nowhere = await line.run(['fork', parent, '--turn', '9']);
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.stderr, /no turn 9 to fork from; it has turns 0 to 3/);
  });

  it('answers a run that was stopped, from what there is', async () => {
    await serve([read('notes.md'), { hang: 'prefill' }, answer(8080)]);
    const started = line.start(['ask', 'Which port?', '--json', '--base-url', server.baseUrl]);
    await (
      await server.request(1)
    ).hanging;
    started.kill('SIGKILL');
    await started.finished;
    const { code, stdout, stderr } = await line.run(['answer', 'last', '--answer', 'short']);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, '8080\n');
    assert.match(stderr, /You wanted the answer/);
    assert.match(server.requests[2]?.text ?? '', /The port is 8080/);
    const again = await line.run(['answer', 'last']);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /has its answer already/);
  });

  it('says where to ask for the answer of a run that somebody else runs', async () => {
    const folder = join(line.runs, '20260101-000000-aaaaaa');
    await mkdir(folder, { recursive: true });
    const holder = { pid: process.pid, host: hostname(), heartbeat: Date.now(), owner: 'x' };
    await writeFile(join(folder, 'lock'), JSON.stringify(holder));
    const { code, stderr } = await line.run(['answer', 'last']);
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`running in another window or command \\(process ${process.pid} .*/answer`));
  });
});
