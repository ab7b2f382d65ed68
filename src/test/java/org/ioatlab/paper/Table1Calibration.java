package org.ioatlab.paper;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;

/**
 * Fits the cost model to {@link Table1}: the costs of eight of its nine functions by themselves, and one common factor for what was estimated of all
 * others. The copy is given by the memory model, and with it the total. Prints the platform file's lines; see {@code src/docs/model.md}.
 */
public final class Table1Calibration {
    private static final int ROUNDS = 8;
    private static final long STEP_CYCLES = 100;
    private static final double PERCENT = 100;

    private final Map<Table1, Parameter> fitted = new EnumMap<>(Map.of(
            Table1.RECEIVE, Parameter.TCP_RECEIVE_CYCLES,
            Table1.INTERRUPT, Parameter.INTERRUPT_HANDLER_CYCLES,
            Table1.SCHEDULE, Parameter.SCHEDULE_CYCLES,
            Table1.ENABLE, Parameter.INTERRUPT_ENABLE_CYCLES,
            Table1.TYPE, Parameter.ETHERNET_TYPE_CYCLES,
            Table1.IDLE, Parameter.DEFAULT_IDLE_CYCLES,
            Table1.BALANCE, Parameter.FIND_BUSIEST_GROUP_CYCLES,
            Table1.TAP, Parameter.PACKET_TAP_CYCLES));

    private final Map<String, Long> costs = new LinkedHashMap<>();
    private final Map<Table1, Double> callsPerSecond = new EnumMap<>(Table1.class);

    private Table1Calibration() {
        Platform platform = Platform.load("xeon-e7520");
        fitted.values().forEach(parameter -> costs.put(parameter.key(), platform.get(parameter)));
        costs.put(Parameter.ESTIMATED_COST_PERCENT.key(), platform.get(Parameter.ESTIMATED_COST_PERCENT));
    }

    public static void main(String[] arguments) {
        new Table1Calibration().run();
    }

    private void run() {
        ReceiveProfile before = ReceiveProfile.ofLegacy(costs);
        countCalls(before);
        for (int round = 0; round < ROUNDS; round++) {
            ReceiveProfile profile = ReceiveProfile.ofLegacy(costs);
            double total = profile.cycles(Table1.COPY.symbol) * PERCENT / Table1.COPY.percent;
            fitted.forEach((row, parameter) -> fit(row, parameter, profile, total));
            fitFactor(profile, total);
        }
        print(ReceiveProfile.ofLegacy(costs));
    }

    /** How often each of the eight runs in a second, by making all of them a little dearer. */
    private void countCalls(ReceiveProfile before) {
        Map<String, Long> dearer = new LinkedHashMap<>(costs);
        fitted.values().forEach(parameter -> dearer.merge(parameter.key(), STEP_CYCLES, Long::sum));
        ReceiveProfile after = ReceiveProfile.ofLegacy(dearer);
        fitted.keySet()
                .forEach(row -> callsPerSecond.put(
                        row, (double) (after.cycles(row.symbol) - before.cycles(row.symbol)) / STEP_CYCLES));
    }

    private void fit(Table1 row, Parameter parameter, ReceiveProfile profile, double total) {
        double missing = total * row.percent / PERCENT - profile.cycles(row.symbol);
        long change = Math.round(missing / callsPerSecond.get(row));
        costs.merge(parameter.key(), change, (old, more) -> Math.max(0, old + more));
    }

    private void fitFactor(ReceiveProfile profile, double total) {
        double wanted = total;
        double others = profile.total();
        for (Table1 row : Table1.values()) {
            wanted -= total * row.percent / PERCENT;
            others -= profile.cycles(row.symbol);
        }
        double factor = wanted / others;
        costs.replaceAll((key, value) ->
                key.equals(Parameter.ESTIMATED_COST_PERCENT.key()) ? Long.valueOf(Math.round(value * factor)) : value);
    }

    private void print(ReceiveProfile profile) {
        costs.forEach((key, value) -> System.out.printf("%-27s | %d%n", key, value));
        profile.shares().forEach((symbol, share) -> {
            if (share > 0.3) {
                System.out.printf("%8.4f  %s%n", share, symbol);
            }
        });
        for (Table1 row : Table1.values()) {
            double share = profile.shares().getOrDefault(row.symbol, 0.0);
            System.out.printf("%-20s paper %8.4f model %8.4f%n", row.symbol, row.percent, share);
        }
    }
}
