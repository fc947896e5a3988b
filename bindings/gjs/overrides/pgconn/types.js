// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The library's value types as JavaScript's: made of values of JavaScript, shown, written as JSON and taken apart.
//
// None of them is a number or a string, and none becomes one by accident: ${value} and String(value) are its text, + and < are a TypeError, as those
// of Temporal are.

const {GLib} = imports.gi;
const {checkOid, refuse} = imports.overrides.pgconn.arguments;
const Loaders = imports.overrides.pgconn.loaders;
const Text = imports.overrides.pgconn.text;

let Pg;

function cannotMake(name, value) {
    const what = value === null ? 'null' : typeof value === 'object' ? value.constructor?.name ?? 'object' : typeof value;
    return new TypeError(`a ${name} cannot be made of a value of type ${what}`);
}

function commonMembers(name) {
    return {
        toString() {
            return this.to_string() ?? '';
        },
        toJSON() {
            return this.toString();
        },
        [Symbol.toPrimitive](hint) {
            if (hint === 'string')
                return this.toString();
            throw new TypeError(`a ${name} is neither a number nor a string: use compare(), equal() or toString()`);
        },
    };
}

// --- numbers ---

const numeric = {
    // The nearest number.
    toNumber() {
        return Number(this.to_string());
    },
    toBigInt() {
        const match = /^(-?\d+)(?:\.0*)?$/.exec(this.to_string());
        if (match === null)
            throw new RangeError(`${this} is not an integer`);
        return BigInt(match[1]);
    },
};

// The digits that JavaScript shows for a number, which are fewer than those of its double.
function numericFrom(value) {
    if (value instanceof Pg.Numeric)
        return value;
    if (!['number', 'bigint', 'string'].includes(typeof value))
        throw cannotMake('Pg.Numeric', value);
    return Pg.Numeric.parse(String(value));
}

// --- dates and times ---

function part(index) {
    return {
        get() {
            const [ok, ...parts] = this.get_ymd();
            return ok ? parts[index] : null;
        },
    };
}

const date = Object.defineProperties({}, {year: part(0), month: part(1), day: part(2)});

// A misspelt part would be left out.
function checkKeys(name, value, ...keys) {
    for (const key of Object.keys(value)) {
        if (!keys.includes(key))
            throw new TypeError(`${name} has no part '${key}': there are ${keys.join(', ')}`);
    }
}

function dateFrom(value) {
    if (value instanceof Pg.Date)
        return value;
    if (typeof value === 'string')
        return Pg.Date.parse(Text.checkText(value, 'the date'));
    if (value === null || typeof value !== 'object' || ![value.year, value.month, value.day].every(Number.isInteger))
        throw cannotMake('Pg.Date', value);
    checkKeys('Pg.Date', value, 'year', 'month', 'day');
    return Pg.Date.new_from_ymd(value.year, value.month, value.day);
}

const time = {
    get hour() {
        return this.get_hms()[0];
    },
    get minute() {
        return this.get_hms()[1];
    },
    get second() {
        return this.get_hms()[2];
    },
    get microsecond() {
        return this.get_hms()[3];
    },
    // In seconds, to the east of UTC; null for a time without one.
    get offset() {
        return this.has_offset() ? this.get_offset() : null;
    },
};

const timestamp = {
    // A Date, or Pg.PreciseDate where there are microseconds.
    toDate() {
        if (!this.has_time_zone())
            throw new RangeError(`${this} has no time zone: it names no moment`);
        const value = Text.instantFromText(this.to_string());
        if (!(value instanceof Date))
            throw new RangeError(`a Date cannot be ${this}`);
        return value;
    },
};

function timestampFrom(value) {
    if (value instanceof Pg.Timestamp)
        return value;
    if (value instanceof Date)
        return Pg.Timestamp.parse(Text.instantToText(value, 'the date'));
    if (value instanceof GLib.DateTime)
        return Pg.Timestamp.new_from_datetime(value);
    if (typeof value !== 'string')
        throw cannotMake('Pg.Timestamp', value);
    return Pg.Timestamp.parse(Text.checkText(value, 'the timestamp'));
}

