// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Calls that wait for others. Those of a connection are carried out in the order in which they were asked for: the library sees to that from when they are handed over
// to it, and where one cannot be yet, as another of the same object has to end first, those behind it wait here with it.

const {GLib, GObject} = imports.gi;

// Resolves when all that was due in the main loop has had its turn.
function giveTurn() {
    return new Promise(resolve => {
        GLib.idle_add(GLib.PRIORITY_DEFAULT, () => {
            resolve();
            return GLib.SOURCE_REMOVE;
        });
    });
}

// What to do when a call is cancelled; gives a function that ends that. The cancellable's own connect() and disconnect() are others, and would wait for each
// other.
function watchCancellable(cancellable, fail) {
    const check = () => {
        try {
            cancellable.set_error_if_cancelled();
            return false;
        } catch (error) {
            fail(error);
            return true;
        }
    };
    if (cancellable === null || check())
        return () => {};
    const id = GObject.Object.prototype.connect.call(cancellable, 'cancelled', check);
    return () => GObject.Object.prototype.disconnect.call(cancellable, id);
}

// The calls that wait, and what they wait for.
class Line {
    constructor(owner) {
        // Whoever waits keeps the wrapper of the owner, by which the line is found.
        this._owner = owner;
        this._waiting = [];
        // Objects with a call that is not over.
        this._busy = new Set();
        // Calls that are not handed over as a whole.
        this._nHeld = 0;
    }

    get isFree() {
        return this._waiting.length === 0 && this._nHeld === 0;
    }

    has(object) {
        return this._busy.has(object) || this._waiting.some(call => call.object === object);
    }

    add(call, cancellable) {
        call.unwatch = () => {};
        if (this._waiting.length === 0 && this._canStart(call)) {
            this._start(call);
            return;
        }
        this._waiting.push(call);
        call.unwatch = watchCancellable(cancellable, error => {
            this._waiting.splice(this._waiting.indexOf(call), 1);
            call.unwatch();
            call.reject(error);
            this._advance();
        });
    }

    // Those that come wait until the promise is settled.
    async hold(promise) {
        this._nHeld++;
        try {
            return await promise;
        } finally {
            this._nHeld--;
            this._advance();
        }
    }

    _canStart({object}) {
        return this._nHeld === 0 && !this._busy.has(object);
    }

    _advance() {
        while (this._waiting.length > 0 && this._canStart(this._waiting[0]))
            this._start(this._waiting.shift());
    }

    async _start({object, isWhole, start, resolve, reject, unwatch}) {
        unwatch();
        this._nHeld += isWhole ? 1 : 0;
        if (object !== null)
            this._busy.add(object);
        try {
            resolve(await start());
        } catch (error) {
            reject(error);
        }
        this._nHeld -= isWhole ? 1 : 0;
        this._busy.delete(object);
        this._advance();
    }
}

const lines = new WeakMap();

function lineOf(owner) {
    if (!lines.has(owner))
        lines.set(owner, new Line(owner));
    return lines.get(owner);
}

// A promise of what start() gives, which is called in turn: at once where nothing waits. Who is cancelled before is not called.
// object: calls of it run one after the other; null where the library sees to that
// isWhole: the call makes several of the library's, and those behind it wait until it is over
function inOrder(owner, object, start, cancellable = null, isWhole = false) {
    return new Promise((resolve, reject) => lineOf(owner).add({object, start, resolve, reject, isWhole}, cancellable));
}

// The same of what the library is given at once; also no promise, then.
function pass(owner, start, cancellable = null) {
    return lines.get(owner)?.isFree ?? true ? start() : inOrder(owner, null, start, cancellable);
}

// What goes on already, and those that come wait for.
function hold(owner, promise) {
    return lineOf(owner).hold(promise);
}

// Calls of an object that no others wait for.
function inTurn(object, start, cancellable = null) {
    return inOrder(object, object, start, cancellable);
}

// Whether a call of the object waits, or is not over.
function isBusy(object, owner = object) {
    return lines.get(owner)?.has(object) ?? false;
}
