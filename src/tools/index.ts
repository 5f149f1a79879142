/** The tools that a run has, in the order in which the model is told of them. */
import type { Tool } from '../agent/tool.ts';
import { createSandboxTool } from './createSandbox.ts';
import { deleteFileTool } from './deleteFile.ts';
import { downloadToLocalTool } from './downloadToLocal.ts';
import { editFileTool } from './editFile.ts';
import { editNotebookTool } from './editNotebook.ts';
import { listFilesTool } from './listFiles.ts';
import { moveFileTool } from './moveFile.ts';
import { readFileTool } from './readFile.ts';
import { runCommandTool } from './runCommand.ts';
import { runPythonCodeTool } from './runPythonCode.ts';
import type { SandboxFiles } from './sandboxFiles.ts';
import { searchFilesTool } from './searchFiles.ts';
import type { Shell } from './shell.ts';
import { uploadFileTool } from './uploadFile.ts';
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
    editNotebookTool(workspace),
    moveFileTool(workspace),
    deleteFileTool(workspace),
  ];
}

/** What runs commands and Python in the sandbox. */
export function sandboxTools(shell: Shell): readonly Tool[] {
  return [createSandboxTool(shell), runCommandTool(shell), runPythonCodeTool(shell)];
}

/** What copies files between the workspace and a sandbox. */
export function copyTools(workspace: Workspace, sandboxes: SandboxFiles): readonly Tool[] {
  return [uploadFileTool(workspace, sandboxes), downloadToLocalTool(workspace, sandboxes)];
}