const interval = {
    get months() {
        return this.get_months();
    },
    get days() {
        return this.get_days();
    },
    // A number, or a BigInt beyond 2⁵³ − 1.
    get microseconds() {
        return Loaders.integerFromText(microsecondsText(this));
    },
};

// Introspection rounds a 64-bit integer.
function microsecondsText(value) {
    const match = /(-?)\+?(\d+):(\d\d):(\d\d)(?:\.(\d+))?$/.exec(value.to_string());
    if (match === null)
        return '0';
    const [, sign, hours, minutes, seconds, fraction = ''] = match;
    return `${sign}${((BigInt(hours) * 60n + BigInt(minutes)) * 60n + BigInt(seconds)) * 1000000n + BigInt(fraction.padEnd(6, '0'))}`;
}

function intervalFrom(value) {
    if (value instanceof Pg.Interval)
        return value;
    if (typeof value === 'string')
        return Pg.Interval.parse(Text.checkText(value, 'the interval'));
    const {months = 0, days = 0, microseconds = 0} = value ?? {};
    if (value === null || typeof value !== 'object' || Array.isArray(value) || ![months, days].every(Number.isInteger) ||
        !(Number.isSafeInteger(microseconds) || typeof microseconds === 'bigint'))
        throw cannotMake('Pg.Interval', value);
    checkKeys('Pg.Interval', value, 'months', 'days', 'microseconds');
    const micro = BigInt(microseconds);
    const seconds = (micro < 0n ? -micro : micro) / 1000000n;
    const fraction = String((micro < 0n ? -micro : micro) % 1000000n).padStart(6, '0');
    // As text, which has room for any number of microseconds.
    return Pg.Interval.parse(`P${months}M${days}DT${micro < 0n ? '-' : ''}${seconds}.${fraction}S`);
}

// --- networks, bits and points ---

const inet = {
    get address() {
        return this.dup_address().to_string();
    },
    get prefixLength() {
        return this.get_prefix_length();
    },
    get isCidr() {
        return this.is_cidr();
    },
};

const bitString = {
    get length() {
        return this.get_length();
    },
    *[Symbol.iterator]() {
        for (const bit of this.to_string())
            yield bit === '1';
    },
};

const point = {
    get x() {
        return this.get_x();
    },
    get y() {
        return this.get_y();
    },
    *[Symbol.iterator]() {
        yield this.get_x();
        yield this.get_y();
    },
};

// --- ranges ---

// The order of two values of a type, one of which is a bound.
function compareValues(a, b) {
    if (a instanceof Date || b instanceof Date) {
        a = timestampFrom(a);
        b = timestampFrom(b);
    } else if (a instanceof Pg.Numeric || b instanceof Pg.Numeric) {
        a = numericFrom(a);
        b = numericFrom(b);
    }
    if (typeof a?.compare === 'function') {
        if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b))
            throw new TypeError(`${a} and ${b} are of different types`);
        return a.compare(b);
    }
    return a < b ? -1 : Number(a > b);
}

function boundFrom(range, text, getValue) {
    if (text === null)
        return null;
    return range.has_loader() ? Loaders.fromValue(range[getValue](), null) : Loaders.loadText(range.get_element_type(), text);
}

const range = {
    // null where there is no bound.
    get lower() {
        return boundFrom(this, this.get_lower(), 'get_lower_value');
    },
    get upper() {
        return boundFrom(this, this.get_upper(), 'get_upper_value');
    },
    get bounds() {
        return `${this.is_lower_inclusive() ? '[' : '('}${this.is_upper_inclusive() ? ']' : ')'}`;
    },
    get isEmpty() {
        return this.is_empty();
    },
    contains(value) {
        if (this.is_empty())
            return false;
        const {lower, upper} = this;
        const above = lower === null ? 1 : compareValues(value, lower);
        const below = upper === null ? 1 : compareValues(upper, value);
        return (above > 0 || above === 0 && this.is_lower_inclusive()) && (below > 0 || below === 0 && this.is_upper_inclusive());
    },
};

