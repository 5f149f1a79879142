/** Opens the settings editor at settings of ours. */
import * as vscode from 'vscode';

/** Shows the settings whose names begin so; all of ours without a name. */
export async function openSettingsAt(name?: string): Promise<void> {
  await vscode.commands.executeCommand(
    // Settings of a machine stand apart where the machine is another one.
    vscode.env.remoteName === undefined ? 'workbench.action.openSettings' : 'workbench.action.openRemoteSettings',
    { query: name === undefined ? '@ext:mirothinker.mirothinker' : `@id:mirothinker.${name}*` },
  );
}
