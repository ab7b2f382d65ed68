package org.ioatlab.rest.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.inject.Singleton;
import jakarta.validation.Validator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ioatlab.lab.ClockSetting;
import org.ioatlab.lab.JournalEnd;
import org.ioatlab.lab.JournalEntry;
import org.ioatlab.lab.JournalFile;
import org.ioatlab.lab.MachineCreation;
import org.ioatlab.machine.Command;
import org.ioatlab.machine.Presets;
import org.ioatlab.rest.journal.JournalLine.Type;
import org.ioatlab.rest.json.CommandNames;
import org.ioatlab.rest.problem.JsonProblems;
import org.ioatlab.rest.problem.Problems;
import org.jspecify.annotations.Nullable;

/** Reads journals back. */
@Singleton
public class JournalReader {
    private final ObjectMapper mapper;
    private final Validator validator;

    JournalReader(ObjectMapper mapper, Validator validator) {
        this.mapper = mapper;
        this.validator = validator;
    }

    /**
     * Reads a journal.
     *
     * @throws HttpProblem 400, with the line that can't be read
     */
    JournalFile read(byte[] file) {
        String[] texts = new String(file, StandardCharsets.UTF_8).strip().split("\n", -1);
        if (texts.length < 2) {
            throw bad(1, "a journal has at least its first and its last line");
        }
        MachineCreation creation = creation(parse(texts[0], 1));
        List<JournalEntry> entries = new ArrayList<>();
        for (int i = 1; i < texts.length - 1; i++) {
            entries.add(entry(parse(texts[i], i + 1), i + 1, entries.size() + 1L));
        }
        return new JournalFile(creation, entries, end(parse(texts[texts.length - 1], texts.length), texts.length));
    }

    private JournalLine parse(String text, int number) {
        try {
            JournalLine line = mapper.readValue(text, JournalLine.class);
            if (line == null || line.type() == null) {
                throw bad(number, "it has no type");
            }
            return line;
        } catch (JsonProcessingException e) {
            throw bad(number, String.valueOf(JsonProblems.of(e).getDetail()));
        }
    }

    private MachineCreation creation(JournalLine line) {
        require(line.type() == Type.CREATION, 1, "the first line must be of type CREATION");
        require(
                line.version() != null && line.version() == JournalWriter.VERSION,
                1,
                "the version must be " + JournalWriter.VERSION);
        require(line.spec() != null && validator.validate(line.spec()).isEmpty(), 1, "the spec is incomplete");
        require(line.preset() != null && Presets.labels().contains(line.preset()), 1, "the preset is unknown");
        return new MachineCreation(
                line.name(),
                line.labels() == null ? Map.of() : Map.copyOf(line.labels()),
                present(line.preset(), 1, "preset"),
                present(line.spec(), 1, "spec"),
                clock(line, 1));
    }

    private JournalEntry entry(JournalLine line, int number, long sequence) {
        require(line.sequence() != null && line.sequence() == sequence, number, "its sequence must be " + sequence);
        JournalEntry.What what = switch (line.type()) {
            case COMMAND -> new JournalEntry.Applied(command(line, number));
            case ADVANCE ->
                new JournalEntry.Advanced(
                        present(line.reachedPs(), number, "reachedPs"),
                        present(line.reachedFired(), number, "reachedFired"),
                        present(line.stoppedBy(), number, "stoppedBy"));
            case CLOCK -> new JournalEntry.ClockChanged(clock(line, number));
            default -> throw bad(number, "its type must be COMMAND, ADVANCE or CLOCK");
        };
        return new JournalEntry(
                sequence,
                present(line.atPs(), number, "atPs"),
                present(line.firedBefore(), number, "firedBefore"),
                what);
    }

    private Command<?> command(JournalLine line, int number) {
        Class<?> type = CommandNames.type(present(line.command(), number, "command"));
        if (type == null) {
            throw bad(number, "there is no command " + line.command());
        }
        try {
            return (Command<?>) mapper.treeToValue(present(line.arguments(), number, "arguments"), type);
        } catch (JsonProcessingException e) {
            throw bad(number, String.valueOf(JsonProblems.of(e).getDetail()));
        }
    }

    private static JournalEnd end(JournalLine line, int number) {
        require(line.type() == Type.END, number, "the last line must be of type END: the journal is cut short");
        return new JournalEnd(
                present(line.nowPs(), number, "nowPs"),
                present(line.fired(), number, "fired"),
                present(line.digest(), number, "digest"));
    }

    private static ClockSetting clock(JournalLine line, int number) {
        long rate = present(line.rateMillionths(), number, "rateMillionths");
        require(
                rate >= ClockSetting.SLOWEST && rate <= ClockSetting.FASTEST,
                number,
                "rateMillionths must be from " + ClockSetting.SLOWEST + " to " + ClockSetting.FASTEST);
        return new ClockSetting(present(line.state(), number, "state"), rate);
    }

    private static <T> T present(@Nullable T value, int number, String field) {
        if (value == null) {
            throw bad(number, field + " is needed");
        }
        return value;
    }

    private static void require(boolean condition, int number, String otherwise) {
        if (!condition) {
            throw bad(number, otherwise);
        }
    }

    private static HttpProblem bad(int number, String what) {
        return Problems.builder(400, "malformed-journal", "Line " + number + " can't be used: " + what + ".")
                .with("line", number)
                .build();
    }
}
