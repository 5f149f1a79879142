/** Attempts to lead fetching into this machine and its network. */

/** One address; PORT and PORT6 stand for servers of this machine that count who comes. */
export interface FetchAttempt {
  readonly title: string;
  readonly url: string;
  /** Whether a plain client that takes the address reaches the counting server with it, which shows that it is an attempt. */
  readonly reaches?: true;
  /** Also where this machine's own servers are allowed. */
  readonly always?: true;
}

const plain = (title: string, url: string): FetchAttempt => ({ title, url });
const reaches = (title: string, url: string): FetchAttempt => ({ title, url, reaches: true });
const always = (title: string, url: string): FetchAttempt => ({ title, url, always: true });

/** This machine, spelled in every way. */
export const loopback: readonly FetchAttempt[] = [
  reaches('loopback', 'http://127.0.0.1:PORT/'),
  reaches('another loopback address', 'http://127.9.8.7:PORT/'),
  reaches('localhost', 'http://localhost:PORT/'),
  reaches('localhost in capitals', 'http://LOCALHOST:PORT/'),
  plain('localhost with a dot', 'http://localhost.:PORT/'),
  plain('a name below localhost', 'http://inner.localhost:PORT/'),
  reaches('a decimal number', 'http://2130706433:PORT/'),
  reaches('a hexadecimal number', 'http://0x7f000001:PORT/'),
  reaches('an octal number', 'http://017700000001:PORT/'),
  reaches('octal parts', 'http://0177.0.0.01:PORT/'),
  reaches('hexadecimal parts', 'http://0x7f.0x0.0x0.0x1:PORT/'),
  reaches('mixed parts', 'http://0x7f.1:PORT/'),
  reaches('two parts', 'http://127.1:PORT/'),
  reaches('three parts', 'http://127.0.1:PORT/'),
  reaches('encoded digits', 'http://%31%32%37.0.0.1:PORT/'),
  reaches('wide digits and dots', 'http://１２７。０。０。１:PORT/'),
  reaches('circled digits', 'http://①②⑦.⓪.⓪.①:PORT/'),
  reaches('a dot behind', 'http://127.0.0.1.:PORT/'),
  reaches('IPv6 loopback', 'http://[::1]:PORT6/'),
  reaches('IPv6 loopback, written out', 'http://[0:0:0:0:0:0:0:1]:PORT6/'),
  reaches('no slashes', 'http:127.0.0.1:PORT/'),
  reaches('too many slashes', 'http:////127.0.0.1:PORT/'),
  reaches('slashes the other way', 'http:\\\\127.0.0.1:PORT\\'),
  reaches('line ends within', 'ht\ntp://127.0.\n0.1:PORT/'),
];

/** What is never read, whatever is allowed. */
export const inside: readonly FetchAttempt[] = [
  { ...always('the address of none', 'http://0.0.0.0:PORT/'), reaches: true },
  { ...always('zero', 'http://0:PORT/'), reaches: true },
  { ...always('IPv4 in IPv6', 'http://[::ffff:127.0.0.1]:PORT/'), reaches: true },
  { ...always('IPv4 in IPv6, in hexadecimal', 'http://[::ffff:7f00:1]:PORT/'), reaches: true },
  always('the IPv6 address of none', 'http://[::]:PORT6/'),
  always('IPv4 at the end of IPv6', 'http://[::127.0.0.1]:PORT/'),
  always('NAT64', 'http://[64:ff9b::7f00:1]:PORT/'),
  always('6to4', 'http://[2002:7f00:1::]:PORT/'),
  always('Teredo', 'http://[2001:0:7f00:1::]:PORT/'),
  always('unique local IPv6', 'http://[fd12:3456::1]/'),
  always('link-local IPv6', 'http://[fe80::1]/'),
  always('IPv6 multicast', 'http://[ff02::1]/'),
  always('a private network (10)', 'http://10.0.0.1/'),
  always('a private network (172.16)', 'http://172.16.0.1/'),
  always('a private network (192.168)', 'http://192.168.1.1/'),
  always('a provider’s own network', 'http://100.64.0.1/'),
  always('link-local', 'http://169.254.1.1/'),
  always('metadata of a cloud', 'http://169.254.169.254/latest/meta-data/'),
  always('metadata, decimal', 'http://2852039166/latest/meta-data/'),
  always('metadata over IPv6', 'http://[fd00:ec2::254]/latest/meta-data/'),
  always('metadata, mapped', 'http://[::ffff:a9fe:a9fe]/'),
  always('metadata of Azure', 'http://168.63.129.16/'),
  always('metadata of Alibaba', 'http://100.100.100.200/'),
  always('metadata by name', 'http://metadata.google.internal/computeMetadata/v1/'),
  always('a name without a dot', 'http://metadata/'),
  always('a name of the local network', 'http://printer.local/'),
  always('a name of the home', 'http://router.home.arpa/'),
  always('broadcast', 'http://255.255.255.255/'),
  always('multicast', 'http://224.0.0.1/'),
  always('reserved', 'http://240.0.0.1/'),
];

/** No web addresses, or such as hide where they lead. */
export const schemes: readonly FetchAttempt[] = [
  always('a file', 'file:///etc/passwd'),
  always('a file of a host', 'file://127.0.0.1/etc/passwd'),
  always('gopher', 'gopher://127.0.0.1:PORT/_GET%20/'),
  always('ftp', 'ftp://127.0.0.1:PORT/'),
  always('dict', 'dict://127.0.0.1:PORT/x'),
  always('ldap', 'ldap://127.0.0.1:PORT/'),
  always('a WebSocket', 'ws://127.0.0.1:PORT/'),
  always('data', 'data:text/html,<h1>x</h1>'),
  always('a script', 'javascript:fetch("http://127.0.0.1:PORT/")'),
  always('a blob', 'blob:http://127.0.0.1:PORT/x'),
  always('the source of a page', 'view-source:http://127.0.0.1:PORT/'),
  always('a Unix socket', 'unix:///var/run/docker.sock'),
  always('HTTP over a Unix socket', 'http+unix://%2Fvar%2Frun%2Fdocker.sock/info'),
  always('a Unix socket as a host', 'http://unix:/var/run/docker.sock:/info'),
  { ...always('a name as the user', 'http://example.org@127.0.0.1:PORT/'), reaches: true },
  always('a name and a port as the user', 'http://example.org:80@127.0.0.1:PORT/'),
  plain('a backslash before the user', 'http://127.0.0.1:PORT\\@example.org:x/'),
  plain('a fragment before the user', 'http://127.0.0.1:PORT#@example.org@/'),
  always('SSH’s port', 'http://example.org:22/'),
  always('mail’s port', 'http://example.org:25/'),
  always('Redis’ port', 'http://example.org:6379/'),
];
