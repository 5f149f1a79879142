import assert from 'node:assert/strict';
import { fromWebviewSchema } from '../../src/shared/protocol.ts';
import type { Fact } from '../../src/shared/events.ts';
import type { Attachment } from '../../src/shared/refs.ts';
import { logOf, started } from './logs.ts';
import { longRun } from './longRun.ts';
import { add, announced } from './panelActs.ts';
import { runId, type PanelPage } from './panelPage.ts';
import { panelSuite } from './panelSuite.ts';
import { acting } from './trajectories.ts';

const paper = { kind: 'path', path: '/home/me/papers/turbines.pdf', name: 'turbines.pdf' } as const;
const table = { kind: 'path', path: '/work/data.xlsx', name: 'data.xlsx' } as const;

/** The first fact of a run on files. */
function startedWith(attachments: readonly Attachment[]): Fact {
  const fact = started({ question: 'What?' });
  return fact.type === 'run.started' ? { ...fact, attachments } : fact;
}

describe('files for a question', () => {
  const open = panelSuite();
  const chips = ({ page }: PanelPage) => page.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
  const names = async (panel: PanelPage) => (await chips(panel).allInnerTexts()).map((text) => text.trim());

  it('are chosen with a button, shown, and go with the question', async () => {
    const panel = await open();
    const { page } = panel;
    await page.getByRole('button', { name: 'Attach files' }).click();
    assert.deepEqual(await panel.intention('attachFiles'), { type: 'attachFiles' });
    await panel.post({ type: 'attached', files: [paper, table, paper] });
    assert.deepEqual(await names(panel), ['turbines.pdf', 'data.xlsx']);
    assert.equal(await announced(panel), '2 files attached');
    await panel.screenshot('attached');
    const box = page.getByRole('textbox', { name: 'Question' });
    await box.fill('What do they say?');
    await box.press('Enter');
    const asked = await panel.intention('ask');
    assert.deepEqual(asked, { type: 'ask', question: 'What do they say?', mentions: [], attached: [paper, table] });
    assert.ok(fromWebviewSchema.safeParse(asked).success);
  });

  it('stay when the question is refused, and go when it was taken', async () => {
    const panel = await open();
    const box = panel.page.getByRole('textbox', { name: 'Question' });
    await panel.post({ type: 'attached', files: [paper] });
    await box.fill('What?');
    await box.press('Enter');
    await panel.intention('ask');
    await panel.post({ type: 'refused', message: 'turbines.pdf cannot be attached: it is encrypted.' });
    assert.deepEqual(await names(panel), ['turbines.pdf']);
    await box.press('Enter');
    const attachments = [{ path: 'turbines.pdf', text: 'x', truncated: false }];
    await panel.post({ type: 'run', runId, live: true, now: 0 });
    await add(panel, [], startedWith(attachments));
    await chips(panel).first().waitFor({ state: 'detached' });
    assert.equal(await panel.page.locator('.asked-files').innerText(), 'With turbines.pdf');
    await panel.screenshot('attached-asked');
  });

  it('are taken off by keyboard, and the focus stays near', async () => {
    const panel = await open();
    const { page } = panel;
    await panel.post({ type: 'attached', files: [paper, table] });
    await page.getByRole('button', { name: 'Take turbines.pdf off' }).focus();
    await page.keyboard.press('Enter');
    assert.deepEqual(await names(panel), ['data.xlsx']);
    const focused = () => page.evaluate('document.activeElement?.getAttribute("aria-label")');
    assert.equal(await focused(), 'Take data.xlsx off');
    await page.keyboard.press('Space');
    assert.equal(await page.getByRole('list', { name: 'Attached files' }).isVisible(), false);
  });

  it('are seen in high contrast, and in a narrow panel', async () => {
    for (const [theme, width] of [
      ['hcDark', 350],
      ['hcLight', 250],
      ['light', 350],
    ] as const) {
      const panel = await open({ theme, width });
      const long = { ...paper, path: '/x', name: `${'a-very-long-name-'.repeat(4)}.pdf` };
      await panel.post({ type: 'attached', files: [paper, long, table] });
      assert.equal(await panel.page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0);
      await panel.screenshot(`attached-${theme}-${width}`);
    }
  });

  it('do not go with a note: the question is queued with them', async () => {
    const working: readonly Fact[] = [...longRun(), ...acting];
    const panel = await open({ events: logOf(working), run: { live: true } });
    const box = panel.page.getByRole('textbox', { name: 'Note to this run' });
    await panel.post({ type: 'attached', files: [paper] });
    await box.fill('Look at this.');
    await box.press('Enter');
    assert.match(await panel.page.locator('.hint').innerText(), /Files go with a question, not with a note/);
    await panel.screenshot('attached-note');
    await box.press('Alt+Enter');
    assert.deepEqual((await panel.intention('queue')).attached, [paper]);
  });

  it('are dropped with their bytes, or from the editor by their address', async () => {
    const panel = await open();
    await panel.page.evaluate(`{
      const drop = (fill) => {
        const data = new DataTransfer();
        fill(data);
        for (const type of ['dragover', 'drop']) {
          document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
        }
      };
      drop((data) => data.items.add(new File(['hello'], 'note.txt')));
      drop((data) => data.setData('text/uri-list', 'file:///work/my%20notes.md\\r\\nhttps://example.org/x'));
      drop((data) => data.setData('text/plain', 'only words'));
    }`);
    await chips(panel).nth(1).waitFor();
    assert.deepEqual((await names(panel)).toSorted(), ['my notes.md', 'note.txt']);
    const box = panel.page.getByRole('textbox', { name: 'Question' });
    await box.fill('And?');
    await box.press('Enter');
    const { attached = [] } = await panel.intention('ask');
    const bytes = attached.find((file) => file.kind === 'bytes');
    assert.equal(Buffer.from(bytes?.base64 ?? '', 'base64').toString(), 'hello');
    assert.ok(attached.some((file) => file.kind === 'path' && file.path === 'file:///work/my%20notes.md'));
  });
});
