/**
 * Pages made readable: how well the text agrees with the source that the page was made from (reStructuredText of Python's
 * documentation, from Debian's python3-doc, markup taken out; F1 over words, of pages whose words all stand in their own
 * source), failures, processor time for a page, and time for a page of 1.7 MB in the worker, with what the event loop waits
 * meanwhile. `Plain` is the same without landmarks and without telling names of classes: as pages are that do not say what
 * is their main part. READABILITY_PAGES=60 takes so many of them, spread evenly.
 */
import { existsSync, globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { messageOf } from '../../src/agent/errors.ts';
import { readHtml } from '../../src/tools/documents/html.ts';
import { documentReader } from '../../src/tools/documents/reader.ts';
import { figure } from './figure.ts';
import { hasOtherSources, rstText, tokenF1 } from './rstText.ts';

const root = '/usr/share/doc/python3-doc/html';
const all = await labelledPages();
if (all.length < 100) {
  process.stderr.write(`There are ${all.length} pages with their sources in ${root}: install python3-doc.\n`);
} else {
  const wanted = Number(process.env['READABILITY_PAGES'] ?? all.length);
  const step = Math.max(1, all.length / wanted);
  const pages = all.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
  figure('readability.pages', pages.length, 'pages', { better: 'higher' });
  // The worker lives as long as the editor: what counts is the time when the code is compiled.
  measure(pages.slice(0, 20));
  const named = measure(pages);
  figure('readability.f1', named.f1, 'F1', { better: 'higher', limit: 0.94 });
  figure('readability.p50', quantile(named.times, 0.5), 'ms', { limit: 20 });
  figure('readability.p95', quantile(named.times, 0.95), 'ms', { limit: 80 });
  const sizes = pages.map(({ html }) => html.length / 1e3);
  figure('readability.pageSize', quantile(sizes, 0.5), 'kB');
  const plain = measure(pages.map(({ html, label }) => ({ html: withoutNames(html), label })));
  figure('readability.f1Plain', plain.f1, 'F1', { better: 'higher' });
  figure('readability.p50Plain', quantile(plain.times, 0.5), 'ms');
  figure('readability.p95Plain', quantile(plain.times, 0.95), 'ms');
  figure('readability.failures', named.failures + plain.failures, 'pages');
  await large(all.map(({ body }) => body));
}

async function labelledPages() {
  const found = [];
  for (const source of globSync(`${root}/_sources/**/*.rst.txt`).sort()) {
    const file = source.replace('/_sources/', '/').replace(/\.rst\.txt$/, '.html');
    const rst = await readFile(source, 'utf8');
    // Stubs of a few words are no pages.
    if (hasOtherSources(rst) || !existsSync(file) || rst.length < 1000) continue;
    const html = await readFile(file, 'utf8');
    const body = /<div class="body" role="main">([\s\S]*)<div class="sphinxsidebar"/.exec(html)?.[1] ?? '';
    found.push({ html, body, label: rstText(rst) });
  }
  return found;
}

function measure(labelled: readonly { readonly html: string; readonly label: string }[]) {
  const scores: number[] = [];
  const times: number[] = [];
  let failures = 0;
  for (const { html, label } of labelled) {
    const bytes = Buffer.from(html);
    const from = process.cpuUsage();
    try {
      const { text } = readHtml({
        bytes,
        name: 'page.html',
        url: 'https://docs.python.org/3/library/page.html',
      });
      const { user, system } = process.cpuUsage(from);
      times.push((user + system) / 1e3);
      scores.push(tokenF1(text.replace(/\]\([^)]*\)/g, ']').replace(/^```\w*/gm, ''), label));
    } catch (error) {
      process.stderr.write(`${messageOf(error)}\n`);
      failures += 1;
    }
  }
  return { f1: scores.reduce((sum, score) => sum + score, 0) / labelled.length, times, failures };
}

function withoutNames(html: string): string {
  return html
    .replace(/ role="[^"]*"/g, '')
    .replace(
      / (?:class|id)="(?:sphinxsidebar\w*|related|body|documentwrapper|bodywrapper|footer|document|clearer|menu|(?:mobile-)?nav[\w-]*)"/g,
      '',
    )
    .replace(/<(\/?)(?:nav|aside|footer|header|main|section)\b/g, '<$1div');
}

/** Pages joined to one of 1.7 MB. */
async function large(bodies: readonly string[]): Promise<void> {
  const whole = `<html><head><title>All</title></head><body>${bodies.join('\n').slice(0, 1_700_000)}</body></html>`;
  const reader = documentReader();
  const signal = new AbortController().signal;
  for (const body of bodies.slice(0, 10)) await reader.read({ bytes: Buffer.from(body), name: 'x.html' }, signal);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const before = process.cpuUsage();
  const from = performance.now();
  await reader.read({ bytes: Buffer.from(whole), name: 'all.html', url: 'https://docs.python.org/3/all.html' }, signal);
  figure('readability.large', (performance.now() - from) / 1e3, 's', { limit: 3 });
  const { user, system } = process.cpuUsage(before);
  figure('readability.largeProcessor', (user + system) / 1e6, 's');
  delay.disable();
  figure('readability.largeLoopDelay', delay.max / 1e6, 'ms');
  await reader.dispose();
}

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? NaN;
}
