import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { isPublicAddress } from '../../../src/agent/publicAddress.ts';
import { makeSandbox, type TestSandbox } from '../sandbox.ts';

describe('a sandbox that reaches listed domains', () => {
  let test: TestSandbox, site: Server, port: number;
  let other: Server, otherPort: number;
  before(async () => {
    [site, other] = [
      createServer((_, response) => response.end('here')),
      createServer((_, response) => response.end('no')),
    ];
    for (const server of [site, other]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    [port, otherPort] = [portOf(site), portOf(other)];
    const reach = {
      allowed: (host: string) => host === 'site.test',
      resolve: async () => ['127.0.0.1'],
      reachable: (address: string, to: number) => isPublicAddress(address) || to === port,
    };
    test = await makeSandbox({ network: 'allowlist', reach });
  });
  after(async () => {
    await test.dispose();
    for (const server of [site, other]) server.close();
  });

  it('reaches them from commands, by the usual variables', async () => {
    const { output, exitCode, notes } = await test.command(
      `python3 -c 'import urllib.request as u; print(u.urlopen("http://site.test:${port}/").read())'; echo $HTTPS_PROXY; exit 3`,
    );
    assert.match(output, /b'here'\nhttp:\/\/127\.0\.0\.1:3128/);
    assert.deepEqual([exitCode, notes], [3, []]);
  });

  it('reaches them from Python, call after call', async () => {
    const sandboxId = await test.shell.create(60_000);
    const code = `import urllib.request as u; print(u.urlopen("http://site.test:${port}/").read())`;
    for (let call = 0; call < 2; call++) assert.equal((await test.python(code, sandboxId)).stdout, "b'here'\n");
  });

  it('reaches nothing else, and says what it refused', async () => {
    const code = `import urllib.request as u
for url in ["http://other.test:${port}/", "http://site.test:${otherPort}/", "http://127.0.0.1:${otherPort}/"]:
    try: print(u.build_opener().open(url, timeout=5).read())
    except Exception as refused: print(refused)`;
    const { output, notes } = await test.command(`python3 - <<'E'\n${code}\nE`);
    assert.deepEqual(output.trim().split('\n'), [
      'HTTP Error 403: Forbidden',
      'HTTP Error 403: Forbidden',
      '<urlopen error [Errno 111] Connection refused>',
    ]);
    assert.deepEqual(notes, [
      `other.test:${port} is not among the domains that this run may reach.`,
      'site.test leads to 127.0.0.1, which is no public address: such are never reached.',
    ]);
    const direct = await test.command(`exec 3<>/dev/tcp/127.0.0.1/${port}`);
    assert.match(direct.output, /Connection refused/);
  });

  it('leaves the terminal and the exit to the command', async () => {
    const { output, exitCode } = await test.command('test -t 0 && test -t 1 && echo terminal; kill -KILL $$');
    assert.deepEqual([output, exitCode], ['terminal\n', 137]);
  });
});

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
