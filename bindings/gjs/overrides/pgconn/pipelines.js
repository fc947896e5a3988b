// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Pipelines: pipeline() of a connection, whose calls are awaited where the connection's are, and pipelined(), which calls a function in one.

const {GLib} = imports.gi;
const {checkCancellable, checkFunction} = imports.overrides.pgconn.arguments;
const {giveTurn} = imports.overrides.pgconn.turns;

let Pg;

// Of what was not executed, as a statement before it has failed: end() throws that statement's error, which is the one to report. Others are the function's own.
function isAborted(error) {
    return error instanceof GLib.Error && error.matches(Pg.Error, Pg.Error.PIPELINE_ABORTED);
}

function endError(pipeline) {
    try {
        pipeline.end();
        return null;
    } catch (error) {
        return error;
    }
}

function refusePromise() {
    throw new TypeError('pipelined() of a Pg.Connection takes a function that is not async and returns no promise: those are for a Pg.AsyncConnection');
}

function pipelined(body) {
    checkFunction('pipelined()', body);
    if (Object.prototype.toString.call(body) === '[object AsyncFunction]')
        refusePromise();
    const pipeline = this.pipeline();
    let result;
    pipeline.begin();
    try {
        result = body(pipeline);
        if (typeof result?.then === 'function')
            refusePromise();
    } catch (error) {
        const ended = endError(pipeline);
        throw isAborted(error) ? ended ?? error : error;
    }
    pipeline.end();
    return result;
}

// --- calls that nobody awaits: their error is the pipeline's, which end() throws, and so it is not one that nobody handles ---

// The calls of each connection's pipelines that are open, in the order of these.
const open = new WeakMap();
let nOpen = 0;

// The promise of a call, which notes whether somebody waits for it.
class Call extends Promise {
    static get [Symbol.species]() {
        return Promise;
    }

    then(...handlers) {
        this.isAwaited = true;
        return super.then(...handlers);
    }
}

const {then} = Promise.prototype;

// A promise of a call of the connection, or what takes its place in a pipeline.
function watch(connection, promise) {
    const sections = open.get(connection);
    if (sections === undefined || sections.length === 0 || connection.get_pipeline_status() === Pg.PipelineStatus.OFF)
        return promise;
    const section = sections.at(-1);
    const call = new Call(resolve => resolve(promise));
    call.order = section.n++;
    section.calls.add(call);
    then.call(call, () => section.calls.delete(call), error => {
        call.failure = {error};
        // end() has been, and nobody else will tell.
        if (section.isOver && !call.isAwaited)
            Promise.reject(error);
    });
    return call;
}

// The methods of a class give such promises.
function watchCalls(type, connectionOf, names) {
    for (const name of names) {
        const original = type.prototype[name];
        type.prototype[name] = function (...args) {
            const promise = original.apply(this, args);
            return nOpen === 0 ? promise : watch(connectionOf(this), promise);
        };
    }
}

function openSection(connection) {
    const section = {calls: new Set(), n: 0, isOver: false};
    if (!open.has(connection))
        open.set(connection, []);
    open.get(connection).push(section);
    nOpen++;
    return section;
}

function closeSection(connection, section) {
    const sections = open.get(connection);
    if (sections.includes(section)) {
        sections.splice(sections.indexOf(section), 1);
        nOpen--;
    }
}

const sections = new WeakMap();

async function begin(pipeline, promise) {
    const connection = pipeline.get_connection();
    const section = openSection(connection);
    try {
        await promise;
        sections.set(pipeline, section);
    } catch (error) {
        closeSection(connection, section);
        throw error;
    }
}

async function sync(pipeline, promise) {
    const section = sections.get(pipeline);
    const n = section?.n;
    try {
        await promise;
    } catch (error) {
        // It tells what became of the calls before it.
        for (const call of section?.calls ?? []) {
            if (call.order < n)
                section.calls.delete(call);
        }
        throw error;
    }
}

async function end(pipeline, promise) {
    const section = sections.get(pipeline);
    if (section === undefined) {
        await promise;
        return;
    }
    const isSettled = call => call.failure !== undefined;
    try {
        await promise;
        // All are over, but their promises may not know yet: those of some take more turns than others.
        for (let turn = 0; turn < 10 && ![...section.calls].every(isSettled); turn++)
            await giveTurn();
        section.isOver = true;
        const failed = [...section.calls].find(call => isSettled(call) && !call.isAwaited && !isAborted(call.failure.error));
        if (failed !== undefined)
            throw failed.failure.error;
    } finally {
        closeSection(pipeline.get_connection(), section);
        sections.delete(pipeline);
    }
}

// An array of promises is waited for together with the end, which all of them share then.
async function pipelinedAsync(body) {
    checkFunction('pipelined()', body);
    const pipeline = this.pipeline();
    let result;
    await pipeline.begin();
    try {
        result = body(pipeline);
        if (!Array.isArray(result))
            result = await result;
    } catch (error) {
        const ended = await pipeline.end().then(() => null, reason => reason);
        throw isAborted(error) ? ended ?? error : error;
    }
    if (!Array.isArray(result)) {
        await pipeline.end();
        return result;
    }
    // All of them have to be over, and of several errors the first statement's is the one.
    const end = pipeline.end();
    const settled = Promise.allSettled([end, ...result]);
    const values = Promise.all(result.map(one => Promise.resolve(one).catch(error => {
        if (!isAborted(error))
            throw error;
        return settled.then(([{reason}]) => {
            throw reason ?? error;
        });
    })));
    await Promise.allSettled([values, settled]);
    return (await Promise.all([values, end]))[0];
}

function extend(pg, define, promisify) {
    Pg = pg;
    const {begin: pipelineBegin, sync: pipelineSync, end: pipelineEnd} = Pg.Pipeline.prototype;
    for (const [name, original, follow] of [['begin', pipelineBegin, begin], ['sync', pipelineSync, sync], ['end', pipelineEnd, end]]) {
        define(Pg.Pipeline.prototype, {
            [name](cancellable = null) {
                return original.call(this, checkCancellable(cancellable));
            },
        });
        promisify(Pg.AsyncPipeline.prototype, [name]);
        define(Pg.AsyncPipeline.prototype, {
            async [name](cancellable = null) {
                return await follow(this, this[`${name}_async`](checkCancellable(cancellable)));
            },
        });
    }
    watchCalls(Pg.AsyncConnection, connection => connection, ['execute', 'sql', 'prepare', 'fetchType']);
    watchCalls(Pg.AsyncCursor, cursor => cursor.get_connection(), ['execute', 'executeMany']);
    watchCalls(Pg.AsyncServerCursor, cursor => cursor.get_connection(), ['execute']);
    watchCalls(Pg.AsyncPipeline, pipeline => pipeline.get_connection(), ['sync']);

    const {wait} = Pg.Cursor.prototype;
    define(Pg.Cursor.prototype, {
        wait(cancellable = null) {
            return wait.call(this, checkCancellable(cancellable));
        },
    });
    define(Pg.Connection.prototype, {pipelined});
    define(Pg.AsyncConnection.prototype, {pipelined: pipelinedAsync});
    // The block may have ended it, or not begun.
    const isOpen = pipeline => pipeline.get_status() !== Pg.PipelineStatus.OFF;
    if (Symbol.dispose) {
        define(Pg.Pipeline.prototype, {
            [Symbol.dispose]() {
                if (isOpen(this))
                    this.end();
            },
        });
    }
    if (Symbol.asyncDispose) {
        define(Pg.AsyncPipeline.prototype, {
            async [Symbol.asyncDispose]() {
                if (isOpen(this))
                    await this.end();
            },
        });
    }
}
