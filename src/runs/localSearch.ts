/** Search servers that run on this machine already, at the ports where they usually are. */
import { request } from 'undici';
import type { SearchChoice } from '../shared/webSettings.ts';

/** SearXNG's own port and the one of its container; kiwix-serve's in its manuals and containers. */
const usualPorts = [8888, 8080, 8090] as const;
const waitMs = 2_000;

/** Each is asked what it is, not for a search: nothing leaves the machine. */
export async function localSearchServers(
  signal: AbortSignal,
  ports: readonly number[] = usualPorts,
): Promise<readonly SearchChoice[]> {
  const asked = ports.map(async (port): Promise<readonly SearchChoice[]> => {
    const url = `http://127.0.0.1:${port}`;
    const [searx, kiwix] = await Promise.all([
      answers(`${url}/config`, '"engines"', signal),
      answers(`${url}/catalog/v2/entries`, 'opds', signal),
    ]);
    if (kiwix) return [{ provider: 'kiwix', url }];
    return searx ? [{ provider: 'searxng', url }] : [];
  });
  return (await Promise.all(asked)).flat();
}

async function answers(url: string, sign: string, signal: AbortSignal): Promise<boolean> {
  try {
    const until = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
    const { statusCode, body } = await request(url, { signal: until });
    const text = await body.text();
    return statusCode === 200 && text.includes(sign);
  } catch {
    return false;
  }
}
