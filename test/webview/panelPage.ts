/** The built webview in a real browser, with a stand-in for VS Code that only passes messages. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, normalize, resolve } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { panelHtml } from '../../src/host/panelHtml.ts';
import type { TrajectoryEvent } from '../../src/shared/events.ts';
import type { FromWebview, Setup, ToWebview } from '../../src/shared/protocol.ts';
import type { Theme } from './themes.ts';
import { themes } from './themes.ts';

const checkout = resolve(import.meta.dirname, '../..');
const built = join(checkout, 'out/webview');
const inPage = join(import.meta.dirname, 'inPage.js');
const screenshots = join(checkout, 'out/screenshots');

/** What the panel is shown. */
export interface PanelOptions {
  readonly events?: readonly TrajectoryEvent[];
  readonly setup?: Partial<Setup>;
  readonly run?: Partial<ToWebview & { type: 'run' }>;
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  /** Facts in one message; default: all. */
  readonly pageSize?: number;
  /** What VS Code kept of the view before. */
  readonly state?: unknown;
  /** The view's clock stands still, so that what it says of times does not depend on how fast the test is. */
  readonly still?: boolean;
}

export interface PanelPage {
  readonly page: Page;
  /** What the view sent, oldest first. */
  readonly sent: FromWebview[];
  /** Anything that the page complained about: errors, policy violations, requests that left. */
  readonly complaints: string[];
  readonly post: (message: ToWebview) => Promise<void>;
  /** Waits for an intention of that type, new or sent already. */
  readonly intention: <T extends FromWebview['type']>(type: T) => Promise<FromWebview & { type: T }>;
  readonly screenshot: (name: string) => Promise<void>;
}

/** A state of the panel, for pictures and tests. */
export interface PanelState {
  readonly options: PanelOptions;
  /** What the state line, the empty state, the flow or a notice says. */
  readonly says: RegExp;
  /** What happens then; `now` is the host's clock. */
  readonly then?: (panel: PanelPage, now: number) => Promise<void>;
}

export const runId = '20251009-085320-a1b2c3';

/** Serves the panel on loopback; `close` ends it. */
export async function servePanel(): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  await build({
    absWorkingDir: checkout,
    bundle: true,
    minify: true,
    entryPoints: { main: 'webview/main.ts' },
    outdir: built,
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'browser',
    target: 'es2023',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
    logLevel: 'error',
  });
  const server = createServer((request, response) => {
    void answer(request.url ?? '/', request.headers.host ?? '').then(({ status, type, body }) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = addressOf(server.address());
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

const types: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css', ttf: 'font/ttf' };

async function answer(url: string, host: string) {
  const path = normalize(new URL(url, 'http://local').pathname);
  const origin = `http://${host}`;
  if (path === '/') {
    const html = panelHtml({
      cspSource: origin,
      script: `${origin}/main.js`,
      style: `${origin}/main.css`,
      nonce: 'n0nce',
    });
    return { status: 200, type: 'text/html; charset=utf-8', body: html };
  }
  const body = await readFile(join(built, path)).catch(() => undefined);
  const type = types[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
  return body ? { status: 200, type, body } : { status: 404, type: 'text/plain', body: 'not here' };
}

function addressOf(address: string | AddressInfo | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address;
}

/** Opens the panel with a host that answers `ready` with the run. */
export async function openPanel(browser: Browser, url: string, options: PanelOptions = {}): Promise<PanelPage> {
  const { width = 350, height = 820, theme = 'dark' } = options;
  const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' });
  const sent: FromWebview[] = [];
  const waiters = new Set<() => void>();
  const answered = Promise.withResolvers<undefined>();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) complaints.push(`left: ${request.url()}`);
  });
  const post = async (message: ToWebview) => {
    await page.evaluate(`postMessage(${JSON.stringify(message)}, '*'); drawn()`);
  };
  await page.exposeFunction('hostReceives', async (message: FromWebview) => {
    sent.push(message);
    for (const wake of waiters) wake();
    if (message.type !== 'ready') return;
    await answerReady(post, options, message.have);
    answered.resolve(undefined);
  });
  const setUp = JSON.stringify({ ...themes[theme], state: options.state });
  await page.addInitScript(`const setUp = ${setUp};\n${await readFile(inPage, 'utf8')}`);
  if (options.still) await page.clock.setFixedTime(new Date());
  await page.goto(url);
  await answered.promise;
  return {
    page,
    sent,
    complaints,
    post,
    intention: (type) => nextIntention(sent, waiters, type),
    screenshot: async (name) => {
      mkdirSync(screenshots, { recursive: true });
      await page.evaluate('document.fonts.ready.then(() => drawn())');
      await page.screenshot({ path: join(screenshots, `${name}.png`) });
    },
  };
}

function nextIntention<T extends FromWebview['type']>(sent: readonly FromWebview[], waiters: Set<() => void>, type: T) {
  return new Promise<FromWebview & { type: T }>((found) => {
    const look = () => {
      const hit = sent.find((message): message is FromWebview & { type: T } => message.type === type);
      if (!hit) return;
      waiters.delete(look);
      found(hit);
    };
    waiters.add(look);
    look();
  });
}

async function answerReady(post: PanelPage['post'], options: PanelOptions, have: number): Promise<void> {
  const { events, setup, run, pageSize = Number.POSITIVE_INFINITY } = options;
  await post({ type: 'setup', setup: { ...usualSetup, ...setup } });
  const now = run?.now ?? (events?.at(-1)?.at ?? 0) + 4_200;
  await post({ type: 'run', live: false, ...run, runId: events ? runId : null, now });
  if (!events) return;
  for (let from = have; from < events.length; from += pageSize) {
    const page = events.slice(from, from + pageSize);
    const more = from + page.length < events.length;
    await post({ type: 'events', runId, from, events: page, more, total: events.length });
  }
}

/** A workspace that is open and trusted, and a model that is connected. */
export const usualSetup: Setup = {
  configured: true,
  model: 'MiroThinker-v1.5-30B',
  baseUrl: 'http://127.0.0.1:8000/v1',
  embedded: false,
  trusted: true,
  workspaceOpen: true,
  permissions: 'Reads, asks before it changes files or runs code · no network · 600 calls',
  place: 'side',
};
