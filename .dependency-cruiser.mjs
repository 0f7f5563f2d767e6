// Which room may know of which, beside itself. A room that is not in this table may not exist.
const rooms = {
  model: [],
  ports: ['model'],
  kernel: ['model'],
  settings: ['model'],
  plan: ['model'],
  preflight: ['model'],
  verify: ['model', 'preflight'],
  diagnose: ['model'],
  report: ['model'],
  survey: ['model', 'ports', 'kernel'],
  cage: ['model', 'ports', 'kernel'],
  observe: ['model', 'ports', 'kernel'],
  run: ['model', 'ports'],
  steer: ['model', 'ports'],
  history: ['model', 'ports'],
  adapters: ['model', 'ports']
}
// The rooms that only put others together; they know every room above except the adapters.
const workshops = Object.keys(rooms).filter((room) => room !== 'adapters')
rooms.story = workshops
rooms.commands = [...workshops, 'story']
const doors = '^src/(action|post|cli|fold)\\.ts$'
const guard = '^src/(guard|aftermath)\\.ts$'
const names = Object.keys(rooms)
const inRoom = (allowed) => `^src/(${allowed.join('|')})/`

const roomRules = names.map((room) => ({
  name: `room-${room}`,
  comment: `${room} knows of ${rooms[room].join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: inRoom([room]) },
  to: { path: '^src/', pathNot: [inRoom([room, ...rooms[room]]), ...(room === 'commands' ? [guard] : [])] }
}))

export default {
  forbidden: [
    ...roomRules,
    {
      name: 'unknown-room',
      comment: 'every file of src is a door, the guard, or lives in a room of the table',
      severity: 'error',
      from: {},
      to: { path: '^src/', pathNot: [doors, guard, inRoom(names)] }
    },
    {
      name: 'unknown-room-file',
      comment: 'every file of src is a door, the guard, or lives in a room of the table',
      severity: 'error',
      from: { path: '^src/', pathNot: [doors, guard, inRoom(names)] },
      to: {}
    },
    {
      name: 'guard-tells-the-story',
      comment: 'the guard knows all rooms, but neither adapters nor doors',
      severity: 'error',
      from: { path: guard },
      to: { path: ['^src/adapters/', doors] }
    },
    {
      name: 'doors-are-not-entered-from-inside',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: doors }
    },
    {
      name: 'effects-at-the-edge',
      comment: 'only adapters touch the toolkit, files, processes and timers',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/adapters/' },
      to: { path: '^(node:)?(fs|child_process|timers)(/|$)|(^|/)@actions/' }
    },
    {
      name: 'no-cycle',
      severity: 'error',
      from: {},
      to: { circular: true }
    },
    {
      name: 'no-orphan',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: [doors, guard] },
      to: {}
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true }
    },
    {
      name: 'shipped-with-the-bundle',
      comment: 'src uses dependencies, not devDependencies or packages that package.json does not name',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-optional', 'npm-no-pkg', 'npm-unknown'] }
    }
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { conditionNames: ['import', 'node', 'default'] }
  }
}
