import { existsSync } from 'node:fs';
import { capture, Failure, find, say } from './shell.mjs';

/** Debian's packages: the programs or folders that show that one is there (any of them), and why it is wanted. */
const packages = {
  bubblewrap: { programs: ['bwrap'], why: 'commands of the agent are confined with it' },
  python3: { programs: ['python3'], why: 'the agent runs Python' },
  git: { programs: ['git'], why: 'checkpoints' },
  chromium: {
    programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    why: 'tests in a browser',
  },
  'python3-matplotlib': {
    programs: [],
    folders: ['/usr/lib/python3/dist-packages/matplotlib'],
    why: 'tests of figures',
  },
  searx: {
    programs: [],
    folders: ['/usr/lib/python3/dist-packages/searx'],
    why: 'tests of search, with a real server',
  },
  'kiwix-tools': { programs: ['kiwix-serve'], why: 'tests of offline libraries, with a real server' },
  'zim-tools': { programs: ['zimwriterfs'], why: 'tests make a library of their own' },
  'python3-doc': { programs: [], folders: ['/usr/share/doc/python3-doc/html'], why: 'a documentation tree to read' },
};

/** Installs the named packages where missing. Throws with the command to run by hand, or only says it when `optional`. */
export async function installSystemPackages(names, { optional = false } = {}) {
  const missing = names.filter((name) => !isThere(packages[name]));
  if (missing.length === 0) return say(`system packages: in place (${names.join(', ')})`);
  const reasons = missing.map((name) => `${name} (${packages[name].why})`).join(', ');
  const problem = await aptInstall(missing, reasons);
  if (problem === undefined) return undefined;
  const message = `missing: ${reasons}\n${problem}`;
  if (!optional) throw new Failure(message);
  return say(message);
}

function isThere({ programs, folders = [] }) {
  return programs.some((program) => find(program)) || folders.some((folder) => existsSync(folder));
}

/** Installs Debian packages; resolves to what the person has to do when it cannot. */
async function aptInstall(names, reasons) {
  if (!find('apt-get')) {
    return `This is no Debian-like system. Install ${names.join(', ')} with its package manager (dnf, pacman, brew) and start again.`;
  }
  const byHand = `Run: ${isRoot() ? '' : 'sudo '}apt-get install ${names.join(' ')}`;
  if (!isRoot() && !find('sudo')) return `Not root, and no sudo. As root, run: apt-get install ${names.join(' ')}`;
  say(`system packages: apt-get install ${reasons}`);
  const install = ['install', '-y', '--no-install-recommends', ...names];
  if ((await apt(install)).code === 0) return undefined;
  await apt(['update']);
  const { code, output } = await apt(install);
  return code === 0 ? undefined : `${byHand}\n${output.trim().split('\n').slice(-5).join('\n')}`;
}

function isRoot() {
  return process.getuid?.() === 0;
}

function apt(args) {
  const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=300', ...args];
  // -n: never a prompt; whoever needs one gets the line to run by hand.
  const [program, ...rest] = isRoot() ? command : ['sudo', '-n', ...command];
  return capture(program, rest, { cwd: '/' });
}
