/** The workspace's documents: reading one, and searching all. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { documentReader } from '../tools/documents/reader.ts';
import { searchWorkspaceTool } from '../tools/fullText/searchWorkspace.ts';
import { WorkspaceIndex } from '../tools/fullText/workspaceIndex.ts';
import { readDocumentTool } from '../tools/readDocument.ts';
import { mediaHelpers } from './mediaHelpers.ts';
import type { Finding, FindingParts } from './findingParts.ts';

/** read_document and search_workspace. The index is kept beside the runs; runs of the same folders share it. */
export function documentsFinding({
  workspace,
  around,
  baseUrl,
}: Pick<FindingParts, 'workspace' | 'around' | 'baseUrl'>): Finding {
  const reader = documentReader();
  const folders = workspace.roots.map(({ path }) => path).toSorted();
  const key = createHash('sha256').update(folders.join('\n')).digest('hex').slice(0, 16);
  const path = join(around.runsFolder, 'search', `${key}.sqlite`);
  const index = new WorkspaceIndex({ workspace, reader, path, without: around.runsFolder });
  return {
    tools: [
      readDocumentTool(workspace, reader, mediaHelpers(around.web, baseUrl)),
      searchWorkspaceTool(workspace, index),
    ],
    follow: () => undefined,
    dispose: async () => {
      await index.dispose();
      await reader.dispose();
    },
  };
}
