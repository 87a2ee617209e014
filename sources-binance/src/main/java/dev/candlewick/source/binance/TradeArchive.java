package dev.candlewick.source.binance;

import dev.candlewick.Answer;
import dev.candlewick.Corrupt;
import dev.candlewick.MarketDataException;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.http.HttpRefused;
import dev.candlewick.source.binance.ArchivedTicks.Survey;
import dev.candlewick.spi.Findings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which file of the archive a day is read from. That of the day, if nothing is missing in it; else the month's is looked
 * at as well, and the one with more of the day's rows is taken: either was seen to lack what the other has. For one
 * reading, by one thread.
 */
final class TradeArchive implements AutoCloseable {

    private static final String SHREDDED =
            "more than " + IdTrail.MOST_HOLES + " holes in the numbers of a day: it is no list of what was traded";

    private final TickRequest request;
    private final Findings findings;
    private final Instant now;
    private @Nullable ArchivedTicks month;
    private @Nullable TickFile monthAsked;
    private Optional<String> monthTrouble = Optional.empty();

    /** What the archive has of a day. */
    static final class Choice implements AutoCloseable {
        private final List<String> evidence = new ArrayList<>();
        private Optional<ArchivedTicks> file = Optional.empty();
        private Optional<Survey> survey = Optional.empty();
        private boolean due;
        private boolean setAside;
        private Optional<MarketDataException> failure = Optional.empty();

        Optional<ArchivedTicks> file() {
            return file;
        }

        Survey survey() {
            return survey.orElseThrow();
        }

        /** What was found, for people. */
        String evidence() {
            return String.join("; ", evidence);
        }

        /** Whether the absence of a file means something. */
        boolean isDue() {
            return due;
        }

        /** Whether there is a file and it cannot be used. */
        boolean isSetAside() {
            return setAside;
        }

        /** Why the archive could not be asked. */
        Optional<MarketDataException> failure() {
            return failure;
        }

        @Override
        public void close() {
            file.filter(each -> each.file().span() == ArchiveFile.Span.DAILY).ifPresent(ArchivedTicks::close);
        }
    }

    TradeArchive(TickRequest request, Findings findings, Instant now) {
        this.request = request;
        this.findings = findings;
        this.now = now;
    }

    /** Looks at the files of a day; whoever asks closes the choice. */
    Choice choose(TimeRange day, TimeRange part) {
        Choice choice = new Choice();
        if (day.end().isAfter(now)) {
            return choice; // the day is not over
        }
        TickFile daily = TickFile.daily(request.market(), request.symbol(), request.kind(), day.start());
        TickFile monthly = TickFile.monthly(request.market(), request.symbol(), request.kind(), day.start());
        choice.due = daily.isDue(request.lag(), now);
        try {
            look(choice, daily, day, part);
            boolean whole = choice.file.isPresent() && choice.survey().isWhole();
            if (!whole && (monthly.isDue(request.lag(), now) || !request.files().knowsWhatIsAbsent())) {
                compare(choice, monthly, day, part);
            }
        } catch (Unavailable | HttpRefused unreachable) {
            if (choice.file.isEmpty()) {
                choice.failure = Optional.of(unreachable);
            }
            choice.evidence.add("the archive could not be asked: " + unreachable.getMessage());
        } catch (RuntimeException failed) {
            choice.close();
            throw failed;
        }
        return choice;
    }

    /** Looks at the month's file, too: the one taken was seen to lack numbers at an end of the day. */
    void reconsider(Choice choice, TimeRange day, TimeRange part) {
        TickFile monthly = TickFile.monthly(request.market(), request.symbol(), request.kind(), day.start());
        boolean ofDay = choice.file
                .filter(file -> file.file().span() == ArchiveFile.Span.DAILY)
                .isPresent();
        boolean isDue = monthly.isDue(request.lag(), now) || !request.files().knowsWhatIsAbsent();
        // Another month's file may be in use by the day ahead.
        if (ofDay && isDue && choice.survey().isWhole() && (month == null || monthly.equals(monthAsked))) {
            try {
                compare(choice, monthly, day, part);
            } catch (Unavailable | HttpRefused unreachable) {
                choice.evidence.add("the archive could not be asked: " + unreachable.getMessage());
            }
        }
    }

