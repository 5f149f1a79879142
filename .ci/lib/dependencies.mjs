import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, node24, root, run, say } from './shell.mjs';

/** `npm ci`, unless node_modules holds exactly what package-lock.json says. */
export async function installDependencies() {
  if (isInstalled()) return say('dependencies: in place');
  say('dependencies: npm ci');
  await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund']);
  if (!existsSync(node24)) {
    throw new Failure(
      'npm ci did not run the install script of "node": set npm’s ignore-scripts to false and start again',
    );
  }
}

/** npm writes node_modules/.package-lock.json last, after every install script. */
function isInstalled() {
  if (!existsSync(node24)) return false;
  const wanted = packages('package-lock.json');
  const present = packages('node_modules/.package-lock.json');
  if (wanted === undefined || present === undefined) return false;
  const names = Object.keys(wanted).filter((name) => name !== '');
  return (
    names.every((name) => (name in present ? same(wanted[name], present[name]) : wanted[name].optional === true)) &&
    Object.keys(present).every((name) => name in wanted)
  );
}

function same(left, right) {
  return left.version === right.version && left.integrity === right.integrity;
}

function packages(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
  } catch {
    return undefined;
  }
}
