package dev.candlewick.feature;

/** The step from one close to the next, or the step of that step. */
final class CloseSteps implements Indicator.Running {

    private final int order;
    private double previousClose = Double.NaN;
    private double previousStep = Double.NaN;

    private CloseSteps(int order) {
        this.order = order;
    }

    static Indicator velocity() {
        return new Indicator(
                "velocity", "C[t] − C[t−1]", "price per bar", "2 bars", "the first bar", "", () -> new CloseSteps(1));
    }

    static Indicator acceleration() {
        return new Indicator(
                "acceleration",
                "velocity[t] − velocity[t−1]",
                "price per bar per bar",
                "3 bars",
                "the first 2 bars",
                "",
                () -> new CloseSteps(2));
    }

    @Override
    public double next(Bar bar) {
        double step = bar.close() - previousClose;
        double stepOfStep = step - previousStep;
        previousClose = bar.close();
        previousStep = step;
        return order == 1 ? step : stepOfStep;
    }
}