    /** Reports the file that a day is read from. */
    void report(Choice choice, TimeRange part, String note) {
        choice.file.ifPresent(file -> {
            Answer answer = file.answer(part, choice.survey()).noted(note);
            findings.add(answer);
            findings.setAside(choice.survey().quarantined());
            choice.evidence.add(file + " " + answer.note());
        });
    }

    private void look(Choice choice, TickFile file, TimeRange day, TimeRange part) {
        TickFiles.Outcome outcome = request.files().fetch(file, part);
        if (!(outcome instanceof TickFiles.There there)) {
            missed(choice, file, outcome);
            return;
        }
        ArchivedTicks ticks = new ArchivedTicks(request, file, there);
        try {
            Survey survey = ticks.survey(day, part);
            if (survey.isShredded()) {
                ticks.close();
                setAside(choice, there.answer().noted("set aside: " + SHREDDED), file);
                return;
            }
            choice.survey = Optional.of(survey);
            choice.file = Optional.of(ticks);
        } catch (Corrupt unusable) {
            ticks.close();
            setAside(choice, there.answer().noted("set aside: " + unusable.getMessage()), file);
        } catch (RuntimeException failed) {
            ticks.close();
            throw failed;
        }
    }

    private void missed(Choice choice, TickFile file, TickFiles.Outcome outcome) {
        if (outcome instanceof TickFiles.Unusable) {
            setAside(choice, outcome.answer(), file);
        } else {
            if (request.files().knowsWhatIsAbsent()) {
                findings.add(outcome.answer());
            }
            choice.evidence.add("the archive has no " + file);
        }
    }

    private void setAside(Choice choice, Answer answer, TickFile file) {
        findings.add(answer);
        choice.evidence.add(file + " " + answer.note());
        choice.setAside = true;
    }

    /** The month's file, which is fetched once for all of its days. */
    private void compare(Choice choice, TickFile monthly, TimeRange day, TimeRange part) {
        if (!monthly.equals(monthAsked)) {
            closeMonth();
            monthAsked = monthly;
            monthTrouble = Optional.empty();
            TickFiles.Outcome outcome = request.files().fetch(monthly, part);
            if (outcome instanceof TickFiles.There there) {
                month = new ArchivedTicks(request, monthly, there);
            } else {
                missed(choice, monthly, outcome);
                monthTrouble = Optional.of("the archive has no usable " + monthly);
                return;
            }
        }
        ArchivedTicks other = month;
        if (other == null) {
            monthTrouble.ifPresent(choice.evidence::add);
            return;
        }
        Survey survey;
        try {
            survey = other.survey(day, part);
        } catch (Corrupt unusable) {
            closeMonth();
            monthTrouble = Optional.of(monthly + " set aside: " + unusable.getMessage());
            choice.evidence.add(monthTrouble.get());
            choice.setAside = true;
            return;
        }
        if (survey.isShredded()) { // the file stays open: its other days may be sound
            choice.evidence.add(monthly + " set aside for " + day + ": " + SHREDDED);
            choice.setAside = choice.file.isEmpty();
            return;
        }
        prefer(choice, other, survey, part);
    }

    private void prefer(Choice choice, ArchivedTicks monthly, Survey survey, TimeRange part) {
        if (choice.file.isEmpty()) {
            choice.file = Optional.of(monthly);
            choice.survey = Optional.of(survey);
            return;
        }
        ArchivedTicks daily = choice.file.get();
        long ofDay = numbers(choice.survey());
        long ofMonth = numbers(survey);
        String both = daily + " has " + ofDay + " rows of the day, " + monthly + " " + ofMonth;
        if (ofMonth > ofDay) {
            findings.add(daily.answer(part, choice.survey()).noted(both + "; the month's are taken"));
            daily.close();
            choice.file = Optional.of(monthly);
            choice.survey = Optional.of(survey);
            choice.evidence.add(both + "; the month's are taken");
        } else {
            findings.add(monthly.answer(part, survey).noted(both + "; the day's are taken"));
            choice.evidence.add(both + "; the day's are taken");
        }
    }

    private long numbers(Survey survey) {
        return request.kind().isNumbered() ? survey.trail().count() : survey.rows();
    }

    private void closeMonth() {
        ArchivedTicks open = month;
        month = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        closeMonth();
        monthAsked = null;
    }
}
