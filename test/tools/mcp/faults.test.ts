import assert from 'node:assert/strict';
import { observationLimit } from '../../../src/agent/tool.ts';
import { join } from 'node:path';
import { Connection } from '../../../src/tools/mcp/connection.ts';
import { isAlive, mcpPlace, odd, oddServer } from './mcpPlace.ts';

describe('an MCP server that misbehaves', () => {
  let place: Awaited<ReturnType<typeof mcpPlace>>;
  beforeEach(async () => {
    place = await mcpPlace();
  });
  afterEach(() => place.dispose());

  const pids = async (word: string) =>
    (await place.log()).flatMap((line) => (line.startsWith(`${word} `) ? [Number(line.slice(word.length))] : []));

  it('is started again when it died, and its call is not made again', async () => {
    await place.configure({ odd: odd() });
    const run = await place.start();
    await assert.rejects(
      run.call('die'),
      /outcome of this call is unknown: .*exit code 3\. It wrote: out of cheese\. .*not made again/,
    );
    assert.match((await run.call('echo', { words: 'again' })).content, /again/);
    assert.deepEqual((await place.log()).filter((line) => line === 'call die').length, 1);
    assert.equal((await pids('start')).length, 2);
  });

  it('is started three times again where no call works, then rests', async () => {
    await place.configure({ odd: odd() });
    const run = await place.start();
    for (let time = 0; time < 4; time++) await assert.rejects(run.call('die'), /unknown/);
    const told =
      /is gone\. Within 5 minutes it was opened again 3 times, and no call worked: .* again in (?:300|2\d\d) s/;
    await assert.rejects(run.call('echo'), told);
    assert.equal((await pids('start')).length, 4);
  });

  it('is started again as often as it works in between', async () => {
    await place.configure({ odd: odd() });
    const run = await place.start();
    for (let time = 0; time < 6; time++) {
      await assert.rejects(run.call('die'), /unknown/);
      if (time % 2 === 0) assert.match((await run.call('echo', { words: 'works' })).content, /works/);
      else await assert.rejects(run.call('refuse'), /refused/);
    }
    assert.equal((await pids('start')).length, 7);
  });

  it('is started again when it has rested', async () => {
    const clock = { ms: 0 };
    const { signal } = new AbortController();
    const log = join(place.workspace, 'odd.log');
    const target = {
      kind: 'stdio',
      command: process.execPath,
      args: [oddServer],
      cwd: place.workspace,
      env: { ...process.env, ODD_LOG: log },
    } as const;
    const options = { roots: [], timeoutMs: 20_000, signal, onToolsChanged: () => undefined };
    const connection = await Connection.open('It', target, options, () => clock.ms);
    const call = (name: string) => connection.call(name, { words: 'x' }, signal, 20_000);
    for (clock.ms = 0; clock.ms < 4_000; clock.ms += 1_000) await assert.rejects(call('die'), /unknown/);
    await assert.rejects(call('echo'), /again in 297 s/);
    clock.ms += 297_000;
    assert.match(JSON.stringify(await call('echo')), /x/);
    await connection.close();
  });

  it('does not hold a call up for longer than calls may take', async () => {
    await place.configure({ odd: odd() });
    const run = await place.start({}, false, { ...place.around.sandbox, timeoutMs: 300 });
    await assert.rejects(run.call('hang'), /unknown: .*did not answer in time.*not made again/);
    assert.match((await run.call('echo', { words: 'still there' })).content, /still there/);
  });

  it('is told when a call is cancelled, which ends at once', async () => {
    await place.configure({ odd: odd() });
    const run = await place.start();
    const stopping = new AbortController();
    const call = run.call('hang', {}, stopping.signal);
    stopping.abort(new Error('stopped'));
    await assert.rejects(call, /stopped/);
    assert.match((await run.call('echo', { words: 'on' })).content, /on/);
  });

  it('may write what is no message', async () => {
    await place.configure({ odd: odd('junk', 'noise') });
    const run = await place.start();
    assert.match((await run.call('echo', { words: 'clear' })).content, /clear/);
    assert.deepEqual(
      place.notices.filter((notice) => notice.includes('is missing')),
      [],
    );
  });

  it('is ended when it writes without end', async () => {
    await place.configure({ odd: odd('flood') });
    const run = await place.start();
    assert.deepEqual(run.tools, []);
    assert.match(place.notices.join(), /a line of more than 64 MB/);
    for (const pid of await pids('start')) assert.equal(isAlive(pid), false);
  });

  it('may answer at length: the whole of it is there to be cut as every observation', async () => {
    await place.configure({ odd: odd() });
    const run = await place.start();
    const { content } = await run.call('large');
    assert.ok(content.length > 5_000_000);
    assert.equal(run.named('large').limit, observationLimit);
  });

  it('is missing where it is silent or dead, and the others are there', async () => {
    await place.configure({ silent: odd('silent'), dead: odd('dead'), odd: odd() });
    const run = await place.start({ startMs: 2_000 });
    assert.deepEqual([...new Set(run.tools.map(({ server }) => server))], ['odd']);
    const said = place.notices.join('\n');
    assert.match(said, /"silent" .*was not there within 2 s/);
    assert.match(said, /"dead" .*exit code 1\. It wrote: no key‹U\+0007›/);
  });

  it('says what it likes of its tools, on one line and without hidden characters', async () => {
    await place.configure({ odd: odd() });
    const { named, tools } = await place.start();
    const { description } = named('inject');
    assert.ok(!/[\n\u202E]|<\/?use_mcp_tool>/.test(description), description);
    for (const tool of tools) assert.equal(tool.effect, 'execute');
    assert.ok(!tools.some(({ name }) => name === 'run_command'));
    assert.match(named('odd_run_command').description, /^\(run_command\)/);
    assert.match(named('echo').asks ?? '', /outside the sandbox\. The server says that this tool only reads/);
  });

  it('has tools whose schemas are of no use: said, and left unchecked or out', async () => {
    await place.configure({ odd: odd() });
    const { named, call, tools } = await place.start();
    assert.match((await call('broken_schema', { a: 1 })).content, /done/);
    assert.ok(!tools.some(({ name }) => name === 'no_object'));
    assert.match(place.notices.join('\n'), /odd\.broken schema: its arguments are not checked here/);
    assert.match(place.notices.join('\n'), /odd\.no object is left out/);
    assert.match(named('strict').check?.({ day: 'tomorrow' }) ?? '', /must match format "date"/);
    assert.match(named('strict').check?.({}) ?? '', /must have required property 'day'/);
    assert.equal(named('strict').check?.({ day: '2024-02-29' }), undefined);
  });

  it('refuses, fails and answers in kinds that nobody knows', async () => {
    await place.configure({ odd: odd() });
    const run = await place.start();
    await assert.rejects(run.call('refuse'), /MCP server odd refused the call: not today‹U\+202E›/);
    const output = await run.call('odd_content');
    assert.equal(output.outcome, 'failed');
    assert.match(output.content, /content of a kind that is not known\]\n\nand text/);
  });

  it('changes its tools: the run keeps those it began with, and says so once', async () => {
    await place.configure({ odd: odd() });
    const said = Promise.withResolvers<string>();
    const run = await place.start({ notice: (words) => words.includes('changed') && said.resolve(words) });
    const before = run.tools.length;
    await run.call('change');
    assert.match(await said.promise, /odd changed its tools; this run keeps/);
    assert.equal(run.tools.length, before);
  });

  it('gets nothing of our environment but what programs need', async () => {
    await place.configure({ odd: { ...odd(), env: { TOKEN: '${env:GIVEN}', OURS: '${env:MIROTHINKER_API_KEY}' } } });
    const secret = { MIROTHINKER_API_KEY: 'model key', AWS_SECRET_ACCESS_KEY: 'cloud key', GIVEN: 'given' };
    const env = { ...process.env, ...secret };
    assert.deepEqual((await place.start({ env })).tools, []);
    assert.match(place.notices.join(), /\$\{env:MIROTHINKER_API_KEY\} is not set/);
    await place.configure({ odd: { ...odd(), env: { TOKEN: '${env:GIVEN}' } } });
    const { content } = await (await place.start({ env })).call('env');
    assert.ok(content.includes('"TOKEN":"given"') && content.includes('"PATH"'));
    assert.ok(!/model key|cloud key/.test(content));
  });

  it('goes with its run, with all that it started, however stubborn', async () => {
    await place.configure({ odd: odd('child', 'stubborn') });
    const run = await place.start();
    const all = [...(await pids('start')), ...(await pids('child'))];
    assert.equal(all.length, 2);
    assert.ok(all.every(isAlive));
    await run.dispose();
    assert.deepEqual(all.filter(isAlive), []);
    assert.deepEqual((await place.log()).slice(-2), ['stdin closed', 'SIGTERM']);
  });
});
