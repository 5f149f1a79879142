import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chown, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A user whom this machine does not know by name. */
const user = 12_345;
const repository = resolve(import.meta.dirname, '../..');
const files = ['confinement', 'limits', 'seccomp', 'workspaceAccess', 'readOnlyPaths'];

/** Whether others may read the repository and all folders above it. */
async function isReadable(folder: string): Promise<boolean> {
  const open = ((await stat(folder)).mode & 0o005) === 0o005;
  return open && (folder === '/' || isReadable(resolve(folder, '..')));
}

describe('the sandbox of an ordinary user', () => {
  it('confines as that of root does: the same tests pass', async function () {
    this.timeout(180_000);
    if (process.getuid?.() !== 0 || !(await isReadable(repository))) this.skip();
    const folder = await mkdtemp(join(tmpdir(), 'mirothinker-user-'));
    await chown(folder, user, user);
    const mocha = join(repository, 'node_modules/mocha/bin/mocha.js');
    const tests = files.map((name) => join(import.meta.dirname, `${name}.test.ts`));
    const as = ['--reuid', String(user), '--regid', String(user), '--clear-groups'];
    const args = [...as, process.execPath, mocha, '--no-config', '--timeout', '60000', '--reporter', 'json', ...tests];
    try {
      const env = { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder };
      const text = await new Promise<string>((done) => {
        execFile('/usr/bin/setpriv', args, { cwd: repository, env, maxBuffer: 2 ** 24 }, (_error, stdout, stderr) => {
          done(stdout || stderr);
        });
      });
      const failures = [...text.matchAll(/"fullTitle": "([^"]*)",(?:(?!"fullTitle")[^])*?"err": \{\s*"/g)];
      assert.match(text, /"failures": 0,/, failures.map((match) => match[1]).join('\n') || text);
      assert.match(text, /"passes": [4-9]\d,/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
