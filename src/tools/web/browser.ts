/** A browser that has no way to any network: whatever its pages ask for must be given to it. */
import type { Browser } from 'playwright-core';
import { messageOf } from '../../agent/errors.ts';
import { FetchError } from './fetchError.ts';
import { findBrowser } from './findBrowser.ts';

/** No name has an address, all goes to a proxy that has no address either, and nothing goes past it: loopback and UDP neither. */
const cutOff = [
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--proxy-server=http://127.0.0.1:9',
  '--proxy-bypass-list=<-loopback>',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--disable-quic',
] as const;

const quiet = [
  '--no-first-run',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-domain-reliability',
  '--mute-audio',
] as const;

const passedOn = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'TMPDIR',
  'TEMP',
  'TMP',
  'LD_LIBRARY_PATH',
  'SystemRoot',
  'LOCALAPPDATA',
  'PROGRAMFILES',
];

/** One that runs. */
export interface RunningBrowser {
  readonly browser: Browser;
  /** Ends all its processes, also when it no longer listens. */
  readonly end: () => Promise<void>;
}

const endMs = 5_000;

/**
 * Starts one, with an empty profile, without our environment's keys, and in Chrome's own sandbox (which Chrome does not offer
 * to root). It ends with this process. Throws FetchError (browser).
 */
export async function startBrowser(setting: string | undefined, env: NodeJS.ProcessEnv): Promise<RunningBrowser> {
  const executablePath = await findBrowser(setting, env);
  const { chromium } = await import('playwright-core');
  const passed = passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  try {
    const browser = await chromium.launch({
      executablePath,
      args: [...cutOff, ...quiet],
      headless: true,
      chromiumSandbox: process.getuid?.() !== 0,
      env: Object.fromEntries(passed),
      timeout: 20_000,
      // Ctrl-C belongs to the run.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    const id = await processId(browser);
    return { browser, end: () => ended(browser, id) };
  } catch (error) {
    const [first = ''] = messageOf(error).split('\n');
    throw new FetchError('browser', `Pages cannot be rendered: ${executablePath} does not start (${first}).`);
  }
}

async function processId(browser: Browser): Promise<number | undefined> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.find(({ type }) => type === 'browser')?.id;
}

/** While it is connected its id is its own. */
async function ended(browser: Browser, id: number | undefined): Promise<void> {
  const timer = setTimeout(() => {
    if (id !== undefined && browser.isConnected()) process.kill(id, 'SIGKILL');
  }, endMs);
  await browser.close().finally(() => {
    clearTimeout(timer);
  });
}
