/** A picture of a call, opened in an editor tab. */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { readPicture, type AskedPicture } from './readPicture.ts';
import type { Session } from './session.ts';

/** How a file's name ends. */
const endings = { 'image/png': 'png', 'image/jpeg': 'jpg' } as const;

/** Opens a picture in an editor tab, from a copy: the stored one stays what the log says. Throws UserError. */
export async function openPicture(session: Session, asked: AskedPicture): Promise<void> {
  const { bytes, mimeType, path, folder } = await readPicture(session, asked);
  const copies = join(folder, 'pictures');
  const name = basename(path, `.${endings[mimeType]}`)
    .replace(/[^\w.-]/g, '_')
    .slice(0, 80);
  const copy = join(copies, `${name}-${asked.sha256.slice(0, 8)}.${endings[mimeType]}`);
  await mkdir(copies, { recursive: true, mode: 0o700 });
  await writeFile(copy, bytes, { mode: 0o600 });
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(copy), { preview: true });
}
