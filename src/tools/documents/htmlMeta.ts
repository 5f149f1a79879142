/** What a page says of itself: title, author, when it was published. */
import { isRecord } from '../../shared/json.ts';
import { elementsOf, type ElementsByName } from './dom.ts';
import type { DomDocument } from './domDocument.ts';
import type { DomElement } from './domNodes.ts';

/** What could be told. */
export interface PageMeta {
  readonly title?: string;
  readonly author?: string;
  readonly published?: string;
}

const articleTypes = /(?:Article|Posting|WebPage|Report|NewsArticle|Book|Product|Recipe|Event)$/i;

/** Looks into meta elements, JSON-LD, `time` and the usual places of a byline. */
export function pageMeta(document: DomDocument, byName: ElementsByName): PageMeta {
  const metas = new Map<string, string>();
  for (const meta of byName.get('META') ?? []) {
    const name = (
      meta.getAttribute('property') ??
      meta.getAttribute('name') ??
      meta.getAttribute('itemprop') ??
      ''
    ).toLowerCase();
    const content = oneLine(meta.getAttribute('content') ?? '');
    if (content !== '' && !metas.has(name)) metas.set(name, content);
  }
  const first = (...names: readonly string[]) =>
    names.map((name) => metas.get(name)).find((value) => value !== undefined);
  const linked = [...linkedData(byName.get('SCRIPT') ?? [])];
  const article =
    linked.find((data) => articleTypes.test(String(data['@type'])) && data['datePublished'] !== undefined) ?? linked[0];
  const title =
    oneLine(byName.get('TITLE')?.[0]?.textContent ?? '') ||
    (first('og:title', 'twitter:title', 'dc.title', 'citation_title') ??
      oneLine(byName.get('H1')?.[0]?.textContent ?? ''));
  const author =
    first('author', 'dc.creator', 'citation_author', 'article:author', 'parsely-author', 'byl') ??
    nameIn(article?.['author']) ??
    oneLine(elementsOf(document).find(isByline)?.textContent ?? '');
  const published =
    first(
      'article:published_time',
      'datepublished',
      'citation_publication_date',
      'citation_date',
      'dc.date',
      'dcterms.created',
      'date',
      'pubdate',
    ) ??
    textOf(article?.['datePublished']) ??
    byName
      .get('TIME')
      ?.find(
        (time) =>
          time.hasAttribute('pubdate') ||
          time.getAttribute('itemprop') === 'datePublished' ||
          time.hasAttribute('datetime'),
      )
      ?.getAttribute('datetime') ??
    undefined;
  const isName = author !== '' && author.length <= 200 && !/^https?:/.test(author);
  return {
    ...(title === '' ? {} : { title: title.slice(0, 500) }),
    ...(isName ? { author: author.replace(/^by\s+/i, '') } : {}),
    ...(published === undefined || published.trim() === '' ? {} : { published: isoDate(published) }),
  };
}

/** A date as ISO 8601 where it can be told which it is, otherwise as it is written. */
export function isoDate(written: string): string {
  const text = oneLine(written).slice(0, 100);
  const day = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text);
  if (day) return `${day[1]}-${day[2]?.padStart(2, '0')}-${day[3]?.padStart(2, '0')}`;
  if (/^\d{4}(?:-\d{2}){0,2}(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(text)) return text;
  // Written-out months only: 03/04/2020 is two dates.
  const parsed =
    /[a-z]{3}/i.test(text) && /\d{4}/.test(text) ? Date.parse(`${text}${/\d:\d/.test(text) ? '' : ' UTC'}`) : NaN;
  if (Number.isNaN(parsed)) return text;
  const iso = new Date(parsed).toISOString();
  return /\d:\d/.test(text) ? iso : iso.slice(0, 10);
}

/** White space as single blanks. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function* linkedData(scripts: readonly DomElement[]): Generator<Readonly<Record<string, unknown>>> {
  for (const script of scripts.filter((one) => one.getAttribute('type') === 'application/ld+json')) {
    let value: unknown;
    try {
      value = JSON.parse(script.textContent);
    } catch {
      continue;
    }
    const roots = Array.isArray(value) ? value : [value];
    for (const root of roots.filter(isRecord)) {
      const graph = root['@graph'];
      yield* Array.isArray(graph) ? graph.filter(isRecord) : [root];
    }
  }
}

function nameIn(author: unknown): string | undefined {
  if (Array.isArray(author)) {
    const names = author.map(nameIn).filter((name) => name !== undefined);
    return names.length > 0 ? names.join(', ') : undefined;
  }
  return isRecord(author) ? textOf(author['name']) : textOf(author);
}

function isByline(element: DomElement): boolean {
  if (element.getAttribute('rel') === 'author' || element.getAttribute('itemprop') === 'author') return true;
  return /(?:^|\s)(?:byline|author)(?:\s|$)/.test(element.className);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? oneLine(value) : undefined;
}
