/** The tools that a run has, in the order in which the model is told of them. */
import type { Tool } from '../agent/tool.ts';
import { editFileTool } from './editFile.ts';
import { listFilesTool } from './listFiles.ts';
import { readFileTool } from './readFile.ts';
import { searchFilesTool } from './searchFiles.ts';
import type { Workspace } from './workspace.ts';
import { writeFileTool } from './writeFile.ts';

/** What reads and changes the files of a workspace. */
export function workspaceTools(workspace: Workspace): readonly Tool[] {
  return [
    listFilesTool(workspace),
    searchFilesTool(workspace),
    readFileTool(workspace),
    writeFileTool(workspace),
    editFileTool(workspace),
  ];
}
