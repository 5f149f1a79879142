import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Beyond those that Node takes for itself when it starts. */
const descriptor = 37;

describe('inheritedDescriptors', () => {
  it('names what this process was started with, which no confined process gets', async () => {
    const sandbox = pathToFileURL(join(import.meta.dirname, 'sandbox.ts')).href;
    const inherited = pathToFileURL(join(import.meta.dirname, '../../src/sandbox/inherited.ts')).href;
    const script = `
      import { makeSandbox } from ${JSON.stringify(sandbox)};
      import { inheritedDescriptors } from ${JSON.stringify(inherited)};
      const test = await makeSandbox({ limits: { fileBytes: 2 ** 20, openFiles: 100 } });
      const list = 'ls /proc/self/fd; ulimit -f; ulimit -n';
      const { output } = await test.command(list);
      const { stdout } = await test.python('import os; print(os.path.exists("/proc/self/fd/${descriptor}"))');
      await test.dispose();
      process.stdout.write(JSON.stringify({ found: await inheritedDescriptors(), output, stdout }));
    `;
    const folder = await open('/etc', 'r');
    const stdio = [
      ...Array.from({ length: descriptor }, (_, fd) => (fd === 1 ? 'pipe' : 'ignore')),
      folder.fd,
    ] as const;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: stdio.map((each, fd) => (fd > 2 && fd < descriptor ? null : each)),
    });
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (data: string) => (said += data));
    await new Promise((resolve) => child.once('close', resolve));
    await folder.close();
    assert.match(said, new RegExp(`"found":\\[(?:\\d+,)*${descriptor}(?:,\\d+)*\\]`), said);
    assert.doesNotMatch(said, new RegExp(`output":"[^"]*\\b${descriptor}\\b`), said);
    assert.match(said, /output":"[^"]*1024[^"]*100\b/);
    assert.match(said, /"stdout":"False/);
  });
});
