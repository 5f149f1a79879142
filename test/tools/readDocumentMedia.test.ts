import assert from 'node:assert/strict';
import { mediaHelpers } from '../../src/runs/mediaHelpers.ts';
import { plainWeb } from '../../src/runs/surroundings.ts';
import { documentReader } from '../../src/tools/documents/reader.ts';
import { readDocumentTool } from '../../src/tools/readDocument.ts';
import { openWorkspace } from '../../src/tools/workspace.ts';
import { scriptedServer } from '../fakes/scriptedServer.ts';
import { png } from './web/scrapeFixtures.ts';
import { callTool, temporaryFolder, type TemporaryFolder } from './workspaceFixture.ts';

describe('read_document of a picture', () => {
  const documents = documentReader();
  let folder: TemporaryFolder;
  before(async () => {
    folder = await temporaryFolder({ 'dot.png': png });
  });
  after(async () => {
    await Promise.all([folder.remove(), documents.dispose()]);
  });

  it('has a model say what is in it, once, and asks again where it did not serve', async () => {
    const said = {
      choices: [{ message: { content: 'A red dot.' } }],
      usage: { prompt_tokens: 70, completion_tokens: 4 },
    };
    const no = { status: 400, body: 'no' };
    const eyes = await scriptedServer({ script: [no, { body: said }, no] });
    const vision = { baseUrl: eyes.baseUrl, model: 'eyes', apiKey: undefined };
    const media = mediaHelpers({ ...plainWeb, vision }, undefined);
    const tool = readDocumentTool(await openWorkspace([folder.path]), documents, media);
    try {
      assert.match(tool.description, /what a model sees/);
      const failed = await callTool(tool, { path: 'dot.png' });
      assert.match(failed.content, /metadata alone\. eyes at .* did not serve/);
      const seen = await callTool(tool, { path: 'dot.png' });
      assert.match(seen.content, /by a model\n\nA red dot\./);
      assert.match(seen.sources?.[0]?.text ?? '', /A red dot\.$/);
      assert.deepEqual(seen.usage, { promptTokens: 70, completionTokens: 4 });
      const again = await callTool(tool, { path: 'dot.png' });
      assert.equal(again.content.replace(/"\w{16}"/g, ''), seen.content.replace(/"\w{16}"/g, ''));
      assert.deepEqual([again.usage, eyes.requests.length], [undefined, 2]);
    } finally {
      await eyes.close();
    }
  });

  it('tells what is known of it without one', async () => {
    const tool = readDocumentTool(await openWorkspace([folder.path]), documents);
    const { content } = await callTool(tool, { path: 'dot.png' });
    assert.match(content, /1\D+1/);
    assert.doesNotMatch(content + tool.description, /a model/);
  });
});
