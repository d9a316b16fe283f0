/**
 * Which room may import which (see "Architecture" in README.md). Type-only imports count as imports.
 * tests/unit/layers.test.ts plants one forbidden import per rule, and a cycle, and sees this file refuse it.
 */
const room = (...names) => `^(${names.join('|')})/`;
const anyPackage = 'node_modules';
/** Packages allowed in a room; everything else under node_modules is refused there. */
const onlyPackages = (...names) => (names.length ? `node_modules/(${names.join('|')})/` : '^$');

const forbid = (name, from, to, extra = {}) => ({
  name,
  severity: 'error',
  from,
  to: { ...to, ...extra },
});

module.exports = {
  forbidden: [
    forbid('no-cycles', {}, { circular: true }),
    forbid('no-unresolvable', { pathNot: '^tests/' }, { couldNotResolve: true }),

    forbid(
      'domain-imports-nothing',
      { path: room('shared/domain') },
      { pathNot: room('shared/domain') },
    ),

    forbid(
      'sip-pure-imports-nothing-but-saxes',
      { path: room('shared/sip/(message|events|digest)') },
      {
        pathNot: `${room('shared/sip/(message|events|digest)')}|${onlyPackages('saxes', 'xmlchars')}`,
      },
    ),
    forbid(
      'sip-transaction-dialog-are-portable',
      { path: room('shared/sip/(transaction|dialog)') },
      { pathNot: room('shared/sip/(message|events|digest|transaction|dialog)') },
    ),
    forbid(
      'sip-transport-only-node-and-ws',
      { path: room('shared/sip/transport') },
      {
        pathNot: `${room('shared/sip')}|${onlyPackages('ws', '@types/ws', '@types/node')}`,
        dependencyTypesNot: ['core'],
      },
    ),
    forbid(
      'media-imports',
      { path: room('shared/media') },
      {
        pathNot: `${room('shared/media', 'shared/domain', 'shared/sip/message')}|${onlyPackages('werift', 'opusscript', '@types/node')}`,
        dependencyTypesNot: ['core'],
      },
    ),
    forbid(
      'phone-bridge-config-are-portable',
      { path: room('shared/(phone|bridge|config)') },
      {
        pathNot: `${room('shared/(phone|bridge|config|domain)', 'shared/sip/(events|message)')}|${onlyPackages('zod')}`,
      },
    ),
    forbid(
      'server-imports-no-screen',
      { path: room('shared/server') },
      {
        path: `${room('electron', 'renderer', 'build', 'tests')}|node_modules/(electron|react|react-dom|zustand|jssip)/`,
      },
    ),
    forbid(
      'electron-imports',
      { path: room('electron') },
      {
        pathNot: `${room('electron', 'shared/(bridge|config|domain|phone)')}|${onlyPackages('electron', 'electron-updater', 'zod', '@types/node')}`,
        dependencyTypesNot: ['core'],
      },
    ),
    forbid(
      'preload-imports-only-the-bridge',
      { path: '^electron/(small-window-)?preload\\.ts$' },
      { pathNot: `${room('shared/bridge')}|${onlyPackages('electron')}` },
    ),
    forbid(
      'renderer-never-server-node-electron',
      { path: room('renderer') },
      {
        path: `${room('shared/(server|media)', 'shared/sip/(transport|transaction|dialog|digest)', 'electron', 'build', 'tests')}|node_modules/(electron|ws|werift|better-sqlite3|hono|@hono)/`,
      },
    ),
    forbid('renderer-no-node', { path: room('renderer') }, { dependencyTypes: ['core'] }),
    forbid(
      'product-never-imports-tests',
      { path: room('shared', 'electron', 'renderer') },
      { path: room('tests', 'build') },
    ),
    forbid(
      'runtime-code-uses-runtime-dependencies',
      { path: room('shared', 'renderer'), pathNot: '\\.config\\.' },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: `@types/` },
    ),
  ],
  options: {
    doNotFollow: { path: anyPackage },
    exclude: { path: '^(dist|out|release|\\.cache)/' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
