/** Builds what ships into dist/: extension and command line share their chunks, the webview is a bundle of its own. */
import { cp, mkdir, readFile, rm, symlink, chmod, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build, context } from 'esbuild';
import { mergesFile, packagedMerges, packMerges } from './src/model/tokens/merges.ts';

const root = import.meta.dirname;
const dist = join(root, 'dist');
const development = process.argv.includes('--watch') || process.argv.includes('--development');
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const platform = argument('--platform') ?? `${process.platform}-${process.arch}`;

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: !development,
  keepNames: true,
  sourcemap: development ? 'linked' : false,
  logLevel: 'warning',
  legalComments: 'none',
};

/** Bundled CommonJS packages ask for Node's modules with require. */
const requireForCommonJs =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

const node = {
  ...common,
  // The thread is looked for by src/sandbox/guard.ts.
  entryPoints: { extension: 'src/extension.ts', cli: 'src/cli.ts', guardThread: 'src/sandbox/guardThread.ts' },
  outdir: dist,
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  target: 'node22',
  external: ['vscode', 'node-pty', 'playwright-core'],
  banner: { js: requireForCommonJs },
  define: { mirothinkerVersion: JSON.stringify(manifest.version) },
};

const webview = {
  ...common,
  entryPoints: { main: 'webview/main.ts' },
  outdir: join(dist, 'webview'),
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'browser',
  target: 'es2023',
  loader: { '.ttf': 'file' },
  assetNames: '[name]',
};

/** The thread that counts tokens, where src/model/tokens/counter.ts looks for it. */
const tokens = {
  ...common,
  entryPoints: { worker: 'src/model/tokens/worker.ts' },
  outdir: join(dist, 'tokens'),
  format: 'esm',
  platform: 'node',
  target: 'node22',
};

/** The thread that makes documents readable, where src/tools/documents/reader.ts looks for it; a chunk for each format. */
const documents = {
  ...node,
  entryPoints: { worker: 'src/tools/documents/worker.ts' },
  outdir: join(dist, 'documents'),
};

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
if (process.argv.includes('--watch')) {
  for (const options of [node, webview, tokens, documents]) await (await context(options)).watch();
} else {
  await Promise.all([build(node), build(webview), build(tokens), build(documents)]);
}
await copyNodePty();
await copyPlaywright();
await copyRipgrep();
await writeMerges();
await linkCommand();

function argument(name) {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

/** node-pty stays a package, beside the bundle, with the one binary of the platform. */
async function copyNodePty() {
  const from = join(root, 'node_modules/node-pty');
  const to = join(dist, 'node_modules/node-pty');
  await cp(join(from, 'package.json'), join(to, 'package.json'));
  await cp(join(from, 'LICENSE'), join(to, 'LICENSE'));
  await cp(join(from, 'lib'), join(to, 'lib'), {
    recursive: true,
    filter: (path) => !path.endsWith('.map'),
  });
  await cp(join(from, 'prebuilds', platform), join(to, 'prebuilds', platform), {
    recursive: true,
    filter: (path) => !path.endsWith('.pdb'),
  });
}

/** playwright-core stays a package as well: what drives a browser that is there, without its tools and viewers. */
async function copyPlaywright() {
  const parts = [
    'package.json',
    'index.js',
    'index.mjs',
    'browsers.json',
    'LICENSE',
    'NOTICE',
    'ThirdPartyNotices.txt',
  ];
  const code = ['bootstrap', 'coreBundle', 'utilsBundle', 'package', 'serverRegistry'].map((name) => `lib/${name}.js`);
  const licenses = ['utilsBundle', 'serverRegistry'].map((name) => `lib/${name}.js.LICENSE`);
  for (const part of [...parts, ...code, ...licenses]) {
    await cp(join(root, 'node_modules/playwright-core', part), join(dist, 'node_modules/playwright-core', part));
  }
}

/** ripgrep's binary, under a name that does not depend on the platform's package. */
async function copyRipgrep() {
  const require = createRequire(join(root, 'node_modules/@vscode/ripgrep/package.json'));
  const name = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const from = join(dirname(require.resolve(`@vscode/ripgrep-${platform}/package.json`)), 'bin', name);
  await cp(from, join(dist, 'ripgrep', name));
  await chmod(join(dist, 'ripgrep', name), 0o755);
}

/** The vocabulary of Qwen3, converted, beside the worker that reads it; and its license. */
async function writeMerges() {
  const folder = join(dist, 'tokens');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, mergesFile), await packMerges(await packagedMerges()));
  const license = await readFile(join(root, 'node_modules/@huggingface/tokenizers/LICENSE'), 'utf8');
  const notice = `${mergesFile}: the merges of Qwen3's tokenizer (https://huggingface.co/Qwen, Alibaba Cloud), in another format.\n`;
  await writeFile(
    join(folder, 'LICENSE'),
    `${notice}They are licensed under the Apache License 2.0, which follows.\n\n${license}`,
  );
}

/** `npx mirothinker` in a checkout finds the command where npm looks first. */
async function linkCommand() {
  await chmod(join(dist, 'cli.js'), 0o755);
  const bin = join(root, 'node_modules/.bin');
  if (!(await stat(bin).catch(() => undefined))) return;
  await rm(join(bin, 'mirothinker'), { force: true });
  await symlink('../../dist/cli.js', join(bin, 'mirothinker'));
}
