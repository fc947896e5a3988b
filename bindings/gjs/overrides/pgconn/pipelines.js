// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Pipelines: pipeline() of a connection, whose calls are awaited where the connection's are, and pipelined(), which calls a function in one.

const {checkCancellable, checkFunction} = imports.overrides.pgconn.arguments;
const Calls = imports.overrides.pgconn.calls;

let Pg;

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
        throw Calls.isAborted(error) ? ended ?? error : error;
    }
    pipeline.end();
    return result;
}

// Of each pipeline that is open, or about to be.
const sections = new WeakMap();

async function begin(pipeline, promise) {
    const connection = pipeline.get_connection();
    // It fails, as it does a second time.
    if (connection === null || sections.has(pipeline)) {
        await promise;
        return;
    }
    const section = Calls.openSection(connection);
    sections.set(pipeline, section);
    try {
        await promise;
    } catch (error) {
        if (sections.get(pipeline) === section) {
            sections.delete(pipeline);
            Calls.closeSection(section, 0);
        }
        throw error;
    }
}

async function sync(pipeline, promise) {
    await Calls.synchronize(sections.get(pipeline), promise);
}

async function end(pipeline, promise) {
    const section = sections.get(pipeline);
    if (section === undefined) {
        await promise;
        return;
    }
    sections.delete(pipeline);
    const limit = section.n;
    section.stop();
    try {
        const ended = await outcomeOf(promise);
        await section.settle();
        throwFirst(section.first(), ended);
    } finally {
        Calls.closeSection(section, limit);
    }
}

// {error} of what has failed, or else undefined.
const outcomeOf = promise => promise.then(() => undefined, error => ({error}));

function throwFirst(...failures) {
    const failure = failures.find(one => one !== undefined);
    if (failure !== undefined)
        throw failure.error;
}

// An array of promises is waited for together with the end, which all of them share then.
async function pipelinedAsync(body) {
    checkFunction('pipelined()', body);
    const pipeline = this.pipeline();
    await pipeline.begin();
    const section = sections.get(pipeline);
    const failures = [];
    let result;
    try {
        result = body(pipeline);
        if (!Array.isArray(result))
            result = await result;
    } catch (error) {
        failures.push({error});
    }
    const ended = outcomeOf(pipeline.end());
    const settled = Array.isArray(result) ? await Promise.allSettled(result) : [];
    failures.push(...settled.filter(({status}) => status === 'rejected').map(({reason}) => ({error: reason})));
    const failure = await ended;
    // The function's own exceptions come before what a call has failed with.
    const own = failures.find(({error}) => !section.has(error) && !Calls.isAborted(error));
    throwFirst(own, section.first(failures.map(({error}) => error)), failure, failures[0]);
    return Array.isArray(result) ? settled.map(({value}) => value) : result;
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