function boundOf(value) {
    switch (typeof value) {
    case 'number':
        return Number.isInteger(value) ? boundOf(BigInt(value)) : ['numeric', String(value)];
    case 'bigint':
        return [value >= -(2n ** 31n) && value < 2n ** 31n ? 'int4' : value >= -(2n ** 63n) && value < 2n ** 63n ? 'int8' : 'numeric', String(value)];
    case 'string':
        return [null, Text.checkText(value, 'the bound')];
    default:
        if (value instanceof Pg.Numeric)
            return ['numeric', value.to_string()];
        if (value instanceof Pg.Date)
            return ['date', value.to_string()];
        if (value instanceof Date || value instanceof GLib.DateTime || value instanceof Pg.Timestamp) {
            const made = timestampFrom(value);
            return [made.has_time_zone() ? 'timestamptz' : 'timestamp', made.to_string()];
        }
        throw cannotMake('bound', value);
    }
}

// null is no bound on that side. The type of the bounds is theirs, or oid.
function rangeFrom(lower, upper, bounds = '[)', oid = null) {
    const made = [lower, upper].map(value => (value === null || value === undefined ? [null, null] : boundOf(value)));
    if (oid === null) {
        const types = made.map(([type]) => type).filter(type => type !== null);
        const numbers = ['int4', 'int8', 'numeric'];
        const type = types.every(one => numbers.includes(one))
            ? numbers[Math.max(...types.map(one => numbers.indexOf(one)))]
            : types.every(one => one === types[0]) ? types[0] : null;
        if (type === null)
            throw new TypeError(`the bounds of a range are of different types: ${types.join(' and ')}`);
        oid = type === undefined ? 0 : Pg[`OID_${type.toUpperCase()}`];
    } else {
        checkOid('the type of the bounds', oid, 0);
    }
    return Pg.Range.new(oid, made[0][1], made[1][1], bounds);
}

const multirange = {
    get length() {
        return this.get_n_ranges();
    },
    at(index) {
        const length = this.get_n_ranges();
        const position = index < 0 ? index + length : index;
        return position >= 0 && position < length ? this.get_range(position) : undefined;
    },
    contains(value) {
        return Array.from(this).some(one => one.contains(value));
    },
    *[Symbol.iterator]() {
        for (let i = 0; i < this.get_n_ranges(); i++)
            yield this.get_range(i);
    },
};

// --- records ---

const record = {
    get length() {
        return this.get_n_fields();
    },
    toArray() {
        return Loaders.arrayFromRecord(this);
    },
    toJSON() {
        return this.toArray();
    },
    *[Symbol.iterator]() {
        yield* this.toArray();
    },
};

// --- arrays ---

const array = {
    get length() {
        return this.get_length(0);
    },
    // The subscript of the first element in each dimension, as PostgreSQL counts.
    get lowerBounds() {
        return Array.from({length: this.get_n_dimensions()}, (_, i) => this.get_lower_bound(i));
    },
    toArray() {
        return Loaders.elementsOf(this);
    },
    at(index) {
        return this.toArray().at(index);
    },
    *[Symbol.iterator]() {
        yield* this.toArray();
    },
};

// What they are compared with is of the same type.
function checkOther(define, type, method, title) {
    const original = type.prototype[method];
    if (typeof original !== 'function')
        return;
    define(type.prototype, {
        [method](other) {
            return original.call(this, other instanceof type ? other : refuse(TypeError, `${method}() of a ${title}`, `another ${title}`, other));
        },
    });
}

// define() adds members to a class or an object.
function init(namespace, define) {
    Pg = namespace;
    const members = {
        Numeric: numeric, Date: date, Time: time, Timestamp: timestamp, Interval: interval, Inet: inet, BitString: bitString, Point: point, Range: range,
        Multirange: multirange, Record: record, Array: array,
    };
    for (const [name, own] of Object.entries(members)) {
        define(Pg[name].prototype, commonMembers(`Pg.${name}`));
        define(Pg[name].prototype, own);
        for (const method of ['compare', 'equal'])
            checkOther(define, Pg[name], method, `Pg.${name}`);
    }
    define(Pg.Numeric, {from: numericFrom});
    define(Pg.Date, {from: dateFrom});
    define(Pg.Timestamp, {from: timestampFrom});
    define(Pg.Interval, {from: intervalFrom});
    define(Pg.Range, {from: rangeFrom});
}
