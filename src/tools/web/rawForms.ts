/** Addresses of pages around a text → the address of the text itself. */

type Form = (url: URL) => string | undefined;

/** The address to fetch for one that was asked for: the same, where it has no form that is nearer to the text. */
export function rawForm(address: string): string {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.port !== '') return address;
  for (const form of forms) {
    const raw = form(url);
    if (raw !== undefined) return raw;
  }
  return address;
}

const githubFile: Form = ({ hostname, pathname }) => {
  const [, owner, name, kind, rest] = /^\/([^/]+)\/([^/]+)\/(blob|raw)\/(.+)$/.exec(pathname) ?? [];
  if (!/^(?:www\.)?github\.com$/.test(hostname) || !owner || !name || !kind || !rest) return undefined;
  return `https://raw.githubusercontent.com/${owner}/${name}/${rest}`;
};

const gist: Form = ({ hostname, pathname }) => {
  const [, owner, id] = /^\/([^/]+)\/([0-9a-f]{20,})\/?$/.exec(pathname) ?? [];
  return hostname === 'gist.github.com' && owner && id
    ? `https://gist.githubusercontent.com/${owner}/${id}/raw`
    : undefined;
};

const gitlabFile: Form = ({ hostname, pathname }) => {
  const path = pathname.replace('/-/blob/', '/-/raw/');
  return hostname === 'gitlab.com' && path !== pathname ? `https://gitlab.com${path}` : undefined;
};

/** Abstracts, listings as HTML and the paper's other addresses lead to the paper itself. */
const arxivPaper: Form = ({ hostname, pathname }) => {
  if (!/^(?:www\.|export\.)?(?:arxiv|alphaxiv)\.org$/.test(hostname)) return undefined;
  const [, id] =
    /^\/(?:abs|pdf|html|overview)\/((?:[a-z-]+(?:\.[A-Z]{2})?\/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?)(?:\.pdf)?\/?$/.exec(
      pathname,
    ) ?? [];
  return id && `https://arxiv.org/pdf/${id}`;
};

const huggingfaceFile: Form = ({ hostname, pathname }) => {
  const path = pathname.replace(/^(\/(?:(?:datasets|spaces)\/)?[^/]+\/[^/]+)\/blob\//, '$1/resolve/');
  return hostname === 'huggingface.co' && path !== pathname ? `https://huggingface.co${path}` : undefined;
};

const wikipediaMobile: Form = (url) => {
  const [, language] = /^([a-z-]+)\.m\.wikipedia\.org$/.exec(url.hostname) ?? [];
  return language && `https://${language}.wikipedia.org${url.pathname}${url.search}`;
};

const googleDocument: Form = ({ hostname, pathname }) => {
  const [, kind, id] = /^\/(document|spreadsheets|presentation)\/d\/([\w-]+)(?:\/|$)/.exec(pathname) ?? [];
  if (hostname !== 'docs.google.com' || !kind || !id || /\/(?:export|pub)\b/.test(pathname)) return undefined;
  const format = { document: 'html', spreadsheets: 'xlsx', presentation: 'pdf' }[kind] ?? 'html';
  return `https://docs.google.com/${kind}/d/${id}/export?format=${format}`;
};

const googleFile: Form = ({ hostname, pathname }) => {
  const [, id] = /^\/file\/d\/([\w-]+)(?:\/|$)/.exec(pathname) ?? [];
  return hostname === 'drive.google.com' && id ? `https://drive.google.com/uc?export=download&id=${id}` : undefined;
};

const dropboxFile: Form = (url) => {
  if (!/^(?:www\.)?dropbox\.com$/.test(url.hostname) || !/^\/(?:s|scl\/fi)\//.test(url.pathname)) return undefined;
  const direct = new URL(url);
  direct.searchParams.delete('dl');
  direct.searchParams.set('raw', '1');
  return direct.href;
};

const forms: readonly Form[] = [
  githubFile,
  gist,
  gitlabFile,
  arxivPaper,
  huggingfaceFile,
  wikipediaMobile,
  googleDocument,
  googleFile,
  dropboxFile,
];
