import { nodeConsole } from './adapters/node-ports.ts'
import { keepHeapSmall } from './adapters/small-heap.ts'
import { commandLine } from './commands/command-line.ts'

keepHeapSmall()
process.exitCode = await commandLine(process.argv.slice(2), nodeConsole)
