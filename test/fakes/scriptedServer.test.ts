import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { readReply } from '../../src/agent/toolCalls.ts';
import { temporaryFolder } from '../tools/workspaceFixture.ts';
import { call, scriptedServer } from './scriptedServer.ts';

describe('scriptedServer', () => {
  const post = async (baseUrl: string, body: object = { model: 'm', messages: [] }) => {
    const response = await fetch(`${baseUrl}/chat/completions`, { method: 'POST', body: JSON.stringify(body) });
    return { status: response.status, text: await response.text() };
  };

  it('plays its steps in order, answers by function, and then says that the script is over', async () => {
    const server = await scriptedServer({
      script: [{ content: 'one' }, ({ index, body }) => ({ content: `${index} ${String(body['model'])}` })],
    });
    assert.match((await post(server.baseUrl)).text, /"content":"one"/);
    assert.match((await post(server.baseUrl)).text, /"content":"1 m"/);
    const over = await post(server.baseUrl);
    assert.equal(over.status, 500);
    assert.match(over.text, /The script has 2 steps; this is request 3\./);
    assert.equal(server.requests.length, 3);
    await server.close();
  });

  it('repeats its last step when told to', async () => {
    const server = await scriptedServer({ script: [{ content: 'one' }, { content: 'last' }], repeatLast: true });
    for (const expected of ['one', 'last', 'last', 'last']) {
      assert.ok((await post(server.baseUrl)).text.includes(`"content":"${expected}"`));
    }
    await server.close();
  });

  it('renders calls that the parser reads back', () => {
    const content = `Thinking.\n\n${call('workspace', 'read_file', { path: 'a "b"\\c', start_line: 2 })}`;
    const { calls, mended } = readReply({ content, nativeCalls: [], finishReason: 'stop' }, []);
    const args = { path: 'a "b"\\c', start_line: 2 };
    assert.deepEqual([calls, mended], [[{ server: 'workspace', tool: 'read_file', arguments: args }], []]);
  });

  it('runs by itself from a file and prints its URL', async () => {
    const script = { script: [{ content: 'from a file' }], repeatLast: true, kind: 'vllm', models: [{ id: 'm' }] };
    const folder = await temporaryFolder({ 'script.json': JSON.stringify(script) });
    const file = join(folder.path, 'script.json');
    const child = spawn(process.execPath, [join(import.meta.dirname, 'serve.ts'), file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const baseUrl = await new Promise<string>((resolve) =>
        createInterface({ input: child.stdout }).once('line', resolve),
      );
      assert.match((await post(baseUrl)).text, /"content":"from a file"/);
    } finally {
      child.kill();
      await once(child, 'close');
      await folder.remove();
    }
  });
});
