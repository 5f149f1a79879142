import assert from 'node:assert/strict';
import type { Fact } from '../../src/shared/events.ts';
import { done, logOf, replied, settings, started } from './logs.ts';
import { add, announced } from './panelActs.ts';
import { panelSuite } from './panelSuite.ts';
import type { PanelPage } from './panelPage.ts';
import { runId } from './panelPage.ts';

const live = { live: true };
const first = started({ settings: { ...settings, clarify: true, plan: true } });
const questions = [
  'Which package do you mean: cache-tool itself, or the fork that your team publishes?',
  'Do tests count as writing it?',
  'Which branch?',
];
const asks: readonly Fact[] = [first, { type: 'clarification.asked', questions }];
const planned: readonly Fact[] = [
  first,
  { type: 'clarification.asked', questions },
  { type: 'clarification.answered', answers: ['cache-tool itself', '', 'main, as of today'] },
  {
    type: 'plan.set',
    by: 'model',
    items: [
      { id: 1, text: 'Which release dropped the v1 cache format?' },
      { id: 2, text: 'Who decided it, and where is that recorded?' },
      {
        id: 3,
        text: 'Is anything in the repository still writing v1 caches, the tests and the scripts for migrations included?',
      },
    ],
  },
];
const read = { kind: 'file', retrievedAt: 1, spans: [] } as const;
const ticked: readonly Fact[] = [
  ...planned,
  ...done(
    1,
    replied(1, 'The changelog first.', { tool: 'read_file', args: { path: 'CHANGELOG.md' } }),
    '41\t- v1 is gone.',
  ).map((fact) => (fact.type === 'tool.finished' ? { ...fact, sources: [{ ...read, uri: 'CHANGELOG.md' }] } : fact)),
  { type: 'plan.ticked', id: 1, done: true, evidence: [{ callId: 'call-1', index: 0 }] },
  replied(2, 'Who decided it?', { tool: 'search_files', args: { pattern: 'v1' } }),
];

/** Waits, frame by frame, until an expression holds in the page. */
async function until(panel: PanelPage, expression: string): Promise<void> {
  while (!(await panel.page.evaluate<boolean>(expression))) await panel.page.evaluate('drawn()');
}

describe('the dock of questions back', () => {
  const open = panelSuite();

  it('has a field for each, and sends the answers with Enter behind the last', async () => {
    const panel = await open({ events: logOf(asks), run: live });
    const dock = panel.page.locator('.clarification');
    assert.match(
      await panel.page.locator('#panel').innerText(),
      /asks you something first[\s\S]*Before the research starts[\s\S]*Skip/,
    );
    await panel.screenshot('clarifying');
    await panel.page.keyboard.press('a');
    await panel.page.keyboard.type('cache-tool itself');
    await panel.page.keyboard.press('Enter');
    await panel.page.keyboard.press('Enter');
    await panel.page.keyboard.type('main');
    await panel.page.keyboard.press('Enter');
    const sent = await panel.intention('clarify');
    assert.deepEqual(sent, { type: 'clarify', runId, answers: ['cache-tool itself', '', 'main'] });
    assert.equal(await dock.isVisible(), false);
    assert.deepEqual(panel.complaints, []);
  });

  it('skips with Escape, which does not throw away at once what was typed', async () => {
    const panel = await open({ events: logOf(asks), run: live });
    const field = panel.page.locator('.clarification input').first();
    await field.fill('something');
    await field.press('Escape');
    assert.match(await announced(panel), /The answers are kept/);
    assert.deepEqual(
      panel.sent.filter(({ type }) => type === 'clarify'),
      [],
    );
    await panel.page.locator('.clarification').getByText('Skip').click();
    assert.deepEqual((await panel.intention('clarify')).answers, []);
  });

  it('keeps what was typed over a reload', async () => {
    const state = { draft: '', opened: [], drafts: [[`clarify ${runId} 0 2`, 'the stable one']] };
    const panel = await open({ events: logOf(asks), run: live, state });
    await until(panel, "document.querySelectorAll('.clarification vscode-text-field')[2]?.value === 'the stable one'");
  });

  it('is not there in a run that nobody writes, or that is only read', async () => {
    for (const run of [{ live: false }, { live: true, readOnly: 'It runs elsewhere.' }]) {
      const panel = await open({ events: logOf(asks), run });
      assert.equal(await panel.page.locator('.clarification').isVisible(), false);
    }
  });

  it('leaves questions and answers below the question', async () => {
    const panel = await open({ events: logOf(planned), run: live });
    assert.match(
      await panel.page.locator('.clarified').innerText(),
      /Which package[\s\S]*cache-tool itself[\s\S]*Left open[\s\S]*main, as of today/,
    );
  });
});

