// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The examples of a guide, in their order, are one program; it runs, and prints what they say.

import Gio from 'gi://Gio';
import {equal, ok, run, test} from './tap.js';

function examples(name) {
    const page = Gio.File.new_for_uri(import.meta.url).get_parent().resolve_relative_path(`../../docs/${name}`);
    const text = new TextDecoder().decode(page.load_contents(null)[1]);
    return Array.from(text.matchAll(/^```js\n(.*?)^```$/gms), match => match[1]);
}

const PAGES = {
    'javascript.md': [
        '1',
        'table',
        'numeric name', "select '1970-01-01 00:00:00.000000+00'::timestamptz",
        'chair: 49.90', 'table: 120',
        '1: chair', '2: table',
        '2 [{"id":1,"name":"chair","price":"49.90","tags":["wood","new"]},{"id":2,"name":"table","price":"120","tags":null}]',
        '50005000 9999 10000',
        '{"id":1,"name":"chair"}',
        'table',
        '1 × 2',
        '23505 item_name_key',
        '1 true', '1 true',
        '1 1',
        'wake up',
        'chair',
    ],
    'types.md': [
        'bigint 1.5 2024-02-29 2024 1',
        '1 false',
        '{"big":"9007199254740993","price":"1.50","day":"2024-02-29","period":"1 mon","numbers":"[1,5)","list":[[1,2],[3,null]]}',
        '49.90 99.8 true',
        'TypeError',
        'true [2024-02-26,2024-03-02)',
        '1970-01-01T00:00:00.000Z 2',
    ],
};

for (const [page, expected] of Object.entries(PAGES)) {
    test(`the examples of ${page} run`, async t => {
        const blocks = examples(page);
        ok(blocks.length >= 2, `only ${blocks.length} examples found`);

        // Where "dbname=shop" leads to.
        const maker = t.openBlocking({autocommit: true});
        maker.execute('drop database if exists shop');
        maker.execute('create database shop');
        const [host, port, user] = ['host', 'port', 'user'].map(name => new RegExp(`\\b${name}='?([^' ]*)`).exec(maker.dup_conninfo())?.[1] ?? '');
        maker.close();

        const [file] = Gio.File.new_tmp('pg-docs-XXXXXX.js');
        try {
            file.replace_contents(blocks.join('\n'), null, false, Gio.FileCreateFlags.NONE, null);
            const [output, successful] = await t.script(file.get_path(), [], {PGHOST: host, PGPORT: port, PGUSER: user, G_DEBUG: 'fatal-warnings'});
            ok(successful, output);
            equal(output.trim().split('\n'), expected);
        } finally {
            file.delete(null);
        }
    });
}

await run();
