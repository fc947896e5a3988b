// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the other tests rely on: that the runner sees every kind of failure.

import {equal, ok, run, test} from './tap.js';

for (const kind of ['equal', 'throws', 'rejects']) {
    test(`fails with "${kind}"`, async t => {
        const [output, successful] = await t.script('fixtures/fails.js', [kind], {G_DEBUG: 'fatal-warnings'});
        equal(successful, false);
        ok(output.includes(`not ok 1 - ${kind}`), output);
    });
}

for (const [kind, reason] of [
    ['unhandled', 'Unhandled promise rejection'], ['last', 'Unhandled promise rejection'], ['callback', 'in a callback'], ['critical', 'G_VARIANT_TYPE_INT32'],
]) {
    test(`ends with "${kind}"`, async t => {
        const [output, successful] = await t.script('fixtures/fails.js', [kind], {G_DEBUG: 'fatal-warnings'});
        equal(successful, false, output);
        ok(output.includes(reason), output);
    });
}

test('passes', async t => {
    const [output, successful] = await t.script('fixtures/fails.js', ['passes'], {G_DEBUG: 'fatal-warnings'});
    equal(successful, true, output);
    equal(output, 'TAP version 13\n1..1\nok 1 - passes\n');
});

await run({needsServer: false});
