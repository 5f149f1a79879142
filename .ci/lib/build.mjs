import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { node24, root, run, say } from './shell.mjs';

const inputs = ['src', 'webview', 'media', 'package.json', 'esbuild.config.mjs', 'node_modules/.package-lock.json'];
const outputs = ['dist/extension.js', 'dist/cli.js', 'dist/webview/main.js'];

/** Builds dist/, unless it is newer than everything that it is made from. */
export async function buildProduct() {
  const built = outputs.map((path) => join(root, path));
  if (built.every(existsSync) && newest(inputs) < Math.min(...built.map((path) => statSync(path).mtimeMs))) {
    return say('build: in place');
  }
  say('build: node esbuild.config.mjs');
  await run(node24, ['esbuild.config.mjs']);
}

function newest(paths) {
  return Math.max(
    0,
    ...paths
      .map((path) => join(root, path))
      .filter(existsSync)
      .map(newestBelow),
  );
}

function newestBelow(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newestBelow(join(path, name))));
}
