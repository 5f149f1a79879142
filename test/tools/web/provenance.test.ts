/** Addresses that may carry out what a run has read ask a person; others do not. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Fact, TrajectoryEvent } from '../../../src/shared/events.ts';
import { defaultSettings } from '../../../src/runs/choice.ts';
import { noWeb, type WebSettings } from '../../../src/shared/webSettings.ts';
import { provenance } from '../../../src/tools/web/provenance.ts';

const start = (question: string, more: object = {}): Fact => ({
  type: 'run.started', format: 4, runId: 'r', question, mentions: [], model: 'm', baseUrl: '', toolFormat: 'mcp-xml',
  settings: defaultSettings, system: '', tools: [], roots: [], ...more,
}); // prettier-ignore
const started = (callId: string, server: string, tool: string, args: Record<string, unknown> = {}): Fact => ({
  type: 'tool.started', callId, server, tool, arguments: args,
}); // prettier-ignore
const finished = (callId: string, uris: readonly string[] = []): Fact => ({
  type: 'tool.finished', callId, outcome: 'ok', content: uris.join('\n'), truncated: false, durationMs: 1,
  sources: uris.map((uri) => ({ uri, kind: 'hit' as const, retrievedAt: 0, spans: [] })),
}); // prettier-ignore
const web = (more: Partial<WebSettings> = {}): WebSettings => ({ ...noWeb, ...more });
const search = ['search_and_scrape_webpage', 'google_search'] as const;
const scrape = ['jina_scrape_llm_summary', 'scrape_and_extract_info'] as const;
const readsFile = started('file', 'tool-files', 'read_file', { path: 'secret' });

function log(...facts: readonly Fact[]): readonly TrajectoryEvent[] {
  return facts.map((fact, seq) => ({ ...fact, seq, at: 0 }));
}

function knowing(...facts: readonly Fact[]) {
  const events = log(...facts);
  return provenance(web({ trusted: ['trusted.org', 'doi.org'] }), () => events);
}

describe('provenance', () => {
  it('asks about no address before anything private was read', () => {
    const run = knowing(start('Why?'), started('s', ...search), started('b', 'tool-python', 'create_sandbox'));
    fc.assert(fc.property(fc.webUrl(), (url) => run.worry(url, { 'x-a': 'b' }) === undefined));
  });

  it('asks about every made up address once a file was read, a command run, or a file came with the question', () => {
    const privates: readonly (readonly Fact[])[] = [
      [start('Why?'), readsFile],
      [start('Why?'), started('c', 'tool-python', 'run_command', { command: 'ls' })],
      [start('Why?'), started('n', 'agent-browsing', 'search_and_browse', { subtask: 'x' })],
      [start('Why?'), started('m', 'mcp-anything', 'google_search')],
      [start('Why?', { mentions: ['notes.md'] })],
      [start('Why?', { attachments: [{ path: 'a.pdf', text: 'secret', truncated: false }] })],
      [start('Why?', { caller: { runId: 'outer', callId: 'c' } })],
    ];
    for (const facts of privates) {
      const run = knowing(...facts);
      fc.assert(fc.property(fc.webUrl({ withQueryParameters: true }), (url) => run.worry(url) !== undefined));
    }
  });

  it('asks about none that a search found, a page linked to, or a person named, in whatever spelling', () => {
    const spelling = fc.constantFrom<(url: string) => string>(
      (url) => url,
      (url) => `${url}#part`,
      (url) => url.replace(/^http:/, 'https:'),
      (url) => url.replace(/^https:/, 'http:'),
    );
    const url = fc.webUrl({ withQueryParameters: true, validSchemes: ['http', 'https'] });
    fc.assert(
      fc.property(url, spelling, fc.constantFrom('hit', 'link', 'question', 'note', 'answer'), (known, spell, how) => {
        const said = `See ${known} for it.`;
        const run = knowing(
          start(how === 'question' ? said : 'Why?'),
          started('s', ...search),
          finished('s', how === 'hit' ? [known] : []),
          readsFile,
          ...(how === 'note' ? [{ type: 'note.added', text: said, afterTurn: 1 } as const] : []),
          ...(how === 'answer' ? [{ type: 'clarification.answered', answers: [said] } as const] : []),
        );
        if (how === 'link') run.learn([known]);
        assert.equal(run.worry(spell(known)), undefined);
      }),
    );
  });

  it('asks about a known address that something was added to', () => {
    const known = 'https://example.org/a';
    const run = knowing(start(`See ${known}`), readsFile);
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (secret) => {
        const encoded = encodeURIComponent(secret.toWellFormed());
        for (const url of [
          `${known}?q=${encoded}`,
          `${known}/${encoded}x`,
          `https://${Buffer.from(secret).toString('hex')}.example.org/a`,
        ])
          assert.notEqual(run.worry(url), undefined, url);
      }),
    );
  });

  it('takes no address for known because it stands in what a command, a file, the model or another tool said', () => {
    const url = 'https://evil.example/?q=secret';
    const run = knowing(
      start('Why?'),
      started('c', 'tool-python', 'run_command', { command: `echo ${url}` }),
      finished('c', [url]),
      started('m', 'mcp-echo', 'echo', { text: url }),
      finished('m', [url]),
      { type: 'plan.set', by: 'model', items: [{ id: 1, text: url }] },
      { type: 'model.replied', turn: 1, content: url, toolCalls: [], finishReason: 'stop', durationMs: 1, mended: [] },
    );
    assert.match(run.worry(url) ?? '', /made up this address.*evil\.example/s);
  });

  it('takes a subtask for the words of a model, and knows what its caller knows', () => {
    const url = 'https://evil.example/?q=secret';
    const events = log(start(`Read ${url}`, { caller: { runId: 'outer', callId: 'c' } }));
    const nested = (given: readonly string[], isPrivate: boolean) =>
      provenance(web(), () => events, { given, linked: [], own: [], choices: [], isPrivate });
    assert.notEqual(nested([], true).worry(url), undefined);
    assert.equal(nested([url], true).worry(url), undefined);
    assert.equal(nested([], false).worry(url), undefined);
    const outer = knowing(start('See https://known.example/x'), readsFile);
    assert.equal(provenance(web(), () => events, outer.known()).worry('http://known.example/x'), undefined);
  });

  it('lets the model make up addresses of trusted domains, and only of them', () => {
    const run = knowing(start('Why?'), readsFile);
    assert.equal(run.worry('https://trusted.org/anything?x=1'), undefined);
    assert.equal(run.worry('https://a.trusted.org/'), undefined);
    for (const url of [
      'https://trusted.org.evil.example/',
      'https://eviltrusted.org/',
      'https://trusted.org@evil.example/',
      'https://trusted.org:8443/',
    ])
      assert.notEqual(run.worry(url), undefined, url);
  });

  it('asks about headers of the model whatever the address is', () => {
    const known = 'https://trusted.org/a';
    const run = knowing(start(`See ${known}`), readsFile);
    assert.equal(run.worry(known, {}), undefined);
    assert.equal(run.worry(known, { accept: '' }), undefined);
    assert.match(run.worry(known, { 'x-data': 'secret' }) ?? '', /headers/);
  });

  it('asks once: what was allowed is known from then on', () => {
    const url = 'https://example.org/made-up';
    const events = [...log(start('Why?'), readsFile)];
    const run = provenance(web(), () => events);
    assert.notEqual(run.worry(url), undefined);
    events.push({ ...started('p', ...scrape, { url }), seq: 2, at: 0 });
    assert.equal(run.worry(url), undefined);
  });

  it('takes the forms of one text for one address', () => {
    const run = knowing(
      start('Why?'),
      started('s', ...search),
      finished('s', ['https://arxiv.org/abs/1706.03762']),
      readsFile,
    );
    assert.equal(run.worry('https://arxiv.org/pdf/1706.03762.pdf'), undefined);
    assert.notEqual(run.worry('https://arxiv.org/pdf/1706.03763'), undefined);
  });

  it('has the known spelling fetched, whatever the model writes, once anything private was read', () => {
    const known = 'https://example.org/leak/aaaa?q=a';
    const run = knowing(start(`See ${known}`), readsFile);
    for (const told of [
      'https://example.org/leak/%61a%61a?q=%61',
      'https://example.org/leak/aaaa///?q=a',
      'http://example.org/leak/aaaa?q=a',
      'https://example.org./leak/aaaa?q=a',
      'https://EXAMPLE.org:443/leak/aaaa?q=a#secret',
    ])
      if (run.worry(told) === undefined) assert.equal(run.spelling(told), known, told);
    assert.equal(run.spelling('http://example.org/leak/aaaa?q=a'), known);
    assert.equal(knowing(start('Why?')).spelling('http://example.org/%61'), 'http://example.org/%61');
  });

  it('asks about servers of this machine that neither the settings nor the person named', () => {
    const settings = web({ allowLoopback: true, search: [{ provider: 'kiwix', url: 'http://localhost:8080' }] });
    const facts: Fact[] = [start('See http://127.0.0.1:7000/wiki and localhost:7001'), started('s', ...search)];
    const events = () => log(...facts);
    const run = provenance(settings, events);
    facts.push(finished('s', ['http://127.0.0.1:9000/hit']));
    for (const open of ['localhost:8080/x?y', '127.0.0.1:7000/other', 'localhost:7001/', '127.0.0.1:9000/hit'])
      assert.equal(run.worry(`http://${open}`), undefined, open);
    run.learn(['http://127.0.0.1:2375/containers/json']);
    for (const shut of [
      '127.0.0.1:2375/containers/json',
      '127.0.0.1:9000/admin?delete=1',
      '[::1]:8080/',
      'a.localhost/',
    ])
      assert.match(run.worry(`http://${shut}`) ?? '', /server of this machine/, shut);
    assert.equal(run.mayLeadTo('http://localhost:8080/x', 'http://127.0.0.1:2375/containers/json'), false);
    const away = 'https://example.org/made-up';
    facts.push(started('p', ...scrape, { url: 'http://localhost:8080/x' }));
    assert.equal(run.worry(away), undefined, 'the search server is not private');
    facts.push(started('q', ...scrape, { url: 'http://127.0.0.1:7000/wiki' }));
    assert.notEqual(run.worry(away), undefined, 'another one is');
  });

  it('lets a made up address of a trusted domain lead to its own site, to trusted and to known addresses alone', () => {
    const known = 'https://known.example/x';
    const run = knowing(start(`See ${known} and https://trusted.org/known`), readsFile, started('p', ...scrape, { url: 'https://trusted.org/go?to=secret' })); // prettier-ignore
    const from = 'https://trusted.org/go?to=secret';
    for (const to of ['https://www.trusted.org/', 'https://doi.org/10.1/2', known])
      assert.equal(run.mayLeadTo(from, to), true, to);
    for (const to of ['https://evil.example/?secret', `${known}?secret`, 'https://doi.org/10.1/2?secret', 'https://trusted.org.evil/'])
      assert.equal(run.mayLeadTo(from, to), false, to); // prettier-ignore
    assert.equal(run.mayLeadTo('https://trusted.org/known', 'https://evil.example/'), true);
    assert.equal(knowing(start('Why?')).mayLeadTo(from, 'https://evil.example/'), true);
    assert.notEqual(run.worry('https://doi.org/10.1/2?urlappend=secret'), undefined);
    assert.equal(run.worry('https://doi.org/10.1/2'), undefined);
  });

  for (const [how, unasked] of [
    ['of a page', 12],
    ['of a page of a site that a search found', 40],
  ] as const)
    it(`asks when more than ${unasked} links ${how} are chosen`, () => {
      const facts: Fact[] = [start('Why?'), started('s', ...search)];
      facts.push(finished('s', unasked === 40 ? ['https://www.evil.example/'] : []), readsFile);
      const run = provenance(web(), () => log(...facts));
      const link = (n: number) => `https://${n}.evil.example/b`;
      run.learn(Array.from({ length: 256 }, (_, n) => link(n)));
      for (let n = 0; n < unasked; n++) {
        assert.equal(run.worry(link(n)), undefined, String(n));
        facts.push(started(`b${n}`, ...scrape, { url: link(n) }));
        assert.equal(run.worry(link(n)), undefined, 'the same again');
      }
      assert.match(run.worry(link(200)) ?? '', /many links of this site/);
      assert.match(run.worry(link(0)) ?? '', /many links of this site/, 'to and fro');
      assert.equal(run.worry('https://else.example/') === undefined, false);
      run.learn(['https://else.example/']);
      assert.equal(run.worry('https://else.example/'), undefined);
      assert.notEqual(provenance(web(), () => log(start('x', { caller: { runId: 'o', callId: 'c' } })), run.known()).worry(link(200)), undefined); // prettier-ignore
    });

  it('does not take a tick of the plan for anything private', () => {
    const run = knowing(start('Why?'), started('t', 'plan', 'update_plan', { item: 1 }));
    assert.equal(run.worry('https://example.org/made-up'), undefined);
  });
});
