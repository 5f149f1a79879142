/** Opens a folder in code-server with this checkout's extension until Ctrl-C: what `npm start` does without a desktop VS Code. */
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, startVsCode } from './vsCode.ts';

const checkout = resolve(import.meta.dirname, '../..');
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: serve.ts FOLDER');

const asked = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => asked.abort());
const parent = process.ppid;

const vscode = await startVsCode({
  folder: resolve(folder),
  development: checkout,
  // The same data and, where free, the same port as last time: the browser keeps its layout by address.
  dataDir: join(checkout, '.code-server/user'),
  port: await freePort(8642),
  env: { XDG_DATA_HOME: process.env['XDG_DATA_HOME'] },
});
process.stdout.write(`VS Code: ${vscode.url}\nCtrl-C ends it.\n`);
while (!asked.signal.aborted && process.ppid === parent) {
  await delay(500, undefined, { signal: asked.signal }).catch(() => undefined);
}
await vscode.stop();
