// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Pipelines: pipeline() of a connection, whose calls are awaited where the connection's are, and pipelined(), which calls a function in one.

const {checkCancellable, checkFunction} = imports.overrides.pgconn.arguments;

// The function's error counts: what end() says then is the same, or comes of it.
function endQuietly(pipeline) {
    try {
        pipeline.end();
    } catch {
        // See above.
    }
}

function pipelined(body) {
    checkFunction('pipelined()', body);
    const pipeline = this.pipeline();
    let result;
    pipeline.begin();
    try {
        result = body(pipeline);
    } catch (error) {
        endQuietly(pipeline);
        throw error;
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
        await pipeline.end().catch(() => {});
        throw error;
    }
    if (!Array.isArray(result)) {
        await pipeline.end();
        return result;
    }
    // All of them have to be over, and of several errors the first statement's is the one.
    const [values, end] = [Promise.all(result), pipeline.end()];
    await Promise.allSettled([values, end, ...result]);
    return (await Promise.all([values, end]))[0];
}

function extend(Pg, define, promisify) {
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
