/** What an answer can be: pages, redirects, errors, lies, walls, pages of script. */
import type { Answer, Visit } from './faultyServer.ts';

const html = (title: string, body: string) =>
  `<!doctype html><html><head><meta charset="utf-8"><title>${title}</title></head><body>${body}</body></html>`;

function send({ response }: Visit, type: string, body: string | Buffer, headers: Record<string, string> = {}): void {
  response.writeHead(200, { ...(type !== '' && { 'content-type': type }), ...headers }).end(body);
}

const article = html('An article', `<article><h1>An article</h1><p>${'It says something. '.repeat(40)}</p></article>`);
const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** First part of the path, the rest as said. */
export const faultyPages: Readonly<Record<string, Answer>> = {
  '': (visit) => {
    send(visit, 'text/html; charset=utf-8', article);
  },
  // /page/anything
  page: (visit) => {
    send(visit, 'text/html; charset=utf-8', article.replace('something', `something of ${visit.rest}`));
  },
  // What was sent, as JSON.
  headers: (visit) => {
    send(visit, 'application/json', JSON.stringify(visit.request.headers));
  },
  // How often it was asked, this time included.
  counted: (visit) => {
    send(visit, 'text/plain', String(visit.before + 1));
  },
  // /to/ADDRESS, encoded: 302. /to307 and so on: that status.
  to: ({ response, rest }) =>
    response.writeHead(302, { location: Buffer.from(decodeURIComponent(rest)).toString('latin1') }).end(),
  to301: ({ response, rest }) => response.writeHead(301, { location: decodeURIComponent(rest) }).end(),
  to303: ({ response, rest }) => response.writeHead(303, { location: decodeURIComponent(rest) }).end(),
  to307: ({ response, rest }) => response.writeHead(307, { location: decodeURIComponent(rest) }).end(),
  to308: ({ response, rest }) => response.writeHead(308, { location: decodeURIComponent(rest) }).end(),
  // /hops/N: N redirects, then a page.
  hops: (visit) => {
    const left = Number(visit.rest);
    if (left === 0) send(visit, 'text/html', article);
    else visit.response.writeHead(302, { location: `/hops/${left - 1}` }).end();
  },
  circle: ({ response, rest }) => response.writeHead(302, { location: rest === 'a' ? '/circle/b' : '/circle/a' }).end(),
  'no-location': ({ response }) => response.writeHead(302).end(),
  // An address that is no ASCII, as bytes.
  umlaut: ({ response }) => response.writeHead(302, { location: Buffer.from('/page/größe').toString('latin1') }).end(),
  // /refresh/ADDRESS, encoded: a page that leads on by itself.
  refresh: (visit) => {
    const to = decodeURIComponent(visit.rest);
    const page = html('Moved', '<p>This page has moved.</p>');
    send(visit, 'text/html', page.replace('<title>', `<meta http-equiv="refresh" content="0; url=${to}"><title>`));
  },
  status: ({ response, rest }) => response.writeHead(Number(rest), { 'content-type': 'text/html' }).end('<p>No.</p>'),
  // /later/429/SECONDS: that status with Retry-After the first time.
  later: (visit) => {
    const [status = '503', after = ''] = visit.rest.split('/');
    if (visit.before > 0) send(visit, 'text/plain', 'at last');
    else visit.response.writeHead(Number(status), { 'retry-after': decodeURIComponent(after) }).end();
  },
  // Kept and asked again: an ETag, a date, and what must not be kept.
  etag: (visit) => {
    const same = visit.request.headers['if-none-match'] === '"v1"';
    if (same) visit.response.writeHead(304, { etag: '"v1"' }).end();
    else send(visit, 'text/plain', 'tagged', { etag: '"v1"' });
  },
  dated: (visit) => {
    const date = 'Tue, 01 Sep 2026 10:00:00 GMT';
    if (visit.request.headers['if-modified-since'] === date) visit.response.writeHead(304).end();
    else send(visit, 'text/plain', 'dated', { 'last-modified': date });
  },
  'no-store': (visit) => {
    send(visit, 'text/plain', String(visit.before + 1), { 'cache-control': 'private, no-store' });
  },
  // Charsets that are said, that are only in the page, and that are wrong.
  cp1251: (visit) => {
    send(visit, 'text/html; Charset="Windows-1251"', Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]));
  },
  'meta-latin1': (visit) => {
    send(visit, 'text/html', Buffer.from('<meta charset="iso-8859-1"><p>caf\u00e9 cr\u00e8me</p>', 'latin1'));
  },
  'wrong-charset': (visit) => {
    send(visit, 'text/html; charset=iso-8859-1', html('Größe', '<p>Größe, naïve, 東京</p>'));
  },
  // Content types that lie: what it is, then what it says.
  'html-as-text': (visit) => {
    send(visit, 'text/plain', article);
  },
  'html-as-pdf': (visit) => {
    send(visit, 'application/pdf', article);
  },
  'pdf-as-html': (visit) => {
    send(visit, 'text/html', pdf);
  },
  'png-as-text': (visit) => {
    send(visit, 'text/plain; charset=utf-8', png);
  },
  untyped: (visit) => {
    send(visit, '', article);
  },
  // Walls.
  login: (visit) => {
    send(
      visit,
      'text/html',
      html(
        'Sign in',
        '<form action="/session" method="post"><h1>Sign in to continue</h1><input name="user"><input type="password" name="password"><button>Sign in</button></form>',
      ),
    );
  },
  'to-login': ({ response }) => response.writeHead(302, { location: '/login?return_to=%2Fpage' }).end(),
  consent: (visit) => {
    send(
      visit,
      'text/html',
      html(
        'Before you continue',
        '<div role="dialog"><h1>We value your privacy</h1><p>We and our 842 partners store and access cookies.</p><button>Accept all</button><button>Reject all</button></div>',
      ),
    );
  },
  // Cookies or nothing.
  cookies: ({ request, response }) =>
    request.headers.cookie === undefined
      ? response.writeHead(302, { location: '/cookies', 'set-cookie': 'seen=1' }).end()
      : response.end('with a cookie'),
  // Empty until its script ran; it asks /data for its words.
  scripted: (visit) => {
    const script =
      "fetch('/data').then((r) => r.json()).then((d) => { document.getElementById('root').innerHTML = '<article><h1>' + d.title + '</h1><p>' + d.text + '</p></article>'; });";
    send(
      visit,
      'text/html',
      html('App', `<div id="root"></div><noscript>You need to enable JavaScript.</noscript><script>${script}</script>`),
    );
  },
  data: (visit) => {
    send(visit, 'application/json', JSON.stringify({ title: 'Made by script', text: 'Words that came later.' }));
  },
  // A page whose script is the query, decoded.
  run: (visit) => {
    send(visit, 'text/html', html('Runs', `<p id="out">before</p><script>${decodeURIComponent(visit.rest)}</script>`));
  },
};
