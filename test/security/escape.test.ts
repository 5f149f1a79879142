import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { processesWith } from '../sandbox/sandbox.ts';
import type { Attempt } from './attempts/attempt.ts';
import { network } from './attempts/network.ts';
import { processes } from './attempts/processes.ts';
import { protectedPaths } from './attempts/protectedPaths.ts';
import { reads } from './attempts/reads.ts';
import { resources } from './attempts/resources.ts';
import { writes } from './attempts/writes.ts';
import { makeWorld, type World } from './world.ts';

const groups = { writes, reads, network, processes, protectedPaths, resources };
const never = new AbortController().signal;
const small = {
  limits: { memoryBytes: 2 ** 30, processes: 200, fileBytes: 2 ** 28, openFiles: 512, cpuSeconds: 4 },
  timeoutMs: 6_000,
};

/** Runs one inside; gives back all that it said. */
async function inside({ shell, fill }: World, { run, python, then }: Attempt): Promise<string> {
  const call = { callId: 'c', unconfined: false };
  const said: string[] = [];
  const command = async (text: string) => {
    const { output, notes, timedOut } = await shell.runCommand({ ...call, command: fill(text) }, never);
    said.push(output, ...notes, ...(timedOut ? ['Timed out'] : []));
  };
  if (python !== undefined) {
    const code = `${fill(python)}\nprint("tried")`;
    const kept = then === undefined ? {} : { sandboxId: await shell.create(6_000) };
    const { stdout, stderr, error = '', notes, timedOut } = await shell.runPython({ ...call, ...kept, code }, never);
    said.push(stdout, stderr, error, ...notes, ...(timedOut ? ['Timed out'] : []));
    if (error !== '' && !timedOut) said.push('tried');
  }
  if (run !== undefined) await command(`${run}\necho tried`);
  if (then !== undefined) await command(then);
  return said.join('\n');
}

/** Runs one with nothing around it but the world's environment. */
async function outside({ test, host, fill }: World, { run, python, then }: Attempt): Promise<string> {
  const options = { cwd: test.workspace, env: host, timeout: 20_000, encoding: 'utf8' } as const;
  const [file, code] = run === undefined ? ['python3', python ?? ''] : ['bash', run];
  const said = async (program: string, words: readonly string[]) => {
    const { stdout, stderr } = await promisify(execFile)(program, words, options).catch((error: unknown) => {
      return { stdout: error instanceof Error && 'stdout' in error ? String(error.stdout) : '', stderr: '' };
    });
    return stdout + stderr;
  };
  return (await said(file, ['-c', fill(code)])) + (then === undefined ? '' : await said('bash', ['-c', fill(then)]));
}

describe('a sandbox', () => {
  for (const [group, attempts] of Object.entries(groups)) {
    describe(`against ${group}`, () => {
      let world: World;
      before(async () => (world = await makeWorld(group === 'resources' ? small : {})));
      after(() => world.dispose());
      for (const attempt of attempts) {
        it(`holds: ${attempt.name}`, async () => {
          await world.reset();
          const output = await inside(world, attempt);
          assert.deepEqual(await world.violations(output), [], output);
          if (attempt.ends !== 'early') assert.match(output, /tried/);
          if (attempt.shows) assert.match(output, attempt.shows);
        });
        if (!attempt.control) continue;
        it(`is what holds: ${attempt.name}`, async () => {
          await world.reset();
          assert.notDeepEqual(await world.violations(await outside(world, attempt)), []);
        });
      }
    });
  }

  it('leaves no process behind', async () => assert.deepEqual(await processesWith('97531'), []));
});
