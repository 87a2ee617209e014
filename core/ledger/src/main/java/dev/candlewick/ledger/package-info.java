/** What a store knows of a unit, as text. Shared by the stores; not user API. */
@NullMarked
package dev.candlewick.ledger;

import org.jspecify.annotations.NullMarked;
