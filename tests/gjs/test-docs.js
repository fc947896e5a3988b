// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The examples of docs/javascript.md, in their order, are one program; it runs, and prints what they say.

import Gio from 'gi://Gio';
import {equal, ok, run, test} from './tap.js';

function examples() {
    const page = Gio.File.new_for_uri(import.meta.url).get_parent().resolve_relative_path('../../docs/javascript.md');
    const text = new TextDecoder().decode(page.load_contents(null)[1]);
    return Array.from(text.matchAll(/^```js\n(.*?)^```$/gms), match => match[1]);
}

test('the examples of the page run', async t => {
    const blocks = examples();
    ok(blocks.length >= 7, `only ${blocks.length} examples found`);

    // Where "dbname=shop" leads to.
    const maker = t.openBlocking({autocommit: true});
    maker.execute('create database shop');
    const [host, port, user] = ['host', 'port', 'user'].map(name => new RegExp(`\\b${name}='?([^' ]*)`).exec(maker.dup_conninfo())?.[1] ?? '');
    maker.close();

    const [file] = Gio.File.new_tmp('pg-docs-XXXXXX.js');
    try {
        file.replace_contents(blocks.join('\n'), null, false, Gio.FileCreateFlags.NONE, null);
        const [output, successful] = await t.script(file.get_path(), [], {PGHOST: host, PGPORT: port, PGUSER: user, G_DEBUG: 'fatal-warnings'});
        ok(successful, output);
        equal(output.trim().split('\n'), [
            '1',
            'table',
            'chair: 49.90', 'table: 120',
            '1: chair', '2: table',
            '2 [{"id":1,"name":"chair","price":"49.90","tags":["wood","new"]},{"id":2,"name":"table","price":"120","tags":null}]',
            '23505 item_name_key',
            'wake up',
            'chair',
        ]);
    } finally {
        file.delete(null);
    }
});

await run();
