import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deferred } from '../fakes/deferred.ts';
import { call, scriptedServer, type ScriptedServer, type Step } from '../fakes/scriptedServer.ts';
import { commandLine, eventsOf } from './commandLine.ts';
import { inTerminal, type InTerminal } from './terminal.ts';

const read = (path: string) => ({ content: call('workspace', 'read_file', { path }) });
const write: Step = { content: call('workspace', 'write_file', { path: 'new.md', content: 'x' }) };
const known = { content: 'I know it.' };
const answer = { content: '\\boxed{8080}' };

describe('a run in a terminal', () => {
  let line: Awaited<ReturnType<typeof commandLine>>;
  let server: ScriptedServer;

  const start = async (script: readonly Step[], words: readonly string[], background = false): Promise<InTerminal> => {
    server = await scriptedServer({ script });
    const where = { cwd: line.workspace, runs: line.runs, background };
    const terminal = inTerminal(['ask', 'Which port?', '--base-url', server.baseUrl, ...words], where);
    await terminal.shown('Type a note');
    return terminal;
  };
  const ask = (script: readonly Step[], ...words: readonly string[]) => start(script, words);
  const log = async () => {
    const [runId = ''] = await readdir(line.runs);
    return eventsOf(await readFile(join(line.runs, runId, 'events.jsonl'), 'utf8'));
  };

  beforeEach(async () => {
    line = await commandLine({ 'notes.md': 'The port is 8080.\n' });
  });
  afterEach(async () => {
    await server.close();
    await line.remove();
  });

  it('takes a typed line as a note behind the current observation', async () => {
    const typed = deferred<undefined>();
    const terminal = await ask([{ ...read('a'), prefill: typed.promise }, known, answer]);
    await server.request(0);
    terminal.type('Look into b, too.');
    await terminal.shown('note: Look into b, too.');
    typed.resolve(undefined);
    assert.equal(await terminal.exitCode, 0, terminal.screen());
    assert.match(
      server.requests[1]?.text ?? '',
      /read_file.*A note from the person who asked: Look into b, too\."\}\]/,
    );
  });

  it('asks for the answer on /answer, and gives up the reply under way', async () => {
    const terminal = await ask([read('a'), { content: 'thinking', hang: 'stream' }, answer]);
    await (
      await server.request(1)
    ).hanging;
    terminal.type('/answer');
    await terminal.shown('You wanted the answer');
    assert.equal(await terminal.exitCode, 0);
    assert.equal(await server.requests[1]?.closed, 'aborted');
    assert.match(terminal.screen(), /^8080\r?$/m);
  });

  it('pauses on /pause, goes on on /continue, asks what was queued, and knows no other word', async () => {
    const typed = deferred<undefined>();
    const terminal = await ask([{ ...read('a'), prefill: typed.promise }, known, answer, known, answer]);
    await server.request(0);
    terminal.type('/nothing');
    await terminal.shown('There is no /nothing');
    terminal.type('/queue And which host?');
    await terminal.shown('queued: And which host?');
    terminal.type('/pause');
    await terminal.shown('It pauses before its next step');
    typed.resolve(undefined);
    await terminal.shown('… paused');
    assert.equal(server.requests.length, 1);
    terminal.type('/continue');
    await terminal.shown('… goes on');
    await terminal.shown('Next question: And which host?');
    assert.equal(await terminal.exitCode, 0, terminal.screen());
    const types = (await log()).map((event) => event.type);
    assert.deepEqual(
      types.filter((type) => /question|paused|continued|given/.test(type)),
      ['question.queued', 'run.paused', 'run.continued', 'answer.given', 'question.asked', 'answer.given'],
    );
  });

  it('takes a line for the answer while a call waits for approval', async () => {
    const terminal = await ask(
      [write, { content: call('workspace', 'write_file', { path: 'b.md', content: 'y' }) }, known, answer],
      '--auto-approve',
      'none',
    );
    await terminal.shown('Allow once [y]');
    terminal.type('y');
    await terminal.shown('Allow once [y]');
    terminal.type('not into b');
    assert.equal(await terminal.exitCode, 0, terminal.screen());
    const events = await log();
    assert.deepEqual(
      events.filter((event) => event.type === 'approval.decided').map(({ decision, note }) => [decision, note]),
      [
        ['once', undefined],
        ['deny', 'not into b'],
      ],
    );
    assert.ok(events.every((event) => event.type !== 'note.added'));
    assert.deepEqual((await readdir(line.workspace)).toSorted(), ['new.md', 'notes.md']);
  });

  it('stops on Ctrl-C, in a step and in a question to the person', async () => {
    const hanging = await ask([{ hang: 'prefill' }]);
    await (
      await server.request(0)
    ).hanging;
    hanging.interrupt();
    assert.equal(await hanging.exitCode, 130);
    assert.equal((await log()).at(-1)?.['reason'], 'cancelled');
    await server.close();
    const asking = await ask([write], '--auto-approve', 'none');
    await asking.shown('Allow once [y]');
    asking.interrupt();
    assert.equal(await asking.exitCode, 130);
  });

  it('gives what is typed to every rollout', async () => {
    const typed = deferred<undefined>();
    const step: Step = ({ text }) => {
      if (!text.includes('Look into b.')) return { ...read('a'), prefill: typed.promise };
      return text.includes('The question was') ? answer : known;
    };
    server = await scriptedServer({ script: [step], repeatLast: true });
    const words = ['ask', 'Which port?', '--rollouts', '2', '--base-url', server.baseUrl];
    const terminal = inTerminal(words, { cwd: line.workspace, runs: line.runs });
    await terminal.shown('Type a note');
    await Promise.all([server.request(0), server.request(1)]);
    terminal.type('Look into b.');
    await terminal.shown('note: Look into b.');
    await terminal.shown('note: Look into b.');
    typed.resolve(undefined);
    assert.equal(await terminal.exitCode, 0, terminal.screen());
    await terminal.shown('100 %  8080  (#1 #2)');
  });

  it('leaves what is typed to others while it is in the background, and is not stopped by it', async () => {
    const typed = deferred<undefined>();
    const terminal = await start([{ ...read('a'), prefill: typed.promise }, known, answer], [], true);
    await server.request(0);
    terminal.type('for somebody else');
    await terminal.shown('for somebody else');
    typed.resolve(undefined);
    assert.equal(await terminal.exitCode, 0, terminal.screen());
    assert.ok((await log()).every((event) => event.type !== 'note.added'));
  });
});
