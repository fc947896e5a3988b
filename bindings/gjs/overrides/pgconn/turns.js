// SPDX-License-Identifier: LGPL-2.1-or-later

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

// --- calls of an object that run one after the other, in the order in which they were made ---

// The calls of an object that are not over, of which the first one runs.
const queues = new WeakMap();

function isBusy(object) {
    return queues.get(object)?.length > 0;
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

async function run(queue) {
    while (queue.length > 0) {
        const {start, resolve, reject, unwatch} = queue[0];
        unwatch();
        try {
            resolve(await start());
        } catch (error) {
            reject(error);
        }
        queue.shift();
    }
}

// Calls start() when the calls before it have ended, however: at once without any. A promise of what it gives. Who is cancelled before is not called.
function inTurn(object, start, cancellable = null) {
    if (!queues.has(object))
        queues.set(object, []);
    const queue = queues.get(object);
    return new Promise((resolve, reject) => {
        const turn = {start, resolve, reject, unwatch: () => {}};
        queue.push(turn);
        if (queue.length === 1) {
            run(queue);
            return;
        }
        turn.unwatch = watchCancellable(cancellable, error => {
            queue.splice(queue.indexOf(turn), 1);
            turn.unwatch();
            reject(error);
        });
    });
}
