// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Values of a result as values of JavaScript.

const Loaders = imports.overrides.pgconn.loaders;

// How the values of one column are read: a function of the row and the position of the column.
function columnReader(column, result) {
    const loadCell = Loaders.cellLoader(column, result);
    if (loadCell !== undefined)
        return loadCell;
    const getter = Loaders.getterName(column.get_type_oid());
    if (getter !== undefined)
        return (row, position) => row[getter](position);
    const load = Loaders.textLoader(column.get_type_oid(), result);
    if (load === undefined)
        return (row, position) => row.dup_text(position);
    const datedGetter = Loaders.datedGetterName(column.get_type_oid(), result);
    return (row, position) => {
        const text = row.dup_text(position);
        if (text === null)
            return null;
        if (datedGetter === undefined)
            return load(text);
        try {
            return load(text);
        } catch {
            // What it means depends on the session's DateStyle, which the library knows.
            return load(row[datedGetter](position).to_string());
        }
    };
}

const shapes = new WeakMap();

// The names and readers of a result's columns.
function shapeOf(result) {
    let shape = shapes.get(result);
    if (shape === undefined) {
        shape = {names: [], readers: []};
        for (let i = 0; i < result.get_n_columns(); i++) {
            const column = result.get_column(i);
            shape.names.push(column.get_name());
            shape.readers.push(columnReader(column, result));
        }
        shapes.set(result, shape);
    }
    return shape;
}
