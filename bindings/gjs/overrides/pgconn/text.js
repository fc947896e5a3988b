// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Text and instants: what parameters and values share.

const {GLib} = imports.gi;
const {typeName} = imports.overrides.pgconn.arguments;

let Pg;

function init(namespace) {
    Pg = namespace;
}

function pgError(code, message) {
    return new GLib.Error(Pg.error_quark(), code, message);
}

function closedError() {
    return pgError(Pg.Error.INTERFACE, 'the cursor is closed');
}

// Introspection would end a string at U+0000, and put U+FFFD in the place of half a surrogate pair: what is sent would not be what was meant.
function checkText(text, what) {
    if (typeof text !== 'string')
        throw new TypeError(`${what} must be a string, not ${typeName(text)}`);
    if (text.includes('\0'))
        throw pgError(Pg.Error.DATA, `${what} contains U+0000, which PostgreSQL cannot store as text`);
    if (/\p{Surrogate}/u.test(text))
        throw pgError(Pg.Error.DATA, `${what} contains half of a surrogate pair, which is not a character`);
    return text;
}

const pad = (number, digits) => String(number).padStart(digits, '0');

// A Date counts milliseconds, PostgreSQL microseconds: the rest is kept beside.
var PreciseDate = class PreciseDate extends Date {
    #milliseconds;
    #microseconds;

    constructor(milliseconds, microseconds = 0) {
        super(milliseconds);
        if (!Number.isInteger(microseconds) || microseconds < 0 || microseconds > 999)
            throw new RangeError('microseconds must be an integer from 0 to 999');
        this.#milliseconds = this.getTime();
        this.#microseconds = microseconds;
    }

    // Those beyond the millisecond, 0 to 999; 0 after the date was changed by one of its setters.
    get microseconds() {
        return this.getTime() === this.#milliseconds ? this.#microseconds : 0;
    }

    toISOString() {
        return this.microseconds === 0
            ? super.toISOString()
            : super.toISOString().replace('Z', `${pad(this.microseconds, 3)}Z`);
    }
};

const INSTANT = /^(\d{4,6})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?( BC)?$/;

function instantFromText(text) {
    if (text === 'infinity' || text === '-infinity')
        return Pg.Timestamp.new_infinity(text.startsWith('-'), true);

    const match = INSTANT.exec(text);
    if (match === null)
        return Pg.Timestamp.parse(text);

    const [, year, month, day, hour, minute, second, fraction = '', sign, offHours, offMinutes = 0, offSeconds = 0, bc] = match;
    const micro = Number(fraction.padEnd(6, '0'));
    const offset = (sign === '-' ? -1 : 1) * (offHours * 3600 + offMinutes * 60 + Number(offSeconds));
    const date = new Date(0);
    date.setUTCFullYear(bc ? 1 - year : Number(year), month - 1, Number(day));
    date.setUTCHours(Number(hour), Number(minute), second - offset, Math.floor(micro / 1000));

    // Beyond the year 275760 a Date ends.
    if (Number.isNaN(date.getTime()))
        return Pg.Timestamp.parse(text);
    return micro % 1000 === 0 ? date : new PreciseDate(date.getTime(), micro % 1000);
}

function instantToText(date, what) {
    if (Number.isNaN(date.getTime()))
        throw pgError(Pg.Error.DATA, `${what} is an invalid Date`);

    const year = date.getUTCFullYear();
    const day = `${pad(year > 0 ? year : 1 - year, 4)}-${pad(date.getUTCMonth() + 1, 2)}-${pad(date.getUTCDate(), 2)}`;
    const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(n => pad(n, 2)).join(':');
    const micro = date instanceof PreciseDate ? date.microseconds : 0;
    return `${day} ${time}.${pad(date.getUTCMilliseconds(), 3)}${pad(micro, 3)}+00${year > 0 ? '' : ' BC'}`;
}
