// SPDX-License-Identifier: LGPL-2.1-or-later

const {GLib} = imports.gi;

// Resolves when all that was due in the main loop has had its turn.
function giveTurn() {
    return new Promise(resolve => {
        GLib.idle_add(GLib.PRIORITY_DEFAULT, () => {
            resolve();
            return GLib.SOURCE_REMOVE;
        });
    });
}
