/** What sites ask of robots (RFC 9309), once a run and site. */
import robotsModule from 'robots-parser';
import { z } from 'zod';
import { exchange, type Exchanging } from './fetchExchange.ts';
import { FetchError } from './fetchError.ts';
import { ownHeaders, robotsName } from './fetchHeaders.ts';
import type { Asked, FetchTurns } from './fetchTurns.ts';
import { sharedWork } from './sharedWork.ts';

/** What is asked of a parsed file. */
interface Rules {
  readonly isAllowed: (url: string, robot: string) => boolean | undefined;
  readonly getCrawlDelay: (robot: string) => number | undefined;
}

/** The package is a function, whatever its types say of a default export. */
const robotsParser = z
  .custom<(url: string, text: string) => Rules>((value) => typeof value === 'function')
  .parse(robotsModule);

/** What asking takes. */
export interface RobotsAsking extends Exchanging {
  readonly turns: FetchTurns;
  readonly asked: Asked;
}

/** Keeps what was read for the run. */
export interface Robots {
  /** Throws FetchError (robots) where the site does not want an address to be read by robots, or its wish is unknown. */
  readonly check: (url: URL, asking: RobotsAsking) => Promise<void>;
}

const readBytes = 500 * 1024;
const redirects = 5;

/** A site without the file, or that answers 4xx, allows all. One whose answer fails (5xx) allows nothing (RFC 9309, 2.3.1). */
export function robots(): Robots {
  const known = new Map<string, Rules>();
  const asking = sharedWork<Rules>();
  return {
    check: async (url, through) => {
      const { origin } = url;
      const waiter = { signal: through.signal, ahead: !through.asked.aborted };
      const rules =
        known.get(origin) ??
        (await asking.join(origin, waiter, (signal, asked) => readRobots(origin, { ...through, signal, asked })));
      known.set(origin, rules);
      const delay = rules.getCrawlDelay(robotsName);
      if (delay !== undefined && delay > 0) through.turns.slowDown(url, delay * 1000);
      if (rules.isAllowed(url.href, robotsName) === false) {
        throw new FetchError(
          'robots',
          `${url.href} was not read: robots.txt of ${url.host} asks robots to stay away from it. ${personMay}`,
        );
      }
    },
  };
}

const personMay =
  'Look for the same elsewhere; only the person may ignore robots.txt (setting mirothinker.web.robots).';

async function readRobots(origin: string, through: RobotsAsking): Promise<Rules> {
  const limits = { ...through.limits, textBytes: readBytes, documentBytes: readBytes };
  const first = through.guard.check(`${origin}/robots.txt`);
  let url = first;
  for (let hop = 0; hop <= redirects; hop++) {
    const at = url;
    const answer = await through.turns.take(at, through.asked, through.signal, () =>
      exchange({ url: at, headers: ownHeaders }, { ...through, limits }),
    );
    const { status, headers } = answer;
    const location = headers['location'];
    if (status >= 300 && status < 400 && location !== undefined) {
      url = through.guard.check(location, url);
      continue;
    }
    if (status >= 500) {
      throw new FetchError(
        'robots',
        `${origin} was not read: its robots.txt could not be had (status ${status}), which means that robots are to stay away. ${personMay}`,
        { status },
      );
    }
    const text = status >= 200 && status < 300 ? answer.bytes.toString('utf8') : '';
    return robotsParser(first.href, text);
  }
  return robotsParser(first.href, '');
}
