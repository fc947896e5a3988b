// SPDX-License-Identifier: LGPL-2.1-or-later
//
// bindings/gjs/Pg.d.ts names what the override makes: each class with each member, each function, and the options that it knows.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Pg from 'gi://Pg?version=1.0';
import {equal, ok, run, skip, test, throws} from './tap.js';

const FOLDER = Gio.File.new_for_uri(import.meta.url).get_parent();
const stub = new TextDecoder().decode(FOLDER.resolve_relative_path('../../bindings/gjs/Pg.d.ts').load_contents(null)[1]);

// The names in a block of the stub, which ends at a brace on a line of its own.
function namesIn(pattern) {
    const block = new RegExp(`^    ${pattern}[^;]*?\\{\\n(.*?)^    \\}$`, 'ms').exec(stub);
    return block === null ? null : Array.from(block[1].matchAll(/^ {6}(?:static )?(?:readonly )?(\w+|\[Symbol\.\w+\])\??[(:<]/gm), match => match[1]);
}

// Those of a class, and of what it is derived from.
function knownOf(name) {
    const parent = new RegExp(`^    class ${name}\\b[^{]* extends (\\w+) `, 'm').exec(stub)?.[1];
    return [...namesIn(`class ${name}\\b`) ?? [], ...parent === undefined ? [] : knownOf(parent)];
}

// The names of all members by the name of the class, inherited ones too. A GJS without the override calls it as well.
function membersOf(namespace) {
    const names = object => {
        if (object === null || [Object, Function, Date].some(type => object === type.prototype || object === type))
            return [];
        return [...Reflect.ownKeys(object).map(key => typeof key === 'symbol' ? `[${key.description}]` : key), ...names(Object.getPrototypeOf(object))];
    };
    const classes = Object.keys(namespace).filter(name => typeof namespace[name] === 'function' && namespace[name].prototype);
    return Object.fromEntries(classes.map(name => [name, [...names(namespace[name].prototype), ...names(namespace[name])]]));
}

const PLAIN = `
import Pg from 'gi://Pg?version=1.0';
${membersOf}
print(JSON.stringify({classes: membersOf(Pg), names: Object.keys(Pg)}));
`;

// Names that are for the override itself, or the other forms of a property's.
const isPublic = name => !/^_|_|-|^(constructor|prototype|name|length|\$gtype)$/.test(name);

test('all names', async t => {
    const [file] = Gio.File.new_tmp('pg-names-XXXXXX.js');
    file.replace_contents(PLAIN, null, false, Gio.FileCreateFlags.NONE, null);
    let plain;
    try {
        const [output, successful] = await t.script(file.get_path(), [], {GJS_PATH: '/nonexistent'});
        ok(successful, output);
        plain = JSON.parse(output);
    } finally {
        file.delete(null);
    }
    if (plain.classes.Cursor.includes('fetchone'))
        skip('an override is installed where GJS always finds it');

    // Also what introspection has under the same name.
    const replaced = {Connection: ['execute', 'cursor', 'commit', 'pipeline', 'prepare'], Cursor: ['execute', 'stream', 'scroll', 'wait'], AsyncConnection: ['cursor', 'pipeline'], Pipeline: ['begin', 'sync', 'end'],
        ClientCursor: ['mogrify'], AsyncClientCursor: ['mogrify'], ServerCursor: ['execute', 'scroll', 'close'], CopyOutputStream: ['abort', 'close']};
    for (const [name, members] of Object.entries(membersOf(Pg))) {
        const own = members.filter(member => isPublic(member) && !plain.classes[name]?.includes(member)).concat(replaced[name] ?? []);
        if (own.length === 0 || /^[a-z]/.test(name))
            continue;
        const known = knownOf(name);
        // The asynchronous cursor of the server's has taken one away.
        const missing = own.filter(member => !known.includes(member) && !(member === '[Symbol.iterator]' && name === 'AsyncServerCursor'));
        equal(missing, [], name);
    }
    const functions = Object.keys(Pg).filter(name => !plain.names.includes(name));
    equal(functions.filter(name => !new RegExp(`\\b(function|const|class) ${name}\\b`).test(stub)), []);
});

test('all options', t => {
    const connection = t.openBlocking();
    const optionsOf = call => /options of \S+ are (.*)$/.exec(throws(call, TypeError, /'nonsense'/).message)[1].split(', ').sort();
    const settings = namesIn('interface Settings\\b');
    const nonsense = {nonsense: 1};
    const client = () => Pg.Connection.open('', nonsense);
    equal([...settings, ...namesIn('interface OpenOptions\\b')].sort(), optionsOf(client));
    equal(namesIn('interface ServerCursorOptions\\b').sort(), optionsOf(() => connection.serverCursor('c', nonsense)));
    equal(namesIn('interface StreamOptions\\b').sort(), optionsOf(() => connection.stream('select 1', null, nonsense)));
    equal(namesIn('interface ExecuteManyOptions\\b').sort(), optionsOf(() => connection.cursor().executeMany('select 1', [], nonsense)));
    ok(namesIn('interface AsyncOpenOptions\\b').includes('pipelining'));
});

// Enumerations, which introspection makes.
test('all constants', () => {
    const enums = Array.from(stub.matchAll(/^ {4}enum (\w+) \{ (.*) \}$/gm));
    ok(enums.length >= 8);
    for (const [, name, members] of enums)
        equal(members.split(', ').sort(), Object.keys(Pg[name]).filter(member => /^[A-Z_]+$/.test(member)).sort(), name);
    for (const name of stub.matchAll(/^ {4}class (\w+)/gm))
        ok(name[1] in Pg, `there is no Pg.${name[1]}`);
    ok(GLib.Error.prototype.isPrototypeOf(Pg.Error.prototype));
});

await run();
