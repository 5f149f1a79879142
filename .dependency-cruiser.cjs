/** The house's layers: who may import whom. CONTRIBUTING.md draws the same picture. */
const layer = (name, from, to, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: to },
});
const siblings = ['model', 'tools', 'sandbox', 'store', 'export'];

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    layer(
      'shared-is-pure',
      '^src/shared/',
      '^(src/(?!shared/)|webview/)',
      'shared imports nothing of the house but itself',
    ),
    {
      name: 'shared-knows-no-platform',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'shared-borrows-zod-only',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { path: 'node_modules', pathNot: 'node_modules/zod' },
    },
    layer('agent-below-all', '^src/agent/', '^(src/(?!shared/|agent/)|webview/)', 'agent imports shared alone'),
    { name: 'agent-does-no-io', severity: 'error', from: { path: '^src/agent/' }, to: { dependencyTypes: ['core'] } },
    layer(
      'network-below-siblings',
      '^src/network/',
      '^(src/(?!shared/|agent/|network/)|webview/)',
      'network imports shared and agent alone',
    ),
    ...siblings.map((folder) =>
      layer(
        `${folder}-stands-alone`,
        `^src/${folder}/`,
        `^(src/(?!shared/|agent/|network/|${folder}/)|webview/)`,
        'siblings do not import each other: extension.ts and cli.ts join them',
      ),
    ),
    layer('cli-and-host-apart', '^src/cli(/|\\.ts)', '^src/(host/|extension)', 'the command line knows no VS Code'),
    layer('host-and-cli-apart', '^src/host/', '^src/(cli|extension)', 'host knows no command line'),
    layer('nothing-imports-the-top', '^(src/(?!extension)|webview/)', '^src/extension', 'extension.ts is the top'),
    layer('webview-sees-shared', '^webview/', '^src/(?!shared/)', 'the webview imports shared alone'),
    {
      name: 'vscode-below-host-only',
      severity: 'error',
      from: { path: '^(src|webview)/', pathNot: '^src/(host/|extension\\.ts)' },
      to: { path: '^(vscode|@types/vscode|node_modules/@types/vscode)' },
    },
    { name: 'product-knows-no-tests', severity: 'error', from: { path: '^(src|webview)/' }, to: { path: '^test/' } },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: { path: '^(src|webview)/' },
      to: { couldNotResolve: true, pathNot: '^vscode$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
