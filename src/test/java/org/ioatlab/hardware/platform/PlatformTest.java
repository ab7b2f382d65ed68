package org.ioatlab.hardware.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlatformTest {
    /** What the last words of a parameter's name say about its unit. */
    private static final Map<String, String> UNITS = Map.ofEntries(
            Map.entry("CyclesPerKilobyte", "cycles/kB"),
            Map.entry("MegabytesPerSecond", "MB/s"),
            Map.entry("Cycles", "cycles"),
            Map.entry("Bytes", "bytes"),
            Map.entry("Kilobytes", "kB"),
            Map.entry("Ways", "ways"),
            Map.entry("Cores", "cores"),
            Map.entry("PerMiss", "lines"),
            Map.entry("Ns", "ns"),
            Map.entry("Mhz", "MHz"),
            Map.entry("Hz", "Hz"),
            Map.entry("Percent", "percent"));

    @Test
    void everyPlatformThatComesWithTheServiceLoads() {
        assertThat(Platform.IDS).containsExactly("xeon-e7520", "xeon-5160", "what-if");
        for (String id : Platform.IDS) {
            Platform platform = Platform.load(id);
            assertThat(platform.id()).isEqualTo(id);
            assertThat(platform.description()).isNotBlank();
        }
    }

    @Test
    void everyParameterHasOneRowWithUnitValueGradeAndSource() {
        for (String id : Platform.IDS) {
            Platform platform = Platform.load(id);
            List<String> keys =
                    Arrays.stream(Parameter.values()).map(Parameter::key).toList();
            assertThat(platform.rows()).extracting(Platform.Row::name).isEqualTo(keys);
            for (Platform.Row row : platform.rows()) {
                Parameter parameter = Parameter.ofKey(row.name());
                assertThat(row.unit()).as(id + " " + row.name()).isEqualTo(unitOf(row.name()));
                assertThat(row.value()).as(id + " " + row.name()).isBetween(parameter.least(), parameter.most());
                assertThat(row.source()).as(id + " " + row.name()).isNotBlank();
                long scaled = Math.round(row.value() * platform.get(Parameter.ESTIMATED_COST_PERCENT) / 100.0);
                assertThat(platform.get(parameter)).isEqualTo(Platform.isScaled(row) ? scaled : row.value());
            }
        }
    }

    @Test
    void onlyEstimatesOfWhatFunctionsCostAreScaled() {
        Platform usual = Platform.load("xeon-e7520");
        Platform plain = usual.with(Map.of("estimatedCostPercent", 100L));
        Platform doubled = usual.with(Map.of("estimatedCostPercent", 200L, "fgetCycles", 7L));
        assertThat(plain.get(Parameter.IP_RECEIVE_CYCLES)).isEqualTo(180);
        assertThat(doubled.get(Parameter.IP_RECEIVE_CYCLES)).isEqualTo(2 * 180);
        assertThat(doubled.get(Parameter.FGET_CYCLES))
                .as("given, and so not scaled")
                .isEqualTo(7);
        for (Parameter parameter : List.of(
                Parameter.MEMORY_LATENCY_CYCLES,
                Parameter.MMIO_READ_CYCLES,
                Parameter.SUBMIT_DESCRIPTOR_CYCLES,
                Parameter.PIN_PAGE_CYCLES,
                Parameter.COLD_COPY_CYCLES_PER_KILOBYTE,
                Parameter.SOCKET_BUFFER_BYTES)) {
            assertThat(doubled.get(parameter)).isEqualTo(usual.get(parameter));
        }
    }

    private static String unitOf(String key) {
        return UNITS.entrySet().stream()
                .filter(unit -> key.endsWith(unit.getKey()))
                .max((a, b) -> Integer.compare(a.getKey().length(), b.getKey().length()))
                .map(Map.Entry::getValue)
                .orElse("none");
    }

    @Test
    void valuesAreTheOnesOfTheFile() {
        Platform nocona = Platform.load("xeon-e7520");
        assertThat(nocona.get(Parameter.CPU_FREQUENCY_MHZ)).isEqualTo(3400);
        assertThat(nocona.get(Parameter.SIBLING_SPEED_PERCENT)).isEqualTo(62);
        assertThat(nocona.get(Parameter.CHANNEL_BOOKKEEPING_CYCLES)).isEqualTo(400);
        Platform woodcrest = Platform.load("xeon-5160");
        assertThat(woodcrest.get(Parameter.CPU_FREQUENCY_MHZ)).isEqualTo(3000);
        assertThat(woodcrest.rows().getFirst())
                .isEqualTo(new Platform.Row("cpuFrequencyMhz", "MHz", 3000, Grade.PUBLISHED, "Xeon 5160 data sheet"));
    }

    @Test
    void keysAreFoundAndUnknownOnesAreNot() {
        for (Parameter parameter : Parameter.values()) {
            assertThat(Parameter.ofKey(parameter.key())).isEqualTo(parameter);
        }
        assertThat(Parameter.MEMORY_LATENCY_CYCLES.key()).isEqualTo("memoryLatencyCycles");
        assertThat(Parameter.ofKey("memory_latency_cycles")).isNull();
    }

    @Test
    void overridesChangeTheirValuesAndNothingElse() {
        Platform usual = Platform.load("xeon-e7520");
        Platform changed = usual.with(Map.of("doorbellCycles", 0L, "engineMegabytesPerSecond", 5000L));
        assertThat(changed.get(Parameter.DOORBELL_CYCLES)).isZero();
        assertThat(changed.get(Parameter.ENGINE_MEGABYTES_PER_SECOND)).isEqualTo(5000);
        assertThat(changed.get(Parameter.MMIO_READ_CYCLES)).isEqualTo(3400);
        assertThat(usual.get(Parameter.DOORBELL_CYCLES)).isEqualTo(300);
        assertThat(Platform.load("xeon-e7520").get(Parameter.DOORBELL_CYCLES)).isEqualTo(300);
        assertThat(changed.rows()).isEqualTo(usual.rows());
    }

    @Test
    void overridesReachTheEdgesOfTheirRangesAndNoFurther() {
        Platform usual = Platform.load("xeon-5160");
        for (Parameter parameter : Parameter.values()) {
            String key = parameter.key();
            for (long edge : new long[] {parameter.least(), parameter.most()}) {
                assertThat(usual.with(Map.of(key, edge)).get(parameter)).isEqualTo(edge);
            }
            for (long beyond : new long[] {parameter.least() - 1, parameter.most() + 1}) {
                assertThatThrownBy(() -> usual.with(Map.of(key, beyond)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage(key + " must be from " + parameter.least() + " to " + parameter.most());
            }
        }
    }

    @Test
    void rangesKeepTheModelFromDividingByZero() {
        assertThat(List.of(
                        Parameter.CPU_FREQUENCY_MHZ.least(),
                        Parameter.SIBLING_SPEED_PERCENT.least(),
                        Parameter.TIMER_FREQUENCY_HZ.least(),
                        Parameter.ENGINE_MEGABYTES_PER_SECOND.least()))
                .containsOnly(1L);
    }

    @Test
    void unknownNamesAreRefusedByName() {
        Platform usual = Platform.load("xeon-5160");
        assertThatThrownBy(() -> usual.with(Map.of("speedOfLight", 1L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("speedOfLight");
        assertThatThrownBy(() -> Platform.load("pentium"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pentium");
        assertThatThrownBy(() -> Platform.load("../application.properties"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void machinesOfOnePlatformShareItsTable() {
        assertThat(Platform.load("xeon-5160")).isSameAs(Platform.load("xeon-5160"));
        Platform usual = Platform.load("xeon-5160");
        assertThat(usual.with(Map.of())).isSameAs(usual);
    }
}
