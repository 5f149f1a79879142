import assert from 'node:assert/strict';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import {
  call,
  scriptedServer,
  type ScriptedServer,
  type ScriptedServerOptions,
  type Step,
} from '../fakes/scriptedServer.ts';
import { commandLine, eventsOf, run } from './commandLine.ts';

type CommandLine = Awaited<ReturnType<typeof commandLine>>;

const answer: Step = { content: 'The port is 8080 [notes.md:2].\n\n\\boxed{8080}' };
const threeCalls: readonly Step[] = [
  { content: `<think>I search.</think>\n${call('workspace', 'search_files', { pattern: 'port' })}` },
  { content: call('workspace', 'write_file', { path: 'found.txt', content: 'port 8080\n' }) },
  { content: call('tool-python', 'run_command', { command: 'cat found.txt', sandbox_id: 'none' }) },
  { content: 'I know it.' },
  answer,
];

describe('mirothinker ask', () => {
  let line: CommandLine;
  let server: ScriptedServer | undefined;

  beforeEach(async () => {
    line = await commandLine({ 'notes.md': '# Notes\nThe port is 8080.\n' });
  });

  afterEach(async () => {
    await server?.close();
    server = undefined;
    await line.remove();
  });

  const serve = async (script: readonly Step[], options: Partial<ScriptedServerOptions> = {}) => {
    server = await scriptedServer({ script, ...options });
    return server;
  };
  const ask = (...words: readonly string[]) => [
    'ask',
    'Which port?',
    '--base-url',
    server?.baseUrl ?? 'http://127.0.0.1:9/v1',
    ...words,
  ];

  it('prints the events exactly as they are in the log, after three real tool calls', async () => {
    await serve(threeCalls);
    const { code, stdout, stderr } = await line.run(ask('--json'));
    assert.equal(code, 0, stderr);
    const events = eventsOf(stdout);
    assert.deepEqual(
      events.map((event) => event.seq),
      events.map((_, index) => index),
    );
    const turn = ['model.replied', 'tool.started', 'tool.finished'];
    const end = 'model.replied answer.requested model.replied answer.given citations.checked run.ended'.split(' ');
    assert.deepEqual(
      // A checkpoint comes when it is ready.
      events.map((event) => event.type).filter((type) => type !== 'checkpoint.made'),
      ['run.started', ...turn, ...turn, ...turn, ...end],
    );
    assert.deepEqual(
      events.filter((event) => event.type === 'tool.finished').map((event) => event['outcome']),
      ['ok', 'ok', 'ok'],
    );
    const [runId] = await readdir(line.runs);
    assert.match(runId ?? '', /^\d{8}-\d{6}-[0-9a-f]{6}$/);
    assert.equal(await readFile(join(line.runs, runId ?? '', 'events.jsonl'), 'utf8'), stdout);
    assert.equal(await readFile(join(line.workspace, 'found.txt'), 'utf8'), 'port 8080\n');
    const last = events.find((event) => event.type === 'answer.given');
    assert.deepEqual([last?.['boxed'], last?.['text']], ['8080', 'The port is 8080 [notes.md:2].']);
    const command = events.findLast((event) => event.type === 'tool.finished');
    assert.match(String(command?.['content']), /port 8080/);
    const names = (await readdir(join(line.runs, runId ?? ''))).toSorted();
    assert.deepEqual(names, ['checkpoints', 'events.jsonl'], 'no lock stays behind');
  });

  it('prints the answer on stdout and the rest on stderr without --json', async () => {
    await serve(threeCalls);
    const { code, stdout, stderr } = await line.run(ask());
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^The port is 8080 \[notes\.md:2\]\.\n\n8080\n\nSources:\n.*notes\.md:2 .*partly verified/);
    assert.match(stderr, /Search/);
  });

  it('denies what asks when nobody can answer, and tells the model', async () => {
    await serve(threeCalls);
    const { code, stdout } = await line.run(ask('--json', '--auto-approve', 'none'));
    assert.equal(code, 0);
    const finished = eventsOf(stdout).filter((event) => event.type === 'tool.finished');
    assert.deepEqual(
      finished.map((event) => event['outcome']),
      ['ok', 'denied', 'denied'],
    );
    assert.match(String(finished[1]?.['content']), /nobody can answer/);
  });

  it('asks for the box only with --answer short', async () => {
    const { requests } = await serve([{ content: 'Known.' }, { content: '\\boxed{8080}' }]);
    const { stdout } = await line.run(ask('--answer', 'short'));
    assert.equal(stdout, '8080\n');
    assert.doesNotMatch(requests[1]?.text ?? '', /readable answer/);
  });

  it('ends with 2 when no answer was given', async () => {
    await serve([{ content: 'I do not know.' }], { repeatLast: true });
    assert.equal((await line.run(ask('--json'))).code, 2);
  });

  it('keeps --keep observations and sends the model, sampling and stream options that the models want', async () => {
    const { requests } = await serve(threeCalls);
    await line.run(ask('--json', '--keep', '1', '--slack', '0', '--max-turns', '3'));
    const body = requests[3]?.body;
    assert.deepEqual(
      [body?.['model'], body?.['temperature'], body?.['top_p'], body?.['repetition_penalty']],
      ['scripted', 1, 0.95, 1.05],
    );
    assert.equal(requests[3]?.text.split('Tool result is omitted to save tokens.').length, 3);
  });

  const failures: readonly (readonly [string, () => Promise<readonly string[]>, RegExp])[] = [
    ['a dead endpoint', async () => ['--base-url', 'http://127.0.0.1:9/v1'], /127\.0\.0\.1:9/],
    ['a wrong key', async () => ['--base-url', (await serve(threeCalls, { apiKey: 'right' })).baseUrl], /key/i],
    [
      'an unknown model',
      async () => [
        '--base-url',
        (await serve([{ status: 404, body: { error: { message: 'The model `x` does not exist.' } } }])).baseUrl,
        '--model',
        'x',
      ],
      /model/,
    ],
  ];
  for (const [what, words, message] of failures) {
    it(`ends as failed within 5 s on ${what}, and says what to do`, async () => {
      const { code, stdout, stderr, tookMs } = await line.run(['ask', 'Which port?', ...(await words())]);
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.match(stderr, message);
      assert.ok(tookMs < 5_000, `${tookMs} ms`);
      const [runId] = await readdir(line.runs);
      assert.match(
        await readFile(join(line.runs, runId ?? '', 'events.jsonl'), 'utf8'),
        /"type":"run.ended","reason":"failed"/,
      );
    });
  }

  it('says so when the server is no model server', async () => {
    const web = createServer((_request, response) => response.end('<html>hello</html>')).listen(0, '127.0.0.1');
    await new Promise((resolve) => web.once('listening', resolve));
    const address = web.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { code, stderr } = await line.run(['ask', 'Which port?', '--base-url', `http://127.0.0.1:${port}/v1`]);
    web.close();
    assert.equal(code, 1);
    assert.match(stderr, /no model server|not a model server/i);
  });

  for (const [where, step] of [
    ['a prefill', { hang: 'prefill' }],
    ['a stream', { content: 'thinking about it', hang: 'stream' }],
  ] as const) {
    it(`stops within 2 s during ${where}: 130, and the log ends cancelled`, async () => {
      const { request } = await serve([step]);
      const started = line.start(ask('--json'));
      await (
        await request(0)
      ).hanging;
      const at = performance.now();
      started.kill('SIGINT');
      const { code, stdout } = await started.finished;
      assert.ok(performance.now() - at < 2_000);
      assert.equal(code, 130);
      assert.deepEqual(
        [eventsOf(stdout).at(-1)?.type, eventsOf(stdout).at(-1)?.['reason']],
        ['run.ended', 'cancelled'],
      );
      assert.equal(await (await request(0)).closed, 'aborted');
    });
  }

  it('stops within 2 s during a command that ignores SIGTERM, and leaves no process', async () => {
    const command = 'trap "" TERM INT HUP; echo started > up.txt; while :; do sleep 0.1; done';
    await serve([{ content: call('tool-python', 'run_command', { command, sandbox_id: 'none' }) }]);
    const started = line.start(ask('--json'));
    await started.printed('tool.started');
    while (!(await readdir(line.workspace)).includes('up.txt')) await new Promise((resolve) => setTimeout(resolve, 20));
    const at = performance.now();
    started.kill('SIGINT');
    const { code, stdout } = await started.finished;
    assert.ok(performance.now() - at < 2_000);
    assert.equal(code, 130);
    assert.equal(eventsOf(stdout).find((event) => event.type === 'tool.finished')?.['outcome'], 'cancelled');
    const left = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const lines = await Promise.all(left.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
    assert.deepEqual(
      lines.filter((text) => text.includes('echo started > up.txt')),
      [],
    );
  });

  it('resumes a killed run: what ended is kept, what was open is lost and not run again', async () => {
    const command = 'echo once >> ran.txt; sleep 60';
    const { baseUrl } = await serve([
      { content: call('workspace', 'read_file', { path: 'notes.md' }) },
      { content: call('tool-python', 'run_command', { command, sandbox_id: 'none' }) },
      { content: 'I know it.' },
      answer,
    ]);
    const started = line.start(ask('--json'));
    while (!(await readdir(line.workspace)).includes('ran.txt'))
      await new Promise((resolve) => setTimeout(resolve, 20));
    started.kill('SIGKILL');
    await started.finished;
    const { code, stdout, stderr } = await line.run(['resume', 'last', '--json', '--base-url', baseUrl]);
    assert.equal(code, 0, stderr);
    const events = eventsOf(stdout);
    assert.deepEqual(
      events.map((event) => event.seq),
      events.map((_, index) => index),
    );
    const outcomes = events.filter((event) => event.type === 'tool.finished').map((event) => event['outcome']);
    assert.deepEqual(outcomes, ['ok', 'lost']);
    assert.equal(await readFile(join(line.workspace, 'ran.txt'), 'utf8'), 'once\n');
    const again = await line.run(['resume', 'last']);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /has its answer already/);
  });

  it('lists, shows and deletes runs, and opening writes nothing', async () => {
    await serve(threeCalls);
    await line.run(ask());
    const listed = await line.run(['runs']);
    assert.match(listed.stdout, /answered .*Which port\?/);
    assert.match((await line.run(['show', 'last'])).stdout, /8080/);
    const [runId = ''] = await readdir(line.runs);
    const before = await readFile(join(line.runs, runId, 'events.jsonl'), 'utf8');
    assert.equal((await line.run(['show', runId.slice(0, 10), '--json'])).stdout, before);
    assert.equal((await line.run(['show', 'nonsense'])).code, 1);
    assert.equal((await line.run(['delete', runId])).code, 0);
    assert.deepEqual(await readdir(line.runs), []);
    assert.match((await line.run(['show', 'last'])).stderr, /no runs/);
  });

  it('goes quietly when nobody reads its output any more', async () => {
    const { requests } = await serve(threeCalls);
    await line.run(ask());
    const cli = join(import.meta.dirname, '../../dist/cli.js');
    const piped = (words: string) =>
      run('bash', ['-c', `'${process.execPath}' '${cli}' ${words} --runs '${line.runs}' | true`], line.workspace);
    assert.equal((await piped('show last --json')).stderr, '');
    assert.doesNotMatch(
      (await piped(`ask again --json --base-url ${server?.baseUrl ?? ''}`)).stderr,
      /EPIPE|at .*:\d+/,
    );
    assert.ok(requests.length > 0);
  });

  it('tells what is wrong with its words: 64', async () => {
    for (const words of [
      ['ask'],
      ['ask', 'a', 'b'],
      ['nothing'],
      ['ask', 'x', '--keep', 'many'],
      ['ask', 'x', '--nonsense'],
      [],
    ]) {
      assert.equal((await line.run(words)).code, 64, words.join(' '));
    }
  });

  it('refuses an empty and a far too long question', async () => {
    assert.match((await line.run(['ask', '  '])).stderr, /empty/);
    assert.match((await line.run(['ask', 'x'.repeat(120_000)])).stderr, /120,000 characters/);
  });

  it('says so when the runs folder cannot be written', async () => {
    await writeFile(join(line.folder, 'file'), '');
    const { code, stderr } = await line.run([
      'ask',
      'x',
      '--model',
      'embedded',
      '--runs',
      join(line.folder, 'file', 'runs'),
    ]);
    assert.equal(code, 1);
    assert.match(stderr, /runs folder cannot be written/);
    const nowhere = await line.run(['ask', 'x', '--model', 'embedded', '--runs', '/proc/runs']);
    assert.match(nowhere.stderr, /runs folder cannot be written/);
  });
});
