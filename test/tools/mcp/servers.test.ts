import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { everything, filesystem, mcpPlace } from './mcpPlace.ts';

describe('the reference MCP servers', () => {
  let place: Awaited<ReturnType<typeof mcpPlace>>;
  const started: { readonly kill: () => unknown }[] = [];
  beforeEach(async () => {
    place = await mcpPlace();
  });
  afterEach(async () => {
    for (const server of started.splice(0)) server.kill();
    await place.dispose();
  });

  it('give text, sums, pictures, resources and structure over stdio', async () => {
    await place.configure({ everything: { type: 'stdio', command: process.execPath, args: [everything, 'stdio'] } });
    const run = await place.start();
    assert.deepEqual(place.notices, []);
    const echo = await run.call('echo', { message: 'hello' });
    assert.match(
      echo.content,
      /^<foreign mark="(\w+)" from="MCP server everything"[^>]*>\nEcho: hello\n<\/foreign mark="\1">$/,
    );
    assert.match((await run.call('get-sum', { a: 2, b: 40 })).content, /42/);
    const { images = [] } = await run.call('get-tiny-image');
    assert.ok(images[0]);
    assert.equal(images[0].mimeType, 'image/png');
    assert.equal(Buffer.from(images[0].bytes).toString('latin1', 1, 4), 'PNG');
    const resource = await run.call('get-resource-reference', { resourceType: 'Text', resourceId: 1 });
    const [source] = resource.sources ?? [];
    assert.match(source?.uri ?? '', /^demo:\/\/resource/);
    assert.ok(source?.text && resource.content.includes(source.text));
    assert.match((await run.call('get-resource-links', { count: 2 })).content, /Link to .*: demo:\/\//);
    assert.match((await run.call('get-structured-content', { location: 'Chicago' })).content, /"temperature"/);
    assert.match((await run.call('get-roots-list')).content, new RegExp(`file://${place.workspace}`));
  });

  it('check arguments by their schemas before anything is sent', async () => {
    await place.configure({ everything: { command: process.execPath, args: [everything] } });
    const run = await place.start();
    const sum = run.named('get-sum');
    assert.match(sum.check?.({ a: 'two', b: 1 }) ?? '', /a must be number/);
    assert.equal(sum.check?.({ a: 2, b: 1 }), undefined);
    await assert.rejects(run.call('get-sum', { a: 'two' }), /Invalid arguments for get-sum/);
  });

  it('read files of the folders that they are given', async () => {
    await writeFile(join(place.workspace, 'notes.md'), 'The tower is 42 m high.\n');
    await place.configure({ files: { command: process.execPath, args: [filesystem, '${workspaceFolder}'] } });
    const run = await place.start({ readOnlyTools: ['files.read_*'] });
    const read = run.named('read_text_file');
    assert.equal(read.effect, 'read');
    assert.match((await run.call('read_text_file', { path: join(place.workspace, 'notes.md') })).content, /42 m high/);
    const outside = await run.call('read_text_file', { path: '/etc/passwd' });
    assert.equal(outside.outcome, 'failed');
    // Those that are called as ours are go by another name.
    assert.equal(run.named('files_write_file').effect, 'execute');
    assert.ok(!run.tools.some(({ name }) => name === 'write_file'));
  });

  const overHttp = async (transport: 'streamableHttp' | 'sse') => {
    const port = await freePort();
    const server = spawn(process.execPath, [everything, transport], {
      env: { ...process.env, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    started.push(server);
    await new Promise<void>((resolve) => {
      server.stderr.setEncoding('utf8').on('data', (text: string) => text.includes(String(port)) && resolve());
    });
    return port;
  };

  it('are reached over streamable HTTP', async () => {
    const port = await overHttp('streamableHttp');
    await place.configure({ remote: { type: 'http', url: `http://127.0.0.1:${port}/mcp` } });
    const run = await place.start();
    assert.deepEqual(place.notices, []);
    assert.match((await run.call('echo', { message: 'over HTTP' })).content, /Echo: over HTTP/);
    assert.match(place.questions[0]?.definition.kind ?? '', /http/);
  });

  it('are reached over the older transport where they speak nothing else', async () => {
    const port = await overHttp('sse');
    await place.configure({ remote: { type: 'http', url: `http://127.0.0.1:${port}/sse` } });
    const run = await place.start();
    assert.deepEqual(place.notices, []);
    assert.match((await run.call('echo', { message: 'by events' })).content, /Echo: by events/);
  });

  it('are left out, and said, where they are gone; a redirect elsewhere is not followed', async () => {
    const asked: string[] = [];
    const elsewhere = await httpServer((path) => {
      asked.push(path);
      return undefined;
    });
    const redirecting = await httpServer(() => `http://127.0.0.1:${elsewhere.port}/stolen`);
    await place.configure({
      gone: { url: `http://127.0.0.1:${await freePort()}/mcp`, headers: { Authorization: 'Bearer secret' } },
      redirecting: { url: `http://127.0.0.1:${redirecting.port}/mcp`, headers: { Authorization: 'Bearer secret' } },
      odd: { url: 'ftp://example.org' },
    });
    const run = await place.start();
    assert.deepEqual(run.tools, []);
    assert.deepEqual(asked, []);
    assert.equal(place.notices.length, 3);
    assert.match(place.notices.join('\n'), /"gone" of \.vscode\/mcp\.json is missing with its tools: .*ECONNREFUSED/);
    assert.match(place.notices.join('\n'), /"ftp:\/\/example\.org" does not begin with http/);
    assert.ok(!place.notices.join().includes('secret'));
  });

  async function httpServer(answer: (path: string) => string | undefined) {
    const server = createServer((request, response) => {
      const location = answer(request.url ?? '');
      response.writeHead(location === undefined ? 404 : 307, location === undefined ? {} : { location }).end();
    });
    started.push({ kill: () => server.close() });
    return { port: await listening(server) };
  }
});

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  server.close();
  await once(server, 'close');
  return port;
}
