// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Large objects: createLargeObject() and openLargeObject() of a connection. Their calls are awaited where the connection's are.

const {GLib} = imports.gi;
const {checkInteger} = imports.overrides.pgconn.checks;

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
    const writeAllAsync = async (object, bytes) => {
        for (let n = 0; n < bytes.length;) {
            const block = new GLib.Bytes(bytes.subarray(n, n + BLOCK));
            n += await finish(object.get_output_stream(), 'write_bytes_async', 'write_bytes_finish', block, GLib.PRIORITY_DEFAULT, null);
        }
    };

    define(Pg.LargeObject.prototype, {
        get oid() {
            return this.get_oid();
        },
        // A Uint8Array of so many bytes, fewer at the end; of all that are left where it is negative.
        read(size = -1) {
            checkInteger('read()', size, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
            return isAsync(this) ? readAllAsync(this, size) : readAll(this, size);
        },
        write(bytes) {
            if (!(bytes instanceof Uint8Array))
                throw new TypeError('a large object takes a Uint8Array');
            if (isAsync(this))
                return writeAllAsync(this, bytes);
            if (bytes.length > 0)
                this.get_output_stream().write_all(bytes, null);
            return undefined;
        },
        size() {
            return isAsync(this) ? finish(this, 'query_size_async', 'query_size_finish', null) : this.query_size(null);
        },
        seek(offset, ...args) {
            checkInteger('seek()', offset, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
            return seek.call(this, offset, ...args);
        },
        resize(size) {
            checkInteger('resize()', size, 0, Number.MAX_SAFE_INTEGER);
            return isAsync(this) ? finish(this, 'truncate_async', 'truncate_finish', size, null) : this.truncate(size, null);
        },
        close() {
            return isAsync(this) ? finish(this, 'close_async', 'close_finish', GLib.PRIORITY_DEFAULT, null) : close.call(this, null);
        },
    });

    define(Pg.Connection.prototype, {
        createLargeObject(oid = 0, cancellable = null) {
            return this.create_large_object(oid, cancellable);
        },
        openLargeObject(oid, mode = Pg.LargeObjectMode.READ, cancellable = null) {
            return this.open_large_object(oid, mode, cancellable);
        },
        unlinkLargeObject(oid, cancellable = null) {
            return this.unlink_large_object(oid, cancellable);
        },
    });
    promisify(Pg.AsyncConnection.prototype, ['create_large_object', 'open_large_object', 'unlink_large_object']);
    define(Pg.AsyncConnection.prototype, {
        async createLargeObject(oid = 0, cancellable = null) {
            return await this.create_large_object_async(oid, cancellable);
        },
        async openLargeObject(oid, mode = Pg.LargeObjectMode.READ, cancellable = null) {
            return await this.open_large_object_async(oid, mode, cancellable);
        },
        async unlinkLargeObject(oid, cancellable = null) {
            return await this.unlink_large_object_async(oid, cancellable);
        },
    });
}
