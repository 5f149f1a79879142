import assert from 'node:assert/strict';
import { z } from 'zod';
import { commandLine } from './commandLine.ts';

const findings = z.array(
  z.object({ name: z.string(), ok: z.boolean(), found: z.string(), remedy: z.string().optional() }),
);

describe('doctor', () => {
  it('says of the sandbox what confines, how each limit is kept, and what is missing', async () => {
    const line = await commandLine({});
    const words = ['doctor', '--json', '--read-only-path', '/usr/share', '--read-only-path', '~/.no-such-toolchain'];
    const { stdout } = await line.run([...words, '--limit', 'cpu=5']);
    const found = findings.parse(JSON.parse(stdout));
    const named = (name: string) => found.filter((finding) => finding.name === name);
    assert.match(named('sandbox')[0]?.found ?? '', /^bubblewrap \d+\.\d+.* confines commands$/);
    assert.equal(named('system calls')[0]?.ok, true);
    assert.equal(named('limit of processor time')[0]?.found, '5 s of each process');
    for (const limit of ['memory', 'processes', 'file size', 'open files']) {
      assert.equal(named(`limit of ${limit}`).length, 1);
    }
    assert.match(named('overlay')[0]?.found ?? '', /the workspace can/);
    const [there, missing] = named('read-only paths');
    assert.equal(there?.found, '/usr/share');
    assert.match(missing?.found ?? '', /not there: ~\/\.no-such-toolchain/);
    assert.match(missing?.remedy ?? '', /sandbox\.readOnlyPaths/);
    assert.match(named('Python')[0]?.found ?? '', /python3/);
    await line.remove();
  });

  it('says what is wrong with a path that may not be shown, and ends with 1', async () => {
    const line = await commandLine({});
    const { code, stdout } = await line.run(['doctor', '--read-only-path', '~']);
    assert.equal(code, 1);
    assert.match(stdout, /no {3}read-only paths: .*would show a whole home/);
    await line.remove();
  });
});
