package dev.candlewick.sink.parquet;

import java.io.IOException;

/** The version of an object that is being read is not there any more. */
final class ObjectReplaced extends IOException {

    private static final long serialVersionUID = 1L;

    ObjectReplaced(String name) {
        super(name + " was replaced while it was read");
    }
}
