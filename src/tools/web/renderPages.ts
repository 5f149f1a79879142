/** Pages as a browser shows them, for those that are nothing without their scripts. */
import PQueue from 'p-queue';
import type { Browser, BrowserContext } from 'playwright-core';
import { messageOf } from '../../agent/errors.ts';
import { startBrowser, type RunningBrowser } from './browser.ts';
import type { WebAnswer } from './fetchExchange.ts';
import { FetchError } from './fetchError.ts';
import { userAgent } from './fetchHeaders.ts';
import type { Hopping } from './fetchHops.ts';
import { renderRequests } from './renderRequests.ts';
import { unlessAborted } from './unlessAborted.ts';

/** A page's document as it stood in the end. */
export interface Rendered {
  readonly url: URL;
  readonly bytes: Buffer;
  readonly cut: boolean;
}

/** One browser for a run, started when it is first needed. */
export interface Renderer {
  /** Throws FetchError. */
  readonly render: (answer: WebAnswer, hopping: Hopping) => Promise<Rendered>;
  /** Ends every process. */
  readonly dispose: () => Promise<void>;
}

const atOnce = 2;
const closeMs = 5_000;

/** Nothing runs yet. */
export function renderer(browserPath: string | undefined, env: NodeJS.ProcessEnv): Renderer {
  const held: { running: Promise<RunningBrowser> | undefined } = { running: undefined };
  const queue = new PQueue({ concurrency: atOnce });
  const started = async (): Promise<Browser> => {
    const found = await held.running?.catch(() => undefined);
    if (found?.browser.isConnected()) return found.browser;
    held.running = startBrowser(browserPath, env);
    return (await held.running).browser;
  };
  const end = async () => {
    const { running } = held;
    held.running = undefined;
    await (await running?.catch(() => undefined))?.end();
  };
  const renderOnce = async (answer: WebAnswer, hopping: Hopping) => {
    const browser = await started();
    const time = AbortSignal.timeout(hopping.limits.renderMs);
    const signal = AbortSignal.any([hopping.signal, time]);
    const opening = browser.newContext({ userAgent, serviceWorkers: 'block', acceptDownloads: false, locale: 'en-US' });
    try {
      return await unlessAborted(shown(await unlessAborted(opening, signal), answer, { ...hopping, signal }), signal);
    } catch (error) {
      hopping.signal.throwIfAborted();
      if (error instanceof FetchError) throw error;
      const late = `it took more than ${hopping.limits.renderMs / 1000} s`;
      const why = time.aborted ? late : messageOf(error).split('\n')[0];
      throw new FetchError('browser', `${answer.url.href} could not be rendered: ${why ?? ''}.`);
    } finally {
      // A page that never rests does not close either; then the browser goes.
      const closing = opening.then((context) => context.close());
      await unlessAborted(closing, AbortSignal.timeout(closeMs)).catch(end);
    }
  };
  return {
    render: (answer, hopping) => queue.add(() => renderOnce(answer, hopping), { signal: hopping.signal }),
    dispose: end,
  };
}

/** Waits until the page rests, or for a quarter of its time; then takes it as it is. */
async function shown(context: BrowserContext, answer: WebAnswer, hopping: Hopping): Promise<Rendered> {
  const { guard, limits } = hopping;
  const page = await context.newPage();
  context.on('page', (other) => void other.close().catch(() => undefined));
  page.on('dialog', (dialog) => void dialog.dismiss().catch(() => undefined));
  await context.routeWebSocket(/.*/, (socket) => void socket.close().catch(() => undefined));
  await context.route(/.*/, renderRequests(page, answer, hopping));
  const timeout = limits.renderMs;
  await page.goto(answer.url.href, { waitUntil: 'domcontentloaded', timeout });
  await page.waitForLoadState('networkidle', { timeout: timeout / 4 }).catch(() => undefined);
  const whole = Buffer.from(await page.content(), 'utf8');
  const address = page.url();
  const url = address.startsWith('http') ? guard.check(address, answer.url) : answer.url;
  return { url, bytes: whole.subarray(0, limits.textBytes), cut: whole.length > limits.textBytes };
}
