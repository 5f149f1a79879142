/**
 * `npm start`: VS Code with the extension and a copy of the sample workspace.
 * `npm start -- --ask "question"`: the question, headless, in the same workspace; what follows it goes to the command line.
 */
import { cpSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { capture, Failure, find, foreground, main, node24, root, say } from './lib/shell.mjs';
import { setUpForStart } from './lib/steps.mjs';

const defaultServer = 'http://127.0.0.1:8000/v1';

await main(async (args) => {
  if (args.length === 0) return open();
  const [option, question, ...rest] = args;
  if (option !== '--ask' || question === undefined)
    throw new Failure('usage: npm start [-- --ask "question" [options]]');
  return ask(question, rest);
});

async function open() {
  const code = await usableCode();
  await setUpForStart({ codeServer: code === undefined });
  const workspace = sampleWorkspace();
  if (code !== undefined) {
    say(`opening ${workspace} in ${code}`);
    return foreground(code, [`--extensionDevelopmentPath=${root}`, workspace]);
  }
  say('no desktop VS Code at hand (code on PATH, 1.101 or newer, and a display): opening code-server');
  return foreground(node24, ['test/harness/serve.ts', workspace]);
}

async function ask(question, rest) {
  await setUpForStart({ codeServer: false });
  const workspace = sampleWorkspace();
  const given = process.env.MIROTHINKER_BASE_URL;
  const chosen = rest.some((option) => /^--(base-url|model)(=|$)/.test(option));
  const server = given ?? ((await answersAt(defaultServer)) ? defaultServer : undefined);
  const model = chosen ? [] : server === undefined ? ['--model', 'embedded'] : ['--base-url', server];
  if (!chosen) {
    say(
      server === undefined
        ? `model: the embedded reader, an extractive reader and no language model (nothing answers at ${defaultServer}, and MIROTHINKER_BASE_URL is not set)`
        : `model: the server at ${server}`,
    );
  }
  return foreground(node24, ['dist/cli.js', 'ask', question, '--workspace', workspace, ...model, ...rest]);
}

/** A desktop VS Code that can load the extension: on PATH, new enough, and with a display to open on. */
async function usableCode() {
  const code = find('code');
  const display = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (code === undefined || !display || process.getuid?.() === 0) return undefined;
  const { output } = await capture(code, ['--version'], { timeout: 20_000 });
  const [, major, minor] = /^(\d+)\.(\d+)\./m.exec(output) ?? [];
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 101) ? code : undefined;
}

/** The copy that is opened, outside the checkout: what the agent writes there stays, and does not dirty the clone. */
function sampleWorkspace() {
  const copy = join(process.env.XDG_DATA_HOME || join(homedir(), '.local/share'), 'mirothinker/sample-workspace');
  if (existsSync(copy)) {
    say(`sample workspace: ${copy}`);
    return copy;
  }
  say(`sample workspace: copying to ${copy}`);
  const staging = `${copy}-${process.pid}`;
  mkdirSync(dirname(copy), { recursive: true });
  cpSync(join(root, 'test/sample-workspace'), staging, { recursive: true });
  renameSync(staging, copy);
  return copy;
}

/** Whether a model server lists its models there within 1.5 s. */
async function answersAt(baseUrl) {
  try {
    const response = await fetch(`${baseUrl}/models`, { signal: AbortSignal.timeout(1_500) });
    return response.ok && Array.isArray((await response.json()).data);
  } catch {
    return false;
  }
}
