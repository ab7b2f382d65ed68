package org.ioatlab.workload.packetdrill;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Shell commands of scripts. None is ever executed: those that set kernel variables are understood, the rest is named as left out.
 */
final class ShellCommands {
    private static final Pattern SEPARATOR = Pattern.compile("&&|\\|\\||;|\\n");
    private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");
    private static final Pattern ECHO = Pattern.compile("echo\\s+(.*?)\\s*>\\s*(/proc/sys/\\S+)");
    private static final Pattern PRODUCT = Pattern.compile("\\$\\(\\((\\d+(?:\\*\\d+)*)\\)\\)");
    private static final String PROC = "/proc/sys/";

    /** What of the set-up script of packetdrill's Linux suites ({@code common/defaults.sh}) matters to a receiver. */
    private static final String SUITE_DEFAULTS = "defaults.sh";

    private static final List<String> SUITE_SETTINGS = List.of(
            "net.ipv4.tcp_rmem=4096 540000 15728640",
            "net.ipv4.tcp_wmem=4096 262144 4194304",
            "net.ipv4.tcp_timestamps=1",
            "net.ipv4.tcp_sack=1",
            "net.ipv4.tcp_dsack=1");

    private final ScriptCalls machine;
    private final List<String> done = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();

    private ShellCommands(ScriptCalls machine) {
        this.machine = machine;
    }

    /**
     * What became of a command.
     *
     * @param understood whether all of it was done
     * @param text what was done and what was left out
     */
    record Effect(boolean understood, String text) {}

    static Effect apply(String command, ScriptCalls machine) {
        ShellCommands commands = new ShellCommands(machine);
        String computed = PRODUCT.matcher(command).replaceAll(match -> product(match.group(1)));
        for (String part : SEPARATOR.split(computed, -1)) {
            commands.part(part.strip());
        }
        return commands.effect();
    }

    private static String product(String factors) {
        long product = 1;
        for (String factor : factors.split("\\*", -1)) {
            product *= Long.parseLong(factor);
        }
        return Long.toString(product);
    }

    private Effect effect() {
        List<String> texts = new ArrayList<>();
        if (!done.isEmpty()) {
            texts.add("set " + String.join(", ", done));
        }
        if (!leftOut.isEmpty()) {
            texts.add("not executed: " + String.join("; ", leftOut));
        }
        return new Effect(leftOut.isEmpty() && !done.isEmpty(), String.join("; ", texts));
    }

    private void part(String part) {
        if (part.isEmpty() || part.startsWith("#")) {
            return;
        }
        Matcher echo = ECHO.matcher(part);
        if (echo.matches()) {
            set(echo.group(2) + "=" + echo.group(1));
            return;
        }
        List<String> words = words(part);
        String program = words.getFirst().substring(words.getFirst().lastIndexOf('/') + 1);
        if (program.equals("sysctl") || program.startsWith("set_sysctls")) {
            sysctl(words.subList(1, words.size()));
        } else if (program.equals(SUITE_DEFAULTS)) {
            SUITE_SETTINGS.forEach(this::set);
        } else {
            leftOut.add(part);
        }
    }

    private static List<String> words(String part) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(part);
        while (matcher.find()) {
            words.add(matcher.group().replaceAll("[\"']", ""));
        }
        return words;
    }

    private void sysctl(List<String> words) {
        for (String word : words) {
            if (word.startsWith(">") || word.equals("2>&1")) {
                return;
            }
            if (!word.startsWith("-")) {
                set(word);
            }
        }
    }

    private void set(String assignment) {
        int equals = assignment.indexOf('=');
        String path = equals < 0 ? assignment : assignment.substring(0, equals);
        String name = path.startsWith(PROC) ? path.substring(PROC.length()).replace('/', '.') : path;
        String value = equals < 0 ? "" : assignment.substring(equals + 1).strip();
        if (equals > 0 && machine.setSystemControl(name.strip(), value)) {
            done.add(name.strip() + "=" + value);
        } else {
            leftOut.add("sysctl " + assignment);
        }
    }
}
