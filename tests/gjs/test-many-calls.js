// SPDX-License-Identifier: LGPL-2.1-or-later
//
// So many calls that the collector comes between their callbacks. GJS before 1.81.2 loses them then, and says so, which ends the program.

import {equal, run, test} from './tap.js';

test('thousands of calls, not awaited one by one', async t => {
    const connection = await t.open({autocommit: true});
    for (let round = 0; round < 3; round++) {
        const values = await Promise.all(Array.from({length: 3000}, async (_, i) => {
            const cursor = await connection.execute('select $1, $2', [i, 'x'.repeat(100)]);
            return (await cursor.fetchone()).toObject();
        }));
        equal(values.length, 3000);
    }
});

await run();
