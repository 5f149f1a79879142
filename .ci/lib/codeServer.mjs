/** The VS Code of tests and `npm start`: npm's code-server, installed without its install scripts (nothing is compiled). */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { root, run, say } from './shell.mjs';

const home = join(root, '.code-server');
const stamp = join(home, 'installed');
const wanted = join(root, 'test/code-server');

/** Installs it into .code-server/ unless the lock's own version is there. What an interruption left is cleared first. */
export async function installCodeServer() {
  const version = createHash('sha256')
    .update(readFileSync(join(wanted, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === version) return say('code-server: in place');
  say('code-server: installing into .code-server/ (600 MB, a minute)');
  mkdirSync(home, { recursive: true });
  for (const name of readdirSync(home).filter(isAbandoned)) removeAbandoned(join(home, name));
  const staging = join(home, `staging-${process.pid}`);
  mkdirSync(staging);
  for (const name of ['package.json', 'package-lock.json']) cpSync(join(wanted, name), join(staging, name));

  const npm = (folder, ...args) =>
    run('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
  await npm(staging, 'ci');
  const vscode = join(staging, 'node_modules/code-server/lib/vscode');
  await npm(vscode, 'install', '--omit=dev');
  link(join(vscode, 'bin/remote-cli'), 'code-linux.sh', 'code-server');
  link(join(vscode, 'bin/helpers'), 'browser-linux.sh', 'browser.sh');
  await npm(join(vscode, 'extensions'), 'install', '--omit=dev');
  await run(process.execPath, ['./postinstall.mjs'], { cwd: join(vscode, 'extensions') });

  rmSync(stamp, { force: true });
  rmSync(join(home, 'node_modules'), { recursive: true, force: true });
  renameSync(join(staging, 'node_modules'), join(home, 'node_modules'));
  rmSync(staging, { recursive: true, force: true });
  writeFileSync(stamp, version);
}

/** A staging folder whose installer does not live any more. */
function isAbandoned(name) {
  const pid = /^staging-(\d+)$/.exec(name)?.[1];
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch {
    return true;
  }
}

/** An npm that outlived its installer may still write there: then it is for the next time. */
function removeAbandoned(folder) {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  } catch (error) {
    say(`code-server: ${folder} stays for now (${error.code})`);
  }
}

function link(folder, target, name) {
  rmSync(join(folder, name), { force: true });
  symlinkSync(target, join(folder, name));
}
