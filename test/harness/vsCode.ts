import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startGroup } from './processGroup.ts';

const checkout = resolve(import.meta.dirname, '../..');
const entry = join(checkout, '.code-server/node_modules/code-server/out/node/entry.js');

/** Settings that keep the workbench quiet and its terminals readable as text. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'telemetry.telemetryLevel': 'off',
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'terminal.integrated.gpuAcceleration': 'off',
};

/** What a VS Code is started with. */
export interface VsCodeOptions {
  /** The folder that the window opens, absolute. */
  readonly folder: string;
  /** User settings, beside the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Lets `extensionTestsPath` work; toasts are hidden and modal dialogs reject in this mode. */
  readonly smokeTestDriver?: boolean;
  /** On: a folder opens restricted until someone trusts it. Default off. */
  readonly workspaceTrust?: boolean;
  /** A .vsix to install first. */
  readonly extensionVsix?: string;
  /** The folder of an extension under development: linked where installed ones are. */
  readonly development?: string;
  /** Environment beside this process's own; XDG_DATA_HOME is inside `dataDir` unless given here. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Reuse this folder (a restart); by default a new one, removed by stop(). */
  readonly dataDir?: string;
  /** Default: a free port. */
  readonly port?: number;
}

/** A running VS Code on 127.0.0.1. */
export interface VsCode {
  /** Opens the folder. */
  readonly url: string;
  readonly port: number;
  /** Everything it writes: user data, extensions, `share` as its XDG_DATA_HOME. */
  readonly dataDir: string;
  /** Folders of the installed extensions. */
  installed(): string[];
  /** What the server wrote so far. */
  output(): string;
  /** Ends the server and everything in its process group; removes `dataDir` if it was made here. */
  stop(): Promise<void>;
}

/** Starts code-server in its own process group; resolves when it answers. Throws with its output when it does not. */
export async function startVsCode(options: VsCodeOptions): Promise<VsCode> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'mirothinker-vscode-'));
  const extensionsDir = join(dataDir, 'ext');
  const user = join(dataDir, 'data/User');
  mkdirSync(user, { recursive: true });
  mkdirSync(extensionsDir, { recursive: true });
  writeFileSync(join(dataDir, 'config.yaml'), '{}\n');
  // A remote window reads settings of the machine from a file of their own.
  const machine = join(dataDir, 'data/Machine');
  mkdirSync(machine, { recursive: true });
  for (const folder of [user, machine]) writeSettings(join(folder, 'settings.json'), options.settings);
  const env = environment(dataDir, options.env);
  const base = [entry, '--config', join(dataDir, 'config.yaml'), '--user-data-dir', join(dataDir, 'data')];
  const folders = [...base, '--extensions-dir', extensionsDir];
  if (options.extensionVsix !== undefined)
    await install([...folders, '--install-extension', options.extensionVsix], env);
  if (options.development !== undefined) linkExtension(extensionsDir, options.development);

  const port = options.port ?? (await freePort());
  const server = startGroup(process.execPath, [...folders, ...serverFlags(options, port)], { env });
  await answers(port, server.exited).catch(async (error: unknown) => {
    await server.stop();
    throw new Error(`VS Code did not start: ${String(error)}\n${server.output()}`);
  });
  return {
    url: windowUrl(port, options.folder, []),
    port,
    dataDir,
    installed: () =>
      readdirSync(extensionsDir, { withFileTypes: true })
        .filter((item) => item.isDirectory())
        .map((item) => join(extensionsDir, item.name)),
    output: () => server.output(),
    async stop() {
      await server.stop();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The address of a window: its folder, and what the workbench is told beside it. */
export function windowUrl(port: number, folder: string, payload: readonly (readonly [string, string])[]): string {
  const told = payload.length === 0 ? '' : `&payload=${encodeURIComponent(JSON.stringify(payload))}`;
  return `http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder)}${told}`;
}

/** A local path as the workbench names it. */
export function remoteUri(port: number, path: string): string {
  return `vscode-remote://127.0.0.1:${port}${path}`;
}

/** What a person set in an earlier start stays. */
function writeSettings(file: string, settings: VsCodeOptions['settings']): void {
  if (existsSync(file) && settings === undefined) return;
  writeFileSync(file, `${JSON.stringify({ ...quietSettings, ...settings }, undefined, 2)}\n`);
}

/** Without the smoke-test driver VS Code ignores `extensionDevelopmentPath`; a link among the installed ones it takes. */
function linkExtension(extensionsDir: string, path: string): void {
  const link = join(extensionsDir, `${basename(path)}-under-development`);
  rmSync(link, { force: true });
  symlinkSync(path, link);
}

function serverFlags(options: VsCodeOptions, port: number): string[] {
  return [
    ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--reconnection-grace-time', '1'],
    ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--ignore-last-opened'],
    ...(options.workspaceTrust === true ? [] : ['--disable-workspace-trust']),
    ...(options.smokeTestDriver === true ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
}

/** This process's environment without what a surrounding VS Code or Node leaves there. */
function environment(dataDir: string, extra: VsCodeOptions['env'] = {}): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|PORT$)/.test(name));
  // Its sockets would stay in /tmp otherwise.
  const runtime = join(dataDir, 'run');
  mkdirSync(runtime, { recursive: true, mode: 0o700 });
  return {
    ...Object.fromEntries(own),
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    XDG_DATA_HOME: join(dataDir, 'share'),
    XDG_RUNTIME_DIR: runtime,
    ...extra,
  };
}

async function install(args: readonly string[], env: Record<string, string | undefined>): Promise<void> {
  const installer = startGroup(process.execPath, args, { env });
  const code = await installer.exited;
  await installer.stop();
  if (code !== 0) throw new Error(`the .vsix was not installed (exit code ${String(code)}):\n${installer.output()}`);
}

async function answers(port: number, exited: Promise<number | null>): Promise<void> {
  const gone: { code?: number | null } = {};
  void exited.then((code) => (gone.code = code));
  const giveUpAt = Date.now() + 60_000;
  while (Date.now() < giveUpAt) {
    if (gone.code !== undefined) throw new Error(`it ended with ${String(gone.code)}`);
    const ok = await fetch(`http://127.0.0.1:${port}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await delay(100);
  }
  throw new Error('no answer within 60 s');
}

/** A port of 127.0.0.1 that nobody listens on right now: the preferred one, if it is free. */
export async function freePort(preferred = 0): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.on('error', (error) => {
      if (preferred === 0) failed(error);
      else found(freePort());
    });
    probe.listen(preferred, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === 'string') failed(new Error('no port'));
        else found(address.port);
      });
    });
  });
}
