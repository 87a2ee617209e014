package dev.candlewick.sink.parquet;

import dev.candlewick.Corrupt;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectVersion;
import dev.candlewick.sink.parquet.objects.Precondition;
import dev.candlewick.spi.Writes;
import java.util.Optional;

/**
 * What is known of a unit's object: that there is none, or which version there is and what its receipt says.
 *
 * @param head the object, if there is one
 * @param receipt its receipt, unless it is damaged
 * @param damage what is wrong with it
 */
record KnownUnit(Optional<ObjectHead> head, Optional<Receipt> receipt, Optional<Corrupt> damage) {

    static final KnownUnit ABSENT = new KnownUnit(Optional.empty(), Optional.empty(), Optional.empty());

    static KnownUnit of(ObjectHead head, Receipt receipt) {
        return new KnownUnit(Optional.of(head), Optional.of(receipt), Optional.empty());
    }

    static KnownUnit damaged(ObjectHead head, Corrupt damage) {
        return new KnownUnit(Optional.of(head), Optional.empty(), Optional.of(damage));
    }

    /** The receipt, if there is one; of a damaged object nothing is guessed. */
    Optional<Receipt> trusted() {
        if (damage.isPresent()) {
            throw damage.get();
        }
        return receipt;
    }

    /** That nobody has written the unit since this was known. */
    Precondition unchanged() {
        return head.map(ObjectHead::version).map(Precondition::unchangedSince).orElseGet(Precondition::absent);
    }

    boolean isVersion(ObjectVersion version) {
        return head.filter(there -> there.version().equals(version)).isPresent();
    }

    // What a damaged receipt says is not known; who heals it first wins.
    Writes writes() {
        return receipt.map(Receipt::writes).orElse(Writes.NONE);
    }
}
