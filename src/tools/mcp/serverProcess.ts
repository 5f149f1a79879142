/** An MCP server that is a program: its process group, its lines, and the end of both. */
import { spawn } from 'node:child_process';
import { UserError } from '../../agent/errors.ts';

/** What is started; nothing of our own environment but what is named. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** A program that runs. */
export interface ServerProcess {
  readonly pid: number;
  /** Resolves when the line was taken. Rejects when nobody reads any more. */
  readonly send: (line: string) => Promise<void>;
  /** The last of what it wrote to standard error. */
  readonly lastWords: () => string;
  /** Settles with why, when it has ended. */
  readonly ended: Promise<string>;
  /** Ends it and all that it started: by the end of its input, then by signals. */
  readonly end: () => Promise<void>;
}

/** A line that is longer ends the server: it speaks something else. */
const maxLineBytes = 64_000_000;
const maxWords = 4_000;
const patienceMs = 1_000;

/** Starts it in a process group of its own. Throws UserError where it cannot be started. */
export async function startProcess(program: Program, onLine: (line: string) => void): Promise<ServerProcess> {
  const { command, args, env, cwd } = program;
  const child = spawn(command, args, { env, cwd, stdio: ['pipe', 'pipe', 'pipe'], detached: true, windowsHide: true });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new UserError(`${command} could not be started: ${error.message}`)));
  });
  const pid = child.pid ?? 0;
  let words = '';
  let why: string | undefined;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words = `${words}${text}`.slice(-maxWords)));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      killGroup(pid, 'SIGKILL');
      why ??= signal === null ? `it ended with exit code ${String(code)}` : `it was ended by ${signal}`;
    });
    // Behind the exit, once what it wrote is read.
    child.once('close', () => resolve(why ?? 'it ended'));
  });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  readLines(child.stdout, onLine, () => {
    why = `it wrote a line of more than ${maxLineBytes / 1e6} MB`;
    killGroup(pid, 'SIGKILL');
  });
  return {
    pid,
    send: (line) =>
      new Promise((resolve, reject) => {
        child.stdin.write(line, (error) => (error ? reject(error) : resolve()));
      }),
    lastWords: () => words.trim(),
    ended,
    end: async () => {
      child.stdin.end();
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        if (await within(exited, patienceMs)) break;
        killGroup(pid, signal);
      }
      await exited;
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    },
  };
}

/** Tells of every whole line; of one that is too long once, and of nothing behind it. */
function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void, onTooLong: () => void): void {
  let parts: Buffer[] = [];
  let length = 0;
  stream.on('data', (chunk: Buffer) => {
    let rest = chunk;
    for (let at = rest.indexOf(10); at >= 0; at = rest.indexOf(10)) {
      const line = Buffer.concat([...parts, rest.subarray(0, at)]).toString('utf8');
      parts = [];
      length = 0;
      rest = rest.subarray(at + 1);
      onLine(line.replace(/\r$/, ''));
    }
    length += rest.length;
    if (length > maxLineBytes) {
      stream.removeAllListeners('data');
      stream.resume();
      onTooLong();
      return;
    }
    if (rest.length > 0) parts.push(rest);
  });
}

async function within(promise: Promise<void>, ms: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), ms);
  const came = await Promise.race([promise.then(() => true as const), late]);
  clearTimeout(timer);
  return came;
}

/** Every process of a group; nothing where there is none any more. */
function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // It has ended.
  }
}

/** What of our environment a server gets: what programs need to run at all. */
const inherited = [
  ...['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'XDG_RUNTIME_DIR'],
  ...['XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'],
  ...['APPDATA', 'COMSPEC', 'HOMEDRIVE', 'HOMEPATH', 'LOCALAPPDATA', 'PATHEXT', 'PROGRAMDATA', 'PROGRAMFILES'],
  ...['SYSTEMDRIVE', 'SYSTEMROOT', 'TEMP', 'TMP', 'USERNAME', 'USERPROFILE', 'WINDIR'],
];

/** The environment of a server: an allow-list of ours, then what its configuration says. */
export function serverEnvironment(
  ours: Readonly<Record<string, string | undefined>>,
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const kept = Object.entries(ours).flatMap(([name, value]) => {
    const known = inherited.includes(name) || /^LC_[A-Z]+$/.test(name);
    // A function that a shell exported is code.
    return known && value !== undefined && !value.startsWith('()') ? [[name, value] as const] : [];
  });
  return { ...Object.fromEntries(kept), ...own };
}
