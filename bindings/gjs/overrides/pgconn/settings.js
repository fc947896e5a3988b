// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The settings of a connection: what each takes of JavaScript. Introspection would make a number of anything, and so another setting.

const {UINT_MAX, INT_MAX, checkBoolean, checkInteger, refuse, typeName} = imports.overrides.pgconn.arguments;

let Pg;
let settings;

function checkTristate(name, value) {
    const takes = 'true, false, null or a Pg.Tristate';
    if (value === null || value === undefined)
        return Pg.Tristate.DEFAULT;
    if (typeof value === 'boolean')
        return value ? Pg.Tristate.ON : Pg.Tristate.OFF;
    if (typeof value !== 'number')
        refuse(TypeError, name, takes, value);
    if (![Pg.Tristate.DEFAULT, Pg.Tristate.OFF, Pg.Tristate.ON].includes(value))
        refuse(RangeError, name, takes, value);
    return value;
}

function checkIsolationLevel(name, value) {
    const names = ['default', 'read uncommitted', 'read committed', 'repeatable read', 'serializable'];
    const levels = new Map(names.map(level => [level, Pg.IsolationLevel[level.toUpperCase().replace(' ', '_')]]));
    const takes = `a Pg.IsolationLevel or one of '${names.join("', '")}'`;
    if (typeof value !== 'number' && typeof value !== 'string')
        refuse(TypeError, name, takes, value);
    const level = typeof value === 'string' ? levels.get(value.toLowerCase().replace(/[-_]/g, ' ')) : value;
    if (![...levels.values()].includes(level))
        refuse(RangeError, name, takes, value);
    return level;
}

const integerCheck = (min, max, unit) => (name, value) => checkInteger(name, value, min, max, unit);

var checkMilliseconds = integerCheck(0, UINT_MAX, ' (milliseconds)');

function init(namespace) {
    Pg = namespace;
    const checkCount = integerCheck(-1, INT_MAX);
    settings = new Map([
        ['autocommit', checkBoolean],
        ['isolationLevel', checkIsolationLevel],
        ['readOnly', checkTristate],
        ['deferrable', checkTristate],
        ['prepareThreshold', checkCount],
        ['preparedMax', checkCount],
        ['timeout', checkMilliseconds],
        ['cancelTimeout', integerCheck(1, UINT_MAX, ' (milliseconds)')],
        ['fetchTypes', checkBoolean],
    ]);
}

// 'readOnly' in the form of introspection, and of GObject.
function snakeCase(name) {
    return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}

function kebabCase(name) {
    return snakeCase(name).replaceAll('_', '-');
}

// The value for the library of one for a setting, whose name is in camel case.
function check(name, value) {
    return settings.get(name)(name, value);
}

// What the constructor of a connection is given: GObject's properties.
function checkProperties(properties, own = []) {
    const known = new Map([...settings, ...own]);
    return Object.fromEntries(Object.entries(properties).map(([property, value]) => {
        const name = [...known.keys()].find(key => [key, snakeCase(key), kebabCase(key)].includes(property));
        return [property, name === undefined ? value : known.get(name)(name, value)];
    }));
}

// The options of open(), under the names of introspection.
// own: further ones, with their checks
function checkOptions(options, own = []) {
    const known = new Map([...settings, ...own]);
    if (options === null || options === undefined)
        return {};
    if (typeof options !== 'object' || Array.isArray(options))
        throw new TypeError(`the options of open() must be an object, not ${typeName(options)}`);
    const properties = {};
    for (const [option, value] of Object.entries(options)) {
        const name = [...known.keys()].find(key => [key, snakeCase(key), kebabCase(key)].includes(option));
        if (name === undefined)
            throw new TypeError(`there is no option '${option}': the options of open() are ${[...known.keys()].join(', ')}`);
        if (snakeCase(name) in properties)
            throw new TypeError(`the option ${name} is given twice`);
        properties[snakeCase(name)] = known.get(name)(name, value);
    }
    return properties;
}
