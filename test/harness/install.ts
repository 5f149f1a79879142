import { join } from 'node:path';
import { startVsCode } from './vsCode.ts';

/** Installs the .vsix named by MIROTHINKER_VSIX as a person would, below `scratch`; resolves to VS Code's folder of it. */
export async function installVsix(scratch: string, folder: string): Promise<string> {
  const extensionVsix = process.env['MIROTHINKER_VSIX'];
  if (extensionVsix === undefined) throw new Error('MIROTHINKER_VSIX names no file');
  const vscode = await startVsCode({ folder, extensionVsix, dataDir: join(scratch, 'installed') });
  await vscode.stop();
  const [installed] = vscode.installed();
  if (installed === undefined) throw new Error('the .vsix was not installed');
  return installed;
}
