// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The calls of an AsyncConnection's pipelines, of whatever object, and whether somebody waits for them: the error of one that nobody awaits is the
// pipeline's, which its end throws. Every method that the override defines goes through watched(). And their order.

const {Gio, GLib} = imports.gi;
const Text = imports.overrides.pgconn.text;
const Turns = imports.overrides.pgconn.turns;

let Pg;

function init(namespace) {
    Pg = namespace;
}

// Of what was not executed, as a statement before it has failed. Others are the function's own.
function isAborted(error) {
    return error instanceof GLib.Error && error.matches(Pg.Error, Pg.Error.PIPELINE_ABORTED);
}

// The sections of each connection's pipelines that are open, in the order of these.
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

// The calls between the begin of a pipeline and its end, in their order. What has succeeded is none any more.
class Section {
    constructor(connection) {
        // Whoever has the pipeline keeps the wrapper of the connection, by which its sections are found.
        this.connection = connection;
        this._calls = new Set();
        this._n = 0;
        // Those from here on were made when the end was on its way, and do not belong to it.
        this._limit = Infinity;
        this._isOver = false;
    }

    get n() {
        return this._n;
    }

    // isEnd: of another pipeline, which may itself wait for what waits for this one.
    add(promise, isEnd) {
        const call = new Call(resolve => resolve(promise));
        call.order = this._n++;
        call.isEnd = isEnd;
        this._calls.add(call);
        call.settled = then.call(call, () => this._calls.delete(call), error => {
            call.failure = {error};
            if (this._isOver)
                this._report(call);
        });
        return call;
    }

    // For GJS, which tells of promises whose rejection nobody handles.
    _report(call) {
        if (!call.isAwaited && !call.isTold)
            Promise.reject(call.failure.error);
    }

    has(error) {
        return [...this._calls].some(call => call.failure?.error === error);
    }

    // {error} of the first call that has failed by itself, before the one with this number, among those that nobody awaits and those with these errors.
    first(errors = [], limit = this._limit) {
        const counts = call => !call.isTold && !call.isAwaited || errors.includes(call.failure.error);
        return [...this._calls].find(call => call.order < limit && call.failure !== undefined && counts(call) && !isAborted(call.failure.error))?.failure;
    }

    // Their errors are told by another one.
    tell(limit) {
        for (const call of this._calls) {
            if (call.order < limit)
                call.isTold = true;
        }
    }

    stop() {
        this._limit = this._n;
    }

    // When the end has been answered all are over, but for those that go on by themselves, as with many sets of parameters; their promises know later.
    async settle() {
        for (const call of [...this._calls]) {
            if (call.order < this._limit && !call.isEnd)
                await call.settled;
        }
    }

    // Nobody asks any more. What is left is told by GJS.
    leave(limit) {
        this._isOver = true;
        for (const call of this._calls) {
            if (call.order >= limit && call.failure !== undefined)
                this._report(call);
        }
    }
}

function openSection(connection) {
    const section = new Section(connection);
    if (!open.has(connection))
        open.set(connection, []);
    open.get(connection).push(section);
    nOpen++;
    return section;
}

// Its calls were made before this one, as far as they belong to it.
function closeSection(section, limit) {
    const sections = open.get(section.connection);
    sections.splice(sections.indexOf(section), 1);
    nOpen--;
    section.leave(limit);
}

// That of the innermost pipeline; undefined without one.
function sectionOf(connection) {
    return open.get(connection)?.at(-1);
}

const connectionOf = object => object instanceof Pg.AsyncConnection ? object : object.get_connection?.();

const isIterator = value => typeof value?.next === 'function' && typeof value[Symbol.asyncIterator] === 'function';

// One whose calls are watched, too.
function watchedIterator(connection, iterator) {
    const watch = call => (...args) => {
        const section = sectionOf(connection);
        const result = call.apply(iterator, args);
        return section === undefined ? result : watchResult(connection, section, result);
    };
    const own = {__proto__: iterator, [Symbol.asyncIterator]: () => own};
    for (const name of ['next', 'return', 'throw', 'chunks']) {
        if (typeof iterator[name] === 'function')
            own[name] = watch(iterator[name]);
    }
    return own;
}

function watchResult(connection, section, result, isEnd = false) {
    if (result instanceof Promise)
        return section.add(result, isEnd);
    return isIterator(result) ? watchedIterator(connection, result) : result;
}

function watched(method) {
    function call(...args) {
        if (nOpen === 0)
            return method.apply(this, args);
        const connection = connectionOf(this);
        const section = sectionOf(connection);
        const result = method.apply(this, args);
        return section === undefined ? result : watchResult(connection, section, result, method.name === 'end');
    }
    // What makes promises of callbacks counts the arguments.
    return Object.defineProperties(call, {length: {value: method.length}, name: {value: method.name}});
}

// Whether its methods are calls of a connection.
function isWatched(object) {
    return object === Pg.AsyncConnection.prototype || 'get_connection' in object;
}

// A synchronization: where it fails it tells of the calls before it, and with the first error of those that nobody awaits.
async function synchronize(section, promise) {
    const n = section?.n;
    try {
        return await promise;
    } catch (error) {
        const first = section?.first([], n);
        section?.tell(n);
        throw first === undefined ? error : first.error;
    }
}

// --- the order of the calls ---

// The connections with an executeMany() that asks an asynchronous iterable. Nothing tells what the iterable calls, which would wait for the executeMany() that waits
// for the iterable: so nobody else may call them.
const engaged = new WeakSet();

function checkFree(object) {
    if (engaged.has(connectionOf(object))) {
        throw Text.pgError(Pg.Error.PROGRAMMING,
            'executeMany() has the connection until it is over, as it asks an asynchronous iterable, which must make no call of the same connection: await executeMany() first');
    }
}

// For an executeMany(); gives a function to call at its end.
function engage(connection, takesTime) {
    checkFree(connection);
    if (takesTime)
        engaged.add(connection);
    return () => takesTime && engaged.delete(connection);
}

// A promise of what start() gives, which calls the object when those before it are over: see turns.js. Calls of the connection that come later wait for its turn, too.
async function inOrder(object, start, cancellable = null, isWhole = false) {
    checkFree(object);
    return await Turns.inOrder(connectionOf(object), object, start, cancellable, isWhole);
}

function isBusy(object) {
    return Turns.isBusy(object, connectionOf(object));
}

// Something of the object goes on until the promise is settled, and what its connection is asked for meanwhile waits. Gives that promise.
function hold(object, promise) {
    return Turns.hold(connectionOf(object), promise);
}

// A method with so many arguments, without the last of which it gives a promise. canCall: also while an executeMany() has the connection.
function queued(method, length, canCall) {
    return function (...args) {
        const isAwaited = args.length !== length;
        try {
            if (!canCall)
                checkFree(this);
            const cancellable = isAwaited && args.at(-1) instanceof Gio.Cancellable ? args.at(-1) : null;
            return Turns.pass(connectionOf(this), () => method.apply(this, args), cancellable);
        } catch (error) {
            if (!isAwaited)
                throw error;
            return Promise.reject(error);
        }
    };
}
