/** Whether something that is said to confine does: a process is let loose in it, and must fail at what it tries. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folders of an attempt: what may be written, what is the sandbox's own, and a home that must not be seen. */
interface Ground {
  readonly root: string;
  readonly home: string;
  readonly temporary: string;
}

/** Each line of output is a way out that worked, or a right that is missing. */
const attempts = `
(echo x > "$1/inside") 2>/dev/null || echo 'it cannot write in the workspace'
(echo x > "$2/outside") 2>/dev/null && echo 'it wrote outside the workspace'
ls "$3" >/dev/null 2>&1 && echo 'it read the home'
kill -0 "$4" 2>/dev/null && echo 'it reached other processes'
/bin/bash -c "exec 3<>/dev/tcp/127.0.0.1/$5" 2>/dev/null && echo 'it reached the network'
exit 0
`;

/** What it could do and should not, or the reverse; undefined when it confines. `personHome` must exist. */
export async function whatIsWrong(
  confine: (program: readonly [string, ...string[]], ground: Ground) => readonly [string, ...string[]],
  personHome: string,
): Promise<string | undefined> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'mirothinker-check-')));
  const [root, home, temporary, outside] = ['root', 'home', 'tmp', 'outside'].map((name) => join(base, name));
  if (root === undefined || home === undefined || temporary === undefined || outside === undefined) return 'no folders';
  for (const folder of [root, home, temporary, outside]) await mkdir(folder);
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  try {
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const given = [root, outside, personHome, String(process.pid), String(port)];
    const [file, ...args] = confine(['/bin/sh', '-c', attempts, 'sh', ...given], { root, home, temporary });
    return await wordsOf(file, args, root);
  } finally {
    server.close();
    await rm(base, { recursive: true, force: true });
  }
}

function wordsOf(file: string, args: readonly string[], cwd: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(file, [...args], { cwd, env: {}, timeout: 10_000 }, (error, stdout, stderr) => {
      const said = stdout.trim().replaceAll('\n', ', ');
      const failed = stderr.trim().split('\n').at(-1) || error?.message;
      resolve(said || (error ? failed : undefined));
    });
  });
}
