import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { call, scriptedServer, type ScriptedServer } from '../fakes/scriptedServer.ts';
import { everything, oddServer } from '../tools/mcp/mcpPlace.ts';
import { commandLine, eventsOf } from './commandLine.ts';

const node = process.execPath;

describe('MCP servers on the command line', () => {
  let line: Awaited<ReturnType<typeof commandLine>>;
  let server: ScriptedServer;
  let env: Readonly<Record<string, string>> = {};

  beforeEach(async () => {
    const repository = {
      servers: { odd: { command: node, args: [oddServer], env: { ODD_LOG: '${workspaceFolder}/log' } } },
    };
    line = await commandLine({ '.vscode/mcp.json': JSON.stringify(repository) });
    env = { XDG_DATA_HOME: join(line.folder, 'data') };
    const mine = `{ "servers": { "every thing": { "command": ${JSON.stringify(node)}, "args": [${JSON.stringify(everything)}] } } } // mine`;
    await writeFile(join(line.folder, 'mine.json'), mine);
    server = await scriptedServer({
      script: [
        { content: call('every_thing', 'echo', { message: 'hello' }) },
        { content: 'Known.' },
        { content: 'Done.\n\n\\boxed{done}' },
      ],
    });
  });
  afterEach(async () => {
    await server.close();
    await line.remove();
  });

  const ask = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await line.run(
      ['ask', 'Do it', '--base-url', server.baseUrl, '--json', ...words],
      env,
    );
    const finished = eventsOf(stdout).find((event) => event.type === 'tool.finished');
    return { code, stderr, finished };
  };
  const mine = () => ['--mcp', join(line.folder, 'mine.json')];

  it('are used once they are trusted; what is not stays out, and it is said how to trust it', async () => {
    const { code, stderr, finished } = await ask(
      ...mine(),
      '--trust-mcp',
      'every thing',
      '--allow-tool',
      'every_thing.*',
    );
    assert.equal(code, 0, stderr);
    assert.equal(finished?.['outcome'], 'ok');
    assert.match(String(finished['content']), /Echo: hello/);
    assert.match(stderr, /"odd" of \.vscode\/mcp\.json is not trusted, so it was not started .*--trust-mcp odd/);
    await assert.rejects(stat(join(line.workspace, 'log')));
    const kept = join(line.folder, 'data/mirothinker/mcp-trust.json');
    assert.equal((await stat(kept)).mode & 0o777, 0o600);
    assert.match(await readFile(kept, 'utf8'), /every thing/);
  });

  it('ask before each call, which is denied where nobody can answer', async () => {
    const { finished } = await ask(...mine(), '--trust-mcp', 'all');
    assert.equal(finished?.['outcome'], 'denied');
    assert.match(String(finished['content']), /nobody can answer here\. The MCP server every_thing does it/);
  });

  it('are among what doctor looks at', async () => {
    const before = await line.run(['doctor', ...mine()], env);
    assert.match(before.stdout, /no {3}MCP server every thing: .* is not trusted\n {5}Trust it with --trust-mcp all/);
    await ask(...mine(), '--trust-mcp', 'every thing');
    const after = await line.run(['doctor', ...mine()], env);
    assert.match(after.stdout, /ok {3}MCP server every thing: .*, \d+ tools/);
    assert.match(after.stdout, /no {3}MCP server odd: .* is not trusted/);
    await writeFile(join(line.folder, 'mine.json'), '{"servers": {"every thing": {"command": "/nowhere"}}}');
    const changed = await line.run(['doctor', ...mine()], env);
    assert.match(changed.stdout, /is not what was trusted \(argument 1 \(gone\), command changed\)/);
  });

  it('are an error where a file that was named is not there', async () => {
    const { code, stderr } = await ask('--mcp', 'nowhere.json');
    assert.equal(code, 1);
    assert.match(stderr, /nowhere\.json cannot be read: ENOENT/);
  });
});
