import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mark, watchDescendants } from './leftovers.mjs';
import { environment, node24, root, say } from './shell.mjs';

/** Runs one suite to its end within its time, in a process group of its own; resolves to its counts. */
export async function runSuite({ name, args, minutes, env = {} }) {
  const counts = join(root, 'out', `counts-${name}.json`);
  mkdirSync(join(root, 'out'), { recursive: true });
  rmSync(counts, { force: true });
  say(`\n== ${name}`);
  const id = `${name}-${process.pid}-${Date.now()}`;
  const watch = watchDescendants(id);
  const { code, problem, interrupted } = await supervise(args, minutes, {
    ...env,
    [mark]: id,
    MIROTHINKER_TEST_COUNTS: counts,
  });
  const left = await watch.leftovers();
  watch.stop();

  const result = read(counts) ?? { passed: 0, failed: 0, skipped: 0 };
  const problems = problem === undefined ? [] : [problem];
  if (result.passed + result.failed === 0) problems.push('no test ran');
  else if (code !== 0 && result.failed === 0) problems.push(`exit code ${code}, though no test failed`);
  if (left.length > 0) {
    problems.push(`processes left behind:\n${left.map(({ pid, command }) => `  ${pid} ${command}`).join('\n')}`);
    for (const { pid } of left) send(pid, 'SIGKILL');
  }
  for (const text of problems) say(`${name}: ${text}`);
  return { ...result, failed: result.failed + problems.length, interrupted };
}

/** Runs Node 24 with a limit in minutes; what is over it is ended with its group. Interrupting this script ends it too. */
function supervise(args, minutes, env) {
  return new Promise((done) => {
    const child = spawn(node24, args, {
      cwd: root,
      env: environment(env),
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    let problem;
    let stopped = false;
    const end = (signal) => send(-child.pid, signal);
    const clock = setTimeout(() => {
      problem = `not finished after ${minutes} minutes, ended`;
      end('SIGTERM');
      setTimeout(end, 5_000, 'SIGKILL').unref();
    }, minutes * 60_000);
    const interrupted = (signal) => {
      stopped = true;
      problem = `interrupted by ${signal}`;
      end(signal);
      setTimeout(end, 5_000, 'SIGKILL').unref();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupted);
    child.on('error', (error) => (problem = String(error)));
    child.on('close', (code) => {
      clearTimeout(clock);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, interrupted);
      done({ code, problem, interrupted: stopped });
    });
  });
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
