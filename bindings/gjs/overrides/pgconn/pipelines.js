// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Pipelines: pipeline() of a connection, whose calls are awaited where the connection's are, and pipelined(), which calls a function in one.

const {GLib} = imports.gi;
const {checkCancellable, checkFunction} = imports.overrides.pgconn.arguments;

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
    const {begin, sync, end} = Pg.Pipeline.prototype;
    for (const [name, original] of Object.entries({begin, sync, end})) {
        define(Pg.Pipeline.prototype, {
            [name](cancellable = null) {
                return original.call(this, checkCancellable(cancellable));
            },
        });
        promisify(Pg.AsyncPipeline.prototype, [name]);
        define(Pg.AsyncPipeline.prototype, {
            async [name](cancellable = null) {
                return await this[`${name}_async`](checkCancellable(cancellable));
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
    if (Symbol.dispose) {
        define(Pg.Pipeline.prototype, {
            [Symbol.dispose]() {
                this.end();
            },
        });
    }
    if (Symbol.asyncDispose) {
        define(Pg.AsyncPipeline.prototype, {
            async [Symbol.asyncDispose]() {
                await this.end();
            },
        });
    }
}
