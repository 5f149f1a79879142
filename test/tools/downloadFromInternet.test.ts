import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { isPublicAddress } from '../../src/agent/publicAddress.ts';
import { download } from '../../src/network/download.ts';
import { downloadFromInternetTool } from '../../src/tools/downloadFromInternet.ts';
import { noOutput } from '../fakes/noOutput.ts';
import { makeSandbox, noSignal, type TestSandbox } from '../sandbox/sandbox.ts';

const context = { signal: noSignal, runId: 'r', callId: 'c', unconfined: false, openOutput: async () => noOutput };

describe('download_file_from_internet_to_sandbox', () => {
  let test: TestSandbox, site: Server, port: number, id: string;
  before(async () => {
    site = createServer((_, response) => response.setHeader('content-type', 'text/csv').end('a,b\n1,2\n'));
    site.listen(0, '127.0.0.1');
    await once(site, 'listening');
    const address = site.address();
    port = typeof address === 'object' && address ? address.port : 0;
    test = await makeSandbox();
    id = await test.shell.create(60_000);
  });
  after(async () => {
    await test.dispose();
    site.close();
  });
  const call = (args: Readonly<Record<string, unknown>>) => {
    const rules = {
      allowed: (host: string) => host === 'site.test',
      resolve: async () => ['127.0.0.1'],
      reachable: (where: string, to: number) => isPublicAddress(where) || to === port,
    };
    const tool = downloadFromInternetTool(test.shell, (url, signal) => download(url, rules, signal));
    return tool.run(args, context);
  };

  it('puts the file where the sandbox reads it', async () => {
    const { content } = await call({ sandbox_id: id, url: `http://site.test:${port}/data/table.csv` });
    assert.match(content, /\(8 B, text\/csv\)\. Its path in the sandbox: \/home\/user\/table\.csv$/);
    assert.equal((await test.python('open("/home/user/table.csv").read()', id)).stdout, "'a,b\\n1,2\\n'\n");
    await call({ sandbox_id: id, url: `http://site.test:${port}/x`, sandbox_file_path: '/tmp/in/own.csv' });
    assert.equal((await test.command('wc -c < /tmp/in/own.csv', id)).output, '8\n');
  });

  it('leaves nothing where nothing came', async () => {
    await assert.rejects(call({ sandbox_id: id, url: 'http://other.test/x' }), /not among the domains/);
    await assert.rejects(call({ sandbox_id: id, url: 'file:///etc/passwd' }), /no web address/);
    await assert.rejects(call({ sandbox_id: 'default', url: `http://site.test:${port}/x` }), /stands for no sandbox/);
    const path = '/home/user/link/x';
    await test.command('ln -s /etc /home/user/link', id);
    await assert.rejects(
      call({ sandbox_id: id, url: `http://site.test:${port}/x`, sandbox_file_path: path }),
      /is a link/,
    );
    assert.deepEqual((await test.command('ls -A1 /home/user', id)).output.split('\n').filter(Boolean), [
      'link',
      'table.csv',
    ]);
  });
});
