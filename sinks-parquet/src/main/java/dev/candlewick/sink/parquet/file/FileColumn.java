package dev.candlewick.sink.parquet.file;

import org.apache.parquet.format.SchemaElement;

/**
 * A top-level column of a file.
 *
 * @param name its name
 * @param leaf its place among the column chunks of a row group
 * @param element its definition
 * @param shape how its values repeat
 */
record FileColumn(String name, int leaf, SchemaElement element, Shape shape) {

    /** How often a row has a value. */
    enum Shape {
        /** Once. */
        REQUIRED,
        /** Once or not at all. */
        OPTIONAL,
        /** A list, a map or a group of columns. */
        NESTED
    }
}
