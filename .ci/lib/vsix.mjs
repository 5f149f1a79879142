import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { node24, root, run, say } from './shell.mjs';

/** Packages the extension for this platform; resolves to the file, which is not made again while dist/ is older. */
export async function packageVsix() {
  const target = `${process.platform}-${process.arch}`;
  const file = join(root, 'out', `mirothinker-${target}.vsix`);
  const inputs = [
    'dist/extension.js',
    'dist/webview/main.js',
    'package.json',
    '.vscodeignore',
    'README.md',
    'CHANGELOG.md',
  ];
  const newest = Math.max(
    ...inputs
      .map((path) => join(root, path))
      .filter(existsSync)
      .map((path) => statSync(path).mtimeMs),
  );
  if (existsSync(file) && statSync(file).mtimeMs > newest) {
    say('package: in place');
    return file;
  }
  say(`package: ${file}`);
  mkdirSync(join(root, 'out'), { recursive: true });
  await run(node24, [
    join(root, 'node_modules/@vscode/vsce/vsce'),
    'package',
    '--no-rewrite-relative-links',
    '--target',
    target,
    '--out',
    file,
  ]);
  return file;
}
