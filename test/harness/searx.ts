/** searx (Debian's, SearXNG's ancestor) with one engine that searches a local index: nothing leaves the machine. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { copyDocumentation } from './documentation.ts';
import { startServer, type LocalServer } from './localServer.ts';

/** Where the pages that it finds are said to be. */
export const documentationUrl = 'https://docs.python.org/3/faq/';

/**
 * Its engine hands the query to SQLite's full-text search as it is: words that all have to be there, "a phrase" in quotes,
 * and a syntax error for a question mark, which is how an engine fails. `site` takes the place of `documentationUrl`.
 */
export async function startSearx({ site = documentationUrl }: { readonly site?: string } = {}): Promise<LocalServer> {
  const folder = await mkdtemp(join(tmpdir(), 'searx-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const pages = join(folder, 'pages');
    await copyDocumentation(pages);
    const database = join(folder, 'index.db');
    await promisify(execFile)(python, ['-c', indexer, pages, database, site]);
    const settings = join(folder, 'settings.yml');
    const server = await startServer(() => [python, '-m', 'searx.webapp'], {
      env: { SEARX_SETTINGS_PATH: settings, PYTHONDONTWRITEBYTECODE: '1' },
      ready: '/about',
      prepare: (port) => writeFile(settings, JSON.stringify(settingsFor(port, database))),
    });
    return {
      url: server.url,
      close: async () => {
        await server.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Debian's own: it has searx. */
const python = '/usr/bin/python3';

/** Reads the pages' text into a full-text table. */
const indexer = `
import glob, html, os, re, sqlite3, sys, urllib.parse
pages, database, site = sys.argv[1:]
connection = sqlite3.connect(database)
connection.execute("create virtual table pages using fts5(title, body, url unindexed)")
for file in sorted(glob.glob(os.path.join(pages, "*.html"))):
    text = open(file, encoding="utf-8").read()
    title = html.unescape(re.search(r"<title>(.*?)</title>", text, re.S).group(1))
    plain = re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style).*?</\\\\1>", " ", text))
    url = site + urllib.parse.quote(os.path.basename(file))
    connection.execute("insert into pages values (?, ?, ?)", (title, re.sub(r"\\\\s+", " ", html.unescape(plain)), url))
connection.commit()
`;

/** YAML reads JSON. Debian's package has no defaults, so everything that searx asks for is here. */
function settingsFor(port: number, database: string) {
  return {
    general: { debug: false, instance_name: 'searx', contact_url: false, enable_stats: false },
    brand: {
      git_url: '',
      git_branch: '',
      issue_url: '',
      docs_url: '',
      public_instances: '',
      wiki_url: '',
      twitter_url: '',
    },
    search: { safe_search: 0, autocomplete: '', default_lang: '', ban_time_on_fail: 0, max_ban_time_on_fail: 0 },
    server: {
      ...{ port, bind_address: '127.0.0.1', secret_key: 'of a test', base_url: false, image_proxy: false },
      ...{ http_protocol_version: '1.0', method: 'GET', default_http_headers: {} },
    },
    ui: {
      static_path: '/usr/share/python3-searx/static',
      templates_path: '/usr/share/python3-searx/templates',
      ...{ default_theme: 'oscar', default_locale: '', theme_args: { oscar_style: 'logicodev' } },
    },
    outgoing: { request_timeout: 5, useragent_suffix: '', pool_connections: 10, pool_maxsize: 5 },
    ...{ preferences: {}, result_proxy: {}, checker: { off_when_debug: true }, locales: { en: 'English' } },
    ...{ doi_resolvers: { none: 'http://127.0.0.1/' }, default_doi_resolver: 'none' },
    engines: [
      {
        ...{ name: 'documentation', engine: 'sqlite', shortcut: 'doc', categories: 'general', timeout: 10 },
        ...{ database, result_template: 'default.html' },
        query_str:
          "SELECT title, url, snippet(pages, 1, '', '', ' … ', 30) AS content FROM pages WHERE pages MATCH :query ORDER BY rank",
      },
    ],
  };
}
