// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Rows by whole columns: a call of the library for a thousand values, where one for each costs more than the value.

const {unseen} = imports.overrides.pgconn.collector;
const Loaders = imports.overrides.pgconn.loaders;
const Text = imports.overrides.pgconn.text;
const Values = imports.overrides.pgconn.values;

// So many rows are read at a time: what the columns of a part of the result share is then still in the processor's cache.
const CHUNK = 1024;

// SpiderMonkey makes no machine code of functions in a scope that is not the global one, as this module's is: they are interpreted, ten times slower.
// What is called for each value is therefore made again in the global scope, and sees nothing of what is here.
function compile(loop) {
    return new Function(`return ${loop}`)();
}

const loadBooleans = compile(numbers => {
    for (let i = 0; i < numbers.length; i++)
        numbers[i] = numbers[i] === 1;
    return numbers;
});

const loadIntegers = compile(numbers => {
    for (let i = 0; i < numbers.length; i++) {
        if (!Number.isSafeInteger(numbers[i]))
            numbers[i] = BigInt(numbers[i]);
    }
    return numbers;
});

// Of microseconds.
const loadInstants = compile((numbers, PreciseDate) => {
    for (let i = 0; i < numbers.length; i++) {
        let micro = numbers[i] % 1000;
        if (micro < 0)
            micro += 1000;
        // Beyond 2⁵³ the difference may be rounded.
        const milliseconds = Number.isSafeInteger(numbers[i]) ? (numbers[i] - micro) / 1000 : Number((BigInt(numbers[i]) - BigInt(micro)) / 1000n);
        if (milliseconds > 8.64e15)
            throw new RangeError('a Date ends in the year 275760');
        numbers[i] = micro === 0 ? new Date(milliseconds) : new PreciseDate(milliseconds, micro);
    }
    return numbers;
});

const putNulls = compile((values, positions) => {
    for (let i = 0; i < positions.length; i++)
        values[positions[i]] = null;
    return values;
});

const slice = compile((bytes, offsets, bits) => {
    const values = [];
    for (let i = 0; i + 1 < offsets.length; i++)
        values.push(bits !== null && (bits[i >> 3] & 1 << (i & 7)) === 0 ? null : bytes.slice(offsets[i], offsets[i + 1]));
    return values;
});

const addArrays = compile((rows, columns, n) => {
    for (let i = 0; i < n; i++) {
        const row = [];
        for (let j = 0; j < columns.length; j++)
            row.push(columns[j][i]);
        rows.push(row);
    }
});

// One row; null where a value of it was given away before.
const takeRow = compile((columns, i) => {
    const row = [];
    for (let j = 0; j < columns.length; j++) {
        const value = columns[j][i];
        if (value === undefined)
            return null;
        if (typeof value === 'object' && value !== null)
            columns[j][i] = undefined;
        row.push(value);
    }
    return row;
});

const addObjects = compile((rows, columns, n, names) => {
    for (let i = 0; i < n; i++) {
        const row = {};
        for (let j = 0; j < columns.length; j++)
            row[names[j]] = columns[j][i];
        rows.push(row);
    }
});

let Pg;
let numberLoaders;

function init(namespace) {
    Pg = namespace;
    // Of what dup_column_numbers() gives, which they change: the values.
    numberLoaders = new Map(Object.entries({
        BOOL: loadBooleans,
        INT2: numbers => numbers,
        INT4: numbers => numbers,
        INT8: loadIntegers,
        OID: numbers => numbers,
        XID: numbers => numbers,
        CID: numbers => numbers,
        FLOAT4: numbers => numbers,
        FLOAT8: numbers => numbers,
        TIMESTAMPTZ: numbers => loadInstants(numbers, Text.PreciseDate),
    }).map(([name, load]) => [Pg[`OID_${name}`], load]));
}

// Of a GLib.Bytes, whose own methods are not called: GJS 1.74 never frees one of which a method was.
function bytesOf(data) {
    const bytes = data.toArray();
    unseen.objects += 2;
    unseen.bytes += bytes.byteLength;
    return bytes;
}

