package dev.candlewick.source.binance.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the venue currently does wrong. Safe for use by many threads. */
final class Misbehaviours {
    private final List<ActiveMisbehaviour> active = new CopyOnWriteArrayList<>();

    ActiveMisbehaviour add(Misbehaviour misbehaviour) {
        ActiveMisbehaviour added = new ActiveMisbehaviour(misbehaviour, active::remove);
        active.add(added);
        return added;
    }

    void clear() {
        active.clear();
    }

    /** The effects on a request, in the order in which the misbehaviours were added. */
    List<Effect> on(IncomingRequest request) {
        Scope.Target target = Scope.Target.of(request);
        List<Effect> effects = new ArrayList<>();
        for (ActiveMisbehaviour each : active) {
            boolean ofTheFile = each.effect().isPublished() && target.kind() == RequestKind.ARCHIVE_CHECKSUM;
            if (ofTheFile ? each.wouldStrike(target.asFile()) : each.strikes(target)) {
                effects.add(each.effect());
            }
        }
        return effects;
    }

    boolean hide(ArchiveFile file) {
        Scope.Target target = Scope.Target.of(file);
        return active.stream().anyMatch(each -> each.effect() instanceof Effect.Absent && each.wouldStrike(target));
    }
}
