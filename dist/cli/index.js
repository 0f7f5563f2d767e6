import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 161:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");

/***/ }),

/***/ 760:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");

/***/ }),

/***/ 10:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  c: () => (/* binding */ nodeConsole)
});

// UNUSED EXPORTS: nodePorts

;// CONCATENATED MODULE: ./lib/adapters/node-cancellation.js
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** Listens from its making on, so that a request during start-up is not lost. */
function nodeCancellation() {
    let first = null;
    let listener = null;
    for (const signal of SIGNALS) {
        process.on(signal, () => {
            if (first !== null)
                return;
            first = signal;
            listener?.(signal);
        });
    }
    return {
        onCancel(cancel) {
            if (first !== null)
                cancel(first);
            else
                listener = cancel;
            return () => {
                listener = null;
            };
        }
    };
}

;// CONCATENATED MODULE: external "node:timers/promises"
const promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");
;// CONCATENATED MODULE: ./lib/adapters/node-clock.js

const nodeClock = {
    nowMs: () => performance.now(),
    wallTime: () => new Date().toISOString(),
    sleep: (ms) => (0,promises_namespaceObject.setTimeout)(ms),
    after(ms, tick) {
        const timer = setTimeout(tick, ms);
        timer.unref();
        return () => clearTimeout(timer);
    }
};

;// CONCATENATED MODULE: external "node:fs"
const external_node_fs_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __nccwpck_require__(760);
// EXTERNAL MODULE: ./lib/model/reading.js
var reading = __nccwpck_require__(157);
;// CONCATENATED MODULE: ./lib/adapters/node-files.js



/** Room for the largest kernel log buffer in use, with its record prefixes. */
const MOST_BYTES = 16 * 1024 * 1024;
/** The real file system. `ENOENT` and `ENOTDIR` are *absent*, every other refusal is *unreadable* with its errno name. */
const nodeFiles = {
    readText: (path) => node_files_reading(() => readWhole(path)),
    list: (path) => node_files_reading(() => external_node_fs_namespaceObject.readdirSync(path)),
    exists: (path) => external_node_fs_namespaceObject.existsSync(path),
    writeText(path, text) {
        external_node_fs_namespaceObject.mkdirSync((0,external_node_path_.dirname)(path), { recursive: true });
        external_node_fs_namespaceObject.writeFileSync(path, text);
    },
    appendText: (path, text) => external_node_fs_namespaceObject.appendFileSync(path, text),
    remove: (path) => external_node_fs_namespaceObject.rmSync(path, { recursive: true, force: true }),
    freeSpace(path) {
        const stats = node_files_reading(() => external_node_fs_namespaceObject.statfsSync(path));
        if (stats.kind !== 'value')
            return { bytes: stats, inodes: stats };
        const { bavail, bsize, files, ffree } = stats.value;
        return { bytes: (0,reading/* value */.Uq)(bavail * bsize), inodes: files > 0 ? (0,reading/* value */.Uq)(ffree) : reading/* ABSENT */.sj };
    }
};
/** One for all reads, which are synchronous: the sampler reads a dozen files at every look. */
const BUFFER = Buffer.allocUnsafeSlow(64 * 1024);
/** Kernel files have no size to ask for and change between two reads, so they are read in as few calls as possible. */
function readWhole(path) {
    const descriptor = external_node_fs_namespaceObject.openSync(path, external_node_fs_namespaceObject.constants.O_RDONLY | external_node_fs_namespaceObject.constants.O_NONBLOCK);
    try {
        const parts = [];
        let total = 0;
        while (total < MOST_BYTES) {
            const count = readSome(descriptor, BUFFER);
            if (count === 0)
                break;
            parts.push(Buffer.from(BUFFER.subarray(0, count)));
            total += count;
        }
        return Buffer.concat(parts).toString('utf8');
    }
    finally {
        external_node_fs_namespaceObject.closeSync(descriptor);
    }
}
/** `/dev/kmsg` ends with EAGAIN where files end with 0, and EPIPE means that a record was overwritten: the next is fine. */
function readSome(descriptor, into) {
    for (;;) {
        try {
            return external_node_fs_namespaceObject.readSync(descriptor, into);
        }
        catch (fault) {
            if (errnoOf(fault) === 'EAGAIN')
                return 0;
            if (errnoOf(fault) !== 'EPIPE')
                throw fault;
        }
    }
}
function node_files_reading(read) {
    try {
        return (0,reading/* value */.Uq)(read());
    }
    catch (fault) {
        const errno = errnoOf(fault);
        return errno === 'ENOENT' || errno === 'ENOTDIR' || errno === 'ESRCH' ? reading/* ABSENT */.sj : (0,reading/* unreadable */.O$)(errno);
    }
}
function errnoOf(fault) {
    if (typeof fault === 'object' && fault !== null && 'code' in fault && typeof fault.code === 'string')
        return fault.code;
    return String(fault);
}

;// CONCATENATED MODULE: ./lib/adapters/node-logs.js

const PIECE_BYTES = 256 * 1024;
const nodeLogs = {
    async *read(path) {
        // In one go what fits into a piece: a stream costs more than the reading itself, and there may be thousands of logs.
        if (path !== '-' && isSmallFile(path))
            return yield (0,external_node_fs_namespaceObject.readFileSync)(path);
        const stream = path === '-' ? process.stdin : (0,external_node_fs_namespaceObject.createReadStream)(path, { highWaterMark: PIECE_BYTES });
        for await (const chunk of stream)
            if (chunk instanceof Uint8Array)
                yield chunk;
    }
};
function isSmallFile(path) {
    const stats = (0,external_node_fs_namespaceObject.statSync)(path);
    return stats.isFile() && stats.size > 0 && stats.size <= PIECE_BYTES;
}

;// CONCATENATED MODULE: ./lib/adapters/node-output.js


/**
 * Our own standard output and error, written in the thread pool: `process.stdout` writes to pipes synchronously, and a
 * receiver that does not read would then stop the sampler, the timeout and the watch along with the build.
 */
const nodeOutput = {
    async write(stream, chunk) {
        const descriptor = stream === 'stdout' ? 1 : 2;
        let rest = chunk;
        while (rest.length > 0)
            rest = rest.subarray(await writeSome(descriptor, rest));
        if (chunk.length > 0)
            endsInLine[stream] = chunk.at(-1) !== NEWLINE;
    }
};
const NEWLINE = 0x0a;
const endsInLine = { stdout: false, stderr: false };
/**
 * What has to come before a line of ours: a line break where the build's last line on that stream has none yet. Glued to
 * it, our line could not be told apart, and a workflow command of ours would not be one.
 */
function lineBreak(stream) {
    const text = endsInLine[stream] ? '\n' : '';
    endsInLine[stream] = false;
    return text;
}
async function writeSome(descriptor, bytes) {
    const written = await new Promise((resolve, reject) => {
        (0,external_node_fs_namespaceObject.write)(descriptor, bytes, (fault, count) => {
            if (fault === null)
                resolve(count);
            // Somebody else with the same pipe end made it non-blocking: wait as a blocking write would.
            else if (fault.code === 'EAGAIN')
                resolve('full');
            else
                reject(fault);
        });
    });
    if (written !== 'full')
        return written;
    await (0,promises_namespaceObject.setTimeout)(5);
    return 0;
}

;// CONCATENATED MODULE: external "node:crypto"
const external_node_crypto_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __nccwpck_require__(161);
;// CONCATENATED MODULE: ./lib/adapters/control-files.js

/** As root, or where an administrator has delegated the directory. */
const directControlFiles = {
    means: 'direct',
    async makeDirectory(path) {
        external_node_fs_namespaceObject.mkdirSync(path);
    },
    async write(path, text) {
        // Never created: a control file that is not there is a kernel that does not have it.
        const descriptor = external_node_fs_namespaceObject.openSync(path, external_node_fs_namespaceObject.constants.O_WRONLY);
        try {
            external_node_fs_namespaceObject.writeSync(descriptor, text);
        }
        finally {
            external_node_fs_namespaceObject.closeSync(descriptor);
        }
    },
    async removeDirectory(path) {
        external_node_fs_namespaceObject.rmdirSync(path);
    }
};
const DEADLINE_MS = 5000;
/** Through `sudo -n` (never asks for a password): exactly `mkdir`, `tee` and `rmdir`, on paths of ours. */
function sudoControlFiles(processes) {
    const sudo = async (args, input = '') => {
        const done = await processes.run('sudo', ['-n', '--', ...args], { input, deadlineMs: DEADLINE_MS });
        if (done.code !== 0)
            throw new Error(`sudo ${args.join(' ')}: ${done.problem ?? (done.stderr.trim() || `status ${done.code}`)}`);
    };
    return {
        means: 'sudo',
        makeDirectory: (path) => sudo(['mkdir', path]),
        write: (path, text) => sudo(['tee', path], text),
        removeDirectory: (path) => sudo(['rmdir', path])
    };
}

;// CONCATENATED MODULE: ./lib/adapters/github-context.js
/**
 * The run on GitHub; `null` outside of it. A payload that cannot be read counts as one without a pull request.
 * Variables: docs.github.com, "Default environment variables".
 */
function readGitHubContext(environment, readText) {
    const repository = environment['GITHUB_REPOSITORY'] ?? '';
    const runId = wholeNumber(environment['GITHUB_RUN_ID']);
    if (environment['GITHUB_ACTIONS'] !== 'true' || !/^[\w.-]+\/[\w.-]+$/.test(repository) || runId === null)
        return null;
    const serverUrl = address(environment['GITHUB_SERVER_URL'], 'https://github.com');
    const runAttempt = wholeNumber(environment['GITHUB_RUN_ATTEMPT']) ?? 1;
    const sha = environment['GITHUB_SHA'] ?? '';
    const payload = readText(environment['GITHUB_EVENT_PATH'] ?? '');
    const pullRequest = payload.kind === 'value' ? pullRequestOf(payload.value) : null;
    return {
        repository,
        serverUrl,
        apiUrl: address(environment['GITHUB_API_URL'], 'https://api.github.com'),
        sha,
        runId,
        runNumber: wholeNumber(environment['GITHUB_RUN_NUMBER']) ?? 0,
        runAttempt,
        workflowKey: workflowKey(environment),
        jobUrl: `${serverUrl}/${repository}/actions/runs/${runId}/attempts/${runAttempt}`,
        pullRequestNumber: pullRequest?.number ?? null,
        headSha: pullRequest?.headSha ?? sha,
        isFork: pullRequest?.isFork ?? false
    };
}
/** `{"pull_request": {"number": 7, "head": {"sha": …, "repo": {"full_name": …} or null}, "base": …}}`. */
function pullRequestOf(payload) {
    const pullRequest = member(parsed(payload), 'pull_request');
    const number = member(pullRequest, 'number');
    if (typeof number !== 'number' || !Number.isSafeInteger(number))
        return null;
    const head = member(pullRequest, 'head');
    const headSha = member(head, 'sha');
    const from = member(member(head, 'repo'), 'full_name');
    const into = member(member(member(pullRequest, 'base'), 'repo'), 'full_name');
    // A fork that was deleted is null.
    return { number, headSha: typeof headSha === 'string' ? headSha : null, isFork: from === undefined || from !== into };
}
function parsed(json) {
    try {
        return JSON.parse(json);
    }
    catch {
        return undefined;
    }
}
function member(of, name) {
    if (typeof of !== 'object' || of === null)
        return undefined;
    return Object.entries(of).find(([key]) => key === name)?.[1];
}
/** `acme/shop/.github/workflows/ci.yml@refs/heads/main` is `ci.yml`; the key stands in an HTML comment, so no `--`. */
function workflowKey(environment) {
    const file = /^[^@]*\/([^/@]+)@/.exec(environment['GITHUB_WORKFLOW_REF'] ?? '')?.[1];
    const name = file ?? (environment['GITHUB_WORKFLOW'] ?? '').toLowerCase();
    const slug = name.replaceAll(/[^\w.]+/g, '-').replaceAll(/^-|-$/g, '');
    return slug === '' ? 'workflow' : slug;
}
function address(text, standard) {
    return (text === undefined || text === '' ? standard : text).replace(/\/+$/, '');
}
function wholeNumber(text) {
    return /^\d{1,15}$/.test(text ?? '') ? Number(text) : null;
}

;// CONCATENATED MODULE: external "node:child_process"
const external_node_child_process_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:child_process");
;// CONCATENATED MODULE: external "node:events"
const external_node_events_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:events");
;// CONCATENATED MODULE: external "node:stream"
const external_node_stream_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream");
;// CONCATENATED MODULE: external "node:net"
const external_node_net_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:net");
;// CONCATENATED MODULE: ./lib/adapters/node-pipes.js




/**
 * Pipes for the output of a child. What Node makes for `stdio: 'pipe'` are sockets, and those cannot be opened by name:
 * `echo >/dev/stderr` and `tee /dev/stdout`, which work in a `run:` step, would fail with ENXIO. Node cannot make pipes,
 * so these are FIFOs below `scratch` whose names are gone as soon as both ends are open. `null` where they cannot be had.
 */
function outputPipes(scratch) {
    const opened = [];
    const open = (path, flags) => {
        const descriptor = (0,external_node_fs_namespaceObject.openSync)(path, flags);
        opened.push(descriptor);
        return descriptor;
    };
    let directory = '';
    try {
        (0,external_node_fs_namespaceObject.mkdirSync)(scratch, { recursive: true });
        directory = (0,external_node_fs_namespaceObject.mkdtempSync)((0,external_node_path_.join)(scratch, 'pipes-'));
        const [first, second] = [(0,external_node_path_.join)(directory, 'stdout'), (0,external_node_path_.join)(directory, 'stderr')];
        if ((0,external_node_child_process_namespaceObject.spawnSync)('mkfifo', ['-m', '600', first, second], { stdio: 'ignore' }).status !== 0)
            return null;
        // Readers first, and not waiting for a writer: the writers find them there and wait in their writes only.
        const readers = [first, second].map((path) => open(path, external_node_fs_namespaceObject.constants.O_RDONLY | external_node_fs_namespaceObject.constants.O_NONBLOCK));
        const childEnds = [open(first, external_node_fs_namespaceObject.constants.O_WRONLY), open(second, external_node_fs_namespaceObject.constants.O_WRONLY)];
        const [stdout, stderr] = [readerOf(readers[0]), readerOf(readers[1])];
        return { stdout, stderr, childEnds, closeChildEnds: () => childEnds.forEach((end) => void (0,external_node_fs_namespaceObject.closeSync)(end)) };
    }
    catch {
        for (const descriptor of opened)
            (0,external_node_fs_namespaceObject.closeSync)(descriptor);
        return null;
    }
    finally {
        if (directory !== '')
            (0,external_node_fs_namespaceObject.rmSync)(directory, { recursive: true, force: true });
    }
}
const node_pipes_PIECE_BYTES = 64 * 1024;
/**
 * Reads into one buffer again and again, and not before the last piece is done with. A stream of Node takes new memory
 * for each piece, which at hundreds of MB/s is more than the collector keeps up with.
 */
function readerOf(descriptor) {
    if (descriptor === undefined)
        throw new Error('the pipe was not opened');
    const buffer = Buffer.allocUnsafeSlow(node_pipes_PIECE_BYTES);
    let filled = 0;
    let isOver = false;
    let wake = () => { };
    const take = (count) => {
        filled = count;
        wake();
        return false;
    };
    const end = () => {
        isOver = true;
        wake();
    };
    const socket = new external_node_net_namespaceObject.Socket({ fd: descriptor, readable: true, writable: false, onread: { buffer, callback: take } });
    socket.once('end', end).once('close', end).on('error', end);
    return {
        destroy: () => void socket.destroy(),
        async *[Symbol.asyncIterator]() {
            for (;;) {
                if (filled === 0 && !isOver) {
                    await new Promise((resolve) => {
                        wake = resolve;
                    });
                }
                if (filled === 0)
                    return;
                const piece = buffer.subarray(0, filled);
                filled = 0;
                yield piece;
                socket.resume();
            }
        }
    };
}

;// CONCATENATED MODULE: ./lib/adapters/node-processes.js




/**
 * The gate: a shell that waits for one line on descriptor 3, closes it and becomes the command, keeping its pid. If we
 * die before the line is written, the read ends and nothing was executed. `exec` gives 126 and 127 as any shell does.
 */
const GATE = 'read -r go <&3 || exit 125; exec 3<&-; exec "$@"';
const MOST_TOOL_OUTPUT = 1024 * 1024;
/** Processes of the operating system. The signal of a killed child is kept apart from its code, and nothing is thrown away. */
const nodeProcesses = {
    startGated: process.platform === 'win32' ? startUngated : startGated,
    run,
    startDetached(argv) {
        const child = launch(argv, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
        const pipe = streamOf(child.stdin);
        // The other end may go first (it was killed); that is for the next run to notice, not for us to die of.
        pipe.on('error', () => { });
        child.on('error', () => { });
        child.unref();
        return { pid: child.pid ?? 0, pipe };
    },
    signal(pid, signal) {
        try {
            process.kill(pid, signal);
        }
        catch {
            // ESRCH: gone already. EPERM: not ours to end; what is left is seen and said when the cage closes.
        }
    }
};
async function startGated(spec) {
    const pipes = outputPipes(spec.scratch);
    const [stdout, stderr] = pipes?.childEnds ?? ['pipe', 'pipe'];
    const child = launch(['/bin/sh', '-c', GATE, 'sh', ...spec.argv], {
        cwd: spec.cwd,
        env: { ...spec.environment },
        // A session and process group of its own: the whole tree can be signalled at once.
        detached: true,
        stdio: [spec.stdin === 'inherit' ? 'inherit' : 'ignore', stdout, stderr, 'pipe']
    });
    pipes?.closeChildEnds();
    const exited = exitOf(child);
    await (0,external_node_events_namespaceObject.once)(child, 'spawn');
    const gate = streamOf(child.stdio[3]);
    gate.on('error', () => { });
    const outputs = pipes ?? outputsOf(child);
    const { pid = 0 } = child;
    return { stdout: outputs.stdout, stderr: outputs.stderr, pid, exited, openGate: () => gate.end('go\n') };
}
/** Without a cage to enter there is nothing to wait for. */
async function startUngated(spec) {
    const [tool = '', ...args] = spec.argv;
    const child = launch([tool, ...args], {
        cwd: spec.cwd,
        env: { ...spec.environment },
        stdio: [spec.stdin === 'inherit' ? 'inherit' : 'ignore', 'pipe', 'pipe']
    });
    const exited = exitOf(child);
    await (0,external_node_events_namespaceObject.once)(child, 'spawn');
    return { ...outputsOf(child), pid: child.pid ?? 0, exited, openGate: () => { } };
}
function launch(argv, options) {
    const [tool = '', ...args] = argv;
    return (0,external_node_child_process_namespaceObject.spawn)(tool, args, options);
}
function outputsOf(child) {
    if (child.stdout === null || child.stderr === null)
        throw new Error('the child was started without output pipes');
    return { stdout: child.stdout, stderr: child.stderr };
}
function streamOf(stream) {
    if (stream instanceof external_node_stream_namespaceObject.Writable)
        return stream;
    throw new Error('the child was started without its pipe');
}
function exitOf(child) {
    return new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (code, signal) => {
            resolve(signal === null ? { code: code ?? 0, signal: null } : { code: null, signal });
        });
    });
}
/** Ended with SIGKILL at its deadline, with its group, so that no auxiliary command outlives its use. */
function run(tool, args, options) {
    return new Promise((resolve) => {
        const child = (0,external_node_child_process_namespaceObject.spawn)(tool, args, {
            cwd: options.cwd,
            env: options.environment === undefined ? process.env : { ...options.environment },
            detached: process.platform !== 'win32',
            stdio: ['pipe', 'pipe', 'pipe']
        });
        let stdout = '';
        let stderr = '';
        let problem = null;
        const timer = setTimeout(() => {
            problem = `no answer within ${options.deadlineMs} ms`;
            nodeProcesses.signal(process.platform === 'win32' ? (child.pid ?? 0) : -(child.pid ?? 0), 'SIGKILL');
        }, options.deadlineMs);
        const finish = (code) => {
            clearTimeout(timer);
            resolve({ code: problem === null ? code : null, stdout, stderr, problem });
        };
        child.stdout.setEncoding('utf8').on('data', (text) => {
            if (stdout.length < MOST_TOOL_OUTPUT)
                stdout += text;
        });
        child.stderr.setEncoding('utf8').on('data', (text) => {
            if (stderr.length < MOST_TOOL_OUTPUT)
                stderr += text;
        });
        child.stdin.on('error', () => { });
        child.stdin.end(options.input ?? '');
        child.once('error', (fault) => {
            problem ??= fault.message;
            finish(null);
        });
        child.once('close', (code, signal) => {
            if (signal !== null)
                problem ??= `ended by ${signal}`;
            finish(code);
        });
    });
}

;// CONCATENATED MODULE: ./lib/adapters/node-place.js







/** Where this process finds itself; a new run of its own. */
function nodePlace(door) {
    const runId = (0,external_node_crypto_namespaceObject.randomBytes)(6).toString('hex');
    return { ...door, ...surroundings(), runId, runDirectory: runDirectoryOf(runId) };
}
/** The directory of a run, from its checked id alone: `post` finds it again by that. */
function runDirectoryOf(runId) {
    return (0,external_node_path_.join)(process.env['RUNNER_TEMP'] || (0,external_node_os_.tmpdir)(), `go-build-guard-${runId}`);
}
function surroundings() {
    return {
        root: '',
        platform: process.platform,
        cpus: (0,external_node_os_.availableParallelism)(),
        nodeMemory: { totalBytes: (0,external_node_os_.totalmem)(), freeBytes: (0,external_node_os_.freemem)() },
        environment: Object.fromEntries(Object.entries(process.env).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]]))),
        currentDirectory: process.cwd(),
        github: readGitHubContext(process.env, nodeFiles.readText)
    };
}
/** Ways to change cgroups: as we are, and where that is not as root, through `sudo` too. */
function nodeMeans() {
    return process.getuid?.() === 0 ? [directControlFiles] : [directControlFiles, sudoControlFiles(nodeProcesses)];
}

;// CONCATENATED MODULE: ./lib/adapters/inert-line.js
/**
 * A line of ours as the runner must see it. It takes `##[…]` anywhere in a line for a command, and `::…` where a line
 * begins with it, blanks apart (actions/runner, ActionCommand.cs); names from elsewhere stand in these lines.
 */
function inertLines(text) {
    return text
        .split(/\r\n|\r|\n/)
        .map((line) => line.replaceAll('##[', '## ['))
        .map((line) => (line.trimStart().startsWith('::') ? `guard: ${line}` : line));
}

;// CONCATENATED MODULE: ./lib/adapters/terminal-runner.js


/**
 * A terminal, or any other caller that is not the Actions runner: lines go to standard error, since standard output is
 * the build's. Annotations, outputs and the summary have no place there.
 */
function terminalRunner({ isDebug }) {
    return {
        line: printLines,
        debug(text) {
            if (isDebug)
                printLines(text());
        },
        annotate() { },
        appendSummary: () => 'there is no job summary outside GitHub Actions',
        summaryRoomBytes: () => 0,
        removeMatcher() { },
        addMatcher() { },
        setOutput() { },
        withoutCommands: (print) => print()
    };
}
/** The command line is used in `run:` steps too, where the runner reads standard error as well. */
function printLines(text) {
    for (const line of inertLines(text))
        process.stderr.write(`${lineBreak('stderr')}${line}\n`);
}

;// CONCATENATED MODULE: ./lib/adapters/node-ports.js








/** The real world, for a run that reports through `runner`. */
function nodePorts(runner) {
    return {
        files: nodeFiles,
        processes: nodeProcesses,
        clock: nodeClock,
        output: nodeOutput,
        cancellation: nodeCancellation(),
        runner,
        means: nodeMeans(),
        pullRequests: null
    };
}
const nodeConsole = {
    ports: (isDebug) => nodePorts(terminalRunner({ isDebug })),
    place: (stdin) => nodePlace({ stdin, hasPost: false }),
    files: nodeFiles,
    logs: nodeLogs,
    print: (text) => nodeOutput.write('stdout', Buffer.from(text)),
    complain: (text) => void process.stderr.write(text)
};


/***/ }),

/***/ 69:
/***/ ((__webpack_module__, __unused_webpack___webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var _adapters_node_ports_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(10);
/* harmony import */ var _commands_command_line_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(400);


process.exitCode = await (0,_commands_command_line_js__WEBPACK_IMPORTED_MODULE_1__/* .commandLine */ .a)(process.argv.slice(2), _adapters_node_ports_js__WEBPACK_IMPORTED_MODULE_0__/* .nodeConsole */ .c);

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 400:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  a: () => (/* binding */ command_line_commandLine)
});

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __nccwpck_require__(760);
;// CONCATENATED MODULE: ./lib/plan/script.js
/**
 * The simple commands of a script or argument vector, in order; `null` if anything is not plain: pipes, redirections,
 * `||`, background jobs, command substitution, functions, conditions and loops, or a shell whose language is not that
 * of sh. An empty `shell` is read as sh: on Windows, where it is PowerShell, the few plain words mean the same.
 */
function readCommand(command) {
    if (command.kind === 'vector')
        return [command.argv];
    return /^(?:|bash|sh|(?:bash|sh) .*)$/.test(command.shell) ? readScript(command.script) : null;
}
// In each, what is taken is certain to be plain; what none of them takes makes the whole script "not plain".
const BLANK = /(?:[ \t]|\\\n)+/y;
const COMMENT = /#[^\n]*/y;
const END_OF_COMMAND = /&&|\n|;(?!;)/y;
const BARE = /[^\s'"\\$`|&;<>(){}*?[\]~\p{Cc}]+/uy;
const ESCAPED = /\\([^\n])/y;
const SINGLE_QUOTED = /'([^']*)'/y;
const DOUBLE_QUOTED = /"((?:[^"\\$`]|\\[\s\S]|\$\w+|\$\{\w+\})*)"/y;
const COMPLETED = /\$(?:\w+|\{\w+\}|[?#@*])|[*?[\]~]/y;
const RESERVED = new Set('! if then else elif fi for while until do done case esac in function select time coproc'.split(' '));
function readScript(script) {
    const commands = [];
    const cursor = { script, at: 0 };
    let words = [];
    const end = () => {
        if (words.length > 0)
            commands.push(words);
        words = [];
    };
    while (cursor.at < script.length) {
        if (take(cursor, BLANK) !== null || take(cursor, COMMENT) !== null)
            continue;
        if (take(cursor, END_OF_COMMAND) !== null) {
            end();
            continue;
        }
        const word = readWord(cursor);
        if (word === null)
            return null;
        if (words.length === 0 && word.isAssignment)
            continue;
        if (words.length === 0 && RESERVED.has(word.text))
            return null;
        words.push(word.isCompleted ? null : word.text);
    }
    end();
    return commands;
}
function readWord(cursor) {
    const start = cursor.at;
    let text = '';
    let isCompleted = false;
    for (;;) {
        const plain = take(cursor, BARE)?.[0] ?? take(cursor, ESCAPED)?.[1] ?? take(cursor, SINGLE_QUOTED)?.[1];
        const quoted = plain === undefined ? take(cursor, DOUBLE_QUOTED)?.[1] : undefined;
        if (plain !== undefined)
            text += plain;
        else if (quoted !== undefined) {
            isCompleted ||= /\$/.test(quoted.replaceAll(/\\[\s\S]/g, ''));
            text += quoted.replaceAll(/\\([$`"\\])|\\\n/g, '$1');
        }
        else if (take(cursor, COMPLETED) !== null)
            isCompleted = true;
        else
            break;
    }
    if (cursor.at === start)
        return null;
    const isAssignment = /^[A-Za-z_]\w*\+?=/.test(cursor.script.slice(start, cursor.at));
    return { text, isCompleted, isAssignment };
}
function take(cursor, pattern) {
    pattern.lastIndex = cursor.at;
    const match = pattern.exec(cursor.script);
    if (match !== null)
        cursor.at += match[0].length;
    return match;
}

;// CONCATENATED MODULE: ./lib/plan/go-commands.js

/**
 * Whether the command may be run again without asking: everything in it is known to do nothing but build. What cannot
 * be read with certainty may not. `mkdir` counts with `-p` only, since without it the second run would fail.
 */
function isRepeatable(command) {
    const commands = readCommand(command);
    return commands !== null && commands.length > 0 && commands.every(onlyBuilds);
}
/** Whether it runs tests, whose programs `-p` would hold back too. `false` where that cannot be told. */
function runsTests(command) {
    return (readCommand(command) ?? []).some((words) => {
        const go = goCommand(words);
        if (go === null)
            return TEST_RUNNERS.has(baseName(words[0]));
        if (go.verb === 'test')
            return !compilesOnly(go.args);
        return (go.verb === 'run' || go.verb === 'tool') && go.args.some((word) => TEST_RUNNERS.has(baseName(word)));
    });
}
/**
 * `-p N` where every building `go` command line of the script shows one, the highest of them; else `null`. It stands
 * above GOFLAGS, so nothing that is set there would count.
 */
function explicitParallelism(command) {
    const widths = (readCommand(command) ?? []).flatMap((words) => {
        const go = goCommand(words);
        return go !== null && BUILDING.has(go.verb) ? [parallelismOf(go.args)] : [];
    });
    if (widths.length === 0)
        return null;
    let highest = 0;
    for (const width of widths) {
        if (width === null)
            return null;
        highest = Math.max(highest, width);
    }
    return highest;
}
const HARMLESS = new Set(['cd', 'export', 'echo', 'set']);
const HARMLESS_VERBS = new Set(['build', 'install', 'vet', 'list']);
const BUILDING = new Set(['build', 'install', 'vet', 'list', 'test', 'run']);
const TEST_RUNNERS = new Set(['gotestsum', 'ginkgo', 'gotest', 'richgo']);
function onlyBuilds(words) {
    const [name] = words;
    const go = goCommand(words);
    if (go === null)
        return HARMLESS.has(name ?? '') || (name === 'mkdir' && words.includes('-p'));
    if (go.verb === 'test')
        return compilesOnly(go.args);
    if (go.verb === 'mod')
        return go.args[0] === 'download';
    return HARMLESS_VERBS.has(go.verb);
}
/** `go` by name or by its full path; a `./go` of the repository is some other program. */
function goCommand(words) {
    const [name, verb, ...args] = words;
    if (!/^(?:(?:\/|[A-Za-z]:[\\/]).*[\\/])?go(?:1\.\d+(?:\.\d+)?)?(?:\.exe)?$/.test(name ?? ''))
        return null;
    return { verb: verb ?? '', args };
}
/** `go test -c` builds the test program and does not run it. */
function compilesOnly(args) {
    return toolFlags(args).some((word) => /^--?c(?:=true)?$/.test(word ?? ''));
}
function parallelismOf(args) {
    const flags = toolFlags(args);
    for (const [i, word] of flags.entries()) {
        const text = /^--?p$/.test(word ?? '') ? flags[i + 1] : /^--?p=(.*)$/.exec(word ?? '')?.[1];
        if (text !== undefined)
            return /^[1-9]\d{0,5}$/.test(text ?? '') ? Number(text) : null;
    }
    return null;
}
/** What stands after `-args` belongs to the test program. */
function toolFlags(args) {
    const end = args.findIndex((word) => word === '-args' || word === '--args');
    return end === -1 ? args : args.slice(0, end);
}
/** `gotestsum` of `/usr/bin/gotestsum` and of `gotest.tools/gotestsum@v1.12.0`. */
function baseName(word) {
    return /([^\\/@]+)(?:@[^\\/]*)?$/.exec(word ?? '')?.[1]?.replace(/\.exe$/, '') ?? '';
}

;// CONCATENATED MODULE: ./lib/model/bytes.js
const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const UNITS = {
    '': 1,
    B: 1,
    K: KIB,
    M: MIB,
    G: GIB,
    T: 1024 * GIB,
    KIB,
    MIB,
    GIB,
    TIB: 1024 * GIB,
    KB: 1e3,
    MB: 1e6,
    GB: 1e9,
    TB: 1e12
};
/**
 * Bytes of a size as users write it: `K M G T` and `KiB MiB GiB TiB` are binary, `KB MB GB TB` decimal, a bare number
 * is bytes; letters of either case, one fraction allowed. `null` if it is no size.
 */
function parseSize(text) {
    const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(text.trim());
    const unit = UNITS[match?.[2]?.toUpperCase() ?? '?'];
    if (match === null || unit === undefined)
        return null;
    const bytes = Math.round(Number(match[1]) * unit);
    return Number.isSafeInteger(bytes) ? bytes : null;
}
/** A size for people: GiB with one decimal from 1 GiB on, whole MiB below. */
function formatBytes(bytes) {
    return bytes >= GIB ? `${(bytes / GIB).toFixed(1)} GiB` : `${wholeMib(bytes)} MiB`;
}
/** At least 1 of what is there at all: zero means nothing. */
function wholeMib(bytes) {
    return bytes > 0 ? Math.max(1, Math.round(bytes / MIB)) : 0;
}
/** "6.0 of 6.6 GiB", the unit once where one decimal of it can tell both; else "28 MiB of 22.3 GiB". */
function formatShare(partBytes, wholeBytes) {
    if (wholeBytes >= GIB && partBytes < 0.1 * GIB)
        return `${formatBytes(partBytes)} of ${formatBytes(wholeBytes)}`;
    if (wholeBytes >= GIB)
        return `${(partBytes / GIB).toFixed(1)} of ${formatBytes(wholeBytes)}`;
    return `${wholeMib(partBytes)} of ${formatBytes(wholeBytes)}`;
}
/** Whole percent, "91 %". */
function formatPercent(part, whole) {
    return whole > 0 ? `${Math.round((100 * part) / whole)} %` : '0 %';
}
/** A size as the Go runtime reads it in `GOMEMLIMIT`: whole MiB. */
function goMemoryLimit(bytes) {
    return `${Math.floor(bytes / MIB)}MiB`;
}

// EXTERNAL MODULE: ./lib/model/reading.js
var model_reading = __nccwpck_require__(157);
;// CONCATENATED MODULE: ./lib/model/go-release.js

/** `GOMEMLIMIT` came with Go 1.19 (go.dev/doc/go1.19, "Runtime"); older releases ignore it. */
const MEMORY_LIMIT_SINCE = 19;
/** Whether `GOMEMLIMIT` does anything; of a release that is not known it is assumed. */
function knowsMemoryLimit(go) {
    const minor = (0,model_reading/* known */.eO)(go)?.minor ?? null;
    return minor === null || minor >= MEMORY_LIMIT_SINCE;
}

;// CONCATENATED MODULE: ./lib/model/prose.js
/** Somebody else's words: a package, a path, a message, a command. A backtick in it becomes an apostrophe. */
function code(text) {
    return { code: text.replaceAll('`', "'").replaceAll(/\s+/g, ' ') };
}
/** A number or fixed word of ours, already formatted. */
function figure(text) {
    return { figure: String(text).replaceAll('`', "'") };
}
/** Builds {@link Prose}; a hole must say what it holds, so that nothing untrusted slips in as plain words. */
function prose(words, ...holes) {
    return words.reduce((text, word, i) => {
        const hole = holes[i - 1];
        if (hole === undefined)
            return text + word;
        return text + ('code' in hole ? `\`${hole.code}\`` : hole.figure) + word;
    });
}
const NAME_MAX = 40;
/** The last elements of a path that is too long for a sentence, "…/agent.service/memory.max", long names shortened. */
function endOfPath(path, count) {
    const elements = path.split('/').map((name) => {
        return name.length <= NAME_MAX ? name : `${name.slice(0, 12)}…${name.slice(-12)}`;
    });
    return elements.length <= count + 1 ? elements.join('/') : `…/${elements.slice(-count).join('/')}`;
}
/** The parts of a {@link Prose} in order, each with whether it is somebody else's words. */
function proseParts(text) {
    return text
        .split('`')
        .map((part, i) => ({ text: part, isCode: i % 2 === 1 }))
        .filter((part) => part.text !== '');
}

;// CONCATENATED MODULE: ./lib/plan/budget.js


const LEAST_RESERVE_BYTES = 192 * MIB;
const RESERVE_SHARE = 0.03;
const LEAST_AUTO_CAP_BYTES = 256 * MIB;
const AMPLE_BYTES_PER_ACTION = 2 * GIB;
/** L, used, reserve and cap: L is the smallest hard limit on the visible path, host memory included. */
function budgetFor(input) {
    const { memoryLimit } = input.settings;
    const { binding } = input.survey;
    const rest = binding === null ? null : restOf(binding, input.settings.memoryReserve);
    const bytes = rest === null ? null : Math.max(0, rest.bytes);
    if (memoryLimit.kind === 'off')
        return { cap: null, bytes, reasons: [cap('memory-limit is off, so no cap is set.')] };
    if (memoryLimit.kind === 'size')
        return explicitBudget(input, memoryLimit.bytes, bytes);
    if (binding === null || rest === null) {
        return { cap: null, bytes, reasons: [cap('No memory limit could be read, so no cap is set.')] };
    }
    if (memoryLimit.kind === 'auto')
        return autoBudget(input, binding, rest);
    return explicitBudget(input, Math.floor((binding.bytes * memoryLimit.percent) / 100), bytes);
}
/** Whether every build action can have 2 GiB: then no setting is worth its price. */
function isAmple(bytes, actions) {
    return bytes >= AMPLE_BYTES_PER_ACTION * actions;
}
function restOf(binding, reserve) {
    const share = reserve.kind === 'percent' ? reserve.percent / 100 : RESERVE_SHARE;
    const shareBytes = Math.ceil(binding.bytes * share);
    const autoBytes = Math.max(LEAST_RESERVE_BYTES, shareBytes);
    const reserveBytes = reserve.kind === 'size' ? reserve.bytes : reserve.kind === 'percent' ? shareBytes : autoBytes;
    return { reserveBytes, bytes: binding.bytes - binding.usedByOthersBytes - reserveBytes };
}
function autoBudget(input, binding, rest) {
    const sum = prose `limit ${figure(formatBytes(binding.bytes))} of ${code(binding.file)}, less ${figure(formatBytes(binding.usedByOthersBytes))} used by others and ${figure(formatBytes(rest.reserveBytes))} kept back`;
    const bytes = Math.max(0, rest.bytes);
    if (input.enforcement !== 'cgroup') {
        const why = input.enforcement === 'watch' ? 'the build is ended before a limit is hit' : 'no way to enforce one was found';
        return { cap: null, bytes, reasons: [cap(`No cap: ${why}; the build can have ${formatBytes(bytes)} (${sum}).`)] };
    }
    if (rest.bytes < LEAST_AUTO_CAP_BYTES) {
        const least = formatBytes(LEAST_AUTO_CAP_BYTES);
        return { cap: null, bytes, reasons: [cap(`No cap: ${formatBytes(bytes)} would be left, below ${least} (${sum}).`)] };
    }
    return {
        cap: { bytes, swap: 'open' },
        bytes,
        reasons: [cap(`Cap ${formatBytes(bytes)}: ${sum}.`), swap(input.survey, openSwap(input.survey))]
    };
}
function explicitBudget(input, bytes, restBytes) {
    const asked = `memory-limit ${formatBytes(bytes)}`;
    if (input.enforcement === 'none') {
        return { cap: null, bytes: restBytes, reasons: [cap(`${asked} is requested, not enforced: no way was found.`)] };
    }
    const reasons = [cap(`Cap ${formatBytes(bytes)}, as memory-limit says.`)];
    const { binding } = input.survey;
    const room = binding === null ? bytes : Math.max(0, binding.bytes - binding.usedByOthersBytes);
    if (binding !== null && bytes > room) {
        const first = prose `${figure(formatBytes(binding.bytes))} of ${code(binding.file)}`;
        reasons.push(cap(`${asked} is above the ${formatBytes(room)} that are left: the limit ${first} will be hit first.`));
    }
    if (input.enforcement === 'cgroup') {
        reasons.push(swap(input.survey, 'Swap is closed to the build, since memory-limit is given.'));
    }
    return { cap: { bytes, swap: 'closed' }, bytes: Math.min(bytes, room), reasons };
}
/** So that no build which passes without a cap fails because of the cap that was chosen for it. */
function openSwap(survey) {
    const free = survey.host.swapFreeBytes;
    if (free.kind !== 'value')
        return 'Swap stays open to the build; how much is free is not known.';
    if (free.value === 0)
        return 'This machine has no free swap.';
    return `The ${formatBytes(free.value)} of free swap stay open to the build.`;
}
/** Where there is none, nothing is open or closed. */
function swap({ host: { swapTotalBytes: total } }, text) {
    const isWithout = total.kind === 'value' && total.value === 0;
    return { subject: 'swap', text: isWithout ? 'This machine has no swap.' : text };
}
function cap(text) {
    return { subject: 'cap', text };
}

;// CONCATENATED MODULE: ./lib/plan/parallelism.js

/**
 * The Go tool takes `-p` from its command line, before that from GOFLAGS, else GOMAXPROCS. An input stands above the
 * user's GOFLAGS, the user's GOFLAGS above `auto`; nothing stands above the command line.
 */
function parallelismFor(input, wantsOne) {
    const { settings, survey, userEnvironment } = input;
    const onCommandLine = explicitParallelism(settings.command);
    const inGoflags = parallelismIn(effectiveGoflags(survey, userEnvironment) ?? '');
    const byDefault = defaultParallelism(survey, userEnvironment);
    const asked = settings.parallelism.kind === 'count' ? settings.parallelism.count : null;
    if (onCommandLine !== null) {
        const instead = asked === null || asked === onCommandLine ? '' : `; parallelism ${asked} cannot change it`;
        return left(onCommandLine, `-p ${onCommandLine} on the command line stands${instead}.`);
    }
    if (asked !== null) {
        const above = inGoflags === null || inGoflags === asked ? '' : `, above -p=${inGoflags} in GOFLAGS`;
        const text = `-p=${asked}, as parallelism says${above}.`;
        return inGoflags === asked ? left(asked, text) : { actions: asked, set: asked, reason: reason(text) };
    }
    if (settings.parallelism.kind === 'off') {
        return left(inGoflags ?? byDefault, 'parallelism is off, so -p is left to Go.');
    }
    if (inGoflags !== null)
        return left(inGoflags, `-p=${inGoflags} in GOFLAGS stands.`);
    return wantsOne ? oneAction(input, byDefault) : left(byDefault, `-p is left at ${byDefault}, Go's own default.`);
}
function oneAction({ runsTests, survey, userEnvironment }, byDefault) {
    if (byDefault === 1)
        return left(1, '-p is 1 already.');
    if (runsTests)
        return left(byDefault, 'The command runs tests, which -p would hold back too, so -p is left alone.');
    if (effectiveGoflags(survey, userEnvironment) === null) {
        return left(byDefault, 'GOFLAGS could not be read, and setting it would hide what it holds, so -p is left alone.');
    }
    return { actions: 1, set: 1, reason: reason(`-p=1 in place of ${byDefault}, so that one tool has all the memory.`) };
}
/**
 * GOFLAGS as the Go tool sees it: of the environment, else of `go env -w`, which setting the variable would hide.
 * `null`: the environment has none and Go could not be asked.
 */
function effectiveGoflags(survey, userEnvironment) {
    const own = userEnvironment['GOFLAGS'] ?? '';
    if (own !== '')
        return own;
    return survey.go.kind === 'value' ? (survey.go.value.env['GOFLAGS'] ?? '') : null;
}
/** The last `-p=N` counts, as for any flag given twice. */
function parallelismIn(goflags) {
    const found = [...goflags.matchAll(/(?:^|[\s'"])--?p=(\d+)/g)].at(-1);
    const number = Number(found?.[1] ?? 0);
    return number > 0 ? number : null;
}
/** GOMAXPROCS of the environment counts for the Go tool itself, hence for its `-p`. */
function defaultParallelism(survey, userEnvironment) {
    const own = Number(/^\d+$/.exec(userEnvironment['GOMAXPROCS'] ?? '')?.[0] ?? 0);
    return own > 0 ? own : survey.cpus;
}
function left(actions, text) {
    return { actions, set: null, reason: reason(text) };
}
function reason(text) {
    return { subject: 'parallelism', text };
}

;// CONCATENATED MODULE: ./lib/plan/ladder.js





const GO_SHARE = 0.9;
const LAST_GC_PERCENT = 25;
/**
 * Below this `auto` leaves GOMEMLIMIT alone: the go command itself holds 15 to 63 MiB, and collecting more often gives
 * nothing back any more. `go build -a` of a net/http program, Go 1.26.8, 2 CPUs, once each, CPU time and largest tool:
 * none 30 s, 290 MiB; 256 MiB 34 s, 263; 192 MiB 39 s, 217; 128 MiB 41 s, 192; 96 MiB 45 s, 188; 64 MiB 55 s, 181;
 * 48 MiB 56 s, 183.
 */
const LEAST_GO_LIMIT_BYTES = 64 * MIB;
/**
 * Every plan that this build may be tried with, the fastest first, each different from the one before in what the build
 * gets: nothing set, GOMEMLIMIT, GOMEMLIMIT with GOGC=25 and -p 1, and the host's swap under an explicit cap.
 * A tight build starts at the second. There is always at least one.
 */
function ladder(input) {
    const budget = budgetFor(input);
    const { actions } = parallelismFor(input, false);
    const isTight = budget.bytes !== null && !isAmple(budget.bytes, actions);
    const steps = [];
    for (const rung of rungsFor(input, budget, isTight)) {
        const step = stepAt(rung, input, budget);
        const level = isTight || rung !== 'nothing' ? 'tight' : budget.bytes === null ? 'unknown' : 'ample';
        if (!steps.some((earlier) => isSame(earlier, step)))
            steps.push({ ...step, level });
    }
    return steps;
}
/** `enforcement: off` only observes: nothing is changed unless the build has died and `retry` was asked for. */
function rungsFor({ settings, survey, enforcement }, budget, isTight) {
    const startsTight = isTight && settings.enforcement !== 'off';
    const rungs = startsTight ? ['soft limit', 'frugal'] : ['nothing', 'soft limit', 'frugal'];
    const { swapFreeBytes } = survey.host;
    const hasSwap = swapFreeBytes.kind === 'value' && swapFreeBytes.value > 0;
    if (enforcement === 'cgroup' && budget.cap?.swap === 'closed' && hasSwap)
        rungs.push('swap');
    return rungs;
}
function stepAt(rung, input, budget) {
    const isFrugal = rung === 'frugal' || rung === 'swap';
    const parallelism = parallelismFor(input, isFrugal);
    const heap = goLimit(rung, input, budget);
    const collector = gcPercent(isFrugal, input);
    const opensSwap = rung === 'swap' && budget.cap !== null;
    const swap = { subject: 'swap', text: 'Swap is opened to the build, as the last resort.' };
    const environment = {};
    if (parallelism.set !== null) {
        const own = effectiveGoflags(input.survey, input.userEnvironment) ?? '';
        environment['GOFLAGS'] = own === '' ? `-p=${parallelism.set}` : `${own} -p=${parallelism.set}`;
    }
    if (heap.bytes !== null)
        environment['GOMEMLIMIT'] = goMemoryLimit(heap.bytes);
    if (collector.percent !== null)
        environment['GOGC'] = String(collector.percent);
    return {
        cap: opensSwap && budget.cap !== null ? { ...budget.cap, swap: 'open' } : budget.cap,
        parallelism: parallelism.actions,
        setParallelism: parallelism.set,
        setGoMemoryLimitBytes: heap.bytes,
        setGcPercent: collector.percent,
        environment,
        reasons: [
            ...budget.reasons.filter(({ subject }) => !(opensSwap && subject === 'swap')),
            ...(opensSwap ? [swap] : []),
            parallelism.reason,
            heap.reason,
            ...collector.reasons
        ]
    };
}
function goLimit(rung, input, budget) {
    const asked = input.settings.goMemoryLimit;
    const own = input.userEnvironment['GOMEMLIMIT'] ?? '';
    const say = (bytes, text) => ({ bytes, reason: { subject: 'go-memory-limit', text } });
    if (asked.kind === 'size') {
        const above = own === '' ? '' : prose `, above ${code(own)} in the environment`;
        return say(asked.bytes, `GOMEMLIMIT=${goMemoryLimit(asked.bytes)}, as go-memory-limit says${above}.`);
    }
    if (asked.kind === 'off')
        return say(null, 'go-memory-limit is off, so GOMEMLIMIT is left alone.');
    if (own !== '')
        return say(null, prose `GOMEMLIMIT=${code(own)} of the environment stands.`);
    if (!knowsMemoryLimit(input.survey.go))
        return say(null, 'Go before 1.19 does not know GOMEMLIMIT.');
    if (budget.bytes === null)
        return say(null, 'How much memory there is could not be read, so GOMEMLIMIT is left alone.');
    if (rung === 'nothing')
        return say(null, untouched(input, budget.bytes));
    const bytes = Math.floor(GO_SHARE * budget.bytes);
    if (bytes < LEAST_GO_LIMIT_BYTES) {
        const least = goMemoryLimit(LEAST_GO_LIMIT_BYTES);
        return say(null, `GOMEMLIMIT is left alone: below ${least} it costs time and saves no memory.`);
    }
    return say(bytes, `GOMEMLIMIT=${goMemoryLimit(bytes)}, 0.9 of the ${formatBytes(budget.bytes)} that the build can have.`);
}
function untouched(input, bytes) {
    if (input.settings.enforcement === 'off')
        return 'enforcement is off, so GOMEMLIMIT is left alone.';
    const { actions } = parallelismFor(input, false);
    const users = actions === 1 ? '1 build action' : `${actions} build actions`;
    return `memory is ample: ${formatBytes(bytes)} for ${users}, so GOMEMLIMIT is left alone.`;
}
function gcPercent(isFrugal, { userEnvironment }) {
    const own = userEnvironment['GOGC'] ?? '';
    const say = (text) => [{ subject: 'gc-percent', text }];
    if (own !== '')
        return { percent: null, reasons: say(prose `GOGC=${code(own)} of the environment stands.`) };
    if (!isFrugal)
        return { percent: null, reasons: [] };
    return { percent: LAST_GC_PERCENT, reasons: say(`GOGC=${LAST_GC_PERCENT}, so that less garbage is kept.`) };
}
/** Whether the build would get the same from both. */
function isSame(a, b) {
    const [one, other] = [a.environment, b.environment];
    return a.cap?.swap === b.cap?.swap && ['GOFLAGS', 'GOMEMLIMIT', 'GOGC'].every((name) => one[name] === other[name]);
}

;// CONCATENATED MODULE: ./lib/plan/plan.js


/** What the next attempt runs with: after each death of memory one step further, the last step from then on. */
function planAttempt(input) {
    const steps = ladder(input);
    const step = steps[Math.min(input.previous.length, steps.length - 1)];
    if (step === undefined)
        throw new Error('a ladder without a step');
    return { attempt: input.previous.length + 1, ...step };
}
/** Whether to try again after `previous`, the last of which has just died of memory. */
function nextAttempt(input) {
    const { settings, previous } = input;
    const attempt = previous.length + 1;
    const refusal = refusalOf(input, attempt);
    if (refusal !== null)
        return { isWorthwhile: false, reason: `no attempt ${attempt}: ${refusal}` };
    const what = described(planAttempt(input), input);
    return { isWorthwhile: true, reason: `attempt ${attempt} of at most ${settings.maxAttempts} with ${what}` };
}
function refusalOf(input, attempt) {
    const { settings } = input;
    if (settings.onOutOfMemory === 'fail')
        return 'on-out-of-memory is fail';
    if (attempt > settings.maxAttempts)
        return `max-attempts is ${settings.maxAttempts}`;
    if (settings.onOutOfMemory === 'auto') {
        if (settings.enforcement === 'off')
            return 'enforcement is off, and on-out-of-memory is not retry';
        if (!isRepeatable(settings.command)) {
            return 'the command does more than build, or cannot be read with certainty, and on-out-of-memory is not retry';
        }
    }
    const last = input.previous.at(-1);
    if (attempt <= ladder(input).length || last === undefined)
        return null;
    return `no tighter setting is left after ${described(last, input)}`;
}
/** "-p=1 GOMEMLIMIT=5900MiB GOGC=25, swap open". */
function described(plan, { settings }) {
    const words = [`-p=${plan.parallelism}`];
    for (const name of ['GOMEMLIMIT', 'GOGC']) {
        const text = plan.environment[name];
        if (text !== undefined)
            words.push(`${name}=${text}`);
    }
    const opensSwap = plan.cap?.swap === 'open' && settings.memoryLimit.kind !== 'auto';
    return words.join(' ') + (opensSwap ? ', swap open' : '');
}

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __nccwpck_require__(161);
;// CONCATENATED MODULE: ./lib/run/exit-code.js

const TIMED_OUT = 124;
const COULD_NOT_RUN = 125;
/** One number for both forms: the command's own status, 128+n where signal n ended it, 124 where our timeout did. */
function exitCodeOf(exit, stop) {
    if (stop?.kind === 'timeout')
        return TIMED_OUT;
    return exit.signal === null ? exit.code : 128 + (external_node_os_.constants.signals[exit.signal] ?? 0);
}

;// CONCATENATED MODULE: ./lib/cage/cage-name.js
/** Every cgroup of ours is called so, whoever made it: what is found under this name may be removed, nothing else. */
const PREFIX = 'go-build-guard-';
/** The name for a checked run id: 12 hexadecimal digits. Throws on anything else, since it becomes part of a path. */
function cageName(runId) {
    if (!/^[0-9a-f]{12}$/.test(runId))
        throw new Error('not a run id');
    return PREFIX + runId;
}

;// CONCATENATED MODULE: ./lib/kernel/keyed-lines.js

/**
 * The flat `key value` files of the kernel (`memory.stat`, `memory.events`, `vmstat`), one pair a line:
 *
 *     anon 1658880
 *     file 86016
 *
 * Lines of another shape and keys nobody asks for are skipped: every kernel release adds some.
 */
function parseKeyedLines(text) {
    const pairs = new Map();
    for (const line of text.split('\n')) {
        const [key, amount, ...rest] = line.trim().split(/\s+/);
        if (key !== undefined && amount !== undefined && rest.length === 0)
            pairs.set(key, amount);
    }
    return pairs;
}
/** The whole number under `key`; absent without the key, unreadable where it is no number that can be counted with. */
function numberUnder(pairs, key) {
    const text = pairs.get(key);
    if (text === undefined)
        return model_reading/* ABSENT */.sj;
    return wholeNumber(text) ?? (0,model_reading/* unreadable */.O$)(`no number under ${key}`);
}
function wholeNumber(text) {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return Number.isSafeInteger(number) ? (0,model_reading/* value */.Uq)(number) : null;
}

;// CONCATENATED MODULE: ./lib/kernel/limit.js

/**
 * A limit file of a cgroup, in bytes: `max` on v2 and, on v1, the largest page-aligned 63-bit number where none is set
 * (9223372036854771712 with 4 KiB pages, 9223372036854710272 with 64 KiB). Anything past 2^53 limits no machine there
 * is, so the page size need not be known. `0` is a limit like any other.
 */
function parseLimit(text) {
    const limit = text.trim();
    if (limit === 'max' || limit === 'unlimited')
        return model_reading/* UNLIMITED */.Mp;
    if (!/^\d+$/.test(limit))
        return (0,model_reading/* unreadable */.O$)(limit === '' ? 'the file is empty' : 'the file holds no number');
    const number = Number(limit);
    return Number.isSafeInteger(number) ? (0,model_reading/* value */.Uq)(number) : model_reading/* UNLIMITED */.Mp;
}

;// CONCATENATED MODULE: ./lib/kernel/memory-stat.js



/**
 * `memory.stat`, v2 or v1, told apart by its keys (admin-guide/cgroup-v2.rst; cgroup-v1/memory.rst §5.2):
 *
 *     anon 1658880              cache 86016
 *     file 86016                rss 1716224
 *     kernel 1421312            total_cache 1812242432
 *     shmem 0                   total_rss 143564800
 *
 * v1 keys without `total_` leave out the child cgroups. Both `file` and `cache` contain shared memory.
 */
function parseMemoryStat(text) {
    const pairs = parseKeyedLines(text);
    const isV1 = pairs.has('total_rss');
    const shmemBytes = numberUnder(pairs, isV1 ? 'total_shmem' : 'shmem');
    return {
        anonBytes: numberUnder(pairs, isV1 ? 'total_rss' : 'anon'),
        shmemBytes,
        fileBytes: less(numberUnder(pairs, isV1 ? 'total_cache' : 'file'), shmemBytes),
        kernelBytes: isV1 ? model_reading/* ABSENT */.sj : kernelBytes(pairs)
    };
}
/**
 * v1 only: the smallest limit of the cgroup and all its ancestors, also those outside the visible mount; `memory.stat`
 *
 *     hierarchical_memory_limit 67108864
 */
function parseHierarchicalLimit(text) {
    const limit = parseKeyedLines(text).get('hierarchical_memory_limit');
    return limit === undefined ? model_reading/* ABSENT */.sj : parseLimit(limit);
}
/** Anonymous + shared + kernel memory: what cannot be had by dropping page cache. */
function unreclaimableBytes(stat) {
    if (stat.anonBytes.kind !== 'value')
        return stat.anonBytes;
    const others = [stat.shmemBytes, stat.kernelBytes];
    return (0,model_reading/* value */.Uq)(others.reduce((sum, part) => sum + (part.kind === 'value' ? part.value : 0), stat.anonBytes.value));
}
function less(whole, part) {
    if (whole.kind !== 'value' || part.kind !== 'value')
        return whole;
    return (0,model_reading/* value */.Uq)(Math.max(0, whole.value - part.value));
}
/** The key `kernel` came with Linux 5.18; before that the parts it is made of were listed one by one. */
const KERNEL_PARTS = ['kernel_stack', 'pagetables', 'percpu', 'vmalloc', 'slab'];
function kernelBytes(pairs) {
    const whole = numberUnder(pairs, 'kernel');
    if (whole.kind !== 'absent')
        return whole;
    const parts = KERNEL_PARTS.map((key) => numberUnder(pairs, key)).filter((part) => part.kind === 'value');
    return parts.length === 0 ? model_reading/* ABSENT */.sj : (0,model_reading/* value */.Uq)(parts.reduce((sum, part) => sum + part.value, 0));
}

;// CONCATENATED MODULE: ./lib/cage/cgroup-directory.js


const KILL_WAIT_MS = 5000;
const KILL_PAUSE_MS = 10;
/** A cgroup of ours and those that the build may have made below it, deepest first. */
function family(files, directory) {
    const names = files.list(directory);
    if (names.kind !== 'value')
        return [directory];
    const children = names.value
        .map((name) => `${directory}/${name}`)
        // Control files have no entries of their own, cgroups always do.
        .filter((path) => files.exists(`${path}/cgroup.procs`));
    return [...children.flatMap((child) => family(files, child)), directory];
}
function pidsInside(files, directory) {
    return family(files, directory).flatMap((path) => {
        const text = files.readText(`${path}/cgroup.procs`);
        if (text.kind !== 'value')
            return [];
        return text.value.split('\n').filter(Boolean).map(Number);
    });
}
/** `memory.stat`: anonymous and shared memory of the whole tree, page cache apart. */
function chargedInside(files, directory) {
    const text = files.readText(`${directory}/memory.stat`);
    if (text.kind !== 'value')
        return null;
    const stat = parseMemoryStat(text.value);
    if (stat.anonBytes.kind !== 'value')
        return null;
    return {
        treeBytes: stat.anonBytes.value + ((0,model_reading/* known */.eO)(stat.shmemBytes) ?? 0),
        cacheBytes: (0,model_reading/* known */.eO)(stat.fileBytes)
    };
}
/**
 * SIGKILL until nothing is left. `cgroup.kill` (Linux 5.14, v2) reaches children of other users and wins against
 * forking; where it is missing every process is signalled, again and again for those that were just born.
 */
async function killInside(tools, directory) {
    const deadlineMs = tools.clock.nowMs() + KILL_WAIT_MS;
    for (;;) {
        const pids = pidsInside(tools.files, directory);
        if (pids.length === 0 || tools.clock.nowMs() > deadlineMs)
            return;
        const killedByKernel = await attempt(() => tools.control.write(`${directory}/cgroup.kill`, '1'));
        if (killedByKernel !== null)
            for (const pid of pids)
                tools.processes.signal(pid, 'SIGKILL');
        await tools.clock.sleep(KILL_PAUSE_MS);
    }
}
/** Kills what is left and removes the cgroup; answers with what stays behind. */
async function removeDirectory(tools, directory) {
    if (!tools.files.exists(directory))
        return [];
    await killInside(tools, directory);
    const faults = [];
    for (const path of family(tools.files, directory)) {
        const fault = await removeOne(tools, path);
        if (fault !== null)
            faults.push(`cgroup ${path} is left behind: ${fault}`);
    }
    return faults;
}
/** A killed process leaves its cgroup a moment after it has left `cgroup.procs`, so EBUSY is tried again. */
async function removeOne(tools, path) {
    const deadlineMs = tools.clock.nowMs() + 2000;
    for (;;) {
        const fault = await attempt(() => tools.control.removeDirectory(path));
        if (fault === null || !tools.files.exists(path))
            return null;
        if (tools.clock.nowMs() > deadlineMs)
            return fault;
        await tools.clock.sleep(KILL_PAUSE_MS);
    }
}
/** What went wrong, or `null`. */
async function attempt(effect) {
    try {
        await effect();
        return null;
    }
    catch (fault) {
        return fault instanceof Error ? fault.message : String(fault);
    }
}

;// CONCATENATED MODULE: ./lib/cage/cgroup-leaf.js


/** Makes the cgroup and its limit; the limit counts as set only when the kernel repeats it. Throws if either fails. */
async function openLeaf(tools, dialect, place, cap) {
    const { files, control } = tools;
    const { directory } = place;
    await control.makeDirectory(directory);
    const fault = await attempt(() => limit(tools, dialect, directory, cap));
    if (fault !== null) {
        await removeDirectory(tools, directory);
        throw new Error(fault);
    }
    const before = dialect.counters(files, directory);
    const change = (name) => ({
        before: before[name],
        after: dialect.counters(files, directory)[name]
    });
    return {
        way: dialect.way,
        capBytes: cap.bytes,
        directory,
        join: (pid) => control.write(`${directory}/cgroup.procs`, String(pid)),
        pids: () => pidsInside(files, directory),
        charged: () => chargedInside(files, directory),
        examine: (treeBytes) => ({ share: treeBytes / cap.bytes, breach: null }),
        evidence: () => ({
            way: dialect.way,
            cgroupPath: directory.slice(place.mountPoint.length),
            capBytes: cap.bytes,
            ownLimitHits: change('ownLimitHits'),
            kills: change('kills'),
            kernelPeakBytes: (0,model_reading/* mapReading */.P2)(files.readText(`${directory}/${dialect.peakFile}`), Number)
        }),
        kill: () => killInside(tools, directory),
        close: () => removeDirectory(tools, directory)
    };
}
async function limit({ files, control }, dialect, directory, cap) {
    const file = `${directory}/${dialect.limitFile}`;
    await control.write(file, String(cap.bytes));
    if (cap.swap === 'closed') {
        const swap = dialect.swapClosed(cap);
        // Absent without swap accounting in the kernel.
        if (files.exists(`${directory}/${swap.file}`))
            await control.write(`${directory}/${swap.file}`, swap.text);
    }
    const said = files.readText(file);
    const bytes = said.kind === 'value' ? Number(said.value) : Number.NaN;
    // Rounded down to a page, of 64 KiB at most.
    if (!(bytes <= cap.bytes && bytes > cap.bytes - 65_536)) {
        throw new Error(`${file} reads ${said.kind === 'value' ? said.value.trim() : said.kind} after ${cap.bytes} was written`);
    }
}

;// CONCATENATED MODULE: ./lib/kernel/oom-control.js

/**
 * v1 `memory.oom_control` (cgroup-v1/memory.rst §10); the last line is absent on kernels before 4.13:
 *
 *     oom_kill_disable 0
 *     under_oom 0
 *     oom_kill 1
 */
function parseOomControl(text) {
    const pairs = parseKeyedLines(text);
    return { oomKill: numberUnder(pairs, 'oom_kill'), underOom: numberUnder(pairs, 'under_oom') };
}

;// CONCATENATED MODULE: ./lib/cage/cgroup-v1.js


/**
 * cgroup v1 (Documentation/admin-guide/cgroup-v1/memory.rst). It counts kills where the victim lives and does not say
 * whose limit fired: the kernel log has to.
 */
const cgroupV1 = {
    way: 'cgroup-v1',
    limitFile: 'memory.limit_in_bytes',
    peakFile: 'memory.max_usage_in_bytes',
    // RAM and swap together, so the same figure leaves nothing for swap.
    swapClosed: (cap) => ({ file: 'memory.memsw.limit_in_bytes', text: String(cap.bytes) }),
    counters(files, directory) {
        const control = files.readText(`${directory}/memory.oom_control`);
        return { ownLimitHits: model_reading/* ABSENT */.sj, kills: (0,model_reading/* chainReading */.W5)(control, (text) => parseOomControl(text).oomKill) };
    }
};

;// CONCATENATED MODULE: ./lib/kernel/memory-events.js

/**
 * v2 `memory.events` and `memory.events.local` (admin-guide/cgroup-v2.rst):
 *
 *     low 0
 *     high 0
 *     max 59
 *     oom 1
 *     oom_kill 1
 *     oom_group_kill 0
 */
function parseMemoryEvents(text) {
    const pairs = parseKeyedLines(text);
    return {
        oom: numberUnder(pairs, 'oom'),
        oomKill: numberUnder(pairs, 'oom_kill'),
        oomGroupKill: numberUnder(pairs, 'oom_group_kill'),
        max: numberUnder(pairs, 'max')
    };
}

;// CONCATENATED MODULE: ./lib/cage/cgroup-v2.js


/**
 * cgroup v2 (Documentation/admin-guide/cgroup-v2.rst). `memory.oom.group` stays 0: the kernel kills the one compiler,
 * and the Go tool lives to say which.
 */
const cgroupV2 = {
    way: 'cgroup-v2',
    limitFile: 'memory.max',
    peakFile: 'memory.peak',
    swapClosed: () => ({ file: 'memory.swap.max', text: '0' }),
    counters(files, directory) {
        const events = files.readText(`${directory}/memory.events`);
        return {
            ownLimitHits: (0,model_reading/* chainReading */.W5)(events, (text) => parseMemoryEvents(text).oom),
            kills: (0,model_reading/* chainReading */.W5)(events, (text) => parseMemoryEvents(text).oomKill)
        };
    }
};

;// CONCATENATED MODULE: ./lib/kernel/kibibyte-lines.js


/**
 * The bytes of one field in `/proc/meminfo` or `/proc/PID/status`, whose `kB` are KiB:
 *
 *     MemTotal:       24684096 kB
 *     RssAnon:	     112 kB
 */
function kibibytesUnder(text, field) {
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${field}:`));
    if (line === undefined)
        return model_reading/* ABSENT */.sj;
    const amount = /^\s*(\d{1,13}) kB\s*$/.exec(line.slice(field.length + 1))?.[1];
    return amount === undefined ? (0,model_reading/* unreadable */.O$)(`${field} is no size in kB`) : (0,model_reading/* value */.Uq)(Number(amount) * KIB);
}

;// CONCATENATED MODULE: ./lib/kernel/meminfo.js

/**
 * `/proc/meminfo` (proc_meminfo(5)):
 *
 *     MemTotal:       24684096 kB
 *     MemAvailable:   23878816 kB
 *     SwapTotal:             0 kB
 */
function parseMeminfo(text) {
    return {
        totalBytes: kibibytesUnder(text, 'MemTotal'),
        availableBytes: kibibytesUnder(text, 'MemAvailable'),
        swapTotalBytes: kibibytesUnder(text, 'SwapTotal'),
        swapFreeBytes: kibibytesUnder(text, 'SwapFree')
    };
}

;// CONCATENATED MODULE: ./lib/kernel/proc-stat.js
/** Place of `starttime`, field 22, among the fields that follow the name. */
const START_TIME = 19;
/**
 * One process, or `null` for text that is not complete:
 *
 *     957 (we ird) (x) S 951 950 950 0 -1 4194304 98 0 0 0 0 0 0 0 20 0 1 0 69153 3133440 390 …
 *
 * The name ends at the *last* closing parenthesis, since it may contain some itself.
 */
function parseProcStat(text) {
    const open = text.indexOf('(');
    const close = text.lastIndexOf(')');
    if (open < 0 || close < open)
        return null;
    const fields = text
        .slice(close + 1)
        .trim()
        .split(/\s+/);
    const [state, ...numbers] = fields;
    const pid = count(text.slice(0, open));
    const parentPid = count(numbers[0]);
    const groupId = count(numbers[1]);
    const sessionId = count(numbers[2]);
    const startTicks = count(fields[START_TIME]);
    if (state === undefined || !/^[A-Za-z]$/.test(state))
        return null;
    if (pid === null || parentPid === null || groupId === null || sessionId === null || startTicks === null)
        return null;
    return { pid, comm: text.slice(open + 1, close), state, parentPid, groupId, sessionId, startTicks };
}
function count(text) {
    return text !== undefined && /^\s*\d+\s*$/.test(text) ? Number(text) : null;
}

;// CONCATENATED MODULE: ./lib/cage/process-tree.js

/**
 * Reads `/proc`: children of members are members, and so is whatever shares the root's session. Who once belonged stays,
 * since a process whose parent died is adopted by pid 1; a reused pid is told by its start time.
 */
function processTree(files, root) {
    let rootPid = null;
    let members = new Map();
    return {
        follow(pid) {
            rootPid = pid;
            members = new Map();
        },
        pids() {
            if (rootPid === null)
                return [];
            members = grow(files, root, rootPid, members);
            return [...members.keys()];
        }
    };
}
function grow(files, root, rootPid, before) {
    const names = files.list(`${root}/proc`);
    if (names.kind !== 'value')
        return before;
    const all = names.value
        .filter((name) => /^\d+$/.test(name))
        .flatMap((name) => {
        const text = files.readText(`${root}/proc/${name}/stat`);
        const stat = text.kind === 'value' ? parseProcStat(text.value) : null;
        // A zombie holds no memory and cannot be killed.
        return stat === null || stat.state === 'Z' ? [] : [stat];
    });
    const members = new Map();
    const add = (pid, startTicks) => void members.set(pid, { pid, startTicks });
    for (const stat of all) {
        const known = before.get(stat.pid)?.startTicks === stat.startTicks;
        if (known || stat.pid === rootPid || stat.sessionId === rootPid)
            add(stat.pid, stat.startTicks);
    }
    // Parents may have higher pids than their children once pids have wrapped round.
    for (let grown = true; grown;) {
        grown = false;
        for (const stat of all) {
            if (members.has(stat.pid) || !members.has(stat.parentPid))
                continue;
            add(stat.pid, stat.startTicks);
            grown = true;
        }
    }
    return members;
}

;// CONCATENATED MODULE: ./lib/cage/watch.js





const watch_KILL_WAIT_MS = 5000;
/**
 * No cap by the kernel: the guard ends the build itself before a visible limit would, since that limit may kill the
 * guard too (Kubernetes sets `memory.oom.group`). Best effort: memory can grow faster than anybody looks.
 */
function openWatch(tools, survey, capBytes, root) {
    const levels = levelsOf(tools.files, survey, capBytes, root);
    return openTree(tools, root, { way: 'watch', capBytes, examine: (treeBytes) => examine(levels, treeBytes) });
}
/** Observes only. */
function openNone(tools, root) {
    return openTree(tools, root, { way: 'none', capBytes: null, examine: () => ({ share: 0, breach: null }) });
}
/** What the ways without a cgroup have in common: the tree is found in `/proc` and ended process by process. */
function openTree(tools, root, own) {
    const tree = processTree(tools.files, root);
    const none = { before: model_reading/* ABSENT */.sj, after: model_reading/* ABSENT */.sj };
    return {
        ...own,
        directory: null,
        join: async (pid) => tree.follow(pid),
        pids: () => tree.pids(),
        charged: () => null,
        evidence: () => ({
            way: own.way,
            cgroupPath: null,
            capBytes: own.capBytes,
            ownLimitHits: none,
            kills: none,
            kernelPeakBytes: model_reading/* ABSENT */.sj
        }),
        kill: () => killTree(tools, tree),
        async close() {
            await killTree(tools, tree);
            const left = tree.pids();
            return left.length === 0
                ? []
                : [`${left.length} processes of the build could not be ended: ${left.slice(0, 8).join(', ')}`];
        }
    };
}
async function killTree(tools, tree) {
    const deadlineMs = tools.clock.nowMs() + watch_KILL_WAIT_MS;
    for (;;) {
        const pids = tree.pids();
        if (pids.length === 0 || tools.clock.nowMs() > deadlineMs)
            return;
        for (const pid of pids)
            tools.processes.signal(pid, 'SIGKILL');
        await tools.clock.sleep(10);
    }
}
function examine(levels, treeBytes) {
    let share = 0;
    for (const level of levels) {
        const usedBytes = level.usedBytes(treeBytes);
        if (usedBytes === null)
            continue;
        const roomBytes = Math.max(1, level.limitBytes - level.marginBytes);
        if (usedBytes > roomBytes)
            return { share: 1, breach: { level: level.name, limitBytes: level.limitBytes } };
        share = Math.max(share, usedBytes / roomBytes);
    }
    return { share, breach: null };
}
function levelsOf(files, survey, capBytes, root) {
    const margin = (limitBytes) => Math.max(64 * MIB, 0.03 * limitBytes);
    const levels = [];
    if (capBytes !== null) {
        levels.push({ name: 'memory-limit', limitBytes: capBytes, marginBytes: 0, usedBytes: (treeBytes) => treeBytes });
    }
    for (const { directory, limitBytes } of survey.cgroup.levels) {
        const limit = (0,model_reading/* known */.eO)(limitBytes);
        if (limit === null)
            continue;
        levels.push({
            name: directory,
            limitBytes: limit,
            marginBytes: margin(limit),
            usedBytes: () => chargedInside(files, directory)?.treeBytes ?? null
        });
    }
    const total = (0,model_reading/* known */.eO)(survey.host.totalBytes);
    if (total !== null) {
        levels.push({
            name: 'host',
            limitBytes: total,
            marginBytes: margin(total),
            usedBytes: () => hostUsed(files, root, total)
        });
    }
    return levels;
}
function hostUsed(files, root, totalBytes) {
    const text = files.readText(`${root}/proc/meminfo`);
    if (text.kind !== 'value')
        return null;
    const available = (0,model_reading/* known */.eO)(parseMeminfo(text.value).availableBytes);
    return available === null ? null : totalBytes - available;
}

;// CONCATENATED MODULE: ./lib/cage/open-cage.js





/** An explicit choice that cannot be had: an error for the user, never a silent downgrade. */
class EnforcementUnavailable extends Error {
}
/** Opens the best cage that works, by trying. Throws {@link EnforcementUnavailable}. */
async function openCage(maker, order) {
    if (order.choice === 'off')
        return { cage: openNone(maker, maker.root), reach: 'none', control: null, reasons: ['enforcement is off'] };
    const reasons = [];
    if (order.choice !== 'watch') {
        const opened = await tryCgroups(maker, order, reasons);
        if (opened !== null)
            return { ...opened, reach: 'cgroup', reasons };
        if (order.choice === 'cgroup')
            throw new EnforcementUnavailable(`enforcement: cgroup cannot be had: ${reasons.join('; ')}`);
    }
    if (order.survey.platform !== 'linux') {
        const reason = `memory of a process tree is not read on ${order.survey.platform}`;
        if (order.choice === 'watch')
            throw new EnforcementUnavailable(`enforcement: watch cannot be had: ${reason}`);
        return { cage: openNone(maker, maker.root), reach: 'none', control: null, reasons: [...reasons, reason] };
    }
    const cage = openWatch(maker, order.survey, order.capFor('watch')?.bytes ?? null, maker.root);
    return { cage, reach: 'watch', control: null, reasons };
}
async function tryCgroups(maker, order, reasons) {
    const { survey } = order;
    const cap = order.capFor('cgroup');
    const dialect = dialectOf(survey);
    if (dialect === null)
        reasons.push('no memory controller of cgroups is visible');
    else if (cap === null)
        reasons.push('no cap is set, so no cgroup is made');
    if (dialect === null || cap === null)
        return null;
    for (const place of placesFor(maker.files, survey, cageName(order.runId))) {
        for (const control of maker.means) {
            try {
                maker.announce(place.directory);
                const cage = await openLeaf({ ...maker, control }, dialect, place, cap);
                reasons.push(`${dialect.way} ${place.directory}${control.means === 'sudo' ? ', through sudo' : ''}`);
                return { cage, control };
            }
            catch (fault) {
                reasons.push(`${dialect.way} (${control.means}): ${fault instanceof Error ? fault.message : String(fault)}`);
            }
        }
    }
    return null;
}
function dialectOf(survey) {
    if (survey.cgroup.version === 'v2')
        return cgroupV2;
    return survey.cgroup.version === 'v1' ? cgroupV1 : null;
}
/**
 * Where a leaf of ours can be, nearest to our own cgroup first, so that the limits above us stay above it.
 * v1: below our own. v2: a cgroup with processes in it cannot have children with a memory controller (no-internal-process
 * rule), so beside ours, or beside the nearest ancestor whose children have one.
 */
function placesFor(files, survey, name) {
    const { mountPoint, directory, version } = survey.cgroup;
    if (mountPoint === null || directory === null)
        return [];
    if (version === 'v1')
        return [{ directory: `${directory}/${name}`, mountPoint }];
    return ancestors(directory, mountPoint)
        .filter((parent) => {
        const controllers = files.readText(`${parent}/cgroup.subtree_control`);
        return controllers.kind === 'value' && controllers.value.trim().split(' ').includes('memory');
    })
        .map((parent) => ({ directory: `${parent}/${name}`, mountPoint }));
}
/** From the cgroup itself up to the mount point, which is the last. */
function ancestors(directory, mountPoint) {
    if (directory === mountPoint || !directory.startsWith(`${mountPoint}/`))
        return [mountPoint];
    return [directory, ...ancestors(directory.slice(0, directory.lastIndexOf('/')), mountPoint)];
}

;// CONCATENATED MODULE: ./lib/diagnose/assertion.js
/**
 * A line in which a test compares texts: what stands there is what the test expected or got, and says nothing about
 * the system. Sample: `x_test.go:15: save() = no space left on device, want disk quota exceeded`.
 */
const ASSERTED = /_test\.go:\d.{0,500}\b(?:want(?:ed)?|got|expect(?:ed|s)?|actual|should)\b|^\s*(?:expected|actual|got|want)\b|\bdoes not contain ["(<]|\bto (?:equal|contain substring|match error)\b|^\s*<string>: |^\s*(?:=== (?:RUN|CONT|NAME|PAUSE)|--- (?:PASS|FAIL|SKIP))/i;

;// CONCATENATED MODULE: ./lib/diagnose/log-hits.js
/** The hits of one pattern, or `null`. */
function hitOf(log, id, pattern) {
    return log.hits.get(`${id}/${pattern}`) ?? null;
}
/** Whether any of the named patterns of one set was hit. */
function wasHit(log, id, patterns) {
    return patterns.some((pattern) => hitOf(log, id, pattern) !== null);
}
/** Whether any pattern of a set was hit. */
function wasAnyHit(log, id) {
    return [...log.hits.keys()].some((key) => key.startsWith(`${id}/`));
}
/** All kept lines of the named patterns of one set (all of them unless named), in the order of the log. */
function linesOf(log, set, names) {
    const chosen = names ?? set.patterns.map((pattern) => pattern.name);
    return chosen.flatMap((name) => hitOf(log, set.id, name)?.first ?? []).toSorted((a, b) => a.lineNumber - b.lineNumber);
}
/** The earliest of {@link linesOf}. */
function firstLineOf(log, set, names) {
    return linesOf(log, set, names)[0] ?? null;
}
/** The earliest that no test printed: what a test says is no evidence about the build. */
function firstLineOutsideTests(log, set, names) {
    return linesOf(log, set, names).find((line) => line.isOfTest !== true) ?? null;
}
/** A named group of a line, or `null` where it is absent or empty. */
function group(line, name) {
    const text = line?.groups[name];
    return text === undefined || text === '' ? null : text;
}

;// CONCATENATED MODULE: ./lib/diagnose/context.js

/** Where in a run a line stands: no cause by itself, but words mean less inside a test's output. */
const CONTEXT = {
    id: 'context',
    patterns: [
        { name: 'test-failed', anchor: '--- FAIL', regex: /^\s*--- FAIL/, keep: 2 },
        { name: 'test-passed', anchor: '--- PASS', regex: /^\s*--- PASS/, keep: 2 },
        { name: 'test-started', anchor: '=== RUN', regex: /^=== RUN/, keep: 2 },
        {
            // Never a hit: the scanner looks at these lines to know where the output of a test ends (test-region.ts).
            name: 'test-edge',
            anchor: ['=== CONT', '=== NAME', '--- SKIP', '--- BENCH', 'FAIL', 'ok  ', 'PASS', 'coverage: ', 'exit status '],
            regex: /(?!)/,
            keep: 1
        },
        {
            // testing.tRunner(0xc0001, 0x55) · FAIL	example.com/app	0.01s
            name: 'test-binary',
            anchor: ['testing.tRunner', 'testing.(*M)', 'FAIL'],
            regex: /^\s*testing\.(?:tRunner|\(\*M\)\.)|^\s*FAIL\s+[^\s[\]:]{1,300}\s+\d+\.\d+s/,
            keep: 1
        },
        {
            // cmd/compile/internal/ssa.Compile(0xc000…): a trace of a tool of Go
            name: 'go-tool-frame',
            anchor: ['cmd/compile/internal/', 'cmd/link/internal/', 'cmd/asm/internal/', 'cmd/go/internal/'],
            regex: /^\s*cmd\/(?:compile|link|asm|go)\/internal\/\S{1,200}\(/,
            keep: 1
        },
        {
            name: 'goroutine',
            anchor: 'goroutine ',
            regex: /^\s*goroutine \d{1,9} (?:gp=\S{1,30} m=\S{1,10} )?(?:mp=\S{1,30} )?\[/,
            keep: 1
        },
        {
            // The runtime names it itself, and it is no shortage of memory: `ulimit -l`.
            name: 'locked-memory',
            anchor: ['too much locked memory', 'MEMLOCK'],
            regex: /too much locked memory|RLIMIT_MEMLOCK/,
            keep: 1
        },
        {
            name: 'windows-commit',
            anchor: ['errno=1455', 'code: 1455'],
            regex: /errno=1455|error code: 1455/,
            keep: 1
        }
    ]
};
/** Whether single tests report in this log: what else stands there may be theirs. */
function showsTests(log) {
    return wasHit(log, CONTEXT.id, ['test-failed', 'test-passed', 'test-started']);
}
/** A program's own log: `2026/01/02 03:04:05 …` (package log), `{"level":…}`, `time=… level=…`, `ts=…`, `I0102 03:04:05.6 …`. */
const LOGGED = /^(?:\d{4}[/-]\d\d[/-]\d\d[ T]\d\d:\d\d:\d\d|\[\d{4}-\d\d-\d\d|\{"|time=|ts=|level=|[IWEF]\d{4} \d\d:|(?:DEBU|INFO|WARN|ERRO)\[)/;
/** The stamp of package log, which neither the kernel nor a compiler writes. */
const STAMPED = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? (?!.{0,80}\bkernel:)/;
/** Whether a test, or the program under test, logged the line: what it tells of others is not these others speaking. */
function isLoggedByTest(log, { text, isOfTest }) {
    return STAMPED.test(text) && (isOfTest === true || showsTests(log));
}
/** Whether tests logged every line of a set that was found. */
function isOnlyLoggedByTests(log, words) {
    return linesOf(log, words).every((line) => isLoggedByTest(log, line));
}
/** Whether a line is what tests print while they run: set in, with a position in a test file, or a program's log. */
function isTestTalk(log, { text, isOfTest }) {
    return isOfTest === true || (showsTests(log) && (/^\s{4}|_test\.go:\d/.test(text) || LOGGED.test(text)));
}

;// CONCATENATED MODULE: ./lib/diagnose/definition.js



/**
 * Completes a {@link WordingDefinition}: it matches where one of its patterns did. A tool's mere wording does not count
 * where a test printed it; a refused resource or a named sender does.
 */
function decidedByWording(words) {
    const isMere = words.isOfTests !== true && (words.basis === undefined || words.basis === 'wording');
    const line = ({ evidence: { log } }) => linesOf(log, words).find((one) => !(isMere && one.isOfTest === true) && (words.onlyOutsideTests !== true || !isTestTalk(log, one))) ?? null;
    return {
        ...words,
        rulesOut: [],
        judge: (of) => {
            const first = line(of);
            if (first === null || words.unless?.(of) === true)
                return null;
            return {
                basis: words.basis ?? 'wording',
                confidence: words.confidence ?? 'certain',
                summary: words.says(first),
                evidence: [quoted(words.title, first, words.confidence ?? 'certain')],
                lineNumber: first.lineNumber,
                ...(words.endedBy === undefined ? {} : { endedBy: words.endedBy })
            };
        },
        remedies: (_match, of) => {
            const first = line(of);
            return first === null ? [] : words.fix(first);
        }
    };
}
/** The row that shows which line of the log decided. */
function quoted(hypothesis, line, confidence) {
    return {
        hypothesis,
        measured: prose `line ${figure(line.lineNumber)}: ${code(shorten(line.text.trim()))}`,
        verdict: confidence === 'certain' ? 'cause' : 'likely'
    };
}
const QUOTED_CHARACTERS = 160;
function shorten(text) {
    const characters = [...text];
    return characters.length <= QUOTED_CHARACTERS ? text : `${characters.slice(0, QUOTED_CHARACTERS).join('')}…`;
}
/** A remedy without anything to paste. */
function advice(text) {
    return { text, snippet: null };
}
/** A remedy with shell commands to paste. */
function commands(text, lines) {
    return { text, snippet: { language: 'sh', lines } };
}
/** A remedy with inputs of the action, which are also flags of the same name. */
function inputs(text, lines) {
    return { text, snippet: { language: 'yaml', lines: ['with:', ...lines.map((line) => `  ${line}`)] } };
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/cache.js



/** What lies in a cache is not what was put there. */
const cacheCorrupt = decidedByWording({
    id: 'cache.corrupt',
    title: 'A cache or download is damaged',
    meaning: 'A file of the module cache, of the build cache, or an archive that was just downloaded is damaged or only half there. An earlier run that was killed or ran out of disk while it wrote, a cache that two jobs restored at once, and a proxy that answers with an error page in place of a zip file are the usual reasons. The sources are fine.',
    patterns: [
        {
            // zip: not a valid zip file · verifying example.com/a@v0.0.1: unexpected ziphash: "" · flate: corrupt input before offset 5
            name: 'archive',
            anchor: [
                'not a valid zip file',
                'unexpected ziphash',
                'zip: checksum error',
                'zip: unsupported compression',
                'corrupt input before offset',
                'missing ziphash',
                'zip has been modified',
                'dir has been modified',
                'ziphash file is missing',
                'not completely extracted',
                'gzip: invalid ',
                'invalid tar header',
                'unzip ',
                'has unexpected file '
            ],
            regex: /not a valid zip file|unexpected ziphash|zip: (?:checksum error|unsupported compression)|flate: corrupt input before offset|missing ziphash|(?:zip|dir) has been modified \(|ziphash file is missing|not completely extracted|gzip: invalid (?:checksum|header)|archive\/tar: invalid tar header|unzip \S{1,500}: (?:unexpected EOF|EOF|open )|zip for \S{1,400} has unexpected file/,
            unless: ASSERTED
        },
        {
            // go: go: cache verify failed: … · could not import fmt (open /root/.cache/go-build/ab/…-d: no such file or directory)
            name: 'build-cache',
            anchor: [
                'cache verify failed',
                'could not import ',
                'loading compiled Go files from cache',
                'loading cached file ',
                'internal error: invalid binary cache entry',
                'not a package file',
                'bad magic',
                'truncated object file',
                'corrupt object file',
                'malformed object file',
                'object file is corrupt',
                'unexpected end of archive',
                'unexpected package file',
                'file content changed underfoot'
            ],
            regex: /cache verify failed|could not import \S{1,300} \((?:open |reading |file is empty|bad |unexpected|unsupported|.{0,300}(?:unexpected EOF|go-build|malformed))|loading (?:compiled Go files from cache|cached file \S{1,200}): |invalid binary cache entry|not a (?:package|Go object) file|(?:truncated|corrupt|malformed) object file|object file is corrupt|unexpected end of archive|file content changed underfoot/,
            unless: ASSERTED
        },
        {
            // error: inflate: data stream error (incorrect header check) · fatal: loose object … is corrupt   (git, in pkg/mod/cache/vcs)
            name: 'git',
            anchor: [
                'inflate: data stream error',
                'is corrupt',
                'bad object ',
                'object file ',
                'bad pack header',
                'pack has bad object',
                'invalid index-pack output',
                'packfile '
            ],
            regex: /^\s*(?:error|fatal): (?:inflate: data stream error|loose object \S{1,100} .{0,300}is corrupt|object file \S{1,300} is empty|packfile \S{1,300} (?:is corrupt|cannot be|does not)|bad object |.{0,100}pack has bad object|.{0,40}bad pack header|index file corrupt)/,
            unless: ASSERTED
        },
        {
            // A stored archive of the cache that does not unpack.
            name: 'stored',
            anchor: ['gzip: stdin: ', 'zstd: ', 'Unexpected EOF in archive', '/*stdin*\\'],
            regex: /gzip: stdin: (?:unexpected end of file|not in gzip format|invalid compressed data)|tar: Unexpected EOF in archive|\/\*stdin\*\\ : (?:Decoding error|Read error|unsupported format)/
        }
    ],
    endedBy: 'itself',
    onlyOutsideTests: true,
    says: (line) => prose `A file of a cache or a download is damaged: ${code(line.text.trim().slice(0, 200))}.`,
    fix: (line) => [
        /zip|tar|git|stdin|pack|inflate|object \S{40}/.test(line.text)
            ? commands(prose `throw the module cache away and download again:`, ['go clean -modcache', 'go mod download'])
            : commands(prose `throw the build cache away:`, ['go clean -cache']),
        advice(prose `if the cache was restored from an earlier run, change its key once, so that the damaged one is not restored again.`)
    ],
    catches: [
        { log: 'go: downloading example.com/a v0.0.1\ngo get example.com/a: zip: not a valid zip file\n', exitCode: 1 },
        { log: 'verifying example.com/a@v0.0.1: unexpected ziphash: ""\n', exitCode: 1 },
        {
            log: 'main.go:4:2: could not import fmt (open /root/.cache/go-build/ab/abcd-d: no such file or directory)\n',
            exitCode: 1
        },
        {
            log: 'error: inflate: data stream error (incorrect header check)\nfatal: loose object 76ea9c5a72005d2b (stored in ./76/ea) is corrupt\n',
            exitCode: 128
        }
    ],
    ignores: [
        { log: '--- FAIL: TestZip (0.00s)\n    z_test.go:4: open: zip: not a valid zip file\nFAIL\n', exitCode: 1 },
        { log: 'go: verifying example.com/a@v1.0.0: checksum mismatch\n', exitCode: 1 },
        {
            log: './main.go:4:2: could not import example.com/x (no required module provides package "example.com/x")\n',
            exitCode: 1
        }
    ],
    links: ['https://go.dev/ref/mod#module-cache', 'https://pkg.go.dev/cmd/go#hdr-Build_and_test_caching']
});

;// CONCATENATED MODULE: ./lib/diagnose/plain-name.js
/** A captured name as it may stand in a line to paste: only characters that mean nothing to a shell; else `null`. */
function plainName(text) {
    return text !== null && text !== undefined && /^[\w.~/@+][\w.~/@+-]{0,299}$/.test(text) ? text : null;
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/c-words.js
function wordsOf(words) {
    return { anchors: words, source: words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|') };
}
/** ENOENT of a C program. */
const NO_SUCH_FILE = wordsOf([
    'No such file or directory',
    '没有那个文件或目录',
    '沒有此一檔案或目錄',
    'Datei oder Verzeichnis nicht gefunden',
    'Aucun fichier ou dossier de ce type',
    'Aucun fichier ou dossier de ce nom',
    'No existe el archivo o el directorio',
    'No existe el fichero o el directorio',
    'Нет такого файла или каталога',
    'そのようなファイルやディレクトリはありません',
    '그런 파일이나 디렉터리가 없습니다',
    'Arquivo ou diretório inexistente',
    'Ficheiro ou pasta inexistente',
    'File o directory non esistente',
    'Nie ma takiego pliku ani katalogu',
    'Bestand of map bestaat niet'
]);
/** What stands before the colon and the message of an error; a fatal one ends in the same words. */
const ERROR = wordsOf([
    'error',
    '错误',
    '錯誤',
    'Fehler',
    'erreur',
    'erreur fatale',
    'error fatal',
    'ошибка',
    'エラー',
    '오류',
    'erro',
    'erro fatal',
    'errore',
    'błąd',
    'fout'
]);
/** ld about a symbol that nobody defines. */
const UNDEFINED_REFERENCE = wordsOf([
    'undefined reference to ',
    '未定义的引用',
    '未定義的參考',
    '未定義參考到',
    'nicht definierter Verweis auf ',
    'Nicht definierter Verweis auf ',
    'référence indéfinie vers ',
    'référence à « ',
    'referencia a «',
    'referencia a `',
    'неопределённая ссылка на ',
    'неопределенная ссылка на ',
    'に対する定義されていない参照です',
    'への定義されていない参照です',
    '에 대한 정의되지 않은 참조',
    'referência não definida para ',
    'referência indefinida para ',
    'riferimento non definito a ',
    'niezdefiniowane odwołanie do '
]);

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/cgo.js





/** cgo needs a C compiler and finds none. */
const cgoNoCompiler = decidedByWording({
    id: 'cgo.no-compiler',
    title: 'No C compiler for cgo',
    meaning: 'A package uses cgo, and the C compiler that Go would call (`go env CC`) is not installed or not in `PATH`. Since Go 1.20 the standard library builds without one; packages of others that bind C libraries do not, and neither does `-race` on most systems.',
    patterns: [
        {
            // cgo: C compiler "gcc" not found: exec: "gcc": executable file not found in $PATH   (cmd/cgo/main.go)
            // go tool dist: cannot invoke C compiler ["gcc"]: exec: …   (cmd/dist)
            name: 'cgo',
            anchor: ['C compiler', 'cgo: exec ', 'cgo.exe: exec '],
            regex: /cgo(?:\.exe)?: C compiler \\?"(?<compiler>[^"\\]{1,300})\\?" not found|cannot invoke C compiler |cgo(?:\.exe)?: exec (?<missing>\S{1,300}): (?:exec: |fork\/exec \S{1,300}: (?:no such file|The system cannot find))/,
            unless: /_test\.go:\d/
        },
        {
            // link: running x86_64-w64-mingw32-gcc failed: exec: "x86_64-w64-mingw32-gcc": executable file not found in $PATH
            name: 'exec',
            anchor: 'executable file not found',
            regex: /exec: \\?"(?<compiler>(?:[^"\\]{0,300}[/\\-])?(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|zig)(?:-\d{1,3}(?:\.\d{1,2}){0,2})?(?:\.exe)?)\\?": executable file not found/,
            unless: /: running \\?"|_test\.go:\d/
        },
        {
            // # runtime/cgo
            // exec: "gcc": file does not exist      (go 1.4 and before) · gcc: The system cannot find the path specified.
            name: 'old',
            anchor: ['": file does not exist', '": The system cannot find'],
            regex: /exec: \\?"(?<compiler>(?:[^"\\]{0,300}[/\\-])?(?:gcc|clang|cc)(?:\.exe)?)\\?": (?:file does not exist|The system cannot find)/,
            unless: /: running \\?"|_test\.go:\d/
        },
        {
            // xcrun: error: invalid active developer path (/Library/Developer/CommandLineTools), missing xcrun at: …
            name: 'apple',
            anchor: ['xcrun: error: ', 'Xcode license agreements', 'no developer tools were found'],
            regex: /xcrun: error: (?:invalid active developer path|unable to find utility|active developer path)|not agreed to the Xcode license agreements|xcode-select: (?:note|error): no developer tools were found/
        }
    ],
    endedBy: 'itself',
    says: (line) => {
        const compiler = group(line, 'compiler') ?? group(line, 'missing');
        return compiler === null
            ? prose `cgo needs a C compiler and could not start one.`
            : prose `cgo needs the C compiler ${code(compiler)}, which is not in ${code('PATH')}.`;
    },
    fix: (line) => {
        if (/xcode|xcrun/i.test(line.text))
            return [commands(prose `install the command line tools of Xcode:`, ['xcode-select --install'])];
        const name = (group(line, 'compiler') ?? group(line, 'missing'))?.split('/').at(-1);
        return [
            installFor(name ?? 'gcc'),
            commands(prose `or build without cgo, if every package has a part in pure Go:`, ['CGO_ENABLED=0 go build ./...'])
        ];
    },
    catches: [
        {
            log: '# runtime/cgo\ncgo: C compiler "gcc" not found: exec: "gcc": executable file not found in $PATH\n',
            exitCode: 1
        },
        { log: '# example.com/sqlite\ncgo: exec gcc: exec: "gcc": executable file not found in $PATH\n', exitCode: 1 },
        { log: 'exec: "x86_64-w64-mingw32-gcc": executable file not found in %PATH%\n', exitCode: 1 },
        {
            log: '/usr/local/go/pkg/tool/linux_amd64/link: running aarch64-linux-gnu-gcc failed: exec: "aarch64-linux-gnu-gcc": executable file not found in $PATH\n',
            exitCode: 1
        },
        {
            log: 'go tool dist: cannot invoke C compiler ["gcc"]: exec: "gcc": executable file not found in $PATH\n',
            exitCode: 2
        }
    ],
    ignores: [
        { log: 'gen.go:3: running "gcc": exec: "gcc": executable file not found in $PATH\n', exitCode: 1 },
        { log: 'exec: "protoc": executable file not found in $PATH\n', exitCode: 1 }
    ],
    links: ['https://pkg.go.dev/cmd/cgo', 'https://go.dev/doc/go1.20#cgo']
});
/** Debian's package for a compiler of that name; the triple of a cross compiler is part of the package's name. */
function installFor(compiler) {
    const [, triple = ''] = /^([a-z0-9_]{2,12}(?:-[a-z0-9]{2,12}){1,3})-(?:gcc|g\+\+)$/.exec(compiler) ?? [];
    if (/mingw/.test(triple))
        return commands(prose `install the cross compiler:`, ['sudo apt-get install -y gcc-mingw-w64']);
    if (triple !== '')
        return commands(prose `install the cross compiler:`, [`sudo apt-get install -y gcc-${triple.replaceAll('_', '-')}`]);
    if (/clang/.test(compiler))
        return commands(prose `install the C compiler:`, ['sudo apt-get install -y clang']);
    return commands(prose `install a C compiler:`, [
        'sudo apt-get install -y gcc libc6-dev',
        'apk add build-base   # Alpine'
    ]);
}
/** The compiler is there, a library's development files are not. */
const cgoMissingHeader = decidedByWording({
    id: 'cgo.missing-header',
    title: 'A C header or library description is missing',
    meaning: 'A package uses cgo and includes a C header that is not there, or asks `pkg-config` for a library that it does not know. The library may be installed and only its development package (`…-dev`, `…-devel`) missing; when cross-compiling it has to be there for the target.',
    patterns: [
        {
            // gtk_unix.h:23:21: fatal error: gtk/gtk.h: No such file or directory   (gcc) · fatal error: 'zlib.h' file not found   (clang)
            name: 'header',
            anchor: [...NO_SUCH_FILE.anchors, "' file not found", 'Cannot open include file'],
            regex: new RegExp(`(?:${ERROR.source}) ?[:：] ?(?<header>[^\\s:：'"]{1,200}\\.(?:h|hh|hpp|hxx|inc|def)) ?[:：] ?(?:${NO_SUCH_FILE.source})|(?:fatal error|error): '(?<clang>[^']{1,200})' file not found|Cannot open include file: '(?<msvc>[^']{1,200})'`),
            unless: /_test\.go:\d/
        },
        {
            // Package libavformat was not found in the pkg-config search path. · No package 'libavfilter' found   (pkg-config, pkgconf)
            name: 'pkg-config',
            anchor: ['in the pkg-config search path', "No package '", ', not found', 'pkg-config --cflags'],
            regex: /Package '?(?<package>[^\s',]{1,100})'? was not found in the pkg-config search path|No package '(?<none>[^']{1,100})' found|Package '(?<required>[^']{1,100})', required by '.{1,100}', not found/,
            unless: /_test\.go:\d/
        }
    ],
    endedBy: 'itself',
    says: (line) => {
        const library = group(line, 'package') ?? group(line, 'none') ?? group(line, 'required');
        return library === null
            ? prose `The C header ${code(headerIn(line.groups))} is not there.`
            : prose `${code('pkg-config')} does not know the library ${code(library)}.`;
    },
    fix: (line) => {
        const library = group(line, 'package') ?? group(line, 'none') ?? group(line, 'required');
        const file = plainName(library === null ? headerIn(line.groups) : `${library}.pc`);
        return [
            ...(file === null
                ? []
                : [
                    commands(prose `find the package that has it (Debian, Ubuntu), and install that before the build:`, [
                        'sudo apt-get install -y apt-file && sudo apt-file update',
                        `apt-file search /${file}`
                    ])
                ]),
            advice(library === null
                ? prose `if it is installed somewhere else, say so: ${code('CGO_CFLAGS=-I/path/to/include')}.`
                : prose `if it is installed somewhere else, say so: ${code('PKG_CONFIG_PATH=/path/to/lib/pkgconfig')}.`)
        ];
    },
    catches: [
        {
            log: '# example.com/gl\nIn file included from ./gl.go:9:\ngl.h:23:21: fatal error: GL/gl.h: No such file or directory\n #include <GL/gl.h>\n          ^~~~~~~~~\ncompilation terminated.\n',
            exitCode: 1
        },
        { log: "# example.com/z\n./z.go:6:10: fatal error: 'zlib.h' file not found\n", exitCode: 1 },
        {
            log: "Package libavformat was not found in the pkg-config search path.\nNo package 'libavformat' found\n",
            exitCode: 1
        },
        {
            log: "# pkg-config --cflags  -- gtk+-3.0\nPackage 'gtk+-3.0', required by 'virtual:world', not found\npkg-config: exit status 1\n",
            exitCode: 1
        },
        { log: './z.go:6:10: 致命错误：zlib.h：没有那个文件或目录\n编译中断。\n', exitCode: 2 }
    ],
    ignores: [
        { log: 'open include/config.h: no such file or directory\n./main.go:3:1: undefined: x\n', exitCode: 1 },
        { log: 'make: *** No rule to make target zlib.h.  Stop.\n', exitCode: 2 },
        {
            log: '--- FAIL: TestC (0.00s)\n    c_test.go:9: fatal error: x.h: No such file or directory\nFAIL\n',
            exitCode: 1
        }
    ],
    links: ['https://pkg.go.dev/cmd/cgo', 'https://www.freedesktop.org/wiki/Software/pkg-config/']
});
function headerIn(groups) {
    return groups['header'] ?? groups['clang'] ?? groups['msvc'] ?? '';
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/cgo-c.js





/** Files that a C compiler reads for cgo; with `#line` it names the Go file that holds the preamble. */
const C_FILE = '[^\\s"\'()]{1,400}?(?:\\.(?:c|h|cc|cpp|cxx|hh|hpp|m|mm|S|s|go)|cgo-(?:gcc|builtin)-prolog|<command-line>|<built-in>)';
/** The C side of a package does not compile. */
const cgoCError = decidedByWording({
    id: 'cgo.c-error',
    title: 'The C code of a package does not compile',
    meaning: 'A package uses cgo, the C compiler was started, and it does not accept the C code, a flag, or a name that the Go code uses as `C.name`. Usually the headers are of another version than the package was written for, the compiler does not know a flag that the package or `CGO_CFLAGS` asks for, or the target and the compiler do not fit together.',
    patterns: [
        {
            // ./ffi.h:52:9: error: macro names must be identifiers · ./x.go:6:10: 错误：‘X’未声明
            name: 'position',
            anchor: ERROR.anchors,
            regex: new RegExp(`(?:^|\\s)(?<file>${C_FILE}):(?<line>\\d{1,7})(?::\\d{1,6})?[:：] ?(?:fatal |致命|schwerwiegender |фатальная |致命的|치명적인 |internal compiler )?(?:${ERROR.source}) ?[:：] ?(?<message>(?!Killed)\\S.{0,1000})`),
            unless: /_test\.go:\d{1,7}: |multiple definition of|undefined reference to/
        },
        {
            // gcc: error: unrecognized command-line option ‘-m64’ · cc1: error: … · clang: error: unsupported option '-fopenmp'
            name: 'driver',
            anchor: ERROR.anchors,
            regex: new RegExp(`(?:^|[\\s/\\\\])(?:[a-z0-9_]{1,20}-){0,4}(?:gcc|g\\+\\+|cc|c\\+\\+|clang|clang\\+\\+|cc1|cc1plus|cc1obj|as)(?:-\\d{1,3}(?:\\.\\d)?)?(?:\\.exe)?: (?:fatal )?(?:${ERROR.source}) ?[:：] ?(?<message>.{1,1000})`),
            unless: /linker command failed|unable to execute command|linker input file unused|Killed|terminated|no input files|_test\.go:\d/
        },
        {
            // cc1: sorry, unimplemented: 64-bit mode not compiled in   (gcc for another architecture)
            name: 'sorry',
            anchor: 'sorry, unimplemented: ',
            regex: /sorry, unimplemented: (?<message>.{1,300})/
        },
        {
            // a.s:12: Error: no such instruction: … · {standard input}:41: Error: bad register name   (GNU as)
            name: 'assembler',
            anchor: ': Error: ',
            regex: /(?:^|\s)(?<file>[^\s:]{1,400}\.[sS]|\{standard input\}):(?<line>\d{1,7}): Error: (?<message>.{1,500})/
        },
        {
            // nv.go:2746:11: could not determine kind of name for C.nvGetState   (cmd/cgo/gcc.go)
            name: 'name',
            anchor: [
                'could not determine ',
                'inconsistent definitions for C.',
                'undefined C type',
                'C.',
                ' errors for preamble:'
            ],
            regex: /could not determine (?:kind of name for|what) C\.(?<name>[\w.]{1,200})|inconsistent definitions for C\.(?<twice>\w{1,200})|(?:type|conversion to|expression) C\.(?<type>\w{1,200}): undefined C type|(?:must call|call of non-function|unable to find value of constant|no two-result form for) C\.(?<misused>\w{1,200})|^(?:gcc|clang|cc|\S{1,60}) errors for preamble:$/,
            unless: /_test\.go:\d{1,7}: /
        },
        {
            // go build example.com/x: invalid flag in #cgo CFLAGS: -fopenmp   (cmd/go/internal/work/security.go)
            name: 'flag',
            anchor: [
                'invalid flag in ',
                'malformed #cgo ',
                'did not produce error at completed',
                ' produced no output',
                'cannot parse gcc output'
            ],
            regex: /invalid flag in (?:#cgo \w{2,12}|pkg-config --\w{2,10}|\$?CGO_\w{2,12}|go:cgo_ldflag)[^:]{0,60}: (?<flag>\S{1,300})|malformed #cgo (?:argument|verb)|\S did not produce error at completed:1|cannot parse gcc output \S{1,300} as ELF/,
            unless: /_test\.go:\d{1,7}: /
        }
    ],
    endedBy: 'itself',
    says: (line) => {
        const name = ['name', 'twice', 'type', 'misused'].map((one) => group(line, one)).find((one) => one !== null);
        if (name !== undefined)
            return prose `The C headers that are used here do not define ${code(`C.${name ?? ''}`)} as the Go code needs it.`;
        const flag = group(line, 'flag');
        if (flag !== null)
            return prose `cgo does not let a package pass the flag ${code(flag)}.`;
        const file = group(line, 'file');
        const message = group(line, 'message') ?? line.text.trim();
        const where = file === null ? null : group(line, 'line') === null ? file : `${file}:${group(line, 'line') ?? ''}`;
        return where === null
            ? prose `The C compiler says ${code(message)}.`
            : prose `The C compiler says of ${code(where)}: ${code(message)}.`;
    },
    fix: (line) => {
        if (group(line, 'flag') !== null)
            return [allowFlag(line)];
        return [
            commands(prose `see which compiler and flags are used:`, [
                'go env CC CXX CGO_CFLAGS CGO_LDFLAGS GOOS GOARCH',
                'go build -x ./... 2>&1 | grep -E "gcc|clang"'
            ]),
            advice(prose `compare the version of the C library that is installed with the one that the package names; if the package has a part in pure Go, ${code('CGO_ENABLED=0')} needs no C at all.`)
        ];
    },
    catches: [
        {
            log: '# example.com/qt\nIn file included from C:\\src\\qt\\ffi_invoke.go:10:0:\n./ffi.h:52:9: error: macro names must be identifiers\n #ifndef @TARGET@\n         ^\n',
            exitCode: 2
        },
        {
            log: '# example.com/nv\nvendor/nv/nv.go:2746:11: could not determine kind of name for C.nvGetState\n',
            exitCode: 1
        },
        {
            log: "# runtime/cgo\ngcc: error: unrecognized command-line option '-marm'; did you mean '-mabm'?\n",
            exitCode: 1
        },
        { log: 'go build example.com/omp: invalid flag in #cgo CFLAGS: -fopenmp\n', exitCode: 1 },
        {
            log: "# runtime/cgo\ngcc_amd64.S: Assembler messages:\ngcc_amd64.S:27: Error: bad register name `%rbx'\n",
            exitCode: 2
        },
        { log: '# example.com/x\n./x.go:7:2: 错误：‘foo’未声明\n', exitCode: 1 }
    ],
    ignores: [
        { log: 'gcc: fatal error: Killed signal terminated program cc1\ncompilation terminated.\n', exitCode: 1 },
        { log: 'collect2: error: ld returned 1 exit status\n', exitCode: 1 },
        { log: './main.go:4:2: undefined: errors\n2026/01/02 03:04:05 error: no such user\n', exitCode: 1 }
    ],
    links: ['https://pkg.go.dev/cmd/cgo', 'https://gcc.gnu.org/onlinedocs/gcc/Warning-Options.html']
});
/** The variables hold a regular expression that must match the whole flag (cmd/go/internal/work/security.go). */
function allowFlag(line) {
    const variable = /LDFLAGS|ldflag|--libs/.test(line.text) ? 'CGO_LDFLAGS_ALLOW' : 'CGO_CFLAGS_ALLOW';
    const flag = plainName(group(line, 'flag')?.replace(/^-/, ''));
    return flag === null
        ? advice(prose `if you trust the package, set ${code(variable)} to a regular expression that matches the flag.`)
        : commands(prose `allow the flag, if you trust the package:`, [`export ${variable}='-${flag}'`]);
}

;// CONCATENATED MODULE: ./lib/diagnose/end-words.js

/** " (exit 1, `signal: killed`)": how the command ended, after what made it end; empty where that is not known. */
function endInWords({ evidence: { exit }, trace }) {
    const words = trace?.how === 'words' && trace.signal === 'SIGKILL' ? prose `, ${code('signal: killed')}` : '';
    if (exit === null)
        return '';
    return exit.signal !== null ? ` (${exit.signal})` : ` (exit ${exit.code}${words})`;
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/command.js





/** A command of the script, of make or of the build is missing. */
const commandNotFound = {
    id: 'command.not-found',
    title: 'A command was not found',
    meaning: 'A shell, make or a Go program wanted to start a command that is not installed, or not in the `PATH` of this step: a `PATH` set in another step does not last, and `sudo` has one of its own. A shell ends with status 127 then.',
    patterns: [
        {
            // /bin/bash: line 1: go: command not found · /bin/sh: 1: go: not found · zsh: command not found: go · make: go: Command not found
            name: 'shell',
            anchor: ['ommand not found', ': not found'],
            regex: /(?:^|[\s:])(?<command>[^\s:"']{1,200}): [Cc]ommand not found|command not found: (?<zsh>\S{1,200})|(?:^|\s|\/)(?:sh|ash|dash|bash|ksh): (?:line )?(?:\d{1,6}: )?(?<dash>[^\s:"']{1,200}): not found$/,
            unless: /_test\.go:\d/
        },
        {
            // go: missing Git command. See https://golang.org/s/gogetcmd · fish: Unknown command: go
            name: 'told',
            anchor: [
                'issing Git command',
                'issing Mercurial command',
                'issing Bazaar command',
                'issing Subversion command',
                'issing Fossil command',
                'nknown command'
            ],
            regex: /missing (?<command>Git|Mercurial|Bazaar|Subversion|Fossil) command\b|^fish: (?:Unknown command:? |unknown command:? )(?<fish>\S{1,200})/
        },
        {
            name: 'windows',
            anchor: [
                'is not recognized as an internal or external command',
                "' is not recognized as the name of a cmdlet",
                'The term '
            ],
            regex: /'(?<command>[^']{1,200})' is not recognized as (?:an internal or external command|(?:the|a) name of a cmdlet)/
        },
        {
            // process_begin: CreateProcess(NULL, go version, ...) failed.   followed by   make (e=2): The system cannot find the file specified.
            name: 'make',
            anchor: [
                'CreateProcess',
                'No such file or directory',
                '] Error 127',
                '] Erreur 127',
                '] Fehler 127',
                '] 错误 127'
            ],
            regex: /CreateProcess\(NULL, (?<command>[^\s,)]{1,200}).{0,500} failed|^make(?:\[\d{1,3}\])?: (?<gnu>[^\s:]{1,200}): No such file or directory$|make(?:\[\d{1,3}\])?: \*\*\* \[[^\]]{1,500}\] (?:Error|Erreur|Fehler|错误) 127/
        },
        {
            // Error: Unable to locate executable file: go. Please verify either the file path exists …   (@actions/io)
            name: 'action',
            anchor: 'Unable to locate executable file',
            regex: /Unable to locate executable file: (?<command>[^\s]{1,200}?)\.?(?:\s|$)/
        },
        {
            name: 'env',
            anchor: 'No such file or directory',
            regex: /^(?:\S{0,100}\/)?env: [‘'"]?(?<command>[^\s‘’'":]{1,200})[’'"]?: No such file or directory$|failed to run command [‘'"](?<started>[^\s‘’'"]{1,200})[’'"]: No such file or directory$/
        },
        {
            // exec: "protoc": executable file not found in $PATH   (os/exec)
            name: 'exec',
            anchor: ['executable file not found in ', 'fork/exec '],
            regex: /exec: \\?"(?<command>[^"\\]{1,200})\\?": executable file not found in (?:\$PATH|%PATH%)|fork\/exec (?<absent>[^\s:]{1,300}): no such file or directory|fork\/exec (?<missing>[A-Za-z]:[^:]{1,300}): The system cannot find the (?:file|path) specified/,
            unless: /_test\.go:\d|: running \\?"|cgo: |cannot invoke C compiler/
        }
    ],
    judge: missing,
    rulesOut: [],
    remedies: (_match, of) => {
        const name = nameIn(firstLineOf(of.evidence.log, commandNotFound));
        return name === 'go'
            ? [
                commands(prose `install Go in this job before the build (${code('actions/setup-go')}), or put it on the path:`, ['export PATH="$PATH:/usr/local/go/bin"'])
            ]
            : [
                commands(prose `install the command in this job, or put its directory on the path of this step:`, [
                    'echo "$HOME/go/bin" >> "$GITHUB_PATH"'
                ])
            ];
    },
    catches: [
        { log: '/bin/sh: 1: go: not found\nmake: *** [Makefile:4: build] Error 127\n', exitCode: 2 },
        { log: 'build.sh: line 3: golangci-lint: command not found\n', exitCode: 127 },
        {
            log: "'go' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n",
            exitCode: 1
        },
        { log: 'Building\n', exitCode: 127 }
    ],
    ignores: [
        { log: '--- FAIL: TestRun (0.00s)\n    run_test.go:7: sh: foo: command not found\nFAIL\n', exitCode: 1 },
        { log: 'cgo: C compiler "gcc" not found: exec: "gcc": executable file not found in $PATH\n', exitCode: 1 },
        { log: 'main.c:3:10: fatal error: zlib.h: No such file or directory\n', exitCode: 1 }
    ],
    links: [
        'https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html',
        'https://pkg.go.dev/os/exec#ErrNotFound'
    ]
};
function missing(of) {
    const { log, exit } = of.evidence;
    const line = firstLineOf(log, commandNotFound);
    if (line === null)
        return exit?.code === 127 ? byStatus() : null;
    if (showsTests(log) && exit?.code !== 127)
        return null;
    const name = nameIn(line);
    const what = name === null ? prose `A command was not found` : prose `The command ${code(name)} was not found`;
    return {
        basis: 'wording',
        confidence: exit === null || exit.code !== 1 ? 'certain' : 'likely',
        summary: `${what}${endInWords(of)}.`,
        evidence: [quoted('Command not found', line, 'certain')],
        lineNumber: line.lineNumber,
        endedBy: 'itself'
    };
}
function byStatus() {
    return {
        basis: 'status',
        confidence: 'possible',
        summary: prose `The shell ended with status 127, which it gives to a command that it does not find.`,
        evidence: [],
        endedBy: 'itself'
    };
}
/** Whichever alternative of a pattern matched. */
function nameIn(line) {
    return (['command', 'zsh', 'dash', 'gnu', 'started', 'fish', 'absent', 'missing']
        .map((name) => group(line, name))
        .find((name) => name !== null) ?? null);
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/compile.js



const importCycle = decidedByWording({
    id: 'compile.import-cycle',
    title: 'Import cycle',
    meaning: 'A package imports itself by way of others, which Go does not allow. The list below the message shows the way around. A cycle that lies wholly in the standard library is a damaged or mixed Go installation.',
    patterns: [
        {
            // imports example.com/a: import cycle not allowed · import cycle not allowed in test   (cmd/go/internal/load)
            name: 'cycle',
            anchor: 'import cycle not allowed',
            regex: /(?:imports (?<package>\S{1,300})(?: from \S{1,200})?: )?import cycle not allowed(?<test> in test)?/,
            unless: /_test\.go:\d+: (?!import cycle)/
        },
        {
            // ERROR: /src/BUILD:3:1: in go_library rule //a:b: cycle in dependency graph:   (bazel)
            name: 'bazel',
            anchor: 'cycle in dependency graph',
            regex: /in go_\w{1,40} rule \S{1,300}: cycle in dependency graph/
        }
    ],
    endedBy: 'itself',
    says: (line) => {
        const name = group(line, 'package');
        return name === null
            ? prose `A package imports itself by way of others.`
            : prose `${code(name)} imports itself by way of others.`;
    },
    fix: () => [
        advice(prose `move what both packages need into a third one that imports neither.`),
        commands(prose `to see who imports whom:`, ["go list -e -f '{{.ImportPath}}: {{.Imports}}' ./..."])
    ],
    catches: [
        {
            log: 'package example.com/a\n\timports example.com/b\n\timports example.com/a: import cycle not allowed\n',
            exitCode: 1
        },
        {
            log: "can't load package: import cycle not allowed\npackage main\n\timports bytes\n\timports runtime\n",
            exitCode: 1
        },
        { log: 'import cycle not allowed in test\npackage example.com/a (test)\n\timports example.com/a\n', exitCode: 1 }
    ],
    ignores: [
        { log: '--- FAIL: TestCycle\n    load_test.go:8: want error "import cycle not allowed"\nFAIL\n', exitCode: 1 },
        { log: 'main.go:3:8: package foo is not in std\n', exitCode: 1 }
    ],
    links: ['https://go.dev/ref/spec#Import_declarations']
});
const compilerCrash = decidedByWording({
    id: 'compile.ice',
    title: 'The Go compiler crashed',
    meaning: 'The Go compiler met a situation that its authors thought impossible and stopped. The program may be right or wrong; the compiler should have said so in another way. Another release of Go often compiles it.',
    patterns: [
        {
            // ./main.go:15:6: internal compiler error: 'main': Value live at entry …   (cmd/compile/internal/base/print.go)
            name: 'go',
            anchor: 'internal compiler error: ',
            regex: /(?:\.go:\d{1,7}(?::\d{1,6})?|<autogenerated>:\d{1,7}|<unknown line number>|compile(?:\.exe)?): internal compiler error: (?<reason>.{1,300})|^\s*internal compiler error: (?<bare>(?!Killed|in |Segmentation|Illegal|Aborted|Bus).{1,300})/
        },
        {
            // cmd/compile/internal/ssa.(*Func).rematerialize(0xc000…): a trace of the compiler's own goroutine
            name: 'trace',
            anchor: 'cmd/compile/internal/',
            regex: /^\s*cmd\/compile\/internal\/[\w/]{1,100}\.\S{1,200}\(/
        },
        {
            name: 'report',
            anchor: 'Please file a bug report',
            regex: /^\s*Please file a bug report including a short program that triggers the error/
        }
    ],
    endedBy: 'itself',
    says: (line) => prose `The Go compiler reports an error of its own: ${code(group(line, 'reason') ?? group(line, 'bare') ?? line.text.trim())}.`,
    fix: () => [
        advice(prose `try the latest patch release of this Go version; such errors are fixed in those.`),
        commands(prose `report it with the source that triggers it, if it is not known yet.`, ['go version', 'go bug'])
    ],
    catches: [
        {
            log: "# example.com/a\n./main.go:15:6: internal compiler error: 'main': Value live at entry\n\nPlease file a bug report including a short program that triggers the error.\n",
            exitCode: 2
        },
        {
            log: '# example.com/a\npanic: runtime error: index out of range [3] with length 3\n\ngoroutine 22 [running]:\ncmd/compile/internal/ssa.(*regAllocState).init(0xc000)\n\t/usr/local/go/src/cmd/compile/internal/ssa/regalloc.go:731 +0x1\n',
            exitCode: 1
        },
        { log: '<autogenerated>:1: internal compiler error: dictionary should only use concrete types\n', exitCode: 2 }
    ],
    ignores: [
        { log: 'gcc: internal compiler error: Killed (program cc1)\nPlease submit a full bug report,\n', exitCode: 1 },
        { log: 'sqlite3.c:10:2: internal compiler error: in expand_expr, at expr.c:1\n', exitCode: 1 }
    ],
    links: ['https://github.com/golang/go/blob/master/src/cmd/compile/internal/base/print.go', 'https://go.dev/issue/new']
});

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/lint-words.js
/** Words in brackets at the end of a compiler's message that are no linter's name. */
const COMPILER_BRACKETS = 'typecheck|variable|value|constant|type|func|package|builtin|untyped|nil|setter|cached';
/**
 * What tells a linter's finding from a compile error, as sources of expressions over a line with a Go position: the
 * name of the linter, a code of staticcheck or gosec, or the wording of a linter that signs nothing.
 */
const SIGNS_OF_LINTERS = [
    // … is not checked (errcheck)
    ` \\((?!(?:${COMPILER_BRACKETS})\\))[a-z][a-z0-9-]{2,30}\\)\\s*$`,
    // SA4023: … · … is never used (SA4006) · - G104 (CWE-703): …
    '[ (\\[](?:S|SA|ST|QF|U|R|D|E|W)\\d{3,5}[:()\\]]|- G\\d{3} \\(CWE-\\d',
    // x.go:1:2: [gocritic] ifElseChain: … · x.go:12:2:<TAB>f.Close()   (errcheck)
    ':\\d{1,6}:(?: \\[[a-zA-Z-]{3,30}\\] |\\t\\S)',
    // golint and revive
    'should have comment (?:or be unexported|\\(or a comment)',
    'comment on exported \\w{1,20} \\S{1,200} should be of the form',
    "don't use (?:an underscore|underscores|MixedCaps|ALL_CAPS|leading k|generic name)",
    'if block ends with a return statement, so drop this else',
    'error strings should not (?:be capitalized|end with punctuation)',
    'receiver name \\S{1,100} should ',
    'should omit (?:2nd value|type|= nil)',
    'a blank import should be only in a main or test package',
    'should not use (?:dot imports|basic type)',
    '(?:var|func|type|const|struct field|method|func parameter|func result|interface method) \\S{1,100} should be \\S{1,100}$',
    // ineffassign, misspell, gocyclo, unused, gofmt below golangci-lint, dupl, lll
    'ineffectual assignment to ',
    'is a misspelling of ',
    'cyclomatic complexity \\d',
    '(?:var|func|type|const|field|method) \\S{1,200} is unused',
    'File is not (?:properly formatted|.gofmt.-ed|.gofumpt.-ed|.goimports.-ed|.gci.-ed|(?:gofmt|gofumpt|goimports|gci)(?:-ed|ed)?\\b)',
    'line is \\d{1,6} characters'
];
/** Source of an expression for a line of a linter. */
const LINT_SIGNS = `(?:${SIGNS_OF_LINTERS.join('|')})`;

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/vet-words.js
/** What the analyzers of `go vet` say (x/tools/go/analysis/passes, and cmd/vet before Go 1.12), as sources of expressions. */
const SAID_BY_ANALYZERS = [
    // printf
    '\\S{1,200} format %\\S{0,30} (?:has |reads |uses |with |arg |is missing )',
    '\\S{1,200} call (?:needs |has (?:possible |arguments but no ))',
    '\\S{1,200} (?:arg list ends|args end|call ends) with (?:redundant )?newline',
    'non-constant format string in call to ',
    '\\S{1,200} does not (?:support error-wrapping directive|take io\\.Writer)',
    '(?:\\S{1,200} )?arg \\S{1,200} (?:causes recursive call|is a func value|for printf verb )',
    '(?:possible formatting directive|no formatting directive|wrong number of args for format|unrecognized printf verb|missing argument for \\S{1,60} verb)',
    'missing \\.\\.\\. in args forwarded to ',
    'Errorf format %w ',
    // copylocks
    '(?:assignment|return|literal|variable declaration|for loop iteration|range var \\S{1,200}|call of \\S{1,300}) copies lock',
    '\\S{1,200} passes lock by value',
    // composites, structtag
    '\\S{0,300} ?(?:composite|struct) literal uses unkeyed fields',
    'struct field tag .{0,300}not compatible with reflect\\.StructTag\\.Get',
    'struct field \\S{1,100} (?:has|repeats) \\S{1,40} tag',
    // lostcancel, loopclosure, unusedresult, unreachable, unsafeptr, assign, bools, shift
    'the \\S{1,100} function (?:is not used on all paths|returned by \\S{1,100} should be called)',
    'this return statement may be reached without using the ',
    '(?:loop|range) variable \\S{1,100} captured by func literal',
    'result of \\S{1,200} call not used',
    'unreachable code$',
    'possible misuse of (?:unsafe|reflect)\\.',
    'self-assignment of ',
    '(?:redundant|suspect) (?:or|and): ',
    '\\S{1,300} \\([^)]{0,100}\\) too small for shift of |\\S{1,300} too small for shift of ',
    // stdmethods, nilfunc, httpresponse, errorsas, ifaceassert, unmarshal, stringintconv
    'method \\S{1,300} should have signature ',
    'comparison of function \\S{1,200} [!=]= nil is always ',
    'using \\S{1,100} before checking for errors',
    'second argument to errors\\.As (?:must|should) ',
    'impossible (?:type assertion|interface conversion): no type can implement both',
    'call of \\S{1,200} passes non-pointer',
    'conversion from .{1,200} to string yields a string of one rune',
    // tests, testinggoroutine, fuzz
    '\\S{1,200} has malformed (?:name|example suffix): ',
    '\\S{1,200} refers to unknown (?:field or method|identifier|type): ',
    'Example\\w{0,100} should (?:be niladic|return nothing)',
    'call to \\S{1,100} from a non-test goroutine',
    'call to \\S{1,100} on \\S{1,100} defined outside of the subtest',
    '(?:fuzz target must|fuzzing arguments can only|the first parameter of a fuzz target)',
    // atomic, buildtag, cgocall, slog, stdversion, defers, appends, timeformat, directive, waitgroup, hostport, sigchanyzer, inline
    'direct assignment to atomic value',
    '(?:\\+build lines do not match|misplaced (?:\\+build|//go:build) comment|malformed //go:build line|possible malformed \\+build|\\+build comment must appear before)',
    'possibly passing Go type with embedded pointer to C',
    'call to \\S{1,100} (?:has a missing or misplaced value|missing a final value)',
    '\\S{1,100} arg .{1,100} should (?:probably )?be a string or a slog\\.Attr',
    '\\S{1,200} requires go1\\.\\d{1,2} or later \\((?:file|module) is ',
    'call to time\\.Since is not deferred',
    'append with no values',
    '2006-02-01 should be 2006-01-02',
    '//go:debug directive only valid',
    'WaitGroup\\.Add called from inside new goroutine',
    'address format .{1,60} does not work with IPv6',
    'misuse of unbuffered os\\.Signal channel',
    // asmdecl, framepointer
    'frame pointer is clobbered before saving',
    '\\[(?:386|amd64|arm|arm64|loong64|mips\\w{0,4}|ppc64\\w{0,2}|riscv64|s390x|wasm)\\] \\S{1,200}: '
];
/** Source of an expression for what stands behind `file.go:L:C: ` where vet speaks. */
const VET_WORDS = `(?:${SAID_BY_ANALYZERS.join('|')})`;

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/compile-neighbours.js


/** What stands behind `file.go:L:C: ` and is said by the module loader, vet, a linter, cgo or a C compiler instead. */
const SAID_BY_OTHERS = [
    // go list and the module loader: positions of import declarations
    /\b(?:no required module provides package|cannot find (?:package|module|main module)|missing go\.sum entry|ambiguous import|is not in (?:std|GOROOT)|found, but does not contain package|import cycle not allowed|build constraints exclude all|no matching files found|cannot embed |requires go >=|unrecognized import path|malformed (?:module|import) path|cannot load|invalid version|no Go files in|relative import|is explicitly required|checksum mismatch|not used in this module|package \S{1,300} is not a main package|case-insensitive import collision)/,
    /: (?:Get "|reading https?:|dial tcp|proxyconnect|unknown revision|git (?:fetch|ls-remote))|@v\d[^\s:]{0,200}: /,
    // a refused resource while a file was read
    /\b(?:too many open files|no space left on device|permission denied|input\/output error|cannot allocate memory)\b/,
    // the compiler's own crash
    /internal compiler error: /,
    // cgo, gcc and clang through #line directives
    /: (?:fatal error|error|warning|note|remark): |could not determine (?:kind of name for|what) C\.|inconsistent definitions for C\.|undefined C type|undefined reference to|multiple definition of/,
    // go generate
    /: running "/,
    // a program or a test that prints the position with its own log
    /_test\.go:\d{1,7}:\d{1,6}: (?:got|want|expected)\b(?!.{0,100}, found )/
];
/** Matches a line with a Go source position whose speaker is not the compiler. */
const notTheCompiler = new RegExp([
    ...SAID_BY_OTHERS.map((words) => words.source),
    `\\.go:\\d{1,7}:(?:\\d{1,6}:)? (?:[a-z]{3,20}: )?${VET_WORDS}`,
    LINT_SIGNS
].join('|'));

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/compile-words.js

/** More hits than locations are kept, since vet and compiler of a package and of its test repeat each other. */
const KEPT_ERRORS = 200;
/** Messages of the compiler before Go 1.10 and of the linker's type checks, which have no column. */
const OLD_WORDS = /missing (?:function body|return)|syntax error: |undefined: |cannot (?:use|convert|assign|refer|find|call|take|range|make|slice|index|determine|infer|embed) |not enough arguments|too many (?:arguments|return values|variables)|invalid (?:operation|indirect|recursive type|array|case|receiver|argument|map key|type)|no new variables|assignment (?:count )?mismatch|multiple-value |non-(?:name|bool|integer|constant) |duplicate |\S{1,200} (?:declared (?:and|but) not used|redeclared |undefined \(|evaluated but not used|escapes|is not a type|already declared)|imported and not used|"[^"]{1,300}" imported (?:and|but) not used|constant \S{1,100} (?:overflows|truncated)|impossible type |label \S{1,100} |method redeclared|import "?\S{1,200}"?: |can't find import|initialization loop|type \S{1,200} (?:is not|has no)|unexpected \S|first argument to append|division by zero|missing return|expected (?:'|\w)/;
/** How the type checker, the parser, the package loader and the assembler speak, and the frames of `go` around them. */
const compileErrorPatterns = [
    {
        // ./main.go:10:19: not enough arguments in call to area · vet: ./x.go:1:2: undefined: y · C:\src\main.go:3:1: syntax error: …
        name: 'position',
        anchor: '.go:',
        regex: /(?:^|\s|Error: |[│|"'(])(?<file>(?:[A-Za-z]:[\\/])?[^\s:"'()|│]{1,400}\.go):(?<line>[1-9]\d{0,6}):(?<column>\d{1,6}): (?<message>\S.{0,2000})/,
        unless: notTheCompiler,
        keep: KEPT_ERRORS
    },
    {
        // runtime.go:22: missing function body for "memclr"   (without a column before go 1.10)
        name: 'line',
        anchor: '.go:',
        regex: new RegExp(`(?:^|\\s)(?<file>(?:[A-Za-z]:[\\\\/])?[^\\s:"'()]{1,400}\\.go):(?<line>[1-9]\\d{0,6}): (?<message>(?:${OLD_WORDS.source}).{0,2000})`),
        // What a test logs is set in by four spaces.
        unless: new RegExp(`^\\s{4}|${notTheCompiler.source}`),
        keep: KEPT_ERRORS
    },
    { name: 'too-many', anchor: 'too many errors', regex: /^(?:.{1,400}\.go:\d{1,7}:\d{1,6}: )?too many errors/ },
    {
        name: 'package',
        anchor: '# ',
        regex: /^# (?<package>[^\s[\]]{1,400})(?: \[[^\]]{1,400}\])?$/,
        keep: KEPT_ERRORS
    },
    {
        // package x: use of internal package y not allowed · found packages main (a.go) and lib (b.go) in /src   (cmd/go/internal/load)
        name: 'loader',
        anchor: [
            'use of internal package',
            'use of vendored package',
            'found packages ',
            'is a program, not an importable package',
            'is not an importable package'
        ],
        regex: /use of (?:internal|vendored) package (?<package>\S{1,400}) not allowed|found packages (?<one>\S{1,100}) \(\S{1,200}\) and (?<two>\S{1,100}) \(\S{1,200}\) in |import "(?<program>[^"]{1,300})" is a program, not an importable package/,
        unless: /_test\.go:\d{1,7}: |building_Go_requires/
    },
    {
        // price/of_amd64.s:2: unrecognized instruction "MOVQQ"
        // asm: assembly of price/of_amd64.s failed      (cmd/asm)
        name: 'assembler',
        anchor: ['.s:', 'asm: assembly of '],
        regex: /^\s*(?<file>\S{1,400}\.s):(?<line>[1-9]\d{0,6}): (?<message>(?:unrecognized|invalid|illegal|expected|unexpected|syntax error|undefined|bad|missing|label|register|operand)\b.{0,1000})|asm: assembly of \S{1,400} failed/
    },
    {
        // runtime.main_main·f: function main is undeclared in the main package   (cmd/link, for want of an earlier look)
        name: 'main',
        anchor: 'is undeclared in the main package',
        regex: /function main is undeclared in the main package/
    },
    {
        // "example.com/arch" imported and not used (typecheck): an annotation, which has its position elsewhere
        name: 'bare',
        anchor: [
            'imported and not used',
            'imported but not used',
            'declared and not used',
            'declared but not used',
            '(typecheck)'
        ],
        regex: /^\s{0,20}(?:"[^"]{1,300}" imported (?:and|but) not used|(?:declared (?:and|but) not used: \S{1,100}|\S{1,100} declared (?:and|but) not used)$|.{1,300} \(typecheck\)$)/,
        unless: notTheCompiler
    },
    {
        // FAIL	example.com/app [build failed]: the errors themselves may be cut off
        name: 'build-failed',
        anchor: '[build failed]',
        regex: /^\s*FAIL\s+(?<package>\S{1,400}) \[build failed\]/
    }
];

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/compile-error.js




const MOST_LOCATIONS = 50;
/** Type checker and parser errors. */
const compileError = {
    id: 'compile.error',
    title: 'Compile errors',
    meaning: 'The Go compiler does not accept the program: an undefined name, a type that does not fit, an unused import or variable, a syntax error. Each error has a file, a line and a column. Those further down often follow from the first one, and the compiler stops after ten in a package unless `-gcflags=-e` is given.',
    patterns: compileErrorPatterns,
    judge: (of) => judgeErrors(of),
    rulesOut: [],
    // The errors say themselves what to correct; only what is missing from the list has to be told.
    remedies: (_match, of) => hitOf(of.evidence.log, 'compile.error', 'too-many') === null
        ? []
        : [commands(prose `the compiler stopped after ten errors. To see all of them:`, ['go build -gcflags=-e ./...'])],
    catches: [
        {
            log: '# example.com/app\n./main.go:10:19: not enough arguments in call to area\n\thave (number)\n\twant (int, int)\n',
            exitCode: 1
        },
        { log: 'Error: internal/cache/cache.go:24:30: undefined: zone\n', exitCode: 1 },
        { log: '.\\main.go:85:20: undefined: ICON\n', exitCode: 1 },
        { log: '../fs/runtime.go:22: missing function body for "memclr"\n', exitCode: 2 },
        { log: 'main.go:7:2: undefined: helper (typecheck)\n1 issues:\n* typecheck: 1\n', exitCode: 1 },
        { log: '# example.com/app\nvet: ./a.go:12:9: undefined: y\n', exitCode: 1 },
        {
            log: 'level=error msg="[linters_context] typechecking error: pkg/a.go:3:14: undefined: y"\n',
            exitCode: 7
        },
        {
            log: '# example.com/app\nmath_amd64.s:2: unrecognized instruction "MOVQQ"\nasm: assembly of math_amd64.s failed\n',
            exitCode: 1
        },
        {
            log: '# command-line-arguments\nruntime.main_main·f: function main is undeclared in the main package\n',
            exitCode: 1
        },
        { log: 'found packages main (main.go) and lib (lib.go) in /src/app\n', exitCode: 1 },
        { log: 'FAIL\texample.com/app [build failed]\nFAIL\n', exitCode: 1 },
        {
            log: 'package example.com/app\n\timports example.com/lib/internal/x: use of internal package example.com/lib/internal/x not allowed\n',
            exitCode: 1
        }
    ],
    ignores: [
        { log: 'main.go:26:12: pattern dist: no matching files found\n', exitCode: 1 },
        { log: '--- FAIL: TestParse (0.00s)\n    parse_test.go:8: Parse("x") = 1, want 2\nFAIL\n', exitCode: 1 },
        { log: 'store/migrations.go:302:46: SA4023: this comparison is always true (staticcheck)\n', exitCode: 1 },
        { log: 'main.go:3:8: missing go.sum entry for module providing package example.com/x; to add:\n', exitCode: 1 }
    ],
    links: ['https://go.dev/ref/spec', 'https://pkg.go.dev/cmd/compile']
};
function judgeErrors(of) {
    const { log } = of.evidence;
    const positions = linesOf(log, compileError, ['position', 'line', 'assembler']).filter(({ isOfTest }) => isOfTest !== true);
    const first = positions[0] ?? firstLineOutsideTests(log, compileError, ['loader', 'main', 'bare']);
    if (first === null)
        return onlyFrame(of);
    const locations = distinctLocations(positions);
    return {
        basis: 'wording',
        confidence: followsFromRelease(of) ? 'likely' : 'certain',
        summary: locations.length === 0
            ? loaderSays(first)
            : errorsSay(locations, packagesOf(linesOf(log, compileError, ['package']), positions)),
        evidence: [],
        locations: locations.slice(0, MOST_LOCATIONS),
        lineNumber: first.lineNumber,
        endedBy: 'itself'
    };
}
/** Where `go` notes that the module needs a newer release, the errors follow from the release. */
function followsFromRelease({ evidence: { log } }) {
    return wasHit(log, 'toolchain.version', ['requires', 'syntax']);
}
/** The errors are cut off, and only what go test made of them is left. */
function onlyFrame({ evidence: { log } }) {
    const line = firstLineOutsideTests(log, compileError, ['build-failed']);
    if (line === null)
        return null;
    return {
        basis: 'status',
        confidence: 'likely',
        summary: prose `${code(line.groups['package'] ?? 'A package')} could not be built; the errors themselves are not in this log.`,
        evidence: [quoted('Compile errors', line, 'likely')],
        lineNumber: line.lineNumber,
        endedBy: 'itself'
    };
}
function distinctLocations(lines) {
    const seen = new Map();
    for (const { groups } of lines) {
        const { file, line = '0', column, message = '' } = groups;
        if (file === undefined || message.startsWith('too many errors'))
            continue;
        const location = { file, line: Number(line), column: column === undefined ? null : Number(column), message };
        const key = JSON.stringify(location);
        if (!seen.has(key))
            seen.set(key, location);
    }
    return [...seen.values()];
}
/** `# pkg` stands before the errors of a package: those headers that an error follows before the next header. */
function packagesOf(headers, errors) {
    const names = headers.flatMap((header, i) => {
        const end = headers[i + 1]?.lineNumber ?? Number.POSITIVE_INFINITY;
        const hasError = errors.some(({ lineNumber }) => lineNumber > header.lineNumber && lineNumber < end);
        const name = header.groups['package'];
        return hasError && name !== undefined ? [name] : [];
    });
    return [...new Set(names)];
}
function errorsSay(locations, packages) {
    const [first] = locations;
    const count = locations.length === 1 ? '1 compile error' : `${locations.length} compile errors`;
    const where = packages.length === 1
        ? prose ` in ${code(packages[0] ?? '')}`
        : packages.length > 1
            ? ` in ${packages.length} packages`
            : '';
    if (first === undefined)
        return `${count}${where}.`;
    return `${count}${where}; the first is ${prose `${code(positionOf(first))} ${code(first.message)}`}.`;
}
function positionOf({ file, line, column }) {
    return column === null ? `${file}:${line}` : `${file}:${line}:${column}`;
}
function loaderSays({ text, groups }) {
    const { package: name, one, two, program } = groups;
    if (name !== undefined)
        return prose `A package imports ${code(name)}, which only its own parent tree may import.`;
    if (/function main is undeclared/.test(text))
        return prose `The program has no function ${code('main')} in its package ${code('main')}.`;
    if (one !== undefined)
        return prose `One directory holds files of the packages ${code(one)} and ${code(two ?? '')}.`;
    if (program !== undefined)
        return prose `A package imports ${code(program)}, which is a program.`;
    return prose `Go does not accept the program: ${code(text.trim())}.`;
}

;// CONCATENATED MODULE: ./lib/diagnose/disk-row.js


/** Below this a build that writes anything fails. */
const FULL_BYTES = 4 * MIB;
const HYPOTHESIS = 'Disk full';
/** The file system among those of the build with nothing left, or `null`. */
function fullDisk(disks) {
    return disks.find((disk) => hasNoBytes(disk) || hasNoInodes(disk)) ?? null;
}
function hasNoBytes({ freeBytes }) {
    return freeBytes.kind === 'value' && freeBytes.value < FULL_BYTES;
}
function hasNoInodes({ freeInodes }) {
    return freeInodes.kind === 'value' && freeInodes.value === 0;
}
/** "9.8 GiB free for GOCACHE and TMPDIR"; `null` where nobody looked (a stored log). */
function diskRow(disks) {
    if (disks.length === 0)
        return null;
    const full = fullDisk(disks);
    if (full !== null)
        return { hypothesis: HYPOTHESIS, measured: fullInWords(full), verdict: 'likely' };
    const known = disks.flatMap(({ role, freeBytes }) => freeBytes.kind === 'value' ? [{ role, bytes: freeBytes.value }] : []);
    if (known.length === 0)
        return { hypothesis: HYPOTHESIS, measured: prose `free space not readable`, verdict: 'not checked' };
    const least = Math.min(...known.map(({ bytes }) => bytes));
    const roles = [...new Set(known.map(({ role }) => role))].join(', ').replace(/, ([^,]*)$/, ' and $1');
    return {
        hypothesis: HYPOTHESIS,
        measured: prose `${figure(formatBytes(least))} free for ${figure(roles)}`,
        verdict: 'ruled out'
    };
}
function fullInWords(disk) {
    const place = prose `${figure(disk.role)} (${code(disk.path)})`;
    if (!hasNoBytes(disk))
        return `no inode free for ${place}`;
    return disk.freeBytes.kind === 'value' ? `${formatBytes(disk.freeBytes.value)} free for ${place}` : place;
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/disk.js






const diskFull = {
    id: 'disk.full',
    title: 'A disk is full',
    meaning: 'A file system had no blocks, or the user no quota, left for what the build wanted to write: an object file below the temporary directory, an entry of the build cache, or the program itself. The linker maps its output into memory, so that a full disk can end it with SIGBUS instead of a message.',
    patterns: [
        {
            name: 'space',
            anchor: [
                'o space left on device',
                'isk quota exceeded',
                'not enough space on the disk',
                'ile system is full',
                'ilesystem is full',
                'ilesystem full',
                'Free space left: 0 MB',
                'ENOSPC'
            ],
            regex: /[Nn]o space left on device|[Dd]isk quota exceeded|not enough space on the disk|[Ff]ile ?system (?:is )?full(?:$|[.:,)"])|Free space left: 0 MB|\bENOSPC\b/,
            unless: ASSERTED
        },
        {
            // The node was low on resource: ephemeral-storage.   (kubelet eviction)
            name: 'evicted',
            anchor: ['ephemeral', 'DiskPressure', 'sage of EmptyDir volume'],
            regex: /low on resource: ephemeral-storage|ephemeral local storage usage exceeds|exceeded its local ephemeral storage|Usage of EmptyDir volume "[^"]{1,200}" exceeds|node had condition: \[DiskPressure\]/
        },
        { name: 'mapped-output', anchor: 'cmd/link/internal/ld.(*OutBuf)', regex: /cmd\/link\/internal\/ld\.\(\*OutBuf\)/ },
        { name: 'bus-error', anchor: ['SIGBUS', 'unexpected fault address'], regex: /SIGBUS|^unexpected fault address/ }
    ],
    judge: (of) => wordsOfFullDisk(of) ?? measuredFullDisk(of),
    rulesOut: ['ownCap', 'machine', 'outsideSignal'],
    remedies: () => [
        commands(prose `see what is full, and make room: caches and images of earlier jobs are the largest.`, [
            'df -h . "$(go env GOCACHE)" "${TMPDIR:-/tmp}"',
            'go clean -cache -testcache'
        ]),
        commands(prose `or put the work of the build on a file system with room:`, ['export GOTMPDIR=/path/with/room'])
    ],
    catches: [
        {
            log: '/usr/local/go/pkg/tool/linux_amd64/link: mapping output file failed: no space left on device\n',
            exitCode: 1
        },
        { log: 'compile: writing output: write $WORK/b530/_pkg_.a: disk quota exceeded\n', exitCode: 1 },
        { log: 'The node was low on resource: ephemeral-storage.\nTerminated\n', exitCode: 137 },
        { log: 'go: writing go.mod cache: There is not enough space on the disk.\n', exitCode: 1 }
    ],
    ignores: [
        {
            log: '--- FAIL: TestSave (0.00s)\n    d_test.go:15: save() = no space left on device, want disk quota exceeded\nFAIL\n',
            exitCode: 1
        },
        { log: 'warning: 92 % of the disk is in use\n./main.go:3:1: undefined: x\n', exitCode: 1 }
    ],
    links: [
        'https://man7.org/linux/man-pages/man3/errno.3.html',
        'https://github.com/golang/go/blob/master/src/cmd/link/internal/ld/outbuf.go'
    ]
};
function wordsOfFullDisk(of) {
    const { log } = of.evidence;
    const isMappedOutput = wasHit(log, 'disk.full', ['mapped-output']) && wasHit(log, 'disk.full', ['bus-error']);
    const line = firstLineOf(log, diskFull, ['space', 'evicted']) ??
        (isMappedOutput ? firstLineOf(log, diskFull, ['bus-error']) : null);
    if (line === null)
        return null;
    return {
        basis: 'refusal',
        confidence: 'certain',
        summary: `${prose `Nothing more could be written: ${code(line.text.trim().slice(0, 200))}`}${endInWords(of)}.`,
        evidence: [quoted('Disk full', line, 'certain')],
        lineNumber: line.lineNumber,
        endedBy: 'itself'
    };
}
/** A full disk without a word about it: the message itself may have had no room. */
function measuredFullDisk(of) {
    const disk = fullDisk(of.evidence.disksAfter);
    const row = diskRow(of.evidence.disksAfter);
    if (disk === null || row === null || !hasNoBytes(disk))
        return null;
    return {
        basis: 'refusal',
        confidence: 'possible',
        summary: prose `The file system of ${code(disk.path)} was full when the build ended.`,
        evidence: [row],
        endedBy: 'itself'
    };
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/embed.js




/** A `//go:embed` line for which there is nothing, or nothing that may be embedded. */
const embedPattern = decidedByWording({
    id: 'embed.pattern',
    title: 'A go:embed pattern finds no files',
    meaning: 'A source file embeds files by a `//go:embed` pattern, and none of them is there when Go loads the package. Most often they are made by another step (a frontend build, a generator) that did not run before, or they are in `.gitignore` or `.dockerignore` and so not in this checkout. Files that begin with a dot or an underscore, symbolic links and files of other modules cannot be embedded either.',
    patterns: [
        {
            // main.go:26:12: pattern frontend/dist: no matching files found   (cmd/go/internal/load)
            name: 'pattern',
            anchor: [': no matching files found', ': cannot embed ', 'pattern syntax'],
            regex: /(?:(?:^|[\s"'([])(?<file>[^\s:"'()[\]]{1,400}\.go):(?<line>\d{1,7})(?::\d{1,6})?: )?pattern (?<pattern>\S.{0,300}?): (?:no matching files found|cannot embed (?:irregular file|directory|file|\S{1,40}) .{0,300}|invalid pattern syntax)/,
            unless: /_test\.go:\d{1,7}: (?!pattern )/
        }
    ],
    endedBy: 'itself',
    says: (line) => {
        const file = group(line, 'file');
        const where = file === null ? '' : prose ` in ${code(`${file}:${group(line, 'line') ?? ''}`)}`;
        const pattern = code(group(line, 'pattern') ?? '');
        const what = /cannot embed/.test(line.text)
            ? prose `${code('go:embed')} cannot take what the pattern ${pattern} finds`
            : prose `${code('go:embed')} finds no files for the pattern ${pattern}`;
        return `${what}${where}.`;
    },
    fix: (line) => {
        const name = plainName(group(line, 'pattern'));
        const look = name === null || name.startsWith('-') ? [] : [`git check-ignore -v ${name}`, `git ls-files ${name}`];
        return [
            advice(prose `make the files before the build: run the step that creates them (a frontend build, a generator) first.`),
            ...(look.length === 0
                ? []
                : [
                    commands(prose `in the directory of that source file, see whether git knows the files or leaves them out:`, look)
                ])
        ];
    },
    catches: [
        { log: 'main.go:26:12: pattern frontend/dist: no matching files found\n', exitCode: 1 },
        {
            log: '# example.com/app/internal/engine\ninternal\\webui\\embed.go:12:12: pattern dist: no matching files found\nFAIL\texample.com/app/internal/engine [setup failed]\n',
            exitCode: 1
        },
        {
            log: 'web/fs.go:7:12: pattern static: cannot embed directory static: contains no embeddable files\n',
            exitCode: 1
        },
        {
            log: 'level=error msg="typechecking error: ui/ui.go:9:12: pattern all:build: no matching files found"\n',
            exitCode: 7
        }
    ],
    ignores: [
        { log: 'ls: pattern: no such file or directory\n./main.go:3:1: undefined: x\n', exitCode: 1 },
        {
            log: '--- FAIL: TestGlob (0.00s)\n    glob_test.go:9: pattern *.txt: no matching files found\nFAIL\n',
            exitCode: 1
        }
    ],
    links: ['https://pkg.go.dev/embed', 'https://github.com/golang/go/blob/master/src/cmd/go/internal/load/pkg.go']
});

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/generate.js




/** A `//go:generate` line whose command fails. */
const generateFailure = decidedByWording({
    id: 'generate.failure',
    title: 'A go:generate command failed',
    meaning: '`go generate` runs the command that stands behind a `//go:generate` comment and stops at the first one that fails or is missing. What went wrong is in the lines that the command itself printed above; Go only adds where the comment is, what was run and how it ended.',
    patterns: [
        {
            // pkg/env/template.go:29: running "mockgen": exit status 1   (cmd/go/internal/generate)
            name: 'running',
            anchor: ': running ',
            regex: /(?:^|[\s"'([])(?<file>(?:[A-Za-z]:[\\/])?[^\s:"'()[\]]{1,400}\.go):(?<line>\d{1,7}): running \\?"(?<tool>[^"\\]{1,300})\\?": (?<how>.{1,300})/,
            unless: /_test\.go:\d{1,7}: (?!running )/
        },
        {
            // gen.go:4: no arguments to directive · gen.go:4: mismatched quoted string
            name: 'directive',
            anchor: [
                'arguments to directive',
                'directive too long',
                'mismatched quoted string',
                'no command specified for -command'
            ],
            regex: /^\s*(?<file>[^\s:"'()]{1,400}\.go):(?<line>\d{1,7}): (?:no arguments to directive|directive too long|mismatched quoted string|no command specified for -command)$/
        }
    ],
    basis: 'step',
    onlyOutsideTests: true,
    endedBy: 'itself',
    says: (line) => {
        const where = `${group(line, 'file') ?? ''}:${group(line, 'line') ?? ''}`;
        const tool = group(line, 'tool');
        return tool === null
            ? prose `The directive in ${code(where)} cannot be read: ${code(line.text.trim())}.`
            : prose `${code(tool)}, which the directive in ${code(where)} runs, failed: ${code(group(line, 'how') ?? '')}.`;
    },
    fix: (line) => {
        const file = plainName(group(line, 'file'));
        const tool = plainName(group(line, 'tool'));
        const isMissing = /not found|no such file/.test(group(line, 'how') ?? '');
        const name = tool?.split('/').at(-1) ?? 'its';
        return [
            ...(isMissing
                ? [
                    advice(prose `install ${code(name)} in this job (${code('go install …@version')}, or a ${code('tool')} line of ${code('go.mod')} and ${code('go tool')}) and put ${code('$(go env GOPATH)/bin')} on the path.`)
                ]
                : []),
            ...(file === null || file.startsWith('-')
                ? []
                : [commands(prose `run this file's directives alone, and see what is run:`, [`go generate -x ${file}`])])
        ];
    },
    catches: [
        {
            log: 'gen-go/server.go:9: running "/home/u/go/bin/mockgen": fork/exec /home/u/go/bin/mockgen: no such file or directory\n',
            exitCode: 1
        },
        { log: 'api/gen.go:3: running "protoc": exec: "protoc": executable file not found in $PATH\n', exitCode: 1 },
        {
            log: 'models.go:14:2: undefined: Options\n2026/01/02 08:12:33 loading input failed: exit status 1\npkg/env/template.go:29: running "mockgen": exit status 1\nmake: *** [gen] Error 1\n',
            exitCode: 2
        }
    ],
    ignores: [
        { log: 'running "go vet" failed\n./main.go:3:1: undefined: x\n', exitCode: 1 },
        { log: '--- FAIL: TestGen (0.00s)\n    gen_test.go:12: gen.go:3: running "x": exit status 1\nFAIL\n', exitCode: 1 }
    ],
    links: [
        'https://pkg.go.dev/cmd/go#hdr-Generate_Go_files_by_processing_source',
        'https://github.com/golang/go/blob/master/src/cmd/go/internal/generate/generate.go'
    ]
});

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/limit.js



/** EAGAIN for a new process or thread. */
const limitNproc = decidedByWording({
    id: 'limit.nproc',
    title: 'Limit of processes or threads reached',
    meaning: 'The kernel refused to start a process or a thread with EAGAIN, because a limit of their number was reached: `ulimit -u` of the user, which counts all of that user’s processes on the machine, or `pids.max` of the container. A Go build starts a process for each package, and each has a thread for each CPU and more. It is no shortage of memory.',
    patterns: [
        {
            // fork/exec /go/pkg/tool/compile: resource temporarily unavailable · bash: fork: retry: Resource temporarily unavailable
            name: 'process',
            anchor: ['esource temporarily unavailable', 'No child processes'],
            regex: /fork\/exec .{1,500}: resource temporarily unavailable|\b(?:v?fork|posix_spawn(?: failed)?|clone3?|[Cc]annot fork(?:\(\))?(?: for [^:]{1,100})?|unable to fork)(?:: retry)?: (?:Resource temporarily unavailable|No child processes)/,
            unless: ASSERTED
        },
        {
            // runtime: failed to create new OS thread (have 5 already; errno=11)   (runtime/os_linux.go; 35 is EAGAIN of macOS and BSD)
            name: 'thread',
            anchor: ['failed to create new OS thread', 'may need to increase max user processes'],
            regex: /failed to create new OS thread \(have \d{1,9} already; errno=(?:11|35)\)|may need to increase max user processes/
        },
        {
            // runtime/cgo: pthread_create failed: Resource temporarily unavailable · fatal: unable to create thread: Resource temporarily unavailable
            name: 'c-thread',
            anchor: ['esource temporarily unavailable', 'pthread_create'],
            regex: /pthread_create(?:\(\) is| failed with error) 11\b|(?:pthread_create|[Tt]hread creation|create (?:a )?(?:new )?(?:\w{1,30} )?thread|start (?:a )?(?:new )?thread|std::system_error)\b.{0,100}: (?:11: )?Resource temporarily unavailable|what\(\): {1,3}Resource temporarily unavailable/,
            unless: ASSERTED
        },
        {
            name: 'shell',
            anchor: ['Cannot fork', 'spawn', "can't fork", "can't start new thread", 'unable to create native thread'],
            regex: /^(?:\S{0,200}sh): (?:\d{1,6}: )?(?:Cannot fork|can't fork)\s*$|\bspawn (?:\S{1,300} )?EAGAIN\b|can't start new thread|unable to create (?:new )?native thread/,
            unless: ASSERTED
        },
        {
            name: 'kernel',
            anchor: 'fork rejected by pids controller',
            regex: /cgroup: fork rejected by pids controller in /
        }
    ],
    basis: 'refusal',
    endedBy: 'itself',
    says: (line) => prose `The kernel refused a new process or thread, because a limit of their number was reached: ${code(line.text.trim().slice(0, 200))}.`,
    fix: () => [
        commands(prose `see the limits, and how many threads there are:`, [
            'ulimit -u; cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids.current 2>/dev/null; ps -eLf | wc -l'
        ]),
        commands(prose `raise the limit of the container, or need fewer of both:`, [
            'docker run --pids-limit=-1 --ulimit nproc=65535 IMAGE',
            'GOMAXPROCS=2 go build -p 2 ./...'
        ])
    ],
    catches: [
        {
            log: 'go: error obtaining buildID for go tool compile: fork/exec /go/compile: resource temporarily unavailable\nerror obtaining VCS status: exit status 128\n',
            exitCode: 1
        },
        {
            log: 'runtime: failed to create new OS thread (have 12 already; errno=11)\nruntime: may need to increase max user processes (ulimit -u)\nfatal error: newosproc\n',
            exitCode: 2
        },
        { log: 'runtime/cgo: pthread_create failed: Resource temporarily unavailable\nSIGABRT: abort\n', exitCode: 2 },
        { log: './all.sh: fork: retry: Resource temporarily unavailable\n', exitCode: 254 }
    ],
    ignores: [
        { log: 'dial unix /run/app.sock: connect: resource temporarily unavailable\n', exitCode: 1 },
        {
            log: 'runtime: failed to create new OS thread (have 2 already; errno=22)\nfatal error: newosproc\n',
            exitCode: 2
        },
        { log: 'runtime/cgo: pthread_create failed: Operation not permitted\nSIGABRT: abort\n', exitCode: 2 }
    ],
    links: [
        'https://man7.org/linux/man-pages/man2/getrlimit.2.html',
        'https://docs.kernel.org/admin-guide/cgroup-v2.html#pid',
        'https://github.com/golang/go/blob/master/src/runtime/os_linux.go'
    ]
});
/** EMFILE and ENFILE. */
const limitNofile = decidedByWording({
    id: 'limit.nofile',
    title: 'Limit of open files reached',
    meaning: 'A process had as many files, pipes and sockets open as it may (`ulimit -n`), or the whole system had. Files that a build opens at once grow with the number of build actions; 256, the default of macOS, and 1024 are low for a large module. On Linux the number of inotify watchers of a user has the same message.',
    patterns: [
        {
            name: 'emfile',
            anchor: ['oo many open files', 'EMFILE', 'ENFILE', 'ile table overflow'],
            regex: /[Tt]oo many open files|\bEMFILE\b|\bENFILE\b|[Ff]ile table overflow/,
            unless: ASSERTED
        },
        {
            // runtime: eventfd failed with 24   (runtime/netpoll_epoll.go prints the bare errno: EMFILE is 24, ENFILE 23)
            name: 'netpoll',
            anchor: 'failed with 2',
            regex: /^runtime: (?:epollcreate|eventfd|pipe|kqueue) failed with 2[34]$/
        }
    ],
    basis: 'refusal',
    endedBy: 'itself',
    says: (line) => prose `No further file could be opened: ${code(line.text.trim().slice(0, 200))}.`,
    fix: () => [
        commands(prose `raise the limit in the step, before the build:`, ['ulimit -n "$(ulimit -Hn)"']),
        commands(prose `in a container the limit comes from its start:`, ['docker run --ulimit nofile=65535:65535 IMAGE']),
        advice(prose `or run fewer build actions at once: ${code('go build -p 2')}.`)
    ],
    catches: [
        { log: 'go: error obtaining buildID for go tool compile: pipe2: too many open files\n', exitCode: 1 },
        { log: '# example.com/app\nsrc/a.go:0:0: open src/a.go: too many open files\n', exitCode: 1 },
        { log: 'go: example.com/a@v1.0.0: Get "<goproxy>/a.zip": dial tcp: socket: too many open files\n', exitCode: 1 },
        { log: '/usr/bin/ld: cannot open output file a.out: Too many open files\n', exitCode: 1 },
        { log: 'runtime: eventfd failed with 24\nfatal error: runtime: eventfd failed\n', exitCode: 2 }
    ],
    ignores: [
        { log: '--- FAIL: TestLimit (0.00s)\n    l_test.go:5: got nil, want too many open files\nFAIL\n', exitCode: 1 },
        { log: './main.go:4:2: too many errors\n', exitCode: 1 }
    ],
    links: [
        'https://man7.org/linux/man-pages/man2/getrlimit.2.html',
        'https://man7.org/linux/man-pages/man7/inotify.7.html'
    ]
});
/** EFBIG and SIGXFSZ. */
const limitFsize = decidedByWording({
    id: 'limit.fsize',
    title: 'Limit of file size reached',
    meaning: 'A file would have become larger than the process may write (`ulimit -f`) or than the file system can hold (4 GiB on FAT). The disk itself may have room. A limit of a few blocks often comes from a typing error such as `ulimit 0002` for `umask 0002`.',
    patterns: [
        {
            // compile: writing output: write $WORK/b001/_pkg_.a: file too large   (EFBIG)
            name: 'efbig',
            anchor: 'ile too large',
            regex: /: [Ff]ile too large(?:\s*$|["')\],;])/,
            unless: new RegExp(`(?:zip|go\\.mod|LICENSE|archive) file too large|${ASSERTED.source}`, 'i')
        },
        {
            name: 'signal',
            anchor: ['ile size limit exceeded', 'SIGXFSZ'],
            regex: /(?:^|[\s:])(?:signal: )?[Ff]ile size limit exceeded(?=[\s:(]|$)|\bSIGXFSZ\b/,
            unless: ASSERTED
        }
    ],
    basis: 'refusal',
    endedBy: 'itself',
    says: (line) => prose `A file would have become larger than allowed: ${code(line.text.trim().slice(0, 200))}.`,
    fix: () => [
        commands(prose `see the limit, and lift it before the build:`, ['ulimit -f', 'ulimit -f unlimited']),
        advice(prose `a limit that cannot be raised was set further out: by the container, the service or ${code('limits.conf')}.`)
    ],
    catches: [
        { log: '# runtime\ncompile: writing output: write $WORK/runtime.a: file too large\n', exitCode: 1 },
        { log: 'example.com/app: /go/pkg/tool/linux_amd64/link: signal: file size limit exceeded\n', exitCode: 1 },
        { log: '/usr/bin/ld: final link failed: File too large\ncollect2: error: ld returned 1 exit status\n', exitCode: 1 }
    ],
    ignores: [
        { log: 'go: example.com/a@v1.0.0: downloaded zip file too large\n', exitCode: 1 },
        { log: 'link: mapping output file failed: no space left on device\n', exitCode: 1 },
        { log: '--- FAIL: TestUpload (0.00s)\n    u_test.go:4: got 200, want 413: file too large\nFAIL\n', exitCode: 1 }
    ],
    links: [
        'https://man7.org/linux/man-pages/man2/getrlimit.2.html',
        'https://man7.org/linux/man-pages/man7/signal.7.html'
    ]
});

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/link-other.js




const LINKS = [
    'https://pkg.go.dev/cmd/link',
    'https://github.com/golang/go/blob/master/src/cmd/link/internal/ld/lib.go',
    'https://sourceware.org/binutils/docs/ld/'
];
/** Every other reason for which a link fails. */
const linkOther = {
    id: 'link.other',
    title: 'The link failed',
    meaning: 'All packages compiled, and the linker could not make a program of them: a library that is named is not there, an object file is for another system, two definitions collide, a flag is not known to the external linker, or a function needs more stack than it may. The lines of the linker itself say which.',
    patterns: [
        {
            // /usr/bin/ld: cannot find -lssl: No such file or directory · ld: library not found for -lssl · ld.lld: error: unable to find library -lssl
            name: 'library',
            anchor: [
                'cannot find -l',
                'ld: cannot find ',
                'ld.exe: cannot find ',
                '找不到 -l',
                'library not found for -l',
                'unable to find library ',
                "ld: library '",
                'framework not found ',
                "ld: framework '",
                'LNK1104'
            ],
            regex: /(?:cannot find|找不到|library not found for|unable to find library) (?:-l)?(?<library>[^\s:,]{1,200})|ld: (?:library|framework) '(?<apple>[^']{1,200})' not found|framework not found (?<framework>\S{1,100})|LNK1104: cannot open file '(?<windows>[^']{1,200})'/,
            unless: /_test\.go:\d/
        },
        {
            // x.o: file not recognized: File format not recognized · building for macOS-arm64 but attempting to link with file built for …
            name: 'object',
            anchor: [
                'not recognized',
                'wrong format',
                'is incompatible with ',
                'but attempting to link ',
                'but linking in object file',
                'unknown file type',
                'nrecognised emulation mode',
                'recompile with -fPIC',
                'relocation truncated to fit',
                'multiple definition of ',
                'duplicate symbol',
                'DSO missing from command line',
                'attempted static link of dynamic object',
                'needed to handle lto object',
                'final link failed',
                'unrecognized relocation',
                'LNK',
                'nvalid linker name',
                "cannot find 'ld'"
            ],
            regex: /: file (?:not recognized|format not recognized|in wrong format)|(?:^|\s)\S{0,300}: file not recognized|architecture of input file .{1,300} is incompatible with|building for .{1,80}, ?but (?:attempting to link with|linking in object) file built for|but attempting to link with file built for|\bld(?:\.\w{1,8})?: .{0,300}unknown file type|unrecognised emulation mode|recompile with -fPIC|relocation truncated to fit|multiple definition of |(?:duplicate symbol|duplicate symbols)[ :]|DSO missing from command line|attempted static link of dynamic object|plugin needed to handle lto object|final link failed: |unrecognized relocation |\bLNK\d{4}: |nvalid linker name in (?:argument )?'-fuse-ld|collect2: fatal error: cannot find 'ld'/,
            unless: /_test\.go:\d|warning: .{0,200}(?:duplicate|multiple definition)/
        },
        {
            // runtime.morestack: nosplit stack overflow · main: nosplit stack over 792 byte limit   (cmd/link/internal/ld)
            name: 'go',
            anchor: [
                'nosplit stack over',
                'fingerprint mismatch: ',
                ': invalid reference to ',
                'duplicated definition of symbol',
                'loadinternal: cannot find ',
                'requires external ',
                'internal linking requested',
                'unrecognized object file format',
                'linked object header mismatch',
                'program too large, ',
                'symbol too large',
                'too much data',
                'cannot set with -X',
                'running strip failed',
                'running dsymutil failed',
                'is not package main',
                'usage: link [options]',
                'cmd/link/internal/'
            ],
            regex: /nosplit stack over|fingerprint mismatch: \S|^\s*(?:\S{0,100}link: )?\S{1,300}: invalid reference to \S|duplicated definition of symbol \S|loadinternal: cannot find \S|requires external (?:\(cgo\) )?linking|internal linking requested .{0,80}but external linking required|unrecognized object file format|linked object header mismatch|(?:program|symbol) too large|too much data(?: in section|, last section)|cannot set with -X|running (?:strip|dsymutil) failed|^\s*usage: link \[options\]|^\s*cmd\/link\/internal\/[\w/]{1,60}\.\S{1,200}\(/
        },
        {
            // link: running gcc failed: exit status 1 · collect2: error: ld returned 1 exit status · clang: error: linker command failed
            name: 'frame',
            anchor: ['running ', 'collect2', 'linker command failed', 'unrecognized option', 'terminated with signal 11'],
            regex: /[/\\](?:link|[568]l)(?:\.exe)?: running \S{1,200} failed: (?:exit status \d|unsuccessful)|collect2(?:\.exe)?[:：] ?\S{1,12} ?[:：] ?ld (?!terminated with signal 9)|linker command failed with exit code (?!137)\d|\bld(?:\.\w{1,8})?: unrecognized option|collect2: .{0,60}terminated with signal 11/
        }
    ],
    judge: linkFailure,
    rulesOut: [],
    remedies: (_match, of) => {
        const line = lineOf(of);
        const name = plainName(line === null ? null : libraryIn(line));
        return [
            ...(name === null
                ? []
                : [
                    commands(prose `find the package that has the library (Debian, Ubuntu), and install its ${code('-dev')} package:`, [
                        'sudo apt-get install -y apt-file && sudo apt-file update',
                        `apt-file search ${name.includes('.') ? `/${name}` : `lib${name}.so`}`
                    ])
                ]),
            commands(prose `see the whole command of the linker:`, ['go build -ldflags="-v -extldflags=-v" -x ./...'])
        ];
    },
    catches: [
        {
            log: '/usr/local/go/pkg/tool/linux_amd64/link: running gcc failed: exit status 1\n/usr/bin/ld: cannot find -loprf: No such file or directory\ncollect2: error: ld returned 1 exit status\n',
            exitCode: 1
        },
        {
            log: '/tmp/go-link-4/go.o: file not recognized: File format not recognized\ncollect2: error: ld returned 1 exit status\n',
            exitCode: 1
        },
        {
            log: 'runtime.morestack: nosplit stack overflow\n        744     assumed on entry to example.com/x.Handler (nosplit)\n',
            exitCode: 1
        },
        {
            log: "ld: library 'ssl' not found\nclang: error: linker command failed with exit code 1 (use -v to see invocation)\n",
            exitCode: 1
        },
        { log: '# example.com/app\nlink: example.com/app: invalid reference to runtime.procPin\n', exitCode: 1 },
        { log: 'collect2: error: ld terminated with signal 11 [Segmentation fault]\n', exitCode: 1 }
    ],
    ignores: [
        { log: 'collect2: fatal error: ld terminated with signal 9 [Killed]\ncompilation terminated.\n', exitCode: 1 },
        { log: 'running gcc failed: exec: "gcc": executable file not found in $PATH\n', exitCode: 1 },
        { log: '--- FAIL: TestLink (0.00s)\n    link_test.go:7: got "duplicate symbol: x"\nFAIL\n', exitCode: 1 }
    ],
    links: LINKS
};
function libraryIn(line) {
    return ['library', 'apple', 'framework', 'windows'].map((one) => group(line, one)).find((one) => one !== null) ?? null;
}
/** A line with the reason is better than the frame around it. */
function lineOf({ evidence: { log } }) {
    return (firstLineOutsideTests(log, linkOther, ['library', 'object', 'go']) ??
        firstLineOutsideTests(log, linkOther, ['frame']));
}
function linkFailure(of) {
    const line = lineOf(of);
    if (line === null)
        return null;
    const reason = firstLineOutsideTests(of.evidence.log, linkOther, ['library', 'object', 'go']);
    const confidence = reason === null ? 'likely' : 'certain';
    const library = libraryIn(line);
    return {
        basis: 'wording',
        confidence,
        summary: library === null
            ? prose `The linker stopped: ${code(line.text.trim())}.`
            : prose `The linker does not find the library ${code(library)}.`,
        evidence: [quoted('Link', line, confidence)],
        lineNumber: line.lineNumber,
        endedBy: 'itself'
    };
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/link-undefined.js





const link_undefined_LINKS = [
    'https://pkg.go.dev/cmd/link',
    'https://github.com/golang/go/blob/master/src/cmd/link/internal/ld/lib.go',
    'https://sourceware.org/binutils/docs/ld/'
];
/** A symbol is used and nobody defines it. */
const linkUndefined = decidedByWording({
    id: 'link.undefined',
    title: 'A symbol is missing at link time',
    meaning: 'All packages compiled, and the linker finds no definition for a function or variable that they use. With cgo a library is not named in `LDFLAGS`, comes in another version than its header, or is for another architecture; without cgo a function has no body in Go and no assembly for this target.',
    patterns: [
        {
            // pcap.go:267: undefined reference to `pcap_freecode' · 对‘rbd_cleanup’未定义的引用   (GNU ld)
            name: 'reference',
            anchor: UNDEFINED_REFERENCE.anchors,
            regex: new RegExp(`(?:对|對) ?[‘「\`](?<quoted>[^’」\`']{1,300})[’」'] ?(?:的)?未|(?:${UNDEFINED_REFERENCE.source}) ?(?:symbol )?[\`'"‘«„“]? ?(?<symbol>[^\\s'’"»“”\`]{0,300})`),
            unless: /_test\.go:\d{1,7}: (?!undefined reference)/
        },
        {
            // ld.lld: error: undefined symbol: foo · Undefined symbols for architecture arm64: · error LNK2019: unresolved external symbol foo
            name: 'symbol',
            anchor: ['undefined symbol', 'Undefined symbols', 'not found for architecture', 'unresolved external symbol'],
            regex: /undefined symbols?: (?<symbol>\S{1,300})|Undefined symbols(?: for architecture (?<architecture>\w{1,20}))?:|symbol\(s\) not found for architecture|unresolved external symbol (?<external>\S{1,300})/,
            unless: /symbol lookup error|dlopen|cannot load (?:library|shared)|_test\.go:\d/
        },
        {
            // runtime/cgo(.text): relocation target stderr not defined · main.main: undefined: main.start   (cmd/link, 6l)
            name: 'go',
            anchor: ['relocation target ', ': undefined: ', 'reference to undefined builtin'],
            regex: /relocation target (?<symbol>\S{1,300}) not defined|^\s*(?!\S{0,300}\.go)[\w./·()*-]{1,300}: undefined: "?(?<old>[\w./·-]{1,300})"?$|reference to undefined builtin/
        }
    ],
    endedBy: 'itself',
    says: (line) => {
        const name = symbolIn(line);
        const architecture = group(line, 'architecture');
        if (name === null && architecture !== null)
            return prose `The linker misses symbols for ${code(architecture)}.`;
        return name === null
            ? prose `The linker misses a symbol: ${code(line.text.trim())}.`
            : prose `Nothing defines the symbol ${code(name)}.`;
    },
    fix: (line) => (isOfGo(line) ? remediesInGo() : remediesInC(line)),
    catches: [
        {
            log: "/usr/bin/ld: /tmp/go-link-1/000001.o: in function `_cgo_c0f_Cfunc_open':\n/src/pcap.go:267: undefined reference to `pcap_open_live'\ncollect2: error: ld returned 1 exit status\n",
            exitCode: 1
        },
        {
            log: 'link: running clang failed: exit status 1\nUndefined symbols for architecture arm64:\n  "_make_call", referenced from:\n      _call in 000003.o\nld: symbol(s) not found for architecture arm64\n',
            exitCode: 1
        },
        { log: '# example.com/app\nmain.main: relocation target main.add not defined\n', exitCode: 2 },
        { log: 'ld.lld: error: undefined symbol: deflateInit_\n>>> referenced by z.go:9\n', exitCode: 1 },
        { log: '/tmp/cgo-gcc-prolog:895：对‘rbd_cleanup’未定义的引用\ncollect2: 错误：ld 返回 1\n', exitCode: 2 }
    ],
    ignores: [
        { log: '/usr/bin/ld: cannot find -lssl\ncollect2: error: ld returned 1 exit status\n', exitCode: 1 },
        { log: './a.go:1:2: undefined: x\n', exitCode: 1 },
        {
            log: './app.test: symbol lookup error: ./app.test: undefined symbol: foo\nFAIL\texample.com/a\t0.1s\n',
            exitCode: 1
        }
    ],
    links: link_undefined_LINKS
});
function symbolIn(line) {
    return ['symbol', 'quoted', 'external', 'old'].map((one) => group(line, one)).find((one) => one !== null) ?? null;
}
/** The Go linker names symbols by their package. */
function isOfGo(line) {
    return /relocation target|reference to undefined builtin/.test(line.text) || group(line, 'old') !== null;
}
function remediesInGo() {
    return [
        advice(prose `a function that is declared without a body needs an assembly file, or a ${code('//go:linkname')} that this release of Go still allows: look whether the package supports this ${code('GOARCH')} and this Go.`),
        commands(prose `see what is built for this target:`, [
            'go env GOOS GOARCH GOVERSION',
            "go list -f '{{.SFiles}} {{.IgnoredOtherFiles}}' ./..."
        ])
    ];
}
function remediesInC(line) {
    const name = plainName(symbolIn(line));
    const find = `for f in /usr/lib/*/lib*.so*; do nm -D --defined-only "$f" 2>/dev/null | grep -qw ${name} && echo "$f"; done`;
    return [
        ...(name === null || name.startsWith('-')
            ? []
            : [
                commands(prose `find the library that defines it, and name it in ${code('#cgo LDFLAGS: -l…')} after what uses it:`, [find])
            ]),
        advice(prose `compare the versions of library and header; when cross-compiling, see that the library is for the target (${code('file libname.so')}).`)
    ];
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/lint.js




/** A linter has findings. */
const lint = {
    id: 'lint',
    title: 'A linter reports findings',
    meaning: 'The program compiles, and a linter (golangci-lint, staticcheck, revive, gofmt and the like) does not accept it. A finding looks like a compile error, with a file, a line and a column; the name of the linter or the code of the check stands beside it. A typecheck finding of golangci-lint is a compile error and is shown as one.',
    patterns: [
        {
            // store/a.go:302:46: SA4023: this comparison is always true (staticcheck) · ::error file=a.go,line=3,col=5::… (errcheck)
            name: 'finding',
            anchor: ['.go:', '.go,line='],
            regex: new RegExp(`(?:^|[\\s"'(\\[=])(?<file>(?:[A-Za-z]:[\\\\/])?[^\\s:"'()\\[\\]=]{1,400}\\.go)(?::|,line=)(?<line>[1-9]\\d{0,6})(?=.{0,2000}${LINT_SIGNS})(?:.{0,2000} \\((?!typecheck\\))(?<linter>[a-z][a-z0-9-]{2,30})\\)\\s*$)?`),
            unless: /_test\.go:\d{1,7}: |\(typecheck\)\s*$|: running "/
        },
        {
            // 3 issues:
            // * errcheck: 3          (golangci-lint)
            name: 'count',
            anchor: ' issues',
            regex: /^\s*\d{1,6} issues:$/,
            next: /^\s*\* (?!typecheck)[a-z][a-z0-9-]{2,30}: \d/
        },
        {
            name: 'summary',
            anchor: [
                'issues found',
                'found issues',
                'lint suggestions; failing',
                'errors found by nogo',
                'should have been formatted',
                'files need formatting'
            ],
            regex: /^\s*(?:Error: )?issues found$|golangci-lint found issues|Found \d{1,6} lint suggestions; failing|errors found by nogo during build-time code analysis/
        },
        {
            // diff main.go.orig main.go   (gofmt -d, goimports -d)
            name: 'format',
            anchor: '.go.orig',
            regex: /^\s*diff (?:-u )?(?<file>\S{1,400}\.go)\.orig \S{1,400}\.go$/
        }
    ],
    judge: findings,
    rulesOut: [],
    remedies: (_match, of) => remediesFor(lint_lineOf(of)),
    catches: [
        {
            log: 'store/a.go:302:46: SA4023: this comparison is always true (staticcheck)\n    if err := f(); err != nil {\n    ^\n1 issues:\n* staticcheck: 1\n',
            exitCode: 1
        },
        { log: 'main.go:21:17: Error return value of `f.Close` is not checked (errcheck)\n', exitCode: 1 },
        { log: '::error file=cmd/main.go,line=9,col=2::ineffectual assignment to err (ineffassign)\n', exitCode: 1 },
        { log: 'main.go:8:1: exported function Run should have comment or be unexported\n', exitCode: 1 },
        { log: '[/src/main.go:12] - G104 (CWE-703): Errors unhandled. (Confidence: HIGH, Severity: LOW)\n', exitCode: 1 },
        { log: 'diff cmd/main.go.orig cmd/main.go\n--- cmd/main.go.orig\n+++ cmd/main.go\n', exitCode: 1 }
    ],
    ignores: [
        { log: 'main.go:7:2: undefined: helper (typecheck)\n1 issues:\n* typecheck: 1\n', exitCode: 1 },
        { log: './main.go:12:9: cannot use x (variable of type int) as string value in argument to f\n', exitCode: 1 },
        { log: '--- FAIL: TestLint (0.00s)\n    lint_test.go:8: got 3 issues (errcheck)\nFAIL\n', exitCode: 1 }
    ],
    links: ['https://golangci-lint.run/', 'https://staticcheck.dev/docs/checks/', 'https://pkg.go.dev/cmd/gofmt']
};
function lint_lineOf({ evidence: { log } }) {
    return firstLineOutsideTests(log, lint, ['finding', 'format']) ?? firstLineOutsideTests(log, lint);
}
function findings(of) {
    const line = lint_lineOf(of);
    if (line === null)
        return null;
    const file = group(line, 'file');
    const name = group(line, 'linter');
    const who = name === null ? prose `A linter` : prose `The linter ${code(name)}`;
    // A mere count says neither where nor who: something in the log may say more.
    const confidence = file === null ? 'likely' : 'certain';
    return {
        basis: 'wording',
        confidence,
        summary: file === null ? `${who} reports findings.` : `${who} reports ${prose `${code(line.text.trim())}`}.`,
        evidence: [quoted('Linter', line, confidence)],
        lineNumber: line.lineNumber,
        endedBy: 'itself'
    };
}
function remediesFor(line) {
    const name = group(line, 'linter');
    if (line !== null && /\.orig /.test(line.text)) {
        return [commands(prose `format the files, and commit the result:`, ['gofmt -l -w .'])];
    }
    if (line !== null && name === null && /\((?:SA|ST|QF|S|U)\d{4}\)\s*$/.test(line.text)) {
        return [
            commands(prose `see the findings here:`, ['staticcheck ./...']),
            advice(prose `a finding that is meant gets a comment above its line: ${code('//lint:ignore SA0000 reason')}.`)
        ];
    }
    return [
        commands(prose `see the findings here, and let the linter correct what it can:`, ['golangci-lint run --fix ./...']),
        advice(prose `a finding that is meant gets a comment on its line: ${code(`//nolint:${name ?? 'name-of-the-linter'} // reason`)}.`)
    ];
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/module.js



/** A downloaded module is not what was recorded. */
const moduleChecksum = decidedByWording({
    id: 'module.checksum',
    title: 'Module checksum mismatch',
    meaning: 'The content of a module differs from what go.sum or the checksum database recorded for that version. Either the author moved the tag, a proxy or cache serves something else, or somebody tampered with the download. Go refuses to build with it.',
    patterns: [
        {
            // go: verifying example.com/a@v1.13.1: checksum mismatch · go: example.com/a@v1.2.3: verifying module: checksum mismatch   (cmd/go/internal/modfetch/fetch.go)
            name: 'mismatch',
            anchor: ': checksum mismatch',
            regex: /(?:^|\s)verifying (?<module>[^\s@]{1,300}@[^\s:]{1,200}): checksum mismatch|(?:^|\s)(?<fetched>[^\s@]{1,300}@[^\s:]{1,200}): verifying (?:module|go\.mod): checksum mismatch/,
            unless: /_test\.go:\d/
        },
        { name: 'security', anchor: 'SECURITY ERROR', regex: /^SECURITY ERROR$/ }
    ],
    endedBy: 'itself',
    says: (line) => {
        const name = group(line, 'module') ?? group(line, 'fetched');
        return name === null
            ? prose `A downloaded module differs from its recorded checksum.`
            : prose `The download of ${code(name)} differs from its recorded checksum.`;
    },
    fix: () => [
        commands(prose `see whether the copy in the cache is at fault: download it again.`, [
            'go clean -modcache',
            'go mod download'
        ]),
        advice(prose `if it differs again, compare both ${code('h1:')} values with the author's tag before the entry in ${code('go.sum')} is changed.`)
    ],
    catches: [
        { log: 'go: example.com/a@v1.2.3: verifying module: checksum mismatch\n', exitCode: 1 },
        {
            log: 'go: verifying example.com/a@v1.13.1: checksum mismatch\n\tdownloaded: h1:AkZ=\n\tgo.sum:     h1:9VB=\n',
            exitCode: 1
        },
        {
            log: 'verifying example.com/a@v0.3.6/go.mod: checksum mismatch\n\nSECURITY ERROR\nThis download does NOT match an earlier download recorded in go.sum.\n',
            exitCode: 1
        }
    ],
    ignores: [
        { log: '--- FAIL: TestUpload (0.00s)\n    up_test.go:7: part 3: checksum mismatch\nFAIL\n', exitCode: 1 },
        {
            log: 'go: example.com/a@v1.0.0: verifying module: example.com/a@v1.0.0: reading <sumdb>/lookup/example.com/a@v1.0.0: 404\n',
            exitCode: 1
        }
    ],
    links: [
        'https://go.dev/ref/mod#authenticating',
        'https://github.com/golang/go/blob/master/src/cmd/go/internal/modfetch/fetch.go'
    ]
});
/** go.sum does not know a module that the build needs. */
const moduleMissingSum = decidedByWording({
    id: 'module.missing-sum',
    title: 'Missing go.sum entry',
    meaning: 'The file go.sum lists a checksum for each module version that a build may use, and one that this build needs is not in it. Since Go 1.16 a build does not add it by itself. Usually go.mod was changed without `go mod tidy`, or the new go.sum was not committed.',
    patterns: [
        {
            // main.go:10:2: missing go.sum entry for module providing package x/y (imported by …); to add: · x@v1.2.3: missing go.sum entry; to add it:
            name: 'entry',
            anchor: 'missing go.sum entry',
            regex: /missing go\.sum entry(?: for (?:module providing package (?<package>\S{1,300})|go\.mod file))?/,
            unless: /_test\.go:\d+: (?!missing)/
        }
    ],
    endedBy: 'itself',
    says: (line) => {
        const name = group(line, 'package');
        return name === null
            ? prose `A module that the build needs has no entry in ${code('go.sum')}.`
            : prose `The module of ${code(name)} has no entry in ${code('go.sum')}.`;
    },
    fix: () => [commands(prose `add what is missing, and commit both files.`, ['go mod tidy', 'git add go.mod go.sum'])],
    catches: [
        {
            log: 'main.go:10:2: missing go.sum entry for module providing package example.com/x (imported by example.com/a); to add:\n\tgo get example.com/a\n',
            exitCode: 1
        },
        {
            log: 'go: example.com/a@v1.7.1 requires\n\texample.com/b@v0.1.0: missing go.sum entry; to add it:\n\tgo mod download example.com/b\n',
            exitCode: 1
        }
    ],
    ignores: [
        { log: 'main.go:3:8: no required module provides package example.com/x; to add it:\n', exitCode: 1 },
        { log: '--- FAIL: TestTidy (0.00s)\n    tidy_test.go:9: want: missing go.sum entry\nFAIL\n', exitCode: 1 }
    ],
    links: ['https://go.dev/ref/mod#go-sum-files']
});

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/network-words.js


/**
 * Who speaks: the module loader (`go: …`, `pkg@v1.2.3: Get "…`, `main.go:3:8: …@v1: reading …`), a version control
 * system below it, or a downloader of the script. A program or a test that talks to a server is none of them.
 */
const SPEAKER = /(?:^|\s)go(?: (?:get|install|run|build|list|test|vet|generate|mod \w{1,12}))?: |^(?:package|\s*\S{1,300} imports) |@v?\d\S{0,200}: |@(?:latest|upgrade|patch|master|main|HEAD|[0-9a-f]{7,40})\b.{0,300}: |\.go:\d{1,7}:\d{1,6}: |\/@v\/|\/@latest\b|\?go-get=1|unrecognized import path|https fetch|^\s*(?:fatal|error|ssh|remote|abort|svn|bzr|curl|wget|E|Err|W): |^\s*(?:fatal|curl|error|kex_exchange_identification|Connection (?:closed|reset)|wget)\b|downloading |golang\.org\/toolchain|failed to fetch |[Ff]ailed to (?:download|pull|resolve|load metadata|solve)|Error response from daemon|Temporary failure resolving/;
/** The checksum database is asked at `/lookup/` and `/tile/`, or through a proxy below `/sumdb/`. */
const SUMDB_ADDRESS = /\/lookup\/\S{1,400}@|\/tile\/\d{1,2}\/|\/sumdb\//;
/** A line of one of those speakers, with a failure in it; looked for once, from the start of the line. */
function sourceFails(failure) {
    return new RegExp(`^(?=.{0,1500}?(?:${SPEAKER.source}))(?:.{0,6000}?)(?:${failure.source})`);
}
/** Neither an assertion nor a word about the checksum database, which has a diagnosis of its own. */
const NOT_A_SOURCE = new RegExp(`${SUMDB_ADDRESS.source}|initializing sumdb|${ASSERTED.source}`);
/** `https://host/…` in quotes or not, and the host that a resolver was asked for. */
const HOST = /(?:https?|ssh|git):\/\/(?:[^\s/@"']{0,200}@)?(?<host>[A-Za-z0-9][A-Za-z0-9.-]{0,252})/;
/** The host of the first address in a line, without credentials and port; `null` where there is none. */
function hostIn(text) {
    return HOST.exec(text)?.groups?.['host'] ?? null;
}
/** "The host `h` <what>", or the line itself where it names none. */
function sourceSays({ text }, what) {
    const host = hostIn(text);
    return host === null
        ? prose `A module source failed: ${code(text.trim().slice(0, 200))}.`
        : `${prose `The host ${code(host)}`} ${what}.`;
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/module-auth.js






/** The source wants to know who asks. */
const moduleAuth = decidedByWording({
    id: 'module.auth',
    title: 'A module source asked for a login',
    meaning: 'A repository or proxy refused access, or git would have asked for a user name and there is nobody to answer. The module is private, or its name is wrong and the server hides what does not exist. A login of the person who wrote the code does not exist on the build machine; the token of a GitHub job is good for its own repository only.',
    patterns: [
        {
            // fatal: could not read Username for 'https://host': terminal prompts disabled   (git)
            name: 'prompt',
            anchor: [
                'could not read Username',
                'could not read Password',
                'terminal prompts disabled',
                'user interactivity has been disabled',
                'No such device or address',
                'annot prompt because'
            ],
            regex: /could not read (?:Username|Password)(?: for '(?:https?:\/\/)?(?<host>[^'/]{1,200}))?|terminal prompts disabled|Cannot prompt because/,
            unless: ASSERTED
        },
        {
            // fatal: Authentication failed for … · git@host: Permission denied (publickey). · Host key verification failed.
            name: 'refused',
            anchor: [
                'uthentication failed',
                'Permission denied (',
                'ermission denied (publickey',
                'Host key verification failed',
                'HTTP Basic: Access denied',
                'nvalid username or ',
                'assword authentication was removed',
                'rite access to repository not granted',
                'nvalid credentials',
                'SAML SSO',
                'returned error: 401',
                'returned error: 403',
                'bad credentials',
                'Bad credentials',
                'insufficient scope',
                'oes not have access to',
                'access rights'
            ],
            regex: /^(?!.*_test\.go:\d)(?:.{0,500}?)(?:(?:fatal|remote|error): .{0,200}(?:[Aa]uthentication failed|[Ii]nvalid (?:username|credentials)|HTTP Basic: Access denied|[Bb]ad credentials|not granted|does not have access|SAML SSO|[Ii]nsufficient scope)|Permission denied \((?:publickey|password|keyboard)|^Host key verification failed|Host key verification failed\.|Support for password authentication was removed|returned error: 40[13]|enabled or enforced SAML SSO|Please make sure you have the correct access rights)/
        },
        {
            // reading https://<goproxy>/a/@v/list: 401 Unauthorized · 403 Forbidden · server response: … authentication
            name: 'status',
            anchor: [': 401', ': 403', '401 Unauthorized', '403 Forbidden'],
            regex: sourceFails(/: (?:401|403)(?=$|[\s"'):])|401 Unauthorized|403 Forbidden/),
            unless: NOT_A_SOURCE
        }
    ],
    endedBy: 'itself',
    onlyOutsideTests: true,
    says: (line) => {
        const host = group(line, 'host') ?? hostIn(line.text);
        return host === null
            ? prose `A module source refused access, or asked for a login that this run does not have.`
            : prose `${code(host)} refused access, or asked for a login that this run does not have.`;
    },
    fix: authFix,
    catches: [
        {
            log: "go: example.com/a@v0.1.8: invalid version: git ls-remote -q origin: exit status 128:\n\tfatal: could not read Username for 'https://example.com': terminal prompts disabled\n",
            exitCode: 1
        },
        {
            log: 'git@example.com: Permission denied (publickey).\nfatal: Could not read from remote repository.\n',
            exitCode: 128
        },
        {
            log: 'go: example.com/a@v1.0.0: reading https://proxy/example.com/a/@v/v1.0.0.mod: 403 Forbidden\n',
            exitCode: 1
        },
        { log: "fatal: unable to access 'https://example.com/a/': The requested URL returned error: 403\n", exitCode: 128 }
    ],
    ignores: [
        { log: '--- FAIL: TestLogin (0.00s)\n    l_test.go:8: POST /login: 401 Unauthorized\nFAIL\n', exitCode: 1 },
        { log: 'mkdir /.cache: permission denied\n', exitCode: 1 },
        {
            log: 'go: example.com/a@v1.0.0: verifying module: reading https://sumdb.test/lookup/example.com/a@v1.0.0: 403 Forbidden\n',
            exitCode: 1
        }
    ],
    links: ['https://go.dev/ref/mod#private-module-repo-auth', 'https://go.dev/doc/faq#git_https']
});
function authFix(line) {
    const host = plainName(group(line, 'host') ?? hostIn(line.text)) ?? 'HOST';
    return [
        commands(prose `let git use a token that may read the repository, kept as a secret:`, [
            `git config --global url."https://x-access-token:\${TOKEN}@${host}/".insteadOf "https://${host}/"`
        ]),
        commands(prose `and keep Go from asking public services about it:`, [`go env -w GOPRIVATE=${host}/OWNER`]),
        advice(prose `in a container build, pass the token as a build secret; the settings of the machine outside are not seen inside.`)
    ];
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/module-file.js





const MODULES_LINK = 'https://go.dev/ref/mod';
/** Go runs where no go.mod is. */
const moduleNoGoMod = decidedByWording({
    id: 'module.no-go-mod',
    title: 'No go.mod for what is built',
    meaning: 'Go found no main module: there is no go.mod in the directory of the command or above it, or the directory that is named lies outside of it. Usually the step runs in the wrong directory, go.mod was not copied into the image or not checked out, or the program dates from the time before modules.',
    patterns: [
        {
            // go: go.mod file not found in current directory or any parent directory; see 'go help modules'   (modload/init.go; before 1.16: cannot find main module)
            name: 'none',
            anchor: [
                'go.mod file not found',
                'cannot find main module',
                'outside available modules',
                'outside main module',
                'go.mod exists but should not',
                'cannot determine module path for source directory',
                'modules disabled inside GOPATH',
                'modules disabled by GO111MODULE',
                'when current directory is not in a module',
                'when outside a module',
                'does not contain main module',
                'no modules specified',
                'in GOPATH mode',
                'outside of a module',
                'No go.mod file found'
            ],
            regex: /go\.mod file not found|cannot find main module|outside (?:available modules|main module or its selected dependencies)|go\.mod exists but should not|cannot determine module path for source directory|modules disabled (?:inside GOPATH|by GO111MODULE)|when (?:current directory is not in|outside) a module|directory prefix \S{1,400} (?:outside|does not contain) (?:available modules|main module)|go: no modules specified|can(?:not| only) use path@version syntax|No go\.mod file found/,
            unless: new RegExp(`go\\.work\\b|workspace|${ASSERTED.source}`)
        }
    ],
    endedBy: 'itself',
    onlyOutsideTests: true,
    says: (line) => prose `Go found no ${code('go.mod')} for what it should build: ${code(line.text.trim().slice(0, 200))}.`,
    fix: () => [
        commands(prose `see where the step runs, and where the modules are:`, [
            'pwd; go env GOMOD GO111MODULE GOFLAGS; git ls-files "*go.mod"'
        ]),
        commands(prose `run it in the directory of the module:`, [
            'go -C DIRECTORY build ./...   # Go 1.20 on; or working-directory: DIRECTORY'
        ]),
        commands(prose `if there is no module yet, make one and commit it:`, ['go mod init example.com/NAME', 'go mod tidy'])
    ],
    catches: [
        {
            log: "go: go.mod file not found in current directory or any parent directory; see 'go help modules'\n",
            exitCode: 1
        },
        { log: "go: cannot find main module; see 'go help modules'\n", exitCode: 1 },
        { log: 'go: directory /go/src/words outside available modules\n', exitCode: 1 },
        {
            log: 'pattern ./...: directory prefix . does not contain main module or its selected dependencies\n',
            exitCode: 1
        },
        { log: '$GOPATH/go.mod exists but should not\n', exitCode: 1 }
    ],
    ignores: [
        {
            log: 'go: directory . is contained in a module that is not one of the workspace modules listed in go.work\n',
            exitCode: 1
        },
        { log: 'main.go:4:2: no required module provides package example.com/x; to add it:\n', exitCode: 1 },
        { log: '--- FAIL: TestInit (0.00s)\n    i_test.go:4: want: go.mod file not found\nFAIL\n', exitCode: 1 }
    ],
    links: [`${MODULES_LINK}#go-mod-init`, `${MODULES_LINK}#commands-outside`]
});
/** What go.mod says in a syntax that newer releases of Go would accept: a matter of the installation. */
const NEWER_SYNTAX = /unknown (?:directive|block type): (?:toolchain|tool|godebug|ignore|retract)\b|invalid go version '\d{1,3}\.\d{1,3}(?:\.\d{1,3}|rc\d{1,3}|beta\d{1,3})': must match format/;
/** go.mod (or go.sum) cannot be read as such. */
const moduleParse = decidedByWording({
    id: 'module.parse',
    title: 'The file go.mod cannot be parsed',
    meaning: 'A line of go.mod or go.sum is not what it may be: marks of an unfinished merge, a version that is none, a path that is none, a byte order mark or other characters that do not belong there. The message names the line.',
    patterns: [
        {
            // go.mod:3: unknown directive: foo · go.mod:5:2: require example.com/x: version "1.2" invalid: must be of the form v1.2.3   (x/mod/modfile)
            name: 'line',
            anchor: ['go.mod:'],
            regex: /(?:^|[\s/\\])(?<file>(?:[^\s:]{0,300}[/\\])?go\.mod):(?<line>\d{1,6}):(?:\d{1,5}:)? (?<reason>(?:unknown (?:directive|block)|unexpected |usage: |invalid |malformed |syntax error|repeated |no module |(?:require|replace|exclude|retract|module) \S{1,300}: (?:version ".{0,100}" invalid: |invalid |malformed )|(?:require|replace|exclude|retract|module|go) |mismatched |cannot ).{0,300})/,
            unless: new RegExp(`unknown revision|dial tcp|https?://|git (?:fetch|ls-remote)|: (?:404|410)\\b|${NEWER_SYNTAX.source}|${ASSERTED.source}`)
        },
        {
            // go: error reading go.mod: missing module declaration. · malformed go.sum: · no module declaration in go.mod
            name: 'file',
            anchor: [
                'go.sum:',
                'missing module declaration',
                'no module declaration',
                'parsing go.mod: missing module line',
                'parsing go.mod: unexpected',
                'error reading '
            ],
            regex: /malformed go\.sum:|go\.sum:\d{1,6}: (?:wrong number of fields|malformed)|missing module declaration|no module declaration in (?<file>\S{0,300}go\.mod)|parsing go\.mod: (?:missing module line|unexpected)|error reading \S{0,300}go\.mod: (?:missing|invalid)/,
            unless: ASSERTED
        }
    ],
    endedBy: 'itself',
    onlyOutsideTests: true,
    says: (line) => {
        const at = group(line, 'line');
        return at === null
            ? prose `The module files cannot be parsed: ${code(line.text.trim().slice(0, 200))}.`
            : prose `Line ${code(at)} of ${code(group(line, 'file') ?? 'go.mod')} cannot be parsed: ${code(group(line, 'reason') ?? '')}.`;
    },
    fix: (line) => {
        const file = plainName(group(line, 'file')) ?? 'go.mod';
        const at = group(line, 'line');
        return [
            ...(at === null
                ? []
                : [commands(prose `see the line, invisible characters included:`, [`sed -n ${at}p ${file} | od -c | head`])]),
            commands(prose `correct it, and let Go check the rest:`, ['go mod edit -fmt', 'go mod tidy'])
        ];
    },
    catches: [
        { log: 'go: errors parsing go.mod:\n/src/go.mod:7: unknown directive: <<<<<<<\n', exitCode: 1 },
        { log: "go: errors parsing go.mod: go.mod:1: unexpected input character '\\ufeff'\n", exitCode: 1 },
        {
            log: 'go: errors parsing go.mod:\ngo.mod:5:2: require example.com/x: version "1.2" invalid: must be of the form v1.2.3\n',
            exitCode: 1
        },
        { log: 'malformed go.sum:\ngo.sum:3: wrong number of fields 2\n', exitCode: 1 }
    ],
    ignores: [
        { log: 'go: errors parsing go.mod:\n/src/go.mod:5: unknown directive: toolchain\n', exitCode: 1 },
        {
            log: "go: errors parsing go.mod:\n/src/go.mod:3: invalid go version '1.21.0': must match format 1.23\n",
            exitCode: 1
        },
        {
            log: 'go: errors parsing go.mod:\n/src/go.mod:36: require example.com/x: version "v3.9.0" invalid: unknown revision v3.9.0\n',
            exitCode: 1
        }
    ],
    links: [`${MODULES_LINK}#go-mod-file`, 'https://pkg.go.dev/golang.org/x/mod/modfile']
});

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/std-packages.js
/**
 * Packages of the standard library, without `internal/` (go list std of Go 1.12 to 1.26). What is asked for under one
 * of these names and "is not in std" is missing in the installation, or younger than it.
 */
const STD_PACKAGES = [
    'archive/(?:tar|zip)',
    'arena|bufio|bytes|cmp|context|crypto|embed|encoding|errors|expvar|flag|fmt|hash|html|image|io|iter|log|maps|math',
    'mime|net|os|path|plugin|reflect|regexp|runtime|simd|slices|sort|strconv|strings|structs|sync|syscall|testing|time',
    'unicode|unique|unsafe|weak',
    'compress/(?:bzip2|flate|gzip|lzw|zlib)',
    'container/(?:heap|list|ring)',
    'crypto/(?:aes|cipher|des|dsa|ecdh|ecdsa|ed25519|elliptic|fips140|hkdf|hmac|hpke|md5|mlkem|mlkem/mlkemtest|pbkdf2|rand|rc4|rsa|sha1|sha256|sha3|sha512|subtle|tls|x509|x509/pkix)',
    'database/sql(?:/driver)?',
    'debug/(?:buildinfo|dwarf|elf|gosym|macho|pe|plan9obj)',
    'encoding/(?:ascii85|asn1|base32|base64|binary|csv|gob|hex|json|json/v2|json/jsontext|pem|xml)',
    'go/(?:ast|build|build/constraint|constant|doc|doc/comment|format|importer|parser|printer|scanner|token|types|version)',
    'hash/(?:adler32|crc32|crc64|fnv|maphash)',
    'html/template',
    'image/(?:color|color/palette|draw|gif|jpeg|png)',
    'index/suffixarray',
    'io/(?:fs|ioutil)',
    'log/(?:slog|syslog)',
    'math/(?:big|bits|cmplx|rand|rand/v2)',
    'mime/(?:multipart|quotedprintable)',
    'net/(?:http|http/cgi|http/cookiejar|http/fcgi|http/httptest|http/httptrace|http/httputil|http/pprof|mail|netip|rpc|rpc/jsonrpc|smtp|textproto|url)',
    'os/(?:exec|signal|user)',
    'path/filepath',
    'regexp/syntax',
    'runtime/(?:cgo|coverage|debug|metrics|msan|pprof|race|secret|trace)',
    'sync/atomic',
    'testing/(?:cryptotest|fstest|iotest|quick|slogtest|synctest)',
    'text/(?:scanner|tabwriter|template|template/parse)',
    'time/tzdata',
    'unicode/(?:utf16|utf8)'
];
/** Source of an expression for one name of {@link STD_PACKAGES}. */
const STD_PACKAGE = `(?:${STD_PACKAGES.join('|')})`;

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/module-not-found.js







/** A package of the standard library is a matter of the installation. */
const STANDARD = `(?:package|path) \\\\?"?${STD_PACKAGE}\\\\?"?(?=[\\s:;]|$)`;
/** The package or version that is asked for is nowhere. */
const moduleNotFound = decidedByWording({
    id: 'module.not-found',
    title: 'A package or module version was not found',
    meaning: 'An import path or a version that the build asks for does not exist where Go looked: no module in go.mod provides the package, the proxy or repository does not have that version, or the path is not one that Go can look up. A typing error, a tag that was never pushed or was deleted, a package that moved, and a private repository that this run may not see all look like this.',
    patterns: [
        {
            // main.go:4:2: no required module provides package example.com/x; to add it: · cannot find module providing package …
            name: 'package',
            anchor: [
                'no required module provides package ',
                'cannot find module providing package ',
                'cannot find package ',
                'cannot find module for path ',
                'does not contain package',
                'missing module for import: ',
                'and is replaced but not required',
                'but not at required version'
            ],
            regex: /(?:no required module provides package|cannot find module providing package|cannot find module for path|cannot find package|(?:do(?:es)? )not contain packages?(?: matching)?|missing module for import:|provides package) "?(?<package>[^\s";:]{1,300})/,
            unless: new RegExp(`${STANDARD}|go\\.mod file not found|cannot find main module|disabled by -mod=readonly|go\\.work\\b|modules disabled|${ASSERTED.source}`)
        },
        {
            name: 'std',
            anchor: ['is not in std', 'is not in GOROOT'],
            regex: /package (?<unknown>[^\s:]{1,300}) is not in (?:std|GOROOT)\b/,
            unless: new RegExp(`${STANDARD}|${ASSERTED.source}`)
        },
        {
            // invalid version: unknown revision v1.2.3 · no matching versions for query "v9" · proxy returned info for version …
            name: 'version',
            anchor: [
                'unknown revision',
                'no matching versions for query',
                'proxy returned info for version',
                'invalid pseudo-version',
                'so module path must match major version',
                'no matching version',
                ' at revision ',
                "couldn't find remote ref",
                'disallowed module version',
                'module declares its path as',
                'but was required as'
            ],
            regex: /\bunknown revision\b|no matching versions? for query|proxy returned info for version|invalid pseudo-version: |so module path must match major version|\b(?:missing|has non-|has post-).{1,200} at revision|couldn't find remote ref|module declares its path as|but was required as/,
            unless: ASSERTED
        },
        {
            // reading https://<goproxy>/a/@v/v1.0.0.info: 404 Not Found · unexpected status (https://…): 410 Gone   (go 1.12)
            name: 'missing',
            anchor: [
                ': 404',
                ': 410',
                '404 Not Found',
                '410 Gone',
                'returned error: 404',
                'no go-import meta tag',
                'module lookup disabled by GOPROXY=off',
                'not found: '
            ],
            regex: sourceFails(/: (?:404|410)(?=$|[\s"'):])|(?:404 Not Found|410 Gone)|returned error: 404|no go-import meta tag|module lookup disabled by GOPROXY=off|\bnot found: \S{1,300}@/),
            unless: new RegExp(`temporarily unavailable|${NOT_A_SOURCE.source}`)
        },
        {
            // remote: Repository not found. · fatal: repository 'https://…' not found · ERROR: Repository not found.
            name: 'repository',
            anchor: [
                'epository not found',
                "epository '",
                'does not appear to be a git repository',
                'could not be found or you don',
                'unrecognized import path',
                'TF401019'
            ],
            regex: /(?:remote|ERROR|fatal|error): (?:[Rr]epository not found|[Rr]epository '[^']{1,500}' (?:not found|does not exist)|'[^']{1,500}' does not appear to be a git repository|The project you were looking for could not be found)|TF401019: |unrecognized import path "(?<path>[^"]{1,300})"(?:: | \()(?:import path does not begin with hostname|parse |reading |https fetch: (?:no go-import|fetching)|404|cannot detect|missing dot)/,
            unless: new RegExp(`${STANDARD}|dial tcp|: 5\\d\\d |x509|timeout|Authentication failed|${ASSERTED.source}`)
        },
        {
            // stat /app/cmd/x: directory not found · package ./x: no Go files in /app/x
            name: 'directory',
            anchor: [': directory not found', 'no Go files in ', 'no Go source files', 'no such directory'],
            regex: /(?:^|\s)(?:stat|lstat|go:|package) (?<directory>\S{1,400}): directory not found|(?:^|[\s:])no Go files in \S|no buildable Go source files|can't load package: .{1,300}: (?:no Go (?:source )?files|no such)/,
            unless: new RegExp(`go\\.work\\b|build constraints|${ASSERTED.source}`)
        }
    ],
    endedBy: 'itself',
    onlyOutsideTests: true,
    // The proxy will have it later; that it is a 410 shows on the line before.
    unless: ({ evidence: { log } }) => wasHit(log, 'network.unreachable', ['gone']),
    says: notFoundSays,
    fix: notFoundFix,
    catches: [
        {
            log: 'main.go:4:2: no required module provides package example.com/x; to add it:\n\tgo get example.com/x\n',
            exitCode: 1
        },
        { log: 'go: example.com/x@v1.9.9: invalid version: unknown revision v1.9.9\n', exitCode: 1 },
        { log: 'go: example.com/x@v0.1.0: reading <goproxy>/example.com/x/@v/v0.1.0.mod: 404 Not Found\n', exitCode: 1 },
        {
            log: 'cmd/a.go:25:2: cannot find package "example.com/x" in any of:\n\t/usr/local/go/src/example.com/x (from $GOROOT)\n',
            exitCode: 1
        },
        { log: 'main.go:3:8: package mylib/util is not in std (/usr/local/go/src/mylib/util)\n', exitCode: 1 },
        {
            log: 'go: module example.com/x@latest found (v1.0.0), but does not contain package example.com/x/y\n',
            exitCode: 1
        },
        {
            log: 'go: example.com/x@v1: git ls-remote -q origin: exit status 128:\n\tremote: Repository not found.\n',
            exitCode: 1
        }
    ],
    ignores: [
        {
            log: 'no required module provides package example.com/x: go.mod file not found in current directory or any parent directory\n',
            exitCode: 1
        },
        { log: 'main.go:3:8: package slices is not in GOROOT (/usr/local/go/src/slices)\n', exitCode: 1 },
        { log: '--- FAIL: TestGet (0.00s)\n    g_test.go:8: GET /x: 404 Not Found\nFAIL\n', exitCode: 1 },
        { log: 'go: example.com/x@v1.0.0: reading https://proxy/x/@v/v1.0.0.mod: 502 Bad Gateway\n', exitCode: 1 }
    ],
    links: ['https://go.dev/ref/mod#resolve-pkg-mod', 'https://go.dev/ref/mod#module-proxy']
});
function module_not_found_nameIn(line) {
    const named = group(line, 'package') ?? group(line, 'unknown') ?? group(line, 'path') ?? group(line, 'directory');
    return (named ??
        /\brequire (?<module>[^\s:]{1,300}): version/.exec(line.text)?.groups?.['module'] ??
        /(?<module>[^\s@:"]{1,300}\.[^\s@:"]{1,300})@[^\s:"]{1,200}/.exec(line.text)?.groups?.['module'] ??
        null);
}
function notFoundSays(line) {
    const name = module_not_found_nameIn(line);
    return name === null
        ? prose `A package or module version that the build asks for was not found: ${code(line.text.trim().slice(0, 200))}.`
        : prose `${code(name)} was not found where Go looked.`;
}
function notFoundFix(line) {
    const name = plainName(module_not_found_nameIn(line));
    const isPackage = group(line, 'package') !== null;
    const shown = name ?? 'MODULE';
    const look = commands(prose `see which versions exist where Go looks:`, [`go list -m -versions ${shown}`]);
    const add = commands(prose `if the path is right, add its module and commit both files:`, [
        `go get ${shown}`,
        'git add go.mod go.sum'
    ]);
    const hidden = commands(prose `if the repository is private, fetch it directly and with a login:`, [
        `go env -w GOPRIVATE=${shown.split('/').slice(0, 2).join('/')}`
    ]);
    if (isPackage)
        return [
            add,
            advice(prose `if it belongs to this repository, compare the import path with the ${code('module')} line of ${code('go.mod')}, case included.`)
        ];
    return name === null
        ? [advice(prose `compare the path and the version with the repository: case, major version suffix, pushed tag.`)]
        : [look, hidden];
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/module-requirements.js





const module_requirements_MODULES_LINK = 'https://go.dev/ref/mod';
/** vendor/ is not what go.mod says. */
const moduleInconsistentVendor = decidedByWording({
    id: 'module.inconsistent-vendor',
    title: 'The vendor directory and go.mod disagree',
    meaning: 'The repository has a vendor directory, and its list `vendor/modules.txt` does not agree with go.mod. Somebody changed go.mod, often a bot that updates dependencies, and did not run `go mod vendor`, or did not commit what it changed.',
    patterns: [
        {
            name: 'list',
            anchor: [
                'inconsistent vendoring in ',
                'is explicitly required in ',
                'vendor/modules.txt',
                'is marked as replaced in ',
                'should be required explicitly in go.mod',
                "can't resolve module using the vendor directory"
            ],
            regex: /inconsistent vendoring in |(?<module>[^\s@]{1,300}@[^\s:]{1,200}): is (?:explicitly required in|marked as (?:explicit|replaced) in|replaced (?:by \S{1,300} )?in)|vendored module \S{1,300} should be required explicitly|is not a package listed in vendor\/modules\.txt|can't resolve module using the vendor directory/,
            unless: ASSERTED
        }
    ],
    endedBy: 'itself',
    onlyOutsideTests: true,
    says: () => prose `${code('vendor/modules.txt')} and ${code('go.mod')} disagree.`,
    fix: () => [
        commands(prose `bring the vendor directory up to date, and commit it:`, [
            'go mod tidy',
            'go mod vendor',
            'git add go.mod go.sum vendor'
        ]),
        commands(prose `or build from the module cache instead:`, ['go build -mod=mod ./...'])
    ],
    catches: [
        {
            log: 'go: inconsistent vendoring in /src/app:\n\texample.com/a@v0.2.1: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt\n',
            exitCode: 1
        },
        {
            log: '\texample.com/a@v1.0.0: is marked as explicit in vendor/modules.txt, but not explicitly required in go.mod\n',
            exitCode: 1
        },
        {
            log: '\texample.com/a@v1.0.0: is replaced in go.mod, but not marked as replaced in vendor/modules.txt\n',
            exitCode: 1
        }
    ],
    ignores: [
        { log: 'go: updates to go.mod needed; to update it:\n\tgo mod tidy\n', exitCode: 1 },
        { log: '--- FAIL: TestVendor (0.00s)\n    v_test.go:9: want inconsistent vendoring in x\nFAIL\n', exitCode: 1 }
    ],
    links: [`${module_requirements_MODULES_LINK}#vendoring`]
});
/** go.mod would have to change, and the command may not change it. */
const moduleUpdatesNeeded = decidedByWording({
    id: 'module.updates-needed',
    title: 'An update of go.mod or go.sum is needed',
    meaning: 'The requirements in go.mod do not fit the packages that are built or each other, and since Go 1.16 a build does not correct go.mod by itself (`-mod=readonly`). Usually a change of an import or of a version was committed without the go.mod that belongs to it.',
    patterns: [
        {
            // go: updates to go.mod needed; to update it: · … disabled by -mod=readonly   (modload/init.go)
            name: 'readonly',
            anchor: [
                'updates to go.mod needed',
                'updates to go.sum needed',
                'disabled by -mod=readonly',
                'from implicitly required module',
                'query module due to -mod=readonly',
                'cannot update go.mod'
            ],
            regex: /updates to go\.(?:mod|sum) needed|disabled by -mod=readonly|(?<package>\S{1,300}) from implicitly required module|cannot query module due to -mod=readonly/,
            unless: new RegExp(`go\\.work\\b|${ASSERTED.source}`)
        }
    ],
    endedBy: 'itself',
    onlyOutsideTests: true,
    says: () => prose `${code('go.mod')} or ${code('go.sum')} has to change, and a build does not change it by itself.`,
    fix: () => [commands(prose `let Go change them, and commit both files.`, ['go mod tidy', 'git add go.mod go.sum'])],
    catches: [
        { log: 'go: updates to go.mod needed; to update it:\n\tgo mod tidy\n', exitCode: 1 },
        { log: 'go: updates to go.mod needed, disabled by -mod=readonly\n', exitCode: 1 },
        { log: 'build example.com/a: cannot load example.com/x: import lookup disabled by -mod=readonly\n', exitCode: 1 },
        {
            log: 'main.go:4:2: package example.com/a imports example.com/x from implicitly required module; to add missing requirements, run:\n\tgo get example.com/x@v1.0.0\n',
            exitCode: 1
        }
    ],
    ignores: [
        {
            log: 'go: example.com/x@v1.0.0: missing go.sum entry; to add it:\n\tgo mod download example.com/x\n',
            exitCode: 1
        },
        { log: 'npm warn update to lockfile needed\n./main.go:3:1: undefined: x\n', exitCode: 1 }
    ],
    links: [`${module_requirements_MODULES_LINK}#build-commands`, `${module_requirements_MODULES_LINK}#go-mod-tidy`]
});
/** `replace` points to a directory that is not there. */
const moduleReplaceLocal = decidedByWording({
    id: 'module.replace-local',
    title: 'The target of a local replace is missing',
    meaning: 'A `replace` line of go.mod points to a directory beside the module, and on this machine nothing is there. It works for its author, who has the other repository checked out in that place; a build machine or an image has only this one.',
    patterns: [
        {
            // example.com/x@v0.0.0: replacement directory ../x does not exist · … (replaced by ../x): reading ../x/go.mod: open /x/go.mod: no such file or directory
            name: 'directory',
            anchor: ['replacement directory ', '/go.mod: ', '\\go.mod: '],
            regex: /replacement directory (?<directory>.{1,400}?)(?: does not exist|: )|(?:parsing|reading|loading) (?<file>[^\s:]{0,400}|[A-Za-z]:[^\s:]{1,400})[/\\]go\.mod: open .{1,500}(?:no such file or directory|cannot find the (?:path|file) specified)/,
            unless: new RegExp(`go\\.work\\b|workspace|\\.git\\b|${ASSERTED.source}`)
        }
    ],
    endedBy: 'itself',
    onlyOutsideTests: true,
    says: replaceSays,
    fix: replaceFix,
    catches: [
        {
            log: 'go: example.com/a imports\n\texample.com/x: example.com/x@v0.0.0: replacement directory ../x does not exist\n',
            exitCode: 1
        },
        {
            log: 'go: example.com/x@v1.0.0 (replaced by ../x): reading ../x/go.mod: open /src/x/go.mod: no such file or directory\n',
            exitCode: 1
        },
        {
            log: 'go: parsing ..\\x\\go.mod: open C:\\src\\x\\go.mod: The system cannot find the path specified.\n',
            exitCode: 1
        }
    ],
    ignores: [
        {
            log: 'go: cannot load module ../x listed in go.work file: open ../x/go.mod: no such file or directory\n',
            exitCode: 1
        },
        {
            log: "go: go.mod file not found in current directory or any parent directory; see 'go help modules'\n",
            exitCode: 1
        }
    ],
    links: [`${module_requirements_MODULES_LINK}#go-mod-file-replace`]
});
function replaceSays(line) {
    const directory = group(line, 'directory') ?? group(line, 'file');
    return directory === null
        ? prose `A ${code('replace')} line of ${code('go.mod')} points to a directory that is not there.`
        : prose `A ${code('replace')} line of ${code('go.mod')} points to ${code(directory)}, which is not there.`;
}
/** `example.com/x@v0.0.0: replacement directory …` · `example.com/x@v1.0.0 (replaced by ../x): reading …` */
const REPLACED = /(?<module>[^\s@:]{1,300})@(?<version>[^\s:]{1,200})(?: \(replaced by [^)]{1,300}\))?: /;
function replaceFix({ text }) {
    const name = plainName(REPLACED.exec(text)?.groups?.['module']) ?? 'MODULE';
    return [
        commands(prose `use the released version instead of the directory:`, [
            `go mod edit -dropreplace=${name}`,
            `go get ${name}@latest`
        ]),
        advice(prose `or check the other repository out in that place before the build (in a Dockerfile: copy it too).`),
        commands(prose `to see every replacement of this module:`, ['go mod edit -json'])
    ];
}
/** Two modules have the same package. */
const moduleAmbiguous = decidedByWording({
    id: 'module.ambiguous',
    title: 'Two modules provide the same package',
    meaning: 'A package is found in more than one module of the build, and Go does not choose. It happens when a part of a module became a module of its own: an old version of the whole and the new part are both required, each by another dependency.',
    patterns: [
        {
            name: 'import',
            anchor: ['ambiguous import: found ', ' in multiple modules'],
            regex: /ambiguous import: found (?:package )?(?<package>\S{1,300})|found package (?<found>\S{1,300}) in multiple modules/,
            unless: ASSERTED
        }
    ],
    endedBy: 'itself',
    onlyOutsideTests: true,
    says: (line) => prose `The package ${code(group(line, 'package') ?? group(line, 'found') ?? '')} is in more than one module of the build.`,
    fix: (line) => {
        const name = plainName(group(line, 'package') ?? group(line, 'found')) ?? 'PACKAGE';
        return [
            commands(prose `see who needs which of them:`, [
                `go mod why -m ${name}`,
                `go mod graph | grep ${name.split('/').slice(0, 3).join('/')}`
            ]),
            commands(prose `raise the older, larger module to a version without that package:`, [
                'go get OLDER-MODULE@latest && go mod tidy'
            ])
        ];
    },
    catches: [
        {
            log: 'a.pb.go:27:2: ambiguous import: found package example.com/g/rpc/code in multiple modules:\n\texample.com/g v0.0.1 (/go/pkg/mod/g)\n',
            exitCode: 1
        },
        {
            log: 'build example.com/a: cannot load example.com/x: ambiguous import: found example.com/x in multiple modules:\n',
            exitCode: 1
        },
        {
            log: 'go: example.com/a imports\n\texample.com/x: ambiguous import: found package example.com/x in multiple modules:\n',
            exitCode: 1
        }
    ],
    ignores: [
        { log: './main.go:3:1: ambiguous selector x.Close\n', exitCode: 1 },
        {
            log: '--- FAIL: TestAmbiguous (0.00s)\n    a_test.go:4: want ambiguous import: found package x in multiple modules\nFAIL\n',
            exitCode: 1
        }
    ],
    links: [`${module_requirements_MODULES_LINK}#resolve-pkg-mod`]
});

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/network.js




const GOPROXY_LINK = 'https://go.dev/ref/mod#environment-variables';
/** A module source that does not answer, or answers that it cannot. */
const networkUnreachable = decidedByWording({
    id: 'network.unreachable',
    title: 'A module source could not be reached',
    meaning: 'A module proxy or a version control server did not answer, closed the connection, or answered that it is overloaded or broken. The module itself may be fine. Usual reasons are a short disturbance, a firewall or proxy of the network (`HTTPS_PROXY`, `NO_PROXY`), a `GOPROXY` that is set to an address that only works elsewhere, and a container network without a way out.',
    patterns: [
        {
            // Get "https://<goproxy>/a/@v/v1.0.0.zip": dial tcp 10.0.0.1:443: connect: connection refused   (net, net/http)
            name: 'transport',
            anchor: [
                'i/o timeout',
                'connection refused',
                'connection timed out',
                'connection reset',
                'network is unreachable',
                'no route to host',
                'host is down',
                'handshake timeout',
                'deadline exceeded',
                'Client.Timeout',
                ': EOF',
                'unexpected EOF',
                'GOAWAY',
                'stream error',
                'connection lost',
                'connection force closed',
                'broken pipe',
                'roxyconnect',
                'forcibly closed',
                'actively refused',
                'did not properly respond',
                'unreachable network',
                'stopped after 10 redirects',
                'HTTP response to HTTPS client',
                'malformed HTTP',
                'socks connect',
                'server closed idle connection',
                'connection was aborted',
                'cannot assign requested address',
                'request canceled'
            ],
            regex: sourceFails(/: (?:i\/o timeout|EOF|unexpected EOF)(?=$|[\s"')\],;])|connection (?:refused|timed out|reset(?: by peer)?|was aborted)|network is unreachable|no route to host|host is down|handshake timeout|context deadline exceeded|Client\.Timeout|GOAWAY|stream error: stream ID|client connection (?:lost|force closed)|: broken pipe|proxyconnect tcp: |forcibly closed by the remote host|actively refused it|did not properly respond|unreachable network|stopped after 10 redirects|HTTP response to HTTPS client|malformed HTTP (?:response|status)|socks connect |server closed idle connection|cannot assign requested address|net\/http: request canceled/),
            unless: new RegExp(`: lookup \\S|x509: |${NOT_A_SOURCE.source}`)
        },
        {
            // reading https://<goproxy>/a/@v/v1.0.0.mod: 502 Bad Gateway · unexpected status (https://…): 503 Service Unavailable   (go 1.12)
            name: 'status',
            anchor: [
                ': 5',
                '": Forbidden',
                'Service Unavailable',
                'Bad Gateway',
                'Gateway Time',
                'Proxy Auth',
                ': 429',
                ': 408',
                ': 425',
                ': 407',
                'returned error: 5',
                'returned error: 429',
                '410 Gone',
                'temporarily unavailable',
                'HTTP 5',
                'HTTP code 5'
            ],
            regex: sourceFails(/: (?:5\d\d|408|425|429) [A-Z<]|": (?:Forbidden|Service Unavailable|Bad Gateway|Gateway Time-?out|Proxy Authentication Required)$|: 407 Proxy|returned error: (?:5\d\d|429)|(?:HTTP|code|status)[ =](?:code[ =])?5\d\d\b|410 Gone.{0,300}temporarily|temporarily unavailable/),
            unless: new RegExp(`esource temporarily unavailable|${NOT_A_SOURCE.source}`)
        },
        {
            // reading https://<goproxy>/a/@v/v1.0.0.mod: 410 Gone / server response: … temporarily unavailable …
            name: 'gone',
            anchor: '410 Gone',
            regex: sourceFails(/: 410 Gone$/),
            next: /temporarily unavailable|fetch timed out|try again/,
            unless: NOT_A_SOURCE
        },
        {
            // fatal: unable to access 'https://host/a/': Failed to connect to host port 443: Connection timed out   (git, libcurl, ssh)
            name: 'git',
            anchor: [
                'Failed to connect to',
                'ould not connect to',
                "ouldn't connect to",
                'Connection timed out',
                'Operation timed out',
                'Connection refused',
                'Connection reset',
                'Connection closed by',
                'SSL_ERROR_SYSCALL',
                'recv error',
                'RPC failed',
                'early EOF',
                'unexpected disconnect while reading',
                'remote end hung up',
                'Empty reply from server',
                'Network is unreachable',
                'No route to host',
                'Operation too slow',
                'gnutls_handshake() failed: The TLS connection was non-properly',
                'Failure when receiving data',
                'Internal Server Error',
                'Connection was reset'
            ],
            regex: /^(?=.{0,300}?(?:unable to access|fatal: |error: |ssh: |curl: |wget: |kex_exchange|Connection (?:closed|reset|timed)|Could not connect|abort: |Failed to connect|remote: )).{0,3000}?(?:Failed to connect to \S|[Cc]ould not connect to|Couldn't connect to server|(?:Connection|Operation) timed out|Connection (?:refused|reset|closed by)|Connection was reset|SSL_ERROR_SYSCALL|TLS recv error|SSL_read|RPC failed; |early EOF|unexpected disconnect while reading|remote end hung up unexpectedly|Empty reply from server|Network is unreachable|No route to host|Operation too slow|non-properly terminated|Failure when receiving data|remote: Internal Server Error)/,
            unless: new RegExp(`ould not resolve|[Pp]ermission denied|certificate|${ASSERTED.source}`)
        },
        {
            name: 'download',
            anchor: ['curl: (', 'on port 9418'],
            regex: /^\s*curl: \((?:5|7|16|18|28|52|55|56|92)\) |git protocol on port 9418 is no longer supported/
        }
    ],
    endedBy: 'itself',
    onlyOutsideTests: true,
    says: (line) => sourceSays(line, 'did not answer as it should'),
    fix: () => [
        commands(prose `see where Go looks, and whether a wrong setting is left over:`, [
            'go env GOPROXY GONOPROXY GOPRIVATE GOFLAGS; env | grep -i _proxy',
            'go env -u GOPROXY'
        ]),
        commands(prose `try the download alone; what is in the module cache is not fetched again:`, ['go mod download -x']),
        advice(prose `keep the module cache between runs, or vendor (${code('go mod vendor')}): then a build needs no network.`)
    ],
    catches: [
        {
            log: 'go: example.com/a@v0.9.1: Get "<goproxy>/example.com/a/@v/v0.9.1.mod": dial tcp 10.0.0.1:443: connect: connection refused\n',
            exitCode: 1
        },
        {
            log: 'go: example.com/a@v0.3.0: Get https://proxy/a/@v/v0.3.0.mod: net/http: TLS handshake timeout\n',
            exitCode: 1
        },
        { log: 'main.go:4:2: example.com/a@v1.0.0: reading https://proxy/a/@v/v1.0.0.zip: 502 Bad Gateway\n', exitCode: 1 },
        {
            log: "go: example.com/a@v1.0.0: git ls-remote -q origin in /go/pkg/mod/cache/vcs/1: exit status 128:\n\tfatal: unable to access 'https://example.com/a/': Failed to connect to example.com port 443 after 130 ms: Couldn't connect to server\n",
            exitCode: 1
        },
        {
            log: 'go: example.com/a@v1.0.0: unrecognized import path "example.com/a": https fetch: Get "https://example.com/a?go-get=1": context deadline exceeded\n',
            exitCode: 1
        }
    ],
    ignores: [
        {
            log: '--- FAIL: TestDial (1.00s)\n    dial_test.go:9: dial tcp 127.0.0.1:1: connect: connection refused\nFAIL\n',
            exitCode: 1
        },
        { log: 'dial tcp 127.0.0.1:5432: connect: connection refused\nexit status 1\n', exitCode: 1 },
        {
            log: 'go: example.com/a@v1.0.0: Get "<goproxy>/a.mod": dial tcp: lookup proxy.test on 10.0.0.1:53: no such host\n',
            exitCode: 1
        },
        { log: 'go: example.com/a@v1.0.0: reading https://proxy/a/@v/v1.0.0.mod: 404 Not Found\n', exitCode: 1 }
    ],
    links: [GOPROXY_LINK, 'https://github.com/golang/go/blob/master/src/cmd/go/internal/web/api.go']
});

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/network-dns.js





/** A name that no resolver knows. */
const networkDns = decidedByWording({
    id: 'network.dns',
    title: 'A host name was not resolved',
    meaning: 'The name of a module source could not be turned into an address. Either the name is wrong or known only inside another network (`GOPROXY`, a private host), or the resolver of this machine or container does not answer: containers and virtual machines often inherit a resolver that they cannot reach.',
    patterns: [
        {
            // dial tcp: lookup proxy.test on 192.168.1.1:53: no such host · lookup x: Temporary failure in name resolution   (net.DNSError)
            name: 'go',
            anchor: ': lookup ',
            regex: sourceFails(/: lookup (?<host>[A-Za-z0-9][\w.-]{0,252})(?: on \S{1,100})?: (?:no such host|server misbehaving|[Tt]emporary failure|Try again|i\/o timeout|read udp|write udp|dial udp|connection refused|cannot unmarshal|no answer|No address|Name does not resolve|getaddrinfo|device or resource busy|invalid DNS|lame referral|operation was canceled|context|No such host|This is usually)/),
            unless: NOT_A_SOURCE
        },
        {
            // fatal: unable to access 'https://host/a/': Could not resolve host: host   (git, curl, ssh, apt, wget)
            name: 'git',
            anchor: [
                'ould not resolve',
                "ouldn't resolve",
                'Temporary failure in name resolution',
                'Temporary failure resolving',
                'unable to resolve host address',
                'Name or service not known',
                'nodename nor servname',
                'bad address'
            ],
            regex: /(?:[Cc]ould not|[Cc]ouldn't) resolve (?:host(?:name)?|proxy)(?: name)?:? '?(?<host>[A-Za-z0-9][\w.-]{0,252})?|^(?:fatal|ssh|wget|curl|E|Err|W|error)\b.{0,500}(?:Temporary failure|Name or service not known|nodename nor servname)|Temporary failure resolving '|unable to resolve host address|^wget: bad address/,
            unless: ASSERTED
        }
    ],
    endedBy: 'itself',
    onlyOutsideTests: true,
    says: dnsSays,
    fix: () => [
        commands(prose `see where Go looks, and which resolver this machine asks:`, [
            'go env GOPROXY GONOPROXY GOPRIVATE; cat /etc/resolv.conf',
            'go env -u GOPROXY'
        ]),
        advice(prose `in a container give the network a resolver that it can reach (${code('docker run --dns')}, ${code('docker build --network host')}), or keep the module cache between runs.`)
    ],
    catches: [
        {
            log: 'go: example.com/a@v2.0.0: Get "https://proxy.test/a/@v/v2.0.0.zip": dial tcp: lookup proxy.test on 192.168.1.1:53: no such host\n',
            exitCode: 1
        },
        {
            log: "go: example.com/a@v1: git fetch -f origin in /go/pkg/mod/cache/vcs/1: exit status 128:\n\tfatal: unable to access 'https://example.com/a/': Could not resolve host: example.com\n",
            exitCode: 1
        },
        {
            log: 'go: example.com/a@v1.0.0: Get "<goproxy>/a.mod": dial tcp: lookup proxy.test: Temporary failure in name resolution\n',
            exitCode: 1
        },
        {
            log: 'ssh: Could not resolve hostname git.test: Name or service not known\nfatal: Could not read from remote repository.\n',
            exitCode: 128
        }
    ],
    ignores: [
        {
            log: '--- FAIL: TestResolve (0.01s)\n    r_test.go:8: dial tcp: lookup nosuch.test: no such host\nFAIL\n',
            exitCode: 1
        },
        { log: 'go: example.com/a@v1.0.0: Get "<goproxy>/a.mod": dial tcp 10.0.0.1:443: i/o timeout\n', exitCode: 1 }
    ],
    links: ['https://go.dev/ref/mod#environment-variables', 'https://pkg.go.dev/net#DNSError']
});
function dnsSays(line) {
    const host = group(line, 'host') ?? hostIn(line.text);
    return host === null
        ? prose `A host name could not be resolved.`
        : prose `The host name ${code(host)} could not be resolved.`;
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/network-trust.js




/** A certificate that is not trusted, or a handshake that fails. */
const networkTls = decidedByWording({
    id: 'network.tls',
    title: 'Certificate or TLS failure',
    meaning: 'The connection to a module source was made, and its certificate was not accepted or the two sides did not agree on TLS. Images without a bundle of certificate authorities (`scratch`, slim images), a company proxy that signs with an authority of its own, and a clock that is wrong are the usual reasons.',
    patterns: [
        {
            name: 'x509',
            anchor: ['x509: ', 'tls: '],
            regex: sourceFails(/x509: (?<reason>.{1,300})|(?:remote error: )?tls: (?!.{0,40}timeout)(?<tls>(?:handshake|bad|first record|protocol|unknown|internal|oversized|failed|no supported|server selected|alert|unsupported|received|expired|access).{0,200})/),
            unless: NOT_A_SOURCE
        },
        {
            // fatal: unable to access …: SSL certificate problem: unable to get local issuer certificate · server certificate verification failed. CAfile: …
            name: 'git',
            anchor: [
                'SSL certificate problem',
                'certificate verification failed',
                'certificate verify failed',
                'SSL: no alternative certificate',
                'gnutls_handshake() failed',
                'error setting certificate',
                'schannel: ',
                'SSL routines',
                'curl: (60)',
                'curl: (35)',
                'curl: (77)'
            ],
            regex: /SSL certificate problem: |certificate verif(?:y|ication) failed|SSL: no alternative certificate|gnutls_handshake\(\) failed: (?!The TLS connection was non-properly)|error setting certificate (?:verify locations|file)|schannel: (?:next InitializeSecurityContext failed|.{0,100}revocation)|:SSL routines:|^\s*curl: \((?:35|51|58|60|77)\) /,
            unless: new RegExp(`SSL_ERROR_SYSCALL|${ASSERTED.source}`)
        }
    ],
    endedBy: 'itself',
    onlyOutsideTests: true,
    says: (line) => sourceSays(line, 'has a certificate that was not accepted, or does not agree on TLS'),
    fix: () => [
        commands(prose `install the certificate authorities (Debian and Ubuntu, Alpine):`, [
            'apt-get install -y ca-certificates   # or: apk add ca-certificates'
        ]),
        commands(prose `for the authority of a company proxy, add it and let Go and git find it:`, [
            'cp company-ca.crt /usr/local/share/ca-certificates/ && update-ca-certificates',
            'export SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt'
        ]),
        advice(prose `check the clock of the machine: ${code('date -u')}.`)
    ],
    catches: [
        {
            log: 'go: example.com/a@v1.5.1: Get "<goproxy>/a/@v/v1.5.1.mod": x509: certificate signed by unknown authority\n',
            exitCode: 1
        },
        {
            log: 'go: example.com/a@v1.5.1: Get "https://proxy/a/@v/v1.5.1.mod": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2020-01-01T00:00:00Z is before 2026-01-01T00:00:00Z\n',
            exitCode: 1
        },
        {
            log: "fatal: unable to access 'https://example.com/a/': SSL certificate problem: unable to get local issuer certificate\n",
            exitCode: 128
        },
        { log: 'go: example.com/a@v1: Get "https://proxy/a/@v/list": remote error: tls: handshake failure\n', exitCode: 1 }
    ],
    ignores: [
        {
            log: '--- FAIL: TestTLS (0.01s)\n    t_test.go:8: Get "https://127.0.0.1:1": x509: certificate signed by unknown authority\nFAIL\n',
            exitCode: 1
        },
        { log: 'go: example.com/a@v1: Get "<goproxy>/a.mod": net/http: TLS handshake timeout\n', exitCode: 1 }
    ],
    links: [
        'https://pkg.go.dev/crypto/x509#SystemCertPool',
        'https://git-scm.com/docs/git-config#Documentation/git-config.txt-httpsslCAInfo'
    ]
});
/** The checksum database did not answer for a module. */
const networkSumdb = decidedByWording({
    id: 'network.sumdb',
    title: 'The checksum database could not be asked',
    meaning: 'Before Go trusts a module that go.sum does not know, it asks the public checksum database. That look-up failed: either the database cannot be reached from here although the module proxy can, or it does not know the module, because it is private and the database cannot fetch it.',
    patterns: [
        {
            // verifying module: example.com/a@v1.0.0: reading <sumdb>/lookup/example.com/a@v1.0.0: 404 Not Found   (modfetch/sumdb.go)
            name: 'lookup',
            anchor: ['/lookup/', '/tile/', '/sumdb/', 'initializing sumdb', 'GOSUMDB', 'checksum missing from sumdb'],
            regex: new RegExp(`^(?=.{0,2000}?(?:verifying |sumdb|checking tree|Get "?https?:|reading https?:|GOSUMDB)).{0,4000}?(?:${SUMDB_ADDRESS.source}|initializing sumdb\\.Client|checksum missing from sumdb response|(?:missing|invalid) GOSUMDB)`),
            unless: new RegExp(`: checksum mismatch|${ASSERTED.source}`)
        }
    ],
    endedBy: 'itself',
    onlyOutsideTests: true,
    says: sumdbSays,
    fix: sumdbFix,
    catches: [
        {
            log: 'go: example.com/a@v1.0.0: verifying module: example.com/a@v1.0.0: reading https://sumdb.test/lookup/example.com/a@v1.0.0: 404 Not Found\n\tserver response: not found\n',
            exitCode: 1
        },
        {
            log: 'go: example.com/a@v0.2.0/go.mod: verifying module: example.com/a@v0.2.0/go.mod: Get "https://sumdb.test/lookup/example.com/a@v0.2.0": dial tcp 10.0.0.1:443: i/o timeout\n',
            exitCode: 1
        },
        {
            log: 'verifying example.com/a@v1.0.0: example.com/a@v1.0.0: initializing sumdb.Client: checking tree#1234: Get https://sumdb.test/tile/8/1/1: dial tcp: lookup sumdb.test: no such host\n',
            exitCode: 1
        }
    ],
    ignores: [
        { log: 'go: example.com/a@v1.0.0: verifying module: checksum mismatch\n', exitCode: 1 },
        {
            log: 'go: example.com/a@v1.0.0: Get "<goproxy>/example.com/a/@v/v1.0.0.zip": dial tcp 10.0.0.1:443: i/o timeout\n',
            exitCode: 1
        }
    ],
    links: ['https://go.dev/ref/mod#checksum-database', 'https://go.dev/ref/mod#private-modules']
});
const LOOKED_UP = /\/lookup\/(?<module>[^\s@"]{1,300})@|verifying (?:module: )?(?<verified>[^\s@:]{1,300})@/;
function moduleLookedUp({ text }) {
    const groups = LOOKED_UP.exec(text)?.groups;
    return groups?.['module'] ?? groups?.['verified'] ?? null;
}
function sumdbSays(line) {
    const name = moduleLookedUp(line);
    return name === null
        ? prose `The checksum database could not be asked.`
        : prose `The checksum database gave no answer about ${code(name)}.`;
}
function sumdbFix(line) {
    const name = moduleLookedUp(line);
    const isUnknown = /: (?:404|410)\b/.test(line.text);
    const prefix = name !== null && /^[\w.~/-]{1,300}$/.test(name) ? name.split('/').slice(0, 2).join('/') : null;
    const isPrivate = prefix === null
        ? advice(prose `if the module is private, name its prefix in ${code('GOPRIVATE')}.`)
        : commands(prose `if the module is private, do not ask the public database about it:`, [
            `go env -w GOPRIVATE=${prefix}`
        ]);
    const unreachable = commands(prose `if the database cannot be reached from here, commit a complete ${code('go.sum')}: known modules are not looked up.`, ['go mod tidy', 'git add go.sum']);
    return isUnknown ? [isPrivate, unreachable] : [unreachable, isPrivate];
}

;// CONCATENATED MODULE: ./lib/model/evidence.js
/** How much a counter rose; `null` where one of its ends could not be read. */
function rise(change) {
    if (change.before.kind !== 'value' || change.after.kind !== 'value')
        return null;
    return Math.max(0, change.after.value - change.before.value);
}
const NO_LOG = { hits: new Map(), tail: [], lineCount: 0 };

;// CONCATENATED MODULE: ./lib/diagnose/figures.js




/** Highest sample of the build tree; `null` where nothing was sampled, or before anything was held. */
function peakBytesOf({ timeline }) {
    return timeline?.peak?.treeBytes || null;
}
/** "1.2 of 6.6 GiB"; a run can be too short for a sample. */
function peakInWords(evidence, limitBytes) {
    const peak = peakBytesOf(evidence);
    return peak === null ? 'not sampled' : formatShare(peak, limitBytes);
}
/** The least memory that was available on the machine in any sample. */
function lowestAvailableBytes({ timeline }) {
    if (timeline === null)
        return null;
    const seen = [...timeline.samples, timeline.peak, timeline.last].flatMap((sample) => sample?.availableBytes ?? []);
    return seen.reduce((least, bytes) => (least === null || bytes < least ? bytes : least), null);
}
/** Memory of the machine; `null` where it could not be read. */
function machineBytes({ survey }) {
    return survey === null ? null : (0,model_reading/* known */.eO)(survey.host.totalBytes);
}
/** "`oom_kill` 0 to 1", "`oom_kill` unchanged", or "`oom_kill` not readable: EACCES". */
function counterInWords(name, change) {
    const { before, after } = change;
    if (before.kind === 'value' && after.kind === 'value') {
        return rise(change) === 0
            ? prose `${code(name)} unchanged`
            : prose `${code(name)} ${figure(before.value)} to ${figure(after.value)}`;
    }
    return prose `${code(name)} ${figure(whyNot(change))}`;
}
function whyNot({ before, after }) {
    const problem = before.kind === 'unreadable' ? before : after;
    if (problem.kind === 'unreadable')
        return `not readable (${problem.reason.replaceAll('`', "'")})`;
    return 'not there on this system';
}

;// CONCATENATED MODULE: ./lib/model/duration.js
const duration_UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** Milliseconds of a duration such as `90s`, `30m`, `1h30m`, `1.5h`; `null` if it is none or not above zero. */
function parseDuration(text) {
    const trimmed = text.trim();
    if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(trimmed))
        return null;
    let totalMs = 0;
    for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
        totalMs += Number(amount) * (duration_UNITS[unit ?? ''] ?? 0);
    }
    return totalMs > 0 && Number.isFinite(totalMs) ? Math.round(totalMs) : null;
}
/** A duration as inputs take it: `500ms`, `90s` as `1m30s`, `30m`, `1h30m`. */
function durationInput(ms) {
    if (ms < 1000)
        return `${Math.max(1, Math.round(ms))}ms`;
    const seconds = wholeSeconds(ms);
    const parts = { h: Math.floor(seconds / 3600), m: Math.floor(seconds / 60) % 60, s: seconds % 60 };
    return Object.entries(parts).reduce((text, [unit, count]) => (count === 0 ? text : `${text}${count}${unit}`), '');
}
/** One rounding for every form, so that a moment is the same in a sentence, in a chart and in the log. */
function wholeSeconds(ms) {
    return Math.max(0, Math.round(ms / 1000));
}
/** A duration in running text: "640 ms", "12 s", "1 min 34 s", "2 h 5 min". */
function formatDuration(ms) {
    if (Math.round(ms) < 1000)
        return `${Math.round(ms)} ms`;
    const seconds = wholeSeconds(ms);
    if (seconds < 60)
        return `${seconds} s`;
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60)
        return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
    const hours = Math.floor(minutes / 60);
    return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
/** A moment or duration in logs and code: "0:07", "1:34", "1:02:03". */
function formatClock(ms) {
    const seconds = wholeSeconds(ms);
    const two = (n) => String(n).padStart(2, '0');
    const minutes = Math.floor(seconds / 60);
    return minutes < 60
        ? `${minutes}:${two(seconds % 60)}`
        : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

;// CONCATENATED MODULE: ./lib/diagnose/kernel-records.js

/**
 * The record of the kernel log that is about this build: a victim in its cage, or, where there is no cage, one of its
 * sampled processes. The build's own limit is preferred, then the last record. `null`: none, or no log.
 */
function decisiveRecord(evidence) {
    if (evidence.kernelLog.kind !== 'value')
        return null;
    const ours = evidence.kernelLog.value.filter((record) => isOurs(record, evidence));
    const cagePath = evidence.cage?.cgroupPath ?? null;
    const ownLimit = ours.filter((record) => cagePath !== null && record.limitCgroup === cagePath);
    return ownLimit.at(-1) ?? ours.at(-1) ?? null;
}
function isOurs(record, { cage, timeline }) {
    const path = cage?.cgroupPath ?? null;
    if (path === null)
        return sampledProcess(timeline, record.pid) !== null;
    if (record.victimCgroup !== null)
        return isInside(record.victimCgroup, path);
    return record.limitCgroup !== null
        ? isInside(record.limitCgroup, path)
        : sampledProcess(timeline, record.pid) !== null;
}
function isInside(cgroup, path) {
    return cgroup === path || cgroup.startsWith(`${path}/`);
}
/** Whose limit fired, in words; paths of cgroups are long, and a table has no room for them. */
function whoseLimit({ constraint, limitCgroup }, cagePath) {
    if (constraint === 'none')
        return prose `${code('global_oom')}`;
    if (limitCgroup === null)
        return prose `${code(constraint)}`;
    if (limitCgroup === cagePath)
        return "this cgroup's limit";
    const whose = cagePath === null ? 'limit of' : isInside(limitCgroup, cagePath) ? 'limit inside,' : 'limit above,';
    return prose `${figure(whose)} ${code(endOfPath(limitCgroup, 1))}`;
}
/** The last sample that saw this process. */
function sampledProcess(timeline, pid) {
    if (timeline === null)
        return null;
    const samples = [timeline.last, timeline.peak, ...timeline.samples.toReversed()];
    for (const sample of samples) {
        const found = sample?.processes.find((process) => process.pid === pid);
        if (found !== undefined)
            return found;
    }
    return null;
}

;// CONCATENATED MODULE: ./lib/diagnose/killed-words.js



/**
 * How a process ended by SIGKILL shows in a build's output. Nothing here says who sent the signal.
 *
 * cmd/go prints the wait status only of a tool that wrote nothing itself (shell.go, reportCmd), so that a missing line
 * proves nothing.
 */
const killedWords = {
    id: 'oom.killed',
    patterns: [
        {
            // example.com/app: /usr/local/go/pkg/tool/linux_amd64/compile: signal: killed   (go 1.20 on)
            // go build example.com/app: /usr/local/go/pkg/tool/linux_amd64/6g: signal: killed   (before)
            name: 'tool',
            anchor: 'signal: killed',
            // The look-ahead comes first, so that looking back for the package is done once a line.
            regex: /(?=[a-z0-9]{1,10}(?:\.exe)?: signal: killed)(?<=(?:(?:^|\s)(?<package>[^\s:()]{1,300}): )?[^\s:()]{0,300}[/\\])(?<tool>compile|link|asm|cgo|vet|cover|pack|buildid|[5-9][acgl])(?:\.exe)?: signal: killed/,
            unless: ASSERTED
        },
        {
            // go tool compile: signal: killed · go build command-line-arguments: signal: killed · runtime/cgo: gcc: signal: killed
            name: 'named',
            anchor: 'signal: killed',
            regex: /(?:^|\s|\/)(?:go tool (?<tool>[a-z0-9]{1,20})|go (?:build|install|vet|run|test|generate|list) (?<package>[^\s:]{1,300})|(?:compile|link|asm|cgo|vet)|(?:[a-z0-9_]{1,20}-){0,4}(?:gcc|g\+\+|cc|clang|ld))(?:-\d{1,2})?: signal: killed|^go(?: get)?: .{1,2000}: signal: killed$/
        },
        {
            // error running subcommand /…/tool: signal: killed · running "go build" failed: signal: killed
            name: 'reported',
            anchor: 'signal: killed',
            regex: /^(?=.{0,2000}?\b(?:error|failed|failure|running|exec|command|erro|fata|fatal)\b).{0,16000}: signal: killed(?=$|[\s"')\]])/i,
            unless: /_test\.go:\d+|\b(?:want|expected|got)\b/i
        },
        {
            // signal: killed
            // FAIL    example.com/app   2.871s
            name: 'test-binary',
            anchor: 'signal: killed',
            regex: /^\s*signal: killed$/,
            next: /^\s*FAIL\s+\S/
        },
        {
            // ./make.bash: line 215:   971 Killed                  ./cmd/dist/dist bootstrap
            name: 'job',
            anchor: ' Killed',
            regex: /(?:^|\s)\d{1,9} Killed {2,}\S/,
            // `timeout -s KILL 4 go test`: the job line names who sent it.
            unless: / Killed {2,}(?:\S{0,200}\/)?timeout /
        },
        {
            // zsh: killed     go build ./... · ./build.sh: line 29:  4380 Killed: 9   go test ./... · 第 1 行： 88 已杀死   go build
            name: 'translated-job',
            anchor: ['illed', '已杀死', '已杀掉', 'Getötet', 'Tué', 'Убито', 'Terminado (matado)', 'Matado', '強制終了'],
            regex: /(?:^zsh: killed|\d {1,20}[kK]illed(?:: 9)?|(?:^|\s)(?:已杀死|已杀掉|Getötet|Tué|Убито|Terminado \(matado\)|Matado|強制終了)) {2,}(?:\S{0,200}\/)?(?:go|compile|link|cgo|vet|asm|golangci-lint|gotestsum|goreleaser)(?:\s|$)/
        },
        {
            // GoCompilePkg pkg/x.a failed (Killed): …   (bazel) · died with <Signals.SIGKILL: 9>   (Python) · npm error signal SIGKILL
            name: 'wrapper',
            anchor: [
                '(Killed)',
                'Signals.SIGKILL',
                'signal SIGKILL',
                'killed with SIGKILL',
                'signal: 9, SIGKILL',
                'Killed by signal 9'
            ],
            regex: /\bfailed:? \(Killed\)|died with <Signals\.SIGKILL|^npm (?:ERR!|error) signal SIGKILL|was killed with SIGKILL|\(signal: 9, SIGKILL|(?:process|command|child)\b.{0,100}[Kk]illed by signal 9\b/i,
            unless: /_test\.go:\d+/
        },
        {
            // make[1]: *** [generated/linux/obj.o] Killed · make: *** [Makefile:68: app] Killed
            name: 'make',
            anchor: ['] Killed', '] 已杀死', '] Getötet', '] Processus arrêté', '] Убито'],
            regex: /make(?:\[\d{1,3}\])?: \*\*\* \[[^\]]{1,500}\] (?:Killed|已杀死|Getötet|Processus arrêté|Убито)\s*$/
        },
        { name: 'shell', anchor: 'Killed', regex: /^\s*Killed\s*$|^\[\d{1,4}\][+-]?\s{1,10}Killed {2,}\S/ },
        {
            // signal: killed   (the last word of `go run`) · protoc: signal: killed
            name: 'alone',
            anchor: 'signal: killed',
            regex: /^\s*(?:\S{1,300}: )?signal: killed$/,
            unless: /_test\.go:\d+/
        }
    ]
};
/** Patterns that name a process of the build, whatever tests print. */
const SURE = ['tool', 'test-binary', 'make', 'job', 'translated-job'];
/** Patterns that a test's own output can show as well. */
const WORDS = ['named', 'reported', 'wrapper', 'shell', 'alone'];
/** The line that shows a killed process best; lines of a test's own output do not count. */
function killedLine(log) {
    const lineOf = (names) => linesOf(log, killedWords, names).find((one) => one.isOfTest !== true || !isLoggedByTest(log, one)) ?? null;
    const sure = lineOf(SURE);
    if (sure !== null)
        return sure;
    const line = lineOf(['named']) ?? lineOf(WORDS);
    return line !== null && showsTests(log) && (/^\s/.test(line.text) || !wasHit(log, killedWords.id, ['named']))
        ? null
        : line;
}
/** Whether the words say that it was a process of the build, rather than that something was killed. */
function namesBuildProcess(log) {
    return wasHit(log, killedWords.id, [...SURE.filter((name) => name !== 'job'), 'named', 'reported']);
}

;// CONCATENATED MODULE: ./lib/diagnose/kill-trace.js



/** `128 + n` of signals whose numbers are the same on Linux and macOS (POSIX). */
const SIGNALS = {
    129: 'SIGHUP',
    130: 'SIGINT',
    131: 'SIGQUIT',
    132: 'SIGILL',
    133: 'SIGTRAP',
    134: 'SIGABRT',
    136: 'SIGFPE',
    137: 'SIGKILL',
    139: 'SIGSEGV',
    141: 'SIGPIPE',
    142: 'SIGALRM',
    143: 'SIGTERM'
};
/** SIGBUS is 7 on Linux and 10 on macOS. */
const BUS_STATUS = { linux: 135, darwin: 138 };
/** The signal that ended the command or one of its processes, the surest trace first; `null`: none was seen. */
function killTrace({ exit, log, platform }) {
    if (exit !== null && exit.signal !== null)
        return { signal: exit.signal, how: 'signal' };
    const byStatus = exit === null ? undefined : signalOfStatus(exit.code, platform);
    if (byStatus !== undefined)
        return { signal: byStatus, how: 'status' };
    const byWords = signalInWords(log);
    return byWords === null ? null : { signal: byWords, how: 'words' };
}
/** Tests stop processes of their own all the time, so that words of theirs are no trace. */
function signalInWords(log) {
    if (killedLine(log) !== null || wasHit(log, 'oom.cc', ['killed']))
        return 'SIGKILL';
    if (showsTests(log))
        return null;
    if (wasAnyHit(log, 'signal.term'))
        return 'SIGTERM';
    return wasAnyHit(log, 'signal.int') ? 'SIGINT' : null;
}
function signalOfStatus(code, platform) {
    if (platform === 'win32')
        return undefined;
    return code === BUS_STATUS[platform] ? 'SIGBUS' : SIGNALS[code];
}
const FATAL = new Set([
    'SIGILL',
    'SIGTRAP',
    'SIGABRT',
    'SIGBUS',
    'SIGFPE',
    'SIGSEGV',
    'SIGSYS',
    'SIGPIPE'
]);
/** Whether a process brings this signal upon itself. */
function isFatalSignal(signal) {
    return FATAL.has(signal);
}

;// CONCATENATED MODULE: ./lib/diagnose/attribute.js




/** Of the high-water mark: below this share of the cap, the cap cannot have fired (charges are batched). */
const NEAR_CAP = 0.95;
/** What the counters mean: cgroup-v2.rst and mm/memcontrol.c of the kernel. */
function attribute(evidence) {
    if (succeeded(evidence))
        return plain('itself', 'false', 'certain');
    if (evidence.stop !== null)
        return byGuard(evidence.stop);
    return byCage(evidence) ?? byMachine(evidence) ?? bySignal(evidence);
}
/** Whether the command ended well. */
function succeeded({ exit }) {
    return exit?.code === 0;
}
/** Whether a counter was read that would have risen, had the kernel killed a process of the build for memory. */
function countersReadable(evidence) {
    return killsInCage(evidence) !== null || rise(evidence.hostKills) !== null;
}
/** How much `oom_kill` of the cage rose; `null` without a cage or where it could not be read. */
function killsInCage({ cage }) {
    return cage === null ? null : rise(cage.kills);
}
function plain(endedBy, outOfMemory, confidence) {
    return { endedBy, outOfMemory, confidence, record: null };
}
function byGuard(stop) {
    if (stop.kind === 'died')
        return plain('unknown', 'unknown', 'certain');
    if (stop.kind === 'cancel')
        return plain('cancel', 'false', 'certain');
    return plain('guard', stop.kind === 'watch' ? 'true' : 'false', 'certain');
}
/** v2: the cage's own `oom` rose, so its limit fired. Else `oom_kill` alone: the kernel log, or who else could it be. */
function byCage(evidence) {
    const { cage } = evidence;
    if (cage === null)
        return null;
    const kills = rise(cage.kills);
    const ownHits = rise(cage.ownLimitHits);
    // The last process of a dying tree is no victim: then `oom` rises and `oom_kill` does not (task_will_free_mem).
    const record = decisiveRecord(evidence);
    if (ownHits !== null && ownHits > 0) {
        return { ...plain('kernel-oom-cap', 'true', kills === 0 ? 'likely' : 'certain'), record };
    }
    if (kills === null || kills === 0)
        return null;
    if (record !== null)
        return byRecord(record, cage);
    return ownHits === null && couldBeItsCap(cage) ? plain('kernel-oom-cap', 'true', 'likely') : byForeignLimit(evidence);
}
function couldBeItsCap({ capBytes, kernelPeakBytes }) {
    const peakBytes = (0,model_reading/* known */.eO)(kernelPeakBytes);
    return capBytes !== null && (peakBytes === null || peakBytes >= NEAR_CAP * capBytes);
}
function byRecord(record, cage) {
    const found = (endedBy, confidence) => ({
        endedBy,
        outOfMemory: 'true',
        confidence,
        record
    });
    if (record.constraint === 'none')
        return found('kernel-oom-host', 'certain');
    if (record.constraint !== 'memcg')
        return found('kernel-oom-host', 'likely');
    if (record.limitCgroup === null)
        return found('kernel-oom-ancestor', 'likely');
    if (cage?.cgroupPath === null || cage === null)
        return found('kernel-oom-ancestor', 'certain');
    if (record.limitCgroup === cage.cgroupPath)
        return found('kernel-oom-cap', 'certain');
    // A limit that the build set for a part of itself is nobody's of the list.
    return found(record.limitCgroup.startsWith(`${cage.cgroupPath}/`) ? 'unknown' : 'kernel-oom-ancestor', 'certain');
}
/** A kill without its own limit firing: a limit above the build where one can be, else the machine. */
function byForeignLimit(evidence) {
    return plain(limitsAbove(evidence) ? 'kernel-oom-ancestor' : 'kernel-oom-host', 'true', 'likely');
}
/** Whether survey saw a limit of a cgroup, or a container, whose own limits can be out of sight. */
function limitsAbove({ survey }) {
    if (survey === null)
        return false;
    const { levels, path } = survey.cgroup;
    if (levels.some((level) => level.limitBytes.kind === 'value'))
        return true;
    // `/` with limit files is the root of a namespace: the real root has none.
    return path.kind === 'value' && path.value === '/' && levels[0]?.limitBytes.kind === 'unlimited';
}
/** The machine's `oom_kill` counts kills by any limit, of anybody's processes. */
function byMachine(evidence) {
    const hostRise = rise(evidence.hostKills);
    if (hostRise === null || hostRise === 0)
        return null;
    if (killsInCage(evidence) === 0) {
        // Ours would have been counted in the cage; but a log may tell of a process outside it, such as a container's.
        const isOfLogOnly = evidence.exit?.signal !== 'SIGKILL' && killTrace(evidence)?.signal === 'SIGKILL';
        return isOfLogOnly ? plain('unknown', 'unknown', 'possible') : null;
    }
    const record = decisiveRecord(evidence);
    if (record !== null)
        return byRecord(record, evidence.cage);
    const wasKilled = killTrace(evidence)?.signal === 'SIGKILL';
    return wasKilled ? byForeignLimit(evidence) : plain('unknown', 'unknown', 'possible');
}
function bySignal(evidence) {
    const trace = killTrace(evidence);
    const memory = memoryByCounters(evidence, trace);
    if (trace === null)
        return plain('itself', memory, 'certain');
    if (isFatalSignal(trace.signal))
        return plain('itself', memory, 'certain');
    if (trace.signal === 'SIGKILL' && !countersReadable(evidence))
        return plain('unknown', 'unknown', 'possible');
    return plain('other', memory, memory === 'false' ? 'certain' : 'likely');
}
/** The kernel's counters do not see what systemd-oomd and earlyoom kill. */
function memoryByCounters(evidence, trace) {
    if (!countersReadable(evidence))
        return 'unknown';
    return trace !== null && !isFatalSignal(trace.signal) && userspaceKillerRuns(evidence) ? 'unknown' : 'false';
}
/** Whether a daemon is known to run that kills for memory with ordinary signals. */
function userspaceKillerRuns({ survey }) {
    return [survey?.killers.systemdOomd, survey?.killers.earlyoom].some((one) => one?.kind === 'value' && one.value);
}

;// CONCATENATED MODULE: ./lib/diagnose/hypotheses.js








/** The causes that are examined in every failure, each with what was measured for or against it. */
const HYPOTHESES = {
    ownCap,
    machine,
    limitAbove,
    userspaceKiller,
    stopped,
    outsideSignal,
    disk: (of) => diskRow(of.evidence.disksAfter),
    kernelLog,
    storedLog
};
/** The full table of a kill: a row for each hypothesis that can be asked here. */
function examineAll(of) {
    return Object.values(HYPOTHESES).flatMap((row) => row(of) ?? []);
}
function ownCap(of) {
    const { evidence, attribution } = of;
    const { cage, plan } = evidence;
    const row = rowFor('Build hit its own cap');
    if (cage === null)
        return null;
    if (cage.way === 'watch')
        return watched(of, cage.capBytes);
    if (cage.capBytes === null || cage.way === 'none')
        return row(noCapInForce(plan?.cap?.bytes ?? null), 'ruled out');
    const counters = [...v2Counter(of), counterInWords('oom_kill', cage.kills)].join(', ');
    if (attribution.endedBy === 'kernel-oom-cap') {
        const reached = prose `reached its cap of ${figure(formatBytes(cage.capBytes))}`;
        return row(join([reached, counters, recordInWords(of)]), causeOf(of));
    }
    if (rise(cage.kills) === null && (rise(cage.ownLimitHits) ?? null) === null)
        return row(counters, 'not checked');
    return row(`${peakInWords(evidence, cage.capBytes)}; ${counters}`, 'ruled out');
}
function v2Counter({ evidence }) {
    const { cage } = evidence;
    return cage !== null && rise(cage.ownLimitHits) !== null ? [counterInWords('oom', cage.ownLimitHits)] : [];
}
function noCapInForce(requestedBytes) {
    if (requestedBytes === null)
        return prose `no cap in force`;
    return prose `no cap in force: ${figure(formatBytes(requestedBytes))} requested, not enforced`;
}
/** No kernel cap: the guard looks, and acts near a limit. */
function watched({ evidence }, capBytes) {
    const { stop } = evidence;
    const row = rowFor('Build came near a limit');
    if (stop?.kind === 'watch') {
        const held = prose `held ${figure(formatBytes(stop.treeBytes))} near the limit of ${figure(formatBytes(stop.limitBytes))}`;
        return row(prose `${figure(held)} (${code(stop.level)}); the guard ended it`, 'cause');
    }
    const share = capBytes === null ? null : peakInWords(evidence, capBytes);
    return row(join([share, prose `the guard did not act`]), 'ruled out');
}
function machine(of) {
    const { evidence, attribution } = of;
    if (!of.isLive)
        return null;
    const row = rowFor('Machine out of memory');
    const lowest = lowestAvailableBytes(evidence);
    const total = machineBytes(evidence);
    const available = lowest === null
        ? null
        : `${total === null ? formatBytes(lowest) : formatShare(lowest, total)} available at the lowest`;
    const counted = join([available, counterInWords('oom_kill', evidence.hostKills)]);
    if (attribution.endedBy === 'kernel-oom-host')
        return row(join([counted, noLimitFired(of), recordInWords(of)]), causeOf(of));
    const outside = killsOutsideTheCage(of);
    if (outside === null || (outside > 0 && attribution.outOfMemory === 'unknown'))
        return row(counted, 'not checked');
    if (outside > 0)
        return row(join([available, prose `${figure(outside)} kills counted outside the build`]), 'contributed');
    const isUnchanged = rise(evidence.hostKills) === 0;
    return row(isUnchanged ? counted : join([available, prose `no kill outside the build`]), 'ruled out');
}
/** The machine's counter includes every kill by any limit: only the difference can be anybody else's. */
function killsOutsideTheCage({ evidence, attribution }) {
    const hostRise = rise(evidence.hostKills);
    const inCage = killsInCage(evidence);
    if (hostRise === null)
        return null;
    // Without a counter of its own, the build's kills are somewhere in the machine's.
    if (inCage === null && attribution.outOfMemory === 'true')
        return 0;
    return Math.max(0, hostRise - (inCage ?? 0));
}
function noLimitFired({ evidence: { cage } }) {
    return cage !== null && rise(cage.ownLimitHits) === 0 ? prose `the cap did not fire` : null;
}
function recordInWords({ attribution: { record }, evidence }) {
    if (record === null)
        return null;
    return `kernel log: ${whoseLimit(record, evidence.cage?.cgroupPath ?? null)}, ${prose `${code(`task=${record.task}`)}`}`;
}
function limitAbove(of) {
    const { evidence, attribution } = of;
    const row = rowFor('Limit above the build');
    if (attribution.endedBy === 'kernel-oom-ancestor') {
        const counters = evidence.cage === null
            ? counterInWords('oom_kill', evidence.hostKills)
            : counterInWords('oom_kill', evidence.cage.kills);
        return row(join([counters, noLimitFired(of), recordInWords(of), bindingInWords(of)]), causeOf(of));
    }
    if (attribution.endedBy === 'unknown' && attribution.outOfMemory === 'true') {
        return rowFor('Limit inside the build')(join([recordInWords(of)]), causeOf(of));
    }
    if (!limitsAbove(evidence) || !countersReadable(evidence))
        return null;
    return row(prose `no kill was counted that its limit would explain`, 'ruled out');
}
function bindingInWords({ evidence: { survey } }) {
    if (survey === null || survey.binding === null || survey.binding.source === 'host')
        return null;
    return prose `limit ${figure(formatBytes(survey.binding.bytes))} in ${code(endOfPath(survey.binding.file, 2))}`;
}
function userspaceKiller(of) {
    const { evidence, trace } = of;
    const killers = evidence.survey?.killers;
    if (killers === undefined || (trace?.signal !== 'SIGKILL' && trace?.signal !== 'SIGTERM'))
        return null;
    const row = rowFor('systemd-oomd or earlyoom');
    if (userspaceKillerRuns(evidence))
        return row(prose `running; its kills are in no kernel counter`, 'not checked');
    const isKnown = [killers.systemdOomd, killers.earlyoom].some((one) => one.kind === 'value');
    return isKnown ? row(prose `not running`, 'ruled out') : null;
}
function stopped(of) {
    const { stop } = of.evidence;
    const row = rowFor('Cancelled, or timeout');
    if (stop?.kind === 'timeout')
        return row(prose `the time limit was reached after ${figure(formatDuration(stop.afterMs))}`, 'cause');
    if (stop?.kind === 'cancel') {
        return row(prose `${figure(stop.signal)} came after ${figure(formatDuration(stop.afterMs))}`, 'cause');
    }
    if (!of.isLive || stop?.kind === 'died')
        return null;
    return row(prose `no SIGINT or SIGTERM came first; no time limit was reached`, 'ruled out');
}
function outsideSignal(of) {
    const { attribution, trace, isLive } = of;
    const { stop } = of.evidence;
    // Whoever killed the guard cannot be seen from its notes.
    if (!isLive || stop?.kind === 'died')
        return null;
    const row = rowFor('Signal from outside');
    if (stop !== null)
        return row(prose `none needed: the guard ended the build`, 'ruled out');
    if (attribution.outOfMemory === 'true')
        return row(prose `none needed: ${code('oom_kill')} accounts for the kill`, 'ruled out');
    if (trace === null)
        return row(prose `no process was seen to end by a signal`, 'ruled out');
    if (attribution.endedBy === 'other')
        return row(prose `fits what was measured; the sender is not visible`, 'likely');
    if (attribution.endedBy === 'unknown')
        return row(prose `${figure(trace.signal)} was seen; the sender is not visible`, 'not checked');
    return null;
}
function kernelLog({ evidence, attribution, trace }) {
    if (evidence.kernelLog.kind !== 'unreadable')
        return null;
    if (trace === null && attribution.outOfMemory === 'false')
        return null;
    return rowFor('Kernel log')(prose `not readable here (${code(evidence.kernelLog.reason)})`, 'not checked');
}
/** A log from elsewhere: nothing was measured, and that is why so little is certain. */
function storedLog({ isLive }) {
    return isLive ? null : rowFor('Memory counters')(prose `a stored log holds none`, 'not checked');
}
function causeOf({ attribution }) {
    return attribution.confidence === 'certain' ? 'cause' : 'likely';
}
/** Rows of one hypothesis. */
function rowFor(hypothesis) {
    return (measured, verdict) => ({ hypothesis, measured, verdict });
}
/** The parts that are known, in one cell. */
function join(parts) {
    return parts.filter((part) => part !== null).join('; ');
}

;// CONCATENATED MODULE: ./lib/diagnose/memory-remedies.js






/** Of the limit: what the heaviest processes together may need to be offered as a number of build actions. */
const USABLE = 0.9;
/** A process that holds this share of the build is the need by itself; fewer beside it change little. */
const ALONE = 0.8;
/** A process that died was still growing: what is asked for lies this much above what was reached. */
const GROWTH = 1.5;
/** A larger cap is advised only where it is larger by this much. */
const WORTH_RAISING = 1.25;
/** Kept for the machine, as in the plan: max(192 MiB, 3 %). */
const RESERVE_BYTES = 192 * MIB;
/** Below this a heap limit costs time and saves no memory, as in the plan. */
const LEAST_HEAP_BYTES = 64 * MIB;
/** What can be done about a limit of `limitBytes` that was too small; nothing this attempt has already tried. */
function memoryRemedies(of, limitBytes) {
    const raised = raisedLimit(of, limitBytes);
    // Where the cap leaves most of the machine unused, a larger machine would change nothing.
    const larger = raised === null ? moreMemory(of, limitBytes) : null;
    const settings = [raised, fewerActions(of, limitBytes), heapLimit(of, limitBytes)];
    return [...settings, larger, withoutPackage(of)].filter((remedy) => remedy !== null);
}
/**
 * What the build could have on this machine when the kernel killed it: all but what others held; `null` where that was
 * not sampled.
 */
function roomOnMachineBytes({ evidence }) {
    const total = machineBytes(evidence);
    const last = evidence.timeline?.last ?? null;
    if (total === null || last === null || last.availableBytes === null)
        return null;
    return Math.min(total, last.treeBytes + last.availableBytes);
}
/** A cap well below what the machine has left was chosen by the user: the plan's own takes all there is. */
function raisedLimit(of, limitBytes) {
    const { evidence, attribution } = of;
    const binding = evidence.survey?.binding ?? null;
    if (attribution.endedBy !== 'kernel-oom-cap' || binding === null || limitBytes === null)
        return null;
    const reserve = Math.max(RESERVE_BYTES, 0.03 * binding.bytes);
    const roomBytes = binding.bytes - binding.usedByOthersBytes - reserve;
    if (roomBytes < WORTH_RAISING * limitBytes)
        return null;
    const proposed = Math.min(roundUp(GROWTH * limitBytes), MIB * Math.floor(roomBytes / MIB));
    const text = prose `give the build more of this machine: it has room for ${figure(formatBytes(roomBytes))}. The need is above ${figure(formatBytes(limitBytes))}; the value is an estimate.`;
    return inputs(text + triedInVain(of), [`memory-limit: ${sizeInput(proposed)}   # was ${sizeInput(limitBytes)}`]);
}
function fewerActions({ evidence }, limitBytes) {
    const parallelism = evidence.plan?.parallelism ?? null;
    if (parallelism === null || parallelism <= 1 || isAlone(evidence.timeline?.last ?? null))
        return null;
    const heaviest = evidence.timeline?.peak?.processes ?? evidence.timeline?.last?.processes ?? [];
    const count = limitBytes === null ? null : fitting(heaviest, limitBytes, parallelism);
    const proposed = count ?? Math.max(1, Math.floor(parallelism / 2));
    const lines = [`parallelism: ${proposed}   # was ${parallelism}`];
    if (count === null || limitBytes === null)
        return inputs(prose `run fewer build actions at once.`, lines);
    const needBytes = sum(heaviest.slice(0, count));
    return inputs(prose `run fewer build actions at once: the heaviest ${figure(count === 1 ? 'one' : count)} held ${figure(formatShare(needBytes, limitBytes))} (estimate from the sampled peak).`, lines);
}
/** How many of the heaviest processes fit, fewer than ran; `null` where too little is known. */
function fitting(heaviest, limitBytes, parallelism) {
    if (heaviest.length < 2)
        return null;
    for (let count = Math.min(parallelism - 1, heaviest.length); count >= 1; count--) {
        if (sum(heaviest.slice(0, count)) <= USABLE * limitBytes)
            return count;
    }
    return null;
}
function isAlone(sample) {
    const largest = sample?.processes[0];
    return sample !== null && largest !== undefined && largest.bytes >= ALONE * sample.treeBytes;
}
function sum(processes) {
    return processes.reduce((total, { bytes }) => total + bytes, 0);
}
/** The Go tools collect garbage earlier below a soft limit; it is per process and they may pass it (runtime, `GOMEMLIMIT`). */
function heapLimit({ evidence: { plan, survey } }, limitBytes) {
    if (plan !== null && survey !== null && !knowsMemoryLimit(survey.go))
        return lessGarbage(plan);
    if (plan === null || limitBytes === null || plan.setGoMemoryLimitBytes !== null)
        return null;
    if (USABLE * limitBytes < LEAST_HEAP_BYTES)
        return null;
    const proposed = goMemoryLimit(USABLE * limitBytes);
    return inputs(prose `let the Go tools collect garbage earlier: slower, and no guarantee.`, [
        `go-memory-limit: ${proposed}   # was not set`
    ]);
}
/** What there is before `GOMEMLIMIT`. */
function lessGarbage({ setGcPercent }) {
    if (setGcPercent !== null)
        return null;
    return {
        text: prose `let the Go tools collect garbage earlier: slower, and no guarantee. Go before 1.19 does not know ${code('GOMEMLIMIT')}.`,
        snippet: { language: 'yaml', lines: ['env:', '  GOGC: 50   # was not set'] }
    };
}
/** A container's limit is raised; for a machine the next size that runners are sold in, well above what was reached. */
function moreMemory(of, limitBytes) {
    const vain = triedInVain(of);
    const containerBytes = containerLimitBytes(of);
    if (of.attribution.endedBy === 'kernel-oom-ancestor' || containerBytes !== null) {
        const present = containerBytes ?? limitBytes;
        const figures = figure(present === null ? 'its present value' : formatBytes(present));
        return advice(`${prose `raise the memory limit of the container or pod above ${figures}.`}${vain}`);
    }
    const total = machineBytes(of.evidence);
    const reached = Math.max(total ?? 0, limitBytes ?? 0);
    const size = [8, 16, 32, 64, 128, 256].find((gib) => gib * GIB > 1.2 * reached);
    if (reached === 0 || size === undefined)
        return null;
    return {
        text: `${prose `use a machine with more memory: this one has ${figure(formatBytes(total ?? reached))}.`}${vain}`,
        snippet: { language: 'yaml', lines: [`runs-on: LABEL-OF-A-${size}-GB-RUNNER`] }
    };
}
/** The limit of a cgroup that the build shares the machine under; `null` where the machine itself was the limit. */
function containerLimitBytes({ evidence: { survey }, attribution }) {
    const binding = survey?.binding ?? null;
    if (binding === null || binding.source === 'host' || attribution.endedBy === 'kernel-oom-host')
        return null;
    return binding.bytes;
}
/** The settings that this attempt has shown not to be enough; empty where there were none. */
function triedInVain({ evidence: { plan }, victim }) {
    if (plan === null)
        return '';
    const { parallelism, setGoMemoryLimitBytes: heapBytes, setGcPercent } = plan;
    const isExceeded = heapBytes !== null && (victim?.bytes ?? 0) > heapBytes;
    const result = figure(isExceeded ? 'exceeded' : 'not enough');
    const facts = [
        ...(parallelism === 1 ? [prose `${code('-p')} is already 1`] : []),
        ...(heapBytes === null ? [] : [prose `${code(`GOMEMLIMIT=${goMemoryLimit(heapBytes)}`)} was ${result}`]),
        ...(setGcPercent === null ? [] : [prose `${code(`GOGC=${setGcPercent}`)} was set`])
    ];
    const last = facts.at(-1);
    if (last === undefined)
        return '';
    if (facts.length === 1)
        return ` ${last}.`;
    const which = facts.length === 2 ? 'neither helps' : 'none of them helps';
    return ` ${facts.slice(0, -1).join(', ')} and ${last}, so ${which}.`;
}
/**
 * For a package of another module that is too large by itself: doing without it. Only a plain import path goes into a
 * shell line; the first element of a path that is not of the standard library has a dot.
 */
function withoutPackage({ evidence, victim }) {
    const path = victim?.package ?? null;
    const go = evidence.survey === null ? null : (0,model_reading/* known */.eO)(evidence.survey.go);
    const own = go?.mainModule ?? null;
    if (path === null || own === null || path === own || path.startsWith(`${own}/`))
        return null;
    if (!/^[\w~-]*\.[\w.~/-]{1,200}$/.test(path) || /^\.{1,2}(?:\/|$)/.test(path))
        return null;
    if (!isAlone(evidence.timeline?.last ?? null))
        return null;
    return advice(prose `one process holds nearly all of it. To see what pulls its package in: ${code(`go mod why ${path}`)}`);
}
/** To 256 MiB, below 1 GiB to 64 MiB: an estimate should not look measured. */
function roundUp(bytes) {
    const step = (bytes < GIB ? 64 : 256) * MIB;
    return Math.ceil(bytes / step) * step;
}
/** A size as `memory-limit` takes it. */
function sizeInput(bytes) {
    return bytes % GIB === 0 ? `${bytes / GIB}GiB` : `${Math.round(bytes / MIB)}MiB`;
}

;// CONCATENATED MODULE: ./lib/diagnose/victim.js




/** Who died: by the kernel's record, else by the tool's own words, else the largest process at the last look. */
function victimOf(evidence, record) {
    return victimInRecord(evidence, record) ?? victimInLog(evidence) ?? largestAtTheEnd(evidence);
}
function victimInRecord({ timeline }, record) {
    if (record === null)
        return null;
    const sampled = sampledProcess(timeline, record.pid);
    return {
        tool: sampled?.tool ?? record.task,
        package: sampled?.package ?? null,
        bytes: record.anonBytes ?? sampled?.bytes ?? null,
        knownBy: 'kernel-log'
    };
}
function victimInLog(evidence) {
    const line = killedLine(evidence.log);
    const tool = group(line, 'tool');
    if (tool === null)
        return null;
    const ofPackage = group(line, 'package');
    const sampled = evidence.timeline?.last?.processes.find((process) => process.tool === tool && (ofPackage === null || process.package === ofPackage));
    return { tool, package: ofPackage ?? sampled?.package ?? null, bytes: sampled?.bytes ?? null, knownBy: 'log' };
}
function largestAtTheEnd({ timeline }) {
    const largest = timeline?.last?.processes[0];
    return largest === undefined ? null : { ...largest, knownBy: 'sample' };
}
/** "`compile` on `example.com/app/api`" */
function nameOf({ tool, package: ofPackage }) {
    return ofPackage === null ? prose `${code(tool)}` : prose `${code(tool)} on ${code(ofPackage)}`;
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/oom-kernel.js










/** The words in a test's assertion are what it checks, and a compiler's complaint about a name is none of the kernel's. */
const QUOTED_IN_CODE = /_test\.go:\d|\.go:\d+:\d+: |\b(?:want|expected|actual|got)\b|^\s*(?:--- |=== )/i;
const cgroupWords = {
    id: 'oom.cgroup',
    patterns: [
        {
            // Memory cgroup out of memory: Killed process 957 (compile) total-vm:1448644kB, …   (mm/oom_kill.c)
            name: 'kernel',
            anchor: [
                'CONSTRAINT_MEMCG',
                'Memory cgroup out of memory',
                'mem_cgroup_out_of_memory',
                'memory: usage ',
                'killed as a result of limit of'
            ],
            regex: /CONSTRAINT_MEMCG|Memory cgroup out of memory|mem_cgroup_out_of_memory|memory: usage \d+kB, limit \d+kB|Task in \S{1,500} killed as a result of limit of/,
            unless: QUOTED_IN_CODE
        },
        {
            // A printed memory.events or memory.oom_control: oom_kill 1
            name: 'counter',
            anchor: ['oom_kill ', 'oom_group_kill '],
            regex: /^\s*(?:oom_kill|oom_group_kill) [1-9]\d{0,9}$/
        },
        {
            // reason: OOMKilled · "reason": "OOMKilled" · "OOMKilled": true · Pod container was OOMKilled
            name: 'platform',
            anchor: ['OOMKilled', 'OOM killed', 'OOM Killed', 'OOM-killed', 'oom-killed'],
            regex: /\b(?:OOM[- ]?[Kk]illed|oom-killed)\b(?!["']?\s*[:=]\s*(?:["']?false|0))/,
            unless: QUOTED_IN_CODE
        },
        {
            // slurmstepd: error: Detected 1 oom-kill event(s) in step · Container 'Build' exceeded memory limit.   (Bitbucket Pipelines)
            name: 'scheduler',
            anchor: [
                'kill event',
                'emory limit',
                'TERM_MEMLIMIT',
                'cgroup out-of-memory handler',
                ' event was detected',
                'killed due to memory usage',
                'emory quota '
            ],
            // Slurm, Bitbucket Pipelines, PBS, LSF, Vercel, ECS, Heroku
            regex: /\d oom[-_]kill event|[Ee]xceeded (?:job|step) memory limit|^Container \S{1,100} exceeded memory limit|TERM_MEMLIMIT|cgroup out-of-memory handler|\("OOM"\) event was detected|[Cc]ontainer killed due to memory usage|Error R1[45] \(Memory quota/
        },
        {
            // ERROR: failed to solve: ResourceExhausted: process "/bin/sh -c go build" did not complete …: cannot allocate memory
            name: 'buildkit',
            anchor: ['ResourceExhausted', 'did not complete successfully'],
            regex: /(?:ResourceExhausted: |did not complete successfully: ).{0,4000}cannot allocate memory/
        }
    ]
};
/** A limit that a cgroup sets fired: the build's own cap, or one above it. */
const oomCgroup = {
    ...cgroupWords,
    title: 'Out of memory at a cgroup limit',
    meaning: 'A control group (cgroup) is how Linux, and with it Docker and Kubernetes, limits what a group of processes may use together. The build needed more memory than its group may have, and the kernel killed one of its processes, most often the largest: a compiler or the linker. Go then only reports `signal: killed`; the package that it names was being compiled at that moment and need not be at fault. The machine itself may have had memory to spare. The limit is the cap that this action set, or that of a container, pod or service around it, which can be invisible from inside.',
    judge: (of) => {
        const { endedBy, outOfMemory } = of.attribution;
        const isOfTheMachine = endedBy === 'kernel-oom-host' || endedBy === 'guard';
        if (outOfMemory === 'true' && !isOfTheMachine)
            return byCounters(of);
        return byWords(of, oomCgroup, cgroupWords, 'kernel-oom-ancestor');
    },
    rulesOut: ['machine', 'outsideSignal', 'stopped', 'disk'],
    remedies: (match, of) => match.basis === 'counters' ? memoryRemedies(of, limitThatFired(of)) : unmeasuredRemedies('of the container or pod'),
    catches: [
        {
            log: 'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/b,task_memcg=/b,task=compile,pid=7,uid=0\n',
            exitCode: 1
        },
        { log: '  lastState:\n    terminated:\n      exitCode: 137\n      reason: OOMKilled\n', exitCode: 137 },
        { log: 'ERROR: failed to solve: ResourceExhausted: process "/bin/sh -c go build" failed: cannot allocate memory\n' }
    ],
    ignores: [
        { log: '"OOMKilled": false,\n"ExitCode": 1\n', exitCode: 1 },
        { log: '--- FAIL: TestReason (0.00s)\n    pod_test.go:12: got OOMKilled, want Error\nFAIL\n', exitCode: 1 },
        { log: 'oom_kill 0\noom_group_kill 0\n', exitCode: 1 },
        { log: 'ERROR: failed to solve: ResourceExhausted: write /out: no space left on device\n', exitCode: 1 }
    ],
    links: [
        'https://docs.kernel.org/admin-guide/cgroup-v2.html',
        'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/'
    ]
};
const hostWords = {
    id: 'oom.host',
    patterns: [
        {
            // Out of memory: Killed process 710 (compile) total-vm:227272kB, …   (mm/oom_kill.c; `Kill process` before 4.20)
            name: 'kernel',
            anchor: ['Out of memory', 'global_oom', 'CONSTRAINT_NONE', 'Killed process ', ' was killed: '],
            regex: /(?<!cgroup out of memory: )Killed process \d{1,9} \(.{1,60}\),? .{0,80}total-vm:|\bpid \d{1,9} \(.{1,60}\).{0,60} was killed: (?:out of swap space|failed to reclaim memory)|Out of memory(?: \(oom_kill_allocating_task\))?: Kill(?:ed)? process \d|,global_oom,|CONSTRAINT_NONE|Out of memory and no killable processes/,
            unless: QUOTED_IN_CODE
        },
        {
            // systemd does not say whose limit it was. · memorystatus: killing largest compressed process compile [55572] 8658 MB   (macOS)
            name: 'told',
            anchor: ['killed by the OOM killer', "result 'oom-kill'", 'memorystatus: killing ', 'JETSAM_REASON_MEMORY'],
            regex: /A process of this unit has been killed by the OOM killer|Failed with result 'oom-kill'|memorystatus: killing (?:largest|top|all|specific|per-process)|memorystatus: killing_(?:top|largest|specific)|JETSAM_REASON_MEMORY(?!_IDLE)/,
            unless: QUOTED_IN_CODE
        },
        {
            name: 'invoked',
            anchor: ' invoked oom-killer',
            regex: /\S invoked oom-killer: gfp_mask=/,
            unless: QUOTED_IN_CODE
        }
    ]
};
/** The machine ran out, whoever used it up. */
const oomHost = {
    ...hostWords,
    title: 'The machine ran out of memory',
    meaning: 'The memory of the whole machine and its swap were used up, by the build or by others beside it, and the kernel killed a process to go on. It prefers large processes and those with a high `oom_score_adj`; a GitHub runner gives its steps 500, so the build goes first.',
    judge: (of) => {
        if (of.attribution.endedBy === 'kernel-oom-host')
            return byCounters(of);
        return wasHit(of.evidence.log, 'oom.cgroup', ['kernel']) ? null : byWords(of, oomHost, hostWords, 'kernel-oom-host');
    },
    rulesOut: ['ownCap', 'outsideSignal', 'stopped', 'disk'],
    remedies: (match, of) => match.basis === 'counters' ? memoryRemedies(of, roomOnMachineBytes(of)) : unmeasuredRemedies('of the machine'),
    catches: [
        { log: '[651023.114021] Out of memory: Kill process 18204 (compile) score 801 or sacrifice child\n', exitCode: 1 },
        {
            log: 'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/a,task=link,pid=9,uid=0\n',
            exitCode: 137
        }
    ],
    ignores: [
        {
            log: 'Memory cgroup out of memory: Killed process 957 (compile) total-vm:1448644kB, anon-rss:244992kB\n',
            exitCode: 1
        },
        { log: 'fatal error: runtime: out of memory\n', exitCode: 2 }
    ],
    links: [
        'https://docs.kernel.org/admin-guide/sysctl/vm.html',
        'https://man7.org/linux/man-pages/man5/proc_pid_oom_score_adj.5.html'
    ]
};
function byCounters(of) {
    const { endedBy, confidence } = of.attribution;
    const rows = endedBy === 'kernel-oom-host' ? [HYPOTHESES.machine(of)] : [HYPOTHESES.ownCap(of), HYPOTHESES.limitAbove(of)];
    const evidence = rows.filter((row) => row !== null && (row.verdict === 'cause' || row.verdict === 'likely'));
    return { basis: 'counters', confidence, summary: summaryOf(of), evidence: evidence.filter((row) => row !== null) };
}
/**
 * What the log quotes of the kernel or a platform. The counters of this machine say more about it than a quotation; a
 * platform may speak of another machine.
 */
function byWords(of, { title }, words, endedBy) {
    const { evidence, attribution, trace } = of;
    const line = linesOf(evidence.log, words).find((one) => !isLoggedByTest(evidence.log, one));
    if (line === undefined || (attribution.outOfMemory === 'false' && of.isLive))
        return null;
    if (/^\s/.test(line.text) && showsTests(evidence.log) && !/kernel/.test(line.text))
        return null;
    const confidence = trace === null ? 'likely' : 'certain';
    return {
        basis: 'refusal',
        confidence,
        summary: summaryOfWords(line, of),
        evidence: [quoted(title, line, confidence)],
        lineNumber: line.lineNumber,
        endedBy
    };
}
function summaryOf(of) {
    const { victim, attribution, evidence } = of;
    const total = machineBytes(evidence);
    const cap = evidence.cage?.capBytes ?? null;
    const where = {
        'kernel-oom-cap': cap === null ? 'the cap of the build was reached' : `the build had reached its cap of ${formatBytes(cap)}`,
        'kernel-oom-ancestor': 'a limit above the build was reached, not its own cap',
        unknown: 'a limit that the build had set for a part of itself was reached',
        'kernel-oom-host': total === null ? 'the machine had no memory left' : `the machine (${formatBytes(total)}) had no memory left`
    };
    const reason = Object.entries(where).find(([id]) => id === attribution.endedBy)?.[1] ?? 'memory ran out';
    const held = victim === null || victim.bytes === null ? '' : ` (${formatBytes(victim.bytes)})`;
    if (victim === null)
        return `The kernel killed a process of the build when ${reason}${endInWords(of)}.`;
    if (victim.knownBy === 'sample') {
        return `The kernel killed a process of the build when ${reason}${endInWords(of)}. The largest at the last look was ${nameOf(victim)}${held}.`;
    }
    return `The kernel killed ${nameOf(victim)}${held} when ${reason}${endInWords(of)}.`;
}
function summaryOfWords(line, of) {
    const task = /(?:,task=|process \d{1,10} \()(?<task>[^,()]{1,15})/.exec(line.text)?.groups?.['task'];
    const who = task === undefined ? 'a process' : prose `${code(task)}`;
    return `The log says that ${who} was killed for memory${endInWords(of)}.`;
}
function limitThatFired({ evidence, attribution }) {
    if (attribution.endedBy === 'kernel-oom-cap')
        return evidence.cage?.capBytes ?? null;
    const binding = evidence.survey?.binding ?? null;
    return binding === null || binding.source === 'host' ? null : binding.bytes;
}
function unmeasuredRemedies(whose) {
    return [
        advice(prose `raise the memory ${figure(whose)}, or run fewer build actions at once (${code('go build -p 1')}).`),
        advice(prose `run the build under this action: it measures what each package needs and plans by it.`)
    ];
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/oom-killed.js





/** A build process ended by SIGKILL, and neither a counter nor a sender says more. */
const oomKilled = {
    ...killedWords,
    title: 'A build process was killed, probably for memory',
    meaning: 'A compiler, the linker, a test binary or `go` itself was ended by SIGKILL, and nothing names the sender. The package that is named was being compiled at that moment and need not be at fault. On a build machine the reason is most often that the memory of the machine or container ran out, but `kill -9`, `timeout -s KILL` and a platform look the same. The counters of the kernel decide; a stored log has none.',
    judge: (of) => {
        if (of.attribution.outOfMemory === 'false' || of.attribution.endedBy.startsWith('kernel-oom'))
            return null;
        const { log, exit } = of.evidence;
        const line = killedLine(log);
        if (line === null)
            return null;
        // A word alone is the trace of a kill, not of a killed build: the status has to agree.
        const agrees = exit === null || exit.code === 137 || exit.signal === 'SIGKILL';
        const confidence = agrees || namesBuildProcess(log) ? 'likely' : 'possible';
        return {
            basis: 'kill',
            confidence,
            summary: `${of.victim === null ? 'A process of the build' : `The process ${nameOf(of.victim)}`} was ended by SIGKILL${endInWords(of)}; the log does not say by whom.`,
            evidence: [quoted('Killed for memory', line, 'likely')],
            lineNumber: line.lineNumber,
            endedBy: 'unknown'
        };
    },
    rulesOut: ['stopped', 'disk'],
    remedies: () => [
        advice(prose `look whether memory ran out: ${code('journalctl -k')} or ${code('dmesg')} of the machine, the last state of the pod.`),
        advice(prose `run the build with ${code('go build -p 1')}; if it passes then, memory is the cause.`),
        advice(prose `run it under this action where the counters of the kernel can be read: they tell memory from ${figure('other senders')}.`)
    ],
    catches: [
        { log: 'example.com/app: /usr/local/go/pkg/tool/linux_amd64/compile: signal: killed\n', exitCode: 1 },
        {
            log: '/usr/local/go/pkg/tool/linux_amd64/link: signal: killed\nmake: *** [Makefile:8: app] Error 1\n',
            exitCode: 2
        },
        { log: 'signal: killed\nFAIL\texample.com/app\t2.871s\nFAIL\n', exitCode: 1 },
        { log: 'make[1]: *** [obj.o] Killed\n', exitCode: 2 },
        { log: './all.bash: line 9:   971 Killed                  ./dist bootstrap\n', exitCode: 137 }
    ],
    ignores: [
        {
            log: '=== RUN   TestVM\nsignal: killed\n--- PASS: TestVM (3.05s)\n--- FAIL: TestOther (0.01s)\nFAIL\texample.com/a\t4s\n',
            exitCode: 1
        },
        { log: 'example.com/app: /usr/local/go/pkg/tool/linux_amd64/compile: signal: killed\n', exitCode: 0 },
        { log: '--- FAIL: TestRun (0.00s)\n    run_test.go:9: got signal: killed, want exit status 1\nFAIL\n', exitCode: 1 }
    ],
    links: [
        'https://github.com/golang/go/blob/master/src/cmd/go/internal/work/shell.go',
        'https://docs.kernel.org/admin-guide/cgroup-v2.html'
    ]
};

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/oom-outside.js





/** A process could not be started for want of memory. */
const oomFork = decidedByWording({
    id: 'oom.fork',
    title: 'No memory to start a process',
    meaning: 'A process of the build wanted to start another one, such as the linker its C compiler, and the kernel refused with ENOMEM. To start a process, the kernel has to promise a copy of the memory of the one that starts it: a linker that holds a gigabyte asks for a second one for a moment. Strict overcommit (`vm.overcommit_memory=2`), a machine without swap and a small virtual machine refuse that although the new program itself would be small.',
    patterns: [
        {
            // link: running gcc failed: fork/exec /usr/bin/gcc: cannot allocate memory · vet: fork/exec /go/vet: cannot allocate memory   (os/exec)
            name: 'exec',
            anchor: [': cannot allocate memory', ': Cannot allocate memory', ': not enough space', 'Out of memory'],
            // `not enough space` is ENOMEM on illumos and Solaris.
            regex: /fork\/exec (?<program>[^:]{1,300}): (?:[Cc]annot allocate memory|not enough space)|running (?<started>\S{1,200}) failed: .{0,300}[Cc]annot allocate memory|\b(?:v?fork|posix_spawn|clone3?|execvp?e?|can't fork|[Cc]annot fork(?:\(\))?(?: for [^:]{1,100})?)(?:: retry)?: (?:[Cc]annot allocate memory|Out of memory)|unable to (?:fork|create thread): Cannot allocate memory/,
            unless: ASSERTED
        },
        {
            // make: go: Cannot allocate memory   (job.c, child_execute_job: the program is named, the call is not)
            name: 'make',
            anchor: ': Cannot allocate memory',
            regex: /^g?make(?:\[\d{1,3}\])?: (?<program>[^\s:]{1,300}): Cannot allocate memory$/
        },
        { name: 'node', anchor: 'spawn', regex: /\bspawn(?:Sync)? (?:\S{1,300} )?ENOMEM\b/, unless: ASSERTED }
    ],
    basis: 'refusal',
    endedBy: 'itself',
    says: forkSays,
    fix: () => [
        commands(prose `see how much the kernel still promises, and to whom:`, [
            'grep -E "Commit|Swap" /proc/meminfo; cat /proc/sys/vm/overcommit_memory'
        ]),
        commands(prose `start fewer processes at once, or give the machine swap:`, [
            'go build -p 1 ./...',
            'sudo sh -c "fallocate -l 4G /swapfile && chmod 600 /swapfile && mkswap /swapfile && swapon /swapfile"'
        ]),
        advice(prose `if the linker starts the C compiler and the program needs no cgo, ${code('CGO_ENABLED=0')} avoids that process.`)
    ],
    catches: [
        {
            log: '# example.com/app\n/usr/local/go/pkg/tool/linux_amd64/link: running gcc failed: fork/exec /usr/bin/gcc: cannot allocate memory\n',
            exitCode: 1
        },
        {
            log: 'go: error obtaining buildID for go tool compile: fork/exec /go/compile: cannot allocate memory\n',
            exitCode: 1
        },
        { log: './build.sh: fork: Cannot allocate memory\n', exitCode: 254 },
        { log: 'make: vfork: Cannot allocate memory\n', exitCode: 2 },
        { log: 'make: go: Cannot allocate memory\nmake: *** [Makefile:5: b] Error 127\n', exitCode: 2 },
        {
            log: '--- FAIL: TestRun (0.10s)\n    run_test.go:9: fork/exec /bin/true: cannot allocate memory\nFAIL\n',
            exitCode: 1
        }
    ],
    ignores: [
        { log: 'fork/exec /usr/bin/gcc: resource temporarily unavailable\n', exitCode: 1 },
        {
            log: '--- FAIL: TestErr (0.00s)\n    e_test.go:4: got exit 1, want fork/exec /x: cannot allocate memory\nFAIL\n',
            exitCode: 1
        },
        { log: './main.go:3:1: undefined: fork\n', exitCode: 1 }
    ],
    links: ['https://man7.org/linux/man-pages/man2/fork.2.html', 'https://docs.kernel.org/mm/overcommit-accounting.html']
});
function forkSays(line) {
    const program = group(line, 'program') ?? group(line, 'started');
    return program === null
        ? prose `A process could not be started: the kernel had no memory for it (ENOMEM).`
        : prose `${code(program)} could not be started: the kernel had no memory for it (ENOMEM).`;
}
const daemonWords = {
    id: 'oom.userspace',
    patterns: [
        {
            // systemd-oomd[612]: Killed /system.slice/x.scope due to memory pressure for /system.slice being 83.2% > 60.00% for > 30s   (oomd-manager.c)
            name: 'systemd-oomd',
            anchor: ['due to memory pressure for', 'due to memory used (', 'systemd-oomd killed '],
            regex: /Killed \S{1,500} due to memory (?:pressure for|used \()|systemd-oomd killed \d{1,9} process/,
            unless: ASSERTED
        },
        {
            // earlyoom: sending SIGTERM to process 343907 uid 1000 "compile": badness 961, VmRSS 5574 MiB   (kill.c)
            name: 'earlyoom',
            anchor: ['ending SIG', 'SIGTERM limits', 'SIGKILL limits'],
            regex: /sending SIG(?:TERM|KILL) to process \d{1,9}\b.{0,200}\b(?:badness|oom_score|VmRSS)\b|at or below SIG(?:TERM|KILL) limits|\b[Ss]ending SIG(?:TERM|KILL) to (?:the )?victim\b/,
            unless: ASSERTED
        }
    ]
};
/** A daemon that kills before the kernel has to. */
const oomUserspace = decidedByWording({
    ...daemonWords,
    title: 'Killed by a memory daemon (systemd-oomd, earlyoom)',
    meaning: 'A daemon that watches the memory of the machine ended processes of the build before the kernel had to: systemd-oomd by memory pressure or swap use of a control group, earlyoom and nohang by the share of memory that is left. earlyoom sends SIGTERM first, so that the status is 143 rather than 137. No kernel counter knows of such a kill.',
    basis: 'refusal',
    endedBy: 'other',
    says: (line) => prose `A daemon ended a process for the memory of the machine: ${code(line.text.trim().slice(0, 200))}.`,
    unless: (of) => isOnlyLoggedByTests(of.evidence.log, daemonWords),
    fix: () => [
        advice(prose `run fewer build actions at once (${code('go build -p 1')}), or use a machine with more memory or swap: the daemon acts before memory is gone.`),
        commands(prose `see what the daemon did, and its limits:`, [
            'journalctl -u systemd-oomd -u earlyoom --since -1h',
            'oomctl'
        ])
    ],
    catches: [
        {
            log: 'earlyoom: sending SIGTERM to process 3439 uid 1000 "compile": badness 961, VmRSS 5574 MiB\nTerminated\n',
            exitCode: 143
        },
        {
            log: 'systemd-oomd[612]: Killed /system.slice/ci.scope due to memory pressure for /system.slice being 83.21% > 60.00% for > 30s with reclaim activity\nKilled\n',
            exitCode: 137
        },
        {
            log: 'systemd[1]: ci.service: systemd-oomd killed 14 process(es) in this unit.\nsignal: killed\n',
            exitCode: 1
        }
    ],
    ignores: [
        { log: 'Setting up earlyoom (1.7-2) ...\nmake: *** [Makefile:2: test] Terminated\n', exitCode: 143 },
        {
            log: 'Out of memory: Killed process 710 (compile) total-vm:227272kB, anon-rss:244992kB\nsignal: killed\n',
            exitCode: 1
        }
    ],
    links: [
        'https://www.freedesktop.org/software/systemd/man/latest/systemd-oomd.service.html',
        'https://github.com/rfjakob/earlyoom'
    ]
});
/** Windows refuses memory by its commit limit; it kills nobody. */
const oomWindowsCommit = decidedByWording({
    id: 'oom.windows-commit',
    title: 'Windows commit limit reached',
    meaning: 'Windows promises memory only up to its commit limit, the RAM and the page files together, and refuses what goes beyond with error 1455. It kills no process, so the one that is refused need not be the one that holds the most. A page file that is fixed at a small size, or a full disk under it, makes the limit much lower than the RAM suggests.',
    patterns: [
        {
            // runtime: VirtualAlloc of 2147483648 bytes failed with errno=1455 · (error code: 1455) · os error 1455 · WinError 1455
            name: 'number',
            anchor: '1455',
            regex: /\b(?:errno|error code|os error|windows error|system error|WinError|GetLastError\(\))\W{0,3}1455\b|\bLNK\d{4}\b.{0,300}\b1455\b|^(?:Error |error )?1455: /i,
            unless: ASSERTED
        },
        {
            name: 'text',
            anchor: ['paging file is too small', 'Auslagerungsdatei ist zu klein', '页面文件太小'],
            regex: /[Tt]he paging file is too small for this operation|Auslagerungsdatei ist zu klein|页面文件太小/,
            unless: ASSERTED
        },
        {
            // exit status 0xc000012d: STATUS_COMMITMENT_LIMIT · 0xc0000017: STATUS_NO_MEMORY   (ntstatus.h)
            name: 'status',
            anchor: [
                '0xc000012d',
                '0xC000012D',
                '3221225773',
                '1073741523',
                '0xc0000017',
                '0xC0000017',
                '3221225495',
                '1073741801'
            ],
            regex: /\bexit(?:ed)?\b[^\d-]{0,30}(?:0x[cC]000012[dD]|0x[cC]0000017|3221225773|3221225495|-1073741523|-1073741801)\b/
        }
    ],
    basis: 'refusal',
    endedBy: 'itself',
    says: (line) => prose `Windows refused memory, because its commit limit (RAM and page file) was reached: ${code(line.text.trim().slice(0, 200))}.`,
    fix: () => [
        commands(prose `run fewer build actions at once:`, ['go build -p 1 ./...']),
        commands(prose `see the limit and what is promised of it (PowerShell):`, [
            String.raw `typeperf "\Memory\Commit Limit" "\Memory\Committed Bytes" -sc 1`
        ]),
        advice(prose `then let Windows manage the size of the page file, or put a larger one on a disk with room.`)
    ],
    catches: [
        { log: 'runtime: VirtualAlloc of 8192 bytes failed with errno=1455\nfatal error: out of memory\n', exitCode: 2 },
        {
            log: 'fork/exec C:\\Temp\\go-build1\\b075\\a.test.exe: The paging file is too small for this operation to complete.\n',
            exitCode: 1
        },
        {
            log: '==2820==ERROR: ThreadSanitizer failed to allocate 0x000000400000 (4194304) bytes at 0x040177c00000 (error code: 1455)\nFAIL\texample.com/a\t2s\n',
            exitCode: 1
        },
        { log: 'example.com/app: C:\\go\\pkg\\tool\\windows_amd64\\compile.exe: exit status 0xc000012d\n', exitCode: 1 },
        { log: 'LINK : fatal error LNK1171: unable to load mspdbcore.dll (error code: 1455)\n', exitCode: 1 }
    ],
    ignores: [
        {
            log: 'runtime: VirtualAlloc of 1048576 bytes failed with errno=487\nfatal error: runtime: cannot map pages\n',
            exitCode: 2
        },
        { log: 'ok  \texample.com/a\t1.455s\n--- FAIL: TestB (0.00s)\n    b_test.go:1455: no\nFAIL\n', exitCode: 1 },
        { log: 'example.com/app: C:\\go\\pkg\\tool\\windows_amd64\\compile.exe: exit status 0xc0000005\n', exitCode: 1 }
    ],
    links: [
        'https://learn.microsoft.com/windows/win32/debug/system-error-codes--1300-1699-',
        'https://github.com/golang/go/blob/master/src/runtime/mem_windows.go'
    ]
});

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/oom-refused.js





/** Nobody grants 1 TiB in one block: a broken size, not a shortage. */
const ABSURD_BYTES = 2 ** 40;
const allocPatterns = [
    {
        // runtime: out of memory: cannot allocate 4194304-byte block (335052800 in use)   (runtime/malloc.go)
        name: 'block',
        anchor: 'out of memory: cannot allocate',
        regex: /(?:^|\s)runtime: out of memory: cannot allocate (?<bytes>\d{1,20})-byte block/
    },
    {
        // fatal error: runtime: out of memory · fatal error: failed to reserve page summary memory   (runtime/mem_linux.go, mpagealloc.go)
        name: 'fatal',
        anchor: ['fatal error: ', 'cannot reserve arena', 'out of memory in thread_start'],
        regex: /(?:^|\s)fatal error: (?:runtime: (?:out of memory|cannot allocate memory|cannot map pages in arena address space|failed to commit pages)|out of memory(?: \([a-z ]{1,30}\)| allocating [a-zA-Z ]{1,30})?$|(?:pageAlloc|trace|traceRegion|heapdump|persistentalloc): out of memory|failed to reserve page (?:summary|bitmap) memory)|runtime: cannot reserve arena virtual address space|runtime\/cgo: out of memory in thread_start/
    },
    {
        // runtime: VirtualAlloc of 1048576 bytes failed with errno=487   (runtime/mem_windows.go)
        name: 'virtual-alloc',
        anchor: 'VirtualAlloc of ',
        regex: /(?:^|\s)runtime: VirtualAlloc of \d{1,20} bytes failed with errno=(?!1455)\d/
    },
    {
        // link: mapping output file failed: cannot allocate memory · failed to create new OS thread (have 7 already; errno=12)
        name: 'tool',
        anchor: [': cannot allocate memory', 'errno=12)', ': Cannot allocate memory'],
        regex: /(?:^|[\s/\\])(?:compile|link|asm|cgo|go|vet|cover|pack)(?:\.exe)?: .{0,400}: cannot allocate memory$|failed to create new OS thread \(have \d{1,9} already; errno=12\)|pthread_create failed: Cannot allocate memory/,
        unless: /fork\/exec|\/link: (?:running|flushing) |_test\.go:\d/
    },
    {
        // ==70781==ERROR: ThreadSanitizer failed to allocate 0x1000000 (16777216) bytes at address … (errno: 12)
        name: 'race',
        anchor: 'Sanitizer',
        regex: /==\d{1,9}==\s?ERROR: \w{1,20}Sanitizer:? failed to allocate .{0,200}\(err(?:no|or code): 12\)|\w{1,20}Sanitizer: internal allocator is out of memory/
    }
];
/** A Go process was refused memory or address space and said so itself. */
const oomGoAlloc = decidedByWording({
    id: 'oom.go-alloc',
    title: 'A Go process was refused memory',
    meaning: 'The Go runtime asked the system for memory and was refused: the compiler, the linker, a test binary or the program itself stopped with a `fatal error` of its own. The usual reason is a limit of the process (`ulimit -v`, `ulimit -d`), the 32-bit address space, or a machine without overcommit, rather than a limit of a container, which kills instead of refusing.',
    patterns: allocPatterns,
    basis: 'refusal',
    endedBy: 'itself',
    says: (line) => prose `A Go process could not get memory from the system and stopped itself: ${code(line.text.trim().slice(0, 200))}.`,
    fix: () => [
        commands(prose `look for a limit of the process, and lift it; Go reserves address space far beyond what it uses.`, [
            'ulimit -a | grep -E "virtual|data|max memory"'
        ]),
        advice(prose `if no limit is set, the machine has too little memory: run fewer build actions at once (${code('go build -p 1')}).`)
    ],
    unless: (of) => allocIsSomethingElse(of),
    catches: [
        {
            log: '# example.com/app\nfatal error: runtime: out of memory\n\nruntime stack:\nruntime.throw(0x9f7270, 0x16)\n',
            exitCode: 1
        },
        { log: 'fatal error: failed to reserve page summary memory\n\nruntime stack:\n', exitCode: 2 },
        {
            log: 'runtime: out of memory: cannot allocate 4194304-byte block (335052800 in use)\nfatal error: out of memory\n',
            exitCode: 2
        }
    ],
    ignores: [
        {
            log: '--- FAIL: TestCap (0.13s)\n    cap_test.go:6: child failed: exit status 2\n        fatal error: runtime: cannot allocate memory\nFAIL\n',
            exitCode: 1
        },
        {
            log: 'runtime: out of memory: cannot allocate 70368744177664-byte block (3866624 in use)\nfatal error: out of memory\n',
            exitCode: 2
        },
        {
            log: "runtime: mmap: too much locked memory (check 'ulimit -l').\nfatal error: runtime: cannot allocate memory\n",
            exitCode: 2
        },
        {
            log: 'runtime: VirtualAlloc of 0 bytes failed with errno=1455\nfatal error: runtime: failed to commit pages\n',
            exitCode: 2
        }
    ],
    links: [
        'https://github.com/golang/go/blob/master/src/runtime/malloc.go',
        'https://github.com/golang/go/blob/master/src/runtime/mem_linux.go'
    ]
});
function allocIsSomethingElse({ evidence: { log } }) {
    if (wasHit(log, CONTEXT.id, ['locked-memory', 'windows-commit']))
        return true;
    const asked = hitOf(log, 'oom.go-alloc', 'block')?.first[0];
    if (Number(asked?.groups['bytes'] ?? 0) >= ABSURD_BYTES)
        return true;
    const words = { id: 'oom.go-alloc', patterns: allocPatterns };
    if (isOnlyLoggedByTests(log, words))
        return true;
    const line = firstLineOf(log, words);
    // A test prints the output of its own children set in by four spaces and more.
    return line !== null && /^\s{4}/.test(line.text) && showsTests(log);
}
const ccWords = {
    id: 'oom.cc',
    patterns: [
        {
            // gcc: fatal error: Killed signal terminated program cc1   (gcc 9 on) · … internal compiler error: Killed (program cc1)
            name: 'killed',
            anchor: [
                'Killed signal terminated program',
                'internal compiler error: Killed',
                'terminated with signal 9',
                'unable to execute command: Killed',
                'frontend command failed with exit code 137'
            ],
            regex: /Killed signal terminated program (?<tool>\S{1,40})|internal compiler error: Killed|(?:^|\s)(?:ld|\S{0,100}[/-]ld) terminated with signal 9|unable to execute command: Killed|frontend command failed with exit code 137/,
            unless: ASSERTED
        },
        {
            // cc1: out of memory allocating 65536 bytes after a total of 1048576 bytes   (libiberty/xmalloc.c)
            name: 'refused',
            anchor: 'out of memory allocating ',
            regex: /(?:^|[\s/])(?<tool>cc1(?:plus|obj)?|as|ld(?:\.bfd|\.gold)?|collect2)(?:\.exe)?: out of memory allocating \d/,
            unless: ASSERTED
        },
        {
            name: 'linker',
            anchor: [
                'Cannot allocate memory',
                'cannot allocate memory',
                'emory exhausted',
                'LLVM ERROR: out of memory',
                'out of heap space',
                'LNK1102',
                'LNK1171',
                "malloc: can't allocate region",
                'emory allocation failed',
                'ut of memory'
            ],
            regex: /(?:error adding symbols|final link failed|ld(?:\.gold|\.lld|\.bfd)?: .{0,500}): (?:Cannot allocate memory|[Mm]emory exhausted)|virtual memory exhausted|LLVM ERROR: out of memory|error C10(?:60|02): |error LNK1102: |^ld: malloc: can't allocate region|(?:cc1(?:plus)?|lto1|lto-wrapper|collect2|ld(?:\.gold|\.lld|\.bfd)?): .{0,200}(?:[Mm]emory allocation failed|[Oo]ut of memory)|[/\\]link: flushing .{1,500}: cannot allocate memory/,
            unless: ASSERTED
        }
    ]
};
/** The C side of a build, killed or refused memory. */
const oomCc = decidedByWording({
    ...ccWords,
    title: 'The C compiler or linker ran out of memory',
    meaning: 'A C or C++ compiler, the assembler or the external linker that cgo starts was killed or could not get memory. The compiler driver reports its child, so the words come from gcc or clang and often call it an internal error, which it is not.',
    basis: 'refusal',
    endedBy: 'unknown',
    says: ccSays,
    fix: () => [
        commands(prose `run one build action at a time, so that the C compiler has the machine for itself.`, [
            'go build -p 1 ./...'
        ]),
        advice(prose `if the program builds without cgo, ${code('CGO_ENABLED=0')} needs no C compiler at all.`)
    ],
    unless: (of) => isOnlyLoggedByTests(of.evidence.log, ccWords) ||
        (of.isLive && of.attribution.outOfMemory === 'false' && !wasHit(of.evidence.log, 'oom.cc', ['refused', 'linker'])),
    catches: [
        {
            log: '# runtime/cgo\ngcc: fatal error: Killed signal terminated program cc1\ncompilation terminated.\n',
            exitCode: 1
        },
        { log: 'collect2: fatal error: ld terminated with signal 9 [Killed]\ncompilation terminated.\n', exitCode: 2 },
        { log: 'cc1plus: out of memory allocating 65536 bytes after a total of 8192 bytes\n', exitCode: 1 }
    ],
    ignores: [
        { log: 'main.c:3:10: fatal error: zlib.h: No such file or directory\ncompilation terminated.\n', exitCode: 1 },
        { log: 'collect2: error: ld terminated with signal 11 [Segmentation fault]\n', exitCode: 1 },
        {
            log: '=== RUN   TestBuild\n2025/01/02 03:04:05 gcc: fatal error: Killed signal terminated program cc1\n    build_test.go:9: no report\n--- FAIL: TestBuild (0.01s)\nFAIL\n',
            exitCode: 1
        }
    ],
    links: ['https://gcc.gnu.org/onlinedocs/gcc/Overall-Options.html', 'https://pkg.go.dev/cmd/cgo']
});
function ccSays(line) {
    const tool = group(line, 'tool');
    return tool === null
        ? prose `The C compiler or linker ran out of memory.`
        : prose `${code(tool)} of the C toolchain ran out of memory.`;
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/oom-watch.js





/** The guard ended the build before a limit fired, since that limit would have taken the job with it. */
const oomWatch = {
    id: 'oom.watch',
    title: 'Out of memory, ended by the guard before the limit',
    meaning: 'No cap by the kernel could be set here, so the guard watched the build and ended it shortly before a limit that it could see. Such a limit, of a container or pod, often kills every process in it, the job and its report included.',
    patterns: [],
    judge: (of) => {
        const { stop } = of.evidence;
        const row = HYPOTHESES.ownCap(of);
        if (stop?.kind !== 'watch')
            return null;
        const largest = of.victim === null
            ? ''
            : ` The largest process was ${nameOf(of.victim)}${of.victim.bytes === null ? '' : ` with ${formatBytes(of.victim.bytes)}`}.`;
        return {
            basis: 'guard',
            confidence: 'certain',
            summary: `The guard ended the build after ${formatDuration(stop.afterMs)}: it held ${formatBytes(stop.treeBytes)}, and the limit of ${formatBytes(stop.limitBytes)} was near.${largest}`,
            evidence: row === null ? [] : [row],
            endedBy: 'guard'
        };
    },
    rulesOut: ['machine', 'outsideSignal', 'disk'],
    remedies: (_match, of) => memoryRemedies(of, of.evidence.stop?.kind === 'watch' ? of.evidence.stop.limitBytes : null),
    catches: [],
    ignores: [
        { log: 'fatal error: runtime: out of memory\n', exitCode: 2 },
        { log: 'example.com/app: /go/pkg/tool/linux_amd64/compile: signal: killed\n', exitCode: 1 }
    ],
    links: ['https://docs.kernel.org/admin-guide/cgroup-v2.html']
};

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/permission.js



/** EACCES behind these is about a login, an address or a program to be started, not about a file. */
const NOT_A_FILE = /fork\/exec|publickey|password|[Bb]ad interpreter|(?:dial|listen|bind|connect|socket|sendto|setrlimit|ptrace|setuid|setgid|initgroups|mlock|prlimit|renice|modify limit)\b.{0,200}: (?:[Pp]ermission denied|[Oo]peration not permitted)|^(?:\S{0,200}\/)?(?:ba|da|z|k|a)?sh: (?:line )?(?:\d{1,6}: )?\S{1,300}: Permission denied|^make(?:\[\d{1,3}\])?: \S{1,300}: (?:Permission denied|Operation not permitted)|^env: /;
/** A file operation that the system refuses. */
const permDenied = decidedByWording({
    id: 'perm.denied',
    title: 'A file may not be read or written',
    meaning: 'The system refused a file operation. In automation the usual reasons are a home or cache directory that belongs to another user (a container that runs as a number without a home, a cache that an earlier step filled as root), a file system mounted read-only, and on Windows a file that another process or a virus scanner holds open.',
    patterns: [
        {
            // mkdir /.cache: permission denied · open /go/pkg/mod/cache/lock: permission denied · rm: cannot remove 'x': Permission denied
            name: 'denied',
            anchor: [
                'ermission denied',
                'peration not permitted',
                'Keine Berechtigung',
                'Permission non accordée',
                '权限不够'
            ],
            regex: /\b(?:open|mkdir|stat|lstat|readlink|write|writing|read|rename|remove|removing|unlinkat|unlink|openat|fdopendir|chdir|chmod|fchmod|chown|lchown|fchown|link|symlink|truncate|create|creat|creating|lock|RLock|copy|utimensat|chtimes|mount)\b.{1,600}: (?:permission denied|operation not permitted)|^\S{1,60}: (?:cannot|can't|could not|unable to|failed to|preserving|setting|changing|skipping|error) .{1,600}: (?:Permission denied|Operation not permitted)|^(?:fatal|error): .{1,600}: Permission denied|: (?:[Cc]annot|[Cc]ould not|[Ff]ailed to|[Uu]nable to) (?:create|open|write|remove|make|delete|move|copy|touch).{0,500}: [Pp]ermission denied|permission denied while trying to connect to the Docker|^\S{1,300}: Permission denied$|: (?:Keine Berechtigung|Permission non accordée|权限不够)$/,
            unless: new RegExp(`${NOT_A_FILE.source}|${ASSERTED.source}`)
        },
        {
            name: 'read-only',
            anchor: ['ead-only file system', 'EROFS'],
            regex: /: [Rr]ead-only file system|\bEROFS\b/,
            unless: ASSERTED
        },
        {
            // Windows: ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_VIRUS_INFECTED, AppLocker
            name: 'windows',
            anchor: [
                'Access is denied',
                'being used by another process',
                'contains a virus',
                'blocked by group policy',
                'blocked by your administrator',
                'Application Control policy',
                'EACCES',
                'EPERM'
            ],
            regex: /(?:^|: )Access is denied\b|because it is being used by another process|contains a virus or potentially unwanted software|blocked by group policy|blocked by your administrator|Application Control policy has blocked|\b(?:EACCES|EPERM)\b: (?:permission denied|operation not permitted)/,
            unless: new RegExp(`(?:dial|listen|bind|connect) .{0,300}denied|fork/exec .{1,400}: Access is denied|${ASSERTED.source}`)
        }
    ],
    confidence: 'likely',
    endedBy: 'itself',
    onlyOutsideTests: true,
    says: (line) => prose `The system refused a file operation: ${code(line.text.trim().slice(0, 200))}.`,
    fix: deniedFix,
    catches: [
        { log: 'failed to initialize build cache at /.cache/go-build: mkdir /.cache: permission denied\n', exitCode: 1 },
        { log: 'go: could not create module cache: mkdir /go/pkg: read-only file system\n', exitCode: 1 },
        { log: "rm: cannot remove 'bin/app': Permission denied\nmake: *** [Makefile:4: clean] Error 1\n", exitCode: 2 },
        { log: 'go: unlinkat C:\\Temp\\go-build1\\b001\\a.exe: Access is denied.\n', exitCode: 1 },
        {
            log: 'open C:\\out\\a.exe: The process cannot access the file because it is being used by another process.\n',
            exitCode: 1
        }
    ],
    ignores: [
        {
            log: 'git@example.com: Permission denied (publickey).\nfatal: Could not read from remote repository.\n',
            exitCode: 1
        },
        { log: '--- FAIL: TestOpen (0.00s)\n    o_test.go:4: open /root/x: permission denied\nFAIL\n', exitCode: 1 },
        { log: 'listen tcp :80: bind: permission denied\n', exitCode: 1 }
    ],
    links: ['https://man7.org/linux/man-pages/man3/errno.3.html', 'https://pkg.go.dev/cmd/go#hdr-Build_and_test_caching']
});
const SCANNED = /virus|another process|Access is denied|policy|administrator/;
function deniedFix({ text }) {
    if (SCANNED.test(text)) {
        return [
            commands(prose `keep the virus scanner out of the directories that Go writes programs to (PowerShell, as administrator):`, ['Add-MpPreference -ExclusionPath (go env GOCACHE), $env:TEMP']),
            advice(prose `if another process holds the file, end it first: a program of the same name that still runs, or an editor.`)
        ];
    }
    const see = commands(prose `see who owns what, and as whom this step runs:`, [
        'id; ls -ld . "$(go env GOCACHE)" "$(go env GOMODCACHE)"'
    ]);
    if (!/cache|mkdir \/\.|GOPATH|\/go\/|XDG|HOME/i.test(text))
        return [see];
    const own = commands(prose `give Go directories that this user may write:`, [
        'export GOCACHE="${RUNNER_TEMP:-/tmp}/go-build" GOMODCACHE="${RUNNER_TEMP:-/tmp}/go-mod"'
    ]);
    return [own, see];
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/refused-calls.js





/** A program file that is there and does not run. */
const commandNotExecutable = decidedByWording({
    id: 'command.not-executable',
    title: 'A file cannot be executed',
    meaning: 'A file exists, and the system does not run it: the executable bit is missing (often lost in an archive, an artifact or a checkout on Windows), its file system is mounted `noexec`, a security module forbids it, or it was made for another processor or system. A shell ends with status 126 then.',
    patterns: [
        {
            // fork/exec /tmp/go-build1/b001/exe/a: permission denied · … exec format error · … %1 is not a valid Win32 application.   (os/exec)
            name: 'exec',
            anchor: 'fork/exec ',
            regex: /fork\/exec (?<program>[^\s:]{1,300}|[A-Za-z]:[^:]{1,300}): (?<reason>permission denied|operation not permitted|exec format error|text file busy|argument list too long|is a directory|not a directory|bad CPU type in executable|no such device|input\/output error|(?:%1|.{1,300}) is not a valid Win32 application|This version of \S{1,300} is not compatible|Access is denied|The system cannot execute|An Application Control policy)/,
            unless: ASSERTED
        },
        {
            // bash: ./build.sh: Permission denied · /bin/sh: ./app: cannot execute binary file: Exec format error · ./x: /bin/sh^M: bad interpreter
            name: 'shell',
            anchor: [
                'ermission denied',
                'xec format error',
                'ad interpreter',
                'annot execute',
                'rgument list too long',
                'ad CPU type',
                'ext file busy'
            ],
            regex: /^(?:\S{0,200}\/)?(?:(?:ba|da|z|k|a)?sh|\S{1,200}\.sh): (?:line )?(?:\d{1,6}: )?(?<program>\S{1,300}): (?<reason>Permission denied|cannot execute(?: binary file)?\b.{0,100}|Exec format error|Argument list too long|Text file busy|.{0,100}bad interpreter.{0,100}|Bad CPU type in executable)|^make(?:\[\d{1,3}\])?: (?:execvp: )?(?<made>\S{1,300}): (?:Permission denied|Exec format error|Argument list too long)|env: [‘'"]?(?<started>[^‘’'"]{1,200})[’'"]?: (?:Permission denied|Exec format error)|(?:^|[\s:])(?:exec format error|bad interpreter: |Exec format error)|failed to run command [‘'"][^’'"]{1,200}[’'"]: (?:Permission denied|Exec format error)/,
            unless: ASSERTED
        },
        {
            name: 'windows',
            anchor: [
                'is not a valid Win32 application',
                'not compatible with the version of Windows',
                'cannot execute the specified program'
            ],
            regex: /is not a valid Win32 application|not compatible with the version of Windows|cannot execute the specified program/
        }
    ],
    endedBy: 'itself',
    onlyOutsideTests: true,
    says: notExecutableSays,
    fix: notExecutableFix,
    catches: [
        { log: 'error reading version: fork/exec /tmp/go-build8/b001/exe/version: permission denied\n', exitCode: 1 },
        { log: 'bash: ./build.sh: Permission denied\n', exitCode: 126 },
        { log: 'fork/exec ./bin/protoc: exec format error\n', exitCode: 1 },
        {
            log: '/bin/sh: ./gen: cannot execute binary file: Exec format error\nmake: *** [Makefile:3: gen] Error 126\n',
            exitCode: 2
        },
        { log: 'fork/exec C:\\tools\\gen.exe: %1 is not a valid Win32 application.\n', exitCode: 1 },
        { log: './gen.sh: /bin/bash^M: bad interpreter: No such file or directory\n', exitCode: 126 }
    ],
    ignores: [
        { log: 'fork/exec /usr/bin/gcc: cannot allocate memory\n', exitCode: 1 },
        { log: 'mkdir /.cache: permission denied\n', exitCode: 1 },
        { log: '--- FAIL: TestExec (0.00s)\n    e_test.go:4: fork/exec /x: permission denied\nFAIL\n', exitCode: 1 }
    ],
    links: ['https://man7.org/linux/man-pages/man2/execve.2.html', 'https://pkg.go.dev/os/exec']
});
function notExecutableSays(line) {
    const program = programIn(line);
    return program === null
        ? prose `A program file could not be executed: ${code(line.text.trim().slice(0, 200))}.`
        : prose `${code(program)} is there and could not be executed: ${code(group(line, 'reason') ?? 'refused')}.`;
}
function notExecutableFix(line) {
    const name = plainName(programIn(line));
    const reason = line.text;
    if (/format error|Win32|CPU type|compatible|binary file/.test(reason)) {
        return [
            advice(prose `the file was made for another system or processor: build it for this one; a tool that ${code('go run')} or ${code('go generate')} starts must be built with ${code('GOOS')} and ${code('GOARCH')} unset.`),
            ...(name === null ? [] : [commands(prose `see what it was made for:`, [`file ${name}; uname -m`])])
        ];
    }
    if (/interpreter/.test(reason)) {
        return [
            commands(prose `the first line of the script names an interpreter that is not there; ${code('^M')} means line ends of Windows:`, [
                `head -1 ${name ?? 'SCRIPT'} | od -c | head`,
                "git config core.autocrlf input   # or '*.sh text eol=lf' in .gitattributes"
            ])
        ];
    }
    if (/[/\\]pkg[/\\]tool[/\\]/.test(reason)) {
        return [
            commands(prose `a tool of Go itself: a security module or a mount option forbids it. See which:`, [
                'findmnt -T "$(go env GOTOOLDIR)"; ls -lZ "$(go env GOTOOLDIR)"; getenforce'
            ])
        ];
    }
    return [
        ...(name === null || name.startsWith('/')
            ? []
            : [
                commands(prose `if the executable bit is missing, record it in the repository:`, [
                    `chmod +x ${name}`,
                    `git update-index --chmod=+x ${name}`
                ])
            ]),
        commands(prose `if it lies in a temporary directory that is mounted ${code('noexec')}, use another one:`, [
            'export GOTMPDIR="$PWD/.gotmp" TMPDIR="$PWD/.gotmp"; mkdir -p "$GOTMPDIR"'
        ])
    ];
}
function programIn(line) {
    return group(line, 'program') ?? group(line, 'made') ?? group(line, 'started');
}
/** A system call filter (seccomp) or a sandbox refuses a call. */
const permSeccomp = decidedByWording({
    id: 'perm.seccomp',
    title: 'A system call was refused by a filter',
    meaning: 'A filter of system calls (seccomp, of Docker, Android, systemd or a sandbox) refused a call that the program needs. It either kills the process with SIGSYS or answers EPERM to calls that anybody may make, such as `clone3` or `faccessat2`. Most often the container runtime is older than the C library or the Go release in the image and does not know a newer call.',
    patterns: [
        {
            // SIGSYS: bad system call   (runtime) · signal: bad system call   (os.ProcessState) · Bad system call (core dumped)   (shell)
            name: 'sigsys',
            anchor: ['ad system call', 'SIGSYS'],
            regex: /\bSIGSYS\b|(?:^|[\s:])[Bb]ad system call(?:\s|$)/,
            unless: ASSERTED
        },
        {
            // runtime/cgo: pthread_create failed: Operation not permitted · failed to create new OS thread (have 2 already; errno=1)
            name: 'thread',
            anchor: ['peration not permitted', 'errno=1)'],
            regex: /(?:pthread_create|\bclone3?|[Tt]hread creation|create (?:a )?(?:new )?(?:\w{1,30} )?thread|std::system_error)\b.{0,100}: Operation not permitted|what\(\): {1,3}Operation not permitted|failed to create new OS thread \(have \d{1,9} already; errno=1\)/,
            unless: ASSERTED
        },
        {
            // make: /bin/sh: Operation not permitted · can't fork: Operation not permitted · pipe2: operation not permitted
            name: 'everything',
            anchor: ['peration not permitted', 'getaddrinfo() thread failed'],
            regex: /getaddrinfo\(\) thread failed to start|^make(?:\[\d{1,3}\])?: \S{1,200}: Operation not permitted|\b(?:v?fork|[Cc]annot (?:fork|clone)|pipe2?|epoll_create1?|futex|getrandom|statx|faccessat2|getcwd|socketpair): [Oo]peration not permitted/,
            unless: ASSERTED
        },
        {
            name: 'kernel',
            anchor: ['type=1326', 'SECCOMP', 'netpollinit failed', 'epollcreate failed with'],
            regex: /audit: type=1326 |\btype=SECCOMP\b|runtime: (?:netpollinit|epollcreate) failed/
        }
    ],
    basis: 'refusal',
    confidence: 'likely',
    endedBy: 'itself',
    onlyOutsideTests: true,
    says: (line) => prose `A filter of system calls refused a call: ${code(line.text.trim().slice(0, 200))}.`,
    fix: () => [
        advice(prose `update the container runtime of the machine (Docker 20.10.10 and runc 1.0.2 on know ${code('clone3')} and ${code('faccessat2')}), or use an older image.`),
        commands(prose `to see whether the filter is the cause, run once without it:`, [
            'docker run --security-opt seccomp=unconfined IMAGE'
        ])
    ],
    catches: [
        { log: '$ ./tool\nSIGSYS: bad system call\nPC=0x12f80 m=0 sigcode=1\n', exitCode: 2 },
        {
            log: 'runtime/cgo: pthread_create failed: Operation not permitted\nSIGABRT: abort\nPC=0x7f m=0 sigcode=1\n',
            exitCode: 2
        },
        { log: 'make: /bin/sh: Operation not permitted\nmake: *** [Makefile:2: all] Error 127\n', exitCode: 2 },
        { log: 'example.com/app: /go/pkg/tool/linux_amd64/compile: signal: bad system call\n', exitCode: 1 }
    ],
    ignores: [
        { log: 'runtime/cgo: pthread_create failed: Resource temporarily unavailable\n', exitCode: 2 },
        { log: 'chown: changing ownership of /out: Operation not permitted\n', exitCode: 1 },
        { log: '--- FAIL: TestFilter (0.00s)\n    f_test.go:4: got exit 1, want SIGSYS\nFAIL\n', exitCode: 1 }
    ],
    links: ['https://docs.docker.com/engine/security/seccomp/', 'https://man7.org/linux/man-pages/man2/seccomp.2.html']
});

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/runner.js




/** The server of the platform lost the machine. */
const runnerLost = decidedByWording({
    id: 'runner.lost',
    title: 'The server lost the runner',
    meaning: 'The machine or pod that ran the job stopped answering the server. It may have been taken away (a spot instance, a scaled-down node), have crashed, lost its network, or have been so short of CPU or memory that its agent could not answer. The message of GitHub names all of these as possibilities; none of them is shown by it.',
    patterns: [
        {
            // The hosted runner: GitHub Actions 8 lost communication with the server. Anything in your workflow that …
            name: 'github',
            anchor: [
                'lost communication with the server',
                'encountered an error while running your job',
                'We stopped hearing from agent'
            ],
            regex: /lost communication with the server|runner encountered an error while running your job\. \(Error Type: (?:Disconnect|Failure)\)|We stopped hearing from agent/,
            unless: ASSERTED
        },
        {
            // Jenkins: the channel to the agent; GitLab: the executor; Buildkite; Kubernetes: the node
            name: 'other',
            anchor: [
                'ChannelClosedException',
                'nexpected termination of the channel',
                'Agent went offline during the build',
                'was marked offline: Connection was broken',
                'gent was removed',
                'Cannot contact ',
                'Job failed (system failure)',
                'gent was lost',
                'gent lost',
                'NodeLost',
                'Node is not ready',
                'node was lost',
                'deprovision',
                'reempted'
            ],
            regex: /ChannelClosedException|[Uu]nexpected termination of the channel|Agent went offline during the build|was marked offline: Connection was broken|[Aa]gent was removed$|^Cannot contact \S{1,200}: |Job failed \(system failure\): .{0,500}(?:not found|connection|timed? ?out|EOF|unreachable|refused)|\b[Aa]gent (?:was )?[Ll]ost\b|\bNodeLost\b|TaintManagerEviction|node was lost|Received request to deprovision|instance (?:was|has been|is being) [Pp]reempted/,
            unless: ASSERTED
        }
    ],
    basis: 'stated',
    endedBy: 'other',
    says: () => prose `The server lost the machine of the job. Its message names CPU and memory as possibilities, which is no evidence of either.`,
    fix: () => [
        advice(prose `run the job again: a machine that was taken away or lost its network does not come back twice as a rule.`),
        advice(prose `if it happens at the same step again, run that step under this action with a cap (${code('memory-limit')}): then the build dies rather than the machine, and says why.`)
    ],
    catches: [
        {
            log: 'The hosted runner: GitHub Actions 8 lost communication with the server. Anything in your workflow that terminates the runner process, starves it for CPU/Memory, or blocks its network access can cause this error.\n'
        },
        {
            log: '##[error]We stopped hearing from agent pool-7. Verify the agent machine is running and has a healthy network connection.\n'
        },
        {
            log: 'hudson.remoting.ChannelClosedException: Channel "node-3": Remote call failed. The channel is closing down\n',
            exitCode: null
        },
        { log: 'The runner has received a shutdown signal.\nThe self-hosted runner lost communication with the server.\n' }
    ],
    ignores: [
        { log: 'The runner has received a shutdown signal.\n' },
        { log: 'client_test.go:9: client lost connection\n--- FAIL: TestClient\nFAIL\n', exitCode: 1 }
    ],
    links: ['https://docs.github.com/actions/how-tos/manage-runners/self-hosted-runners/monitor-and-troubleshoot']
});
/** The runner was told to stop, and stopped the job. */
const runnerShutdown = decidedByWording({
    id: 'runner.shutdown',
    title: 'The runner was shut down',
    meaning: 'The service that runs the job was told to stop while the job ran: a spot instance was reclaimed, a machine was scaled down or updated, or the service manager stopped it, which systemd also does after the kernel killed one of its processes for memory. Statuses 137 and 143 after it are the consequence and say nothing about memory.',
    patterns: [
        {
            name: 'signal',
            anchor: [
                'received a shutdown signal',
                'The runner is shutting down',
                'agent is shutting down',
                'potInterruption',
                'pot interruption',
                'pot Interruption',
                'nstance is being terminated'
            ],
            regex: /(?:runner|agent) has received a shutdown signal|The (?:runner|agent) is shutting down|\b[Ss]pot ?[Ii]nterruption\b|instance is being terminated/,
            unless: ASSERTED
        },
        {
            // A Kubernetes pod or a systemd unit that is taken down under the job.
            name: 'platform',
            anchor: ['The system is going down', 'Shutting down runner', 'reclaimed'],
            regex: /The system is going down for (?:reboot|power-?off|halt|system halt)|Shutting down runner listener|spot instance .{0,100}reclaimed/,
            unless: ASSERTED
        }
    ],
    basis: 'stated',
    endedBy: 'other',
    unless: ({ evidence: { log } }) => wasAnyHit(log, 'runner.lost'),
    says: () => prose `The runner was told to stop while the job ran; what ended after that ended because of it.`,
    fix: () => [
        advice(prose `run the job again; if the machine is a spot instance, give long jobs one that is not reclaimed.`),
        advice(prose `on a machine of your own, see why the service stopped: ${code('journalctl -u "actions.runner.*"')}; where systemd stopped it after an out-of-memory kill, set ${code('OOMPolicy=continue')}.`)
    ],
    catches: [
        {
            log: '##[error]The runner has received a shutdown signal. This can happen when the runner service is stopped, or a manually started runner is canceled.\n##[error]The operation was canceled.\n'
        },
        {
            log: 'Killed\n##[error]Process completed with exit code 137.\n##[error]The runner has received a shutdown signal.\n',
            exitCode: 137
        },
        {
            log: '##[error]The agent has received a shutdown signal. This can happen when the agent service is stopped.\nTerminated\n',
            exitCode: 143
        }
    ],
    ignores: [
        { log: '##[error]The operation was canceled.\n' },
        { log: '2026/01/02 03:04:05 server: received shutdown signal\n--- FAIL: TestServe (0.1s)\nFAIL\n', exitCode: 1 }
    ],
    links: [
        'https://docs.github.com/actions/how-tos/manage-runners/self-hosted-runners/monitor-and-troubleshoot',
        'https://github.com/actions/runner'
    ]
});

;// CONCATENATED MODULE: ./lib/diagnose/status-words.js
/**
 * How wrappers report a status: `exit status 137`, `exited with code '137'`, `exit_code=137`, `Exited (137)`, `returned
 * a non-zero code: 137`, `command terminated with exit code 137`, and make in the languages it knows.
 * `number` is the source of an expression without groups that capture.
 */
function statusWords(number) {
    const told = String.raw `(?:\bexit|\bterminat|\bnon-zero|\bstatus|\bcode)[a-z_]{0,10}[^\d]{0,40}\b(?:${number})\b`;
    const made = String.raw `\] (?:Error|Erreur|Fehler|Ошибка|エラー|错误) (?:${number})\b`;
    return String.raw `${told}|\breturned (?:${number})$|${made}`;
}
/** A number in an assertion is what a test compares. */
const COMPARED = /_test\.go:\d|\b(?:want|expected|actual|got)\b/;

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/signal.js






const SIGNAL_LINKS = ['https://man7.org/linux/man-pages/man7/signal.7.html', 'https://pkg.go.dev/os/exec#ExitError'];
/** SIGTERM and SIGINT: by the wait status, by 128+n, or in the words of Go and make. */
function askedToStop(of, definition, signal) {
    const { trace, evidence } = of;
    const line = firstLineOf(evidence.log, definition);
    const isBySignal = trace !== null && trace.signal === signal && trace.how !== 'words';
    if (evidence.stop !== null || (line === null && !isBySignal))
        return null;
    const row = HYPOTHESES.outsideSignal(of);
    return {
        basis: isBySignal ? 'stated' : 'wording',
        confidence: 'likely',
        summary: `${signal} ended the build${endInWords(of)}; it asks a process to stop, and its sender is not visible.`,
        evidence: line !== null ? [quoted('Signal from outside', line, 'likely')] : row === null ? [] : [row],
        ...(line === null ? {} : { lineNumber: line.lineNumber }),
        endedBy: 'other'
    };
}
const signalTerm = {
    id: 'signal.term',
    title: 'Ended by SIGTERM, sender not visible',
    meaning: 'Something asked the build to stop with SIGTERM: a supervisor, a container being stopped, a script with `kill`, or a time limit that does not say so. It is never the memory killer of the kernel, which sends SIGKILL.',
    patterns: [
        { name: 'go', anchor: 'signal: terminated', regex: /(?:^|\s)signal: terminated\s*$/, unless: /_test\.go:\d/ },
        {
            name: 'make',
            anchor: '] Terminated',
            regex: /make(?:\[\d{1,3}\])?: \*\*\* \[[^\]]{1,500}\] Terminated/
        },
        { name: 'status', anchor: '143', regex: new RegExp(statusWords('143'), 'i'), unless: COMPARED },
        {
            name: 'shell',
            anchor: ['Terminated', 'zsh: terminated'],
            regex: /^zsh: terminated |^(?:.{0,300}: line \d{1,6}:\s{1,20}\d{1,9} )?Terminated(?:$|\s{2,}|:)/
        }
    ],
    judge: (of) => askedToStop(of, signalTerm, 'SIGTERM'),
    rulesOut: ['ownCap', 'machine', 'stopped'],
    remedies: () => [
        advice(prose `look for the sender: a supervisor, ${code('kill')} in a script, a container or job that was stopped.`)
    ],
    catches: [
        { log: 'make: *** [Makefile:226: test] Terminated\n', exitCode: 143 },
        { log: 'example.com/app: signal: terminated\n', exitCode: 1 },
        { log: '=== RUN   TestWaits\n', exitCode: 143 }
    ],
    ignores: [
        { log: '    proc_test.go:9: got signal: terminated\n--- FAIL: TestStop\nFAIL\n', exitCode: 1 },
        { log: 'compilation terminated.\n', exitCode: 1 }
    ],
    links: SIGNAL_LINKS
};
const signalInt = {
    id: 'signal.int',
    title: 'Interrupted by SIGINT',
    meaning: 'The build was interrupted as with Ctrl-C. In automation a script or a supervisor sends it; when a GitHub workflow is cancelled, the runner sends it first and the answer is `cancelled`.',
    patterns: [
        { name: 'go', anchor: 'signal: interrupt', regex: /(?:^|\s)signal: interrupt\s*$/, unless: /_test\.go:\d/ },
        {
            name: 'make',
            anchor: ['] Interrupt', '] Error 130'],
            regex: /make(?:\[\d{1,3}\])?: \*\*\* \[[^\]]{1,500}\] (?:Interrupt|Error 130)/
        }
    ],
    judge: (of) => askedToStop(of, signalInt, 'SIGINT'),
    rulesOut: ['ownCap', 'machine', 'stopped'],
    remedies: () => [advice(prose `run it again, unless a script interrupts it: look for ${code('kill -INT')}.`)],
    catches: [
        { log: '=== RUN   TestWaits\nsignal: interrupt\nFAIL\texample.com/slow\t5.440s\n', exitCode: 1 },
        { log: 'building\n', exitCode: 130 }
    ],
    ignores: [
        { log: '    run_test.go:7: want signal: interrupt\n--- FAIL: TestStop\nFAIL\n', exitCode: 1 },
        { log: 'signal: interrupted system call\n', exitCode: 1 }
    ],
    links: SIGNAL_LINKS
};
/** Statuses of Windows for an access violation, as Go and shells print them (ntstatus.h, STATUS_ACCESS_VIOLATION). */
const ACCESS_VIOLATION = [3221225477, -1073741819];
const CRASH_STATUS = [132, 134, 135, 136, 139];
const signalCrash = {
    id: 'signal.crash',
    title: 'A process crashed',
    meaning: 'A program of the build died of a fault of its own: a bad memory access, an illegal instruction, an abort. Go programs turn most faults into a panic with a trace; without one it was a C program, a compiler, cgo code, or a Go installation that does not fit the machine.',
    patterns: [
        {
            name: 'go',
            anchor: 'signal: ',
            regex: /(?:^|\s)signal: (?<signal>segmentation fault|illegal instruction|aborted|bus error|floating point exception|trace\/(?:breakpoint|BPT) trap|abort trap)/,
            unless: /_test\.go:\d/
        },
        {
            name: 'shell',
            anchor: ['Segmentation fault', 'Illegal instruction', 'Aborted', 'Bus error'],
            regex: /^(?:.{0,300}: line \d{1,6}:\s{1,20}\d{1,9} )?(?<signal>Segmentation fault|Illegal instruction|Aborted|Bus error)(?: \(core dumped\)|:\s|\s{2,}|$)/
        },
        {
            // STATUS_ACCESS_VIOLATION, STATUS_ILLEGAL_INSTRUCTION, STATUS_HEAP_CORRUPTION, STATUS_STACK_BUFFER_OVERRUN (ntstatus.h)
            name: 'windows',
            anchor: ['0xc0000', '0xC0000', '1073741819', '3221225477'],
            regex: /exit (?:status|code):? (?:0x[cC]00000(?:05|1[dD])|0x[cC]0000(?:374|409)|-1073741819|3221225477)\b/
        },
        {
            name: 'status',
            anchor: ['132', '134', '135', '136', '139'],
            regex: new RegExp(statusWords('13[24569]'), 'i'),
            unless: COMPARED
        },
        {
            // make: *** [Makefile:3: app] Segmentation fault · zsh: segmentation fault  ./app · terminated by signal SIGSEGV   (fish)
            name: 'named',
            anchor: [
                '] Segmentation fault',
                '] Aborted',
                '] Illegal instruction',
                '] Bus error',
                'zsh: ',
                'terminated by signal SIG'
            ],
            regex: /make(?:\[\d{1,3}\])?: \*\*\* \[[^\]]{1,500}\] (?:Segmentation fault|Aborted|Illegal instruction|Bus error)|^zsh: (?:segmentation fault|abort|illegal hardware instruction|bus error|trace trap)|terminated by signal SIG(?:SEGV|ABRT|ILL|BUS|FPE|TRAP)\b/
        }
    ],
    judge: crash,
    rulesOut: ['ownCap', 'machine', 'outsideSignal'],
    remedies: () => [
        advice(prose `see which program crashed and whether it does so alone; a version of Go or of the C compiler that does not fit the machine is the usual reason.`),
        commands(prose `check the installation.`, ['go version', 'go env GOARCH GOAMD64 GOARM CC'])
    ],
    catches: [
        { log: '$ go get example.com/x\nSegmentation fault (core dumped)\n', exitCode: 139 },
        { log: 'exit status 0xc0000005\nFAIL\truntime\t18.512s\n', exitCode: 1 },
        { log: '/usr/local/go/pkg/tool/linux_amd64/compile: signal: illegal instruction\n', exitCode: 1 }
    ],
    ignores: [
        {
            log: 'panic: runtime error: invalid memory address\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x1]\n',
            exitCode: 2
        },
        { log: 'test2json: exit status 0xc0000135\n', exitCode: 1 }
    ],
    links: SIGNAL_LINKS
};
function crash(of) {
    const { evidence, trace } = of;
    const line = firstLineOf(evidence.log, signalCrash);
    const status = evidence.exit?.code ?? 0;
    const isByStatus = ACCESS_VIOLATION.includes(status) || CRASH_STATUS.includes(status);
    const isBySignal = trace !== null && trace.how === 'signal' && of.attribution.endedBy === 'itself';
    if (line === null && !isByStatus && !isBySignal)
        return null;
    if (wasHit(evidence.log, 'disk.full', ['mapped-output']))
        return null;
    return {
        basis: line === null ? 'status' : 'wording',
        confidence: line === null ? 'possible' : 'certain',
        summary: `${prose `A process of the build crashed: ${code(line === null ? (trace?.signal ?? `status ${status}`) : line.text.trim().slice(0, 200))}`}${endInWords(of)}.`,
        evidence: line === null ? [] : [quoted('A process crashed', line, 'certain')],
        ...(line === null ? {} : { lineNumber: line.lineNumber }),
        endedBy: 'itself'
    };
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/signal-kill.js









/** SIGKILL that was not for memory, or of which nothing but the status is known. */
const signalKill = {
    id: 'signal.kill',
    title: 'Killed by SIGKILL, sender not visible',
    meaning: 'A process was ended by SIGKILL, which it can neither catch nor explain, and Linux does not record the sender. Where the counters of the kernel were read and no out-of-memory kill was counted, it was not memory: then another process sent it, such as `kill -9`, `timeout -s KILL`, a container being removed, or a platform. Status 137 alone says only 128 + 9.',
    patterns: [
        {
            // + kill -9 4711   (a shell with `set -x`)
            name: 'sender',
            anchor: ['kill -9', 'kill -KILL', 'kill -s KILL', 'pkill', 'killall'],
            regex: /^\s*\++ (?:\S{0,100}\/)?(?:kill (?:-9|-KILL|-s KILL)|pkill|killall)\b/
        },
        {
            // [1]    88201 killed     ./app   (zsh) · ./run.sh: line 3: 42 Killed: 9   ./app   (bash on macOS)
            name: 'program',
            anchor: ['killed ', 'Killed: 9', 'zsh: killed'],
            regex: /^\s*\[\d{1,4}\]\s{1,10}[+-]?\s{0,10}\d{1,9} killed\s{2,}|^zsh: killed {2,}|(?:^|\s)Killed: 9(?:\s|$)/,
            unless: /terminated with signal/
        },
        {
            // returned a non-zero code: 137 · exit status 137 · exited with code 137 · make: *** [all] Error 137
            name: 'status',
            anchor: '137',
            regex: new RegExp(statusWords('137'), 'i'),
            unless: COMPARED
        }
    ],
    judge: (of) => measuredKill(of) ?? statedKill(of),
    rulesOut: ['ownCap', 'machine', 'limitAbove', 'userspaceKiller', 'stopped'],
    remedies: (_match, of) => of.attribution.endedBy === 'other'
        ? [
            commands(prose `find the sender. A larger runner or a lower ${code('-p')} will not help.`, [
                "git grep -nE 'pkill|kill -9|-s *KILL'"
            ])
        ]
        : [
            advice(prose `look at what runs beside the build: a time limit, a container that was stopped, ${code('kill')} in a script.`),
            advice(prose `memory is possible too: the kernel log of the machine (${code('journalctl -k')}) tells.`)
        ],
    catches: [
        { log: 'Building\n', exitCode: 137 },
        { log: "ERROR: The command '/bin/sh -c go build' returned a non-zero code: 137\n", exitCode: 1 },
        { log: '+ kill -9 4711\nKilled\n', exitCode: 137 }
    ],
    ignores: [
        { log: 'ok  \texample.com/a137\t0.137s\nFAIL\texample.com/b\t0.2s\n', exitCode: 1 },
        { log: 'compile: exit status 2\n', exitCode: 1 }
    ],
    links: ['https://man7.org/linux/man-pages/man7/signal.7.html', 'https://man7.org/linux/man-pages/man1/timeout.1.html']
};
function measuredKill(of) {
    const { attribution, trace, victim, evidence } = of;
    if (trace?.signal !== 'SIGKILL' || attribution.endedBy !== 'other')
        return null;
    const lowest = lowestAvailableBytes(evidence);
    const total = machineBytes(evidence);
    const available = lowest === null ? null : total === null ? formatBytes(lowest) : formatShare(lowest, total);
    const free = available === null ? '' : ` with at least ${available} available`;
    const who = evidence.exit?.signal === 'SIGKILL'
        ? 'The command itself'
        : victim?.knownBy === 'log'
            ? `The process ${nameOf(victim)}`
            : 'A process of the build';
    const verdict = attribution.outOfMemory === 'false'
        ? 'No out-of-memory kill was counted, so the signal came from elsewhere; Linux does not record the sender'
        : 'The kernel counted no out-of-memory kill, but a memory daemon runs here whose kills it does not count';
    const row = HYPOTHESES.outsideSignal(of);
    return {
        basis: trace.how === 'words' ? 'kill' : 'counters',
        confidence: attribution.outOfMemory === 'false' ? 'likely' : 'possible',
        summary: `${who} was killed${endInWords(of)}${free}. ${verdict}.`,
        evidence: row === null ? [] : [row]
    };
}
/** Without counters: a named sender, or nothing but the status. */
function statedKill(of) {
    const { attribution, trace, evidence } = of;
    if (attribution.outOfMemory === 'true' || !['unknown', 'itself'].includes(attribution.endedBy))
        return null;
    const sender = firstLineOf(evidence.log, signalKill, ['sender']);
    const line = sender ?? firstLineOf(evidence.log, signalKill);
    if (trace?.signal !== 'SIGKILL' && line === null)
        return null;
    if (sender !== null && trace?.signal !== 'SIGKILL')
        return null;
    return {
        basis: sender === null ? 'status' : 'stated',
        confidence: sender === null ? 'possible' : 'likely',
        summary: `A process was ended by SIGKILL${endInWords(of)}; ${sender === null ? 'nothing says by whom, and a status of 137 alone is no sign of memory' : 'a script of the log sends it'}.`,
        evidence: line === null ? [] : [quoted('Signal from outside', line, 'likely')],
        ...(line === null ? {} : { lineNumber: line.lineNumber }),
        endedBy: sender === null ? 'unknown' : 'other'
    };
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/stop.js









const GUARD_LINKS = ['https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax'];
/** A time limit of anything but `go test` itself. */
const timeout = {
    id: 'timeout',
    title: 'A time limit was reached',
    meaning: 'The build ran longer than something allowed: the `timeout` of this action, the `timeout` command, a linter, or the limit of a step or job. What was killed at the end was killed for the time, not for memory. The time limit of `go test` itself is `test.timeout`.',
    patterns: [
        { name: 'coreutils', anchor: 'timeout: sending signal', regex: /(?:^|\s)timeout: sending signal \S/ },
        { name: 'job', anchor: 'Killed', regex: / Killed {2,}(?:\S{0,200}\/)?timeout / },
        {
            name: 'status',
            anchor: '124',
            regex: new RegExp(statusWords('124'), 'i'),
            unless: COMPARED
        },
        {
            // level=error msg="Timeout exceeded: try increasing it by passing --timeout option"   (golangci-lint)
            name: 'linter',
            // failed to load packages: timed out to load packages: context deadline exceeded · release failed after 1h0m0s error=context deadline exceeded
            anchor: ['Timeout exceeded: try increasing', 'timed out to load packages', 'eadline exceeded'],
            regex: /Timeout exceeded: try increasing|[Dd]eadline exceeded: try increase|Running error: .{0,300}context deadline exceeded|timed out to load packages|failed to load packages: .{0,300}context deadline exceeded|\b(?:release|build) failed after \d.{0,200}context deadline exceeded|^(?:ERROR|Error): (?:\(gcloud[^)]{0,100}\) )?context deadline exceeded$/
        },
        {
            // TIMEOUT: //pkg:go_default_test (Summary) · -- Test timed out at 2026-01-02 03:04:05 UTC --   (bazel)
            name: 'bazel',
            anchor: ['TIMEOUT: //', '-- Test timed out at '],
            regex: /^\s*TIMEOUT: \/\/\S|^-- Test timed out at \d/
        },
        {
            // [TIMEDOUT] A suite timeout occurred   (ginkgo) · Timeout of 600000ms hit   (retry actions)
            name: 'wrapper',
            anchor: [
                'A suite timeout occurred',
                'Ginkgo timed out waiting',
                'Timeout of ',
                'deadline',
                'failed to finish within'
            ],
            regex: /A suite timeout occurred|Ginkgo timed out waiting for all parallel procs|^(?:Error: )?Timeout of \d{1,9}ms hit|active (?:on the node )?longer than (?:the )?specified deadline|(?:TaskRun|PipelineRun) .{1,200} failed to finish within /,
            unless: /_test\.go:\d/
        },
        {
            // GitHub, GitLab, Jenkins, Azure Pipelines, CircleCI, Travis CI
            name: 'platform',
            anchor: [
                'has timed out after',
                'maximum execution time',
                'execution took longer than',
                'Build timed out',
                'due to timeout',
                'imeout has been exceeded',
                'longer than the maximum time',
                'Too long with no output',
                'maximum time limit for jobs',
                'No output has been received in the last',
                'command timed out: ',
                'timed out after ',
                'did not finish before ',
                'maximum allowed time for your plan',
                'rocessing timeout',
                'aximum time limit',
                'uild timed out',
                'uild has timed out',
                'Job timed out',
                'exceeded max',
                'exceeded the max',
                'been a timeout failure'
            ],
            regex: /(?:has timed out after \d|exceeded the maximum execution time|execution took longer than \S|Build timed out|Cancelling nested steps due to timeout|Timeout has been exceeded|ran longer than the maximum time|Too long with no output|exceeded the maximum time limit for jobs|No output has been received in the last \d|^command timed out: \d|\btimed out after \d+(?:\.\d+)? (?:second|minute|hour)s|[Pp]rocess did not finish before \S+ timeout|maximum allowed time for your plan|exceeded processing timeout|exceeded (?:the |its )?max(?:imum)? (?:allowed )?(?:time|runtime|run time|duration)|been a timeout failure or the job got stuck|\b[Bb]uild (?:has )?timed out\b|^Job timed out)/,
            unless: /_test\.go:\d/
        }
    ],
    judge: timedOut,
    rulesOut: ['ownCap', 'machine', 'outsideSignal', 'disk'],
    remedies: (_match, { evidence: { stop } }) => stop?.kind === 'timeout'
        ? [
            inputs(prose `allow more time, if the build was still making progress.`, [
                `timeout: ${durationInput(60_000 * Math.ceil((1.5 * stop.afterMs) / 60_000))}   # was ${durationInput(stop.afterMs)}`
            ])
        ]
        : [advice(prose `raise the limit that the quoted line names, or see what the build was waiting for at its end.`)],
    catches: [
        { log: 'timeout: sending signal TERM to command ‘go’\n', exitCode: 124 },
        { log: 'bash: line 1:  9216 Killed                  timeout -s KILL 4 go test ./...\n', exitCode: 137 },
        { log: 'level=error msg="Timeout exceeded: try increasing it by passing --timeout option"\n', exitCode: 4 },
        { log: "##[error]The action 'Build' has timed out after 10 minutes.\n" },
        { log: '=== RUN   TestWaits\n', exitCode: 124 }
    ],
    ignores: [
        { log: 'panic: test timed out after 10m0s\nrunning tests:\n\tTestA (10m0s)\n', exitCode: 2 },
        { log: '--- FAIL: TestDial (1.00s)\n    dial_test.go:9: i/o timeout\nFAIL\n', exitCode: 1 }
    ],
    links: [...GUARD_LINKS, 'https://www.gnu.org/software/coreutils/manual/html_node/timeout-invocation.html']
};
function timedOut(of) {
    const { stop, exit, log } = of.evidence;
    const row = HYPOTHESES.stopped(of);
    if (stop?.kind === 'timeout') {
        return {
            basis: 'guard',
            confidence: 'certain',
            summary: prose `The build was still running after ${figure(formatDuration(stop.afterMs))}, the time that ${code('timeout')} allows, and the guard ended it.`,
            evidence: row === null ? [] : [row],
            endedBy: 'guard'
        };
    }
    const line = firstLineOf(log, timeout);
    if (stop !== null || (line === null && exit?.code !== 124))
        return null;
    return {
        basis: 'stated',
        confidence: line === null ? 'likely' : 'certain',
        summary: `A time limit ended the build${endInWords(of)}${line === null ? '; 124 is the status of the timeout command' : ''}.`,
        evidence: line === null ? [] : [quoted('A time limit', line, 'certain')],
        ...(line === null ? {} : { lineNumber: line.lineNumber }),
        endedBy: 'other'
    };
}
/** Stopped from outside on purpose. */
const cancelled = {
    id: 'cancelled',
    title: 'The run was cancelled',
    meaning: 'Somebody or something stopped the run on purpose: a person, a newer push with `cancel-in-progress`, a failed sibling of the matrix with `fail-fast`. The signals that follow are the consequence, and nothing is wrong with the build.',
    patterns: [
        {
            name: 'platform',
            anchor: [
                'operation was canceled',
                'Sending interrupt signal to process',
                'Canceling since',
                'Job failed: canceled',
                'Job Cancelled',
                'eceived interrupt',
                'Aborted by ',
                'eceived cancellation signal',
                'un was canceled by',
                'configuration was canceled',
                'The job was canceled because',
                'aught interrupt signal',
                'uild was cancel',
                'Canceled: context canceled',
                'ntrypoint received interrupt',
                'Interrupted by User',
                'system failure): aborted'
            ],
            regex: /The operation was canceled|^\s*Sending interrupt signal to process|Canceling since a higher priority|Job failed: canceled|Done: Job Cancelled|\b[Rr]eceived interrupt\b|^Aborted by \S|\b[Rr]eceived cancellation signal\b|run was canceled by @|strategy configuration was canceled because|^The job was canceled because|caught interrupt signal; |\b[Bb]uild was cancell?ed\b|failed to solve: Canceled: context canceled|Interrupted by User|\(system failure\): aborted: /,
            unless: /_test\.go:\d|(?:dial|lookup|read|write) .{0,300}operation was canceled/
        }
    ],
    judge: (of) => {
        const { stop, log } = of.evidence;
        const row = HYPOTHESES.stopped(of);
        if (stop?.kind === 'cancel') {
            return {
                basis: 'guard',
                confidence: 'certain',
                summary: prose `The run was cancelled: ${figure(stop.signal)} came after ${figure(formatDuration(stop.afterMs))}.`,
                evidence: row === null ? [] : [row],
                endedBy: 'cancel'
            };
        }
        const line = firstLineOf(log, cancelled);
        if (stop !== null || line === null)
            return null;
        return {
            basis: 'stated',
            confidence: 'likely',
            summary: `The run was stopped from outside${endInWords(of)}.`,
            evidence: [quoted('Cancelled', line, 'likely')],
            lineNumber: line.lineNumber,
            endedBy: 'cancel'
        };
    },
    rulesOut: ['ownCap', 'machine', 'disk'],
    remedies: () => [advice(prose `nothing has to change; run it again if it was not meant.`)],
    catches: [
        { log: '##[error]The operation was canceled.\n' },
        { log: 'Sending interrupt signal to process\n\nTerminated\n', exitCode: 143 }
    ],
    ignores: [
        { log: 'dial tcp: lookup db: operation was canceled\n', exitCode: 1 },
        { log: '    ctx_test.go:4: The operation was canceled\n--- FAIL: TestCtx\nFAIL\n', exitCode: 1 }
    ],
    links: ['https://docs.github.com/actions/reference/workflows-and-actions/workflow-cancellation']
};
/** Reported by the post step, which finds the state of a main step that left none of its farewell. */
const guardDied = {
    id: 'guard.died',
    title: 'The guard died before the build ended',
    meaning: 'The step that ran the build was killed together with it, before it could report. Most often a container or pod reached its memory limit and everything in it was killed at once; a runner that was lost or shut down, and a `kill -9`, look the same. The post step found the last notes of the guard and reports from them; what the counters said at the end is not known.',
    patterns: [],
    judge: diedWithTheGuard,
    rulesOut: [],
    remedies: () => [
        advice(prose `look at the last state of the runner or pod: a container whose limit kills all its processes takes the guard along.`),
        inputs(prose `let the guard end the build before such a limit.`, ['enforcement: watch'])
    ],
    catches: [],
    ignores: [{ log: 'The runner has received a shutdown signal.\n' }, { log: 'Killed\n', exitCode: 137 }],
    links: GUARD_LINKS
};
function diedWithTheGuard({ evidence: { stop, timeline } }) {
    if (stop?.kind !== 'died')
        return null;
    const last = timeline?.last ?? null;
    const [largest] = last?.processes ?? [];
    const held = last === null
        ? ''
        : ` At the last look, ${formatDuration(last.atMs)} after the start, the build held ${formatBytes(last.treeBytes)}`;
    const most = largest === undefined ? '' : `, most of it ${nameOf(largest)} with ${formatBytes(largest.bytes)}`;
    return {
        basis: 'guard',
        confidence: 'certain',
        summary: `The main step was killed before it could report.${held}${most}${held === '' ? '' : '.'}`,
        evidence: [{ hypothesis: 'The guard itself was killed', measured: prose `its notes have no end`, verdict: 'cause' }],
        endedBy: 'unknown'
    };
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/target.js




/** A system and architecture for which Go has no port, or a mode that the port lacks. */
const targetUnsupported = decidedByWording({
    id: 'target.unsupported',
    title: 'Go has no such target',
    meaning: '`GOOS` and `GOARCH` name the system and the architecture that the program is for, and this installation of Go has no port to that pair: a misspelt name (`x86_64` for `amd64`, `macos` for `darwin`), the two mixed up, a value left over from another step, or a pair that this release does not have yet or no longer has.',
    patterns: [
        {
            // go: unsupported GOOS/GOARCH pair windows/x86_64 · cmd/go: unsupported GOOS/GOARCH pair … (before go 1.21)
            name: 'pair',
            anchor: ['unsupported GOOS', 'unsupported GOARCH', 'unknown $GOOS', 'unknown $GOARCH', 'unknown goarch'],
            regex: /unsupported GOOS\/GOARCH(?: pair)?:? (?<pair>\S{1,60})|(?:unsupported|unknown) \$?GOOS(?:=| )\S|(?:unsupported|unknown) \$?GOARCH(?:=| )\S|go tool dist: unknown goarch/,
            unless: /_test\.go:\d/
        },
        {
            // -race is not supported on linux/riscv64 · -buildmode=plugin not supported on windows/amd64   (cmd/go/internal/work/init.go)
            name: 'mode',
            anchor: [' not supported on ', ' is only supported on '],
            regex: /^(?:go(?: \w{1,10})?: )?-(?<mode>race|msan|asan|fuzz|linkshared|buildmode=\S{1,20})(?: flag)? (?:is )?(?:not|only) supported on (?<port>[a-z0-9]{2,20}\/\S{2,30})/
        },
        {
            // go: invalid GOARM: must start with 5, 6, or 7, … · Invalid GOAMD64 value. Must be one of v1, v2, v3, v4.
            name: 'level',
            anchor: ['nvalid GO', 'nvalid $GO'],
            regex: /\b[Ii]nvalid \$?GO(?:386|AMD64|ARM64|ARM|MIPS64|MIPS|PPC64|RISCV64|WASM)\b/
        }
    ],
    endedBy: 'itself',
    says: (line) => {
        const pair = group(line, 'pair');
        if (pair !== null)
            return prose `This Go has no port to ${code(pair)}.`;
        const mode = group(line, 'mode');
        if (mode !== null)
            return prose `${code(`-${mode}`)} does not exist for ${code(group(line, 'port') ?? '')}.`;
        return prose `The target is not known to this Go: ${code(line.text.trim())}.`;
    },
    fix: () => [
        commands(prose `see which targets this Go has, and what is set here:`, ['go tool dist list', 'go env GOOS GOARCH']),
        advice(prose `correct ${code('GOOS')} and ${code('GOARCH')} in the workflow or the script; a value set by ${code('go env -w')} is removed with ${code('go env -u GOOS GOARCH')}.`)
    ],
    catches: [
        { log: 'go: unsupported GOOS/GOARCH pair macos/x86_64\n', exitCode: 1 },
        {
            log: 'cmd/go: unsupported GOOS/GOARCH pair windows/ppc64\nmake: *** [app.exe] Error 2\n',
            exitCode: 2
        },
        { log: '-race is not supported on linux/386\n', exitCode: 2 },
        { log: 'go build: -buildmode=plugin not supported on windows/amd64\n', exitCode: 1 }
    ],
    ignores: [
        { log: '    skip_test.go:5: fsnotify is not supported on plan9/386\n--- SKIP: TestWatch (0.00s)\n', exitCode: 1 },
        { log: 'operation not supported on socket\n', exitCode: 1 }
    ],
    links: ['https://go.dev/doc/install/source#environment', 'https://go.dev/wiki/MinimumRequirements']
});
/** A package of which nothing is left for the target. */
const targetConstraints = decidedByWording({
    id: 'target.constraints',
    title: 'Build constraints leave no file',
    meaning: 'Every Go file of a package is excluded for this target: by a `//go:build` line, by a file name such as `_windows.go`, or because the files use cgo and cgo is off. With `CGO_ENABLED=0`, which is also the default when cross-compiling, packages that only bind a C library have no file left.',
    patterns: [
        {
            // package example.com/app
            //	imports example.com/gdk: build constraints exclude all Go files in /go/pkg/mod/…   (go/build.NoGoError)
            name: 'excluded',
            anchor: ['build constraints exclude all Go files', 'no buildable Go source files in'],
            regex: /(?:(?:^|\s)(?:imports|package) (?<package>[^\s:]{1,300}): )?(?:build constraints exclude all Go files|no buildable Go source files)(?: in (?<directory>\S{1,400}))?/,
            unless: /_test\.go:\d{1,7}: (?!.{0,300}\bimports )|^\s*go: warning: |matched no packages|_test\.go:\d{1,7}: .{0,200}(?:want|got|expected)/
        }
    ],
    endedBy: 'itself',
    says: (line) => {
        const name = group(line, 'package') ?? group(line, 'directory');
        return name === null
            ? prose `A package has no Go file for this target.`
            : prose `${code(name)} has no Go file for this target.`;
    },
    fix: (line) => {
        const name = plainName(group(line, 'package'));
        const listed = name === null || name === '.' ? './...' : name;
        return [
            commands(prose `see which files are left out, and for what target:`, [
                'go env GOOS GOARCH CGO_ENABLED',
                `go list -e -f '{{.ImportPath}} {{.IgnoredGoFiles}} {{.CgoFiles}}' ${listed}`
            ]),
            advice(prose `if they are cgo files, build with ${code('CGO_ENABLED=1')} and a C compiler for the target; if they need a tag, add ${code('-tags')}; if the package is for another system, keep it out of the list that is built.`)
        ];
    },
    catches: [
        {
            log: 'package example.com/chat\n\timports example.com/adaptive\n\timports example.com/gdk/v4: build constraints exclude all Go files in /go/pkg/mod/example.com/gdk@v0.1.0/v4\n',
            exitCode: 1
        },
        { log: "can't load package: package .: build constraints exclude all Go files in /src/app\n", exitCode: 1 },
        { log: 'main.go:9:2: build constraints exclude all Go files in /src/vendor/example.com/gl\n', exitCode: 1 },
        {
            log: "can't load package: package example.com/x: no buildable Go source files in /go/src/example.com/x\n",
            exitCode: 1
        }
    ],
    ignores: [
        {
            log: '--- FAIL: TestLoad (0.00s)\n    load_test.go:9: build constraints exclude all Go files in /tmp/x\nFAIL\n',
            exitCode: 1
        },
        { log: 'no Go files in /src/app\n', exitCode: 1 }
    ],
    links: ['https://pkg.go.dev/cmd/go#hdr-Build_constraints', 'https://pkg.go.dev/go/build#NoGoError']
});

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/test-death.js




/** What the runtime throws for a mistake of the program (runtime/panic.go, map.go, sema.go); shortages are no mistakes. */
const THROWN = 'all goroutines are asleep|no goroutines \\(main called|concurrent map |stack overflow|sync: |checkptr: |found bad pointer in Go heap|unexpected signal during runtime execution|fault$|invalid pointer found|sweep increased allocation count|bad pointer in |casgstatus: |malloc during signal|runtime(?:[.·]|: )(?!out of memory|cannot (?:allocate|map)|failed to)';
const testPanic = {
    id: 'test.panic',
    title: 'A test binary panicked',
    meaning: 'The code under test, or the test itself, panicked (a nil pointer, an index out of range, an explicit `panic`) or met a fatal error of the Go runtime (a deadlock, two writers of one map, a stack that never ends). That ends the whole binary: the tests after it did not run. The first lines of the trace of the goroutine marked `[running]` that lie in the module show where.',
    patterns: [
        {
            // panic: runtime error: index out of range [3] with length 3 · panic: boom [recovered]
            name: 'panic',
            anchor: 'panic:',
            regex: /^\s{0,8}panic:(?: (?<reason>(?!test timed out after)\S.{0,500})|$)/,
            unless: /_test\.go:\d{1,7}: /
        },
        {
            // fatal error: all goroutines are asleep - deadlock! · fatal error: concurrent map writes
            name: 'fatal',
            anchor: 'fatal error: ',
            regex: new RegExp(`^\\s{0,8}fatal error: (?<reason>(?:${THROWN}).{0,300})`)
        },
        {
            // SIGSEGV: segmentation violation
            // PC=0x7f01 m=4 sigcode=1      (a fault in C code: runtime/signal_unix.go)
            name: 'fault',
            anchor: ['SIGSEGV: ', 'SIGBUS: ', 'SIGFPE: ', 'SIGILL: ', 'SIGABRT: ', 'SIGTRAP: '],
            regex: /^\s{0,8}(?<reason>SIG(?:SEGV|BUS|FPE|ILL|ABRT|TRAP): [a-z /]{3,40})$/,
            next: /^\s*PC=0x/
        },
        {
            // • [PANICKED] · [Panic!] Store [It] opens · Test Panicked   (ginkgo) · PANIC: a_test.go:12: S.TestA   (gocheck)
            name: 'framework',
            anchor: [
                'Ginkgo panics to prevent',
                '[PANICKED]',
                '[Panic!]',
                '• Panic [',
                'Test Panicked',
                'PANIC: ',
                'test panicked: ',
                ' PANICKED'
            ],
            regex: /\[PANICKED\]|^\s*Ginkgo panics to prevent|^\s*\[Panic!\] |^\s*• Panic \[|^\s*Test Panicked$|^\s*PANIC: \S{1,300}_test\.go:\d|(?:^|\s)test panicked: (?<reason>.{1,300})|^\s*OOPS: .{0,60}\d PANICKED/
        }
    ],
    judge: panicked,
    rulesOut: [],
    remedies: () => [
        advice(prose `read the trace from the line ${code('goroutine … [running]')} down to the first file of this module; that line, or its caller, is the place.`),
        commands(prose `see all goroutines, and stop at the first failure:`, ['GOTRACEBACK=all go test -failfast ./...'])
    ],
    catches: [
        {
            log: '--- FAIL: TestGet (0.00s)\npanic: runtime error: invalid memory address or nil pointer dereference [recovered]\n\tpanic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x12]\n\ngoroutine 7 [running]:\ntesting.tRunner.func1.2({0x10, 0x11})\nFAIL\texample.com/app\t0.01s\n',
            exitCode: 1
        },
        {
            log: 'fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\ntesting.(*T).Run(0xc000)\nFAIL\texample.com/app\t0.03s\n',
            exitCode: 1
        },
        {
            log: 'runtime: goroutine stack exceeds 1000000000-byte limit\nfatal error: stack overflow\n\nruntime stack:\nFAIL\texample.com/app\t2.03s\n',
            exitCode: 1
        },
        {
            log: '=== RUN   TestMap\nfatal error: concurrent map writes\n\ngoroutine 8 [running]:\nFAIL\texample.com/app\t0.1s\n',
            exitCode: 1
        },
        { log: '$ go test -v\npanic: runtime error: index out of range\n\ngoroutine 23 [running]:\n', exitCode: 2 }
    ],
    ignores: [
        {
            log: '=== RUN   TestRecover\npanic: boom\n--- PASS: TestRecover (0.00s)\n--- FAIL: TestB (0.00s)\nFAIL\texample.com/a\t0.1s\n',
            exitCode: 1
        },
        { log: 'panic: test timed out after 10m0s\nrunning tests:\n\tTestA (10m0s)\n', exitCode: 1 },
        { log: '2026/01/02 03:04:05 http: panic serving 127.0.0.1:1: x\n--- FAIL: TestServe (0.00s)\nFAIL\n', exitCode: 1 },
        { log: 'fatal error: runtime: out of memory\n\nruntime stack:\nFAIL\texample.com/app\t0.1s\n', exitCode: 1 }
    ],
    links: ['https://go.dev/ref/spec#Handling_panics', 'https://pkg.go.dev/runtime#hdr-Environment_Variables']
};
/** A program may print a panic that it recovered from: what a test printed and lived on is none. */
function panicked(of) {
    const { log } = of.evidence;
    const line = firstLineOutsideTests(log, testPanic);
    const inTests = showsTests(log) || wasHit(log, CONTEXT.id, ['test-binary']);
    if (line === null || (wasHit(log, CONTEXT.id, ['go-tool-frame']) && !inTests))
        return null;
    // Outside of tests it takes the trace: a script may print the word as well.
    if (!inTests && !wasHit(log, CONTEXT.id, ['goroutine']) && !/\[recovered|goroutine|runtime error: /.test(line.text))
        return null;
    const confidence = inTests ? 'certain' : 'likely';
    const reason = group(line, 'reason') ?? line.text.trim();
    return {
        basis: 'wording',
        confidence,
        summary: inTests
            ? prose `A test binary ended by a panic: ${code(reason)}.`
            : prose `A Go program ended by a panic: ${code(reason)}.`,
        evidence: [quoted('Panic', line, confidence)],
        lineNumber: line.lineNumber,
        endedBy: 'itself'
    };
}
const testRace = decidedByWording({
    id: 'test.race',
    title: 'The race detector found a data race',
    meaning: 'Two goroutines used the same memory at the same time, at least one of them writing, and nothing ordered them. The race detector (`-race`) saw it happen and fails the test in which it did, even if every assertion holds. The report shows both accesses and where both goroutines were started.',
    patterns: [
        {
            name: 'report',
            anchor: 'WARNING: DATA RACE',
            regex: /^\s{0,12}WARNING: DATA RACE$/
        },
        {
            // testing.go:1398: race detected during execution of test · Found 2 data race(s)
            name: 'verdict',
            anchor: ['race detected during execution of test', ' data race(s)'],
            regex: /^.{0,60}testing\.go(?::\d{1,6})?: race detected during execution of test|^\s*race detected (?:during|outside of) \S|^\s*Found \d{1,6} data race\(s\)/
        }
    ],
    isOfTests: true,
    endedBy: 'itself',
    says: () => prose `The race detector saw two goroutines use the same memory without order, at least one of them writing.`,
    fix: () => [
        advice(prose `the report names both places (${code('Write at')}, ${code('Previous read at')}): guard the variable with a mutex, hand it over by a channel, or wait for the goroutine before the test ends.`),
        commands(prose `provoke it again:`, ['go test -race -count=20 -failfast ./...'])
    ],
    catches: [
        {
            log: '==================\nWARNING: DATA RACE\nWrite at 0x00c000 by goroutine 52:\n  example.com/app.(*T).Start()\n--- FAIL: TestStart (0.01s)\n    testing.go:1398: race detected during execution of test\nFAIL\n',
            exitCode: 1
        },
        { log: '--- FAIL: TestA (0.00s)\n    testing.go:853: race detected during execution of test\nFAIL\n', exitCode: 1 },
        { log: 'WARNING: DATA RACE\nRead at 0x00c0 by goroutine 7:\nFound 1 data race(s)\nexit status 66\n', exitCode: 1 }
    ],
    ignores: [
        { log: '    doc_test.go:5: prints WARNING: DATA RACE\n--- FAIL: TestDoc (0.00s)\nFAIL\n', exitCode: 1 },
        { log: 'FATAL: ThreadSanitizer: unsupported VMA range\nFAIL\texample.com/a\t0.01s\n', exitCode: 1 }
    ],
    links: ['https://go.dev/doc/articles/race_detector']
});

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/test-timeout.js



/** The limit of `go test` itself. */
const testTimeout = decidedByWording({
    id: 'test.timeout',
    title: 'Tests ran out of time',
    meaning: '`go test` gives each test binary ten minutes, or what `-timeout` says, for all of its tests together. Then the binary panics and prints every goroutine; if it does not even do that, `go` sends SIGQUIT and kills it. The tests that were running are named, with how long they ran; one that ran as long as the limit hangs, many short ones mean that the limit is too low.',
    patterns: [
        {
            // panic: test timed out after 10m0s   (testing/testing.go)
            name: 'panic',
            anchor: 'test timed out after ',
            regex: /(?:^|\s)panic: test timed out after (?<limit>[\dhms.µn]{2,20})/,
            unless: /_test\.go:\d{1,7}: /
        },
        {
            // *** Test killed with quit: ran too long (11m0s).   (cmd/go/internal/test)
            name: 'killed',
            anchor: '*** Test ',
            regex: /\*\*\* Test (?:killed|running)[^:]{0,60}: ran too long(?: \((?<limit>[\dhms.]{2,20})\))?/,
            unless: /_test\.go:\d{1,7}: /
        },
        {
            // SIGQUIT: quit
            // PC=0x27438c m=0 sigcode=0
            name: 'quit',
            anchor: 'SIGQUIT: quit',
            regex: /^\s{0,8}SIGQUIT: quit/,
            next: /^\s*PC=0x/
        }
    ],
    basis: 'stated',
    onlyOutsideTests: true,
    endedBy: 'itself',
    says: (line) => {
        const limit = group(line, 'limit');
        return limit === null
            ? prose `A test binary ran too long, and ${code('go test')} ended it.`
            : prose `A test binary ran longer than the ${code(limit)} that it had, and ${code('go test')} ended it.`;
    },
    fix: (line) => [
        advice(prose `look at the tests below ${code('running tests:')} and at their goroutines: one that waits (${code('chan receive')}, ${code('select')}, ${code('IO wait')}) for nearly all that time hangs.`),
        commands(prose `if they only need longer, give them more:`, [
            `go test -timeout ${doubled(group(line, 'limit'))} ./...`
        ])
    ],
    catches: [
        {
            log: '=== RUN   TestA\npanic: test timed out after 10m0s\nrunning tests:\n\tTestA (10m0s)\n\ngoroutine 17 [running]:\n',
            exitCode: 1
        },
        {
            log: 'SIGQUIT: quit\nPC=0x27438c m=0 sigcode=0\n\ngoroutine 226 [syscall]:\n*** Test killed with quit: ran too long (11m0s).\n',
            exitCode: 1
        },
        { log: '*** Test killed: ran too long (10m0s).\nsignal: killed\nFAIL\texample.com/app\t660.012s\n', exitCode: 1 }
    ],
    ignores: [
        { log: '--- FAIL: TestWait (1.00s)\n    Timed out after 1.001s.\nFAIL\n', exitCode: 1 },
        { log: 'timeout: sending signal TERM to command ‘go’\n', exitCode: 124 }
    ],
    links: [
        'https://pkg.go.dev/cmd/go#hdr-Testing_flags',
        'https://github.com/golang/go/blob/master/src/testing/testing.go'
    ]
});
/** Twice a duration as Go prints it, in whole minutes, or 20m where it is not known. */
function doubled(limit) {
    const [, hours = '0', minutes = '0', seconds = '0'] = /^(?:(\d+)h)?(?:(\d+)m)?(?:([\d.]+)s)?$/.exec(limit ?? '') ?? [];
    const total = 2 * (Number(hours) * 60 + Number(minutes) + Number(seconds) / 60);
    return total === 0 ? '20m' : total < 1 ? '1m' : `${Math.ceil(total)}m`;
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/test-failure.js






/** Tests whose names are kept. */
const KEPT_TESTS = 50;
/** A test says no. */
const testFailure = {
    id: 'test.failure',
    title: 'A test fails',
    meaning: 'The program and its tests compiled and ran, and a test reported that something is not as it should be. What it expected and what it got stand below its name, set in. What the test and the code under test print is their own affair: words like "out of memory" or "permission denied" there say nothing about the machine.',
    patterns: [
        {
            // --- FAIL: TestParse/empty (0.00s) · …| --- FAIL: TestCmd (0.00s)   (ginkgo writes its summary without a line end)
            name: 'report',
            anchor: '--- FAIL: ',
            regex: /--- FAIL: (?<test>[^\s(]{1,300})/,
            unless: /_test\.go:\d{1,7}: /,
            keep: KEPT_TESTS
        },
        {
            //  FAIL: TestWalk (0.00s)   (cut off by a copy) · ❌ TestWalk (10ms)   (gotestfmt) · === FAIL: pkg TestWalk (0.00s)   (gotestsum)
            name: 'named',
            anchor: ['FAIL: ', '❌ ', '✖ '],
            regex: /^\s{0,8}(?:FAIL: |❌ |✖ |=== FAIL: (?:\S{1,300} )?)(?<test>(?:Test|Example|Fuzz|Benchmark)(?![a-z])[^\s(]{0,300})(?: re-run \d{1,3})? \(\d/,
            keep: KEPT_TESTS
        },
        {
            // {"Time":…,"Action":"fail","Package":"p","Test":"TestParse","Elapsed":0}   (test2json)
            name: 'event',
            anchor: '"Action":"fail"',
            regex: /"Action":"fail","Package":"(?<package>[^"]{1,300})","Test":"(?<test>[^"]{1,300})"/,
            keep: KEPT_TESTS
        },
        {
            // FAIL	example.com/app	0.012s
            name: 'package',
            anchor: 'FAIL',
            regex: /^\s*FAIL\s+(?<package>[^\s:[\]]{1,300})\s+(?:\d+\.\d+s|\(cached\))/,
            keep: KEPT_TESTS
        },
        {
            // [Fail] KeyVault [It] returns the secret · • [FAILED] [0.012 seconds] · Summarizing 2 Failures:   (ginkgo)
            // FAIL: calc_test.go:12: S.TestAdd · OOPS: 3 passed, 1 FAILED   (gocheck) · --- Failed steps:   (godog)
            name: 'framework',
            anchor: [
                '[Fail] ',
                '[FAIL] ',
                '[FAILED] ',
                '• Failure',
                'Summarizing ',
                'Test Suite Failed',
                'FAIL! -- ',
                'OOPS: ',
                '_test.go:',
                '--- Failed steps:'
            ],
            regex: /^\s*(?:• )?\[F(?:ail|AIL|AILED)\] (?<spec>.{1,200})|^\s*• Failure|^\s*Summarizing \d{1,5} Failures?:|FAIL! -- \d|^\s*Test Suite Failed$|^\s*OOPS: .{0,60}\d FAILED|^\s*FAIL: \S{1,300}_test\.go:\d{1,7}: (?<suite>\S{1,200})|^--- Failed steps:/
        },
        {
            // //app:go_default_test    FAILED in 0.3s   (bazel) · DONE 12 tests, 1 failure in 0.5s   (gotestsum)
            name: 'runner',
            anchor: ['FAILED in ', ' failure in ', ' failures in ', ' failure, ', ' failures, ', 'FAIL: //'],
            regex: /^\/\/\S{1,300}\s{1,80}(?:\(.{1,20}\) )?FAILED in |^FAIL: \/\/\S{1,300} \(|^DONE (?:\d{1,3} runs, )?\d{1,7} tests?,.{0,60} \d{1,7} failures?\b/
        },
        {
            //     a_test.go:8: Parse("é") = 1, want 2 · Error Trace: a_test.go:51   (testify)
            name: 'assertion',
            anchor: ['_test.go:', 'Error Trace:'],
            regex: /^\s+(?<where>[^\s:()]{1,300}_test\.go:\d{1,7}): (?<message>\S.{0,300})|^\s+Error Trace:\s/
        }
    ],
    judge: failed,
    rulesOut: [],
    remedies: (_match, of) => {
        const again = rerun(of);
        return [
            ...(again === null ? [] : [commands(prose `run it alone, and without the cache:`, [again])]),
            advice(prose `if it passes alone, it depends on the tests beside it or on time: ${code('go test -count=20 -shuffle=on')} shows that.`)
        ];
    },
    catches: [
        {
            log: '--- FAIL: TestParse (0.00s)\n    a_test.go:8: Parse("x") = 1, want 2\nFAIL\nFAIL\texample.com/app\t0.002s\nFAIL\n',
            exitCode: 1
        },
        {
            log: '{"Action":"output","Package":"example.com/a","Test":"TestP","Output":"--- FAIL: TestP (0.00s)\\n"}\n{"Time":"2026-01-02T03:04:05Z","Action":"fail","Package":"example.com/a","Test":"TestP","Elapsed":0}\n',
            exitCode: 1
        },
        {
            log: '    Expected\n        <string>: a\n    to equal\n        <string>: b\nSummarizing 1 Failure:\n[Fail] Vault [It] returns the secret\nFAIL! -- 0 Passed | 1 Failed | 0 Pending | 0 Skipped --- FAIL: TestVault (0.00s)\n',
            exitCode: 1
        },
        {
            log: '=== FAIL: example.com/app/store TestOpen (0.02s)\n    open_test.go:9: no\n\nDONE 12 tests, 1 failure in 0.512s\n',
            exitCode: 1
        },
        {
            log: 'FAIL: calc_test.go:12: S.TestAdd\ncalc_test.go:13:\n    c.Check(1, Equals, 2)\nOOPS: 3 passed, 1 FAILED\n',
            exitCode: 1
        },
        {
            log: '--- FAIL: TestSave (0.00s)\n    d_test.go:15: save() = no space left on device, want disk quota exceeded\nFAIL\n',
            exitCode: 1
        },
        {
            log: '--- FAIL: TestClone (0.02s)\n    clone_test.go:21: fatal: could not read Username for host: terminal prompts disabled\nFAIL\nFAIL\texample.com/git\t0.1s\n',
            exitCode: 1
        }
    ],
    ignores: [
        {
            log: '=== RUN   TestA\n--- PASS: TestA (0.00s)\nPASS\nok  \texample.com/a\t0.01s\n./b.go:1:2: undefined: y\n',
            exitCode: 1
        },
        { log: 'FAIL\texample.com/app [build failed]\n', exitCode: 1 },
        { log: 'echo "failed=$(grep -c \'^FAIL\' out.txt)"\n./main.go:3:1: undefined: x\n', exitCode: 1 }
    ],
    links: ['https://pkg.go.dev/testing', 'https://pkg.go.dev/cmd/go#hdr-Test_packages']
};
/** Patterns that each show a failing test; a package that failed, or a line with a position, does not. */
const SHOWS = ['report', 'named', 'event', 'framework', 'runner'];
/** What ends the whole binary, or fails a test whatever it asserts, explains more than the test that was running. */
const EXPLAIN_MORE = [testPanic, testRace, testTimeout];
function failed(of) {
    const { log } = of.evidence;
    const line = firstLineOf(log, testFailure, SHOWS) ?? traceAlone(of);
    if (line === null)
        return null;
    const isSecond = EXPLAIN_MORE.some(({ judge }) => judge(of) !== null);
    return {
        basis: 'wording',
        confidence: isSecond ? 'likely' : 'certain',
        summary: test_failure_summaryOf(of, line),
        evidence: [quoted('Test', line, isSecond ? 'likely' : 'certain')],
        lineNumber: line.lineNumber,
        endedBy: 'itself'
    };
}
/** Of a log that is cut off: the trace that testify prints for a failed assertion. */
function traceAlone({ evidence: { log } }) {
    return linesOf(log, testFailure, ['assertion']).find(({ text }) => /^\s+Error Trace:/.test(text)) ?? null;
}
function test_failure_summaryOf({ evidence: { log } }, line) {
    const names = testsIn(linesOf(log, testFailure, SHOWS));
    const [name] = names;
    const first = name === undefined ? prose `A test fails` : prose `${code(name)} fails`;
    const others = names.length > 1 ? `, and ${names.length - 1} more` : '';
    const said = linesOf(log, testFailure, ['assertion']).find(({ lineNumber }) => lineNumber > line.lineNumber);
    const where = group(said ?? null, 'where');
    const why = where === null ? '' : `: ${prose `${code(where)} ${code(group(said ?? null, 'message') ?? '')}`}`;
    return `${first}${others}${why}.`;
}
/** A test that has failing subtests fails for them: those are named. */
function testsIn(lines) {
    const names = [
        ...new Set(lines.flatMap((line) => group(line, 'test') ?? group(line, 'suite') ?? group(line, 'spec') ?? []))
    ];
    return names.filter((name) => !names.some((other) => other.startsWith(`${name}/`)));
}
/** `go test -run '^TestParse$/^empty$' example.com/app` */
function rerun({ evidence: { log } }) {
    const lines = linesOf(log, testFailure, SHOWS);
    const [name] = testsIn(lines);
    const line = lines.find((one) => group(one, 'test') === name) ?? null;
    if (name === undefined || line === null || !/^[\w/-]+$/.test(name))
        return null;
    const after = linesOf(log, testFailure, ['package']).find(({ lineNumber }) => lineNumber > line.lineNumber) ?? null;
    const place = plainName(group(line, 'package') ?? group(after, 'package')) ?? './...';
    const pattern = name
        .split('/')
        .map((part) => `^${part}$`)
        .join('/');
    return `go test -count=1 -v -run '${pattern}' ${place.startsWith('-') ? './...' : place}`;
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/test-exit.js







/** A test binary that ended with a status, and no test says why. */
const testExit = {
    id: 'test.exit',
    title: 'A test binary ended without a failing test',
    meaning: 'A test binary ended with a status other than zero, and no test failed, no panic and no signal is to be seen: `TestMain` or the code under test called `os.Exit` or `log.Fatal`, a flag is not known to the binary, or it did not even start because a shared library is missing (`0xc0000135` on Windows, 127 on Linux).',
    patterns: [
        {
            // exit status 255
            // FAIL	example.com/app	0.014s
            name: 'status',
            anchor: 'exit status ',
            regex: /^\s*exit status (?<status>\d{1,10}|0x[0-9a-f]{1,16})$/,
            next: /^\s*FAIL\s+\S/
        },
        {
            name: 'package',
            anchor: 'FAIL',
            regex: /^\s*FAIL\s+(?<package>[^\s:[\]]{1,300})\s+\d+\.\d+s$/
        },
        {
            // test2json: exit status 0xc0000135
            name: 'test2json',
            anchor: 'test2json: exit status ',
            regex: /test2json: exit status (?<status>\S{1,20})/
        },
        {
            // flag provided but not defined: -integration · a.test: error while loading shared libraries: libx.so.1: cannot open …
            name: 'start',
            anchor: ['flag provided but not defined: ', 'error while loading shared libraries: '],
            regex: /^\s*flag provided but not defined: -(?<flag>\S{1,60})|\.test: error while loading shared libraries: (?<library>[^\s:]{1,100}): /
        },
        {
            // {"Action":"fail","Package":"example.com/app","Elapsed":0.1}
            name: 'event',
            anchor: '"Action":"fail"',
            regex: /"Action":"fail","Package":"(?<package>[^"]{1,300})","Elapsed":[\d.]{1,12}\}/
        }
    ],
    judge: ended,
    rulesOut: [],
    remedies: (_match, of) => [
        advice(prose `look at the last lines before ${code('FAIL')}: what was printed there, and by whom. ${code('TestMain')}, ${code('init')} and ${code('log.Fatal')} in the code under test are the usual places.`),
        commands(prose `run the package alone, with the name of each test as it starts:`, [
            `go test -v -count=1 ${packageOf(of) ?? './...'}`
        ])
    ],
    catches: [
        { log: 'could not connect\nexit status 255\nFAIL\texample.com/app\t0.014s\n', exitCode: 1 },
        {
            log: '=== RUN   TestOK\n--- PASS: TestOK (0.00s)\nPASS\nleak check: 2 containers still running\nFAIL\texample.com/g\t0.002s\nFAIL\n',
            exitCode: 1
        },
        {
            log: 'flag provided but not defined: -integration\nUsage of /tmp/go-build1/b001/app.test:\nexit status 2\nFAIL\texample.com/app\t0.003s\n',
            exitCode: 1
        },
        { log: 'test2json: exit status 0xc0000135\n', exitCode: 1 }
    ],
    ignores: [
        { log: '--- FAIL: TestA (0.00s)\nFAIL\nexit status 1\nFAIL\texample.com/app\t0.014s\n', exitCode: 1 },
        { log: 'FAIL\texample.com/app [build failed]\n', exitCode: 1 },
        { log: 'panic: boom\n\ngoroutine 1 [running]:\nexit status 2\nFAIL\texample.com/app\t0.014s\n', exitCode: 1 }
    ],
    links: ['https://pkg.go.dev/testing#hdr-Main', 'https://pkg.go.dev/os#Exit']
};
function ended(of) {
    const { log } = of.evidence;
    const line = firstLineOf(log, testExit, ['start', 'status', 'test2json']) ?? firstLineOf(log, testExit);
    if (line === null || [testFailure, testPanic, testRace, testTimeout].some(({ judge }) => judge(of) !== null))
        return null;
    const confidence = wasHit(log, 'test.exit', ['start', 'status', 'test2json']) ? 'certain' : 'likely';
    return {
        basis: 'status',
        confidence,
        summary: says(line),
        evidence: [quoted('Test binary', line, confidence)],
        lineNumber: line.lineNumber,
        endedBy: 'itself'
    };
}
function says(line) {
    const flag = group(line, 'flag');
    if (flag !== null)
        return prose `A test binary does not know the flag ${code(`-${flag}`)}.`;
    const library = group(line, 'library');
    if (library !== null)
        return prose `A test binary did not start: the shared library ${code(library)} is missing.`;
    const status = group(line, 'status');
    if (status !== null)
        return prose `A test binary ended with status ${code(status)}, and no test says why.`;
    return prose `The tests of ${code(group(line, 'package') ?? 'a package')} failed, and no test says why.`;
}
function packageOf({ evidence: { log } }) {
    const name = plainName(group(firstLineOf(log, testExit, ['package', 'event']), 'package'));
    return name === null || name.startsWith('-') ? null : name;
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/toolchain.js




/** A Go that is too old, incomplete or not to be had. */
const toolchainVersion = decidedByWording({
    id: 'toolchain.version',
    title: 'The Go version does not fit',
    meaning: 'The module, or one that it needs, asks for a newer Go than the one that runs; or a Go that was asked for cannot be had; or the installation is incomplete or mixed from two releases. From Go 1.21 on a `go` command fetches the release that `go.mod` asks for, unless `GOTOOLCHAIN=local` forbids it; older releases stumble over the syntax of a newer `go.mod` or over a package of the standard library that they do not have.',
    patterns: [
        {
            // go: go.mod requires go >= 1.26 (running go 1.25.0; GOTOOLCHAIN=local)   (cmd/go/internal/gover)
            name: 'requires',
            anchor: ['requires go ', 'requires Go ', 'requires newer Go version', 'maximum version supported by tidy'],
            regex: /(?:^|\s)(?<what>\S{1,300}) requires go (?:>=|version) ?(?<wanted>1\.\d{1,3}\S{0,12}) \(running go ?(?<running>[^\s;)]{1,20})|module requires Go (?<noted>1\.\d{1,3}\S{0,12})|imported by a module that requires go (?<importer>1\.\d{1,3}\S{0,12})|requires newer Go version go(?<needed>1\.\d{1,3}\S{0,12})|go\.mod file indicates go (?<indicated>1\.\S{1,12}), but maximum version supported by tidy/,
            unless: /_test\.go:\d|switching to go/
        },
        {
            // go: download go1.22 for linux/amd64: toolchain not available · go: cannot find "go1.24.1" in PATH
            name: 'download',
            anchor: [
                'toolchain not available',
                'golang.org/toolchain@',
                'in PATH',
                'invalid GOTOOLCHAIN',
                'invalid toolchain'
            ],
            regex: /download go(?<release>1\.\S{1,20})(?: for \S{1,40})?: (?:toolchain not available|golang\.org\/toolchain@\S{1,80}: .{0,300}(?:40[34]|410) )|cannot find "go(?<named>1\.[^"]{1,20})" in PATH|go: invalid GOTOOLCHAIN|invalid toolchain(?: version)?:? /
        },
        {
            // /src/go.mod:3: invalid go version '1.23.0': must match format 1.23 · go.mod:5: unknown directive: toolchain
            name: 'syntax',
            anchor: ['go.mod:', 'go.work:'],
            regex: /go\.mod:\d{1,6}: (?:invalid go version '(?<syntax>1\.2\d[^']{0,12})': must match format|unknown (?:directive|block type): (?<directive>toolchain|godebug|tool|ignore|retract|exclude)\b)/
        },
        {
            // a.go:11:2: package slices is not in GOROOT (/usr/local/go/src/slices) · cannot find package "embed" in any of:
            name: 'std',
            anchor: [
                'is not in ',
                'cannot find package ',
                'unrecognized import path ',
                'malformed module path ',
                'cannot find module providing package '
            ],
            regex: new RegExp(`package (?<package>${STD_PACKAGE}) is not in (?:GOROOT|std)\\b|cannot find package \\\\?"(?<old>${STD_PACKAGE})\\\\?" in|unrecognized import path \\\\?"(?<vcs>${STD_PACKAGE})\\\\?"|malformed module path \\\\?"(?<path>${STD_PACKAGE})\\\\?": missing dot|cannot find module providing package (?<module>${STD_PACKAGE})(?:$|[:;]\\s)`),
            unless: /_test\.go:\d{1,7}: (?!package |cannot find package |\d)/
        },
        {
            // go: no such tool "covdata" · compile: version "go1.22.1" does not match go tool version "go1.22.4"
            name: 'installation',
            anchor: [
                'no such tool',
                'does not match go tool version',
                'cannot find GOROOT directory',
                'GOROOT_BOOTSTRAP',
                'building_Go_requires_Go_',
                'used to build golangci-lint is lower',
                'Unable to find Go version',
                'unsupported version of go:',
                'object is ['
            ],
            regex: /(?:^|\s)(?:go: |go tool: )?no such tool "(?<tool>[^"]{1,60})"|version "(?<object>[^"]{1,60})" does not match go tool version "(?<command>[^"]{1,60})"|cannot find GOROOT directory|Cannot find \S{1,300}\. Set \$GOROOT_BOOTSTRAP|building_Go_requires_Go_(?<bootstrap>1_\d{1,2}\S{0,10})|Go language version \(go(?<linter>\S{1,20})\) used to build golangci-lint is lower than the targeted Go version \((?<targeted>[^)]{1,20})\)|Unable to find Go version '(?<setup>[^']{1,40})'|object is \[\S{1,30} \S{1,30} \S{1,60}.{0,200}\] expected \[/
        },
        {
            // go work: unknown command · go telemetry: unknown command   (commands of later releases)
            name: 'command',
            anchor: ': unknown command',
            regex: /^\s*go (?<subcommand>work|telemetry|mod|bug): unknown command/
        }
    ],
    endedBy: 'itself',
    says: saysWhy,
    fix: toolchain_remediesFor,
    catches: [
        { log: 'go: go.mod requires go >= 1.26.0 (running go 1.25.0; GOTOOLCHAIN=local)\n', exitCode: 1 },
        {
            log: "go: errors parsing go.mod:\n/src/app/go.mod:3: invalid go version '1.23.0': must match format 1.23\n/src/app/go.mod:5: unknown directive: toolchain\n",
            exitCode: 1
        },
        {
            log: '../../go/pkg/mod/example.com/x@v0.30.0/external.go:16:2: package slices is not in GOROOT (/opt/go/1.18.10/x64/src/slices)\n',
            exitCode: 1
        },
        { log: 'go: download go1.24 for linux/amd64: toolchain not available\n', exitCode: 1 },
        { log: '# example.com/app\n./a.go:9:12: undefined: slices.Sorted\nnote: module requires Go 1.23\n', exitCode: 1 },
        { log: '# internal/abi\ncompile: version "go1.22.1" does not match go tool version "go1.22.4"\n', exitCode: 1 },
        {
            log: 'main.go:4:2: cannot find package "embed" in any of:\n\t/usr/lib/go-1.13/src/embed (from $GOROOT)\n',
            exitCode: 1
        },
        { log: 'go: no such tool "covdata"\nFAIL\texample.com/app [build failed]\n', exitCode: 1 }
    ],
    ignores: [
        { log: 'main.go:4:2: package internal/app is not in std (/usr/local/go/src/internal/app)\n', exitCode: 1 },
        {
            log: 'go: example.com/x@v1.2.0 requires go >= 1.23; switching to go1.23.4\n./main.go:3:1: undefined: y\n',
            exitCode: 1
        },
        { log: 'go: errors parsing go.mod:\n/src/app/go.mod:7: unknown directive: requires\n', exitCode: 1 },
        {
            log: '--- FAIL: TestVersion (0.00s)\n    v_test.go:9: a requires go >= 1.99 (running go 1.26)\nFAIL\n',
            exitCode: 1
        }
    ],
    links: ['https://go.dev/doc/toolchain', 'https://go.dev/doc/devel/release', 'https://go.dev/ref/mod#go-mod-file-go']
});
const WANTED = ['wanted', 'noted', 'importer', 'needed', 'indicated', 'release', 'named', 'syntax', 'targeted', 'setup'];
const PACKAGE = ['package', 'old', 'vcs', 'path', 'module'];
function oneOf(line, names) {
    return names.map((name) => group(line, name)).find((text) => text !== null) ?? null;
}
function saysWhy(line) {
    const wanted = oneOf(line, WANTED);
    const running = group(line, 'running');
    const what = group(line, 'what');
    const name = oneOf(line, PACKAGE);
    if (what !== null && wanted !== null && running !== null)
        return prose `${code(what)} needs Go ${code(wanted)}, and Go ${code(running)} runs.`;
    if (name !== null)
        return prose `The package ${code(name)} of the standard library is missing: this Go is older than what is built needs, or incomplete.`;
    const directive = group(line, 'directive');
    if (directive !== null)
        return prose `This Go is older than the directive ${code(directive)} in ${code('go.mod')}.`;
    if (group(line, 'syntax') !== null)
        return prose `${code('go.mod')} asks for Go ${code(wanted ?? '')}, written in a way that this Go is too old to read.`;
    const tool = group(line, 'tool');
    if (tool !== null)
        return prose `This installation of Go lacks the tool ${code(tool)}.`;
    return prose `The Go that runs does not fit what is built: ${code(line.text.trim())}.`;
}
/** The release as `setup-go` takes it: digits and dots only. */
function toolchain_remediesFor(line) {
    const wanted = /^1\.\d{1,3}(?:\.\d{1,3})?/.exec(oneOf(line, WANTED) ?? '')?.[0] ?? null;
    const running = group(line, 'running');
    const reinstall = advice(prose `install one release into an empty directory: files of two releases in one ${code('GOROOT')} do not work together.`);
    if (group(line, 'tool') !== null || group(line, 'object') !== null)
        return [
            reinstall,
            commands(prose `see which installation runs:`, ['go version', 'go env GOROOT GOTOOLCHAIN', 'which -a go'])
        ];
    return [
        wanted === null
            ? advice(prose `install the Go release that ${code('go.mod')} asks for (${code('actions/setup-go')} with ${code('go-version-file: go.mod')}).`)
            : inputs(prose `install the release that is asked for (${code('actions/setup-go')}):`, [
                `go-version: '${wanted}'${running === null ? '' : '   # or newer'}`
            ]),
        commands(prose `or let Go fetch it (from Go 1.21 on), unless that was switched off on purpose:`, [
            'go env -u GOTOOLCHAIN',
            'GOTOOLCHAIN=auto go version'
        ])
    ];
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/vcs.js



/** Go wants to note the commit in the program, and git does not tell. */
const vcsStamping = decidedByWording({
    id: 'vcs.stamping',
    title: 'Version control stamping failed',
    meaning: 'Since Go 1.18 a build in a repository notes the commit in the program, and asks git for it. git is missing, or refuses because the directory belongs to another user than the one that runs the build, which is usual for a directory mounted into a container.',
    patterns: [
        {
            // error obtaining VCS status: exit status 128 / Use -buildvcs=false to disable VCS stamping.   (load/pkg.go)
            name: 'status',
            anchor: [
                'error obtaining VCS status',
                'to disable VCS stamping',
                'but current directory is in repository',
                'multiple VCS detected'
            ],
            regex: /error obtaining VCS status(?:: (?<reason>.{1,300}))?|to disable VCS stamping|but current directory is in repository|multiple VCS detected: /,
            unless: ASSERTED
        },
        {
            // fatal: detected dubious ownership in repository at '/src'   (git 2.35.3 on; before: unsafe repository)
            name: 'owner',
            anchor: ['dubious ownership', 'unsafe repository'],
            regex: /detected dubious ownership in repository at '(?<directory>[^']{1,400})'|unsafe repository \('(?<unsafe>[^']{1,400})'/,
            unless: ASSERTED
        }
    ],
    endedBy: 'itself',
    onlyOutsideTests: true,
    says: () => prose `Go could not get the commit for the program from version control.`,
    fix: () => [
        commands(prose `if the directory belongs to another user, tell git to trust it:`, [
            'git config --global --add safe.directory "$PWD"'
        ]),
        commands(prose `or build without that note:`, [
            'go build -buildvcs=false ./...   # or: export GOFLAGS=-buildvcs=false'
        ])
    ],
    catches: [
        {
            log: 'error obtaining VCS status: exit status 128\n\tUse -buildvcs=false to disable VCS stamping.\n',
            exitCode: 1
        },
        {
            log: "fatal: detected dubious ownership in repository at '/src'\nTo add an exception for this directory, call:\n",
            exitCode: 128
        },
        {
            log: 'error obtaining VCS status: exec: "git": executable file not found in $PATH\n\tUse -buildvcs=false to disable VCS stamping.\n',
            exitCode: 1
        }
    ],
    ignores: [
        { log: 'go: error obtaining buildID for go tool compile: exit status 2\n', exitCode: 1 },
        { log: '--- FAIL: TestVCS (0.00s)\n    v_test.go:4: want error obtaining VCS status\nFAIL\n', exitCode: 1 }
    ],
    links: [
        'https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies',
        'https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory'
    ]
});

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/vet.js





const MOST_FINDINGS = 50;
/** `go vet`, by itself or as part of `go test`. */
const vetFailure = {
    id: 'vet.failure',
    title: 'Vet reports a mistake',
    meaning: 'The program compiles, and `go vet` found a construct that is almost surely a mistake: a format that does not fit its arguments, a copied lock, a context that is never cancelled. `go test` runs some of these checks (atomic, bool, buildtag, directive, errorsas, ifaceassert, nilfunc, printf, stringintconv, tests) before the tests and then reports the package as `[build failed]`.',
    patterns: [
        {
            // ./f.go:5:21: fmt.Printf format %s has arg n of wrong type int · util/a.go:110: struct field tag … (vet before go 1.12)
            name: 'finding',
            anchor: ['.go:', '.s:'],
            regex: new RegExp(`(?:^|[\\s"'])(?<file>(?:[A-Za-z]:[\\\\/])?[^\\s:"'()]{1,400}\\.(?:go|s)):(?<line>[1-9]\\d{0,6})(?::(?<column>\\d{1,6}))?: (?<message>(?:[a-z]{3,20}: )?${VET_WORDS}.{0,1000})`),
            unless: /^\s{4}\S{0,300}_test\.go:\d{1,7}: | \([a-z][a-z0-9-]{2,30}\)\s*$/,
            keep: MOST_FINDINGS
        },
        {
            // # [example.com/app]          (go 1.21 on: what follows is vet's)
            // ./f.go:5:21: …
            name: 'header',
            anchor: '# [',
            regex: /^\s*# \[(?<package>[^\]\s]{1,400})\]$/
        }
    ],
    judge: vetted,
    rulesOut: [],
    remedies: (_match, { evidence: { log } }) => [
        commands(prose `see the findings alone:`, [`go vet ${vet_packageOf(log) ?? './...'}`]),
        advice(prose `correct them; ${code('go test -vet=off')} runs the tests all the same, for as long as that takes to do.`)
    ],
    catches: [
        {
            log: '# example.com/f\n./f.go:5:21: fmt.Printf format %s has arg n of wrong type int\nFAIL\texample.com/f [build failed]\nFAIL\n',
            exitCode: 1
        },
        {
            log: '# example.com/app\n# [example.com/app]\n./a.go:9:2: the checker of another team does not like this\n',
            exitCode: 1
        },
        {
            log: 'pkg/etcd.go:110: struct field tag `json:health` not compatible with reflect.StructTag.Get\nexit status 1\n',
            exitCode: 1
        },
        { log: 'api/a.go:31:9: assignment copies lock value to c: sync.Mutex\n', exitCode: 1 },
        {
            log: 'a.go:14:7: the cancel function is not used on all paths (possible context leak)\na.go:19:2: this return statement may be reached without using the cancel var defined on line 14\n',
            exitCode: 1
        }
    ],
    ignores: [
        { log: 'a.go:14:7: printf: fmt.Printf format %d has arg s of wrong type string (govet)\n', exitCode: 1 },
        { log: '# [example.com/app]\nvet: ./a.go:3:5: undefined: y\n', exitCode: 1 },
        { log: '--- FAIL: TestVet (0.00s)\n    vet_test.go:8: unreachable code\nFAIL\n', exitCode: 1 }
    ],
    links: ['https://pkg.go.dev/cmd/vet', 'https://pkg.go.dev/golang.org/x/tools/go/analysis/passes']
};
function vetted({ evidence: { log } }) {
    const line = firstLineOutsideTests(log, vetFailure, ['finding']) ?? headerOfFinding(log);
    if (line === null)
        return null;
    const locations = linesOf(log, vetFailure, ['finding'])
        .filter(({ isOfTest }) => isOfTest !== true)
        .map(({ groups }) => locationIn(groups));
    const [first] = locations;
    return {
        basis: 'wording',
        confidence: 'certain',
        summary: first === undefined
            ? prose `${code('go vet')} reports mistakes in ${code(group(line, 'package') ?? 'a package')}.`
            : prose `${code('go vet')} reports ${code(`${first.file}:${first.line}`)} ${code(first.message)}.`,
        evidence: [quoted('go vet', line, 'certain')],
        locations,
        lineNumber: line.lineNumber,
        endedBy: 'itself'
    };
}
/** An analyzer that is not known by its words: a position below vet's own header, unless vet says what the compiler says. */
function headerOfFinding(log) {
    const header = firstLineOutsideTests(log, vetFailure, ['header']);
    const positions = hitOf(log, 'compile.error', 'position')?.first ?? [];
    const below = positions.find(({ lineNumber }) => header !== null && lineNumber > header.lineNumber);
    return below === undefined || /(?:^|\s)vet: /.test(below.text) ? null : header;
}
function locationIn({ file = '', line = '0', column, message = '' }) {
    return { file, line: Number(line), column: column === undefined ? null : Number(column), message };
}
/** The package of the nearest header above the first finding: `# [example.com/app]`, or `# example.com/app` before it. */
function vet_packageOf(log) {
    const first = firstLineOutsideTests(log, vetFailure)?.lineNumber ?? 0;
    const headers = [...linesOf(log, vetFailure, ['header']), ...(hitOf(log, 'compile.error', 'package')?.first ?? [])];
    const above = headers.filter(({ lineNumber }) => lineNumber <= first).toSorted((a, b) => b.lineNumber - a.lineNumber);
    const name = plainName(group(above[0] ?? null, 'package'));
    return name === null || name.startsWith('-') ? null : name;
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue/workspace.js




/** A `go.work` file that does not fit what is built. */
const workspace = decidedByWording({
    id: 'workspace',
    title: 'The Go workspace does not fit',
    meaning: 'A `go.work` file is in force: it was found in this directory or one above, or named by `GOWORK`. Then Go builds only the modules that it lists, with versions that all of them agree on. A module that is not listed, a listed directory that is not there, or a `go` line that is too old stops the build, although the module alone would build.',
    patterns: [
        {
            // directory . outside modules listed in go.work or their selected dependencies   (cmd/go/internal/modload)
            // current directory is contained in a module that is not one of the workspace modules listed in go.work.
            name: 'unlisted',
            anchor: ['listed in go.work', 'of the workspace modules'],
            regex: /(?:directory (?:prefix )?(?<directory>\S{1,300}) |current directory ).{0,120}(?:modules listed in go\.work|is not one of the workspace modules)|modules listed in go\.work or their selected dependencies/
        },
        {
            // go: module . listed in go.work file requires go >= 1.21, but go.work lists go 1.18; to update it:
            name: 'version',
            anchor: ' listed in go.work file requires go ',
            regex: /(?:module (?<module>\S{1,300}) )?listed in go\.work file requires go >= (?<wanted>\S{1,20}), but go\.work/
        },
        {
            // go: cannot load module ../lib listed in go.work file: open ../lib/go.mod: no such file or directory
            name: 'missing',
            anchor: ' listed in go.work file: ',
            regex: /cannot load module (?<missing>\S{1,300}) listed in go\.work file: /
        },
        {
            name: 'file',
            anchor: ['go.work', 'workspace'],
            regex: /(?:errors parsing|error loading|reading) \S{0,300}go\.work\b|go\.work:\d{1,5}: |no go\.work file found|no modules were found in the current workspace|(?:path|module) \S{1,300} appears multiple times in workspace|conflicting replacements found for .{1,300} in workspace modules|workspace module \S{1,300} is replaced at all versions|cannot be (?:used|run) (?:in workspace mode|outside of a workspace)|when in workspace mode, but it is set to|(?:In|Outside) workspace mode, (?:but )?vendor directory|go: inconsistent vendoring in .{0,300}go\.work\b/
        }
    ],
    endedBy: 'itself',
    says: (line) => prose `A ${code('go.work')} file stops the build: ${code(line.text.trim())}.`,
    fix: (line) => [
        ...added(line),
        commands(prose `build the module alone, without the workspace. Where the file comes from:`, [
            'go env GOWORK',
            'GOWORK=off go build ./...'
        ])
    ],
    catches: [
        { log: 'directory . outside modules listed in go.work or their selected dependencies\n', exitCode: 1 },
        {
            log: 'go: module ./api listed in go.work file requires go >= 1.23.0, but go.work lists go 1.21; to update it:\n\tgo work use\n',
            exitCode: 1
        },
        {
            log: 'go: cannot load module ../lib listed in go.work file: open ../lib/go.mod: no such file or directory\n',
            exitCode: 1
        },
        {
            log: 'current directory is contained in a module that is not one of the workspace modules listed in go.work. You can add the module to the workspace using:\n\tgo work use .\n',
            exitCode: 1
        },
        {
            log: 'go: -mod may only be set to readonly or vendor when in workspace mode, but it is set to "mod"\n',
            exitCode: 1
        }
    ],
    ignores: [
        { log: '+ cp go.work /src/\nDownloading to /github/workspace\n./main.go:3:1: undefined: x\n', exitCode: 1 },
        {
            log: "go: go.mod file not found in current directory or any parent directory; see 'go help modules'\n",
            exitCode: 1
        }
    ],
    links: ['https://go.dev/ref/mod#workspaces', 'https://pkg.go.dev/cmd/go#hdr-Workspace_maintenance']
});
/** What to do to the workspace itself, where its complaint says. */
function added(line) {
    const missing = plainName(group(line, 'missing'));
    if (missing !== null)
        return [
            commands(prose `take the module out of the workspace if it is gone, or check it out:`, [
                `go work edit -dropuse=${missing}`
            ])
        ];
    if (group(line, 'wanted') !== null)
        return [commands(prose `raise the ${code('go')} line of the workspace to that of its modules:`, ['go work use'])];
    if (!/modules listed in go\.work|of the workspace modules/.test(line.text))
        return [];
    const directory = plainName(group(line, 'directory')) ?? '.';
    return [
        commands(prose `add the module to the workspace, if it belongs there:`, [
            `go work use ${directory.startsWith('-') ? '.' : directory}`
        ])
    ];
}

;// CONCATENATED MODULE: ./lib/diagnose/catalogue.js









































/** Every diagnosis. Between answers of equal score the one further up wins: the more specific stands first. */
const CATALOGUE = [
    oomWatch,
    oomCgroup,
    oomHost,
    oomUserspace,
    oomWindowsCommit,
    oomFork,
    oomCc,
    oomGoAlloc,
    limitNproc,
    limitNofile,
    limitFsize,
    diskFull,
    permSeccomp,
    runnerLost,
    runnerShutdown,
    testTimeout,
    timeout,
    cancelled,
    oomKilled,
    signalKill,
    signalTerm,
    signalInt,
    signalCrash,
    compilerCrash,
    importCycle,
    cgoNoCompiler,
    cgoMissingHeader,
    generateFailure,
    toolchainVersion,
    workspace,
    targetUnsupported,
    targetConstraints,
    embedPattern,
    moduleChecksum,
    cacheCorrupt,
    networkSumdb,
    networkTls,
    networkDns,
    networkUnreachable,
    moduleAuth,
    moduleMissingSum,
    moduleParse,
    moduleNoGoMod,
    moduleInconsistentVendor,
    moduleReplaceLocal,
    moduleUpdatesNeeded,
    moduleAmbiguous,
    moduleNotFound,
    vcsStamping,
    vetFailure,
    lint,
    linkUndefined,
    linkOther,
    cgoCError,
    testPanic,
    testRace,
    testFailure,
    testExit,
    compileError,
    commandNotExecutable,
    permDenied,
    commandNotFound,
    guardDied
];
const BY_ID = new Map(CATALOGUE.map((one) => [one.id, one]));
/** The definition with this id, or `null`. */
function definitionOf(id) {
    return BY_ID.get(id) ?? null;
}

;// CONCATENATED MODULE: ./lib/diagnose/events.js
/**
 * `{"Action":"output","Package":"p","Test":"T","Output":"FAIL\tpkg\n"}` of test2json, `{"ImportPath":"p",
 * "Action":"build-output","Output":…}` of `go build -json`, `{"log":"…\n","stream":"stdout"}` of docker's json-file
 * driver; `null` for an event without output. The text is cut by hand, since it may be cut off.
 */
function readEvent(text) {
    const literal = /"(?:Output|log)":("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
    if (literal === undefined)
        return null;
    const output = unquoted(literal);
    if (output === null)
        return null;
    const [, test = ''] = /"Test":"([^"]{0,300})/.exec(text) ?? [];
    const [, owner = ''] = /"(?:Package|ImportPath|stream)":"([^"]{0,300})/.exec(text) ?? [];
    return { output, source: `${owner} ${test}`, endsLine: output.endsWith('\n'), isOfTest: test !== '' };
}
/** Whether this line can be an event whose output does not end its line: it ends in `"}`, but not in `\n"}`. */
function mayEndMidLine(line) {
    const end = line.length;
    if (line[end - 1] !== BRACE || line[end - 2] !== QUOTE)
        return false;
    return line[end - 3] !== LETTER_N || line[end - 4] !== BACKSLASH;
}
const BRACE = 0x7d;
const QUOTE = 0x22;
const LETTER_N = 0x6e;
const BACKSLASH = 0x5c;
function unquoted(literal) {
    try {
        const text = JSON.parse(literal);
        return typeof text === 'string' ? text : null;
    }
    catch {
        return null;
    }
}

;// CONCATENATED MODULE: ./lib/diagnose/strip.js

const ESCAPE = '\u001b';
const BELL = '\u0007';
/** Marks of tools that begin a line in square brackets and mean something: no name of a job or step. */
const MEANINGFUL_BRACKET = /^\[(?:fail(?:ed|ure)?|panic(?:ked)?|timedout|interrupted|it|signal|[^\]]{0,80}\.go)\b/i;
// 2026-01-02T03:04:05.1234567Z text   (actions/runner, Azure Pipelines, docker logs -t) · [2026-01-02T03:04:05.123Z] text   (Jenkins)
// A date with a blank before its time and without a zone stays: programs log with it, and their lines are told by it.
// 2026-01-02T03:04:05.123456Z 00O text   (GitLab) · 2026-01-02T03:04:05.123456789Z stdout F text   (container runtime interface)
const DATE = /^\ufeff?\[?\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?| \d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d| UTC))\]?(?: \d\d[OE][ +]| std(?:out|err) [FP] |:? )/;
// 09:41:23 text · 09:41:23  text   (Jenkins) · [09:41:23]W: text   (TeamCity) · (03:04:05) text   (bazel)
const TIME = /^[[(]?\d{1,2}:\d\d:\d\d(?:[.,]\d{1,6})?[\])]?(?:[A-Zi]?:[ \t]|)(?: {2}(?=\S)|[ \t])/;
// app-1  | text   (docker compose) · [CI/build]   | text   (act)
const PIPE = /^(?:[A-Za-z0-9][\w.-]{0,63} {0,60}|\[[^\]]{1,80}\] {0,60})?\| /;
// │ text   (GoReleaser, Terraform)
const BOX = /^\s{0,12}[│┃║] ?/;
/**
 * What runners, image builders and log viewers put before a line, by the character that it begins with; taken off as
 * long as one of them matches, and never more than the one blank that belongs to it, since the indentation behind it
 * has a meaning in the output of tests.
 */
const PREFIXES = {
    // 12.90 text   (BuildKit, the excerpt below the failed step)
    digit: [DATE, TIME, /^\d{1,7}\.\d{2,3} /, PIPE],
    letter: [
        // build<TAB>Run go build ./...<TAB>2026-01-02T03:04:05.1234567Z text   (gh run view --log)
        /^[^\t]{1,100}\t[^\t]{1,200}\t\ufeff?(?=\d{4}-\d\d-\d\dT)/,
        PIPE,
        // section_start:1560896352:build[collapsed=true]   (GitLab)
        /^section_(?:start|end):\d{1,12}:[\w.-]{1,100}(?:\[[^\]]{0,200}\])?/,
        // Step #2 - "build": text   (Cloud Build)
        /^Step #\d{1,4}(?: - "[^"]{1,80}")?: /
    ],
    // [linux] text   (parallel branches of Jenkins, Tekton, Drone)
    '[': [DATE, TIME, PIPE, /^\[[A-Za-z][\w ./:+-]{0,60}\] /],
    '(': [TIME],
    // #12 3.456 text   (BuildKit, plain progress) · ##[error]text   (actions/runner, Azure Pipelines)
    '#': [/^#\d{1,6} (?:\d{1,7}\.\d{1,3} )?/, /^##\[[a-z]{1,12}\]/],
    // ::group::text   (the command before it is shown)
    ':': [/^::[a-z-]{1,20}::/],
    // ==> default: text   (Vagrant, Packer) · => => # text   (BuildKit on a terminal)
    '=': [/^==> [\w.:/-]{1,80}: /, /^=> => # /],
    ' ': [/^ {0,2}=> => # /, BOX],
    '\t': [BOX],
    '|': [PIPE],
    '│': [BOX],
    '┃': [BOX],
    '║': [BOX],
    '\ufeff': [DATE]
};
const NONE = [];
const MOST_PREFIXES = 8;
/**
 * The line as the tool printed it: without colour and other terminal sequences, without the prefixes of runners and
 * image builders, without trailing blanks, and, of a `go … -json` event, its `Output` alone.
 */
function stripLine(line) {
    const text = strip_plain(line);
    const event = text.startsWith('{"') ? readEvent(text) : null;
    return event === null ? { text, event } : { text: strip_plain(event.output), event };
}
/** The text without wrappers, where it is known to be no event. */
function strip_plain(line) {
    return withoutPrefixes(withoutTerminalSequences(line)).trimEnd();
}
/** Removes CSI (`ESC [ … m`), strings (`ESC ] … BEL`, also `_`, `P`, `^`, `X`) and two-character sequences (ECMA-48). */
function withoutTerminalSequences(line) {
    if (!line.includes(ESCAPE))
        return line;
    const [head = '', ...sequences] = line.split(ESCAPE);
    return head + sequences.map(afterSequence).join('');
}
function afterSequence(text) {
    if (text.startsWith('['))
        return text.replace(/^\[[0-?]*[ -/]*[@-~]?/, '');
    if (!/^[\]_P^X]/.test(text))
        return text.slice(1);
    const end = text.indexOf(BELL);
    return end < 0 ? '' : text.slice(end + 1);
}
function withoutPrefixes(line) {
    let text = line;
    for (let i = 0; i < MOST_PREFIXES; i++) {
        const prefix = prefixesOf(text).find((one) => one.test(text));
        if (prefix === undefined || MEANINGFUL_BRACKET.test(text))
            return text;
        text = text.replace(prefix, '');
    }
    return text;
}
function prefixesOf(text) {
    const first = text.charAt(0);
    if (first >= '0' && first <= '9')
        return PREFIXES.digit;
    if (/[A-Za-z]/.test(first))
        return mayBePrefixed(text) ? PREFIXES.letter : NONE;
    return PREFIXES[first] ?? NONE;
}
/** Most lines begin with a letter, and few of those with a prefix. */
function mayBePrefixed(text) {
    return text.includes('| ') || text.includes('\t') || text.startsWith('section_') || text.startsWith('Step #');
}

;// CONCATENATED MODULE: ./lib/diagnose/tail.js
/** Bytes kept of each of the last lines: enough for the 400 characters that a report shows, in any script. */
const LINE_BYTES = 2048;
/**
 * The last lines of all streams, in fixed memory. Within a chunk only places are noted; bytes are copied once per chunk
 * and only for lines that can still be among the last.
 */
class Tail {
    #size;
    /** Made when first needed: most logs are short. */
    #slots = [];
    #lengths;
    #added = 0;
    #starts;
    #ends;
    #noted = 0;
    constructor(size) {
        this.#size = size;
        this.#lengths = new Int32Array(size);
        this.#starts = new Int32Array(size);
        this.#ends = new Int32Array(size);
    }
    /** A line of the chunk now being read; {@link keep} must follow before the next chunk. */
    note(start, end) {
        const slot = this.#noted++ % this.#size;
        this.#starts[slot] = start;
        this.#ends[slot] = end;
    }
    /** Copies the noted lines that may be among the last. */
    keep(chunk) {
        for (let i = Math.max(0, this.#noted - this.#size); i < this.#noted; i++) {
            const slot = i % this.#size;
            this.add(chunk, this.#starts[slot] ?? 0, this.#ends[slot] ?? 0);
        }
        this.#noted = 0;
    }
    /** Copies a line, or its head. Byte by byte: lines are short, and a view of each costs more than its bytes. */
    add(source, start, end) {
        const slot = this.#added++ % this.#size;
        const length = Math.min(end - start, LINE_BYTES);
        const bytes = this.#slots[slot] ?? new Uint8Array(LINE_BYTES);
        this.#slots[slot] = bytes;
        for (let i = 0; i < length; i++)
            bytes[i] = source[start + i] ?? 0;
        this.#lengths[slot] = length;
    }
    /** Oldest first. */
    lines() {
        const count = Math.min(this.#added, this.#size);
        return Array.from({ length: count }, (_, i) => {
            const slot = (this.#added - count + i) % this.#size;
            return this.#slots[slot]?.slice(0, this.#lengths[slot] ?? 0) ?? new Uint8Array(0);
        });
    }
}

;// CONCATENATED MODULE: ./lib/diagnose/gathered.js


const TAIL_LINES = 200;
const KEPT_HITS = 5;
/** What the streams of one scan find together. */
class Gathered {
    #hits = new Map();
    tail = new Tail(TAIL_LINES);
    lineCount = 0;
    /** Counts a hit. The first few are kept, and described; a line that no test printed takes the place of one of a test. */
    record({ key, pattern }, describe) {
        const hit = this.#hits.get(key) ?? { count: 0, first: [] };
        hit.count++;
        if (hit.first.length < (pattern.keep ?? KEPT_HITS))
            hit.first.push(describe());
        else
            this.#replaceOneOfTest(hit.first, describe);
        if (hit.count === 1)
            this.#hits.set(key, hit);
    }
    #replaceOneOfTest(kept, describe) {
        const passed = kept.findIndex((line) => line.isOfPassedTest === true);
        if (passed >= 0)
            kept.splice(passed, 1);
        else if (kept.at(-1)?.isOfTest === true)
            kept.pop();
        else
            return;
        kept.push(describe());
    }
    /** What a test printed that did not fail is evidence of nothing. */
    findings() {
        const found = [...this.#hits].map(([key, { count, first }]) => {
            const kept = first.filter((line) => line.isOfPassedTest !== true);
            return [key, { count: count - first.length + kept.length, first: kept }];
        });
        const hits = new Map(found.filter(([, { first }]) => first.length > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
        return { hits, tail: this.tail.lines().map(textOf), lineCount: this.lineCount };
    }
}
const decoder = new TextDecoder();
/** As people read it in the tail of a report. */
function textOf(line) {
    return stripLine(decoder.decode(line)).text;
}

;// CONCATENATED MODULE: ./lib/diagnose/anchors.js
/** The offset that stands for "not a letter of a word: a line ends here, or a terminal sequence begins". */
const CONTROL = -0x40000000;
/** Which literals are in some bytes, all of them at hand. */
function literalsIn(automaton, bytes) {
    const found = new Set();
    let state = 0;
    for (const byte of bytes) {
        const to = automaton.next[state + (automaton.columnOf[byte] ?? 0)] ?? 0;
        state = to === CONTROL ? 0 : to < 0 ? ~to : to;
        if (to < 0 && to !== CONTROL)
            for (const id of automaton.endings[state / automaton.columns] ?? [])
                found.add(id);
    }
    return found;
}
/** The literals must not be empty and must not hold LF, CR or ESC. */
function buildAutomaton(literals) {
    const words = literals.map((literal) => new TextEncoder().encode(literal));
    const alphabet = columnsFor(words);
    const trie = growTrie(words, alphabet);
    completeRows(trie, alphabet.columns);
    return { ...alphabet, next: markRows(trie, alphabet.columns), endings: trie.endings };
}
/** Column 0 is every byte of no literal, column 1 the control bytes. */
function columnsFor(words) {
    const columnOf = new Uint8Array(256);
    let columns = 2;
    for (const byte of new Set(words.flatMap((word) => [...word])))
        columnOf[byte] = columns++;
    for (const byte of [0x0a, 0x0d, 0x1b])
        columnOf[byte] = 1;
    return { columnOf, columns };
}
const anchors_NONE = [];
function growTrie(words, { columnOf, columns }) {
    const most = words.reduce((rows, word) => rows + word.length, 1);
    const next = new Int32Array(most * columns);
    const endings = [anchors_NONE];
    for (const [id, word] of words.entries()) {
        let row = 0;
        for (const byte of word) {
            const place = row + (columnOf[byte] ?? 0);
            if (next[place] === 0)
                next[place] = (endings.push(anchors_NONE) - 1) * columns;
            row = next[place] ?? 0;
        }
        endings[row / columns] = [...(endings[row / columns] ?? anchors_NONE), id];
    }
    return { next: next.subarray(0, endings.length * columns), endings };
}
/**
 * Breadth first, so that the row of a state's longest proper suffix is complete before its own: what the state has no
 * child for goes where the suffix would go, and what ends in the suffix ends in the state too.
 */
function completeRows({ next, endings }, columns) {
    const suffixes = new Int32Array(endings.length);
    const order = [0];
    for (const row of order) {
        const suffix = suffixes[row / columns] ?? 0;
        for (let column = 0; column < columns; column++) {
            const child = next[row + column] ?? 0;
            // The root's own row stands for its suffix: there a missing child leads back to the root, which is 0.
            const elsewhere = row === 0 ? 0 : (next[suffix + column] ?? 0);
            if (child === 0) {
                next[row + column] = elsewhere;
                continue;
            }
            suffixes[child / columns] = elsewhere;
            const inherited = endings[elsewhere / columns] ?? anchors_NONE;
            if (inherited.length > 0)
                endings[child / columns] = [...(endings[child / columns] ?? anchors_NONE), ...inherited];
            order.push(child);
        }
    }
}
/** In place: `~offset` where a literal ends, {@link CONTROL} for the control bytes. */
function markRows({ next, endings }, columns) {
    for (let i = 0; i < next.length; i++) {
        const to = next[i] ?? 0;
        if (i % columns === 1)
            next[i] = CONTROL;
        else if (to > 0 && endings[to / columns] !== anchors_NONE)
            next[i] = ~to;
    }
    return next;
}

;// CONCATENATED MODULE: ./lib/diagnose/last-marker.js
/** Lines of a passing test run, which in the output of `go test -v` are most of all. They begin like this, as bytes. */
const MARKERS = ['=== RUN   ', '=== CONT  ', '=== NAME  ', '--- PASS: ', 'ok  \t'].map((text) => new TextEncoder().encode(text));
const PACKAGE_END = MARKERS.length - 1;
/** Each kind is examined as often as any other line before, so that it is found at all. */
const EXAMINED = 2;
const SPACE = 0x20;
const MOST_BYTES = 1024;
/**
 * Keeps the last test marker instead of examining each: while no found line waits for the report of its test, a marker
 * undoes what the one before said, and only the last one before a line of interest matters.
 */
class LastMarker {
    #seen = MARKERS.map(() => 0);
    #bytes = new Uint8Array(MOST_BYTES);
    #length = 0;
    #lineNumber = 0;
    /**
     * Whether the line is a marker, and is kept; otherwise it has to be examined. Where `isEndAwaited`, the end of the
     * package is to say whether the markers found before count.
     */
    keep(line, lineNumber, isEndAwaited) {
        let start = 0;
        while (line[start] === SPACE)
            start++;
        const kind = MARKERS.findIndex((marker) => beginsWith(line, start, marker));
        if (kind < 0 || line.length > MOST_BYTES || (isEndAwaited && kind === PACKAGE_END))
            return false;
        const seen = this.#seen[kind] ?? 0;
        this.#seen[kind] = seen + 1;
        if (seen < EXAMINED)
            return false;
        this.#bytes.set(line);
        this.#length = line.length;
        this.#lineNumber = lineNumber;
        return true;
    }
    /** The marker kept since the last time; `null` for none. */
    take() {
        if (this.#length === 0)
            return null;
        const line = this.#bytes.subarray(0, this.#length);
        this.#length = 0;
        return { line, lineNumber: this.#lineNumber };
    }
}
function beginsWith(line, start, marker) {
    for (let i = 0; i < marker.length; i++)
        if (line[start + i] !== marker[i])
            return false;
    return true;
}

;// CONCATENATED MODULE: ./lib/diagnose/test-region.js
/** Every line that one of the others can match: most lines are none. */
const MARKER = /^\s*(?:===|---|PASS|FAIL|ok\s|\?\s|coverage|exit|panic|fatal|signal|SIG)/;
const STARTED = /^\s*=== (?:RUN|CONT|NAME)\s+(?<test>\S{1,300})/;
const REPORTED = /^\s*--- (?<verdict>PASS|FAIL|SKIP|BENCH): (?<test>\S{1,300})/;
/** The package is done: what follows is no test's. */
const ENDED = /^\s*(?:PASS$|FAIL\b|ok\s|\?\s|coverage: )/;
const PACKAGE_PASSED = /^\s*ok\s/;
const PACKAGE_FAILED = /^\s*FAIL\b/;
/** The binary died, or a process that a test started: what is set in below is a trace, not what a test logged. */
const DIED = /^\s*(?:exit status \d|panic: |fatal error: |signal: |SIG[A-Z]{3,5}: )/;
/**
 * Which lines of one source a test printed: those between its `=== RUN` and its later `--- PASS` or `--- FAIL`, and those set in
 * below the report. Where the report never comes, the test did not live to print it, and nothing is said about them.
 */
class TestRegion {
    #isOfOneTest;
    #running;
    /** Below a report: whether it is of a test that did not fail. */
    #reporting = null;
    #undecided = [];
    /** Starts and reports of tests of the present package. */
    #markers = [];
    /** `isOfOneTest`: the events of one test, which is running from the beginning, rather than a stream of text. */
    constructor(isOfOneTest) {
        this.#isOfOneTest = isOfOneTest;
        this.#running = isOfOneTest ? '' : null;
    }
    /** Whether no line waits for the report of its test: then of several markers in a row only the last one counts. */
    get isSettled() {
        return this.#undecided.length === 0;
    }
    /** Whether the end of the package is to say whether its tests went well. */
    get awaitsEnd() {
        return this.#markers.length > 0;
    }
    /** Reads a line on which test markers can stand. Markers are seen if the scanner looks for them. */
    see(text) {
        if (!MARKER.test(text))
            return;
        const started = STARTED.exec(text)?.groups?.['test'];
        const report = REPORTED.exec(text)?.groups;
        if (started !== undefined) {
            this.#running = started;
            this.#reporting = null;
        }
        else if (report !== undefined) {
            this.#reporting = report['verdict'] === 'FAIL' ? 'failed' : 'passed';
            this.#decide(report['test'] ?? '', this.#reporting === 'passed');
            this.#running = null;
        }
        else if (ENDED.test(text)) {
            this.#running = null;
            this.#reporting = null;
            this.#undecided = [];
            if (PACKAGE_PASSED.test(text))
                for (const line of this.#markers)
                    line.isOfPassedTest = true;
            if (PACKAGE_PASSED.test(text) || PACKAGE_FAILED.test(text))
                this.#markers = [];
        }
        else if (DIED.test(text))
            this.#reporting = null;
    }
    /** Notes a line that was found; marks it at once where it is set in below a report. */
    add(line) {
        if (STARTED.test(line.text) || REPORTED.test(line.text))
            this.#addMarker(line);
        if (this.#reporting !== null && /^(?: {3}|\t)/.test(line.text)) {
            line.isOfTest = true;
            if (this.#reporting === 'passed')
                line.isOfPassedTest = true;
        }
        else if (this.#running !== null)
            this.#undecided.push({ line, test: this.#running });
    }
    /** Where all is well, nothing shows that tests ran: that matters only for what else stands in the log. */
    #addMarker(line) {
        if (/--- FAIL/.test(line.text))
            return;
        if (this.#isOfOneTest && REPORTED.test(line.text))
            line.isOfPassedTest = true;
        this.#markers.push(line);
    }
    /** The report of a test is also that of the tests below it. */
    #decide(test, isPassed) {
        const isOwn = (other) => this.#isOfOneTest || other === test || other.startsWith(`${test}/`);
        for (const { line } of this.#undecided.filter((one) => isOwn(one.test))) {
            line.isOfTest = true;
            if (isPassed)
                line.isOfPassedTest = true;
        }
        this.#undecided = this.#undecided.filter((one) => !isOwn(one.test));
    }
}

;// CONCATENATED MODULE: ./lib/diagnose/line-examiner.js




/** Of the text of a kept line; reports cut far below. */
const KEPT_CHARACTERS = 4096;
/** Tests that are followed at a time in a stream of events. */
const MOST_SOURCES = 256;
/** Runs the patterns on the lines of one stream. */
class LineExaminer {
    #search;
    #gathered;
    tail;
    #ofStream = new TestRegion(false);
    #markers = new LastMarker();
    /** For each test of a stream of events. */
    #ofTests = new Map();
    /** Hits that count only if the next line agrees. */
    #waiting = [];
    /** Beginnings of lines whose pieces come in events of their own, for each source. */
    #begun = new Map();
    constructor(search, gathered) {
        this.#search = search;
        this.#gathered = gathered;
        this.tail = gathered.tail;
    }
    nextLine() {
        return ++this.#gathered.lineCount;
    }
    examine(line, lineNumber, endings) {
        if (this.#isBusy() ||
            !this.#ofStream.isSettled ||
            !this.#markers.keep(line, lineNumber, this.#ofStream.awaitsEnd)) {
            this.#examineNow(line, lineNumber, endings);
        }
        return this.#isBusy();
    }
    #isBusy() {
        return this.#waiting.length > 0 || this.#begun.size > 0;
    }
    #examineNow(line, lineNumber, endings) {
        const marker = this.#markers.take();
        if (marker !== null)
            this.#examineMarker(marker.line, marker.lineNumber);
        const { text, event } = stripLine(line_examiner_decoder.decode(line));
        if (event === null)
            this.#runPatterns({ text, lineNumber, region: this.#ofStream, endings });
        else
            this.#examineEvent(event, { text, lineNumber, region: this.#regionOf(event), endings });
    }
    #examineMarker(line, lineNumber) {
        const { text } = stripLine(line_examiner_decoder.decode(line));
        const endings = literalsIn(this.#search.automaton, line);
        this.#runPatterns({ text, lineNumber, region: this.#ofStream, endings });
    }
    finish() {
        for (const begun of this.#begun.values())
            this.#runOnJoined(begun);
        this.#begun.clear();
    }
    #regionOf({ source, isOfTest }) {
        if (!isOfTest)
            return null;
        const region = this.#ofTests.get(source) ?? new TestRegion(true);
        if (!this.#ofTests.has(source))
            makeRoom(this.#ofTests);
        this.#ofTests.set(source, region);
        return region;
    }
    #examineEvent({ output, source, endsLine }, examined) {
        const begun = this.#begun.get(source);
        const text = (begun?.text ?? '') + output;
        const joined = { text, lineNumber: begun?.lineNumber ?? examined.lineNumber, region: examined.region };
        this.#begun.delete(source);
        if (!endsLine && text.length < KEPT_CHARACTERS) {
            makeRoom(this.#begun);
            this.#begun.set(source, joined);
        }
        else if (begun === undefined)
            this.#runPatterns(examined);
        else
            this.#runOnJoined(joined);
    }
    #runOnJoined({ text: joined, lineNumber, region }) {
        const text = strip_plain(joined);
        const endings = literalsIn(this.#search.automaton, new TextEncoder().encode(text));
        this.#runPatterns({ text, lineNumber, region, endings });
    }
    #runPatterns({ text, lineNumber, region, endings }) {
        region?.see(text);
        if (text !== '')
            this.#settle(text);
        for (const index of this.#patternsAt(endings)) {
            const keyed = this.#search.patterns[index];
            const match = keyed === undefined ? null : matchOf(keyed.pattern, text);
            if (keyed === undefined || match === null)
                continue;
            const describe = () => {
                const line = { lineNumber, text: text.slice(0, KEPT_CHARACTERS), groups: groupsOf(match) };
                region?.add(line);
                return line;
            };
            if (keyed.pattern.next === undefined)
                this.#gathered.record(keyed, describe);
            else
                this.#waiting.push({ describe, keyed });
        }
    }
    /** Blank lines do not count as the next one: progress and other jobs leave them. */
    #settle(text) {
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const { describe, keyed } of waiting) {
            if (keyed.pattern.next?.test(text))
                this.#gathered.record(keyed, describe);
        }
    }
    #patternsAt(endings) {
        const indexes = new Set();
        for (const ending of endings)
            indexes.add(this.#search.patternOf[ending] ?? -1);
        return indexes;
    }
}
/** Forgets the oldest. */
function makeRoom(sources) {
    if (sources.size < MOST_SOURCES)
        return;
    for (const oldest of sources.keys()) {
        sources.delete(oldest);
        return;
    }
}
const line_examiner_decoder = new TextDecoder();
function matchOf({ regex, unless }, text) {
    const match = regex.exec(text);
    return match === null || unless?.test(text) === true ? null : match;
}
function groupsOf({ groups = {} }) {
    return Object.fromEntries(Object.entries(groups).filter(([, value]) => value !== undefined));
}

;// CONCATENATED MODULE: ./lib/diagnose/search.js


const prepared = new WeakMap();
/** The search for a catalogue; the same one for the same catalogue. */
function searchOf(catalogue) {
    const search = prepared.get(catalogue) ?? prepareSearch(catalogue);
    prepared.set(catalogue, search);
    return search;
}
/** The patterns of a catalogue, with those that say where in a test run a line stands. */
function prepareSearch(catalogue) {
    const patterns = [CONTEXT, ...catalogue].flatMap(({ id, patterns }) => patterns.map((pattern) => ({ key: `${id}/${pattern.name}`, pattern })));
    const anchors = patterns.flatMap(({ pattern }, index) => [pattern.anchor].flat().map((text) => ({ text, index })));
    return {
        automaton: buildAutomaton(anchors.map(({ text }) => text)),
        patterns,
        patternOf: anchors.map(({ index }) => index)
    };
}

;// CONCATENATED MODULE: ./lib/diagnose/stream-scanner.js


/** Of a longer line the rest is passed over. */
const stream_scanner_LINE_BYTES = 16 * 1024;
const LF = 0x0a;
const CR = 0x0d;
const ESC = 0x1b;
const BEL = 0x07;
const CLOSING_BRACE = 0x7d;
/**
 * One stream: finds the literals in its bytes, wherever chunks are cut, and hands over the lines that hold one. A line
 * ends at LF, CR or CR LF, as for the runner that shows them; terminal sequences are passed over inside a literal.
 */
class StreamScanner {
    #automaton;
    #sink;
    /** The head of a line that began in an earlier chunk. */
    #carry = new Uint8Array(stream_scanner_LINE_BYTES);
    #carried = 0;
    /** Bytes of the unfinished line in earlier chunks, kept or not. */
    #begunBytes = 0;
    #state = 0;
    #sequence = 'none';
    #lineStart = 0;
    /** The byte before the present line was a CR: an LF now belongs to it. */
    #afterReturn = false;
    #endings = new Set();
    #wantsLine = false;
    constructor(automaton, sink) {
        this.#automaton = automaton;
        this.#sink = sink;
    }
    push(chunk) {
        const { next, columnOf } = this.#automaton;
        const length = chunk.length;
        this.#lineStart = 0;
        let state = this.#state;
        let at = this.#sequence === 'none' ? 0 : this.#passSequence(chunk, 0);
        for (; at < length; at++) {
            const to = next[state + (columnOf[chunk[at] ?? 0] ?? 0)] ?? 0;
            if (to >= 0) {
                state = to;
            }
            else if (to !== CONTROL) {
                state = ~to;
                this.#note(state, at);
            }
            else if (chunk[at] === ESC) {
                this.#sequence = 'begun';
                at = this.#passSequence(chunk, at + 1) - 1;
            }
            else {
                this.#endLine(chunk, at);
                state = 0;
            }
        }
        this.#state = state;
        this.#carryOver(chunk);
        this.#sink.tail.keep(chunk);
    }
    /** Ends a last line that has no line feed. */
    finish() {
        if (this.#begunBytes > 0) {
            const line = this.#carry.subarray(0, this.#carried);
            this.#addToTail(line);
            this.#deliver(line);
            this.#begunBytes = 0;
            this.#carried = 0;
        }
        this.#sink.finish();
    }
    /** Literals that end behind the kept head of a line would send their patterns to a text without them. */
    #note(state, at) {
        if (this.#begunBytes + at - this.#lineStart >= stream_scanner_LINE_BYTES)
            return;
        for (const ending of this.#automaton.endings[state / this.#automaton.columns] ?? [])
            this.#endings.add(ending);
    }
    #endLine(chunk, at) {
        const isSecondHalf = chunk[at] === LF && this.#afterReturn && this.#begunBytes === 0 && at === this.#lineStart;
        this.#afterReturn = chunk[at] === CR;
        if (!isSecondHalf) {
            const isWanted = this.#wantsLine || this.#endings.size > 0 || this.#isPieceOfLine(chunk, at);
            if (this.#begunBytes === 0)
                this.#sink.tail.note(this.#lineStart, at);
            else
                this.#addToTail(this.#lineOf(chunk, at));
            this.#deliver(isWanted ? this.#lineOf(chunk, at) : null);
        }
        this.#lineStart = at + 1;
        this.#begunBytes = 0;
        this.#carried = 0;
    }
    /** An event whose output goes on in the next one is wanted whatever it holds: the literals may be cut in two. */
    #isPieceOfLine(chunk, end) {
        if (this.#begunBytes + end - this.#lineStart >= stream_scanner_LINE_BYTES)
            return false;
        if (this.#begunBytes === 0 && chunk[end - 1] !== CLOSING_BRACE)
            return false;
        return mayEndMidLine(this.#lineOf(chunk, end));
    }
    #addToTail(line) {
        this.#sink.tail.add(line, 0, line.length);
    }
    #deliver(line) {
        const lineNumber = this.#sink.nextLine();
        if (line === null)
            return;
        this.#wantsLine = this.#sink.examine(line, lineNumber, this.#endings);
        this.#endings.clear();
    }
    /** The head of the present line, which ends before `end` of the chunk. */
    #lineOf(chunk, end) {
        if (this.#begunBytes === 0)
            return chunk.subarray(this.#lineStart, Math.min(end, this.#lineStart + stream_scanner_LINE_BYTES));
        const room = stream_scanner_LINE_BYTES - this.#carried;
        const rest = chunk.subarray(this.#lineStart, Math.min(end, this.#lineStart + room));
        this.#carry.set(rest, this.#carried);
        return this.#carry.subarray(0, this.#carried + rest.length);
    }
    #carryOver(chunk) {
        const rest = chunk.subarray(this.#lineStart, this.#lineStart + stream_scanner_LINE_BYTES - this.#carried);
        this.#carry.set(rest, this.#carried);
        this.#carried += rest.length;
        this.#begunBytes += chunk.length - this.#lineStart;
    }
    /** Passes over a terminal sequence that has begun; a line end breaks it off. Returns where to go on. */
    #passSequence(chunk, from) {
        for (let at = from; at < chunk.length; at++) {
            const byte = chunk[at] ?? 0;
            if (byte === LF || byte === CR || byte === ESC) {
                this.#sequence = 'none';
                return at;
            }
            const after = afterByte(this.#sequence, byte);
            this.#sequence = after;
            if (after === 'none')
                return at + 1;
        }
        return chunk.length;
    }
}
/** `]`, `_`, `P`, `^` and `X`. */
const STRING_OPENERS = new Set([0x5d, 0x5f, 0x50, 0x5e, 0x58]);
/** ECMA-48: `ESC [` parameters, final byte 0x40 to 0x7e; `ESC ]` text, BEL or `ESC \`; else one byte after ESC. */
function afterByte(sequence, byte) {
    if (sequence === 'begun')
        return byte === 0x5b ? 'csi' : STRING_OPENERS.has(byte) ? 'string' : 'none';
    if (sequence === 'csi')
        return byte >= 0x40 && byte <= 0x7e ? 'none' : 'csi';
    return byte === BEL ? 'none' : 'string';
}

;// CONCATENATED MODULE: ./lib/diagnose/scanner.js




/**
 * Starts a scan of one attempt's output. The search is prepared with the first byte: most good builds print nothing, and
 * those that print something are running by then.
 */
function createScanner(catalogue) {
    const gathered = new Gathered();
    const started = [];
    const start = () => {
        const search = searchOf(catalogue);
        const scanner = new StreamScanner(search.automaton, new LineExaminer(search, gathered));
        started.push(scanner);
        return scanner;
    };
    const stream = () => {
        let scanner = null;
        return {
            push(chunk) {
                scanner ??= start();
                scanner.push(chunk);
            }
        };
    };
    const main = stream();
    return {
        push: (chunk) => main.push(chunk),
        stream,
        finish() {
            for (const scanner of started)
                scanner.finish();
            return gathered.findings();
        }
    };
}

;// CONCATENATED MODULE: ./lib/kernel/kmsg.js
/** `6,1234,5678901,-;text` of `/dev/kmsg` (Documentation/ABI/testing/dev-kmsg). */
const RECORD = /^(\d+),\d+,(\d+),[^;]*;(.*)$/;
/** `[  123.456789] text` of dmesg, with `<6>` before it in raw form and `[  T957]` after it on some kernels. */
const DMESG = /^(?:<\d+>)?\[ *(\d+)\.(\d{1,6})\](?:\[ *[TC]\d+\])? ?(.*)$/;
/** `journalctl -k`: date and host before the text, `Nov 21 15:21:45 host kernel: text`. */
const JOURNAL = /^(?:\S+ +){1,4}kernel: (.*)$/;
/**
 * Messages of `/dev/kmsg` records or of `dmesg` and `journalctl -k` lines; a line of neither form is taken as bare
 * text. Records that a program wrote into `/dev/kmsg` are left out: the kernel marks them with a facility other than
 * its own, so that nobody can forge a kill there. Lines that begin with a space hold a record's properties, not text.
 */
function parseKmsg(text) {
    return text.split('\n').flatMap((line) => messageOf(line) ?? []);
}
function messageOf(line) {
    if (line === '' || line.startsWith(' '))
        return null;
    const record = RECORD.exec(line);
    if (record !== null) {
        const [, priority = '', atUs = '', text = ''] = record;
        const facility = Number(priority) >> 3;
        return facility === 0 ? { text: unescapeText(text), atUs: Number(atUs) } : null;
    }
    const [, seconds, fraction = '', text = ''] = DMESG.exec(line) ?? [];
    if (seconds !== undefined) {
        return { text: JOURNAL.exec(text)?.[1] ?? text, atUs: Number(seconds) * 1e6 + Number(fraction.padEnd(6, '0')) };
    }
    return { text: JOURNAL.exec(line)?.[1] ?? line, atUs: null };
}
/** Bytes outside ASCII and the backslash come as `\xc3\xa9`; control characters stay escaped. */
function unescapeText(text) {
    return text.replaceAll(/(?:\\x(?:[89a-f][0-9a-f]|5c))+/g, (run) => Buffer.from(run.replaceAll('\\x', ''), 'hex').toString());
}

;// CONCATENATED MODULE: ./lib/kernel/oom-records.js


/** A kernel message is at most about 1 KiB; a longer line is something else, and is not searched. */
const LONGEST_LINE = 4096;
const CONSTRAINTS = {
    MEMCG: 'memcg',
    NONE: 'none',
    CPUSET: 'cpuset',
    MEMORY_POLICY: 'memory-policy'
};
/** The name is bounded, so that a cgroup path which contains `,task=` is not taken for it. */
const SUMMARY = /^oom-kill:constraint=CONSTRAINT_([A-Z_]+),(.*?),task=(.{0,60}),pid=(\d+),uid=\d+$/;
const KILLED = /^(.*?)Killed process (\d+) \((.{0,60})\),? (?:UID:? ?\d+, )?total-vm:\d+kB, anon-rss:(\d+)kB/;
const GROUP = /^Tasks in (.*) are going to be killed due to memory\.oom\.group set$/;
/**
 * The kills in lines of the kernel log, oldest first; lines may carry the prefixes {@link parseKmsg} knows
 * (mm/oom_kill.c; seen on 6.1, 6.12 and 6.18):
 *
 *     oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/lim,task_memcg=/lim/a,task=compile,pid=957,uid=0
 *     Memory cgroup out of memory: Killed process 957 (compile) total-vm:1448644kB, anon-rss:244992kB, file-rss:424kB, …
 *
 * The kernel may drop the first line (it is rate limited), and with `memory.oom.group` prints the second once for every
 * task and twice for the first. Pids and paths are those of the host, whatever container this is read in.
 */
function parseOomRecords(lines) {
    const records = [];
    let current = { records: new Map(), cause: null, group: null };
    for (const { text } of parseKmsg(lines.join('\n'))) {
        if (text.length > LONGEST_LINE)
            continue;
        const summary = summaryIn(text);
        if (summary !== null || text.includes(' invoked oom-killer: ')) {
            current = { records: new Map(), cause: summary, group: null };
        }
        const killed = summary === null ? killedIn(text) : null;
        current = { ...current, group: GROUP.exec(text)?.[1] ?? current.group };
        const record = summary ?? (killed === null ? null : withCause(killed, current));
        if (record === null)
            continue;
        const place = current.records.get(record.pid) ?? records.length;
        current.records.set(record.pid, place);
        // Printed again, a line may tell what is left of a victim that is being torn down.
        if (typeof records[place]?.anonBytes !== 'number')
            records[place] = record;
    }
    return records;
}
function summaryIn(text) {
    const [, constraint, places, task, pid] = SUMMARY.exec(text) ?? [];
    if (constraint === undefined || places === undefined || task === undefined)
        return null;
    const victimAt = places.lastIndexOf(',task_memcg=');
    const limitAt = places.indexOf(',oom_memcg=');
    const limitEnd = victimAt < 0 ? places.length : victimAt;
    return {
        constraint: CONSTRAINTS[constraint] ?? 'unknown',
        limitCgroup: limitAt < 0 ? null : places.slice(limitAt + ',oom_memcg='.length, limitEnd),
        victimCgroup: victimAt < 0 ? null : places.slice(victimAt + ',task_memcg='.length),
        task,
        pid: Number(pid),
        anonBytes: null
    };
}
function killedIn(text) {
    const [, before, pid, task, anonKib] = KILLED.exec(text) ?? [];
    if (before === undefined || task === undefined)
        return null;
    return {
        constraint: before.startsWith('Memory cgroup out of memory') ? 'memcg' : 'none',
        limitCgroup: null,
        victimCgroup: null,
        task,
        pid: Number(pid),
        anonBytes: Number(anonKib) * KIB
    };
}
/** The summary names one victim; the other tasks of its group die of the same cause. */
function withCause(killed, event) {
    const { cause } = event;
    if (cause === null)
        return { ...killed, victimCgroup: event.group };
    if (cause.pid === killed.pid)
        return { ...cause, task: killed.task, anonBytes: killed.anonBytes };
    if (event.group === null)
        return killed;
    return { ...killed, constraint: cause.constraint, limitCgroup: cause.limitCgroup, victimCgroup: event.group };
}

;// CONCATENATED MODULE: ./lib/observe/kernel-log.js



/** The kernel's log clock may be ahead of, or behind, the uptime by this much after days. */
const CLOCK_SLACK_US = 5_000_000;
const DEADLINE_MS = 3000;
/** Notes the time now; reads only when asked, since most builds are never killed. */
function kernel_log_kernelLog(files, processes, root, maySudo) {
    const startUs = uptimeUs(files, root);
    return {
        async kills() {
            const log = await readLog(files, processes, root, maySudo);
            if (log.kind !== 'value')
                return log;
            const recent = parseKmsg(log.value).filter((record) => record.atUs === null || startUs === null || record.atUs >= startUs - CLOCK_SLACK_US);
            return (0,model_reading/* value */.Uq)(parseOomRecords(recent.map((record) => record.text)));
        }
    };
}
/** `/dev/kmsg` needs CAP_SYSLOG where `kernel.dmesg_restrict` is 1; then `sudo`, then the journal (groups adm, systemd-journal). */
async function readLog(files, processes, root, maySudo) {
    const kmsg = files.readText(`${root}/dev/kmsg`);
    if (kmsg.kind === 'value')
        return kmsg;
    const refusals = [`/dev/kmsg: ${kmsg.kind === 'absent' ? 'absent' : kmsg.reason}`];
    const commands = [
        ...(maySudo ? [['sudo', '-n', '--', 'dmesg']] : []),
        ['journalctl', '--dmesg', '--boot', '--output=short-monotonic', '--no-pager', '--quiet', '--lines=2000']
    ];
    for (const [tool, ...args] of commands) {
        const done = await processes.run(tool, args, { deadlineMs: DEADLINE_MS });
        if (done.code === 0 && done.stdout.trim() !== '')
            return (0,model_reading/* value */.Uq)(done.stdout);
        refusals.push(`${tool}: ${done.problem ?? (done.stderr.trim().split('\n')[0] || 'nothing to read')}`);
    }
    return (0,model_reading/* unreadable */.O$)(refusals.join('; '));
}
function uptimeUs(files, root) {
    const text = files.readText(`${root}/proc/uptime`);
    const seconds = text.kind === 'value' ? Number.parseFloat(text.value) : Number.NaN;
    return Number.isFinite(seconds) ? seconds * 1e6 : null;
}

;// CONCATENATED MODULE: ./lib/kernel/proc-status.js


/**
 * `/proc/PID/status` (proc_pid_status(5)); `RssAnon` and `RssShmem` since Linux 4.5:
 *
 *     Name:	compile
 *     Uid:	1001	1001	1001	1001
 *     VmHWM:	    1776 kB
 *     RssAnon:	     112 kB
 *     RssShmem:	       0 kB
 */
function parseProcStatus(text) {
    return {
        name: /^Name:\t(.*)$/m.exec(text)?.[1] ?? '',
        anonBytes: kibibytesUnder(text, 'RssAnon'),
        shmemBytes: kibibytesUnder(text, 'RssShmem'),
        peakResidentBytes: kibibytesUnder(text, 'VmHWM'),
        userId: userId(text)
    };
}
function userId(text) {
    const found = /^Uid:(.*)$/m.exec(text)?.[1];
    if (found === undefined)
        return model_reading/* ABSENT */.sj;
    const id = /^\s*(\d+)/.exec(found)?.[1];
    return id === undefined ? (0,model_reading/* unreadable */.O$)('not a user id') : (0,model_reading/* value */.Uq)(Number(id));
}

;// CONCATENATED MODULE: ./lib/observe/tool-work.js
/**
 * The Go tool tells every tool that it starts, and what that starts in turn (gcc, cc1, ld), which package it is for:
 * `TOOLEXEC_IMPORTPATH`, set whether or not `-toolexec` is used (cmd/go/internal/work/shell.go, `runOut`).
 */
const PACKAGE_VARIABLE = 'TOOLEXEC_IMPORTPATH=';
/** Older releases name it only in the arguments: `compile -o … -p example.com/m/api …`, `cgo … -importpath runtime/cgo …`. */
const PACKAGE_FLAGS = ['-p', '-importpath'];
/** From `/proc/PID/cmdline` and `/proc/PID/environ`, both split at NUL, and the kernel's name for the process. */
function toolWork(argv, environment, comm) {
    const program = argv[0] ?? '';
    const tool = program.slice(program.lastIndexOf('/') + 1) || comm;
    const variable = environment.find((entry) => entry.startsWith(PACKAGE_VARIABLE));
    return { tool, package: variable?.slice(PACKAGE_VARIABLE.length) ?? valueAfterFlag(tool, argv) };
}
function valueAfterFlag(tool, argv) {
    if (!['compile', 'asm', 'cgo'].includes(tool))
        return null;
    const at = argv.findIndex((arg) => PACKAGE_FLAGS.includes(arg));
    return at < 0 ? null : (argv[at + 1] ?? null);
}

;// CONCATENATED MODULE: ./lib/observe/process-sampler.js



/** Remembers who is who, so that a process's arguments are read once: reading them from a thrashing process can block. */
function processSampler(files, root) {
    let identities = new Map();
    return (pids) => {
        const alive = new Map();
        const samples = pids.flatMap((pid) => {
            const text = files.readText(`${root}/proc/${pid}/status`);
            if (text.kind !== 'value')
                return [];
            const status = parseProcStatus(text.value);
            const anonBytes = (0,model_reading/* known */.eO)(status.anonBytes);
            if (anonBytes === null)
                return [];
            const before = identities.get(pid);
            const identity = before?.comm === status.name ? before : identify(files, root, pid, status.name);
            alive.set(pid, identity);
            const bytes = anonBytes + ((0,model_reading/* known */.eO)(status.shmemBytes) ?? 0);
            return [{ pid, tool: identity.tool, package: identity.package, bytes }];
        });
        identities = alive;
        return samples;
    };
}
function identify(files, root, pid, comm) {
    const words = (file) => {
        const text = files.readText(`${root}/proc/${pid}/${file}`);
        return text.kind === 'value' ? text.value.split('\0') : [];
    };
    return { comm, ...toolWork(words('cmdline'), words('environ'), comm) };
}

;// CONCATENATED MODULE: ./lib/observe/timeline.js
const MOST_SAMPLES = 600;
const MOST_PACKAGES = 5000;
const HEAVIEST = 20;
/** So long the go command takes to end after a tool of its was killed. */
const AFTERGLOW_MS = 1000;
/** Kept with each sample. */
const LARGEST = 5;
function timelineBuilder() {
    let samples = [];
    let keepEvery = 1;
    let seen = 0;
    let peak = null;
    let last = null;
    const costs = new Map();
    const gaps = new Set();
    return {
        add(sample, processes) {
            const kept = { ...sample, processes: largest(processes) };
            if (seen++ % keepEvery === 0)
                samples.push(kept);
            if (samples.length > MOST_SAMPLES) {
                samples = samples.filter((_, i) => i % 2 === 0);
                keepEvery *= 2;
            }
            if (peak === null || kept.treeBytes > peak.treeBytes)
                peak = kept;
            if (isTelling(kept, last))
                last = kept;
            for (const process of processes)
                timeline_count(costs, process, sample.atMs);
            return kept;
        },
        gap: (text) => void gaps.add(text),
        build: () => ({ samples: withPeak(samples, peak), peak, last, heaviest: heaviest(costs), gaps: [...gaps] })
    };
}
/**
 * The tree is empty once it has ended, and for a moment before that only the go command is left: the last look that saw
 * a tool at work tells who it was.
 */
function isTelling(sample, before) {
    if (sample.processes.length === 0)
        return false;
    const isAfterglow = before !== null && sample.atMs - before.atMs < AFTERGLOW_MS;
    return hasTool(sample) || !isAfterglow || !hasTool(before);
}
function hasTool(sample) {
    return sample.processes.some((process) => process.package !== null);
}
function largest(processes) {
    return processes.toSorted((a, b) => b.bytes - a.bytes).slice(0, LARGEST);
}
function withPeak(samples, peak) {
    if (peak === null || samples.includes(peak))
        return samples;
    return [...samples, peak].toSorted((a, b) => a.atMs - b.atMs);
}
function timeline_count(costs, process, atMs) {
    if (process.package === null)
        return;
    const key = `${process.tool} ${process.package}`;
    const cost = costs.get(key);
    if (cost !== undefined) {
        cost.peakBytes = Math.max(cost.peakBytes, process.bytes);
        cost.lastMs = atMs;
    }
    else if (costs.size < MOST_PACKAGES) {
        costs.set(key, { peakBytes: process.bytes, firstMs: atMs, lastMs: atMs });
    }
}
function heaviest(costs) {
    return [...costs]
        .map(([key, cost]) => ({
        tool: key.slice(0, key.indexOf(' ')),
        package: key.slice(key.indexOf(' ') + 1),
        peakBytes: cost.peakBytes,
        seenMs: cost.lastMs - cost.firstMs
    }))
        .toSorted((a, b) => b.peakBytes - a.peakBytes)
        .slice(0, HEAVIEST);
}

;// CONCATENATED MODULE: ./lib/observe/observer.js




/** Looks at the tree from now on, more often the nearer it is to its limit. A fault in looking becomes a gap. */
function observe(tools) {
    const { clock, cage, files, root } = tools;
    const startMs = clock.nowMs();
    const timeline = timelineBuilder();
    const processesOf = processSampler(files, root);
    let callOff = () => { };
    const look = () => {
        try {
            const processes = processesOf(cage.pids());
            // All have ended: what is charged now is what the kernel has not yet given back.
            if (processes.length === 0)
                return 0;
            const charged = cage.charged();
            const treeBytes = charged?.treeBytes ?? processes.reduce((sum, process) => sum + process.bytes, 0);
            const sample = timeline.add({
                atMs: Math.round(clock.nowMs() - startMs),
                treeBytes,
                cacheBytes: charged?.cacheBytes ?? null,
                availableBytes: availableBytes(files, root),
                processes: []
            }, processes);
            const standing = cage.examine(treeBytes);
            tools.onSample(sample, standing.share);
            if (standing.breach !== null)
                tools.onBreach(standing.breach, sample);
            return standing.share;
        }
        catch (fault) {
            timeline.gap(`sampling: ${fault instanceof Error ? fault.message : String(fault)}`);
            return 0;
        }
    };
    const tick = () => {
        const share = look();
        callOff = clock.after(paceMs(share, clock.nowMs() - startMs), tick);
    };
    callOff = clock.after(FIRST_LOOK_MS, tick);
    return {
        stop() {
            callOff();
            look();
            return timeline.build();
        }
    };
}
/** The gate has opened and a shell has become the command. */
const FIRST_LOOK_MS = 20;
/**
 * 50 ms near the limit, where memory can grow by a hundred MiB between two looks; rarely where there is room. The first
 * second is looked at closely, since a short build has no other.
 */
function paceMs(share, elapsedMs) {
    if (share >= 0.7)
        return 50;
    if (elapsedMs < 1000)
        return 100;
    return share >= 0.3 ? 250 : 500;
}
function availableBytes(files, root) {
    const text = files.readText(`${root}/proc/meminfo`);
    return text.kind === 'value' ? (0,model_reading/* known */.eO)(parseMeminfo(text.value).availableBytes) : null;
}

;// CONCATENATED MODULE: ./lib/run/ladder.js
/** From now on, each rung at its time; returns the way down. */
function climb(clock, rungs) {
    const callOffs = rungs.map(({ afterMs, act }) => {
        if (afterMs > 0)
            return clock.after(afterMs, act);
        act();
        return () => { };
    });
    return () => {
        for (const callOff of callOffs)
            callOff();
    };
}

;// CONCATENATED MODULE: ./lib/run/pass-through.js
/**
 * Hands a stream of the build on, byte for byte, as fast as the receiver takes it and no faster. If the receiver goes
 * away the stream is closed, so that the build gets the SIGPIPE that it would have got without us.
 */
async function passThrough(from, to, output, listener) {
    let isFaulty = false;
    try {
        for await (const chunk of from) {
            // Handed on first: while the receiver takes it, it is read along.
            const written = output.write(to, chunk);
            if (!isFaulty)
                isFaulty = !tryPush(listener, chunk);
            await written;
        }
    }
    catch {
        from.destroy();
    }
}
/** Reading along may fail; the output goes on. */
function tryPush(listener, chunk) {
    try {
        listener.push(chunk);
        return true;
    }
    catch {
        return false;
    }
}

;// CONCATENATED MODULE: ./lib/run/run-build.js


/** SIGINT at once, as from a keyboard; the runner itself sends SIGTERM after 7.5 s and SIGKILL after 10 s. */
const CANCEL_TERM_MS = 3000;
const CANCEL_KILL_MS = 5000;
const TIMEOUT_KILL_MS = 10_000;
/** What outlives the command keeps its output open; that long is waited for a last word. */
const LAST_OUTPUT_MS = 2000;
/** The child could not be put into the cage; nothing has executed. */
class JoinRefused extends Error {
}
/** Starts the command behind its gate and puts it into the cage. Throws if either fails; nothing has executed then. */
async function startBuild(tools, order) {
    const child = await tools.processes.startGated(order.spec);
    try {
        await order.cage.join(child.pid);
    }
    catch (fault) {
        tools.processes.signal(child.pid, 'SIGKILL');
        await child.exited;
        throw new JoinRefused(fault instanceof Error ? fault.message : String(fault));
    }
    return running(tools, order, child);
}
function running(tools, order, child) {
    const { clock, processes } = tools;
    let reason = null;
    let descend = () => { };
    const stop = (why) => {
        if (reason !== null)
            return;
        reason = why;
        descend = climb(clock, rungsOf(why, child.pid, order.cage, processes));
    };
    return {
        pid: child.pid,
        stop,
        async finish() {
            const startMs = clock.nowMs();
            const elapsedMs = () => Math.round(clock.nowMs() - startMs);
            const ignoreCancel = tools.cancellation.onCancel((signal) => stop({ kind: 'cancel', signal, afterMs: elapsedMs() }));
            const ignoreTimeout = order.timeoutMs === null
                ? () => { }
                : clock.after(order.timeoutMs, () => stop({ kind: 'timeout', afterMs: elapsedMs() }));
            child.openGate();
            const output = Promise.all([
                passThrough(child.stdout, 'stdout', tools.output, order.listeners.stdout),
                passThrough(child.stderr, 'stderr', tools.output, order.listeners.stderr)
            ]);
            const exit = await child.exited;
            const durationMs = elapsedMs();
            ignoreTimeout();
            await lastOutput(clock, order.cage, output);
            descend();
            ignoreCancel();
            return { exit, stop: reason, durationMs };
        }
    };
}
function rungsOf(why, pid, cage, processes) {
    const group = (signal) => () => processes.signal(-pid, signal);
    const kill = () => void cage.kill();
    switch (why.kind) {
        case 'cancel':
            return [
                { afterMs: 0, act: group('SIGINT') },
                { afterMs: CANCEL_TERM_MS, act: group('SIGTERM') },
                { afterMs: CANCEL_KILL_MS, act: kill }
            ];
        case 'timeout':
            return [
                { afterMs: 0, act: group('SIGTERM') },
                { afterMs: TIMEOUT_KILL_MS, act: kill }
            ];
        case 'watch':
            return [{ afterMs: 0, act: kill }];
        case 'died':
            return [];
    }
}
/** The command has ended; children that it left behind hold its output open, and are ended after a moment's grace. */
async function lastOutput(clock, cage, output) {
    const callOff = clock.after(LAST_OUTPUT_MS, () => void cage.kill());
    await output;
    callOff();
}

;// CONCATENATED MODULE: ./lib/diagnose/brief-rows.js





/** The short table of a failure that has nothing to do with memory or signals. */
function examineBriefly(of) {
    return [anyLimit(of), anySignal(of), diskRow(of.evidence.disksAfter)].filter((row) => row !== null);
}
function anyLimit(of) {
    const { evidence, attribution } = of;
    if (!of.isLive)
        return null;
    const row = rowFor('Out of memory, any limit');
    const limit = evidence.cage?.capBytes ?? machineBytes(evidence);
    const share = limit === null ? null : peakInWords(evidence, limit);
    if (!countersReadable(evidence))
        return row(join([share, prose `no counter of kills could be read`]), 'not checked');
    if (attribution.outOfMemory !== 'false')
        return row(join([share, counterInWords('oom_kill', evidence.hostKills)]), 'not checked');
    return row(join([share, prose `no kill counted`]), 'ruled out');
}
function anySignal({ trace, isLive }) {
    if (!isLive)
        return null;
    return trace === null ? rowFor('Signal, timeout, cancel')(prose `none`, 'ruled out') : null;
}

;// CONCATENATED MODULE: ./lib/diagnose/case.js



/** Opens the case about one attempt. */
function openCase(evidence) {
    const attribution = attribute(evidence);
    return {
        evidence,
        attribution,
        trace: killTrace(evidence),
        victim: victimOf(evidence, attribution.record),
        isLive: evidence.cage !== null || evidence.survey !== null || evidence.timeline !== null
    };
}

;// CONCATENATED MODULE: ./lib/diagnose/rank.js








const MOST_DIAGNOSES = 3;
const MOST_ROWS = 8;
/**
 * What an answer is worth by what it rests on: the guard's act and counters before words; a resource that was refused
 * before what follows from it; a sender that names itself before a bare kill; a step that names the command it ran
 * before what that command printed; words before a bare status.
 */
const SCORE_OF_BASIS = {
    guard: 96,
    counters: 92,
    refusal: 80,
    stated: 70,
    kill: 60,
    step: 52,
    wording: 45,
    status: 32
};
/** A mere possibility falls behind certain answers of weaker kinds. */
const SCORE_OF_CONFIDENCE = { certain: 4, likely: 0, possible: -20 };
const WHY_FIRST = {
    guard: 'the guard ended the build before it could matter',
    counters: 'counters of the kernel come before words of the log',
    refusal: 'a refused resource comes before what follows from it',
    stated: 'the sender is named, which explains what was killed',
    kill: 'the kill ended the build',
    step: 'the step that failed says which command it ran; what that command printed is a consequence of it',
    wording: 'it shows later in the log, or says less',
    status: 'the status alone says less'
};
const ROW_ORDER = ['cause', 'likely', 'contributed', 'ruled out', 'not checked'];
/** The causes of one attempt, best first, with every hypothesis that was examined. A pure function of the evidence. */
function diagnose(evidence) {
    const of = openCase(evidence);
    if (succeeded(evidence) && evidence.stop === null) {
        return { diagnoses: [], findings: killsInSuccess(of), endedBy: 'itself', outOfMemory: 'false' };
    }
    const candidates = candidatesFor(of);
    const top = candidates[0] ?? null;
    return {
        diagnoses: candidates
            .slice(0, MOST_DIAGNOSES)
            .map((one, i) => diagnosisFrom(one, of, i === 0 ? candidates[1] : undefined)),
        findings: tableOf(top, of),
        endedBy: endedByOf(of, top),
        outOfMemory: outOfMemoryOf(of, top)
    };
}
function candidatesFor(of) {
    const found = CATALOGUE.flatMap((definition) => {
        const match = definition.judge(of);
        return match === null ? [] : [{ definition, match, score: scoreOf(match) }];
    });
    return found.toSorted((a, b) => b.score - a.score || rank_lineOf(a) - rank_lineOf(b));
}
function scoreOf({ basis, confidence }) {
    return SCORE_OF_BASIS[basis] + SCORE_OF_CONFIDENCE[confidence];
}
function rank_lineOf({ match }) {
    return match.lineNumber ?? Number.MAX_SAFE_INTEGER;
}
function diagnosisFrom({ definition, match, score }, of, runnerUp) {
    const lost = runnerUp === undefined ? [] : [whyItLost(runnerUp, match)];
    return {
        id: definition.id,
        title: definition.title,
        confidence: match.confidence,
        score,
        summary: match.summary,
        evidence: [...match.evidence, ...lost],
        ruledOut: definition.rulesOut.flatMap((name) => {
            const row = HYPOTHESES[name](of);
            return row !== null && row.verdict === 'ruled out' ? [row] : [];
        }),
        remedies: definition.remedies(match, of),
        locations: match.locations ?? []
    };
}
function whyItLost({ definition, match }, winner) {
    const reason = match.basis === winner.basis ? WHY_FIRST.wording : WHY_FIRST[winner.basis];
    return { hypothesis: definition.title, measured: prose `comes second: ${figure(reason)}`, verdict: 'contributed' };
}
/** Kills and memory get the full table; a failure that explains itself gets the short one. */
function tableOf(top, of) {
    const isPlain = top === null
        ? of.trace === null
        : ['step', 'wording'].includes(top.match.basis) || top.definition.id === 'disk.full';
    const isSettled = of.attribution.outOfMemory === 'false' || (top !== null && of.attribution.outOfMemory === 'unknown');
    const examined = isPlain && isSettled ? examineBriefly(of) : examineAll(of);
    const rows = [...(top?.match.evidence ?? []), ...examined];
    const distinct = rows.filter((row, i) => rows.findIndex(({ hypothesis }) => hypothesis === row.hypothesis) === i);
    return distinct.toSorted((a, b) => ROW_ORDER.indexOf(a.verdict) - ROW_ORDER.indexOf(b.verdict)).slice(0, MOST_ROWS);
}
/** Counters and signals decide; where they could not, the best answer may. */
function endedByOf({ attribution, evidence }, top) {
    if (attribution.endedBy === 'unknown')
        return top?.match.endedBy ?? 'unknown';
    if (attribution.endedBy !== 'itself')
        return attribution.endedBy;
    const claimed = top?.match.endedBy ?? 'itself';
    // A tool that names a sender in words outside this machine's sight.
    if (claimed === 'unknown')
        return 'unknown';
    return top === null && !countersReadable(evidence) && evidence.exit === null ? 'unknown' : claimed;
}
function outOfMemoryOf({ attribution }, top) {
    if (attribution.outOfMemory === 'true')
        return 'true';
    if (top === null)
        return attribution.outOfMemory;
    const { definition, match } = top;
    if (definition.id.startsWith('oom.'))
        return match.basis === 'kill' || match.confidence === 'possible' ? 'unknown' : 'true';
    if (attribution.outOfMemory === 'false')
        return 'false';
    // Nothing was measured, and the failure explains itself without memory.
    const explainsItself = match.basis !== 'status' && match.confidence === 'certain';
    return explainsItself || definition.id === 'timeout' || definition.id === 'cancelled' ? 'false' : 'unknown';
}
/** A tool may be killed and started again: the build is green, and memory was short all the same. */
function killsInSuccess(of) {
    const { cage } = of.evidence;
    if (cage === null || (killsInCage(of.evidence) ?? 0) === 0)
        return [];
    const counters = [
        ...(rise(cage.ownLimitHits) === null ? [] : [counterInWords('oom', cage.ownLimitHits)]),
        counterInWords('oom_kill', cage.kills)
    ];
    return [
        {
            hypothesis: 'Process killed for memory in a build that passed',
            measured: counters.join(', '),
            verdict: 'contributed'
        }
    ];
}

;// CONCATENATED MODULE: ./lib/story/attempted.js



/** Folds what was planned, seen and concluded. A fault of the diagnosis leaves the outcome as it is, without a cause. */
function attemptOf(evidence, plan, ended, enforcement) {
    const verdict = verdictOf(evidence);
    const { timeline, cage } = evidence;
    return {
        plan,
        outcome: {
            exitCode: exitCodeOf(ended.exit, ended.stop),
            signal: ended.exit.signal,
            durationMs: ended.durationMs,
            endedBy: verdict.endedBy
        },
        memory: {
            peakBytes: timeline?.peak?.treeBytes ?? 0,
            limitBytes: enforcement.limitBytes,
            kernelPeakBytes: cage?.kernelPeakBytes ?? model_reading/* ABSENT */.sj,
            samples: timeline?.samples ?? [],
            peak: timeline?.peak ?? null,
            last: timeline?.last ?? null
        },
        heaviest: timeline?.heaviest ?? [],
        diagnoses: verdict.diagnoses,
        findings: verdict.findings,
        outOfMemory: verdict.outOfMemory
    };
}
function verdictOf(evidence) {
    try {
        return diagnose(evidence);
    }
    catch {
        return { diagnoses: [], findings: [], endedBy: 'unknown', outOfMemory: 'unknown' };
    }
}

;// CONCATENATED MODULE: ./lib/kernel/vmstat.js

/**
 * `oom_kill` of `/proc/vmstat`: processes killed for memory on this machine since boot, in any cgroup and any
 * container. Absent on kernels before 4.13.
 */
function parseVmstatOomKill(text) {
    return numberUnder(parseKeyedLines(text), 'oom_kill');
}

;// CONCATENATED MODULE: ./lib/story/machine.js


/** The machine's own counter of kills for memory, by any limit. */
function hostKills({ ports, place }) {
    return (0,model_reading/* chainReading */.W5)(ports.files.readText(`${place.root}/proc/vmstat`), parseVmstatOomKill);
}
/** The disks of the survey with what is free now. */
function disksNow({ ports, survey }) {
    return survey.disks.map((disk) => {
        const { bytes, inodes } = ports.files.freeSpace(disk.path);
        return { ...disk, freeBytes: bytes, freeInodes: inodes };
    });
}
/** Above our own, by so much that a build smaller than the runner still goes first. */
const VICTIM_RISE = 300;
/**
 * The kernel's first choice, should the whole machine run out: rather the build than the runner that has to report it
 * (`/proc/PID/oom_score_adj`, inherited by children; raising it needs no privilege).
 */
function preferAsVictim({ ports, place, survey }, pid) {
    const own = (0,model_reading/* known */.eO)(survey.killers.oomScoreAdj);
    if (own === null)
        return;
    try {
        ports.files.writeText(`${place.root}/proc/${pid}/oom_score_adj`, String(Math.min(1000, own + VICTIM_RISE)));
    }
    catch {
        // The build runs all the same; without it the kernel chooses by size, and a build is large.
    }
}

;// CONCATENATED MODULE: ./lib/story/run.js
/** Whether cgroups, and the kernel log, may be reached through `sudo`. */
function maySudo(ports) {
    return ports.means.some((one) => one.means === 'sudo');
}

;// CONCATENATED MODULE: ./lib/story/attempt.js










/** Plan → cage → run → evidence → verdict, once. Throws only if nothing was executed. */
async function runAttempt(run, order) {
    const { ports, place, settings, survey } = run;
    const refusals = [];
    let { means } = ports;
    let choice = settings.enforcement;
    for (;;) {
        const opened = await openCage({ ...ports, means, root: place.root, announce: run.reaper.cage }, { choice, survey, capFor: (reach) => order.planFor(reach).cap, runId: place.runId });
        const enforcement = describeEnforcement(opened.cage, settings, survey, [...refusals, ...opened.reasons]);
        try {
            return await runInside(run, order, opened, enforcement);
        }
        catch (fault) {
            if (!(fault instanceof JoinRefused) || opened.control === null)
                throw fault;
            // To make a cgroup and to enter it are two permissions: what may not enter is no way.
            refusals.push(`${opened.cage.way} (${opened.control.means}): entering it: ${fault.message}`);
            means = means.filter((one) => one !== opened.control);
            if (means.length > 0)
                continue;
            if (choice === 'cgroup')
                throw new EnforcementUnavailable(`enforcement: cgroup cannot be had: ${refusals.join('; ')}`);
            choice = 'watch';
        }
        finally {
            // On the way out of a fault; after a good run there is nothing left to close.
            await opened.cage.close();
        }
    }
}
async function runInside(run, order, { cage, reach }, enforcement) {
    const { ports, place, settings, survey, command } = run;
    const plan = order.planFor(reach);
    const scanner = createScanner(CATALOGUE);
    const log = kernel_log_kernelLog(ports.files, ports.processes, place.root, maySudo(ports));
    const killsBefore = hostKills(run);
    const running = await startBuild(ports, {
        spec: {
            ...command,
            environment: { ...command.environment, ...plan.environment },
            stdin: place.stdin,
            scratch: place.runDirectory
        },
        cage,
        timeoutMs: order.timeoutMs,
        listeners: { stdout: scanner.stream(), stderr: scanner.stream() }
    });
    run.reaper.group(running.pid);
    preferAsVictim(run, running.pid);
    announce(run, plan, enforcement);
    const observer = observeBuild(run, cage, running, enforcement);
    const ended = await running.finish();
    const timeline = observer.stop();
    const cageEvidence = cage.evidence();
    const faults = await cage.close();
    run.reaper.group(null);
    const isGood = ended.exit.code === 0 && ended.stop === null;
    const evidence = {
        exit: ended.exit,
        durationMs: ended.durationMs,
        stop: ofWholeTime(ended.stop, settings),
        cage: cageEvidence,
        hostKills: { before: killsBefore, after: hostKills(run) },
        // Nobody asks who killed what in a build that ended well, and reading it costs.
        kernelLog: isGood ? model_reading/* ABSENT */.sj : await log.kills(),
        timeline,
        survey,
        plan,
        disksAfter: isGood ? [] : disksNow(run),
        log: scanner.finish(),
        platform: place.platform
    };
    return {
        attempt: attemptOf(evidence, plan, ended, enforcement),
        enforcement,
        reach,
        stop: ended.stop,
        tail: evidence.log.tail,
        warnings: [...timeline.gaps, ...faults]
    };
}
/** The timeout is for all attempts together, and a later one had only the rest of it. */
function ofWholeTime(stop, { timeoutMs }) {
    return stop?.kind === 'timeout' && timeoutMs !== null ? { ...stop, afterMs: timeoutMs } : stop;
}
/** Before anything executes, so that it is written down whatever the build does. */
function announce(run, plan, enforcement) {
    run.journal.add({
        kind: 'attempt',
        attempt: plan.attempt,
        enforcement: enforcement.inForce,
        limitBytes: enforcement.limitBytes,
        limitSource: enforcement.limitSource,
        parallelism: plan.parallelism
    });
    run.narrator.started(run.survey, plan, enforcement);
}
function observeBuild(run, cage, running, enforcement) {
    const { ports, place, survey } = run;
    return observe({
        ...ports,
        cage,
        root: place.root,
        onSample: (sample) => {
            run.journal.add({ kind: 'sample', sample });
            run.narrator.sampled(sample, survey, enforcement);
        },
        onBreach: ({ level, limitBytes }, { atMs, treeBytes }) => running.stop({ kind: 'watch', afterMs: atMs, treeBytes, level, limitBytes })
    });
}
function describeEnforcement(cage, settings, survey, reasons) {
    const { binding } = survey;
    if (cage.capBytes !== null) {
        const limitSource = settings.memoryLimit.kind === 'auto' ? 'auto' : 'memory-limit';
        return { inForce: cage.way, reasons, limitBytes: cage.capBytes, limitSource };
    }
    const limitSource = binding === null ? 'unknown' : binding.source === 'host' ? 'host' : binding.file;
    return { inForce: cage.way, reasons, limitBytes: binding?.bytes ?? null, limitSource };
}

;// CONCATENATED MODULE: ./lib/model/settings.js
/** The command as one line for people and reports. */
function commandLine(command) {
    return command.kind === 'script' ? command.script.trim() : command.argv.join(' ');
}

;// CONCATENATED MODULE: ./lib/observe/journal.js
const journal_MOST_BYTES = 4 * 1024 * 1024;
function openJournal(files, path) {
    let bytes = 0;
    let isBroken = false;
    return {
        add(entry) {
            const line = `${JSON.stringify(entry)}\n`;
            if (entry.kind !== 'end' && (isBroken || bytes + line.length > journal_MOST_BYTES))
                return;
            try {
                if (bytes === 0)
                    files.writeText(path, line);
                else
                    files.appendText(path, line);
                bytes += line.length;
            }
            catch {
                isBroken = true;
            }
        }
    };
}
/** What a dead guard left: the entries that read as such, everything else skipped. */
function readJournal(text) {
    return text
        .slice(0, journal_MOST_BYTES)
        .split('\n')
        .flatMap((line) => {
        const entry = parseEntry(line);
        return entry === null ? [] : [entry];
    });
}
function parseEntry(line) {
    let raw;
    try {
        raw = JSON.parse(line);
    }
    catch {
        return null;
    }
    if (!isRecord(raw))
        return null;
    switch (raw['kind']) {
        case 'start':
            return { kind: 'start', command: journal_textOf(raw['command']), startedAt: journal_textOf(raw['startedAt']) };
        case 'attempt':
            return {
                kind: 'attempt',
                attempt: numberOf(raw['attempt']) ?? 1,
                enforcement: journal_textOf(raw['enforcement']),
                limitBytes: numberOf(raw['limitBytes']),
                limitSource: journal_textOf(raw['limitSource']),
                parallelism: numberOf(raw['parallelism']) ?? 1
            };
        case 'sample': {
            const sample = sampleOf(raw['sample']);
            return sample === null ? null : { kind: 'sample', sample };
        }
        case 'end':
            return { kind: 'end', conclusion: journal_textOf(raw['conclusion']) };
        default:
            return null;
    }
}
function sampleOf(raw) {
    if (!isRecord(raw))
        return null;
    const atMs = numberOf(raw['atMs']);
    const treeBytes = numberOf(raw['treeBytes']);
    if (atMs === null || treeBytes === null)
        return null;
    const processes = Array.isArray(raw['processes']) ? raw['processes'].filter(isRecord) : [];
    return {
        atMs,
        treeBytes,
        cacheBytes: numberOf(raw['cacheBytes']),
        availableBytes: numberOf(raw['availableBytes']),
        processes: processes.slice(0, 8).map((one) => ({
            pid: numberOf(one['pid']) ?? 0,
            tool: journal_textOf(one['tool']),
            package: typeof one['package'] === 'string' ? journal_textOf(one['package']) : null,
            bytes: numberOf(one['bytes']) ?? 0
        }))
    };
}
function isRecord(raw) {
    return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}
function journal_textOf(raw) {
    return typeof raw === 'string' ? raw.slice(0, 4096) : '';
}
function numberOf(raw) {
    return typeof raw === 'number' && Number.isFinite(raw) && raw >= 0 ? raw : null;
}

;// CONCATENATED MODULE: ./lib/run/reaper.js
/**
 * A small shell outside the cage and outside our session that reads a pipe from us: what to clean up, one thing a line.
 * A farewell ends it. The end of the pipe without one means that the guard died, and then it ends the build and removes
 * the cage at once. It needs only sh, find, cat, tee, kill, sleep, rmdir and rm. Argument 1 is `sudo` where cgroups are
 * changed through it.
 */
const SCRIPT = `trap '' INT TERM HUP
as=
[ "$1" = sudo ] && as='sudo -n --'
cages= group= directory=
while read -r word rest; do
  case $word in
    cage) cages="$cages$rest
" ;;
    group) group=$rest ;;
    directory) directory=$rest ;;
    farewell) exit 0 ;;
  esac
done
[ -n "$group" ] && kill -KILL "-$group" 2>/dev/null
printf %s "$cages" | sort -u | while read -r cage; do
  tries=0
  while [ -d "$cage" ] && [ "$tries" -lt 100 ]; do
    [ -e "$cage/cgroup.kill" ] && echo 1 | $as tee "$cage/cgroup.kill" >/dev/null 2>&1
    for pid in $(find "$cage" -name cgroup.procs -exec cat {} + 2>/dev/null); do $as kill -KILL "$pid" 2>/dev/null; done
    find "$cage" -depth -type d -exec $as rmdir {} ';' 2>/dev/null
    tries=$((tries + 1))
    [ -d "$cage" ] && sleep 0.02
  done
done
[ -n "$directory" ] && rm -rf "$directory"
exit 0`;
const NO_REAPER = { cage: () => { }, group: () => { }, directory: () => { }, dismiss: () => { } };
/** Starts the reaper; on Windows there is no cage of this kind and no such shell. */
function startReaper(processes, platform, maySudo) {
    if (platform === 'win32')
        return NO_REAPER;
    const { pipe } = processes.startDetached(['/bin/sh', '-c', SCRIPT, 'sh', maySudo ? 'sudo' : '']);
    // A path with a line break would be two orders; ours have none, and whoever sets such a TMPDIR cleans up himself.
    const tell = (word, what) => void (what.includes('\n') || pipe.write(`${word} ${what}\n`));
    return {
        cage: (directory) => tell('cage', directory),
        group: (groupId) => tell('group', groupId === null ? '' : String(groupId)),
        directory: (path) => tell('directory', path),
        dismiss: () => void pipe.end('farewell\n')
    };
}

;// CONCATENATED MODULE: ./lib/settings/environment.js
// What the runner gives to actions and not to `run:` steps: the inputs and state of the action, and the keys to its own
// services.
const HIDDEN_PREFIXES = ['INPUT_', 'STATE_'];
const HIDDEN_NAMES = new Set([
    'GITHUB_STATE',
    'ACTIONS_RUNTIME_TOKEN',
    'ACTIONS_RUNTIME_URL',
    'ACTIONS_RESULTS_URL',
    'ACTIONS_CACHE_URL',
    'ACTIONS_CACHE_SERVICE_V2'
]);
/** The environment that a `run:` step in our place would have had. Windows names are compared without case. */
function buildEnvironment(own, platform) {
    const kept = {};
    for (const [name, value] of Object.entries(own)) {
        const known = platform === 'win32' ? name.toUpperCase() : name;
        const isHidden = HIDDEN_NAMES.has(known) || HIDDEN_PREFIXES.some((prefix) => known.startsWith(prefix));
        if (!isHidden && value !== undefined)
            kept[name] = value;
    }
    return kept;
}

;// CONCATENATED MODULE: ./lib/settings/shell.js
// The table of the runner (actions/runner, ScriptHandlerHelpers.cs). The quotes that it puts around the last argument
// of pwsh are no part of the argument. cmd has CALL and file apart, which reads the same and needs no quotes in quotes.
const SHELLS = {
    bash: { template: ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '{0}'], extension: '.sh' },
    sh: { template: ['sh', '-e', '{0}'], extension: '.sh' },
    pwsh: { template: ['pwsh', '-command', ". '{0}'"], extension: '.ps1' },
    powershell: { template: ['powershell', '-command', ". '{0}'"], extension: '.ps1' },
    cmd: { template: ['cmd', '/D', '/E:ON', '/V:OFF', '/S', '/C', 'CALL', '{0}'], extension: '.cmd' },
    python: { template: ['python', '{0}'], extension: '.py' }
};
/** Whether GitHub would take it as the `shell` of a `run:` step. */
function isShell(text) {
    return text === '' || text.includes('{0}') || shellNamed(text) !== undefined;
}
/** How GitHub would execute the command as a `run:` step; an argument vector is executed as it is. */
function shellCall(command, context) {
    if (command.kind === 'vector')
        return { argv: command.argv, script: null };
    const { name, template, extension } = shellFor(command.shell, context);
    const path = `${context.scriptStem}${extension}`;
    const argv = template.map((word) => word.replaceAll('{0}', () => quotedFor(word, path)));
    return { argv, script: { path, text: scriptText(name, command.script, context.platform), extension } };
}
function shellFor(shell, context) {
    const builtin = shell === '' ? undefined : shellNamed(shell);
    if (builtin !== undefined)
        return { ...builtin, name: shell.toLowerCase() };
    const template = shell === '' ? defaultTemplate(context) : splitTemplate(shell);
    const name = (template[0] ?? '').toLowerCase();
    return { name, template, extension: shellNamed(name)?.extension ?? '' };
}
/** Without `shell` the runner starts bash with the arguments of sh: no `pipefail`. */
function defaultTemplate({ platform, hasPreferredShell }) {
    if (platform === 'win32')
        return SHELLS[hasPreferredShell ? 'pwsh' : 'powershell']?.template ?? [];
    return [hasPreferredShell ? 'bash' : 'sh', '-e', '{0}'];
}
function shellNamed(name) {
    const key = name.toLowerCase();
    return Object.hasOwn(SHELLS, key) ? SHELLS[key] : undefined;
}
/**
 * Splits as .NET does for the runner: blanks separate, double quotes hold together, a backslash escapes a double quote,
 * single quotes mean nothing. `pwsh -command ". '{0}'"` are three words.
 */
function splitTemplate(text) {
    const words = text.match(/(?:[^\s"\\]|\\"|\\|"(?:[^"\\]|\\"|\\)*(?:"|$))+/g) ?? [];
    return words.map((word) => word.replaceAll(/\\"|"/g, (mark) => (mark === '"' ? '' : '"')));
}
/** In `'{0}'` of PowerShell an apostrophe in the path is written twice. */
function quotedFor(word, path) {
    return word.includes("'{0}'") ? path.replaceAll("'", "''") : path;
}
/** With the lines that the runner puts around the script: PowerShell would go on after an error, and exit with 0. */
function scriptText(shell, script, platform) {
    const text = withFrame(shell, script);
    return platform === 'win32' ? text.replaceAll(/\r?\n/g, '\r\n') : text;
}
function withFrame(shell, script) {
    if (shell === 'cmd')
        return `@echo off\n${script}`;
    if (shell !== 'pwsh' && shell !== 'powershell')
        return script;
    const exit = 'if ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }';
    return `$ErrorActionPreference = 'stop'\n${script}\n${exit}`;
}

;// CONCATENATED MODULE: ./lib/kernel/mountinfo.js
/** Fields before the optional ones, and with them the first place where ` - ` can stand. */
const FIXED_FIELDS = 6;
/**
 * `/proc/self/mountinfo` (proc_pid_mountinfo(5)); any number of optional fields stands before the `-`, space, tab,
 * line break and backslash are written in octal:
 *
 *     35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
 */
function parseMountinfo(text) {
    return text.split('\n').flatMap((line) => {
        const fields = line.split(' ');
        const separator = fields.indexOf('-', FIXED_FIELDS);
        const [root, mountPoint] = fields.slice(3, 5);
        if (separator < 0 || root === undefined || mountPoint === undefined)
            return [];
        return [
            {
                root: unescapeOctal(root),
                mountPoint: unescapeOctal(mountPoint),
                fileSystem: fields[separator + 1] ?? '',
                superOptions: fields
                    .slice(separator + 3)
                    .join(' ')
                    .split(',')
            }
        ];
    });
}
function unescapeOctal(field) {
    return field.replaceAll(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)));
}
/** Mounts of the tree that limits memory: v1's with the `memory` controller, or any of v2. */
function memoryMounts(mounts, version) {
    return mounts.filter((mount) => version === 'v2'
        ? mount.fileSystem === 'cgroup2'
        : mount.fileSystem === 'cgroup' && mount.superOptions.includes('memory'));
}
/**
 * The directory of a cgroup in a mount; `null` where the mount does not show it: its root is another branch (`/fo` is
 * not above `/foo/bar`), or the cgroup lies outside our namespace.
 */
function directoryIn(mount, cgroupPath) {
    const root = mount.root === '/' ? '' : mount.root;
    if (cgroupPath !== root && !cgroupPath.startsWith(`${root}/`))
        return null;
    const below = cgroupPath.slice(root.length);
    if (/^\/\.\.(?:\/|$)/.test(below))
        return null;
    return joinBelow(mount.mountPoint, below);
}
/**
 * Whether the mount's root is above a cgroup that the mount cannot name: a mount from before we entered our cgroup
 * namespace has the root `/../..`. What is read at its mount point limits us all the same.
 */
function isAbove(mount, cgroupPath) {
    return /^(?:\/\.\.)+$/.test(mount.root) && stepsUp(mount.root) >= stepsUp(cgroupPath);
}
function stepsUp(path) {
    return (/^(?:\/\.\.(?=\/|$))*/.exec(path)?.[0].length ?? 0) / '/..'.length;
}
function joinBelow(mountPoint, below) {
    const directory = `${mountPoint === '/' ? '' : mountPoint}${below === '/' ? '' : below}`;
    return directory === '' ? '/' : directory;
}

;// CONCATENATED MODULE: ./lib/kernel/proc-cgroup.js
/**
 * `/proc/self/cgroup` (cgroups(7)), `id:controllers:path`; the path may contain colons and spaces:
 *
 *     4:memory:/docker/0b9f…
 *     0::/system.slice/hosted-compute-agent.service
 */
function parseProcCgroup(text) {
    return text.split('\n').flatMap((line) => {
        const [, id, controllers, path] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
        if (id === undefined || controllers === undefined || path === undefined)
            return [];
        const isV2 = id === '0' && controllers === '';
        return [{ controllers: controllers === '' ? [] : controllers.split(','), isV2, path }];
    });
}

;// CONCATENATED MODULE: ./lib/survey/cgroup-v1.js



/** One directory of a v1 memory hierarchy. Kernel memory is not in `usedBytes`: v1 does not tell its reclaimable part. */
function readV1Level(files, root, directory) {
    const read = (name) => files.readText(`${root}${directory}/${name}`);
    const limitBytes = (0,model_reading/* chainReading */.W5)(read('memory.limit_in_bytes'), parseLimit);
    return {
        directory,
        limitBytes,
        highBytes: model_reading/* ABSENT */.sj,
        swapLimitBytes: swapPart((0,model_reading/* chainReading */.W5)(read('memory.memsw.limit_in_bytes'), parseLimit), limitBytes),
        usedBytes: (0,model_reading/* chainReading */.W5)(read('memory.stat'), (text) => unreclaimableBytes(parseMemoryStat(text))),
        killsAsGroup: model_reading/* ABSENT */.sj
    };
}
/** Whether the limit of a parent holds for its children: always on kernels since 5.11, a setting before. */
function reachesParent(files, root, parent) {
    const setting = files.readText(`${root}${parent}/memory.use_hierarchy`);
    return setting.kind !== 'value' || setting.value.trim() !== '0';
}
/** v1 limits memory and swap together; its file is absent where swap is not accounted for. */
function swapPart(both, memory) {
    if (both.kind !== 'value' || memory.kind !== 'value')
        return both;
    return (0,model_reading/* value */.Uq)(Math.max(0, both.value - memory.value));
}

;// CONCATENATED MODULE: ./lib/survey/cgroup-v2.js



/** One directory of a v2 tree. The real root has none of these files: everything is absent there. */
function readV2Level(files, root, directory) {
    const read = (name) => files.readText(`${root}${directory}/${name}`);
    const limit = (name) => (0,model_reading/* chainReading */.W5)(read(name), parseLimit);
    return {
        directory,
        limitBytes: limit('memory.max'),
        highBytes: limit('memory.high'),
        swapLimitBytes: limit('memory.swap.max'),
        usedBytes: (0,model_reading/* chainReading */.W5)(read('memory.stat'), (text) => unreclaimableBytes(parseMemoryStat(text))),
        killsAsGroup: (0,model_reading/* mapReading */.P2)(read('memory.oom.group'), (text) => text.trim() === '1')
    };
}
/**
 * Whether the tree limits memory at all. On a hybrid machine, or with the controller switched off on the kernel command
 * line, a v2 tree is there and `cgroup.controllers` does not list `memory`.
 */
function hasMemoryController(files, root, mountPoint) {
    const controllers = files.readText(`${root}${mountPoint}/cgroup.controllers`);
    return controllers.kind !== 'value' || controllers.value.trim().split(/\s+/).includes('memory');
}

;// CONCATENATED MODULE: ./lib/survey/cgroup.js






/**
 * Finds the cgroup whose memory limits hold for this process, and reads every level from there up to the mount point.
 * A v1 memory hierarchy wins over v2: on hybrid machines the v2 tree stands beside it without memory files.
 */
function readCgroup(files, root) {
    const first = locate(files, root);
    // The process may have been moved, and its old cgroup removed, between the two files that say where it is.
    const place = first.directory === null || files.exists(root + first.directory) ? first : locate(files, root);
    if (place.version === 'none' || place.mountPoint === null)
        return { ...place, levels: [] };
    if (place.version === 'v2' && !hasMemoryController(files, root, place.mountPoint)) {
        return { ...nowhere(place.path), levels: [] };
    }
    const { version, mountPoint, directory } = place;
    return { ...place, levels: readLevels(files, root, version, mountPoint, directory ?? mountPoint) };
}
function locate(files, root) {
    const text = files.readText(`${root}/proc/self/cgroup`);
    if (text.kind !== 'value')
        return nowhere(text);
    const entries = parseProcCgroup(text.value);
    const v1 = entries.find((entry) => entry.controllers.includes('memory'));
    const entry = v1 ?? entries.find((candidate) => candidate.isV2);
    if (entry === undefined)
        return nowhere(model_reading/* ABSENT */.sj);
    const mountinfo = files.readText(`${root}/proc/self/mountinfo`);
    const mounts = mountinfo.kind === 'value' ? parseMountinfo(mountinfo.value) : [];
    const version = entry.isV2 ? 'v2' : 'v1';
    const isHybrid = version === 'v1' && memoryMounts(mounts, 'v2').length > 0;
    return { version, isHybrid, path: (0,model_reading/* value */.Uq)(entry.path), ...mountOf(files, root, memoryMounts(mounts, version), entry) };
}
function nowhere(path) {
    return { version: 'none', isHybrid: false, path, mountPoint: null, directory: null };
}
/** The first mount that shows our cgroup, preferably one that no later mount hides; else one of an ancestor. */
function mountOf(files, root, mounts, { path }) {
    const shown = mounts.flatMap(({ mountPoint, ...mount }) => {
        const directory = directoryIn({ mountPoint, ...mount }, path);
        return directory === null ? [] : [{ mountPoint, directory }];
    });
    const best = shown.find(({ directory }) => files.exists(root + directory)) ?? shown[0];
    return best ?? { mountPoint: mounts.find((mount) => isAbove(mount, path))?.mountPoint ?? null, directory: null };
}
/** Levels that exist, innermost first. A removed cgroup (its path ends in ` (deleted)`) is left out, not those above. */
function readLevels(files, root, version, top, own) {
    const levels = [];
    for (const directory of directoriesUp(own, top)) {
        if (!files.exists(root + directory))
            continue;
        levels.push(version === 'v2' ? readV2Level(files, root, directory) : readV1Level(files, root, directory));
        if (version === 'v1' && directory !== top && !reachesParent(files, root, external_node_path_.posix.dirname(directory)))
            break;
    }
    return levels;
}
function directoriesUp(own, top) {
    return own === top || own === '/' ? [own] : [own, ...directoriesUp(external_node_path_.posix.dirname(own), top)];
}
/** On systems without cgroups. */
function noCgroup(platform) {
    return { ...nowhere((0,model_reading/* unreadable */.O$)(`not read on ${platform}`)), levels: [] };
}

;// CONCATENATED MODULE: ./lib/survey/disks.js

/** Free space where a build writes: its sources, the Go build cache, and the directory for temporary files. */
function readDisks(files, root, places) {
    const paths = [
        { role: 'workspace', path: places.workingDirectory },
        { role: 'GOCACHE', path: goVariable(places.go, 'GOCACHE') ?? '' },
        { role: 'TMPDIR', path: temporaryDirectory(places) }
    ];
    const { dirname } = places.platform === 'win32' ? external_node_path_.win32 : external_node_path_.posix;
    return paths
        .filter(({ path }) => path !== '' && path !== 'off')
        .map(({ role, path }) => {
        const space = files.freeSpace(existing(files, root, path, dirname));
        return { role, path, freeBytes: space.bytes, freeInodes: space.inodes };
    });
}
/** As cmd/go chooses it: GOTMPDIR, else what the system calls its temporary directory (os.TempDir). */
function temporaryDirectory({ platform, environment, go }) {
    const own = goVariable(go, 'GOTMPDIR');
    if (own !== null && own !== '')
        return own;
    if (platform === 'win32')
        return environment['TMP'] || environment['TEMP'] || environment['USERPROFILE'] || '';
    return environment['TMPDIR'] || '/tmp';
}
function goVariable(go, name) {
    return go.kind === 'value' ? (go.value.env[name] ?? null) : null;
}
/** The path or, where it is yet to be made, the nearest directory above it: both are on the same file system. */
function existing(files, root, path, dirname) {
    let candidate = path;
    while (!files.exists(root + candidate) && dirname(candidate) !== candidate)
        candidate = dirname(candidate);
    return root + candidate;
}

;// CONCATENATED MODULE: ./lib/survey/go.js

const go_DEADLINE_MS = 5000;
/** Neither downloads a toolchain nor asks a proxy: looking at Go must not take the network. */
const OFFLINE = { GOTOOLCHAIN: 'local', GOPROXY: 'off' };
/**
 * The Go that is first in PATH, with its effective settings in the working directory; absent without one. `GOTOOLCHAIN`
 * and `GOPROXY` are those of the user, left out where they are not set.
 */
async function readGo(world) {
    const result = await runGo(world, ['env', '-json']);
    if (result.code === null)
        return isMissing(result) ? model_reading/* ABSENT */.sj : (0,model_reading/* unreadable */.O$)(result.problem ?? 'go env did not answer');
    if (result.code !== 0)
        return (0,model_reading/* unreadable */.O$)(`go env ended with exit code ${result.code}`);
    const asked = parseGoEnv(result.stdout);
    if (asked === null)
        return (0,model_reading/* unreadable */.O$)('go env printed no JSON object');
    const env = withUserSettings(asked, world);
    const version = env['GOVERSION'] || versionIn((await runGo(world, ['version'])).stdout);
    if (version === null)
        return (0,model_reading/* unreadable */.O$)('go does not tell its version');
    return (0,model_reading/* value */.Uq)({ version, minor: minorOf(version), mainModule: mainModule(env, world), env });
}
function runGo(world, args) {
    return world.processes.run('go', args, {
        cwd: world.workingDirectory,
        environment: { ...world.environment, ...OFFLINE },
        deadlineMs: go_DEADLINE_MS
    });
}
function isMissing(result) {
    return /\bENOENT\b/.test(result.problem ?? '');
}
/** Text values of `go env -json`, or `null` where it is none: `{"GOVERSION": "go1.26.8", "GOFLAGS": "", …}`. */
function parseGoEnv(text) {
    try {
        const parsed = JSON.parse(text);
        if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
            return null;
        return Object.fromEntries(Object.entries(parsed).filter((entry) => typeof entry[1] === 'string'));
    }
    catch {
        return null;
    }
}
/** `go version go1.26.8 linux/amd64`, for releases whose `go env` has no GOVERSION (before 1.16). */
function versionIn(text) {
    return /^go version (.+) \S+\/\S+$/m.exec(text)?.[1] ?? null;
}
function minorOf(version) {
    const minor = /\bgo1\.(\d+)/.exec(version)?.[1];
    return minor === undefined ? null : Number(minor);
}
/** `GOMOD` is empty outside modules and the null device where there is no go.mod; a workspace has many main modules. */
function mainModule(env, { files, root }) {
    const { GOMOD: path = '', GOWORK: workspace = '' } = env;
    if (!path.endsWith('go.mod') || (workspace !== '' && workspace !== 'off'))
        return null;
    const text = files.readText(root + path);
    return text.kind === 'value' ? modulePath(text.value) : null;
}
/** `module example.com/app // Deprecated: …`, with quotes, or as a block in parentheses (go.dev/ref/mod#go-mod-file-module). */
function modulePath(text) {
    const plain = text.replaceAll(/\/\/.*$/gm, '');
    const [, quoted, bare] = /^[ \t]*module(?:[ \t]*\(\s*|[ \t]+)(?:["`]([^"`\s]+)["`]|([^\s()"`]+))/m.exec(plain) ?? [];
    return quoted ?? bare ?? null;
}
/** Undoes what {@link OFFLINE} did to the answer: the environment goes before the file that `go env -w` writes. */
function withUserSettings(asked, world) {
    const lines = writtenSettings(asked['GOENV'] ?? '', world);
    const settings = Object.entries(asked).flatMap(([name, of]) => {
        if (!(name in OFFLINE))
            return [[name, of]];
        const written = lines.findLast((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
        const own = world.environment[name] || written?.trim();
        return own ? [[name, own]] : [];
    });
    return Object.fromEntries(settings);
}
/** `NAME=value` lines; no file where GOENV is `off`. */
function writtenSettings(path, { files, root }) {
    const text = path === '' || path === 'off' ? model_reading/* ABSENT */.sj : files.readText(root + path);
    return text.kind === 'value' ? text.value.split('\n') : [];
}

;// CONCATENATED MODULE: ./lib/survey/host-memory.js


/** Memory and swap of the machine, or of what a container is shown as one, from `/proc/meminfo`. */
function readHostMemory(files, root) {
    const text = files.readText(`${root}/proc/meminfo`);
    if (text.kind === 'value')
        return parseMeminfo(text.value);
    return { totalBytes: text, availableBytes: text, swapTotalBytes: text, swapFreeBytes: text };
}
/**
 * What Node tells where there is no `/proc`. On macOS its free memory counts only pages that hold nothing at all, a
 * small part of what can be had, so it is not taken for available memory.
 */
function hostMemoryOfNode(platform, memory) {
    return {
        totalBytes: (0,model_reading/* value */.Uq)(memory.totalBytes),
        availableBytes: platform === 'win32' ? (0,model_reading/* value */.Uq)(memory.freeBytes) : model_reading/* ABSENT */.sj,
        swapTotalBytes: model_reading/* ABSENT */.sj,
        swapFreeBytes: model_reading/* ABSENT */.sj
    };
}

;// CONCATENATED MODULE: ./lib/survey/killers.js

/** Daemons start early and have small pids; on a machine with more processes the rest is not looked at. */
const MOST_PROCESSES = 1024;
/** Who may kill the build besides its own cap. Daemons are looked for by name in `/proc`, without asking systemd. */
function readKillers(files, root) {
    const names = processNames(files, root);
    return {
        oomScoreAdj: (0,model_reading/* chainReading */.W5)(files.readText(`${root}/proc/self/oom_score_adj`), killers_scoreOf),
        systemdOomd: runs(names, 'systemd-oomd'),
        earlyoom: runs(names, 'earlyoom')
    };
}
function killers_scoreOf(text) {
    return /^-?\d{1,4}$/.test(text.trim()) ? (0,model_reading/* value */.Uq)(Number(text)) : (0,model_reading/* unreadable */.O$)('not a number');
}
function processNames(files, root) {
    const entries = files.list(`${root}/proc`);
    if (entries.kind !== 'value')
        return entries;
    const pids = entries.value.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(a) - Number(b));
    const names = new Set(pids.slice(0, MOST_PROCESSES).map((pid) => killers_nameOf(files, root, pid)));
    return (0,model_reading/* value */.Uq)({ names, isComplete: pids.length <= MOST_PROCESSES });
}
function killers_nameOf(files, root, pid) {
    const comm = files.readText(`${root}/proc/${pid}/comm`);
    return comm.kind === 'value' ? comm.value.trimEnd() : '';
}
/** The kernel's `kthreadd` is seen only where all processes of the machine are: not in a container, not with hidepid. */
function runs(reading, daemon) {
    return (0,model_reading/* chainReading */.W5)(reading, ({ names, isComplete }) => {
        if (names.has(daemon))
            return (0,model_reading/* value */.Uq)(true);
        if (!names.has('kthreadd'))
            return (0,model_reading/* unreadable */.O$)('the processes of the host are not visible from here');
        return isComplete ? (0,model_reading/* value */.Uq)(false) : (0,model_reading/* unreadable */.O$)(`only the first ${MOST_PROCESSES} processes were looked at`);
    });
}

;// CONCATENATED MODULE: ./lib/survey/limits.js


/**
 * Every hard limit, innermost first and the host last, and the smallest of them. `memory.high` is none: it slows a
 * build down and kills nothing.
 */
function findLimits(files, root, cgroup, host) {
    const candidates = [...cgroupCandidates(files, root, cgroup), hostCandidate(host)];
    return {
        limits: candidates.map(({ source, file, limit }) => ({ source, file, limit })),
        binding: smallest(candidates)
    };
}
function cgroupCandidates(files, root, cgroup) {
    if (cgroup.version === 'none')
        return [];
    const source = cgroup.version === 'v2' ? 'cgroup-v2' : 'cgroup-v1';
    const name = cgroup.version === 'v2' ? 'memory.max' : 'memory.limit_in_bytes';
    const own = cgroup.levels.map((level) => ({
        source,
        file: `${level.directory}/${name}`,
        limit: level.limitBytes,
        usedBytes: level.usedBytes
    }));
    return cgroup.version === 'v2' ? own : [...own, ...inherited(files, root, cgroup)];
}
/** v1 tells the smallest limit of all ancestors, also of those above what a container can see. */
function inherited(files, root, cgroup) {
    const [innermost] = cgroup.levels;
    const outermost = cgroup.levels.at(-1);
    if (innermost === undefined || outermost === undefined)
        return [];
    const file = `${innermost.directory}/memory.stat`;
    const limit = (0,model_reading/* chainReading */.W5)(files.readText(root + file), parseHierarchicalLimit);
    return [{ source: 'cgroup-v1', file, limit, usedBytes: outermost.usedBytes }];
}
function hostCandidate({ memory, file }) {
    const { totalBytes, availableBytes } = memory;
    const usedBytes = (0,model_reading/* chainReading */.W5)(totalBytes, (total) => (0,model_reading/* mapReading */.P2)(availableBytes, (available) => Math.max(0, total - available)));
    return { source: 'host', file, limit: totalBytes, usedBytes };
}
/** The first of equals: the innermost limit is the one that fires. */
function smallest(candidates) {
    return candidates.reduce((best, { source, file, limit, usedBytes }) => {
        if (limit.kind !== 'value' || (best !== null && best.bytes <= limit.value))
            return best;
        return { source, file, bytes: limit.value, usedByOthersBytes: usedBytes.kind === 'value' ? usedBytes.value : 0 };
    }, null);
}

;// CONCATENATED MODULE: ./lib/kernel/pressure.js

/**
 * `/proc/pressure/memory` or a cgroup's `memory.pressure` (accounting/psi.rst): shares in percent, totals in µs:
 *
 *     some avg10=10.17 avg60=8.20 avg300=2.55 total=7284311
 *     full avg10=9.02 avg60=7.11 avg300=2.20 total=6500120
 */
function parsePressure(text) {
    const some = stallOf(text, 'some');
    const full = stallOf(text, 'full');
    if (some === null || full === null)
        return (0,model_reading/* unreadable */.O$)('not in the form of pressure stall information');
    return (0,model_reading/* value */.Uq)({
        someAvg10: some.avg10,
        fullAvg10: full.avg10,
        someTotalUs: some.totalUs,
        fullTotalUs: full.totalUs
    });
}
function stallOf(text, kind) {
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${kind} `));
    const avg10 = /\bavg10=(\d+(?:\.\d+)?)/.exec(line ?? '')?.[1];
    const totalUs = /\btotal=(\d+)/.exec(line ?? '')?.[1];
    return avg10 === undefined || totalUs === undefined ? null : { avg10: Number(avg10), totalUs: Number(totalUs) };
}

;// CONCATENATED MODULE: ./lib/survey/pressure.js


/** Memory pressure of the machine; absent on kernels built without it. */
function readPressure(files, root) {
    return (0,model_reading/* chainReading */.W5)(files.readText(`${root}/proc/pressure/memory`), parsePressure);
}

;// CONCATENATED MODULE: ./lib/kernel/proc-limits.js

/**
 * `/proc/PID/limits` in its order (proc_pid_limits(5)); names hold single spaces, columns are padded, a few limits
 * have no unit:
 *
 *     Limit                     Soft Limit           Hard Limit           Units
 *     Max stack size            8388608              unlimited            bytes
 *     Max nice priority         0                    0
 */
function parseProcLimits(text) {
    return text.split('\n').flatMap((line) => {
        const [, name, soft, hard, unit = ''] = /^(Max(?: \S+)+) {2,}(\S+) +(\S+)(?: +(\S+))? *$/.exec(line) ?? [];
        if (name === undefined || soft === undefined || hard === undefined)
            return [];
        return [{ name, soft: parseLimit(soft), hard: parseLimit(hard), unit }];
    });
}

;// CONCATENATED MODULE: ./lib/survey/rlimits.js


/** Those that can end a Go build; the others (core size, priorities, signals, …) cannot. */
const THAT_BITE = new Set([
    'Max address space',
    'Max data size',
    'Max processes',
    'Max open files',
    'Max file size',
    'Max stack size',
    'Max locked memory'
]);
/** Resource limits that children inherit from this process. One entry for all where the file cannot be read. */
function readResourceLimits(files, root) {
    const text = files.readText(`${root}/proc/self/limits`);
    if (text.kind !== 'value')
        return allLimits(text);
    const limits = parseProcLimits(text.value);
    if (limits.length === 0)
        return allLimits((0,model_reading/* unreadable */.O$)('no limits in /proc/self/limits'));
    return limits.filter((limit) => THAT_BITE.has(limit.name) && limit.soft.kind !== 'unlimited');
}
function allLimits(answer) {
    return [{ name: 'Resource limits', soft: answer, hard: answer, unit: '' }];
}

;// CONCATENATED MODULE: ./lib/survey/survey.js









/** What this machine really gives. Never fails: what could not be read says so in its place. */
async function surveyMachine(world) {
    // The one slow answer: asked first, awaited last.
    const asked = readGo(world).catch((fault) => (0,model_reading/* unreadable */.O$)(reasonOf(fault)));
    const machine = world.platform === 'linux' ? surveyLinux(world) : surveyElsewhere(world);
    const go = await asked;
    const disks = guarded(() => readDisks(world.files, world.root, { ...world, go }), () => []);
    return { platform: world.platform, cpus: world.cpus, ...machine, disks, go };
}
function surveyLinux({ files, root }) {
    const host = guarded(() => readHostMemory(files, root), (reason) => ({ totalBytes: reason, availableBytes: reason, swapTotalBytes: reason, swapFreeBytes: reason }));
    const cgroup = guarded(() => readCgroup(files, root), (reason) => ({ version: 'none', isHybrid: false, path: reason, mountPoint: null, directory: null, levels: [] }));
    return {
        host,
        cgroup,
        ...guarded(() => findLimits(files, root, cgroup, { memory: host, file: '/proc/meminfo' }), () => ({ limits: [], binding: null })),
        pressure: guarded(() => readPressure(files, root), (reason) => reason),
        rlimits: guarded(() => readResourceLimits(files, root), allLimits),
        killers: guarded(() => readKillers(files, root), unknownKillers)
    };
}
function surveyElsewhere({ files, root, platform, nodeMemory }) {
    const notRead = (0,model_reading/* unreadable */.O$)(`not read on ${platform}`);
    const host = hostMemoryOfNode(platform, nodeMemory);
    const cgroup = noCgroup(platform);
    return {
        host,
        cgroup,
        ...findLimits(files, root, cgroup, { memory: host, file: 'os.totalmem()' }),
        pressure: notRead,
        rlimits: allLimits(notRead),
        killers: unknownKillers(notRead)
    };
}
function unknownKillers(reason) {
    return { oomScoreAdj: reason, systemdOomd: reason, earlyoom: reason };
}
/** A fault in one source takes that source away, nothing else. */
function guarded(read, instead) {
    try {
        return read();
    }
    catch (fault) {
        return instead((0,model_reading/* unreadable */.O$)(reasonOf(fault)));
    }
}
function reasonOf(fault) {
    return fault instanceof Error ? fault.message : String(fault);
}

;// CONCATENATED MODULE: ./lib/report/escape.js
/** The longest line of somebody else's text that a report repeats, in code points. */
const LINE_MAX = 400;
const escape_ESCAPE = String.fromCharCode(0x1b);
const escape_BELL = String.fromCharCode(0x07);
const C1_CSI = String.fromCharCode(0x9b);
// ECMA-48: OSC up to BEL or ST, CSI with parameters and a final byte, then any other two-byte sequence.
const ANSI = new RegExp(`${escape_ESCAPE}\\][^${escape_BELL}${escape_ESCAPE}\\n]*(?:${escape_BELL}|${escape_ESCAPE}\\\\)?|(?:${escape_ESCAPE}\\[|${C1_CSI})[0-?]*[ -/]*[@-~]?|${escape_ESCAPE}[ -/]*[0-~]?`, 'g');
/** Text without what a screen would obey instead of showing: ANSI, controls except newline, bidi, zero-width. */
function clean(text) {
    return text
        .replaceAll(ANSI, '')
        .replaceAll('\t', '    ')
        .replaceAll(/[\u2028\u2029]/g, ' ')
        .replaceAll(/[^\P{Cc}\n]|\p{Cf}|\u2065/gu, '')
        .replaceAll(/\p{Cs}/gu, '\uFFFD');
}
/** At most `max` code points; a cut shows as "…". */
function cut(text, max) {
    if (text.length <= max)
        return text;
    const points = Array.from(text.slice(0, 2 * max + 2));
    return points.length <= max ? text : `${points.slice(0, max - 1).join('')}…`;
}
/** Cleaned, on one line, cut. Only the part that could be shown is looked at, so a huge text costs nothing. */
function oneLine(text, max = LINE_MAX) {
    const shown = clean(text.slice(0, 16 * max).replaceAll('\n', ' '));
    return cut(shown.replaceAll(/\s+/g, ' ').trim(), max);
}
/** Untrusted text as a Markdown code span: there mentions, references, HTML and links are inert. */
function codeSpan(text, max = LINE_MAX) {
    const line = oneLine(text, max) || ' ';
    const longest = longestRun(line);
    if (longest === 0)
        return `\`${line}\``;
    const delimiter = '`'.repeat(longest + 1);
    return `${delimiter} ${line} ${delimiter}`;
}
/** Untrusted lines as a fenced block that they cannot close. `lineMax` is for lines of ours that must stay whole. */
function fence(language, lines, lineMax = LINE_MAX) {
    const shown = lines.map((line) => cut(clean(line.slice(0, 16 * lineMax)).replaceAll('\n', ' '), lineMax));
    const longest = shown.reduce((most, line) => Math.max(most, longestRun(line)), 2);
    const delimiter = '`'.repeat(longest + 1);
    return [delimiter + language, ...shown, delimiter].join('\n');
}
function longestRun(line) {
    return (line.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
}
/**
 * Untrusted text inside inline HTML, where Markdown is still read: everything but letters, digits and a few harmless
 * marks becomes a numeric entity, which CommonMark never takes for structure.
 */
function htmlCode(text, max = LINE_MAX) {
    const inert = oneLine(text, max).replaceAll(/[^\p{L}\p{N} .,/-]|www(?=\.)/gu, entity);
    return `<code>${inert}</code>`;
}
function entity(text) {
    return Array.from(text, (point) => `&#${point.codePointAt(0)};`).join('');
}
// What GitHub turns into a mention, a reference, a link, an emoji, a formula or a commit although it stands in plain words.
const LIVE = /[@$]|#\d|GH-\d|:\/\/|www\.|:[a-z+-][\w+-]*:|\b[0-9a-f]{7,40}\b/i;
/** Words of ours for Markdown. A figure in them may have come from elsewhere, so they are escaped as well. */
function plainMarkdown(words) {
    const line = clean(words).replaceAll(/\s+/g, ' ');
    const escaped = line.replaceAll(/(\S+?)([.,;:)]*)(?=\s|$)/g, (_, token, end) => {
        const inert = LIVE.test(token) ? codeSpan(token) : token.replaceAll(/[\\`*_~[\]<>&|]/g, '\\$&');
        return inert + end;
    });
    // A line that begins like a list, a heading or an underline would become one.
    return escaped.replace(/^(\s*)(?=[-+=#](?:[-+=#\s]|$))/, '$1\\').replace(/^(\s*\d+)(?=[.)](?:\s|$))/, '$1\\');
}
/** Escapes the pipes of a finished table cell, also inside code: cmark-gfm splits at each that follows an even number
 * of backslashes. */
function cellPipes(markdown) {
    return markdown.replaceAll(/(?<!\\)(\\*)\|/g, (whole, slashes) => slashes.length % 2 === 1 ? whole : `${slashes}\\|`);
}
/**
 * A line of ours for the runner's log that it cannot take for a command: `::name::` counts at the beginning of a line
 * after any blanks, the older `##[name]` anywhere in it (actions/runner, ActionCommand.cs).
 */
function inertLogLine(text) {
    return clean(text)
        .replaceAll('\n', ' ')
        .replaceAll('##[', '## [')
        .replace(/^(\s*):(?=:)/, '$1: ');
}

;// CONCATENATED MODULE: ./lib/report/words.js
/** The fixed words of every report. Numbers come in formatted; `…Code` is Prose that holds somebody's name already. */
const words_WORDS = {
    heading: {
        failed: 'Go build failed',
        recovered: 'Go build recovered',
        passed: 'Go build passed',
        passesAgain: 'Go build passes again',
        cancelled: 'Go build cancelled',
        killed: 'Go build killed by',
        notStarted: 'Go build not started',
        guardDied: 'the guard died before the build ended'
    },
    clause: {
        atCap: (cap) => `out of memory at its ${cap} cap`,
        aboveUs: (limit) => `out of memory at a limit above the build (${limit})`,
        aboveUsUnknown: 'out of memory at a limit above the build',
        machine: (total) => `the machine ran out of memory (${total})`,
        machineUnknown: 'the machine ran out of memory',
        watch: (limit) => `out of memory, ended by the guard before its ${limit} limit`,
        timeout: (after) => `timeout, ended by the guard after ${after} (exit 124)`,
        compileErrors: (count) => (count === 1 ? '1 compile error' : `${count} compile errors`),
        notMemory: 'not by memory',
        available: (size) => `${size} was available`,
        couldNotRun: 'the guard could not run it (exit 125)',
        exit: (code) => `exit ${code}`,
        notRecognised: 'cause not recognised',
        noLongerMemory: 'memory is no longer the problem'
    },
    /** What befell a failed attempt whose successor passed. */
    befell: {
        atCap: (cap) => `ran out of memory at its ${cap} cap`,
        aboveUs: 'ran out of memory at a limit above the build',
        machine: (total) => `ran out of memory on the machine (${total})`,
        machineUnknown: 'ran out of memory on the machine',
        watch: (limit) => `was ended by the guard before its ${limit} limit`,
        memory: 'ran out of memory',
        outOfMemory: 'out of memory',
        failed: (code) => `failed (exit ${code})`
    },
    /** Statuses that a shell gives itself (POSIX, Shell Command Language, 2.8.2). */
    shellStatus: {
        126: 'Exit 126 is the status of a shell for a command that it found and could not execute.',
        127: 'Exit 127 is the status of a shell for a command that it did not find.'
    },
    fix: 'Fix:',
    confidence: 'Confidence:',
    alsoPossible: 'Also possible:',
    table: { hypothesis: 'Hypothesis', measured: 'Measured', verdict: 'Verdict' },
    section: {
        memoryOverTime: 'Memory over time',
        planAndLimits: 'Plan and limits',
        processes: 'Largest processes',
        output: 'Build output'
    },
    notRecognised: {
        nothing: 'No known cause of failure was recognised',
        lead: 'No known cause matched what the build printed and how it ended.',
        fix: 'read the first error in the build output. If this cause should have been recognised, the report file shows what was seen.'
    },
    memory: {
        notInvolved: (peak) => `Memory was not involved: peak ${peak}.`,
        notInvolvedUnsampled: 'Memory was not involved (not sampled).',
        unknown: 'Whether memory was involved is not known: the counters that would tell could not be read.',
        notSampled: 'memory not sampled',
        reachedCap: (cap) => `reached its cap of ${cap}`,
        betweenSamples: 'The bars are samples; when the kernel acted, the build had reached the cap.'
    },
    inSummary: 'text in the job summary',
    annotated: 'The errors are annotated in the files.',
    mood: { memory: 'out of memory', killed: 'killed', recovered: 'recovered', failed: 'failed', passed: 'passed' },
    moodSymbol: { memory: '❌', killed: '❌', recovered: '⚠️', failed: '❌', passed: '✅' }
};
/** The order of rows in the evidence table. */
const VERDICT_ORDER = [
    'cause',
    'likely',
    'contributed',
    'ruled out',
    'not checked'
];
/** What enforces the limit, after "6.6 GiB". */
const ENFORCEMENT_WORDS = {
    'cgroup-v2': "hard cap on the build's own cgroup (v2)",
    'cgroup-v1': "hard cap on the build's own cgroup (v1)",
    watch: 'watched: the guard ends the build before it is reached; no kernel cap',
    none: 'no cap in force'
};
const PLATFORM_WORDS = {
    linux: 'Linux',
    darwin: 'macOS',
    win32: 'Windows'
};
const SUBJECT_WORDS = {
    cap: 'Cap',
    reserve: 'Reserve',
    swap: 'Swap',
    parallelism: 'Parallelism',
    'go-memory-limit': 'Heap limit',
    'gc-percent': 'Collector pace'
};
/** The same for a line of log. */
const ENFORCEMENT_IN_SHORT = {
    'cgroup-v2': 'own cgroup (v2)',
    'cgroup-v1': 'own cgroup (v1)',
    watch: 'watched, no kernel cap',
    none: 'no cap in force'
};

;// CONCATENATED MODULE: ./lib/report/figures.js



function isFailed(attempt) {
    return attempt.outcome.exitCode !== 0 || attempt.outcome.signal !== null;
}
/** The attempt that a report explains: the last one that failed. */
function explainedAttempt(report) {
    return report.attempts.findLast(isFailed) ?? null;
}
/** Highest sampled memory over all attempts; `null` where nothing was sampled. */
function peakBytes(report) {
    const peaks = report.attempts.filter(wasSampled).map((attempt) => attempt.memory.peakBytes);
    return peaks.length === 0 ? null : Math.max(...peaks);
}
/** A run can be too short for a look at what it holds; nothing held is nothing seen. */
function wasSampled(attempt) {
    return attempt.memory.peakBytes > 0;
}
/**
 * The cap at which the kernel killed this attempt, else `null`. Memory can grow between two samples: then the build
 * reached its cap, whatever the highest sample says, and every text says so. `report.json` and the outputs keep the sample.
 */
function reachedCapBytes({ outcome, memory }) {
    return outcome.endedBy === 'kernel-oom-cap' ? memory.limitBytes : null;
}
/** What a text calls the peak: the cap where it was reached, else the highest sample; `null` where nothing was sampled. */
function toldPeakBytes(attempt) {
    const sampledBytes = wasSampled(attempt) ? attempt.memory.peakBytes : null;
    const capBytes = reachedCapBytes(attempt);
    return capBytes === null ? sampledBytes : Math.max(capBytes, sampledBytes ?? 0);
}
/** "peak 6.0 of 6.6 GiB", "reached its cap of 6.6 GiB", or "memory not sampled". */
function figures_peakInWords(report, attempt) {
    const capBytes = reachedCapBytes(attempt);
    if (capBytes !== null)
        return words_WORDS.memory.reachedCap(formatBytes(capBytes));
    const share = peakShare(report, attempt);
    return share === null ? words_WORDS.memory.notSampled : `peak ${share}`;
}
/** "6.0 of 6.6 GiB"; without a limit "6.0 GiB"; `null` where nothing was sampled. */
function peakShare(report, attempt) {
    const bytes = toldPeakBytes(attempt);
    return bytes === null ? null : shareOf(bytes, attempt.memory.limitBytes ?? report.enforcement.limitBytes);
}
/** "6.0 of 6.6 GiB"; without a limit "6.0 GiB". */
function shareOf(bytes, limitBytes) {
    return limitBytes === null ? formatBytes(bytes) : formatShare(bytes, limitBytes);
}
/** {@link peakShare} with the percentage: "6.0 of 6.6 GiB (91 %)". */
function peakPercent(report, attempt) {
    const bytes = toldPeakBytes(attempt);
    const limitBytes = attempt.memory.limitBytes ?? report.enforcement.limitBytes;
    if (bytes === null || limitBytes === null)
        return peakShare(report, attempt);
    return `${formatShare(bytes, limitBytes)} (${formatPercent(bytes, limitBytes)})`;
}
/** The limit that memory is measured against: a cap of ours, a limit above us, the machine, or nothing but the peak. */
function heightOf(report, attempt) {
    const { inForce, limitBytes, limitSource } = report.enforcement;
    const bytes = attempt.memory.limitBytes ?? limitBytes;
    const total = report.survey.host.totalBytes;
    if (bytes !== null && inForce !== 'none')
        return { name: inForce === 'watch' ? 'limit' : 'cap', bytes };
    if (bytes !== null)
        return { name: limitSource === 'host' ? 'machine' : 'limit', bytes };
    if (total.kind === 'value')
        return { name: 'machine', bytes: total.value };
    return { name: 'peak', bytes: Math.max(attempt.memory.peakBytes, 1) };
}
/** Then nobody has to know whether swap is open or closed. */
function isWithoutSwap({ host: { swapTotalBytes } }) {
    return swapTotalBytes.kind === 'value' && swapTotalBytes.value === 0;
}
/** How an attempt came to its end, in one word. */
function endWord(attempt) {
    const { endedBy, signal } = attempt.outcome;
    if (!isFailed(attempt))
        return 'passed';
    if (endedBy === 'cancel')
        return 'cancelled';
    if (endedBy === 'guard')
        return 'ended';
    return endedBy.startsWith('kernel-oom') || signal !== null ? 'killed' : 'failed';
}
/** What an attempt ran with, as one would type it: `-p=1`, `GOMEMLIMIT=5900MiB`, `GOGC=25`. */
function settingsOf(plan) {
    return [
        `-p=${plan.parallelism}`,
        ...(plan.setGoMemoryLimitBytes === null ? [] : [`GOMEMLIMIT=${goMemoryLimit(plan.setGoMemoryLimitBytes)}`]),
        ...(plan.setGcPercent === null ? [] : [`GOGC=${plan.setGcPercent}`])
    ];
}
/** The largest process at the end of an attempt, else at its peak. */
function largestProcess(attempt) {
    return attempt.memory.last?.processes[0] ?? attempt.memory.peak?.processes[0] ?? null;
}
/** "`compile …/api/datadogV2` 2.9 GiB": for one line of log, so only the end of a long path. */
function processInShort(process) {
    const name = process.package === null ? process.tool : `${process.tool} ${shortPath(process.package)}`;
    return prose `${code(name)} ${figure(formatBytes(process.bytes))}`;
}
function shortPath(path) {
    const elements = path.split('/');
    return elements.length <= 3 ? path : `…/${elements.slice(-2).join('/')}`;
}
/** The job's name with its matrix values, as GitHub shows a matrix job: `test (ubuntu-latest, race)`. */
function jobLabel(job) {
    const name = job.name === '' ? 'build' : job.name;
    const values = Object.values(job.matrix).filter((text) => text !== '');
    return values.every((text) => name.includes(text)) ? name : `${name} (${values.join(', ')})`;
}

;// CONCATENATED MODULE: ./lib/report/headline.js




function headlineOf(report) {
    switch (report.conclusion) {
        case 'success':
            return passed(report);
        case 'recovered':
            return headline('⚠️', `${words_WORDS.heading.recovered}: `, recoveredClause(report));
        case 'cancelled':
            return headline('⚠️', words_WORDS.heading.cancelled, `, ended after ${formatDuration(report.durationMs)}`);
        case 'failure':
            return headline_failed(report);
    }
}
function headline(symbol, start, clause) {
    return { symbol, sentence: start + clause, clause: clause.trim() };
}
function passed(report) {
    const last = report.attempts.at(-1);
    const peak = last === undefined ? null : peakPercent(report, last);
    const memory = peak === null ? words_WORDS.memory.notSampled : `peak ${peak}`;
    return headline('✅', words_WORDS.heading.passed, ` in ${formatDuration(report.durationMs)}; ${memory}`);
}
function headline_failed(report) {
    const attempt = explainedAttempt(report);
    if (attempt === null)
        return headline('❌', `${words_WORDS.heading.notStarted}: `, notStartedClause(report));
    const diagnosis = report.diagnoses[0] ?? null;
    const start = `${words_WORDS.heading.failed}: `;
    if (diagnosis === null) {
        return headline('❌', start, `${exitWords(attempt)}, ${words_WORDS.clause.notRecognised}`);
    }
    if (diagnosis.id === 'signal.kill' && report.outOfMemory === 'false') {
        return headline('❌', `${words_WORDS.heading.killed} `, killedClause(attempt));
    }
    return headline('❌', start, failureClause(report, attempt, diagnosis));
}
function notStartedClause(report) {
    const diagnosis = report.diagnoses[0];
    return diagnosis === undefined ? words_WORDS.clause.couldNotRun : asClause(diagnosis.title);
}
/** "exit 1" or, where a signal ended the command itself, "SIGKILL (exit 137)". */
function exitWords(attempt) {
    const { exitCode, signal } = attempt.outcome;
    return signal === null ? words_WORDS.clause.exit(exitCode) : `${signal} (${words_WORDS.clause.exit(exitCode)})`;
}
/** "SIGKILL (exit 137), not by memory: 12.3 GiB was available" */
function killedClause(attempt) {
    const availableBytes = attempt.memory.last?.availableBytes ?? null;
    const signal = attempt.outcome.signal ?? 'SIGKILL';
    const exit = `${signal} (${words_WORDS.clause.exit(attempt.outcome.exitCode)}), ${words_WORDS.clause.notMemory}`;
    return availableBytes === null ? exit : `${exit}: ${words_WORDS.clause.available(formatBytes(availableBytes))}`;
}
function failureClause(report, attempt, diagnosis) {
    const words = words_WORDS.clause;
    const limit = limitOf(report, attempt);
    switch (diagnosis.id) {
        case 'oom.cgroup':
            if (attempt.outcome.endedBy === 'kernel-oom-ancestor')
                return aboveUs(report);
            return attempt.outcome.endedBy === 'kernel-oom-cap' && limit !== null
                ? words.atCap(limit)
                : asClause(diagnosis.title);
        case 'oom.host':
            return headline_machine(report, words.machine, words.machineUnknown);
        case 'oom.watch':
            return limit === null ? asClause(diagnosis.title) : words.watch(limit);
        case 'timeout':
            return attempt.outcome.endedBy === 'guard'
                ? words.timeout(formatDuration(allAttemptsMs(report)))
                : asClause(diagnosis.title);
        case 'compile.error':
            return diagnosis.locations.length === 0
                ? asClause(diagnosis.title)
                : words.compileErrors(diagnosis.locations.length);
        case 'guard.died':
            return words_WORDS.heading.guardDied;
        default:
            return asClause(diagnosis.title);
    }
}
/** The timeout is for all attempts together. */
function allAttemptsMs({ attempts }) {
    return attempts.reduce((sum, { outcome }) => sum + outcome.durationMs, 0);
}
function recoveredClause(report) {
    const attempt = explainedAttempt(report);
    const words = words_WORDS.befell;
    if (attempt === null)
        return words.memory;
    const limit = limitOf(report, attempt);
    const { endedBy, exitCode } = attempt.outcome;
    const who = attemptsInWords(report.attempts.filter(isFailed).map((failure) => failure.plan.attempt));
    if (endedBy === 'kernel-oom-cap')
        return `${who} ${limit === null ? words.memory : words.atCap(limit)}`;
    if (endedBy === 'kernel-oom-ancestor')
        return `${who} ${words.aboveUs}`;
    if (endedBy === 'kernel-oom-host')
        return `${who} ${headline_machine(report, words.machine, words.machineUnknown)}`;
    if (endedBy === 'guard' && report.diagnoses[0]?.id === 'oom.watch' && limit !== null)
        return `${who} ${words.watch(limit)}`;
    return `${who} ${attempt.outOfMemory === 'true' ? words.memory : words.failed(exitCode)}`;
}
function attemptsInWords(numbers) {
    const first = numbers[0] ?? 1;
    const last = numbers.at(-1) ?? first;
    if (first === last)
        return `attempt ${first}`;
    return numbers.length === 2 ? `attempts ${first} and ${last}` : `attempts ${first} to ${last}`;
}
function aboveUs(report) {
    const { binding } = report.survey;
    return binding === null || binding.source === 'host'
        ? words_WORDS.clause.aboveUsUnknown
        : words_WORDS.clause.aboveUs(formatBytes(binding.bytes));
}
function headline_machine(report, withTotal, without) {
    const total = report.survey.host.totalBytes;
    return total.kind === 'value' ? withTotal(formatBytes(total.value)) : without;
}
function limitOf(report, attempt) {
    const limitBytes = attempt.memory.limitBytes ?? report.enforcement.limitBytes;
    return limitBytes === null ? null : formatBytes(limitBytes);
}
/** A title begins with a capital; after a colon it goes on small, unless the first word is a name or an abbreviation. */
function asClause(title) {
    const isName = /^(?:Go|Git|Docker|Kubernetes|Linux|Windows|C)\b|^[A-Z]\S*[A-Z0-9]/.test(title);
    return isName ? title : title.charAt(0).toLowerCase() + title.slice(1);
}

;// CONCATENATED MODULE: ./lib/report/prose-markdown.js


/** Longest sentence or paragraph that a report repeats, in code points. */
const PROSE_MAX = 1200;
const CELL_MAX = 160;
const PATH_MAX = 32;
/** {@link Prose} for Markdown: words of ours escaped, everything else in code spans. */
function proseMarkdown(text, max = PROSE_MAX) {
    const pieces = cutParts(text, max).map((part) => (part.isCode ? codeSpan(part.text) : plainMarkdown(part.text)));
    // Two code spans side by side would read as one with longer delimiters.
    return pieces.reduce((all, piece) => (all.endsWith('`') && piece.startsWith('`') ? `${all} ${piece}` : all + piece), '');
}
/** {@link Prose} for a table cell. */
function proseCell(text) {
    return cellPipes(proseMarkdown(shortPaths(text), CELL_MAX)).trim() || '–';
}
/** Long absolute paths by their end, "…/agent.service/memory.max": a table with a whole one scrolls on a phone. */
function shortPaths(text) {
    return text.replaceAll(/(?<![\w.…~:/-])(?:\/[^\s/`'",;:]+){3,}/g, (path) => path.length <= PATH_MAX ? path : endOfPath(path, 2));
}
/** {@link Prose} for a terminal, a log or an annotation: one plain line. */
function proseText(text, max = PROSE_MAX) {
    const line = cutParts(text, max).map((part) => (part.isCode ? oneLine(part.text) : clean(part.text)));
    return line.join('').replaceAll(/\s+/g, ' ').trim();
}
function cutParts(text, max) {
    let room = max;
    return proseParts(text.slice(0, 16 * max)).flatMap((part) => {
        if (room <= 0)
            return [];
        const shown = { text: cut(part.text, room), isCode: part.isCode };
        room -= part.text.length;
        return [shown];
    });
}
/** A remedy that begins a line of its own, where the first one follows a colon. */
function capitalised(text) {
    return text.charAt(0).toUpperCase() + text.slice(1);
}

;// CONCATENATED MODULE: ./lib/report/log-lines.js








const log_lines_LINE_MAX = 400;
/** A line of ours: `guard: 1:34 …`, on one line and never a workflow command. */
function logLine(elapsedMs, text) {
    return cut(inertLogLine(`guard: ${formatClock(elapsedMs)} ${proseText(text)}`), log_lines_LINE_MAX);
}
/** The two lines before the first attempt: the limit in force with its source, and the plan with its reasons. */
function startLines(elapsedMs, of) {
    return [logLine(elapsedMs, limitWords(of)), logLine(elapsedMs, planWords(of.plan))];
}
function limitWords({ survey, enforcement, plan }) {
    const because = reasonsFor(plan, ['cap', 'reserve']).map(withoutCap);
    const { inForce, limitBytes, limitSource, reasons } = enforcement;
    if (plan.cap !== null && limitBytes !== null && inForce !== 'none') {
        const swap = inForce === 'watch' || isWithoutSwap(survey) ? [] : [`swap ${plan.cap.swap}`];
        const way = [ENFORCEMENT_IN_SHORT[inForce], ...swap].join(', ');
        // Where the machine itself is the limit, the reason for the cap has named its size.
        const machine = because.length > 0 && survey.binding?.source === 'host' ? [] : machineWords(survey);
        return [`limit ${formatBytes(limitBytes)}: ${way}`, ...because, ...machine].join('; ');
    }
    const isAbove = limitBytes !== null && limitSource !== 'host';
    const above = isAbove ? [`the limit above is ${formatBytes(limitBytes)}`] : [];
    const why = because.length > 0 ? because : reasons;
    return [ENFORCEMENT_IN_SHORT[inForce], ...why, ...above, ...machineWords(survey)].join('; ');
}
function machineWords({ host: { totalBytes } }) {
    return totalBytes.kind === 'value' ? [`machine ${formatBytes(totalBytes.value)}`] : [];
}
/** "Cap 6.6 GiB: limit 7.8 GiB less …": the line begins with the cap already. */
function withoutCap(text) {
    return text.replace(/^Cap [\d.]+ [GM]iB[:,] /, '');
}
function planWords(plan) {
    const set = Object.entries(plan.environment).map(([name, text]) => `${name}=${/\s/.test(text) ? `'${text}'` : text}`);
    const because = reasonsFor(plan, ['parallelism', 'go-memory-limit', 'gc-percent']);
    const sets = set.length === 0 ? 'nothing set' : `sets ${set.join(' ')}`;
    return because.length === 0
        ? `plan -p=${plan.parallelism}, ${sets}`
        : `plan -p=${plan.parallelism}, ${sets}: ${because.join('; ')}`;
}
function reasonsFor(plan, subjects) {
    const texts = plan.reasons.filter((reason) => subjects.includes(reason.subject)).map((reason) => reason.text);
    return texts.map((text) => text.replace(/\.$/, ''));
}
/** A level of memory was passed: "5.0 of 6.6 GiB (76 %); largest: compile …/api/datadogV2 2.9 GiB". */
function memoryLine(elapsedMs, sample, limitBytes) {
    const percent = formatPercent(sample.treeBytes, limitBytes);
    return logLine(elapsedMs, `${formatShare(sample.treeBytes, limitBytes)} (${percent})${largestOf(sample)}`);
}
/** The same without a cap: "machine: 0.3 of 6.8 GiB available (build 4.5, other 2.0)". */
function machineLine(elapsedMs, sample, totalBytes) {
    const available = sample.availableBytes ?? 0;
    const others = Math.max(0, totalBytes - available - sample.treeBytes);
    const amount = (bytes) => (totalBytes >= GIB ? (bytes / GIB).toFixed(1) : formatBytes(bytes));
    const parts = `(build ${amount(sample.treeBytes)}, other ${amount(others)})`;
    return logLine(elapsedMs, `machine: ${formatShare(available, totalBytes)} available ${parts}${largestOf(sample)}`);
}
function largestOf(sample) {
    const [largest] = sample.processes;
    return largest === undefined ? '' : `; largest: ${processInShort(largest)}`;
}
/**
 * A failed attempt that is not the end: what happened, and in `next` what is done about it ("attempt 2 of at most 3
 * with -p=1", "no attempt 3: …").
 */
function attemptEndLine(elapsedMs, attempt, next) {
    const { limitBytes } = attempt.memory;
    const isMemory = attempt.outOfMemory === 'true';
    const what = isMemory ? words_WORDS.befell.outOfMemory : `attempt ${attempt.plan.attempt} ended with ${exitWords(attempt)}`;
    const where = isMemory && limitBytes !== null ? ` at ${formatBytes(limitBytes)}` : '';
    const largest = largestProcess(attempt);
    const who = largest === null ? '' : prose `: ${figure(processInShort(largest).replaceAll('`', ''))} at the end`;
    return logLine(elapsedMs, `${what}${where}${who}; ${next}`);
}
/** The one line after the end: "passed in attempt 2, peak 4.1 of 6.6 GiB (62 %)". */
function conclusionLine(report) {
    return logLine(report.durationMs, conclusionWords(report));
}
function conclusionWords(report) {
    const last = report.attempts.at(-1);
    if (report.conclusion === 'cancelled')
        return `cancelled${peakPart(report, last)}`;
    const failed = explainedAttempt(report);
    if (last !== undefined && !isFailed(last)) {
        const which = report.attempts.length > 1 ? ` in attempt ${last.plan.attempt}` : '';
        return `passed${which}${peakPart(report, last)}`;
    }
    const { clause, sentence } = headlineOf(report);
    if (failed === null)
        return sentence;
    const words = clause.startsWith(exitWords(failed)) || /\(exit \d/.test(clause) ? clause : `${exitWords(failed)}, ${clause}`;
    if (clause.includes(words_WORDS.clause.notMemory))
        return `${words}${peakPart(report, failed)}`;
    return `${words}; ${memoryPart(report, failed)}`;
}
function peakPart(report, attempt) {
    const peak = attempt === undefined ? null : peakPercent(report, attempt);
    return peak === null ? `, ${words_WORDS.memory.notSampled}` : `, peak ${peak}`;
}
function memoryPart(report, attempt) {
    const peak = peakShare(report, attempt);
    const size = ` (${peak === null ? 'not sampled' : `peak ${peak}`})`;
    if (report.outOfMemory === 'false')
        return `memory not involved${size}`;
    if (report.outOfMemory === 'unknown')
        return `whether memory was involved is not known${size}`;
    const largest = largestProcess(attempt);
    return largest === null ? figures_peakInWords(report, attempt) : `largest at the end: ${processInShort(largest)}`;
}

;// CONCATENATED MODULE: ./lib/report/thresholds.js
/** Shares of the limit, in percent, at which the log gets a line. */
const LEVELS = [75, 90, 95];
/** A level counts anew after memory fell this many points below it. */
const FALL = 10;
/** Together with the lines at the start and the end a log has at most 30 of ours. */
const LINES_MAX = 24;
/** Watches one limit; its lines run out, so that a build swinging around a level does not fill the log. */
function createThresholds(linesMax = LINES_MAX) {
    const passed = new Set();
    let linesLeft = linesMax;
    return {
        crossed(bytes, limitBytes) {
            const percent = limitBytes > 0 ? (100 * bytes) / limitBytes : 0;
            for (const level of LEVELS)
                if (percent <= level - FALL)
                    passed.delete(level);
            const fresh = LEVELS.filter((level) => percent >= level && !passed.has(level));
            for (const level of fresh)
                passed.add(level);
            const highest = fresh.at(-1);
            if (highest === undefined || linesLeft === 0)
                return null;
            linesLeft -= 1;
            return highest;
        }
    };
}

;// CONCATENATED MODULE: ./lib/story/narrator.js



function narrator(runner, elapsedMs) {
    const thresholds = createThresholds();
    const debug = (text) => runner.debug(() => logLine(elapsedMs(), text));
    return {
        started(survey, plan, enforcement) {
            // A later attempt was announced by the line that told of the end of the one before.
            if (plan.attempt === 1)
                for (const line of startLines(elapsedMs(), { survey, enforcement, plan }))
                    runner.line(line);
            for (const reason of enforcement.reasons)
                debug(`enforcement: ${reason}`);
            for (const { subject, text } of plan.reasons)
                debug(`${subject}: ${text}`);
        },
        sampled(sample, survey, enforcement) {
            runner.debug(() => logLine(elapsedMs(), `sample: ${JSON.stringify(sample)}`));
            const totalBytes = (0,model_reading/* known */.eO)(survey.host.totalBytes);
            if (isOfMachine(enforcement) && totalBytes !== null && sample.availableBytes !== null) {
                const crossed = thresholds.crossed(totalBytes - sample.availableBytes, totalBytes);
                if (crossed !== null)
                    runner.line(machineLine(elapsedMs(), sample, totalBytes));
            }
            else if (enforcement.limitBytes !== null) {
                const crossed = thresholds.crossed(sample.treeBytes, enforcement.limitBytes);
                if (crossed !== null)
                    runner.line(memoryLine(elapsedMs(), sample, enforcement.limitBytes));
            }
        },
        died: (attempt, next) => runner.line(attemptEndLine(elapsedMs(), attempt, next)),
        ended: (report) => runner.line(conclusionLine(report)),
        warned: (text) => runner.line(logLine(elapsedMs(), text))
    };
}
/** No limit but the machine's own: then what others use counts as much as what the build does. */
function isOfMachine(enforcement) {
    return enforcement.limitSource === 'host';
}

;// CONCATENATED MODULE: ./lib/story/prepare.js









/** The journal's place in the run directory: `post` looks for it there. */
const prepare_JOURNAL = 'state.jsonl';
/** Reads the machine and lays out everything that an attempt needs. A problem means that nothing can be run. */
async function prepare(ports, place, settings) {
    const { files, clock } = ports;
    const startedMs = clock.nowMs();
    const startedAt = clock.wallTime();
    const workingDirectory = (0,external_node_path_.resolve)(place.currentDirectory, settings.workingDirectory);
    if (!files.exists(workingDirectory)) {
        return { problem: `working-directory: ${settings.workingDirectory} does not exist` };
    }
    const call = shellCall(settings.command, {
        platform: place.platform,
        scriptStem: `${place.runDirectory}/script`,
        hasPreferredShell: isOnPath(ports, place, place.platform === 'win32' ? 'pwsh.exe' : 'bash')
    });
    const reaper = startReaper(ports.processes, place.platform, maySudo(ports));
    if (!place.hasPost)
        reaper.directory(place.runDirectory);
    try {
        if (call.script !== null)
            files.writeText(call.script.path, call.script.text);
    }
    catch (fault) {
        reaper.dismiss();
        return { problem: `the script could not be written: ${fault instanceof Error ? fault.message : String(fault)}` };
    }
    const environment = buildEnvironment(place.environment, place.platform);
    const survey = await surveyMachine({ ...ports, ...place, environment, workingDirectory });
    const journal = openJournal(files, `${place.runDirectory}/${prepare_JOURNAL}`);
    journal.add({ kind: 'start', command: commandLine(settings.command), startedAt });
    return {
        run: {
            ports,
            place,
            settings,
            survey,
            startedAt,
            startedMs,
            command: { argv: call.argv, cwd: workingDirectory, environment },
            journal,
            reaper,
            narrator: narrator(ports.runner, () => clock.nowMs() - startedMs)
        }
    };
}
function isOnPath({ files }, { environment, platform }, program) {
    const [separator, slash] = platform === 'win32' ? [';', '\\'] : [':', '/'];
    const path = environment['PATH'] ?? environment['Path'] ?? '';
    return path.split(separator).some((directory) => directory !== '' && files.exists(`${directory}${slash}${program}`));
}

;// CONCATENATED MODULE: ./lib/story/problem-matcher.js

/** The name under which setup-go registers its matcher. */
const OWNER = 'go';
/**
 * Compile errors are annotated by us, with the path in the repository; the matcher of setup-go would annotate the same
 * lines once more as they pass. It is taken out of use while the command runs. Answers with what puts it back.
 */
function pauseProblemMatcher({ files, runner }, { environment }) {
    const workspace = environment['RUNNER_WORKSPACE'];
    if (workspace === undefined)
        return () => { };
    // Actions of this job are unpacked beside the workspaces: _actions/OWNER/NAME/REF (actions/runner, Constants.cs).
    const home = (0,external_node_path_.join)(workspace, '../_actions/actions/setup-go');
    const references = files.list(home);
    const matchers = references.kind === 'value' ? references.value.map((ref) => (0,external_node_path_.join)(home, ref, 'matchers.json')) : [];
    const matcher = matchers.find((path) => files.exists(path));
    if (matcher === undefined)
        return () => { };
    runner.removeMatcher(OWNER);
    return () => runner.addMatcher(matcher);
}

;// CONCATENATED MODULE: ./lib/report/recovery.js


/** The settings of the attempt that passed, where they differ from the first one's, as lines of the workflow step. */
function settingsThatWorked(report) {
    const first = report.attempts[0];
    const last = report.attempts.at(-1);
    if (first === undefined || last === undefined || isFailed(last))
        return null;
    const inputs = changedInputs(first.plan, last.plan);
    const environment = changedEnvironment(first.plan, last.plan);
    const lines = [...block('with:', inputs), ...block('env:', environment)];
    return lines.length === 0 ? null : { language: 'yaml', lines };
}
function changedInputs(before, after) {
    const changes = [];
    if (before.parallelism !== after.parallelism) {
        changes.push({ now: `parallelism: ${after.parallelism}`, was: String(before.parallelism) });
    }
    if (after.setGoMemoryLimitBytes !== null && after.setGoMemoryLimitBytes !== before.setGoMemoryLimitBytes) {
        const was = before.setGoMemoryLimitBytes === null ? 'not set' : goMemoryLimit(before.setGoMemoryLimitBytes);
        changes.push({ now: `go-memory-limit: ${goMemoryLimit(after.setGoMemoryLimitBytes)}`, was });
    }
    return changes;
}
// No input sets the collector's pace; the step's own environment does.
function changedEnvironment(before, after) {
    if (after.setGcPercent === null || after.setGcPercent === before.setGcPercent)
        return [];
    const was = before.setGcPercent === null ? 'not set' : String(before.setGcPercent);
    return [{ now: `GOGC: ${after.setGcPercent}`, was }];
}
function block(head, changes) {
    if (changes.length === 0)
        return [];
    const width = Math.max(...changes.map((change) => change.now.length));
    return [head, ...changes.map((change) => `  ${change.now.padEnd(width)}   # was ${change.was}`)];
}

;// CONCATENATED MODULE: ./lib/report/story.js







// Families in which memory, or who ended the build, is the question; all others are told without charts.
const FULL_FAMILIES = new Set([
    'oom',
    'signal',
    'timeout',
    'cancelled',
    'stall',
    'guard',
    'runner'
]);
function tellStory(report) {
    const attempt = explainedAttempt(report);
    const [top = null, ...others] = report.diagnoses;
    const form = formOf(report, top);
    const headline = headlineOf(report);
    return {
        headline,
        lead: leadOf(report, attempt, headline),
        cause: top === null ? null : { id: top.id, confidence: top.confidence },
        fixes: fixesOf(report, top),
        findings: findingsOf(attempt, top, form),
        others,
        locations: top?.locations ?? [],
        memoryNote: memoryNote(report, attempt),
        form
    };
}
/** The same for a stored log, of which nothing is known but its text and perhaps its status. */
function tellVerdict(verdict) {
    const [top = null, ...others] = verdict.diagnoses;
    const sentence = top?.title ?? words_WORDS.notRecognised.nothing;
    return {
        headline: { symbol: '❌', sentence, clause: asClause(sentence) },
        lead: top?.summary ?? '',
        cause: top === null ? null : { id: top.id, confidence: top.confidence },
        fixes: top?.remedies ?? [],
        findings: inOrder(verdict.findings.length > 0 ? verdict.findings : [...(top?.evidence ?? []), ...(top?.ruledOut ?? [])]),
        others,
        locations: top?.locations ?? [],
        memoryNote: null,
        form: 'full'
    };
}
function formOf(report, top) {
    if (report.conclusion === 'recovered' || top === null || report.outOfMemory !== 'false')
        return 'full';
    return FULL_FAMILIES.has(top.id.split('.')[0] ?? '') ? 'full' : 'short';
}
function leadOf(report, attempt, headline) {
    const [top = null] = report.diagnoses;
    if (report.conclusion === 'success')
        return '';
    if (attempt === null)
        return [top?.summary ?? '', ...report.warnings].filter((text) => text !== '').join(' ');
    if (top === null) {
        const status = attempt.outcome.exitCode;
        const shell = status === 126 || status === 127 ? ` ${words_WORDS.shellStatus[status]}` : '';
        return report.conclusion === 'cancelled' ? '' : words_WORDS.notRecognised.lead + shell;
    }
    const summary = withExit(top.summary, attempt, headline);
    return report.conclusion === 'recovered' ? `${summary} ${laterAttempt(report)}` : summary;
}
/** Exit status and cause are two facts, and both are told; most headings or summaries name the status themselves. */
function withExit(summary, attempt, headline) {
    if (/\bexit(?:ed with| code| status)? \d/.test(`${headline.sentence} ${summary}`))
        return summary;
    const exit = exitWords(attempt);
    return `${summary} ${exit.charAt(0).toUpperCase()}${exit.slice(1)}.`;
}
/** "Attempt 2 with `-p=1` passed with a peak of 4.1 GiB." */
function laterAttempt(report) {
    const last = report.attempts.at(-1);
    if (last === undefined || isFailed(last))
        return '';
    const number = figure(last.plan.attempt);
    const peak = figure(wasSampled(last) ? ` with a peak of ${formatBytes(last.memory.peakBytes)}` : '');
    const settings = settingsOf(last.plan).map((setting) => prose `${code(setting)}`);
    return `${prose `Attempt ${number} with `}${settings.join(' ')}${prose ` passed${peak}.`}`;
}
function fixesOf(report, top) {
    if (report.conclusion === 'success' || report.conclusion === 'cancelled')
        return [];
    const snippet = report.conclusion === 'recovered' ? settingsThatWorked(report) : null;
    if (snippet !== null)
        return [{ text: recoveredFix(report), snippet }];
    if (top === null)
        return report.conclusion !== 'failure' || report.attempts.length === 0
            ? []
            : [{ text: words_WORDS.notRecognised.fix, snippet: null }];
    return top.remedies;
}
function recoveredFix(report) {
    const failures = report.attempts.filter(isFailed);
    const lostMs = failures.reduce((sum, attempt) => sum + attempt.outcome.durationMs, 0);
    const which = failures.length === 1 ? 'the failed attempt' : `${failures.length} failed attempts`;
    return `start with the settings that worked. This run lost ${formatDuration(lostMs)} to ${which}.`;
}
function findingsOf(attempt, top, form) {
    if (form === 'short')
        return top?.locations.length ? [] : inOrder(top?.evidence ?? []);
    const examined = attempt?.findings ?? [];
    return inOrder(examined.length > 0 ? examined : [...(top?.evidence ?? []), ...(top?.ruledOut ?? [])]);
}
function inOrder(findings) {
    return findings.toSorted((a, b) => VERDICT_ORDER.indexOf(a.verdict) - VERDICT_ORDER.indexOf(b.verdict));
}
function memoryNote(report, attempt) {
    if (attempt === null || report.conclusion !== 'failure')
        return null;
    if (report.outOfMemory === 'unknown')
        return words_WORDS.memory.unknown;
    if (report.outOfMemory === 'true')
        return null;
    const peak = peakShare(report, attempt);
    return peak === null ? words_WORDS.memory.notInvolvedUnsampled : words_WORDS.memory.notInvolved(peak);
}

;// CONCATENATED MODULE: ./lib/report/annotations.js




const TITLE_MAX = 80;
const MESSAGE_MAX = 400;
/** The runner takes ten errors of a step; one is the verdict. */
const PLACES_MAX = 9;
/** Errors on their lines, then one verdict; nothing for a success or a cancelled run. */
function renderAnnotations(report, locations) {
    if (report.conclusion === 'success' || report.conclusion === 'cancelled')
        return [];
    const story = tellStory(report);
    if (report.conclusion === 'recovered')
        return [verdict('warning', story, [])];
    const places = locations.flatMap(({ location, repositoryPath }) => {
        return repositoryPath === null ? [] : [onLine(repositoryPath, location)];
    });
    return [...places.slice(0, PLACES_MAX), verdict('error', story, locations)];
}
function onLine(file, { line, column, message }) {
    const title = 'Go build error';
    const place = {
        level: 'error',
        title,
        message: cut(inert(oneLine(message)), MESSAGE_MAX),
        file: oneLine(file),
        line
    };
    return column === null ? place : { ...place, column };
}
function verdict(level, story, locations) {
    return {
        level,
        title: cut(inert(proseText(story.headline.sentence)), TITLE_MAX),
        message: cut(inert(oneLine(annotations_messageOf(story, locations), MESSAGE_MAX)), MESSAGE_MAX)
    };
}
function annotations_messageOf(story, locations) {
    const [first] = story.locations;
    const [fix] = story.fixes;
    if (first !== undefined) {
        const found = locations.filter((mapped) => mapped.repositoryPath !== null);
        const file = found.find(({ location }) => location.file === first.file)?.repositoryPath ?? first.file;
        const where = prose `First: ${code(`${file}:${first.line}`)} ${code(first.message)}.`;
        const annotatedCount = Math.min(found.length, PLACES_MAX);
        const more = story.locations.length - annotatedCount;
        return `${proseText(where)}${annotatedCount > 0 && more > 0 ? ` ${more} more are in the log.` : ''}`;
    }
    const lead = proseText(story.lead);
    return fix === undefined ? lead : `${lead} Fix: ${proseText(fix.text)}${snippetWords(fix)}`;
}
/** Settings on one line: "parallelism: 1, go-memory-limit: 5900MiB". */
function snippetWords({ snippet }) {
    if (snippet === null || snippet.language !== 'yaml')
        return '';
    const settings = snippet.lines
        .map((line) => clean(line)
        .replace(/\s+#.*$/, '')
        .trim())
        .filter((line) => !line.endsWith(':'));
    return settings.length === 0 ? '' : ` ${settings.join(', ')}`;
}
/** The runner looks for its older commands anywhere in a line, whatever stands before. */
function inert(text) {
    return text.replaceAll('##[', '## [');
}

;// CONCATENATED MODULE: ./lib/report/check.js
/** Narrows a value that passes the check. */
function fits(check, input) {
    return check(input, '') === null;
}
/** Every field must be there; fields of later versions are let through. */
function object(fields) {
    const checks = Object.entries(fields);
    return (input, at) => {
        if (!check_isRecord(input))
            return at;
        for (const [name, check] of checks) {
            const problem = check(input[name], at === '' ? name : `${at}.${name}`);
            if (problem !== null)
                return problem;
        }
        return null;
    };
}
/** At most `max` elements: a file of somebody else's making must not decide how much there is to do. */
function list(of, max) {
    return (input, at) => {
        if (!Array.isArray(input) || input.length > max)
            return at;
        return firstProblem(input.map((element, i) => [`${at}[${i}]`, element]), of);
    };
}
function record(of, max) {
    return (input, at) => {
        if (!check_isRecord(input))
            return at;
        const entries = Object.entries(input);
        return entries.length > max
            ? at
            : firstProblem(entries.map(([name, element]) => [`${at}.${name}`, element]), of);
    };
}
function firstProblem(elements, check) {
    for (const [at, element] of elements) {
        const problem = check(element, at);
        if (problem !== null)
            return problem;
    }
    return null;
}
function nullable(of) {
    return (input, at) => (input === null ? null : of(input, at));
}
function check_oneOf(...allowed) {
    const known = allowed;
    return (input, at) => (known.includes(input) ? null : at);
}
/** One of several shapes, told apart by their `kind`. */
function byKind(shapes) {
    return (input, at) => {
        const kind = check_isRecord(input) ? input['kind'] : undefined;
        const shape = typeof kind === 'string' && Object.hasOwn(shapes, kind) ? shapes[kind] : undefined;
        return shape === undefined ? `${at}.kind` : shape(input, at);
    };
}
const check_text = (input, at) => (typeof input === 'string' ? null : at);
const flag = (input, at) => (typeof input === 'boolean' ? null : at);
const number = (input, at) => (typeof input === 'number' && Number.isFinite(input) ? null : at);
/** Zero or more, and small enough to be exact: bytes, counts, milliseconds. */
const amount = (input, at) => {
    return typeof input === 'number' && input >= 0 && input <= Number.MAX_SAFE_INTEGER ? null : at;
};
function check_isRecord(input) {
    return typeof input === 'object' && input !== null && !Array.isArray(input);
}

;// CONCATENATED MODULE: ./lib/report/names-only.js


const WORDS_MAX = 8;
const NAME = /^[\w.~/@+:=,%*…()[\]-]+$/;
// What Go says of a signal, the same in every build: `signal: killed`, `exit status 1`.
const SIGNAL = /^(?:signal: [a-z ]{1,30}|exit status \d{1,3})$/;
/**
 * Prose for a place where the runner masks no secrets: names of packages, files, counters, settings and commands stay,
 * whatever may be a line that the build printed goes.
 */
function namesOnly(text) {
    return proseParts(text)
        .map((part) => {
        if (!part.isCode)
            return part.text;
        return isHarmless(part.text) ? `\`${part.text}\`` : `(${words_WORDS.inSummary})`;
    })
        .join('');
}
function isHarmless(text) {
    if (SIGNAL.test(text))
        return true;
    const words = text.split(' ');
    const isCommand = /^(?:go|git|compile|link|asm|cgo|vet|-[a-z]+=?)/.test(text) && words.length <= WORDS_MAX;
    return (words.length === 1 || isCommand) && words.every(isName);
}
/** One word that looks like a path or setting, and neither like an address with credentials nor like a key. */
function isName(word) {
    const runs = word.match(/\w{20,}/g) ?? [];
    const isKey = runs.some((run) => /\d/.test(run) && /[A-Za-z]/.test(run));
    const isUuid = /[0-9a-f]{8}-[0-9a-f]{4}-/i.test(word);
    return NAME.test(word) && !word.includes('://') && !isKey && !isUuid;
}

;// CONCATENATED MODULE: ./lib/report/redact.js
/** Values of these are secrets or name where they are. */
const SECRET_NAMES = /^(?:GOAUTH|.*(?:TOKEN|PASSWORD|SECRET).*)$/i;
/** `https://user:password@host` without what stands before the `@`. */
function withoutCredentials(text) {
    return text.replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/@\s]*@/gi, '$1***@');
}
/** Environment variables for a place that travels. */
function shareable(environment) {
    return Object.fromEntries(Object.entries(environment).map(([name, text]) => [
        name,
        SECRET_NAMES.test(name) && text !== '' ? '***' : withoutCredentials(text)
    ]));
}

;// CONCATENATED MODULE: ./lib/report/survey-shape.js

const SOME = 1000;
/** The three answers of a reading, told apart by `kind`. */
function reading(of) {
    return byKind({
        value: object({ kind: check_oneOf('value'), value: of }),
        absent: object({ kind: check_oneOf('absent') }),
        unreadable: object({ kind: check_oneOf('unreadable'), reason: check_text })
    });
}
const unlimited = object({ kind: check_oneOf('unlimited') });
const readLimit = reading(amount);
/** A limit may also say that it limits nothing. */
const survey_shape_limit = (input, at) => (unlimited(input, at) === null ? null : readLimit(input, at));
const source = check_oneOf('cgroup-v2', 'cgroup-v1', 'host');
const host = object({
    totalBytes: reading(amount),
    availableBytes: reading(amount),
    swapTotalBytes: reading(amount),
    swapFreeBytes: reading(amount)
});
const level = object({
    directory: check_text,
    limitBytes: survey_shape_limit,
    highBytes: survey_shape_limit,
    swapLimitBytes: survey_shape_limit,
    usedBytes: reading(amount),
    killsAsGroup: reading(flag)
});
const cgroup = object({
    version: check_oneOf('v1', 'v2', 'none'),
    isHybrid: flag,
    path: reading(check_text),
    mountPoint: nullable(check_text),
    directory: nullable(check_text),
    levels: list(level, SOME)
});
const killers = object({
    oomScoreAdj: reading(number),
    systemdOomd: reading(flag),
    earlyoom: reading(flag)
});
const disk = object({
    role: check_oneOf('workspace', 'GOCACHE', 'TMPDIR'),
    path: check_text,
    freeBytes: reading(amount),
    freeInodes: reading(amount)
});
/** What the machine gave, field by field as in the model. */
const survey = object({
    platform: check_oneOf('aix', 'android', 'cygwin', 'darwin', 'freebsd', 'haiku', 'linux', 'netbsd', 'openbsd', 'sunos', 'win32'),
    cpus: amount,
    host,
    cgroup,
    limits: list(object({ source, file: check_text, limit: survey_shape_limit }), SOME),
    binding: nullable(object({ source, file: check_text, bytes: amount, usedByOthersBytes: number })),
    pressure: reading(object({ someAvg10: number, fullAvg10: number, someTotalUs: amount, fullTotalUs: amount })),
    rlimits: list(object({ name: check_text, soft: survey_shape_limit, hard: survey_shape_limit, unit: check_text }), SOME),
    killers,
    disks: list(disk, SOME),
    go: reading(object({
        version: check_text,
        minor: nullable(amount),
        mainModule: nullable(check_text),
        env: record(check_text, SOME)
    }))
});

;// CONCATENATED MODULE: ./lib/report/report-shape.js


const MANY = 10_000;
const report_shape_SOME = 1000;
// Which signals there are depends on the system that wrote the report.
const signal = (input, at) => {
    return typeof input === 'string' && /^SIG[A-Z0-9]{2,10}$/.test(input) ? null : at;
};
const report_shape_location = object({ file: check_text, line: amount, column: nullable(amount), message: check_text });
const finding = object({
    hypothesis: check_text,
    measured: check_text,
    verdict: check_oneOf('cause', 'likely', 'contributed', 'ruled out', 'not checked')
});
const remedy = object({
    text: check_text,
    snippet: nullable(object({ language: check_oneOf('yaml', 'sh', 'text'), lines: list(check_text, report_shape_SOME) }))
});
const diagnosis = object({
    id: check_text,
    title: check_text,
    confidence: check_oneOf('certain', 'likely', 'possible'),
    score: number,
    summary: check_text,
    evidence: list(finding, report_shape_SOME),
    ruledOut: list(finding, report_shape_SOME),
    remedies: list(remedy, report_shape_SOME),
    locations: list(report_shape_location, MANY)
});
const plan = object({
    attempt: amount,
    level: check_oneOf('ample', 'tight', 'unknown'),
    cap: nullable(object({ bytes: amount, swap: check_oneOf('open', 'closed') })),
    parallelism: amount,
    setParallelism: nullable(amount),
    setGoMemoryLimitBytes: nullable(amount),
    setGcPercent: nullable(number),
    environment: record(check_text, report_shape_SOME),
    reasons: list(object({
        subject: check_oneOf('cap', 'reserve', 'swap', 'parallelism', 'go-memory-limit', 'gc-percent'),
        text: check_text
    }), report_shape_SOME)
});
const outcome = object({
    exitCode: number,
    signal: nullable(signal),
    durationMs: amount,
    endedBy: check_oneOf('itself', 'kernel-oom-cap', 'kernel-oom-ancestor', 'kernel-oom-host', 'guard', 'cancel', 'other', 'unknown')
});
const process = object({ pid: amount, tool: check_text, package: nullable(check_text), bytes: amount });
const sample = object({
    atMs: amount,
    treeBytes: amount,
    cacheBytes: nullable(amount),
    availableBytes: nullable(amount),
    processes: list(process, MANY)
});
const outOfMemory = check_oneOf('true', 'false', 'unknown');
const report_shape_attempt = object({
    plan,
    outcome,
    memory: object({
        peakBytes: amount,
        limitBytes: nullable(amount),
        kernelPeakBytes: reading(amount),
        samples: list(sample, 10 * MANY),
        peak: nullable(sample),
        last: nullable(sample)
    }),
    heaviest: list(object({ tool: check_text, package: check_text, peakBytes: amount, seenMs: amount }), MANY),
    diagnoses: list(diagnosis, report_shape_SOME),
    findings: list(finding, report_shape_SOME),
    outOfMemory
});
const enforcement = object({
    inForce: check_oneOf('cgroup-v2', 'cgroup-v1', 'watch', 'none'),
    reasons: list(check_text, report_shape_SOME),
    limitBytes: nullable(amount),
    limitSource: check_text
});
/** The shape of `report.json`, field by field as in the model. */
const reportShape = object({
    schemaVersion: check_oneOf(1),
    conclusion: check_oneOf('success', 'recovered', 'failure', 'cancelled'),
    command: check_text,
    workingDirectory: check_text,
    job: object({ name: check_text, matrix: record(check_text, report_shape_SOME) }),
    startedAt: check_text,
    durationMs: amount,
    survey: survey,
    enforcement,
    attempts: list(report_shape_attempt, report_shape_SOME),
    diagnoses: list(diagnosis, report_shape_SOME),
    outOfMemory,
    warnings: list(check_text, MANY)
});

;// CONCATENATED MODULE: ./lib/report/json.js






/** Far more than a report with all its samples needs. */
const TEXT_MAX = 64 * 1024 * 1024;
/** `report.json` (`schema/report.v1.json`): fields in the order of the model, readings as they are. */
function encodeReport(report) {
    const { schemaVersion, conclusion, command, workingDirectory, job, startedAt, durationMs, survey } = report;
    const { enforcement, attempts, diagnoses, outOfMemory, warnings } = report;
    const ordered = {
        schemaVersion,
        conclusion,
        command: withoutCredentials(command),
        workingDirectory,
        job: { name: job.name, matrix: job.matrix },
        startedAt,
        durationMs,
        survey: shareableSurvey(survey),
        enforcement: {
            inForce: enforcement.inForce,
            reasons: enforcement.reasons,
            limitBytes: enforcement.limitBytes,
            limitSource: enforcement.limitSource
        },
        attempts: attempts.map(orderedAttempt),
        diagnoses: diagnoses.map(orderedDiagnosis),
        outOfMemory,
        warnings
    };
    return `${JSON.stringify(ordered, null, 2)}\n`;
}
function orderedAttempt({ plan, outcome, memory, heaviest, diagnoses, findings, outOfMemory }) {
    const { peakBytes, limitBytes, kernelPeakBytes, samples, peak, last } = memory;
    return {
        plan: { ...plan, environment: shareable(plan.environment) },
        outcome: {
            exitCode: outcome.exitCode,
            signal: outcome.signal,
            durationMs: outcome.durationMs,
            endedBy: outcome.endedBy
        },
        memory: { peakBytes, limitBytes, kernelPeakBytes, samples, peak, last },
        heaviest,
        diagnoses: diagnoses.map(orderedDiagnosis),
        findings: findings.map(orderedFinding),
        outOfMemory
    };
}
function shareableSurvey(survey) {
    return { ...survey, go: (0,model_reading/* mapReading */.P2)(survey.go, (go) => ({ ...go, env: shareable(go.env) })) };
}
/** The file travels, and nobody masks secrets in it: names and numbers stay, what the build printed does not. */
function orderedDiagnosis(diagnosis) {
    const { id, title, confidence, score, summary, evidence, ruledOut, remedies, locations } = diagnosis;
    return {
        id,
        title,
        confidence,
        score,
        summary: namesOnly(summary),
        evidence: evidence.map(orderedFinding),
        ruledOut: ruledOut.map(orderedFinding),
        remedies,
        locations: locations.map(({ file, line, column }) => ({ file, line, column, message: '' }))
    };
}
function orderedFinding({ hypothesis, measured, verdict }) {
    return { hypothesis, measured: namesOnly(measured), verdict };
}
/** Reads a stored `report.json`, which anybody may have written: its text still has to be escaped like any other. */
function decodeReport(text) {
    if (text.length > TEXT_MAX)
        return refused('the file is larger than any report');
    let input;
    try {
        input = JSON.parse(text);
    }
    catch {
        return refused('the file is not JSON');
    }
    if (fits(reportShape, input))
        return { kind: 'report', report: input };
    const version = versionOf(input);
    if (version !== null && version !== 1)
        return refused(`the report has schemaVersion ${version}; this version reads 1`);
    return refused(`the file is not a report: ${placeOf(input)} is missing or has another form`);
}
function versionOf(input) {
    if (typeof input !== 'object' || input === null || !('schemaVersion' in input))
        return null;
    return typeof input.schemaVersion === 'number' ? input.schemaVersion : null;
}
function placeOf(input) {
    return oneLine(reportShape(input, '') ?? '', 120) || 'its beginning';
}
function refused(reason) {
    return { kind: 'refused', reason };
}

;// CONCATENATED MODULE: ./lib/report/outputs.js


/** The guard could not run the command at all. */
const outputs_COULD_NOT_RUN = 125;
/** The action's outputs by name. They speak of the last attempt, except for the peak, the cause and `out-of-memory`. */
function renderOutputs(report, { reportFile, commentUrl }) {
    const last = report.attempts.at(-1);
    const [top] = report.diagnoses;
    return {
        conclusion: report.conclusion,
        'exit-code': String(last?.outcome.exitCode ?? outputs_COULD_NOT_RUN),
        signal: last?.outcome.signal ?? '',
        cause: top?.id ?? '',
        confidence: top?.confidence ?? '',
        'out-of-memory': report.outOfMemory,
        'memory-peak-bytes': bytes(peakBytes(report)),
        'memory-limit-bytes': bytes(report.enforcement.limitBytes),
        'memory-limit-source': oneLine(report.enforcement.limitSource),
        enforcement: report.enforcement.inForce,
        parallelism: last === undefined ? '' : String(last.plan.parallelism),
        attempts: String(report.attempts.length),
        'duration-ms': String(Math.round(report.durationMs)),
        'report-file': reportFile ?? '',
        'comment-url': commentUrl ?? ''
    };
}
/** Unknown is empty: zero would be a measurement. */
function bytes(count) {
    return count === null ? '' : String(Math.round(count));
}

;// CONCATENATED MODULE: ./lib/report/budget.js
const UNCUT = { outputLines: 200, processes: 50, mermaid: true, ruledOutRows: true, history: true };
/** What goes first when a report is too long; heading, fix and cause are not in this list. */
const STEPS = [
    { cuts: { outputLines: 50 }, part: 'output', note: 'build output before the last 50 lines' },
    { cuts: { outputLines: 12 }, part: 'output', note: 'build output before the last 12 lines' },
    { cuts: { outputLines: 0 }, part: 'output', note: 'build output' },
    { cuts: { processes: 20 }, part: 'processes', note: 'processes after the largest 20' },
    { cuts: { processes: 5 }, part: 'processes', note: 'processes after the largest 5' },
    { cuts: { mermaid: false }, part: 'mermaid', note: 'the chart of memory over time' },
    { cuts: { ruledOutRows: false }, part: 'rows', note: 'what was measured for hypotheses that are ruled out' },
    { cuts: { history: false }, part: 'history', note: 'earlier runs' }
];
/**
 * The blocks that fit into a budget of UTF-8 bytes, parted by blank lines. Parts are shortened in a fixed order and
 * the text says which; where even that is not enough, blocks go from the end. Empty if not even the first one fits.
 */
function fitBudget(render, budgetBytes) {
    const whole = budget_join(render(UNCUT));
    if (byteLength(whole) <= budgetBytes)
        return whole;
    let cuts = UNCUT;
    let before = whole;
    const notes = new Map();
    for (const step of STEPS) {
        cuts = { ...cuts, ...step.cuts };
        const blocks = render(cuts);
        const now = budget_join(blocks);
        if (now !== before)
            notes.set(step.part, step.note);
        before = now;
        const text = budget_join(notes.size === 0 ? blocks : [...blocks, noteOf([...notes.values()])]);
        if (byteLength(text) <= budgetBytes)
            return text;
    }
    return dropBlocks(render(cuts), [...notes.values()], budgetBytes);
}
function dropBlocks(blocks, notes, budgetBytes) {
    const note = noteOf([...notes, 'what came after this line']);
    for (let count = blocks.length - 1; count > 0; count -= 1) {
        const text = budget_join([...blocks.slice(0, count), note]);
        if (byteLength(text) <= budgetBytes)
            return text;
    }
    const first = budget_join(blocks.slice(0, 1));
    return byteLength(first) <= budgetBytes ? first : '';
}
function noteOf(notes) {
    return `<sub>Left out to stay within the size limit: ${notes.join('; ')}.</sub>`;
}
function budget_join(blocks) {
    return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
/** Length in UTF-8. */
function byteLength(text) {
    return Buffer.byteLength(text, 'utf8');
}

;// CONCATENATED MODULE: ./lib/report/chart.js



const BUCKETS = 16;
const BARS = '▁▂▃▄▅▆▇█';
/** What a phone shows of a fence without scrolling. */
const COLUMNS = 43;
const ROWS_MAX = 4;
/**
 * Memory over time in block glyphs: one row per attempt, full height named in the first line, numbers after the bars
 * because the glyphs may be wider than a letter. Empty where nothing was sampled.
 */
function textChart(report) {
    const reference = explainedAttempt(report) ?? report.attempts.at(-1);
    const shown = report.attempts.filter(wasSampled).slice(-ROWS_MAX);
    if (reference === undefined || shown.length === 0)
        return [];
    const height = heightOf(report, reference);
    const rows = shown.map((attempt) => attemptRow(attempt, height, shown.length === 1 && height.name === 'machine'));
    const all = [...rows, ...otherRows(report, shown, height)];
    const width = Math.max(...all.map((row) => row.label.length));
    return [`memory, full height = ${height.name} ${formatBytes(height.bytes)}`, ...all.map((row) => line(row, width))];
}
function line(row, width) {
    const start = `${row.label.padEnd(width)} ${row.bars} `;
    const fitting = row.endings.find((ending) => Array.from(start + ending).length <= COLUMNS);
    return start + (fitting ?? row.endings.at(-1) ?? '');
}
function attemptRow(attempt, height, isBesideOthers) {
    const { memory, outcome, plan } = attempt;
    const samples = memory.peak === null ? memory.samples : [...memory.samples, memory.peak];
    const size = formatBytes(toldPeakBytes(attempt) ?? 0);
    const clock = formatClock(outcome.durationMs);
    return {
        label: isBesideOthers ? 'build' : `-p=${plan.parallelism}`,
        bars: bars(samples, outcome.durationMs, height.bytes, (sample) => sample.treeBytes),
        endings: [`${size}, ${endWord(attempt)} ${clock}`, `${size}, ${clock}`, size]
    };
}
/** Without a cap the rest of the machine counts too: what is neither the build's nor available. */
function otherRows(report, shown, height) {
    const attempt = shown.at(-1);
    const total = report.survey.host.totalBytes;
    if (attempt === undefined || height.name !== 'machine' || total.kind !== 'value')
        return [];
    const others = (sample) => sample.availableBytes === null ? null : Math.max(0, total.value - sample.availableBytes - sample.treeBytes);
    const lastBytes = attempt.memory.last === null ? null : others(attempt.memory.last);
    if (lastBytes === null)
        return [];
    const row = bars(attempt.memory.samples, attempt.outcome.durationMs, height.bytes, others);
    return [{ label: 'other', bars: row, endings: [formatBytes(lastBytes)] }];
}
/** Highest value of each sixteenth of the time; a stretch without a sample keeps the value before it. */
function bars(samples, durationMs, fullBytes, bytesOf) {
    const highest = new Map();
    for (const sample of samples) {
        const bytes = bytesOf(sample);
        const bucket = Math.min(BUCKETS - 1, Math.max(0, Math.floor((BUCKETS * sample.atMs) / Math.max(1, durationMs))));
        if (bytes !== null)
            highest.set(bucket, Math.max(bytes, highest.get(bucket) ?? 0));
    }
    let bytes = 0;
    return Array.from({ length: BUCKETS }, (_, bucket) => {
        bytes = highest.get(bucket) ?? bytes;
        return bar(bytes / fullBytes);
    }).join('');
}
function bar(share) {
    const eighths = Math.min(BARS.length, Math.max(1, Math.ceil(share * BARS.length)));
    return BARS.charAt(eighths - 1);
}

;// CONCATENATED MODULE: ./lib/report/command.js
/**
 * A script as one line, for people: `set -e; cd app; go build ./...`. Lines that go on by themselves (after `&&`, `|`,
 * `then`, a backslash) get no semicolon.
 */
function inOneLine(script) {
    const lines = script.split(/\r?\n/).map((line) => line.trim());
    const shown = lines.filter((line) => line !== '' && !line.startsWith('#'));
    return shown.reduce((all, line) => {
        if (all === '')
            return line;
        if (all.endsWith('\\'))
            return `${all.slice(0, -1).trimEnd()} ${line}`;
        return `${all}${/(?:[;&|({]|\b(?:then|do|else))$/.test(all) ? '' : ';'} ${line}`;
    }, '');
}

;// CONCATENATED MODULE: ./lib/report/markdown.js
/** A table of finished cells; they must hold no newline and no bare pipe. */
function table(columns, rows) {
    const line = (cells) => `| ${cells.join(' | ')} |`;
    const rule = `|${columns.map((column) => (column.align === 'left' ? ':--' : '--:')).join('|')}|`;
    return [line(columns.map((column) => column.title)), rule, ...rows.map(line)].join('\n');
}
/** A part that is closed until somebody opens it. The blank lines make GitHub read Markdown inside. */
function details(summary, blocks, state = 'closed') {
    const start = state === 'open' ? '<details open>' : '<details>';
    return [`${start}<summary>${summary}</summary>`, ...blocks, '</details>'].join('\n\n');
}

;// CONCATENATED MODULE: ./lib/report/mermaid.js




const BARS_MAX = 20;
/** Fewer bars show no course. */
const BARS_MIN = 3;
const BUCKETS_MS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1200, 3600].map((seconds) => seconds * 1000);
const MINUTE_MS = 60_000;
// Mermaid's own colours vanish on one of the two page themes; these are readable on white and on #0d1117.
const GREY = '#768390';
const GREY_PARTS = [
    'title',
    'xAxisLabel',
    'xAxisTitle',
    'xAxisTick',
    'xAxisLine',
    'yAxisLabel',
    'yAxisTitle',
    'yAxisTick',
    'yAxisLine'
];
const COLOURS = {
    backgroundColor: 'transparent',
    plotColorPalette: '#3b82f6, #e5534b',
    ...Object.fromEntries(GREY_PARTS.map((part) => [`${part}Color`, GREY])),
    legendTextColor: GREY
};
/** As many digits as the x-axis has room for at the usual size. */
const LABEL_DIGITS_MAX = 44;
function style(labels) {
    const labelFontSize = labels.join('').length > LABEL_DIGITS_MAX ? 9 : 11;
    const xyChart = { width: 560, height: 240, xAxis: { labelFontSize } };
    return JSON.stringify({ xyChart, themeVariables: { xyChart: COLOURS } });
}
/**
 * Memory of the whole run as a Mermaid bar chart with the limit as a line; `null` where too little was sampled to
 * show a course. Only numbers and fixed words enter it.
 */
function mermaidChart(report) {
    const reference = explainedAttempt(report) ?? report.attempts.at(-1);
    if (reference === undefined)
        return null;
    const course = courseOf(report);
    if (course.bytes.length < BARS_MIN || course.sampleCount < BARS_MIN)
        return null;
    const height = heightOf(report, reference);
    const labels = axisLabels(course);
    const limit = height.name === 'peak' ? null : height;
    const peakBytes = Math.max(...course.bytes);
    const top = Math.max(peakBytes, height.bytes);
    // In GiB the bars of a small build would all be 0.0.
    const unit = peakBytes >= GIB ? { name: 'GiB', bytes: GIB, digits: 1 } : { name: 'MiB', bytes: MIB, digits: 0 };
    const amount = (bytes) => (bytes / unit.bytes).toFixed(unit.digits);
    return {
        lines: [
            `%%{init: ${style(labels)}}%%`,
            'xychart-beta',
            `    x-axis "${axisName(report, course.bucketMs)}" [${labels.join(', ')}]`,
            `    y-axis "${unit.name}" 0 --> ${((1.12 * top) / unit.bytes).toFixed(unit.digits + 1)}`,
            `    bar "build" [${course.bytes.map(amount).join(', ')}]`,
            ...(limit === null
                ? []
                : [`    line "${limit.name}" [${course.bytes.map(() => amount(limit.bytes)).join(', ')}]`])
        ],
        sentence: [
            `Bars: memory of the build, highest sample in each ${formatDuration(course.bucketMs)}.`,
            ...(limit === null ? [] : [`Line: ${limit.name}, ${formatBytes(limit.bytes)}.`]),
            ...(report.attempts.some((attempt) => outgrewSamples(attempt, amount)) ? [words_WORDS.memory.betweenSamples] : [])
        ].join(' ')
    };
}
/** Killed at the cap, with bars that stay visibly below it. */
function outgrewSamples(attempt, amount) {
    const capBytes = reachedCapBytes(attempt);
    return capBytes !== null && wasSampled(attempt) && amount(attempt.memory.peakBytes) !== amount(capBytes);
}
/** All attempts one after the other, in equal stretches of time. */
function courseOf(report) {
    const totalMs = report.attempts.reduce((sum, attempt) => sum + attempt.outcome.durationMs, 0);
    const bucketMs = bucketFor(totalMs);
    const highest = new Map();
    let startMs = 0;
    let sampleCount = 0;
    for (const { memory, outcome } of report.attempts) {
        for (const sample of memory.peak === null ? memory.samples : [...memory.samples, memory.peak]) {
            const bucket = Math.floor((startMs + Math.min(sample.atMs, outcome.durationMs)) / bucketMs);
            highest.set(bucket, Math.max(sample.treeBytes, highest.get(bucket) ?? 0));
            sampleCount += 1;
        }
        startMs += outcome.durationMs;
    }
    return { bucketMs, bytes: filled(highest, Math.ceil(totalMs / bucketMs)), sampleCount };
}
function filled(highest, count) {
    let bytes = 0;
    return Array.from({ length: count }, (_, bucket) => {
        bytes = highest.get(bucket) ?? bytes;
        return bytes;
    });
}
function bucketFor(totalMs) {
    const fitting = BUCKETS_MS.find((bucketMs) => totalMs <= bucketMs * BARS_MAX);
    const hourMs = 60 * MINUTE_MS;
    return fitting ?? hourMs * Math.ceil(totalMs / (hourMs * BARS_MAX));
}
function axisUnitMs(bucketMs) {
    return bucketMs >= MINUTE_MS ? MINUTE_MS : 1000;
}
function axisLabels(course) {
    const step = course.bucketMs / axisUnitMs(course.bucketMs);
    return course.bytes.map((_, bucket) => bucket * step);
}
/** "seconds since start; killed at 94 and at 226" */
function axisName(report, bucketMs) {
    const unitMs = axisUnitMs(bucketMs);
    const ends = new Map();
    let endMs = 0;
    for (const attempt of report.attempts) {
        endMs += attempt.outcome.durationMs;
        const word = endWord(attempt);
        if (word !== 'passed')
            ends.set(word, [...(ends.get(word) ?? []), Math.round(endMs / unitMs)]);
    }
    const words = [...ends].map(([word, moments]) => `${word} at ${moments.slice(-4).join(' and at ')}`);
    return [`${unitMs === MINUTE_MS ? 'minutes' : 'seconds'} since start`, ...words].join('; ');
}

;// CONCATENATED MODULE: ./lib/report/run-details.js









const run_details_ROWS_MAX = 10;
const run_details_CELL_MAX = 160;
const MERMAID_LINE_MAX = 4000;
/** The collapsed picture of the whole run; empty where too little was sampled. */
function memoryOverTime(report) {
    const chart = mermaidChart(report);
    return chart === null
        ? ''
        : details(words_WORDS.section.memoryOverTime, [fence('mermaid', chart.lines, MERMAID_LINE_MAX), chart.sentence]);
}
/** Machine, limits, plan with its reasons, attempts, and what could not be read. */
function planAndLimits(report) {
    const rows = [
        ['Command', cellCode(inOneLine(report.command))],
        ['Runner', runner(report)],
        ['Limit in force', limitInForce(report)],
        ...enforcementRows(report),
        ...report.survey.limits.flatMap(limitRow).slice(0, run_details_ROWS_MAX),
        ...(report.attempts[0]?.plan.reasons ?? [])
            .slice(0, run_details_ROWS_MAX)
            .map((reason) => [SUBJECT_WORDS[reason.subject], proseCell(reason.text.replace(/^Cap (?=\d)/, ''))]),
        ...report.attempts.slice(-run_details_ROWS_MAX).map((attempt) => run_details_attemptRow(report, attempt)),
        ...report.attempts.slice(-run_details_ROWS_MAX).flatMap((attempt) => kernelPeakRow(attempt, report.attempts.length > 1)),
        ...(report.attempts.length === 0 ? [] : gapRows(report))
    ];
    const columns = ['Setting', 'Value'].map((title) => ({ title, align: 'left' }));
    return details(words_WORDS.section.planAndLimits, [table(columns, rows)]);
}
function cellCode(text) {
    return cellPipes(codeSpan(text, run_details_CELL_MAX));
}
/** "Linux, 2 CPUs, 7.8 GiB, 4.0 GiB swap; `go1.26.8`" */
function runner(report) {
    const { platform, cpus, host, go } = report.survey;
    const parts = [PLATFORM_WORDS[platform] ?? platform, cpus === 1 ? '1 CPU' : `${cpus} CPUs`];
    parts.push(host.totalBytes.kind === 'value' ? formatBytes(host.totalBytes.value) : 'memory not readable');
    if (host.swapTotalBytes.kind === 'value') {
        parts.push(host.swapTotalBytes.value === 0 ? 'no swap' : `${formatBytes(host.swapTotalBytes.value)} swap`);
    }
    return `${parts.join(', ')}${go.kind === 'value' ? `; ${cellCode(go.value.version)}` : ''}`;
}
function limitInForce(report) {
    const { inForce, limitBytes, limitSource } = report.enforcement;
    const words = ENFORCEMENT_WORDS[inForce];
    if (limitBytes === null)
        return words;
    const cap = report.attempts.at(-1)?.plan.cap ?? null;
    const swap = cap === null || inForce === 'watch' || isWithoutSwap(report.survey) ? '' : `, swap ${cap.swap}`;
    const source = sourceWords(limitSource);
    if (inForce === 'none')
        return `${words}; the next limit is ${formatBytes(limitBytes)}${source}`;
    return `${formatBytes(limitBytes)}, ${words}${swap}${source}`;
}
function sourceWords(limitSource) {
    if (limitSource === '')
        return '';
    if (limitSource === 'host')
        return ', that of the machine';
    return `, from ${limitSource === 'auto' ? '`memory-limit: auto`' : cellCode(shortPaths(limitSource))}`;
}
/** Why this way and none before it; that a cgroup could be made where it was is no news. */
function enforcementRows({ enforcement: { inForce, reasons } }) {
    const why = reasons.filter((reason) => !reason.startsWith(`${inForce} /`));
    return why.slice(0, run_details_ROWS_MAX).map((reason) => ['Enforcement', proseCell(reason).replace(/\.$/, '')]);
}
/** Limits that say something; absent and unlimited ones would only fill the table. */
function limitRow(finding) {
    const place = cellCode(shortPaths(finding.file));
    if (finding.limit.kind === 'value')
        return [['Limit found', `${formatBytes(finding.limit.value)}, ${place}`]];
    if (finding.limit.kind !== 'unreadable')
        return [];
    return [['Limit not readable', `${place}: ${cellCode(finding.limit.reason)}`]];
}
function run_details_attemptRow(report, attempt) {
    const settings = settingsOf(attempt.plan).map((setting) => codeSpan(setting));
    const end = `${endWord(attempt)} after ${formatDuration(attempt.outcome.durationMs)}`;
    return [`Attempt ${attempt.plan.attempt}`, `${settings.join(' ')}, ${end}, ${figures_peakInWords(report, attempt)}`];
}
/** The kernel counts page cache too; worth a row where that shows at the precision of the report. */
function kernelPeakRow(attempt, isOneOfMany) {
    const { kernelPeakBytes } = attempt.memory;
    if (kernelPeakBytes.kind !== 'value')
        return [];
    const kernelPeak = formatBytes(kernelPeakBytes.value);
    const toldBytes = toldPeakBytes(attempt);
    if (toldBytes !== null && kernelPeak === formatBytes(toldBytes))
        return [];
    const which = isOneOfMany ? `, attempt ${attempt.plan.attempt}` : '';
    return [[`Kernel's own peak${which}`, `${kernelPeak}, page cache included`]];
}
function gapRows(report) {
    const shown = report.warnings.slice(0, run_details_ROWS_MAX).map((warning) => ['Not read or done', proseCell(warning)]);
    const more = report.warnings.length - shown.length;
    return more > 0 ? [...shown, ['Not read or done', `${more} more`]] : shown;
}
/** Who held the memory: at the end if the build was killed, else at its peak; then the heaviest packages. */
function largestProcesses(report, count) {
    const attempt = explainedAttempt(report) ?? report.attempts.at(-1);
    if (attempt === undefined)
        return '';
    const isKilled = endWord(attempt) === 'killed' || endWord(attempt) === 'ended';
    const sample = isKilled ? (attempt.memory.last ?? attempt.memory.peak) : attempt.memory.peak;
    const processes = (sample?.processes ?? []).filter(({ bytes }) => bytes >= MIB).slice(0, count);
    const packages = attempt.heaviest.filter((cost) => cost.peakBytes >= MIB).slice(0, Math.min(count, run_details_ROWS_MAX));
    if (sample === null || processes.length === 0)
        return '';
    const which = report.attempts.length > 1 ? ` of attempt ${attempt.plan.attempt}` : '';
    const moment = `${isKilled ? 'before the end' : 'at the peak'}${which} (${formatClock(sample.atMs)})`;
    const heaviest = packages.length > 1
        ? [
            'Heaviest over the whole attempt:',
            toolTable(packages.map((cost) => toolRow(cost.peakBytes, cost.tool, cost.package)))
        ]
        : [];
    return details(`${words_WORDS.section.processes} ${moment}`, [
        toolTable(processes.map((process) => toolRow(process.bytes, process.tool, process.package))),
        ...heaviest
    ]);
}
function toolRow(bytes, tool, path) {
    return [formatBytes(bytes), path === null ? cellCode(tool) : `${cellCode(tool)} ${cellCode(path)}`];
}
function toolTable(rows) {
    const columns = [
        { title: 'Memory', align: 'right' },
        { title: 'Process', align: 'left' }
    ];
    return table(columns, rows);
}
/** The last lines that the build printed. */
function buildOutput(tail, count, state) {
    const lines = count === 0 ? [] : tail.slice(-count);
    if (lines.length === 0)
        return '';
    const title = lines.length === 1 ? `${words_WORDS.section.output}, last line` : `${words_WORDS.section.output}, last ${lines.length} lines`;
    return details(title, [fence('text', lines)], state);
}

;// CONCATENATED MODULE: ./lib/report/links.js
/** The file at the built commit; `null` where no safe address can be made of what is known. */
function fileUrl(link, path, line) {
    const home = repositoryUrl(link);
    if (home === null || link === null || path === null || !/^[0-9a-f]{7,64}$/.test(link.sha))
        return null;
    const segments = path.split('/');
    if (/[\\\0]/.test(path) || segments.some((segment) => segment === '' || segment === '.' || segment === '..'))
        return null;
    const anchor = Number.isSafeInteger(line) && line > 0 ? `#L${line}` : '';
    return `${home}/blob/${link.sha}/${segments.map(percentEncode).join('/')}${anchor}`;
}
/** The page of a workflow run with its job summaries. */
function runUrl(link, runId) {
    const home = repositoryUrl(link);
    return home === null || !Number.isSafeInteger(runId) || runId <= 0 ? null : `${home}/actions/runs/${runId}`;
}
/** Seven digits of a commit, as GitHub shows it. */
function shortSha(sha) {
    return /^[0-9a-f]{7,64}$/.test(sha) ? sha.slice(0, 7) : null;
}
function repositoryUrl(link) {
    if (link === null)
        return null;
    const isServer = /^https?:\/\/[\w-]+(?:\.[\w-]+)*(?::\d+)?$/.test(link.serverUrl);
    const isRepository = /^[\w-][\w.-]*\/(?!\.{1,2}$)[\w.-]+$/.test(link.repository);
    return isServer && isRepository ? `${link.serverUrl}/${link.repository}` : null;
}
// encodeURIComponent leaves ! ' ( ) * alone, and throws at half a surrogate pair.
function percentEncode(segment) {
    const wellFormed = segment.replaceAll(/\p{Cs}/gu, '\uFFFD');
    return encodeURIComponent(wellFormed).replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

;// CONCATENATED MODULE: ./lib/report/sections.js







const LOCATIONS_MAX = 10;
const HYPOTHESIS_MAX = 80;
const QUOTE_MAX = 240;
function heading(story, extent) {
    return `### ${story.headline.symbol} ${proseMarkdown(extent.allow(story.headline.sentence))}`;
}
/** What happened, and how sure that is. */
function lead(story, extent) {
    const text = proseMarkdown(extent.allow(story.lead)).trim();
    if (story.cause === null)
        return text;
    const confidence = `${words_WORDS.confidence} **${story.cause.confidence}** (${codeSpan(story.cause.id)}).`;
    return text === '' ? confidence : `${text} ${confidence}`;
}
/** What to do, each with its lines to paste. */
function fixes(story, extent) {
    return story.fixes.slice(0, extent.fixes).flatMap((remedy, i) => {
        const text = proseMarkdown(extent.allow(remedy.text)).trim();
        const sentence = i === 0 ? `**${words_WORDS.fix}** ${text}` : capitalised(text);
        return remedy.snippet === null ? [sentence] : [sentence, fence(remedy.snippet.language, remedy.snippet.lines)];
    });
}
/** The evidence table, and one sentence for rows that have no room in it. */
function evidence(story, extent, cuts) {
    const wanted = story.findings.filter((finding) => cuts.ruledOutRows || finding.verdict !== 'ruled out');
    const shown = wanted.slice(0, extent.rows);
    const folded = story.findings.filter((finding) => !shown.includes(finding));
    const { hypothesis, measured, verdict } = words_WORDS.table;
    const columns = [hypothesis, measured, verdict].map((title) => ({ title, align: 'left' }));
    const rows = shown.map((finding) => [
        proseCell(extent.allow(finding.hypothesis)),
        proseCell(extent.allow(finding.measured)),
        verdictCell(finding.verdict)
    ]);
    return [rows.length === 0 ? '' : table(columns, rows), foldedRows(folded, extent)];
}
/** The same as a list, for evidence that quotes a long line: beside two other columns it would scroll on a phone. */
function evidenceList(story, extent) {
    const items = story.findings.slice(0, extent.rows).map(({ hypothesis, measured, verdict }) => {
        const words = `${proseMarkdown(extent.allow(hypothesis), HYPOTHESIS_MAX)}: ${proseMarkdown(extent.allow(measured), QUOTE_MAX)}`;
        return verdict === 'cause' ? `- ${words}` : `- ${words} (${verdict})`;
    });
    return items.join('\n');
}
function verdictCell(verdict) {
    return verdict === 'cause' || verdict === 'likely' ? `**${verdict}**` : verdict;
}
const FOLDED_MAX = 12;
/** "Ruled out: Disk full, Signal from outside. Not checked: Kernel log." */
function foldedRows(findings, extent) {
    const verdicts = [...new Set(findings.map((finding) => finding.verdict))];
    const sentences = verdicts.map((verdict) => {
        const names = findings.filter((finding) => finding.verdict === verdict);
        const shown = names.slice(0, FOLDED_MAX).map((finding) => proseCell(extent.allow(finding.hypothesis)));
        const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
        return `${verdict.charAt(0).toUpperCase()}${verdict.slice(1)}: ${shown.join(', ')}${more}.`;
    });
    return sentences.join(' ');
}
/** The second and third cause, by name only. */
function otherCauses(story, extent) {
    const names = story.others.slice(0, 2).map((diagnosis) => {
        return `${proseMarkdown(extent.allow(diagnosis.title))} (${codeSpan(diagnosis.id)}, ${diagnosis.confidence})`;
    });
    return names.length === 0 ? '' : `${words_WORDS.alsoPossible} ${names.join('; ')}.`;
}
/** The places of the errors as a list, linked where the file is known; `messages` only where masks apply. */
function locationList(story, mapped, link, messages) {
    const items = story.locations.slice(0, LOCATIONS_MAX).map((location) => {
        const path = mapped.find((candidate) => sections_isSame(candidate.location, location))?.repositoryPath ?? null;
        const column = location.column === null ? '' : `:${location.column}`;
        const name = prose `${code(`${path ?? location.file}:${location.line}${column}`)}`;
        const place = proseMarkdown(messages === 'with messages' ? name : namesOnly(name));
        const url = fileUrl(link, path, location.line);
        const linked = url === null ? place : `[${place}](${url})`;
        return `- ${linked}${messages === 'with messages' ? ` ${codeSpan(location.message)}` : ''}`;
    });
    const more = story.locations.length - items.length;
    return [...items, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n');
}
function sections_isSame(a, b) {
    return a === b || (a.file === b.file && a.line === b.line && a.column === b.column && a.message === b.message);
}
function small(text) {
    return `<sub>${text}</sub>`;
}

;// CONCATENATED MODULE: ./lib/report/summary.js








const EXTENT = { rows: 8, fixes: 3, allow: (text) => text };
/** The job summary in Markdown. One line for a clean success; empty if the budget has no room for the heading. */
function renderSummary(report, context) {
    const story = tellStory(report);
    return fitBudget((cuts) => blocks(report, story, context, cuts), context.budgetBytes);
}
function blocks(report, story, context, cuts) {
    if (report.conclusion === 'success')
        return [`${story.headline.symbol} ${proseMarkdown(story.headline.sentence)}.`];
    if (report.conclusion === 'cancelled')
        return summary_cancelled(report, story);
    return story.form === 'short' ? summary_short(story, context, cuts) : full(report, story, context, cuts);
}
function summary_cancelled(report, story) {
    const last = report.attempts.at(-1);
    const peak = last === undefined ? null : peakPercent(report, last);
    return [heading(story, EXTENT), lead(story, EXTENT), small(peak === null ? 'Memory not sampled.' : `Peak ${peak}.`)];
}
function summary_short(story, context, cuts) {
    const note = story.memoryNote === null ? '' : small(story.memoryNote);
    const places = locationList(story, context.locations, context.link, 'with messages');
    if (places !== '')
        return [heading(story, EXTENT), places, ...fixes(story, EXTENT), otherCauses(story, EXTENT), note];
    return [
        heading(story, EXTENT),
        lead(story, EXTENT),
        ...fixes(story, EXTENT),
        evidenceList(story, EXTENT),
        otherCauses(story, EXTENT),
        note,
        buildOutput(context.outputTail, cuts.outputLines, 'closed')
    ];
}
function full(report, story, context, cuts) {
    const isRecognised = story.cause !== null;
    const chart = isRecognised || report.outOfMemory !== 'false' ? textChart(report) : [];
    const tail = report.attempts.length === 0 ? [] : context.outputTail;
    const output = buildOutput(tail, cuts.outputLines, isRecognised ? 'closed' : 'open');
    return [
        heading(story, EXTENT),
        [lead(story, EXTENT), isRecognised ? '' : (story.memoryNote ?? '')].filter((text) => text !== '').join(' '),
        ...fixes(story, EXTENT),
        ...evidence(story, EXTENT, cuts),
        otherCauses(story, EXTENT),
        chart.length === 0 ? '' : fence('text', chart),
        isRecognised ? '' : output,
        chart.length === 0 || !cuts.mermaid ? '' : memoryOverTime(report),
        planAndLimits(report),
        largestProcesses(report, cuts.processes),
        isRecognised && report.conclusion !== 'recovered' ? output : ''
    ];
}

;// CONCATENATED MODULE: ./lib/ports/pull-requests.js
/** A fault of the API in our words; `isPermission` for a token that may not (fork, Dependabot). */
class PullRequestFault extends Error {
    isPermission;
    constructor(message, isPermission) {
        super(message);
        this.name = 'PullRequestFault';
        this.isPermission = isPermission;
    }
}

;// CONCATENATED MODULE: ./lib/report/comment-footer.js





/** "Now: ⚠️ recovered, 4.1 GiB, `9c1e07b` · before: ✅ passed, 5.8 GiB, `3f2a91c` · job summary" */
function footer(state, link, withHistory) {
    const worst = Object.values(state.jobs).find((job) => job.mood === state.state);
    const now = moment({
        state: state.state,
        cause: worst?.cause ?? '',
        peakBytes: worst?.peakBytes ?? null,
        sha: state.sha
    });
    const before = withHistory ? state.before.map(moment) : [];
    const url = runUrl(link, state.runId);
    return small([
        `Now: ${now}`,
        ...(before.length === 0 ? [] : [`before: ${before.join('; ')}`]),
        ...(url === null ? [] : [`<a href="${url}">job summary</a>`])
    ].join(' · '));
}
function moment({ state, cause, peakBytes, sha }) {
    const words = state === 'failed' && cause !== '' ? `${words_WORDS.mood.failed} (${codeSpan(cause)})` : words_WORDS.mood[state];
    const parts = [`${words_WORDS.moodSymbol[state]} ${words}`];
    if (peakBytes !== null && state !== 'failed')
        parts.push(formatBytes(peakBytes));
    if (sha !== '')
        parts.push(htmlCode(sha));
    return parts.join(', ');
}

;// CONCATENATED MODULE: ./lib/report/comment-state.js


const BEFORE_MAX = 4;
/** Worst first. */
const MOODS = ['memory', 'killed', 'recovered', 'failed', 'passed'];
// Kills that no counter could assign, and the guard's own death beside the build, get the full comment as well.
const KILL_CAUSES = new Set(['signal.kill', 'guard.died', 'runner.lost']);
/** What kind of comment a report asks for. */
function moodOf(report) {
    if (report.conclusion === 'success')
        return 'passed';
    if (report.conclusion === 'recovered')
        return 'recovered';
    const cause = report.diagnoses[0]?.id ?? '';
    if (report.outOfMemory === 'true' || cause.startsWith('oom.'))
        return 'memory';
    const outcome = explainedAttempt(report)?.outcome;
    const isKilledByOther = outcome?.signal === 'SIGKILL' && outcome.endedBy !== 'guard' && outcome.endedBy !== 'cancel';
    return KILL_CAUSES.has(cause) || isKilledByOther ? 'killed' : 'failed';
}
/** Whether the mood is one that the full comment is for. */
function isMemoryProblem(mood) {
    return mood === 'memory' || mood === 'killed' || mood === 'recovered';
}
function worstOf(moods) {
    return MOODS.find((mood) => moods.includes(mood)) ?? 'passed';
}
/** Other jobs that still stand in the comment: of this run, or of the latest one, until they report again. */
function otherJobs(existing, name) {
    if (existing === null)
        return {};
    const entries = Object.entries(existing.jobs).filter(([job, state]) => job !== name && state.runNumber >= existing.runNumber);
    return Object.fromEntries(entries);
}
/** The state that this report's comment carries. */
function nextState(existing, report, run) {
    const name = jobLabel(report.job);
    const mood = moodOf(report);
    const own = {
        conclusion: report.conclusion,
        cause: report.diagnoses[0]?.id ?? '',
        mood,
        peakBytes: whole(highestTold(report)),
        limitBytes: whole(report.enforcement.limitBytes),
        runNumber: run.runNumber
    };
    const jobs = { ...otherJobs(existing, name), [name]: own };
    return {
        v: 1,
        state: worstOf(Object.values(jobs).map((job) => job.mood)),
        runId: run.runId,
        runNumber: run.runNumber,
        attempt: run.attempt,
        sha: shortSha(run.sha) ?? '',
        jobs,
        before: beforeOf(existing, run)
    };
}
function whole(bytes) {
    return bytes === null ? null : Math.round(bytes);
}
function highestTold({ attempts }) {
    const peaks = attempts.map(toldPeakBytes).filter((bytes) => bytes !== null);
    return peaks.length === 0 ? null : Math.max(...peaks);
}
/** A second job of the same run replaces the comment's words; what stood there is not an earlier run. */
function beforeOf(existing, run) {
    if (existing === null)
        return [];
    if (existing.runId === run.runId && existing.attempt === run.attempt)
        return existing.before;
    const worst = Object.values(existing.jobs).find((job) => job.mood === existing.state);
    const last = {
        state: existing.state,
        cause: worst?.cause ?? '',
        peakBytes: worst?.peakBytes ?? null,
        sha: existing.sha
    };
    return [last, ...existing.before].slice(0, BEFORE_MAX);
}

;// CONCATENATED MODULE: ./lib/report/comment-jobs.js





/** More jobs than this, and those that passed share one row. */
const comment_jobs_ROWS_MAX = 10;
const comment_jobs_NAME_MAX = 60;
/** The jobs of a matrix side by side, worst first; empty for a single job. */
function jobTable(state) {
    const jobs = Object.entries(state.jobs).toSorted(([, a], [, b]) => compare(a, b));
    if (jobs.length < 2)
        return '';
    const problems = jobs.filter(([, job]) => job.mood !== 'passed');
    const shown = jobs.length > comment_jobs_ROWS_MAX ? problems.slice(0, comment_jobs_ROWS_MAX) : jobs;
    const rows = shown.map(([name, job]) => [cellPipes(codeSpan(name, comment_jobs_NAME_MAX)), result(job), peak(job)]);
    const folded = jobs.length - shown.length;
    const unseen = problems.length - shown.filter(([, job]) => job.mood !== 'passed').length;
    if (folded > 0)
        rows.push([`${folded} more`, unseen > 0 ? `${unseen} with a problem` : '✅ passed', '–']);
    return table([
        { title: 'Job', align: 'left' },
        { title: 'Result', align: 'left' },
        { title: 'Peak of limit', align: 'right' }
    ], rows);
}
function compare(a, b) {
    if (a.mood === b.mood)
        return (b.peakBytes ?? 0) - (a.peakBytes ?? 0);
    return worstOf([a.mood, b.mood]) === a.mood ? -1 : 1;
}
function result({ mood }) {
    return `${words_WORDS.moodSymbol[mood]} ${words_WORDS.mood[mood]}`;
}
function peak({ peakBytes, limitBytes }) {
    if (peakBytes === null)
        return 'not sampled';
    return shareOf(peakBytes, limitBytes);
}

;// CONCATENATED MODULE: ./lib/report/comment-marker.js
/** In base64; a longer one is not ours. */
const STATE_MAX = 4096;
const comment_marker_BEFORE_MAX = 4;
const comment_marker_NAME_MAX = 200;
/** `<!-- go-build-guard v1 KEY STATE -->`: by it and its author a later run finds the comment. */
function markerLine(key, state) {
    return `<!-- go-build-guard v1 ${markerKey(key)} ${encodeState(state)} -->`;
}
/** A workflow's file name as one word that cannot end an HTML comment. */
function markerKey(key) {
    const word = key.replaceAll(/[^\w.]+/g, '-').slice(0, 100);
    return word.replace(/^-+|-+$/g, '') || 'workflow';
}
/**
 * The state in a comment of ours for this key; `none`: the comment is not about it; `unreadable`: it is, and its state
 * is damaged, forged or too long, which counts as no state.
 */
function readMarker(body, key) {
    const start = `<!-- go-build-guard v1 ${markerKey(key)} `;
    const line = body.slice(0, start.length + STATE_MAX + 10).split(/\r?\n/, 1)[0] ?? '';
    if (!line.startsWith(start))
        return { kind: 'none' };
    const encoded = /^([A-Za-z0-9+/]+={0,2}) -->$/.exec(line.slice(start.length))?.[1];
    const state = encoded === undefined ? null : decodeState(encoded);
    return state === null ? { kind: 'unreadable' } : { kind: 'state', state };
}
/** Base64 JSON of at most 4 KiB: where there is too much, first what was before goes, then jobs that passed. */
function encodeState(state) {
    const entries = Object.entries(state.jobs).map(([name, job]) => [name.slice(0, comment_marker_NAME_MAX), job]);
    const problems = entries.filter(([, job]) => job.mood !== 'passed');
    const smaller = [
        { ...state, jobs: Object.fromEntries(entries) },
        { ...state, jobs: Object.fromEntries(entries), before: [] },
        ...[64, 16, 4, 1].map((count) => ({ ...state, jobs: Object.fromEntries(problems.slice(0, count)), before: [] })),
        { ...state, jobs: {}, before: [] }
    ];
    const texts = smaller.map((candidate) => Buffer.from(JSON.stringify(candidate), 'utf8').toString('base64'));
    return texts.find((text) => text.length <= STATE_MAX) ?? '';
}
/** The state of a comment, rebuilt field by field; `null` for anything that this version would not have written. */
function decodeState(encoded) {
    if (encoded.length > STATE_MAX || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded))
        return null;
    try {
        const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(encoded, 'base64'));
        const parsed = JSON.parse(text);
        return stateFrom(parsed);
    }
    catch {
        return null;
    }
}
function stateFrom(input) {
    if (!comment_marker_isRecord(input) || input['v'] !== 1 || !comment_marker_isRecord(input['jobs']) || !Array.isArray(input['before']))
        return null;
    const { state, runId, runNumber, attempt, sha } = input;
    if (!isMood(state) || !isCount(runId) || !isCount(runNumber) || !isCount(attempt) || !isSha(sha))
        return null;
    const jobs = Object.entries(input['jobs']).map(([name, job]) => [name, jobFrom(job)]);
    const before = input['before'].map(beforeFrom);
    if (before.length > comment_marker_BEFORE_MAX || jobs.some(([name]) => name === '' || name.length > comment_marker_NAME_MAX))
        return null;
    const knownJobs = jobs.flatMap(([name, job]) => (job === null ? [] : [[name, job]]));
    const knownBefore = before.filter((entry) => entry !== null);
    if (knownJobs.length !== jobs.length || knownBefore.length !== before.length)
        return null;
    return { v: 1, state, runId, runNumber, attempt, sha, jobs: Object.fromEntries(knownJobs), before: knownBefore };
}
function jobFrom(input) {
    if (!comment_marker_isRecord(input))
        return null;
    const { conclusion, cause, mood, peakBytes, limitBytes, runNumber } = input;
    if (!isConclusion(conclusion) || !isCause(cause) || !isMood(mood) || !isCount(runNumber))
        return null;
    if (!isBytes(peakBytes) || !isBytes(limitBytes))
        return null;
    return { conclusion, cause, mood, peakBytes, limitBytes, runNumber };
}
function beforeFrom(input) {
    if (!comment_marker_isRecord(input))
        return null;
    const { state, cause, peakBytes, sha } = input;
    return isMood(state) && isCause(cause) && isBytes(peakBytes) && isSha(sha) ? { state, cause, peakBytes, sha } : null;
}
function comment_marker_isRecord(input) {
    return typeof input === 'object' && input !== null && !Array.isArray(input);
}
function isCount(input) {
    return typeof input === 'number' && Number.isSafeInteger(input) && input >= 0;
}
function isBytes(input) {
    return input === null || isCount(input);
}
function isMood(input) {
    return typeof input === 'string' && ['memory', 'killed', 'recovered', 'failed', 'passed'].includes(input);
}
function isConclusion(input) {
    return typeof input === 'string' && ['success', 'recovered', 'failure', 'cancelled'].includes(input);
}
function isCause(input) {
    return typeof input === 'string' && /^(?:[a-z]+(?:[.-][a-z]+)*)?$/.test(input) && input.length <= 60;
}
function isSha(input) {
    return typeof input === 'string' && /^(?:[0-9a-f]{7})?$/.test(input);
}

;// CONCATENATED MODULE: ./lib/report/comment.js














/** GitHub takes 65,536 characters; bytes are never fewer. */
const COMMENT_BYTES = 60_000;
// The runner does not mask what is sent through the API, so a comment repeats nothing that the build printed.
const comment_EXTENT = { rows: 6, fixes: 2, allow: namesOnly };
/** The whole body of the pull request's comment, in Markdown. */
function renderComment(report, context) {
    const story = tellStory(report);
    return fitBudget((cuts) => comment_blocks(report, story, context, cuts), context.budgetBytes);
}
function comment_blocks(report, story, context, cuts) {
    // One block: a comment whose marker was kept without its heading would say nothing.
    const head = `${markerLine(context.key, context.state)}\n\n${title(report, story, context)}`;
    const body = ofJob(report, story, context, bodyOf(report, story, context, cuts));
    return [head, jobTable(context.state), ...body, footer(context.state, context.link, cuts.history)];
}
function bodyOf(report, story, context, cuts) {
    if (context.form === 'passes-again' || report.conclusion === 'success')
        return [];
    return context.form === 'full' ? comment_full(report, story, cuts) : comment_short(report, story, context);
}
/** Beside other jobs the body begins with the name of the one that it is about. */
function ofJob(report, story, { state }, body) {
    if (body.length === 0 || Object.keys(state.jobs).length < 2)
        return body;
    const name = `**${codeSpan(jobLabel(report.job))}**:`;
    const [first = '', ...rest] = body;
    const isSentence = first !== '' && !first.startsWith('- ');
    return isSentence
        ? [`${name} ${first}`, ...rest]
        : [`${name} ${proseMarkdown(namesOnly(story.headline.clause))}`, ...body];
}
function title(report, story, { form, state, existing }) {
    if (form === 'passes-again')
        return passesAgain(report, state);
    const names = Object.entries(state.jobs);
    const problems = names.filter(([, job]) => job.mood !== 'passed');
    if (names.length > 1 && problems.length > 0)
        return jobsTitle(report, story, state);
    const isMemoryGone = form === 'short' && report.outOfMemory === 'false' && wasMemory(existing);
    if (!isMemoryGone)
        return heading(story, comment_EXTENT);
    return `${heading(story, comment_EXTENT)}; ${words_WORDS.clause.noLongerMemory}`;
}
function wasMemory(existing) {
    return existing !== null && isMemoryProblem(existing.state);
}
/** "❌ Go build: 1 of 4 jobs with a problem; `test (race)`: out of memory at its 14.2 GiB cap" */
function jobsTitle(report, story, state) {
    const jobs = Object.entries(state.jobs);
    const problems = jobs.filter(([, job]) => job.mood !== 'passed');
    const own = jobLabel(report.job);
    const [name, job] = problems.find(([, candidate]) => candidate.mood === state.state) ?? [own, undefined];
    const isOwn = name === own;
    const clause = isOwn ? proseMarkdown(namesOnly(story.headline.clause)) : words_WORDS.mood[state.state];
    const limit = isOwn || job?.peakBytes == null ? '' : `, ${shareOf(job.peakBytes, job.limitBytes)}`;
    const count = `${problems.length} of ${jobs.length} jobs`;
    return `### ${state.state === 'recovered' ? '⚠️' : '❌'} Go build: ${count} with a problem; ${codeSpan(name)}: ${clause}${limit}`;
}
/** "✅ Go build passes again: 4 of 4 jobs, `test (race)` at 60 % of its limit" */
function passesAgain(report, state) {
    const start = `### ✅ ${words_WORDS.heading.passesAgain}`;
    const jobs = Object.values(state.jobs);
    const last = report.attempts.at(-1);
    if (jobs.length > 1) {
        const { limitBytes, peakBytes } = state.jobs[jobLabel(report.job)] ?? { limitBytes: null, peakBytes: null };
        const own = codeSpan(jobLabel(report.job));
        const isKnown = limitBytes !== null && peakBytes !== null;
        return `${start}: ${jobs.length} of ${jobs.length} jobs${isKnown ? `, ${own} at ${formatPercent(peakBytes, limitBytes)} of its limit` : ''}`;
    }
    const peak = last === undefined ? null : peakPercent(report, last);
    return peak === null ? start : `${start}: peak ${peak}`;
}
function comment_full(report, story, cuts) {
    const chart = textChart(report);
    return [
        lead(story, comment_EXTENT),
        ...fixes(story, comment_EXTENT),
        ...evidence(story, comment_EXTENT, cuts),
        otherCauses(story, comment_EXTENT),
        chart.length === 0 ? '' : fence('text', chart)
    ];
}
function comment_short(report, story, context) {
    const places = locationList(story, context.locations, context.link, 'places only');
    const note = story.memoryNote ?? '';
    const annotated = context.locations.some((mapped) => mapped.repositoryPath !== null) ? words_WORDS.annotated : '';
    if (places !== '')
        return [places, [note, annotated].join(' ').trim()];
    return [
        lead(story, comment_EXTENT),
        ...fixes(story, comment_EXTENT),
        otherCauses(story, comment_EXTENT),
        report.conclusion === 'failure' ? note : ''
    ];
}

;// CONCATENATED MODULE: ./lib/report/comment-plan.js


/** One comment per pull request and workflow, edited in place; nothing is written that nobody needs to read. */
function planComment({ existing, report, mode, run }) {
    if (mode === 'never')
        return none('comment is never');
    if (report.conclusion === 'cancelled')
        return none('the run was cancelled');
    if (existing !== null && isOlder(run, existing))
        return none('a newer run has written the comment');
    const mood = moodOf(report);
    const action = existing === null ? 'create' : 'edit';
    if (mood === 'passed')
        return afterPassing(existing, report, mode);
    if (isMemoryProblem(mood))
        return { action, form: 'full', reason: 'memory or a kill is involved' };
    const isExpected = existing !== null && existing.state !== 'passed';
    if (mode === 'memory' && !isExpected)
        return none('comment is memory, and memory is not involved');
    return { action, form: 'short', reason: 'the build failed, memory is not involved' };
}
function afterPassing(existing, report, mode) {
    const name = jobLabel(report.job);
    const others = Object.values(otherJobs(existing, name));
    const own = existing?.jobs[name]?.mood ?? 'passed';
    if (others.some((job) => job.mood !== 'passed')) {
        if (own === 'passed')
            return none('another job of the workflow still has a problem');
        return { action: 'edit', form: 'short', reason: 'this job passes again, another one still has a problem' };
    }
    if (existing !== null && existing.state !== 'passed') {
        return { action: 'edit', form: 'passes-again', reason: 'the problem is gone' };
    }
    if (mode !== 'always')
        return none('the build passed, and no problem was reported before');
    return { action: existing === null ? 'create' : 'edit', form: 'short', reason: 'comment is always' };
}
function isOlder(run, existing) {
    if (run.runNumber !== existing.runNumber)
        return run.runNumber < existing.runNumber;
    return run.attempt < existing.attempt;
}
function none(reason) {
    return { action: 'none', reason };
}

;// CONCATENATED MODULE: ./lib/story/comment.js





/**
 * The one comment of the pull request, found by its marker and its author, created or edited in place; its address if it
 * was written. A token that may not write is no warning: the summary says the same.
 */
async function comment(run, report, locations, link) {
    const { pullRequests } = run.ports;
    const { github } = run.place;
    if (pullRequests === null || github === null || run.settings.comment === 'never')
        return null;
    // Seconds are left, and a cancelled run says nothing whatever stands there.
    if (report.conclusion === 'cancelled')
        return null;
    try {
        const standing = findOwn(await pullRequests.listComments(), github.workflowKey);
        const existing = standing?.state ?? null;
        const position = {
            runId: github.runId,
            runNumber: github.runNumber,
            attempt: github.runAttempt,
            sha: github.headSha.slice(0, 7)
        };
        const plan = planComment({ existing, report, mode: run.settings.comment, run: position });
        run.ports.runner.debug(() => `comment: ${plan.action}, ${plan.reason}`);
        if (plan.action === 'none')
            return null;
        const body = renderComment(report, {
            form: plan.form,
            key: github.workflowKey,
            state: nextState(existing, report, position),
            existing,
            link,
            locations,
            budgetBytes: COMMENT_BYTES
        });
        const written = standing === null
            ? await pullRequests.createComment(body)
            : await pullRequests.updateComment(standing.comment.id, body);
        return written.url;
    }
    catch (fault) {
        const text = fault instanceof Error ? fault.message : String(fault);
        const isExpected = fault instanceof PullRequestFault && fault.isPermission;
        run.narrator.warned(isExpected
            ? `no comment: the token may not write one here (${text}); the summary says the same`
            : `comment: ${text}`);
        return null;
    }
}
/** Ours, and about this workflow. One with a damaged state is still ours to edit. */
function findOwn(comments, key) {
    for (const comment of comments) {
        if (!comment.isOurs)
            continue;
        const marker = readMarker(comment.body, key);
        if (marker.kind !== 'none')
            return { comment, state: marker.kind === 'state' ? marker.state : null };
    }
    return null;
}

;// CONCATENATED MODULE: ./lib/story/locations.js



/**
 * Finds each file that a tool named: Go prints paths relative to where it ran, which is the working directory, or where
 * the script went with `cd`, or the module's directory. The first of these that has the file counts.
 */
function mapLocations(run, locations) {
    const workspace = run.place.environment['GITHUB_WORKSPACE'] ?? run.place.currentDirectory;
    const bases = basesOf(run);
    return locations.map((location) => {
        const file = location.file.replaceAll('\\', '/');
        const candidates = (0,external_node_path_.isAbsolute)(file) ? [file] : bases.map((base) => (0,external_node_path_.join)(base, file));
        const found = candidates.find((path) => locations_isInside(workspace, path) && run.ports.files.exists(path));
        return { location, repositoryPath: found === undefined ? null : (0,external_node_path_.relative)(workspace, found).split(external_node_path_.sep).join('/') };
    });
}
function basesOf({ command, settings, survey }) {
    const bases = [command.cwd];
    let directory = command.cwd;
    for (const [word, target] of readCommand(settings.command) ?? []) {
        if (word !== 'cd' || typeof target !== 'string')
            continue;
        directory = (0,external_node_path_.isAbsolute)(target) ? target : (0,external_node_path_.join)(directory, target);
        bases.push(directory);
    }
    const moduleFile = (0,model_reading/* known */.eO)(survey.go)?.env['GOMOD'];
    if (moduleFile !== undefined && (0,external_node_path_.isAbsolute)(moduleFile))
        bases.push((0,external_node_path_.dirname)(moduleFile));
    return bases;
}
function locations_isInside(directory, path) {
    const way = (0,external_node_path_.relative)(directory, path);
    return way !== '' && !way.startsWith('..') && !(0,external_node_path_.isAbsolute)(way);
}

;// CONCATENATED MODULE: ./lib/story/report.js

/** Folds the attempts into the one value that every surface shows. */
function reportOf(run, attempts) {
    const { settings, survey, ports } = run;
    const last = attempts.at(-1) ?? attempts[0];
    const failed = attempts.findLast(({ attempt, stop }) => attempt.outcome.exitCode !== 0 || stop !== null);
    return {
        schemaVersion: 1,
        conclusion: conclusionOf(attempts, last),
        command: commandLine(settings.command),
        workingDirectory: settings.workingDirectory,
        job: { name: settings.jobName, matrix: settings.matrix },
        startedAt: run.startedAt,
        durationMs: Math.round(ports.clock.nowMs() - run.startedMs),
        survey,
        enforcement: last.enforcement,
        attempts: attempts.map(({ attempt }) => attempt),
        diagnoses: failed?.attempt.diagnoses ?? [],
        outOfMemory: anyOf(attempts.map(({ attempt }) => attempt.outOfMemory)),
        warnings: attempts.flatMap(({ warnings }) => warnings)
    };
}
function conclusionOf(attempts, last) {
    if (last.stop?.kind === 'cancel')
        return 'cancelled';
    if (last.attempt.outcome.exitCode !== 0 || last.stop !== null)
        return 'failure';
    return attempts.length > 1 ? 'recovered' : 'success';
}
function anyOf(answers) {
    return ['true', 'unknown'].find((answer) => answers.includes(answer)) ?? 'false';
}

;// CONCATENATED MODULE: ./lib/story/publish.js







/**
 * Brings the report to every surface that was asked for. Each may fail without the others, and none changes the result:
 * a fault becomes a line of log.
 */
async function publish(run, attempts) {
    const { runner } = run.ports;
    const report = reportOf(run, attempts);
    const places = report.diagnoses.flatMap((diagnosis) => diagnosis.locations);
    const locations = trying(run, 'places in the sources', () => mapLocations(run, places)) ?? [];
    const link = linkOf(run);
    const outputTail = attempts.findLast(({ attempt }) => attempt.outcome.exitCode !== 0)?.tail ?? [];
    trying(run, 'the log', () => {
        run.narrator.ended(report);
        for (const warning of report.warnings)
            run.narrator.warned(warning);
    });
    trying(run, 'annotations', () => {
        if (run.settings.annotations === 'never')
            return;
        for (const annotation of renderAnnotations(report, locations))
            runner.annotate(annotation);
    });
    trying(run, 'the job summary', () => {
        if (run.place.github === null || !wantsSummary(run.settings.summary, report))
            return;
        const budgetBytes = runner.summaryRoomBytes();
        const refusal = runner.appendSummary(renderSummary(report, { outputTail, link, locations, budgetBytes }));
        if (refusal !== null)
            throw new Error(refusal);
    });
    const reportFile = trying(run, 'report-file', () => writeReport(run, report)) ?? null;
    run.journal.add({ kind: 'end', conclusion: report.conclusion });
    const commentUrl = await comment(run, report, locations, link);
    trying(run, 'outputs', () => {
        const outputs = renderOutputs(report, { reportFile, commentUrl });
        for (const [name, text] of Object.entries(outputs))
            runner.setOutput(name, text);
    });
    return report;
}
function wantsSummary(summary, report) {
    if (summary === 'auto' || summary === 'always')
        return true;
    return summary === 'on-failure' && report.conclusion !== 'success';
}
/** Where it was written, or `null`. Outside GitHub only where it was asked for: nobody looks after it there. */
function writeReport({ settings, place, ports }, report) {
    const path = settings.reportFile ?? (place.hasPost ? `${place.runDirectory}/report.json` : null);
    if (path !== null)
        ports.files.writeText(path, encodeReport(report));
    return path;
}
function linkOf({ place }) {
    if (place.github === null)
        return null;
    const { serverUrl, repository, headSha } = place.github;
    return { serverUrl, repository, sha: headSha };
}
/** `null` where it failed. */
function trying(run, what, act) {
    try {
        return act();
    }
    catch (fault) {
        run.narrator.warned(`${what}: ${fault instanceof Error ? fault.message : String(fault)}`);
        return null;
    }
}

;// CONCATENATED MODULE: ./lib/guard.js







/**
 * The main job: survey → plan → attempts → diagnosis → report. Ends with the command's own result whatever happens to
 * what only helps; never throws.
 */
async function guard(ports, place, settings) {
    const prepared = await prepare(ports, place, settings);
    if ('problem' in prepared)
        return couldNotRun(prepared.problem);
    const { run } = prepared;
    try {
        const restoreMatcher = pauseProblemMatcher(ports, place);
        const attempts = await runAttempts(run).finally(restoreMatcher);
        const { exitCode } = (attempts.at(-1) ?? attempts[0]).attempt.outcome;
        return { exitCode, report: await publish(run, attempts), problems: [] };
    }
    catch (fault) {
        return couldNotRun(guard_messageOf(fault));
    }
    finally {
        finish(run);
    }
}
/** The first attempt, and after a memory death the next one, as long as something tighter is left to try. */
async function runAttempts(run) {
    const died = [];
    const input = (reach) => ({
        survey: run.survey,
        settings: run.settings,
        enforcement: reach,
        previous: died,
        userEnvironment: run.command.environment,
        runsTests: runsTests(run.settings.command)
    });
    const { clock } = run.ports;
    const startMs = clock.nowMs();
    const attempt = () => {
        const { timeoutMs } = run.settings;
        const leftMs = timeoutMs === null ? null : Math.max(1, timeoutMs - Math.round(clock.nowMs() - startMs));
        return runAttempt(run, { planFor: (reach) => planAttempt(input(reach)), timeoutMs: leftMs });
    };
    const attempts = [await attempt()];
    for (let last = attempts[0]; last.attempt.outOfMemory === 'true' && last.stop?.kind !== 'cancel';) {
        died.push(last.attempt.plan);
        const next = nextAttempt(input(last.reach));
        run.narrator.died(last.attempt, next.reason);
        if (!next.isWorthwhile)
            break;
        try {
            last = await attempt();
        }
        catch (fault) {
            // Once something was run its result stands, even if the next attempt cannot be started.
            run.narrator.warned(`attempt ${attempts.length + 1} could not be started: ${guard_messageOf(fault)}`);
            break;
        }
        attempts.push(last);
    }
    return attempts;
}
/** Leaves the journal and the report to `post`, where there is one. */
function finish({ ports, place, reaper }) {
    try {
        if (!place.hasPost)
            ports.files.remove(place.runDirectory);
    }
    catch {
        // The temporary directory is the system's to clean.
    }
    reaper.dismiss();
}
function couldNotRun(problem) {
    return { exitCode: COULD_NOT_RUN, report: null, problems: [problem] };
}
function guard_messageOf(fault) {
    return fault instanceof Error ? fault.message : String(fault);
}

;// CONCATENATED MODULE: ./lib/report/text.js





const text_ROWS_MAX = 12;
const text_LOCATIONS_MAX = 20;
/** A report for a terminal: verdict, lead, fix, evidence, chart. No newline at the end. */
function renderText(report) {
    const story = tellStory(report);
    const chart = story.form === 'short' ? [] : textChart(report);
    return lines([...storyLines(story, asFlags), ...(chart.length === 0 ? [] : ['', ...chart])]);
}
/** What a stored log tells, for a terminal. No newline at the end. */
function renderVerdict(verdict) {
    return lines(storyLines(tellVerdict(verdict), (snippet) => snippet));
}
function storyLines(story, show) {
    return [
        proseText(story.headline.sentence),
        ...paragraph(leadText(story)),
        ...paragraph(story.form === 'short' || story.cause === null ? (story.memoryNote ?? '') : ''),
        ...locationLines(story),
        ...fixLines(story, show),
        ...evidenceLines(story.findings),
        ...paragraph(othersText(story))
    ];
}
function paragraph(text) {
    return text === '' ? [] : ['', text];
}
function leadText(story) {
    const text = proseText(story.lead);
    if (story.cause === null)
        return text;
    return `${text} ${words_WORDS.confidence} ${story.cause.confidence} (${story.cause.id}).`.trim();
}
function locationLines({ locations }) {
    const shown = locations.slice(0, text_LOCATIONS_MAX).map(({ file, line, column, message }) => {
        return `  ${file}:${line}${column === null ? '' : `:${column}`}: ${message}`;
    });
    const more = locations.length - shown.length;
    return shown.length === 0 ? [] : ['', ...shown, ...(more > 0 ? [`  and ${more} more`] : [])];
}
/** Inputs of the action as flags of the command line, which is where this text is read: `with:` and `env:` blocks. */
function asFlags(snippet) {
    let block = '';
    return snippet.flatMap((line) => {
        const heading = /^(with|env):$/.exec(line)?.[1];
        if (heading !== undefined) {
            block = heading;
            return [];
        }
        const [, name, text] = (block === '' ? null : /^ {2}([\w-]+): (.*)$/.exec(line)) ?? [];
        if (name === undefined || text === undefined)
            return [line];
        return [block === 'with' ? `--${name} ${text}` : `${name}=${text}`];
    });
}
function fixLines({ fixes }, show) {
    return fixes.flatMap((remedy, i) => {
        const text = proseText(remedy.text);
        const snippet = show(remedy.snippet?.lines ?? []).map((line) => `    ${line}`);
        return ['', i === 0 ? `${words_WORDS.fix} ${text}` : capitalised(text), ...snippet];
    });
}
/** Verdict first: the shortest column, and the one that is looked for. */
function evidenceLines(findings) {
    const rows = findings.slice(0, text_ROWS_MAX).map((finding) => ({
        verdict: finding.verdict,
        hypothesis: proseText(finding.hypothesis, 60),
        measured: proseText(finding.measured)
    }));
    if (rows.length === 0)
        return [];
    const verdictWidth = Math.max(...rows.map((row) => row.verdict.length));
    const nameWidth = Math.max(...rows.map((row) => Array.from(row.hypothesis).length));
    const more = findings.length - rows.length;
    return [
        '',
        'Evidence',
        ...rows.map((row) => `  ${row.verdict.padEnd(verdictWidth)}  ${row.hypothesis.padEnd(nameWidth)}  ${row.measured}`),
        ...(more > 0 ? [`  and ${more} more`] : [])
    ];
}
function othersText({ others }) {
    const names = others.slice(0, 2).map(({ title, id, confidence }) => `${proseText(title)} (${id}, ${confidence})`);
    return names.length === 0 ? '' : `${words_WORDS.alsoPossible} ${names.join('; ')}.`;
}
function lines(all) {
    const shown = all.map((line) => inertLogLine(cut(clean(line.slice(0, 16 * LINE_MAX)), 3 * LINE_MAX)).trimEnd());
    return shown.join('\n');
}

;// CONCATENATED MODULE: ./lib/settings/matrix.js
/**
 * Matrix values as text by name. `toJSON(matrix)` gives an object, or `null` in a job without a matrix. What is nested
 * gets a dotted name: `{"go": {"version": "1.26"}}` is `go.version`, a list counts from 0. `null`: no JSON object.
 */
function parseMatrix(text) {
    const parsed = parseJson(text);
    if (parsed === null)
        return {};
    if (typeof parsed !== 'object' || Array.isArray(parsed))
        return null;
    return Object.fromEntries(flatten('', parsed));
}
function parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
function flatten(name, value) {
    if (typeof value !== 'object' || value === null)
        return [[name, value === null ? '' : String(value)]];
    return Object.entries(value).flatMap(([key, inner]) => flatten(name === '' ? key : `${name}.${key}`, inner));
}

;// CONCATENATED MODULE: ./lib/settings/values.js

/** A bare number is bytes; below this it is a unit forgotten, since nothing of Go runs in less. */
const LEAST_BYTES = MIB;
const AUTO = { kind: 'auto' };
const OFF = { kind: 'off' };
const auto = (text) => (text === 'auto' ? AUTO : null);
const off = (text) => (text === 'off' ? OFF : null);
const size = (text) => {
    const bytes = parseSize(text);
    return bytes === null || bytes < LEAST_BYTES ? null : { kind: 'size', bytes };
};
const percent = (text) => {
    const number = Number(/^(\d+(?:\.\d+)?)\s*%$/.exec(text)?.[1]);
    return number > 0 && number <= 100 ? { kind: 'percent', percent: number } : null;
};
const values_wholeNumber = (text) => {
    const number = /^\d{1,6}$/.test(text) ? Number(text) : 0;
    return number >= 1 ? number : null;
};
const values_count = (text) => {
    const number = values_wholeNumber(text);
    return number === null ? null : { kind: 'count', count: number };
};
const anyText = (text) => text;
function values_oneOf(...words) {
    return (text) => words.find((word) => word === text) ?? null;
}
/** The first way that fits. */
function either(...ways) {
    return (text) => {
        for (const way of ways) {
            const parsed = way(text);
            if (parsed !== null)
                return parsed;
        }
        return null;
    };
}

;// CONCATENATED MODULE: ./lib/settings/inputs.js





const SIZE = 'a size from 1M on (600M, 6G, 6GiB)';
const PERCENT = 'a percentage (80%)';
/** `memory-limit: 600` is most likely a forgotten unit. */
const sizeHint = (text) => parseSize(text) === null ? null : 'below 1M (a bare number is bytes)';
/** Every input, in the order of `action.yml` and of `--help`. */
const INPUTS = {
    command: input({
        name: 'command',
        default: 'go build ./...',
        whenEmpty: 'go build ./...',
        parse: anyText,
        allowed: 'a script',
        description: 'Script to run, one or many lines, run as GitHub runs a run: step.'
    }),
    shell: input({
        name: 'shell',
        default: '',
        whenEmpty: '',
        parse: (text) => (isShell(text) ? text : null),
        allowed: 'bash, sh, pwsh, powershell, cmd, python, or a command line with {0} in it',
        description: 'Shell of the command, as for a run: step: bash, sh, pwsh, powershell, cmd, python, or a command line with {0}. ' +
            'Empty is the default shell of a run: step. defaults.run is not visible to an action.'
    }),
    workingDirectory: input({
        name: 'working-directory',
        default: '.',
        whenEmpty: '.',
        parse: anyText,
        allowed: 'a directory',
        description: 'Directory in which the command runs.'
    }),
    memoryLimit: input({
        name: 'memory-limit',
        default: 'auto',
        whenEmpty: AUTO,
        parse: either(auto, off, size, percent),
        allowed: `auto, off, ${SIZE}, ${PERCENT}`,
        hint: sizeHint,
        description: 'Memory cap of the whole build tree: auto (what the machine gives, less what others use and a reserve), a size ' +
            '(6G), a percentage of the smallest limit found (80%), or off (no cap of its own).'
    }),
    memoryReserve: input({
        name: 'memory-reserve',
        default: 'auto',
        whenEmpty: AUTO,
        parse: either(auto, size, percent),
        allowed: `auto, ${SIZE}, ${PERCENT}`,
        hint: sizeHint,
        description: 'Memory kept back for the runner under memory-limit: auto. auto is the larger of 192 MiB and 3 %; or a size, or a ' +
            'percentage of the smallest limit found.'
    }),
    enforcement: input({
        name: 'enforcement',
        default: 'auto',
        whenEmpty: 'auto',
        parse: values_oneOf('auto', 'cgroup', 'watch', 'off'),
        allowed: 'auto, cgroup, watch, off',
        hint: (text) => (text === 'systemd' || text === 'job-object' ? 'not available in this version' : null),
        description: 'How the cap is put in force: auto (the best way that works), cgroup, watch (no kernel cap: the build is ended ' +
            'before a limit is hit), or off (observe and explain only). A way that cannot be had is an error.'
    }),
    parallelism: input({
        name: 'parallelism',
        default: 'auto',
        whenEmpty: AUTO,
        parse: either(auto, off, values_count),
        allowed: 'auto, off, a whole number from 1 on',
        description: 'Build actions at once (-p, through GOFLAGS): auto (lowered only when memory ran out), a number, or off.'
    }),
    goMemoryLimit: input({
        name: 'go-memory-limit',
        default: 'auto',
        whenEmpty: AUTO,
        parse: either(auto, off, size),
        allowed: `auto, off, ${SIZE}`,
        hint: sizeHint,
        description: 'Soft heap limit of the Go tools (GOMEMLIMIT): auto (set only when memory is tight), a size, or off.'
    }),
    onOutOfMemory: input({
        name: 'on-out-of-memory',
        default: 'auto',
        whenEmpty: 'auto',
        parse: values_oneOf('auto', 'retry', 'fail'),
        allowed: 'auto, retry, fail',
        description: 'After the build ran out of memory: auto (run it again with tighter settings if the script only builds), retry ' +
            '(run any script again), or fail.'
    }),
    maxAttempts: input({
        name: 'max-attempts',
        default: '3',
        whenEmpty: 3,
        parse: values_wholeNumber,
        allowed: 'a whole number from 1 on',
        description: 'Attempts in all.'
    }),
    timeout: input({
        name: 'timeout',
        default: '',
        whenEmpty: null,
        parse: parseDuration,
        allowed: 'empty, or a duration above zero (90s, 30m, 1h30m)',
        description: 'Time after which the build is ended (30m): exit status 124. Empty is no limit.'
    }),
    jobName: input({
        name: 'job-name',
        default: '${{ github.job }}',
        whenEmpty: 'local',
        parse: anyText,
        allowed: 'a name',
        description: 'Name of this job in the pull-request comment.'
    }),
    matrix: input({
        name: 'matrix',
        default: '${{ toJSON(matrix) }}',
        whenEmpty: {},
        parse: parseMatrix,
        allowed: 'a JSON object, or null',
        description: 'Matrix values that tell this job from its siblings.'
    }),
    summary: input({
        name: 'summary',
        default: 'auto',
        whenEmpty: 'auto',
        parse: values_oneOf('auto', 'always', 'on-failure', 'never'),
        allowed: 'auto, always, on-failure, never',
        description: 'Job summary: auto (on failure, recovery or warning; one line on a clean success), always, on-failure, or never.'
    }),
    comment: input({
        name: 'comment',
        default: 'on-failure',
        whenEmpty: 'on-failure',
        parse: values_oneOf('on-failure', 'memory', 'always', 'never'),
        allowed: 'on-failure, memory, always, never',
        description: 'Pull-request comment, one, updated in place: on-failure (failure, recovery, and its end), memory (only where ' +
            'memory or a kill is involved), always, or never. Needs pull-requests: write.'
    }),
    annotations: input({
        name: 'annotations',
        default: 'auto',
        whenEmpty: 'auto',
        parse: values_oneOf('auto', 'never'),
        allowed: 'auto, never',
        description: 'Annotations of compile errors and of the verdict: auto or never.'
    }),
    reportFile: input({
        name: 'report-file',
        default: '',
        whenEmpty: null,
        parse: anyText,
        allowed: 'a path',
        description: 'Where the JSON report goes. Empty is a path of its own, which the output report-file names.'
    }),
    githubToken: input({
        name: 'github-token',
        default: '${{ github.token }}',
        whenEmpty: '',
        parse: anyText,
        allowed: 'a token',
        description: 'Token for the pull-request comment; everything else works without.'
    })
};
/** The same as a list. */
const ALL_INPUTS = Object.values(INPUTS);
function input(of) {
    return of;
}

;// CONCATENATED MODULE: ./lib/settings/settings.js

/** Reads and checks every input, and names all that are wrong at once, each with its value and what is allowed. */
function parseSettings(read, context) {
    const problems = [];
    const take = (input) => {
        const given = read(input.name);
        if (given.trim() === '')
            return input.whenEmpty;
        const parsed = input.parse(input === INPUTS.command ? given : given.trim());
        if (parsed !== null)
            return parsed;
        problems.push(refusal(input, given.trim()));
        return input.whenEmpty;
    };
    const settings = {
        command: commandOf(take(INPUTS.command), take(INPUTS.shell), context.argv ?? null),
        workingDirectory: take(INPUTS.workingDirectory),
        memoryLimit: take(INPUTS.memoryLimit),
        memoryReserve: take(INPUTS.memoryReserve),
        enforcement: take(INPUTS.enforcement),
        parallelism: take(INPUTS.parallelism),
        goMemoryLimit: take(INPUTS.goMemoryLimit),
        onOutOfMemory: take(INPUTS.onOutOfMemory),
        maxAttempts: take(INPUTS.maxAttempts),
        timeoutMs: take(INPUTS.timeout),
        jobName: take(INPUTS.jobName),
        matrix: take(INPUTS.matrix),
        summary: take(INPUTS.summary),
        comment: take(INPUTS.comment),
        annotations: take(INPUTS.annotations),
        reportFile: take(INPUTS.reportFile)
    };
    problems.push(...contradictions(settings, read, context));
    return problems.length === 0 ? { settings } : { problems };
}
function commandOf(script, shell, argv) {
    return argv === null ? { kind: 'script', script, shell } : { kind: 'vector', argv };
}
/** The value is quoted as JSON, so that nothing in it can begin a line of its own. */
function refusal(input, text) {
    const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
    const hint = input.hint?.(text) ?? null;
    return `${input.name}: ${shown} is ${hint ?? 'not allowed'}; allowed: ${input.allowed}`;
}
/** Values that are right each for itself and wrong together. */
function contradictions(settings, read, context) {
    const { enforcement, command } = settings;
    const found = [];
    if ((enforcement === 'cgroup' || enforcement === 'watch') && context.platform !== 'linux') {
        found.push(`enforcement: "${enforcement}" is there on Linux only, this is ${context.platform}; allowed: auto, off`);
    }
    if (enforcement === 'cgroup' && settings.memoryLimit.kind === 'off') {
        found.push('enforcement: "cgroup" needs a cap, and memory-limit is "off"; allowed: auto, watch, off');
    }
    if (command.kind === 'vector') {
        for (const { name } of [INPUTS.command, INPUTS.shell]) {
            if (read(name).trim() !== '')
                found.push(`${name}: not allowed together with a command after --`);
        }
    }
    return found;
}

;// CONCATENATED MODULE: ./lib/commands/demo-module.js
/** Go 1.26 needs about 320 MiB of heap for so many methods, and about 220 MiB if it collects garbage more often. */
const METHODS = 6000;
function demoModule() {
    return {
        files: {
            'go.mod': 'module example.com/demo\n\ngo 1.21\n',
            'main.go': demo_module_source()
        }
    };
}
function demo_module_source() {
    const methods = Array.from({ length: METHODS }, (_, i) => method(i));
    return [
        'package main',
        '',
        'type T struct {',
        '\ta, b, c int',
        '\ts       string',
        '\tm       map[string]int',
        '}',
        '',
        ...methods,
        'func main() {}',
        ''
    ].join('\n');
}
function method(i) {
    return `func (t *T) M${i}(x int, s string) (int, string) {
\tif t.m[s] > x+${i} {
\t\tt.a += x * ${i}
\t\tt.s = s + t.s
\t} else {
\t\tt.b -= len(s)
\t\tt.m[s]++
\t}
\tfor j := 0; j < x; j++ {
\t\tt.c += j ^ ${i}
\t}
\treturn t.a + t.b*${i}, t.s
}
`;
}

;// CONCATENATED MODULE: ./lib/commands/demo.js






const HELP = `go-build-guard demo

Builds a small Go module that needs more than 290 MiB under a cap of 290 MiB: the first attempt is killed, the second, with a
tighter garbage collector, passes. Shows both, and the report. Needs Go; leaves nothing behind.
`;
const CAP = '290M';
/** The main job on an embedded example; exit status 0 if what it promises happened. */
async function demo(args, console) {
    if (args.includes('--help') || args.includes('-h')) {
        await console.print(HELP);
        return 0;
    }
    const ports = console.ports(false);
    const place = console.place('none');
    // Below the run's directory, so that it goes when the run goes, whatever happens.
    const module = (0,external_node_path_.join)(place.runDirectory, 'demo');
    for (const [name, text] of Object.entries(demoModule().files))
        ports.files.writeText((0,external_node_path_.join)(module, name), text);
    const inputs = {
        'working-directory': module,
        'memory-limit': CAP,
        // The first attempt runs as plain `go build` would, or there would be nothing to show.
        'go-memory-limit': 'off'
    };
    const checked = parseSettings((name) => inputs[name] ?? '', {
        platform: place.platform,
        argv: ['go', 'build', '-o', (0,external_node_path_.join)(module, 'demo.out'), '.']
    });
    if ('problems' in checked)
        throw new Error(checked.problems.join('; '));
    console.complain(`A Go module whose compiler needs more than 290 MiB, built under a cap of 290 MiB.\n\n`);
    const { report, problems } = await guard(ports, place, checked.settings);
    for (const problem of problems)
        console.complain(`guard: ${problem}\n`);
    if (report === null)
        return 1;
    await console.print(`\n${renderText(report)}\n`);
    return conclude(report, console);
}
function conclude(report, console) {
    const [first] = report.attempts;
    const isAsPromised = report.conclusion === 'recovered' && first?.outOfMemory === 'true';
    console.complain(isAsPromised
        ? `As promised: the first attempt ran out of memory, a later one passed (${formatDuration(report.durationMs)} in all).\n`
        : `Not as promised: the build ended with ${report.conclusion} after ${report.attempts.length} attempt(s).\n`);
    return isAsPromised ? 0 : 1;
}

;// CONCATENATED MODULE: external "node:util"
const external_node_util_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");
;// CONCATENATED MODULE: ./lib/commands/arguments.js

const HELP_FLAG = { help: { type: 'boolean', short: 'h' } };
/**
 * Reads the arguments of a command. A number is the exit status with which all is said already: 0 after `--help`, 2 where
 * the call is wrong.
 */
async function readArguments(args, { help, options, takesFiles }, console) {
    if (args.includes('--help') || args.includes('-h')) {
        await console.print(help);
        return 0;
    }
    try {
        return (0,external_node_util_namespaceObject.parseArgs)({ args: [...args], options: { ...options, ...HELP_FLAG }, allowPositionals: takesFiles });
    }
    catch (fault) {
        console.complain(`${fault instanceof Error ? fault.message : String(fault)}\n\n${help}`);
        return 2;
    }
}

;// CONCATENATED MODULE: ./lib/diagnose/decoding.js
/** Of all bytes: half of them are zero in ASCII, fewer where names are in other scripts. */
const MOSTLY = 0.25;
/** Of the zeros: U+0100, U+0200 and their like have theirs in the other place. */
const RARELY = 1 / 16;
const SNIFFED_BYTES = 4096;
/**
 * UTF-8 passes as it is. Windows PowerShell redirects in UTF-16 with a byte order mark; files whose head was cut off
 * lack the mark, so the first few KiB are looked at before anything is passed on.
 */
function toUtf8(take) {
    const head = new Uint8Array(SNIFFED_BYTES);
    let headBytes = 0;
    let pass = null;
    const settle = () => {
        const settled = passageOf(encodingOf(head.subarray(0, headBytes)), take);
        if (headBytes > 0)
            settled.push(head.subarray(0, headBytes));
        return settled;
    };
    return {
        push(piece) {
            const missing = pass === null ? piece.subarray(0, SNIFFED_BYTES - headBytes) : new Uint8Array(0);
            head.set(missing, headBytes);
            headBytes += missing.length;
            if (pass === null && headBytes === SNIFFED_BYTES)
                pass = settle();
            if (pass !== null && piece.length > missing.length)
                pass.push(piece.subarray(missing.length));
        },
        finish() {
            pass ??= settle();
            pass.finish();
        }
    };
}
function passageOf(encoding, take) {
    if (encoding === null)
        return { push: take, finish() { } };
    const decoder = new TextDecoder(encoding);
    const encoder = new TextEncoder();
    return {
        push: (piece) => take(encoder.encode(decoder.decode(piece, { stream: true }))),
        finish: () => take(encoder.encode(decoder.decode()))
    };
}
function encodingOf(head) {
    if (head[0] === 0xff && head[1] === 0xfe)
        return 'utf-16le';
    if (head[0] === 0xfe && head[1] === 0xff)
        return 'utf-16be';
    const zeros = (parity) => head.filter((byte, i) => byte === 0 && i % 2 === parity).length;
    const [even, odd] = [zeros(0), zeros(1)];
    if (odd > MOSTLY * head.length && even < RARELY * odd)
        return 'utf-16le';
    return even > MOSTLY * head.length && odd < RARELY * even ? 'utf-16be' : null;
}

;// CONCATENATED MODULE: ./lib/diagnose/explain.js






/** What the runner itself says at the end of a step (actions/runner, ScriptHandler.cs): of no weight as evidence. */
const STEP = {
    id: 'step',
    patterns: [
        // 2026-01-02T03:04:05.1234567Z ##[error]text: the mark is taken off before expressions run, so the literal decides.
        { name: 'error', anchor: '##[error]', regex: /^/, keep: 1 },
        {
            // ##[error]Process completed with exit code 1.
            name: 'exit',
            anchor: '##[error]Process completed with exit code ',
            regex: /^Process completed with exit code (?<code>-?\d{1,10})\.$/,
            keep: 1
        }
    ]
};
const SEARCHED = [...CATALOGUE, STEP];
function logReader() {
    const scanner = createScanner(SEARCHED);
    const decoding = toUtf8((piece) => scanner.push(piece));
    return {
        push: (piece) => decoding.push(piece),
        finish() {
            decoding.finish();
            const log = scanner.finish();
            const code = firstLineOf(log, STEP, ['exit'])?.groups['code'];
            return {
                hasRunnerError: wasHit(log, STEP.id, ['error']),
                runnerExitCode: code === undefined ? null : Number(code),
                verdict: (end) => diagnose(evidenceOf(log, end))
            };
        }
    };
}
/** Diagnoses a stored log: the same engine, with words and status as the only evidence. */
function explainLog(log, end) {
    const reader = logReader();
    reader.push(log);
    return reader.finish().verdict(end);
}
function evidenceOf(log, { exitCode, signal, platform }) {
    const nobodyLooked = { before: model_reading/* ABSENT */.sj, after: model_reading/* ABSENT */.sj };
    return {
        exit: signal !== null ? { code: null, signal } : exitCode === null ? null : { code: exitCode, signal: null },
        durationMs: null,
        stop: null,
        cage: null,
        hostKills: nobodyLooked,
        kernelLog: model_reading/* ABSENT */.sj,
        timeline: null,
        survey: null,
        plan: null,
        disksAfter: [],
        log,
        platform
    };
}

;// CONCATENATED MODULE: external "node:zlib"
const external_node_zlib_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:zlib");
;// CONCATENATED MODULE: ./lib/commands/zip.js

const STORED = 0;
const DEFLATED = 8;
/** Local file header, central directory header, end of central directory (PKWARE APPNOTE.TXT, 4.3). */
const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_RECORD = 0x06054b50;
const LOCAL_HEADER_BYTES = 30;
const CENTRAL_HEADER_BYTES = 46;
const END_RECORD_BYTES = 22;
const MOST_COMMENT_BYTES = 0xffff;
const MOST_ENTRIES = 20_000;
const PIECE_BYTES = 256 * 1024;
/** Whether bytes begin as a zip archive does: `PK\3\4`, or `PK\5\6` of an empty one. */
function isZip(head) {
    const [p, k, third, fourth] = head;
    return p === 0x50 && k === 0x4b && ((third === 3 && fourth === 4) || (third === 5 && fourth === 6));
}
/** The files of an archive, in its own order. Throws where it is no whole archive, or one beyond 4 GiB (ZIP64). */
function zipEntries(archive) {
    const end = endRecord(archive);
    const count = archive.readUInt16LE(end + 10);
    const entries = [];
    let at = archive.readUInt32LE(end + 16);
    let contentBytes = 0;
    if (count === 0xffff || at === 0xffffffff)
        throw new Error('the archive is in ZIP64 format, which is not read');
    if (count > MOST_ENTRIES)
        throw new Error(`the archive has ${count} files; at most ${MOST_ENTRIES} are read`);
    for (let i = 0; i < count; i++) {
        if (at + CENTRAL_HEADER_BYTES > end || archive.readUInt32LE(at) !== CENTRAL_HEADER)
            throw damaged();
        const nameBytes = archive.readUInt16LE(at + 28);
        const name = archive.toString('utf8', at + CENTRAL_HEADER_BYTES, at + CENTRAL_HEADER_BYTES + nameBytes);
        contentBytes += archive.readUInt32LE(at + 20);
        // More than there is: the same content under many names, which would be work without end.
        if (contentBytes > archive.length)
            throw damaged();
        if (!name.endsWith('/'))
            entries.push(entryAt(archive, at, name));
        at += CENTRAL_HEADER_BYTES + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
    }
    return entries;
}
/** It is the last thing in the file, before a comment of at most 64 KiB. */
function endRecord(archive) {
    const last = archive.length - END_RECORD_BYTES;
    for (let at = last; at >= Math.max(0, last - MOST_COMMENT_BYTES); at--) {
        if (archive.readUInt32LE(at) === END_RECORD)
            return at;
    }
    throw damaged();
}
function entryAt(archive, at, name) {
    const isEncrypted = (archive.readUInt16LE(at + 8) & 1) === 1;
    const method = archive.readUInt16LE(at + 10);
    const bytes = archive.readUInt32LE(at + 20);
    const localHeader = archive.readUInt32LE(at + 42);
    return {
        name,
        async *read() {
            if (isEncrypted)
                throw new Error('a file in the archive is encrypted');
            const content = contentAt(archive, localHeader, bytes);
            if (method === STORED)
                yield* pieces(content);
            else if (method === DEFLATED)
                yield* inflated(content);
            else
                throw new Error(`a file in the archive is compressed by method ${method}; 0 and 8 are read`);
        }
    };
}
/** The local header has a name and extra fields of lengths of its own. */
function contentAt(archive, at, bytes) {
    if (at + LOCAL_HEADER_BYTES > archive.length || archive.readUInt32LE(at) !== LOCAL_HEADER)
        throw damaged();
    const start = at + LOCAL_HEADER_BYTES + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28);
    if (start + bytes > archive.length)
        throw damaged();
    return archive.subarray(start, start + bytes);
}
function* pieces(content) {
    for (let at = 0; at < content.length; at += PIECE_BYTES)
        yield content.subarray(at, at + PIECE_BYTES);
}
/** Inflates as it is read, so that what a small file grows to is never held as a whole. */
async function* inflated(content) {
    const inflate = (0,external_node_zlib_namespaceObject.createInflateRaw)({ chunkSize: PIECE_BYTES });
    inflate.end(content);
    try {
        for await (const piece of inflate)
            if (piece instanceof Uint8Array)
                yield piece;
    }
    catch {
        throw damaged();
    }
    finally {
        inflate.destroy();
    }
}
function damaged() {
    return new Error('the archive is damaged or cut off');
}

;// CONCATENATED MODULE: ./lib/commands/log-archive.js


/** What an archive may hold in all: more than any run keeps, little enough that a hostile one ends soon. */
const MOST_LOG_BYTES = 1024 ** 3;
/**
 * The steps that failed, of an archive as GitHub hands it out for a run: `build/3_Run go build.txt` for each step, and
 * `0_build.txt` with all steps of a job once more, which counts where no step of that job is found to have failed. A step
 * failed where the runner marked an error in its log; the exit status that the runner names comes before that of `end`.
 * An archive with a single log is about that one. Throws where the archive cannot be read.
 */
async function failedSteps(archive, end, mostBytes = MOST_LOG_BYTES) {
    const entries = zipEntries(archive).filter(({ name }) => /\.(?:txt|log)$/i.test(name));
    const budget = { bytes: mostBytes };
    const failed = [];
    for (const entry of entries.toSorted((a, b) => IN_ORDER_OF_STEPS.compare(a.name, b.name))) {
        const log = await log_archive_readLog(entry, budget);
        if (!log.hasRunnerError && entries.length > 1)
            continue;
        failed.push({
            step: entry.name,
            verdict: log.verdict({ ...end, exitCode: log.runnerExitCode ?? end.exitCode })
        });
    }
    const jobs = new Set(failed.map(({ step }) => step.slice(0, Math.max(0, step.lastIndexOf('/')))));
    return failed.filter(({ step }) => !jobs.has(jobOf(step) ?? '/'));
}
const IN_ORDER_OF_STEPS = new Intl.Collator('en', { numeric: true });
async function log_archive_readLog(entry, budget) {
    const reader = logReader();
    for await (const piece of entry.read()) {
        budget.bytes -= piece.length;
        if (budget.bytes < 0)
            throw new Error('the archive holds more logs than are read (1 GiB)');
        reader.push(piece);
    }
    return reader.finish();
}
/** `0_build.txt` is the whole job of which the folder `build` holds the steps; `null` for any other log. */
function jobOf(name) {
    return /^-?\d+_([^/]+)\.txt$/.exec(name)?.[1] ?? null;
}

;// CONCATENATED MODULE: ./lib/commands/stored-log.js



/** Archives are held as a whole, since their directory is at the end; larger ones are refused. */
const MOST_ARCHIVE_BYTES = 512 * 1024 ** 2;
const MAGIC_BYTES = 4;
/**
 * Explains a log as its pieces come, in bounded memory, or an archive of logs. An archive in which no step failed has one
 * answer with nothing in it. Throws where the pieces or the archive cannot be read.
 */
async function answersTo(pieces, end) {
    const reader = logReader();
    const held = [];
    let bytes = 0;
    let isArchive = null;
    for await (const piece of pieces) {
        bytes += piece.length;
        if (isArchive === false)
            reader.push(piece);
        else
            held.push(piece);
        if (isArchive === null && bytes >= MAGIC_BYTES) {
            isArchive = isZip(Buffer.concat(held));
            if (!isArchive)
                for (const one of held.splice(0))
                    reader.push(one);
        }
        if (isArchive === true && bytes > MOST_ARCHIVE_BYTES)
            throw new Error('the archive is larger than 512 MiB');
    }
    if (isArchive !== true) {
        for (const one of held)
            reader.push(one);
        return [{ verdict: reader.finish().verdict(end) }];
    }
    const steps = await failedSteps(Buffer.concat(held), end);
    return steps.length === 0 ? [{ verdict: NOTHING_FAILED }] : steps;
}
const NOTHING_FAILED = { diagnoses: [], findings: [], endedBy: 'unknown', outOfMemory: 'unknown' };

;// CONCATENATED MODULE: ./lib/commands/explain.js




const explain_HELP = `go-build-guard explain [--json] [--exit-code N] [--exit-codes N,-,N] [--signal S] [--os linux|darwin|windows] LOG…

Says why the build in a stored log failed. LOG - is standard input. A log archive of GitHub (zip, one file for each
step) is searched for the steps that failed, and each is explained, with the exit status that the runner names.
--exit-codes gives one status for each log, - for unknown. With --json one object {file, diagnoses} for each log, or
{file, step, diagnoses} for each failed step of an archive, one line each. Exit status 0 whenever the logs could be read,
else 2.
`;
const OPTIONS = {
    json: { type: 'boolean' },
    'exit-code': { type: 'string' },
    'exit-codes': { type: 'string' },
    signal: { type: 'string' },
    os: { type: 'string' }
};
const explain_SIGNALS = [
    'SIGKILL',
    'SIGTERM',
    'SIGINT',
    'SIGHUP',
    'SIGQUIT',
    'SIGSEGV',
    'SIGABRT',
    'SIGBUS',
    'SIGILL',
    'SIGSYS',
    'SIGXFSZ',
    'SIGXCPU',
    'SIGPIPE'
];
const PLATFORMS = { linux: 'linux', darwin: 'darwin', windows: 'win32' };
/** Diagnoses stored logs, in order. */
async function explain(args, console) {
    const read = await readArguments(args, { help: explain_HELP, options: OPTIONS, takesFiles: true }, console);
    if (typeof read === 'number')
        return read;
    const call = checkCall(read.values, read.positionals);
    if ('problem' in call) {
        console.complain(`${call.problem}\n\n${explain_HELP}`);
        return 2;
    }
    let status = 0;
    let text = '';
    for (const [i, file] of call.files.entries()) {
        const end = { exitCode: call.exitCodes[i] ?? null, signal: call.signal, platform: call.platform };
        try {
            const answers = await answersTo(console.logs.read(file), end);
            for (const answer of answers)
                text += call.isJson ? asJson(file, answer) : asText(file, answer, call.files.length > 1);
        }
        catch (fault) {
            console.complain(`explain: ${file}: ${fault instanceof Error ? fault.message : String(fault)}\n`);
            status = 2;
        }
        if (text.length < PRINTED_CHARACTERS && i < call.files.length - 1)
            continue;
        await console.print(text);
        text = '';
    }
    return status;
}
/** Printed at a time: to print thousands of short answers one by one costs more than to find them. */
const PRINTED_CHARACTERS = 64 * 1024;
function checkCall(values, files) {
    const platform = PLATFORMS[String(values.os ?? 'linux')];
    if (platform === undefined)
        return { problem: `--os ${values.os} is not known; allowed: linux, darwin, windows` };
    if (files.length === 0)
        return { problem: 'no log is named' };
    const signal = signalNamed(String(values.signal ?? ''));
    if (signal === undefined)
        return { problem: `--signal ${values.signal} is no signal, such as SIGKILL` };
    const one = String(values['exit-code'] ?? '-');
    const given = values['exit-codes'] === undefined ? files.map(() => one) : String(values['exit-codes']).split(',');
    if (given.length !== files.length) {
        return { problem: `--exit-codes has ${given.length} entries for ${files.length} logs` };
    }
    const wrong = given.find((text) => !/^(?:-|-?\d+)$/.test(text));
    if (wrong !== undefined)
        return { problem: `exit code ${JSON.stringify(wrong)} is neither a number nor -` };
    const exitCodes = given.map((text) => (text === '-' ? null : Number(text)));
    return { files, exitCodes, signal, platform, isJson: values.json === true };
}
/** `null` for none, `undefined` for what is no signal; KILL and kill are SIGKILL. */
function signalNamed(text) {
    if (text === '')
        return null;
    const name = `SIG${text.toUpperCase().replace(/^SIG/, '')}`;
    return explain_SIGNALS.find((signal) => signal === name);
}
function asJson(file, { step, verdict: { diagnoses } }) {
    return `${JSON.stringify({ file, ...(step === undefined ? {} : { step }), diagnoses })}\n`;
}
function asText(file, { step, verdict }, isOneOfMany) {
    const place = step === undefined ? file : `${file}: ${oneLine(step)}`;
    return `${isOneOfMany || step !== undefined ? `== ${place}\n` : ''}${renderVerdict(verdict)}\n`;
}

;// CONCATENATED MODULE: ./lib/survey/words.js

/** The four answers in words, bytes by default: "2.0 GiB", "unlimited", "not there", "not readable (EACCES)". */
function words_amount(reading, format = formatBytes) {
    switch (reading.kind) {
        case 'value':
            return format(reading.value);
        case 'unlimited':
            return 'unlimited';
        case 'absent':
            return 'not there';
        case 'unreadable':
            return `not readable (${reading.reason})`;
    }
}
/** Paths and names come from others: a line break or an escape sequence in one must not act on the terminal. */
function visible(line) {
    return line.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');
}

;// CONCATENATED MODULE: ./lib/survey/describe-surroundings.js


/** Everything of a survey that is no memory limit: pressure, resource limits, killers, disks, Go. */
function describeSurroundings(survey) {
    return [
        pressureLine(survey.pressure),
        ...survey.rlimits.map(resourceLimitLine),
        ...killerLines(survey.killers),
        ...survey.disks.map(diskLine),
        goLine(survey.go)
    ];
}
function pressureLine(pressure) {
    if (pressure.kind === 'absent')
        return 'Memory pressure: this kernel does not measure it';
    if (pressure.kind === 'unreadable')
        return `Memory pressure: not readable (${pressure.reason})`;
    const { someAvg10, fullAvg10, fullTotalUs } = pressure.value;
    const stalled = formatDuration(fullTotalUs / 1000);
    return `Memory pressure of the last 10 s: some ${someAvg10} %, full ${fullAvg10} %; everything stood still for ${stalled} since boot`;
}
function resourceLimitLine({ name, soft, hard, unit }) {
    const format = unit === 'bytes' || unit === '' ? undefined : (count) => `${count} ${unit}`;
    return `${name}: ${words_amount(soft, format)}, can be raised to: ${words_amount(hard, format)}`;
}
function killerLines({ oomScoreAdj, systemdOomd, earlyoom }) {
    return [
        `oom_score_adj of this process tree: ${words_amount(oomScoreAdj, String)} (killed for want of memory: at 1000 first, at -1000 never)`,
        `systemd-oomd: ${describe_surroundings_running(systemdOomd)}`,
        `earlyoom: ${describe_surroundings_running(earlyoom)}`
    ];
}
function describe_surroundings_running(daemon) {
    if (daemon.kind === 'value')
        return daemon.value ? 'running, it may kill the build' : 'not running';
    return daemon.kind === 'absent' ? 'not known (no /proc)' : `not known (${daemon.reason})`;
}
function diskLine({ role, path, freeBytes, freeInodes }) {
    const inodes = freeInodes.kind === 'absent' ? '' : `, ${words_amount(freeInodes, (count) => `${count} inodes`)}`;
    return `Free for ${role}: ${words_amount(freeBytes)}${inodes}, ${path}`;
}
function goLine(go) {
    if (go.kind === 'absent')
        return 'Go: none in PATH';
    if (go.kind === 'unreadable')
        return `Go: not readable (${go.reason})`;
    const { version, env } = go.value;
    const settings = ['GOFLAGS', 'GOTOOLCHAIN'].flatMap((name) => (env[name] ? [`${name}=${env[name]}`] : []));
    return [`Go: ${version}`, ...settings].join(', ');
}

;// CONCATENATED MODULE: ./lib/survey/describe.js




/** The survey as plain lines for `inspect`: every limit with its file, which one binds and why, and what is not known. */
function describeSurvey(survey) {
    return [
        ...hostLines(survey.host, survey.cpus),
        ...cgroupLines(survey.cgroup),
        ...survey.limits.map((finding) => limitLine(finding, survey.binding)),
        ...bindingLines(survey),
        ...survey.cgroup.levels.flatMap(levelLines),
        ...describeSurroundings(survey)
    ].map(visible);
}
function hostLines(host, cpus) {
    const isWithoutSwap = host.swapTotalBytes.kind === 'value' && host.swapTotalBytes.value === 0;
    const swap = `${words_amount(host.swapTotalBytes)}, free: ${words_amount(host.swapFreeBytes)}`;
    return [
        `Processors: ${cpus}`,
        `Memory of the machine: ${words_amount(host.totalBytes)}, available: ${words_amount(host.availableBytes)}`,
        `Swap of the machine: ${isWithoutSwap ? 'none' : swap}`
    ];
}
function cgroupLines(cgroup) {
    const { version, path } = cgroup;
    if (path.kind === 'absent')
        return ['Cgroup: none'];
    if (path.kind === 'unreadable')
        return [`Cgroup: not readable (${path.reason})`];
    if (version === 'none')
        return [`Cgroup: ${path.value}, on a system without the memory controller`];
    const beside = cgroup.isHybrid ? ', a v2 tree without memory limits stands beside it' : '';
    return [`Cgroup: ${path.value} (${version}${beside})`, ...blindSpot(cgroup)];
}
/** Only the real root has no `memory.max`: a cgroup `/` that has one is the root of a namespace. */
function blindSpot({ version, path, mountPoint, directory, levels }) {
    if (mountPoint === null)
        return ['Its limits cannot be read: no mount shows the tree it is in'];
    if (directory === null)
        return ['Its own limits cannot be read: the mount shows only cgroups above it'];
    const isRoot = path.kind === 'value' && path.value === '/';
    const isNamespace = version === 'v2' && isRoot && levels.some((level) => level.limitBytes.kind !== 'absent');
    return isNamespace ? ['It is the root of a namespace: limits further up are not visible from here'] : [];
}
function limitLine({ source, file, limit }, binding) {
    const isBinding = binding !== null && binding.file === file && binding.source === source;
    return `Limit (${source}): ${words_amount(limit)}, ${file}${isBinding ? ' - this one binds' : ''}`;
}
function bindingLines(survey) {
    const { binding } = survey;
    if (binding === null)
        return ['Binding limit: not known, not even the memory of the machine could be read'];
    const used = isUseKnown(survey, binding) ? formatBytes(binding.usedByOthersBytes) : 'not known, taken for nothing';
    return [
        `Binding limit: ${formatBytes(binding.bytes)}, the smallest hard limit that can be seen from here`,
        `Used by others within it: ${used}`
    ];
}
function isUseKnown({ host, cgroup }, binding) {
    if (binding.source === 'host')
        return host.availableBytes.kind === 'value';
    const level = cgroup.levels.find(({ directory }) => directory === external_node_path_.posix.dirname(binding.file));
    return level?.usedBytes.kind === 'value';
}
function levelLines({ directory, highBytes, swapLimitBytes, killsAsGroup, usedBytes }) {
    const isLimited = (kind) => kind === 'value' || kind === 'unreadable';
    const lines = [];
    if (usedBytes.kind === 'unreadable')
        lines.push(`Memory held in ${directory}: ${words_amount(usedBytes)}`);
    if (isLimited(highBytes.kind)) {
        lines.push(`Throttling limit (memory.high) of ${directory}: ${words_amount(highBytes)}; it slows a build down, it does not kill`);
    }
    if (isLimited(swapLimitBytes.kind))
        lines.push(`Swap limit of ${directory}: ${words_amount(swapLimitBytes)}`);
    if (killsAsGroup.kind === 'unreadable')
        lines.push(`memory.oom.group of ${directory}: ${words_amount(killsAsGroup)}`);
    if (killsAsGroup.kind === 'value' && killsAsGroup.value) {
        lines.push(`memory.oom.group is set for ${directory}: out of memory, the kernel kills everything in it together`);
    }
    return lines;
}

;// CONCATENATED MODULE: ./lib/commands/inspect.js






const inspect_HELP = `go-build-guard inspect [--json]

Shows what memory this machine really gives a build, every limit with its source, which one binds, who may kill, and what
would be enforced and planned for \`go build ./...\`. Makes a cage for a moment to see whether it can, and removes it.
`;
/** What would be done here, found out by trying and left as it was. */
async function inspect(args, console) {
    const flags = await readArguments(args, { help: inspect_HELP, options: { json: { type: 'boolean' } }, takesFiles: false }, console);
    if (typeof flags === 'number')
        return flags;
    const ports = console.ports(false);
    const place = console.place('none');
    const survey = await surveyMachine({ ...ports, ...place, workingDirectory: place.currentDirectory });
    const checked = parseSettings(() => '', { platform: place.platform });
    if ('problems' in checked)
        throw new Error(checked.problems.join('; '));
    const trial = await tryOut(ports, place, survey, checked.settings);
    await console.print(flags.values.json === true ? `${JSON.stringify({ survey, ...trial }, null, 2)}\n` : inspect_asText(survey, trial));
    return 0;
}
async function tryOut(ports, place, survey, settings) {
    const planFor = (enforcement) => planAttempt({ survey, settings, enforcement, previous: [], userEnvironment: place.environment, runsTests: false });
    const { cage, reach, reasons } = await openCage({ ...ports, root: place.root, announce: () => { } }, { choice: settings.enforcement, survey, capFor: (of) => planFor(of).cap, runId: place.runId });
    const faults = await cage.close();
    return { enforcement: cage.way, reasons: [...reasons, ...faults], plan: planFor(reach) };
}
function inspect_asText(survey, { enforcement, reasons, plan }) {
    return [
        ...describeSurvey(survey),
        '',
        `Would be enforced by: ${enforcement}`,
        ...reasons.map((reason) => `  ${reason}`),
        `Would be planned for go build ./... (memory: ${plan.level}):`,
        ...plan.reasons.map((reason) => `  ${reason.text}`),
        ''
    ].join('\n');
}

;// CONCATENATED MODULE: ./lib/commands/report.js




const report_HELP = `go-build-guard report [--format text|summary] FILE…

Renders stored report.json files, as text for a terminal or as the Markdown of the job summary.
`;
const SUMMARY_BYTES = 1000 * 1024;
/** Renders stored reports; exit status 2 where one cannot be read as such. */
async function showReports(args, console) {
    const options = { format: { type: 'string', default: 'text' } };
    const read = await readArguments(args, { help: report_HELP, options, takesFiles: true }, console);
    if (typeof read === 'number')
        return read;
    const { values, positionals } = read;
    if (positionals.length === 0 || !['text', 'summary'].includes(values.format)) {
        console.complain(report_HELP);
        return 2;
    }
    let status = 0;
    for (const path of positionals) {
        const text = console.files.readText(path);
        const decoded = decodeReport(text.kind === 'value' ? text.value : '');
        if (decoded.kind === 'report')
            await console.print(`${render(decoded.report, values.format)}\n`);
        else {
            console.complain(`report: ${path}: ${text.kind === 'value' ? decoded.reason : 'cannot be read'}\n`);
            status = 2;
        }
    }
    return status;
}
function render(report, format) {
    if (format === 'text')
        return renderText(report);
    return renderSummary(report, { outputTail: [], link: null, locations: [], budgetBytes: SUMMARY_BYTES });
}

;// CONCATENATED MODULE: ./lib/settings/flags.js

const SWITCHES = ['debug', 'help'];
/**
 * Reads `[--name=value | --name value | --debug | --help]… [-- ARG…]`, the arguments after `run`. Every input is a flag
 * of the same name; the last one of a name counts. All problems are named at once.
 */
function parseFlags(args) {
    const end = args.indexOf('--');
    const argv = end === -1 ? null : args.slice(end + 1);
    const { values, problems } = readFlags(end === -1 ? args : args.slice(0, end));
    if (argv?.length === 0)
        problems.push('nothing stands after --; a command is needed there');
    const read = (name) => values.get(name) ?? '';
    return { flags: { read, argv, isDebug: values.has('debug'), wantsHelp: values.has('help') }, problems };
}
function readFlags(args) {
    const values = new Map();
    const problems = [];
    for (let i = 0; i < args.length; i++) {
        const arg = args[i] ?? '';
        const [, name = '', inline] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(arg === '-h' ? '--help' : arg) ?? [];
        if (name === '') {
            problems.push(`${JSON.stringify(arg)} is no flag; the command goes after --`);
        }
        else if (SWITCHES.includes(name)) {
            if (inline !== undefined)
                problems.push(`--${name} takes no value`);
            values.set(name, '');
        }
        else {
            const next = inline ?? args[i + 1];
            if (inline === undefined && !next?.startsWith('--'))
                i++;
            const problem = valueProblem(name, inline, next);
            if (problem === null)
                values.set(name, next ?? '');
            else
                problems.push(problem);
        }
    }
    return { values, problems };
}
function valueProblem(name, inline, next) {
    const names = ALL_INPUTS.map((input) => input.name);
    if (!names.includes(name)) {
        const nearest = nearestName(name, [...names, ...SWITCHES]);
        return `--${name} is no flag${nearest === null ? '; --help lists them' : `; nearest: --${nearest}`}`;
    }
    const isMissing = inline === undefined && (next === undefined || next.startsWith('--'));
    return isMissing ? `--${name} needs a value: --${name}=VALUE` : null;
}
/** The name with the fewest changes to make, up to a third of its letters; else `null`. */
function nearestName(wrong, names) {
    const ranked = names
        .map((name) => ({ name, changes: editDistance(wrong, name) }))
        .filter(({ name, changes }) => changes <= Math.max(1, Math.floor(name.length / 3)))
        .sort((a, b) => a.changes - b.changes);
    return ranked[0]?.name ?? null;
}
/** Insertions, deletions and replacements of one letter that make `a` of `b` (Levenshtein). */
function editDistance(a, b) {
    let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
    for (const [i, letter] of [...a].entries()) {
        const row = [i + 1];
        for (const [j, other] of [...b].entries()) {
            const replaced = (previous[j] ?? 0) + (letter === other ? 0 : 1);
            row.push(Math.min(replaced, (previous[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
        }
        previous = row;
    }
    return previous[b.length] ?? 0;
}

;// CONCATENATED MODULE: ./lib/settings/help.js

const WIDTH = 78;
const INDENT = '      ';
/** The text of `go-build-guard run --help`. */
function runHelp() {
    return [
        'go-build-guard run [flags] -- ARG…',
        'go-build-guard run [flags] --command SCRIPT',
        '',
        'Runs a build under a memory cap, observes it, and explains why it failed.',
        'The exit status is that of the command; 128+n after signal n, 124 after the',
        'timeout, 125 where the command could not be run, 126 or 127 as a shell.',
        '',
        ...ALL_INPUTS.flatMap(flagHelp),
        '  --debug',
        ...wrapped('Tell more about what is done.'),
        '  --help',
        ...wrapped('Print this text.'),
        ''
    ].join('\n');
}
/** An expression of GitHub has no value here, so it is not shown as a default. */
function flagHelp({ name, default: standard, description }) {
    const isShown = standard !== '' && !standard.startsWith('${{');
    return [`  --${name}=VALUE${isShown ? ` (default: ${standard})` : ''}`, ...wrapped(description)];
}
function wrapped(text) {
    const lines = [];
    let line = '';
    for (const word of text.split(' ')) {
        if (line !== '' && INDENT.length + line.length + 1 + word.length > WIDTH) {
            lines.push(INDENT + line);
            line = '';
        }
        line = line === '' ? word : `${line} ${word}`;
    }
    return [...lines, INDENT + line];
}

;// CONCATENATED MODULE: ./lib/commands/run.js






/** The main job outside GitHub. Everything of ours goes to standard error; standard output is the command's. */
async function run(args, console) {
    const { flags, problems: wrongFlags } = parseFlags(args);
    if (flags.wantsHelp) {
        await console.print(runHelp());
        return 0;
    }
    const place = console.place('inherit');
    const checked = parseSettings(flags.read, { platform: place.platform, argv: flags.argv });
    const wrong = [...wrongFlags, ...('problems' in checked ? checked.problems : [])];
    if ('problems' in checked || wrong.length > 0)
        return refuse(wrong, console);
    const { exitCode, report, problems } = await guard(console.ports(flags.isDebug), place, checked.settings);
    if (problems.length > 0)
        return refuse(problems, console);
    if (report !== null && report.conclusion !== 'success')
        console.complain(`\n${renderText(report)}\n`);
    return exitCode;
}
function refuse(problems, console) {
    for (const problem of problems)
        console.complain(`guard: ${problem}\n`);
    return COULD_NOT_RUN;
}

;// CONCATENATED MODULE: ./lib/commands/command-line.js





const COMMANDS = { run: run, inspect: inspect, explain: explain, demo: demo, report: showReports };
const command_line_HELP = `go-build-guard runs a Go build inside a memory cap, watches it, and explains why it died.

  go-build-guard run [flags] -- go build ./...   run a command under a cap; its exit status is the command's
  go-build-guard inspect [--json]                what memory this machine really gives, and what would be planned
  go-build-guard explain [flags] LOG…            why the build in a stored log failed; - is standard input
  go-build-guard demo                            a build that needs more than its cap: the kill, the rescue, the report
  go-build-guard report [--format F] FILE…       a stored report.json as text, summary or comment

Each takes --help.
`;
/** Routes to a command and answers with the exit status; 2 where the call itself is wrong. */
async function command_line_commandLine(args, console) {
    const [name = '', ...rest] = args;
    if (name === '--help' || name === '-h' || name === 'help') {
        await console.print(command_line_HELP);
        return 0;
    }
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command !== undefined)
        return command(rest, console);
    console.complain(name === '' ? command_line_HELP : `${JSON.stringify(name)} is no command.\n\n${command_line_HELP}`);
    return 2;
}


/***/ }),

/***/ 157:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Mp: () => (/* binding */ UNLIMITED),
/* harmony export */   O$: () => (/* binding */ unreadable),
/* harmony export */   P2: () => (/* binding */ mapReading),
/* harmony export */   Uq: () => (/* binding */ value),
/* harmony export */   W5: () => (/* binding */ chainReading),
/* harmony export */   eO: () => (/* binding */ known),
/* harmony export */   sj: () => (/* binding */ ABSENT)
/* harmony export */ });
const ABSENT = { kind: 'absent' };
const UNLIMITED = { kind: 'unlimited' };
function value(of) {
    return { kind: 'value', value: of };
}
function unreadable(reason) {
    return { kind: 'unreadable', reason };
}
/** The value if there is one, else `null`: for arithmetic that has a plain answer for "not known". */
function known(reading) {
    return reading.kind === 'value' ? reading.value : null;
}
/** Applies a parser to a value and leaves the other answers alone. */
function mapReading(reading, parse) {
    return reading.kind === 'value' ? value(parse(reading.value)) : reading;
}
/** Like {@link mapReading}, for parsers that have more than one answer themselves. */
function chainReading(reading, parse) {
    return reading.kind === 'value' ? parse(reading.value) : reading;
}


/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId](module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/async module */
/******/ (() => {
/******/ 	var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
/******/ 	var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
/******/ 	var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
/******/ 	var resolveQueue = (queue) => {
/******/ 		if(queue && queue.d < 1) {
/******/ 			queue.d = 1;
/******/ 			queue.forEach((fn) => (fn.r--));
/******/ 			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 		}
/******/ 	}
/******/ 	var wrapDeps = (deps) => (deps.map((dep) => {
/******/ 		if(dep !== null && typeof dep === "object") {
/******/ 			if(dep[webpackQueues]) return dep;
/******/ 			if(dep.then) {
/******/ 				var queue = [];
/******/ 				queue.d = 0;
/******/ 				dep.then((r) => {
/******/ 					obj[webpackExports] = r;
/******/ 					resolveQueue(queue);
/******/ 				}, (e) => {
/******/ 					obj[webpackError] = e;
/******/ 					resolveQueue(queue);
/******/ 				});
/******/ 				var obj = {};
/******/ 				obj[webpackQueues] = (fn) => (fn(queue));
/******/ 				return obj;
/******/ 			}
/******/ 		}
/******/ 		var ret = {};
/******/ 		ret[webpackQueues] = x => {};
/******/ 		ret[webpackExports] = dep;
/******/ 		return ret;
/******/ 	}));
/******/ 	__nccwpck_require__.a = (module, body, hasAwait) => {
/******/ 		var queue;
/******/ 		hasAwait && ((queue = []).d = -1);
/******/ 		var depQueues = new Set();
/******/ 		var exports = module.exports;
/******/ 		var currentDeps;
/******/ 		var outerResolve;
/******/ 		var reject;
/******/ 		var promise = new Promise((resolve, rej) => {
/******/ 			reject = rej;
/******/ 			outerResolve = resolve;
/******/ 		});
/******/ 		promise[webpackExports] = exports;
/******/ 		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 		module.exports = promise;
/******/ 		body((deps) => {
/******/ 			currentDeps = wrapDeps(deps);
/******/ 			var fn;
/******/ 			var getResult = () => (currentDeps.map((d) => {
/******/ 				if(d[webpackError]) throw d[webpackError];
/******/ 				return d[webpackExports];
/******/ 			}))
/******/ 			var promise = new Promise((resolve) => {
/******/ 				fn = () => (resolve(getResult));
/******/ 				fn.r = 0;
/******/ 				var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 				currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
/******/ 			});
/******/ 			return fn.r ? promise : getResult();
/******/ 		}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
/******/ 		queue && queue.d < 0 && (queue.d = 0);
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/************************************************************************/
/******/ 
/******/ // startup
/******/ // Load entry module and return exports
/******/ // This entry module used 'module' so it can't be inlined
/******/ var __webpack_exports__ = __nccwpck_require__(69);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ 
