// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Large objects: createLargeObject() and openLargeObject() of a connection. Their calls are awaited where the connection's are.

const {GLib} = imports.gi;
const {checkCancellable, checkEnum, checkInteger, checkOid, refuse} = imports.overrides.pgconn.arguments;
const {inTurn} = imports.overrides.pgconn.turns;

const BLOCK = 256 * 1024;

// The streams are of private types: what is GIO's own stays as it is.
function finish(object, start, end, ...args) {
    return new Promise((resolve, reject) => {
        object[start](...args, (_object, result) => {
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

function extend(Pg, define, promisify) {
    const isAsync = object => object.get_connection() instanceof Pg.AsyncConnection;
    const {close, seek} = Pg.LargeObject.prototype;

    const nextSize = (size, n) => size < 0 ? BLOCK : Math.min(size - n, BLOCK);
    const readAll = (object, size) => {
        const blocks = [];
        for (let n = 0; size < 0 || n < size;) {
            const block = object.get_input_stream().read_bytes(nextSize(size, n), null).toArray();
            if (block.length === 0)
                break;
            blocks.push(block);
            n += block.length;
        }
        return concat(blocks);
    };
    const readAllAsync = async (object, size) => {
        const blocks = [];
        for (let n = 0; size < 0 || n < size;) {
            const bytes = await finish(object.get_input_stream(), 'read_bytes_async', 'read_bytes_finish', nextSize(size, n), GLib.PRIORITY_DEFAULT, null);
            const block = bytes.toArray();
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
    const writeAllAsync = async (object, bytes) => {
        for (let n = 0; n < bytes.length;) {
            const block = new GLib.Bytes(bytes.subarray(n, n + BLOCK));
            n += await finish(object.get_output_stream(), 'write_bytes_async', 'write_bytes_finish', block, GLib.PRIORITY_DEFAULT, null);
        }
    };

    // On an AsyncConnection each call waits for the ones before it. check() makes its arguments, and may throw.
    const calls = {
        read: [size => [checkInteger('read()', size)], readAllAsync],
        // What waits is not the caller's any more.
        write: [bytes => [checkBytes(bytes).slice()], writeAllAsync],
        size: [() => [], object => finish(object, 'query_size_async', 'query_size_finish', null)],
        seek: [checkSeek, (object, ...args) => finish(object, 'seek_async', 'seek_finish', ...args)],
        resize: [size => [checkInteger('resize()', size, 0)], (object, size) => finish(object, 'truncate_async', 'truncate_finish', size, null)],
        close: [() => [], object => finish(object, 'close_async', 'close_finish', GLib.PRIORITY_DEFAULT, null)],
    };
    const start = async (object, name, ...given) => {
        const [check, call] = calls[name];
        const args = check(...given);
        return await inTurn(object, () => call(object, ...args), name === 'seek' ? args.at(-1) : null);
    };

    define(Pg.LargeObject.prototype, {
        get oid() {
            return this.get_oid();
        },
        // A Uint8Array of so many bytes, fewer at the end; of all that are left where it is negative.
        read(size = -1) {
            return isAsync(this) ? start(this, 'read', size) : readAll(this, checkInteger('read()', size));
        },
        write(bytes) {
            if (isAsync(this))
                return start(this, 'write', bytes);
            if (checkBytes(bytes).length > 0)
                this.get_output_stream().write_all(bytes, null);
            return undefined;
        },
        size() {
            return isAsync(this) ? start(this, 'size') : this.query_size(null);
        },
        // The new position.
        seek(offset, whence = GLib.SeekType.SET, cancellable = null) {
            if (isAsync(this))
                return start(this, 'seek', offset, whence, cancellable);
            seek.call(this, ...checkSeek(offset, whence, cancellable));
            return this.tell();
        },
        resize(size) {
            if (isAsync(this))
                return start(this, 'resize', size);
            return this.truncate(checkInteger('resize()', size, 0), null);
        },
        close() {
            return isAsync(this) ? start(this, 'close') : close.call(this, null);
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