function bytesColumn(result, position, first, n) {
    const [data, offsets, validity] = result.dup_column_bytes(position, first, n);
    const ends = bytesOf(offsets);
    return slice(bytesOf(data), new Int32Array(ends.buffer, ends.byteOffset, ends.byteLength / 4), validity === null ? null : bytesOf(validity));
}

function textsOf(result, position, first, n) {
    const texts = result.dup_column_texts(position, first, n);
    // As if all were as long as the one in the middle.
    unseen.bytes += n * (8 + (texts[n >> 1]?.length ?? 0));
    return texts;
}

function numbersOf(result, position, first, n, load) {
    const [numbers, nulls] = result.dup_column_numbers(position, first, n);
    unseen.bytes += n * 8;
    return nulls === null || nulls.length === 0 ? load(numbers) : putNulls(load(numbers), nulls);
}

function loadedTexts(result, position, first, n, load) {
    return textsOf(result, position, first, n).map(text => (text === null ? null : load(text)));
}

// Most of these values are objects of the library's.
function readCells(n, read) {
    unseen.objects += n;
    return Array.from({length: n}, (_, i) => read(i));
}

// A reader of a column that is satisfied with a Pg.ChunkReader in the place of the result.
const wholeReader = read => Object.assign(read, {isWhole: true});

// A function of a result, the position of a row and a number of rows, for the values of the column at a position. shape is the result, which knows
// types of the database.
function columnReader(column, position, shape) {
    const oid = column.get_type_oid();
    const loadCell = Loaders.cellLoader(column, shape);
    if (loadCell !== undefined && loadCell !== Loaders.readBytes)
        return (result, first, n) => readCells(n, i => loadCell(result, first + i, position));
    const loadNumbers = numberLoaders.get(oid);
    const load = Loaders.textLoader(oid, shape);
    if (loadNumbers !== undefined) {
        return wholeReader((result, first, n) => {
            try {
                return numbersOf(result, position, first, n, loadNumbers);
            } catch (error) {
                // Numbers beyond 2⁵³.
                if (oid !== Pg.OID_INT8)
                    throw error;
                return loadedTexts(result, position, first, n, load);
            }
        });
    }
    if (loadCell === Loaders.readBytes)
        return (result, first, n) => bytesColumn(result, position, first, n);
    const getter = Loaders.getterName(oid);
    if (getter !== undefined)
        return (result, first, n) => readCells(n, i => result[getter](first + i, position));
    if (load === undefined)
        return wholeReader((result, first, n) => textsOf(result, position, first, n));
    return wholeReader((result, first, n) => loadedTexts(result, position, first, n, load));
}

// One by one where that is not possible, as some values are not of the usual kind, or for the error that names the value.
function safeReader(position, shape) {
    const read = columnReader(shape.get_column(position), position, shape);
    const safe = (result, first, n) => {
        try {
            return read(result, first, n);
        } catch {
            const chunk = result instanceof Pg.ChunkReader ? result.get_chunk() : result;
            const readCell = Values.shapeOf(chunk).readers[position];
            return readCells(n, i => readCell(chunk.get_item(first + i), position));
        }
    };
    return Object.assign(safe, {isWhole: read.isWhole === true});
}

function readersOf(result) {
    return Array.from({length: result.get_n_columns()}, (_, i) => safeReader(i, result));
}

// Calls add() for each part of the result, with its columns and the number of its rows.
function forEachPart(result, readers, add) {
    const nRows = result.get_n_rows();
    for (let first = 0; first < nRows; first += CHUNK) {
        const n = Math.min(CHUNK, nRows - first);
        add(readers.map(read => read(result, first, n)), n);
    }
}

// Rows that are read one after the other: the part of the result that they are in, by columns, each of which is read when it is first wanted. A value
// that is an object is given once: it is whoever's has asked for it.
const aheads = new WeakMap();

