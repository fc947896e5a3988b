// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Large objects: createLargeObject() and openLargeObject() of a connection. Their calls are awaited where the connection's are.

const {GLib} = imports.gi;
const {checkCancellable, checkEnum, checkInteger, checkOid, refuse} = imports.overrides.pgconn.arguments;
const Calls = imports.overrides.pgconn.calls;
const {collectIfDue, noteCall, unseen} = imports.overrides.pgconn.collector;

const BLOCK = 256 * 1024;

// The streams are of private types: what is GIO's own stays as it is.
function finish(object, start, end, ...args) {
    noteCall();
    return new Promise((resolve, reject) => {
        object[start](...args, (_object, result) => {
            noteCall();
            try {
                resolve(object[end](result));
            } catch (error) {
                reject(error);
            }
        });
    });
}

function concat(blocks) {
    const bytes = new Uint8Array(blocks.reduce((length, block) => length + block.length, 0));
    let at = 0;
    for (const block of blocks) {
        bytes.set(block, at);
        at += block.length;
    }
    return bytes;
}

function takeBlock(bytes) {
    const block = bytes.toArray();
    unseen.objects++;
    unseen.bytes += block.length;
    return block;
}

function extend(Pg, define, promisify) {
    const isAsync = object => object.get_connection() instanceof Pg.AsyncConnection;
    const {close, seek} = Pg.LargeObject.prototype;

    const nextSize = (size, n) => size < 0 ? BLOCK : Math.min(size - n, BLOCK);
    const readAll = (object, size, cancellable) => {
        const blocks = [];
        for (let n = 0; size < 0 || n < size;) {
            collectIfDue();
            const block = takeBlock(object.get_input_stream().read_bytes(nextSize(size, n), cancellable));
            if (block.length === 0)
                break;
            blocks.push(block);
            n += block.length;
        }
        return concat(blocks);
    };
    const readAllAsync = async (object, size, cancellable) => {
        const blocks = [];
        for (let n = 0; size < 0 || n < size;) {
            collectIfDue();
            const args = [nextSize(size, n), GLib.PRIORITY_DEFAULT, cancellable];
            const block = takeBlock(await finish(object.get_input_stream(), 'read_bytes_async', 'read_bytes_finish', ...args));
            if (block.length === 0)
                break;
            blocks.push(block);
            n += block.length;
        }
        return concat(blocks);
    };
    const checkSeek = (offset, whence, cancellable) => [
        checkInteger('the offset of seek()', offset),
        checkEnum('the second argument of seek()', whence, GLib.SeekType, 'GLib.SeekType'),
        checkCancellable(cancellable),
    ];
    const checkBytes = bytes => bytes instanceof Uint8Array ? bytes : refuse(TypeError, 'write() of a large object', 'a Uint8Array', bytes);
    const writeAllAsync = async (object, bytes, cancellable) => {
        for (let n = 0; n < bytes.length;) {
            collectIfDue();
            const block = new GLib.Bytes(bytes.subarray(n, n + BLOCK));
            unseen.objects++;
            unseen.bytes += Math.min(bytes.length - n, BLOCK);
            n += await finish(object.get_output_stream(), 'write_bytes_async', 'write_bytes_finish', block, GLib.PRIORITY_DEFAULT, cancellable);
        }
    };

    const checkRead = (size, cancellable) => [checkInteger('read()', size), checkCancellable(cancellable)];
    const checkWrite = (bytes, cancellable) => [checkBytes(bytes), checkCancellable(cancellable)];
    const checkResize = (size, cancellable) => [checkInteger('resize()', size, 0), checkCancellable(cancellable)];
    const checkLone = cancellable => [checkCancellable(cancellable)];

    // On an AsyncConnection each call waits for the ones before it. The first function makes its arguments, the last of which is the cancellable, and may throw.
    const calls = {
        read: [checkRead, readAllAsync],
        // What waits is not the caller's any more.
        write: [(...given) => {
            const [bytes, cancellable] = checkWrite(...given);
            return [bytes.slice(), cancellable];
        }, writeAllAsync],
        size: [checkLone, (object, cancellable) => finish(object, 'query_size_async', 'query_size_finish', cancellable)],
        seek: [checkSeek, (object, ...args) => finish(object, 'seek_async', 'seek_finish', ...args)],
        resize: [checkResize, (object, ...args) => finish(object, 'truncate_async', 'truncate_finish', ...args)],
        close: [checkLone, (object, cancellable) => finish(object, 'close_async', 'close_finish', GLib.PRIORITY_DEFAULT, cancellable)],
    };
    const start = async (object, name, ...given) => {
        const [check, call] = calls[name];
        const args = check(...given);
        // Those two go on in blocks.
        return await Calls.inOrder(object, () => call(object, ...args), args.at(-1), name === 'read' || name === 'write');
    };

    define(Pg.LargeObject.prototype, {
        get oid() {
            return this.get_oid();
        },
        // A Uint8Array of so many bytes, fewer at the end; of all that are left where it is negative.
        read(size = -1, cancellable = null) {
            return isAsync(this) ? start(this, 'read', size, cancellable) : readAll(this, ...checkRead(size, cancellable));
        },
        write(bytes, cancellable = null) {
            if (isAsync(this))
                return start(this, 'write', bytes, cancellable);
            checkWrite(bytes, cancellable);
            if (bytes.length > 0)
                this.get_output_stream().write_all(bytes, cancellable);
            return undefined;
        },
        size(cancellable = null) {
            return isAsync(this) ? start(this, 'size', cancellable) : this.query_size(checkCancellable(cancellable));
        },
        // The new position.
        seek(offset, whence = GLib.SeekType.SET, cancellable = null) {
            if (isAsync(this))
                return start(this, 'seek', offset, whence, cancellable);
            seek.call(this, ...checkSeek(offset, whence, cancellable));
            return this.tell();
        },
        resize(size, cancellable = null) {
            return isAsync(this) ? start(this, 'resize', size, cancellable) : this.truncate(...checkResize(size, cancellable));
        },
        close(cancellable = null) {
            return isAsync(this) ? start(this, 'close', cancellable) : close.call(this, checkCancellable(cancellable));
        },
    });

    define(Pg.Connection.prototype, {
        createLargeObject(oid = 0, cancellable = null) {
            return this.create_large_object(checkOid('createLargeObject()', oid, 0), checkCancellable(cancellable));
        },
        openLargeObject(oid, mode = Pg.LargeObjectMode.READ, cancellable = null) {
            return this.open_large_object(checkOid('openLargeObject()', oid), mode, checkCancellable(cancellable));
        },
        unlinkLargeObject(oid, cancellable = null) {
            return this.unlink_large_object(checkOid('unlinkLargeObject()', oid), checkCancellable(cancellable));
        },
    });
    promisify(Pg.AsyncConnection.prototype, ['create_large_object', 'open_large_object', 'unlink_large_object']);
    define(Pg.AsyncConnection.prototype, {
        async createLargeObject(oid = 0, cancellable = null) {
            return await this.create_large_object_async(checkOid('createLargeObject()', oid, 0), checkCancellable(cancellable));
        },
        async openLargeObject(oid, mode = Pg.LargeObjectMode.READ, cancellable = null) {
            return await this.open_large_object_async(checkOid('openLargeObject()', oid), mode, checkCancellable(cancellable));
        },
        async unlinkLargeObject(oid, cancellable = null) {
            return await this.unlink_large_object_async(checkOid('unlinkLargeObject()', oid), checkCancellable(cancellable));
        },
    });
}
