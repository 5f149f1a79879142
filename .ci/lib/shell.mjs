/** Running other programs, for scripts that must work on Node 20 before anything is installed. */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The project's own Node 24; there once `npm ci` has run. */
export const node24 = join(root, 'node_modules/node/bin/node');

/** One line on stderr: stdout belongs to results. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Where a program is, or undefined. */
export function find(program) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** This environment with the project's tools first, without what a surrounding npm leaves there for its script. */
export function environment(extra = {}) {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|command|execpath|node_execpath|config_local_prefix|config_omit)/.test(name),
  );
  const tools = join(root, 'node_modules/.bin');
  return { ...Object.fromEntries(own), PATH: [tools, process.env.PATH].join(delimiter), ...extra };
}

/** Runs a program to its end, silently; resolves to {code, output}, code 127 when there is none. */
export function capture(command, args, options = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: root,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => done({ code: 127, output: String(error) }));
    child.on('close', (code, signal) =>
      done({ code: code ?? 128, output: output + (signal ? `\nended by ${signal}` : '') }),
    );
  });
}

/** Runs a program to its end, silently; throws what it wrote when it fails. */
export async function run(command, args, options = {}) {
  const { code, output } = await capture(command, args, options);
  if (code !== 0) throw new Failure(`${[command, ...args].join(' ')} failed (${code}):\n${output.trim()}`);
  return output;
}

/** Runs a program in the foreground with this terminal; resolves to its exit code. Signals sent to this script reach it. */
export function foreground(command, args, options = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, env: environment(), stdio: 'inherit', ...options });
    const forward = (signal) => child.kill(signal);
    // Ctrl-C in a terminal reaches the whole foreground group by itself.
    const interrupted = () => (process.stdin.isTTY ? undefined : forward('SIGINT'));
    process.on('SIGINT', interrupted);
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, forward);
    child.on('error', (error) => {
      say(String(error));
      done(127);
    });
    child.on('close', (code) => done(code ?? 130));
  });
}

/** Something that the person has to know, verbatim, without a stack. */
export class Failure extends Error {}

/**
 * Runs a script's main function: a Failure is printed and exits 1, its number is the exit code.
 * A script whose npm was ended gets the SIGTERM that npm's shell keeps to itself.
 */
export async function main(work) {
  const parent = process.ppid;
  const orphaned = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(orphaned);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  orphaned.unref();
  try {
    process.exitCode = (await work(process.argv.slice(2))) ?? 0;
  } catch (error) {
    say(error instanceof Failure ? error.message : (error.stack ?? String(error)));
    process.exitCode = 1;
  }
}
