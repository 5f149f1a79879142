import assert from 'node:assert/strict';
import type { Fact } from '../../src/shared/events.ts';
import { logOf, replied, started } from './logs.ts';
import { longRun } from './longRun.ts';
import type { PanelState } from './panelPage.ts';
import { runId } from './panelPage.ts';
import { panelSuite } from './panelSuite.ts';
import { edited, rollouts, runStates, secondAttempt, steered, undone } from './runStates.ts';
import type { Theme } from './themes.ts';
import { acting, answered, approving, approvingEdit } from './trajectories.ts';

const run = longRun();
const live = { live: true };
const long = logOf(run);
const nowOf = (facts: readonly Fact[]) => (logOf(facts).at(-1)?.at ?? 0) + 4_200;

const thinking =
  'The changelog says 4.0, the decision record agrees.\n\nWhat is left is the writer: does anything still call it with v1? I look at the callers of write_v1 first, then at the tests, since those may only check the warning. If the tests are the only callers, the answer to the third part is no, with one exception: the fixtures that the script counted, of which three are in the old format and were written by hand.';

const states: Readonly<Record<string, PanelState>> = {
  ...runStates,
  'nothing configured': {
    options: { setup: { configured: false, model: '', workspaceOpen: false } },
    says: /Three steps to a first answer.*Connect a model server.*Open a folder.*Ask a question/s,
  },
  'model connected, no folder': {
    options: { setup: { workspaceOpen: false } },
    says: /Connect a model server\s+, done.*Open a folder/s,
  },
  untrusted: { options: { setup: { trusted: false } }, says: /Trust this folder/ },
  ready: { options: {}, says: /Ask a research question.*asks before it changes files or runs code · no network/s },
  'ready in a repository that narrows': {
    options: {
      setup: {
        permissions: 'Reads, changes files, runs code in the sandbox · network: 2 domains · 3 rules · 600 calls',
        narrowing: ['denies commands: git push, curl', 'approval: sandbox in place of auto'],
      },
    },
    says: /3 rules · 600 calls.*The repository narrows this:\s*denies commands: git push, curl/s,
  },
  'ready with the embedded reader': {
    options: { setup: { embedded: true, model: 'embedded' } },
    says: /not a language model/,
  },
  problem: {
    options: {
      setup: { problem: 'Settings that do not fit, so that their defaults count: approval, maxTurns.' },
    },
    says: /Settings that do not fit/,
  },
  'reading the prompt': {
    options: { events: long, run: live },
    says: /turn 37\s+of 600.*reading 101k tokens\s+0:12/s,
    then: (panel, now) =>
      panel.post({ type: 'preview', runId, preview: { kind: 'reading', since: now - 12_300, promptTokens: 101_200 } }),
  },
  generating: {
    options: { events: long, run: live },
    says: /generating 4\d tok\/s/,
    then: (panel, now) =>
      panel.post({
        type: 'preview',
        runId,
        preview: {
          kind: 'generating',
          since: now - 4_000,
          tokens: 180,
          append: false,
          content: `<think>${thinking}`,
          reasoning: '',
        },
      }),
  },
  'writing a call': {
    options: { events: long, run: live },
    says: /Writing a call of write_file/,
    then: (panel, now) =>
      panel.post({
        type: 'preview',
        runId,
        preview: {
          kind: 'generating',
          since: now - 4_000,
          tokens: 180,
          append: false,
          content: `<think>${thinking}</think>\n<use_mcp_tool>\n<server_name>workspace</server_name>\n<tool_name>write_file</tool_name>\n<arguments>\n{"path": "report.md", "content": "# Report`,
          reasoning: '',
        },
      }),
  },
  'tool running': {
    options: { events: logOf([...run, ...acting]), run: live },
    says: /run python3 -m pytest -q tests\s+0:0\d/,
  },
  'waiting for the server': {
    options: {
      events: logOf([
        ...run,
        {
          type: 'run.waiting',
          reason:
            'Connection refused at http://127.0.0.1:8000/v1: the server is not running, or still loading its model.',
          nextTryAt: nowOf(run) + 30_000,
        },
      ]),
      run: live,
    },
    says: /waiting for the server\s+next try in 0:2\d/,
  },
  'waiting for you': {
    options: { events: logOf([...run, ...approving]), run: live },
    says: /waiting for you.*Run this command\?.*No rule allows git log --since=2019\..*For this run: commands that begin with git log\./s,
  },
  'waiting for you to allow an edit': {
    options: { events: logOf([...run, ...approvingEdit]), run: live },
    says: /Make this edit\?/,
  },
  answered: { options: { events: logOf([...run, ...answered]) }, says: /37 turns.*answered/s },
  'ended without an answer': {
    options: {
      events: logOf([
        ...run,
        { type: 'answer.requested', reason: 'turns', prompt: 'Answer now.' },
        replied(37, 'I do not know yet.'),
        {
          type: 'run.ended',
          reason: 'limit',
          message:
            'The model gave no answer in 3 tries after 600 turns. Raise the turn limit in the settings, or resume the run to let it go on.',
        },
      ]),
    },
    says: /ended without an answer/,
  },
  failed: {
    options: {
      events: logOf([
        ...run,
        {
          type: 'run.ended',
          reason: 'failed',
          message:
            'The model server refused the key (401). Set the key with MiroThinker: Set API Key, then resume.\nPOST http://127.0.0.1:8000/v1/chat/completions\n401 Unauthorized\n{"error": {"message": "invalid api key"}}',
        },
      ]),
    },
    says: /failed.*refused the key/s,
  },
  cancelled: { options: { events: logOf([...run, { type: 'run.ended', reason: 'cancelled' }]) }, says: /cancelled/ },
  'stopped without an end': {
    options: { events: logOf([...run, ...acting]) },
    says: /outcome unknown.*Resume it to go on/s,
  },
  'read only': {
    options: {
      events: long,
      run: { live: true, readOnly: 'This run lives in another window (process 4711 on ada-laptop).' },
    },
    says: /Read only\. This run lives in another window/,
  },
  'log damaged': {
    options: {
      events: logOf([...run, { type: 'run.ended', reason: 'cancelled' }]),
      run: { recovered: 'Its last line was cut off: 109 facts were recovered, nothing before that is missing.' },
    },
    says: /The log is damaged\. Its last line/,
  },
  'loading a long log': {
    options: { run: { live: false }, events: [] },
    says: /loading the log · 40 of 6100 facts/,
    then: (panel) =>
      panel.post({ type: 'events', runId, from: 0, events: long.slice(0, 40), more: true, total: 6_100 }),
  },
  'follow-up': {
    options: {
      events: logOf([
        ...run,
        ...answered,
        {
          type: 'question.asked',
          question: 'And who reviewed the change?',
          mentions: ['docs/adr/0012-drop-v1-cache.md'],
        },
        replied(38, 'The pull request names reviewers.'),
      ]),
      run: live,
    },
    says: /And who reviewed the change\?/,
  },
  'first turn': { options: { events: logOf([started()]), run: live }, says: /turn 1\s+of 600.*asking the model/s },
};

