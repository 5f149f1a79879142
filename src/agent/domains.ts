/** Lists of domains: `example.org` and what lies below it, `=example.org` alone, `*.example.org` only what lies below. */

/** What an entry means. */
interface Domain {
  /** In the form that URLs have: lower case, punycode, no dot at the end. */
  readonly host: string;
  readonly scope: 'alone' | 'below' | 'both';
  /** Absent: 80 and 443. */
  readonly port?: number;
}

const usualPorts: readonly number[] = [80, 443];

/** Whether a list holds a host. Addresses are held only where they are listed as such. */
export function domainAllowed(list: readonly string[], host: string, port: number): boolean {
  const name = normalHost(host);
  if (name === undefined) return false;
  return list.some((entry) => {
    const domain = parseDomain(entry);
    return domain !== undefined && holds(domain, name) && portsOf(domain).includes(port);
  });
}

/** What is wrong with an entry, in words; undefined when it is fit for a list. */
export function domainProblem(entry: string): string | undefined {
  if (parseDomain(entry)) return undefined;
  return `\`${entry}\` is no domain. Write example.org for it and all below, =example.org for it alone, *.example.org for what lies below; a port goes behind a colon.`;
}

/** The entries that hold what both lists hold. */
export function commonDomains(a: readonly string[], b: readonly string[]): readonly string[] {
  const [left, right] = [a, b].map((list) => list.flatMap((entry) => parseDomain(entry) ?? []));
  const common = left?.flatMap((one) => right?.flatMap((other) => commonOf(one, other)) ?? []) ?? [];
  return [...new Set(common.map(print))];
}

function parseDomain(entry: string): Domain | undefined {
  const [, mark = '', rest = ''] = /^(=|\*\.)?(.+)$/.exec(entry.trim()) ?? [];
  const [, named = '', portText] =
    /^(\[[^\]]*\]|[^:]+|[\da-f:]*:[\da-f:]*:[\da-f:.]*)(?::(\d{1,5}))?$/i.exec(rest) ?? [];
  const host = normalHost(named);
  const port = portText === undefined ? undefined : Number(portText);
  if (host === undefined || (port !== undefined && (port < 1 || port > 65_535))) return undefined;
  if (isAddress(host) && mark === '*.') return undefined;
  const scope = isAddress(host) || mark === '=' ? 'alone' : mark === '' ? 'both' : 'below';
  return { host, scope, ...(port !== undefined && { port }) };
}

/** Undefined for what is no host. */
function normalHost(host: string): string | undefined {
  // A URL would take more than a host here: a user, a path, an encoded character.
  if (host === '' || /[\s/\\@?#%*=<>^|]/.test(host)) return undefined;
  const bare = /^[\da-f:.]*:[\da-f:.]*:[\da-f:.]*$/i.test(host) ? `[${host}]` : host;
  if (bare.includes(':') && !/^\[[\da-f:.]+\]$/i.test(bare)) return undefined;
  const name = URL.parse(`http://${bare}/`)?.hostname.replace(/\.$/, '');
  return name === undefined || name === '' || /^\.|\.\./.test(name) ? undefined : name;
}

function isAddress(host: string): boolean {
  return host.startsWith('[') || /^\d+(?:\.\d+){3}$/.test(host);
}

function portsOf({ port }: Domain): readonly number[] {
  return port === undefined ? usualPorts : [port];
}

function holds({ host, scope }: Domain, name: string): boolean {
  if (name === host) return scope !== 'below';
  return scope !== 'alone' && !isAddress(name) && name.endsWith(`.${host}`);
}

function commonOf(a: Domain, b: Domain): readonly Domain[] {
  const ports = portsOf(a).filter((port) => portsOf(b).includes(port));
  const names = commonNames(a, b);
  if (!names || ports.length === 0) return [];
  return ports.length === usualPorts.length ? [names] : ports.map((port) => ({ ...names, port }));
}

function commonNames(a: Domain, b: Domain): Pick<Domain, 'host' | 'scope'> | undefined {
  if (a.host === b.host) {
    const scopes = new Set([a.scope, b.scope]);
    if (scopes.has('alone')) return scopes.has('below') ? undefined : { host: a.host, scope: 'alone' };
    return { host: a.host, scope: scopes.has('below') ? 'below' : 'both' };
  }
  if (holds(b, a.host)) return { host: a.host, scope: a.scope };
  return holds(a, b.host) ? { host: b.host, scope: b.scope } : undefined;
}

function print({ host, scope, port }: Domain): string {
  const mark = { alone: isAddress(host) ? '' : '=', below: '*.', both: '' }[scope];
  return `${mark}${host}${port === undefined ? '' : `:${port}`}`;
}
