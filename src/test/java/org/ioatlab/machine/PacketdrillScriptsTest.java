package org.ioatlab.machine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every script under {@code src/test/resources/packetdrill}: a folder a persona, in it one a section of the standard. Each runs on a machine of
 * its own; {@code -Dioatlab.scripts=part-of-a-path} chooses some.
 */
class PacketdrillScriptsTest {
    private static final Path SCRIPTS = Path.of("src/test/resources/packetdrill");

    @TestFactory
    Stream<DynamicTest> everyScriptPasses() throws IOException {
        String chosen = System.getProperty("ioatlab.scripts", "");
        return scripts().stream()
                .filter(script -> script.toString().contains(chosen))
                .map(script ->
                        DynamicTest.dynamicTest(SCRIPTS.relativize(script).toString(), () -> passes(script)));
    }

    static List<Path> scripts() throws IOException {
        try (Stream<Path> files = Files.walk(SCRIPTS)) {
            return files.filter(file -> file.toString().endsWith(".pkt"))
                    .sorted()
                    .toList();
        }
    }

    private static void passes(Path file) throws IOException {
        String persona = SCRIPTS.relativize(file).getName(0).toString();
        PacketdrillViews.Report report = run(persona, Files.readString(file));
        assertTrue(report.passed(), () -> complaint(file, report));
    }

    static PacketdrillViews.Report run(String persona, String script) {
        TestMachine lab = new TestMachine(spec(persona));
        return lab.run(new PacketdrillCommand.Run(script, 0));
    }

    private static MachineSpec spec(String persona) {
        MachineSpec s = Presets.LEGACY.spec();
        KernelSpec k = s.kernel();
        KernelSpec.TcpPersona named = Stream.of(KernelSpec.TcpPersona.values())
                .filter(each -> each.label().equals(persona))
                .findFirst()
                .orElseThrow();
        KernelSpec kernel = new KernelSpec(
                k.personality(),
                k.copyOffload(),
                k.napiWeight(),
                k.napiBudget(),
                k.ackPolicy(),
                named,
                k.packetTap(),
                k.copybreakBytes(),
                k.offloadChannels());
        return new MachineSpec(s.platform(), s.seed(), s.cpus(), s.memory(), s.nic(), s.dma(), kernel, Map.of());
    }

    private static String complaint(Path file, PacketdrillViews.Report report) {
        StringBuilder text = new StringBuilder();
        for (PacketdrillViews.Line line : report.lines()) {
            if (line.status().equals("FAILED")) {
                text.append("%n%s:%d at %s ns%n  expected %s%n  actual   %s"
                        .formatted(file, line.line(), line.atNs(), line.expected(), line.actual()));
            }
        }
        return text.toString();
    }
}