describe('the plan', () => {
  const open = panelSuite();

  it('stands below the header with its ticks, and leads to what was read', async () => {
    const panel = await open({ events: logOf(ticked), run: live });
    assert.match(
      await panel.page.locator('.plan').innerText(),
      /Plan\s+1 of 3 settled[\s\S]*Which release[\s\S]*1 source[\s\S]*Who decided/,
    );
    await panel.screenshot('plan');
    await panel.page.locator('.plan-evidence').click();
    assert.match(await panel.page.evaluate<string>('document.activeElement.getAttribute("aria-label")'), /^Turn 1,/);
    assert.deepEqual(panel.complaints, []);
  });

  it('is ticked and unticked by a person', async () => {
    const panel = await open({ events: logOf(ticked), run: live });
    const boxes = panel.page.getByRole('checkbox');
    assert.deepEqual(await Promise.all([0, 1, 2].map((at) => boxes.nth(at).getAttribute('aria-checked'))), [
      'true',
      'false',
      'false',
    ]);
    await boxes.nth(0).click();
    await boxes.nth(2).press('Enter');
    assert.deepEqual(
      panel.sent.filter(({ type }) => type === 'tickPlan'),
      [
        { type: 'tickPlan', runId, id: 1, done: false },
        { type: 'tickPlan', runId, id: 3, done: true },
      ],
    );
    await add(panel, ticked, { type: 'plan.ticked', id: 3, done: true, evidence: [] });
    assert.match(await panel.page.locator('.plan-words').innerText(), /2 of 3 settled/);
  });

  it('is edited with the keyboard alone while the run pauses', async () => {
    const panel = await open({ events: logOf(ticked), run: live });
    const { keyboard } = panel.page;
    await keyboard.press('p');
    await keyboard.press('e');
    await panel.intention('pause');
    await until(panel, "document.activeElement.closest('.plan-row') !== null");
    await keyboard.press('Alt+ArrowDown');
    await keyboard.press('End');
    await keyboard.type(' Name it exactly.');
    await keyboard.press('Enter');
    await keyboard.press('Enter');
    await until(panel, "document.querySelectorAll('.plan-row').length === 4");
    await until(panel, "document.activeElement === document.querySelectorAll('.plan-row')[3]?.firstElementChild");
    await keyboard.type('What do people have to do now?');
    await panel.screenshot('plan-editing');
    await keyboard.press('Control+Enter');
    const { items } = await panel.intention('editPlan');
    assert.deepEqual(
      items.map(({ id, text }) => [id, text.slice(0, 40)]),
      [
        [2, 'Who decided it, and where is that record'],
        [1, 'Which release dropped the v1 cache forma'],
        [3, 'Is anything in the repository still writ'],
        [0, 'What do people have to do now?'],
      ],
    );
    assert.match(items[1]?.text ?? '', /Name it exactly\.$/);
    await panel.intention('goOn');
    assert.equal(await panel.page.locator('.plan-editor').isVisible(), false);
    assert.deepEqual(panel.complaints, []);
  });

  it('is left as it is with Escape, and a run that was paused already stays so', async () => {
    const panel = await open({ events: logOf([...ticked, { type: 'run.paused' }]), run: { ...live, pausing: true } });
    await panel.post({ type: 'editPlan' });
    await panel.page.locator('.plan-row').nth(1).getByRole('button', { name: 'Remove' }).click();
    assert.equal(await panel.page.locator('.plan-row').count(), 2);
    await panel.page.keyboard.press('Escape');
    assert.equal(await panel.page.locator('.plan-editor').isVisible(), false);
    assert.deepEqual(
      panel.sent.map(({ type }) => type).filter((type) => type !== 'ready'),
      [],
    );
  });

  it('lets the run go on when it is left after a reload, if editing paused it', async () => {
    const before = await open({ events: logOf(ticked), run: live });
    await before.post({ type: 'editPlan' });
    await before.intention('pause');
    const state: unknown = await before.page.evaluate('kept.state');
    const paused = { events: logOf([...ticked, { type: 'run.paused' } as const]), state };
    for (const key of ['Escape', 'Control+Enter']) {
      const after = await open({ ...paused, run: { ...live, pausing: true } });
      await after.post({ type: 'editPlan' });
      await until(after, "document.activeElement.closest('.plan-row') !== null");
      await after.page.keyboard.press(key);
      await after.intention('goOn');
    }
    const going = await open({ events: logOf(ticked), run: live, state });
    await add(going, ticked, { type: 'run.paused' });
    await going.post({ type: 'editPlan' });
    await going.page.keyboard.press('Escape');
    assert.equal(await going.page.locator('.plan-editor').isVisible(), false);
    assert.ok(going.sent.every(({ type }) => type !== 'goOn'));
  });

  it('is only shown where the run has ended, and folds', async () => {
    const panel = await open({ events: logOf([...ticked, { type: 'run.ended', reason: 'cancelled' }]) });
    const line = panel.page.locator('.plan-line');
    assert.equal(await line.getAttribute('aria-expanded'), 'false');
    await line.click();
    assert.equal(await panel.page.getByRole('button', { name: 'Edit the plan' }).isVisible(), false);
    await panel.page.getByRole('checkbox').first().click({ force: true });
    assert.deepEqual(
      panel.sent.filter(({ type }) => type === 'tickPlan'),
      [],
    );
  });

  for (const [name, width, theme] of [
    ['250', 250, 'dark'],
    ['900', 900, 'light'],
    ['hcDark', 350, 'hcDark'],
    ['hcLight', 350, 'hcLight'],
  ] as const) {
    it(`fits and draws at ${name}`, async () => {
      for (const [what, facts] of [
        ['clarifying', asks],
        ['plan', ticked],
      ] as const) {
        const setup = { place: width === 900 ? ('editor' as const) : ('side' as const) };
        const panel = await open({ events: logOf(facts), run: live, width, theme, setup });
        if (what === 'plan') await panel.post({ type: 'editPlan' });
        const wide = await panel.page.evaluate(
          '[...document.querySelectorAll("#panel *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.className)',
        );
        assert.deepEqual(wide, []);
        await panel.screenshot(`${what}-${name}`);
      }
    });
  }
});