const makeAhead = compile((readersOf, takeRow, CHUNK) => {
    return class Ahead {
        constructor(result) {
            this._nRows = result.get_n_rows();
            this._readers = readersOf(result);
            this._next = -1;
            this._start(0, 0, 4);
        }

        _start(first, n, size) {
            this._first = first;
            this._n = n;
            this._size = size;
            this._columns = this._readers.map(() => null);
        }

        // Whether the row at a position is in the part, which it may begin with.
        _covers(position) {
            if (position >= this._first && position < this._first + this._n)
                return true;
            const isNext = position === this._next;
            this._next = position + 1;
            // The one row of most results is read by itself.
            if (!isNext)
                return false;
            this._start(position, Math.min(this._size, this._nRows - position), Math.min(this._size * 4, CHUNK));
            this._next = position + this._n;
            return true;
        }

        _column(result, index) {
            return this._columns[index] ??= this._readers[index](result, this._first, this._n);
        }

        // undefined where the value has to be read by itself, also for the error of another row's.
        value(result, position, index) {
            if (!this._covers(position))
                return undefined;
            try {
                const column = this._column(result, index);
                const value = column[position - this._first];
                if (typeof value === 'object' && value !== null)
                    column[position - this._first] = undefined;
                return value;
            } catch {
                this._start(0, 0, 4);
                return undefined;
            }
        }

        row(result, position) {
            if (!this._covers(position))
                return null;
            try {
                for (let i = 0; i < this._columns.length; i++)
                    this._column(result, i);
                return takeRow(this._columns, position - this._first);
            } catch {
                this._start(0, 0, 4);
                return null;
            }
        }
    };
});

let Ahead;

function aheadOf(result) {
    let ahead = aheads.get(result);
    if (ahead === undefined) {
        Ahead ??= makeAhead(readersOf, takeRow, CHUNK);
        aheads.set(result, ahead = new Ahead(result));
    }
    return ahead;
}

// All values of a Pg.Row of a result.
function valuesOf(result, row) {
    return aheadOf(result).row(result, row.get_position()) ?? Values.shapeOf(result).readers.map((read, index) => read(row, index));
}

// Its value in a column that there is.
function valueOf(result, row, index) {
    const value = aheadOf(result).value(result, row.get_position(), index);
    return value === undefined ? Values.shapeOf(result).readers[index](row, index) : value;
}

// The arrays of the rows from one to before another, more and more of them at a time. Where a value cannot be had, the rows before it come first.
function* arraysOf(result, start = 0, stop = result.get_n_rows()) {
    const readers = readersOf(result);
    for (let first = start, size = 4; first < stop; first += size, size = Math.min(size * 4, CHUNK)) {
        const n = Math.min(size, stop - first);
        const rows = [];
        try {
            addArrays(rows, readers.map(read => read(result, first, n)), n);
        } catch {
            for (let i = 0; i < n; i++) {
                const row = result.get_item(first + i);
                yield Values.shapeOf(result).readers.map((read, index) => read(row, index));
            }
        }
        yield* rows;
    }
}

// A function that gives the rows of the result, or of another that has its columns, as the chunks of a stream have. isWhole: it takes the reader of the
// chunks too.
function newReader(result, add) {
    const readers = readersOf(result);
    const read = same => {
        const rows = [];
        forEachPart(same, readers, (columns, n) => add(rows, columns, n));
        return rows;
    };
    return Object.assign(read, {isWhole: readers.every(({isWhole}) => isWhole)});
}

function arrayReader(result) {
    return newReader(result, addArrays);
}

function objectReader(result) {
    const {names} = Values.shapeOf(result);
    // An assignment to this one would do something else.
    const add = !names.includes('__proto__') ? addObjects : (rows, columns, n) => {
        rows.push(...Array.from({length: n}, (_, i) => Object.fromEntries(columns.map((column, j) => [names[j], column[i]]))));
    };
    return newReader(result, (rows, columns, n) => add(rows, columns, n, names));
}

function toArrays(result) {
    return arrayReader(result)(result);
}

function toObjects(result) {
    return objectReader(result)(result);
}
