/** What a person's list keeps out: `example.org` with all below, or `example.org/folder`. */

/** The entry of a list that holds an address; undefined when none does. Also where a mirror or a proxy names it in its path. */
export function blockedBy(url: URL, list: readonly string[]): string | undefined {
  const host = plainHost(url.hostname);
  const path = plainPath(url.pathname);
  const whole = plainPath(url.pathname + url.search);
  return list.find((entry) => {
    const { host: blocked, path: folder } = parsed(entry);
    if (blocked === '') return false;
    const below = host === blocked || host.endsWith(`.${blocked}`);
    return (below && within(path, folder)) || (!below && named(whole, blocked, folder));
  });
}

function parsed(entry: string): { readonly host: string; readonly path: string } {
  const [, host = '', path = ''] = /^(?:https?:\/\/)?(?:\*\.)?([^/]*)(\/.*)?$/i.exec(entry.trim()) ?? [];
  const normal = URL.parse(`http://${host}/`)?.hostname ?? '';
  return { host: plainHost(normal), path: plainPath(path).replace(/\/+$/, '') };
}

function within(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** `https://archive.test/web/2020/https://example.org/folder/x`, with one slash or two. */
function named(path: string, host: string, folder: string): boolean {
  const inner = [...path.matchAll(/https?:\/+([^/?#&]+)([^?#&]*)/g)];
  return inner.some(([, innerHost = '', innerPath = '']) => {
    const below = innerHost === host || innerHost.endsWith(`.${host}`);
    return below && within(innerPath, folder);
  });
}

function plainHost(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}

/** As servers take it: decoded, without doubled slashes; case is not looked at. */
function plainPath(path: string): string {
  const decoded = path.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return decoded.toLowerCase().replace(/\/{2,}/g, '/');
}
