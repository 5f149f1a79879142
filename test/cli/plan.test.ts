import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deferred } from '../fakes/deferred.ts';
import { call, scriptedServer, type Reply, type ScriptedServer, type Step } from '../fakes/scriptedServer.ts';
import { commandLine, eventsOf } from './commandLine.ts';
import { inTerminal } from './terminal.ts';

const ambiguous: Step = { content: '{"ambiguous": true, "questions": ["Which server?", "Which year?"]}' };
const plan: Reply = { content: '{"plan": ["Which ports are there?", "Which one is used?"]}' };
const tick: Step = { content: call('plan', 'update_plan', { item: 1 }) };
const read: Step = { content: call('workspace', 'read_file', { path: 'notes.md' }) };
const rest: readonly Step[] = [{ content: 'I know it.' }, { content: 'It is so [notes.md:1].\n\n\\boxed{8080}' }];

/** What the model says to any request. */
const replyTo = ({ text }: { readonly text: string }): Reply => {
  if (text.includes('You plan the research')) return plan;
  return { content: text.includes('The question was:') ? 'So [notes.md:1].\n\n\\boxed{8080}' : 'I know it.' };
};

describe('clarification and plan at the command line', () => {
  let line: Awaited<ReturnType<typeof commandLine>>;
  let server: ScriptedServer | undefined;

  beforeEach(async () => {
    line = await commandLine({ 'notes.md': 'The port is 8080.\n' });
  });
  afterEach(async () => {
    await server?.close();
    await line.remove();
  });
  const log = async () => {
    const [runId = ''] = await readdir(line.runs);
    return { runId, events: eventsOf(await readFile(join(line.runs, runId, 'events.jsonl'), 'utf8')) };
  };
  const ask = (baseUrl: string) => ['ask', 'Which port?', '--base-url', baseUrl, '--clarify', '--plan'];

  it('asks the person at the terminal, shows the plan and its ticks, and takes changes of it', async () => {
    const gate = deferred<undefined>();
    server = await scriptedServer({ script: [ambiguous, plan, tick, { ...read, prefill: gate.promise }, ...rest] });
    const terminal = inTerminal(ask(server.baseUrl), { cwd: line.workspace, runs: line.runs });
    await terminal.shown('Which server?');
    terminal.type('the web server');
    await terminal.shown('Which year?');
    terminal.type('');
    await terminal.shown('Which year? left open');
    await terminal.shown('2. [ ] Which one is used?');
    await terminal.shown('1. [x] Which ports are there? · 1 of 2 settled');
    await server.request(3);
    terminal.type('/plan');
    await terminal.shown('1. [x] Which ports are there?');
    terminal.type('/plan add Since when?');
    await terminal.shown('3. [ ] Since when?');
    terminal.type('/plan 2 Which one does the server use?');
    await terminal.shown('2. [ ] Which one does the server use?');
    terminal.type('/plan open 1');
    await terminal.shown('1. [ ] Which ports are there? · 0 of 3 settled');
    terminal.type('/plan drop 9');
    await terminal.shown('/plan shows the plan');
    gate.resolve(undefined);
    assert.equal(await terminal.exitCode, 0, terminal.screen());
    assert.match(
      server.requests[2]?.text ?? '',
      /Which server\?\\n {2}the web server\\n- Which year\?\\n {2}\(They left this open\.\)/,
    );
    assert.match(
      server.requests[4]?.text ?? '',
      /I changed the plan\. From here on it is:\\n1\. Which ports[^"]*\\n3\. Since when\?"/,
    );
    const { runId } = await log();
    const { stdout } = await line.run(['show', runId]);
    assert.match(
      stdout,
      /Asked back:\n {5}Which server\? the web server\n {5}Which year\? left open\nPlan:\n {5}1\. \[ \] Which ports[\s\S]*1\. \[x\] Which ports[\s\S]*The plan now:/,
    );
  });

  it('asks nothing more after Ctrl-C at the first question', async () => {
    server = await scriptedServer({ script: [ambiguous, plan, ...rest] });
    const terminal = inTerminal(ask(server.baseUrl), { cwd: line.workspace, runs: line.runs });
    await terminal.shown('Which server?\r\n  ');
    terminal.interrupt();
    assert.equal(await terminal.exitCode, 130, terminal.screen());
    assert.doesNotMatch(terminal.screen(), /Which year/);
    const { events } = await log();
    assert.equal(events.at(-1)?.['reason'], 'cancelled');
    assert.ok(events.every(({ type }) => type !== 'clarification.answered'));
  });

  it('skips the questions at once where nobody is there to answer', async () => {
    server = await scriptedServer({ script: [ambiguous, plan, ...rest] });
    const { code, stderr } = await line.run([...ask(server.baseUrl), '--json']);
    assert.equal(code, 0, stderr);
    const { events } = await log();
    assert.deepEqual(
      events.slice(1, 4).map(({ type }) => type),
      ['clarification.asked', 'clarification.answered', 'plan.set'],
    );
    assert.deepEqual(events[2]?.['answers'], []);
    assert.doesNotMatch(server.requests[2]?.text ?? '', /asked back/);
  });

  it('neither asks back nor plans with the embedded reader, nor asks back in rollouts', async () => {
    server = await scriptedServer({ script: [replyTo], repeatLast: true });
    const embedded = await line.run([
      'ask',
      'Which port is it?',
      '--model',
      'embedded',
      '--clarify',
      '--plan',
      '--json',
    ]);
    assert.equal(embedded.code, 0, embedded.stderr);
    assert.doesNotMatch(embedded.stdout, /clarification|plan\.set|update_plan/);
    const several = await line.run([...ask(server.baseUrl), '--rollouts', '2']);
    assert.equal(several.code, 0, several.stderr);
    assert.match(several.stderr, /Plan:/);
    assert.doesNotMatch(server.requests.map(({ text }) => text).join(), /You decide whether it is ambiguous/);
  });
});
