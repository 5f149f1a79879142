/** Files as checkpoints keep them, for VS Code's diff editors: read-only, of any bytes. */
import * as vscode from 'vscode';
import type { CheckpointRef } from '../shared/refs.ts';
import { workspaceFile } from './keptRuns.ts';

const scheme = 'mirothinker-checkpoint';

/** A file's bytes at a checkpoint; undefined where it was not there. */
export type ReadKept = (at: CheckpointRef, path: string) => Promise<Uint8Array | undefined>;

/** The address of a file as a checkpoint keeps it. It has the path of the workspace's own file: so both are one file to a diff editor. */
export function keptUri({ runId, number }: CheckpointRef, path: string): vscode.Uri {
  return addressOf(path, `${runId} ${number} ${path}`);
}

/** A side of a difference that is empty: the file was not there. */
export function nothingUri(path: string): vscode.Uri {
  return addressOf(path, nothing);
}

const nothing = 'nothing';

function addressOf(path: string, query: string): vscode.Uri {
  return vscode.Uri.from({ scheme, path: workspaceFile(path)?.path ?? `/${path}`, query });
}

/** Gives VS Code the files of all checkpoints. */
export function provideKeptFiles(read: ReadKept): vscode.Disposable {
  return vscode.workspace.registerFileSystemProvider(scheme, new KeptFiles(read), {
    isCaseSensitive: true,
    isReadonly: true,
  });
}

/** What is kept never changes, so nothing is watched. */
class KeptFiles implements vscode.FileSystemProvider {
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;
  readonly #read: ReadKept;

  constructor(read: ReadKept) {
    this.#read = read;
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    if (uri.query === nothing) return new Uint8Array();
    const [, runId = '', number, path = ''] = /^(\S+) (\d+) (.+)$/s.exec(uri.query) ?? [];
    const bytes = await this.#read({ runId, number: Number(number) }, path);
    if (!bytes) throw vscode.FileSystemError.FileNotFound(uri);
    return bytes;
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { length } = await this.readFile(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: length };
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.FileNotADirectory(uri);
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}