describe('the panel in each state', () => {
  const open = panelSuite();
  for (const [name, { options, says, then }] of Object.entries(states)) {
    it(`says what it is when ${name}`, async () => {
      const panel = await open({ ...options, still: true });
      await then?.(panel, (options.events?.at(-1)?.at ?? 0) + 4_200);
      assert.match(await panel.page.locator('#panel').innerText(), says);
      await panel.screenshot(name.replace(/\W+/g, '-'));
      assert.deepEqual(panel.complaints, []);
    });
  }

  for (const width of [250, 350, 900]) {
    it(`fits ${width} px without scrolling sideways`, async () => {
      for (const [name, more] of [
        ['answered', answered],
        ['approving', approving],
        ['steered', [...undone, ...secondAttempt, ...edited, ...steered]],
      ] as const) {
        const setup = { place: width === 900 ? ('editor' as const) : ('side' as const) };
        const panel = await open({
          events: logOf([...run, ...more]),
          width,
          setup,
          run: { live: name !== 'answered' },
        });
        const overflow = await panel.page.evaluate('document.documentElement.scrollWidth - innerWidth');
        assert.equal(overflow, 0);
        const wide = await panel.page.evaluate(
          '[...document.querySelectorAll("#panel *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.className)',
        );
        assert.deepEqual(wide, []);
        await panel.screenshot(`${name}-${width}`);
      }
    });
  }

  for (const theme of ['light', 'hcDark', 'hcLight'] satisfies Theme[]) {
    it(`draws in ${theme}`, async () => {
      const panel = await open({ events: logOf([...run, ...approvingEdit]), run: live, theme });
      assert.equal(await panel.page.locator('.approval').isVisible(), true);
      await panel.screenshot(`theme-${theme}-approval`);
      const done = await open({ events: logOf([...run, ...answered]), theme });
      await done.page.locator('.cite').first().waitFor();
      await done.screenshot(`theme-${theme}-answer`);
      const facts = [...run, ...undone, ...secondAttempt, ...edited, ...steered];
      const steering = await open({ events: logOf(facts), run: live, theme, height: 1_400 });
      await steering.post(rollouts);
      await steering.page.locator('article.undone').hover();
      await steering.screenshot(`theme-${theme}-steering`);
    });
  }

  it('shows calls as what they are', async () => {
    const panel = await open({ events: logOf([...run, ...answered]), width: 460, height: 2_600 });
    for (const turn of [2, 3, 5, 6, 8, 9, 12, 13]) {
      await panel.page.locator(`article[aria-label^="Turn ${turn},"] .call-line`).click();
    }
    await panel.page.locator('article[aria-label^="Turn 1,"] .thought').click();
    await panel.page.evaluate("document.querySelector('.scroller').scrollTop = 0; drawn()");
    await panel.screenshot('calls-open');
    const text = async (turn: number) => panel.page.locator(`article[aria-label^="Turn ${turn},"]`).innerText();
    assert.match(await text(2), /CHANGELOG\.md\s+41\s+- The v1 cache format/);
    assert.match(await text(5), /\$?\s*git log[\s\S]*e41c09a/);
    assert.match(await text(6), /count\.py[\s\S]*\+\s*import json/);
    assert.match(await text(8), /\+2 −1[\s\S]*−\s*return {row\["date"\]/);
    assert.match(await text(7), /exit 1[\s\S]*Traceback[\s\S]*KeyError: 'date'/);
    assert.match(await text(12), /Release 4\.0: goodbye v1 caches\s+cache-tool\.example/);
    assert.match(await text(13), /Published 2021-06-14/);
    assert.match(await text(3), /Show all 41 lines/);
  });
});
