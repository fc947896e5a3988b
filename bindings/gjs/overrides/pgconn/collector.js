// SPDX-License-Identifier: LGPL-2.1-or-later
//
// When the collector is called. Left to itself it comes late, takes the longer, in parts of 10 ms, and hundreds of MiB until then, as it sees small objects
// and not what they hold. Before GJS 1.81.2 all callbacks that come between two of its parts are lost, and the promises of their calls never settle.

const {GLib} = imports.gi;
const System = imports.system;
const {giveTurn} = imports.overrides.pgconn.turns;

// What has come since it was called and it does not see: objects of the library's, each of which it has to finish, and the bytes of buffers and
// values.
var unseen = {objects: 0, bytes: 0};

// A collection costs 1.5 ms of work at least, 1 ms more for a thousand objects of the library's, and about as much for tens of MiB of rows, most of which
// it has thrown away young: it is called early, and has no more than a tenth of the time, unless very much has come meanwhile.
const COLLECT = {objects: 200, bytes: 0x800000};
const COLLECT_AT_LEAST = {objects: 50000, bytes: 0x2000000};

let collectAfter = 0;
let duration = Infinity;

const isMore = limit => unseen.objects >= limit.objects || unseen.bytes >= limit.bytes;

function isDue() {
    return isMore(COLLECT) && (GLib.get_monotonic_time() >= collectAfter || isMore(COLLECT_AT_LEAST));
}

// Where there are rows it has to go through them, and to move them.
function collect() {
    const begin = GLib.get_monotonic_time();
    System.gc();
    const end = GLib.get_monotonic_time();
    // One that took long as other programs were in its way is no reason to be the later next time, and to find the more.
    duration = Math.min(end - begin, duration * 1.25);
    collectAfter = end + 10 * duration;
    unseen.objects = unseen.bytes = 0;
}

// For what reads on and on, before it asks for more.
function collectIfDue() {
    if (isDue())
        collect();
}

// How large a result is nobody sees: it may be many MiB, and so counts for more.
const RESULT_OBJECTS = 10;

// For a call that gives one. GJS calls the collector in turns of the main loop, which a script that blocks may never come to, and of others it sees the memory late.
function noteResult() {
    unseen.objects += RESULT_OBJECTS;
    collectIfDue();
}

// What becomes due meanwhile waits for the collection and nothing else.
async function collectInTurn() {
    if (!isDue())
        return;
    await giveTurn();
    collect();
    await giveTurn();
}

// The function that begins a call, or finishes it, where callbacks may be lost. Both count, as there may be many of the one before any of the other.
const CALL_OBJECTS = 2;
const losesCallbacks = System.version < 18102;

function noteCall() {
    if (!losesCallbacks)
        return;
    unseen.objects += CALL_OBJECTS;
    collectIfDue();
}

function counted(method) {
    if (!losesCallbacks)
        return method;
    return function (...args) {
        noteCall();
        return method.apply(this, args);
    };
}

// What a call is made of, where callbacks may be lost: the call has the collector called before it waits.
function noteObjects(n) {
    if (losesCallbacks)
        unseen.objects += n;
}
