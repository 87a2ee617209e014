package dev.candlewick.spi;

import dev.candlewick.Dataset;
import java.util.List;
import java.util.Optional;

/**
 * Names datasets that core does not know, so that {@link Dataset#parse} and with it {@link dev.candlewick.Series#parse} read
 * them: registered as a service. Safe for many threads.
 */
public interface DatasetProvider {

    /**
     * The dataset of that name; empty when the name is not of a form known here.
     *
     * @throws IllegalArgumentException for a name of such a form that is wrong in a part, saying which
     */
    Optional<Dataset> dataset(String name);

    /** The forms of names known here, as messages list them: {@code features:hft:INTERVAL}. */
    List<String> forms();
}
