/** Which hosts belong together, as best as can be told without a list of registries. */

/** The last two labels of a host; an address, or a name of this machine, with its port. Undefined for what is no address. */
export function siteOf(address: string): string | undefined {
  const url = URL.parse(address);
  if (!url) return undefined;
  const name = url.hostname.replace(/\.$/, '');
  const labels = name.split('.');
  const isOwn = name.startsWith('[') || /^\d+(?:\.\d+){3}$/.test(name) || labels.length < 2;
  return isOwn ? url.host : labels.slice(-2).join('.');
}

/** Whether two hosts are one, or one lies below the other: nobody else can own either. */
export function sameHost(a: URL, b: URL): boolean {
  const [one, other] = [a, b].map(({ hostname }) => hostname.replace(/\.$/, '').replace(/^www\./, ''));
  if (one === undefined || other === undefined) return false;
  return one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`);
}
