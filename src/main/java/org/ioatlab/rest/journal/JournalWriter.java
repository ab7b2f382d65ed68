package org.ioatlab.rest.journal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Singleton;
import org.ioatlab.lab.ClockSetting;
import org.ioatlab.lab.JournalEnd;
import org.ioatlab.lab.JournalEntry;
import org.ioatlab.lab.JournalFile;
import org.ioatlab.lab.MachineCreation;
import org.ioatlab.rest.journal.JournalLine.Type;
import org.ioatlab.rest.json.CommandNames;

/** Writes journals as lines of JSON. */
@Singleton
public class JournalWriter {
    /** Of the format. */
    static final int VERSION = 1;

    private final ObjectMapper mapper;

    JournalWriter(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** A whole journal. */
    public String text(JournalFile file) {
        StringBuilder text = new StringBuilder();
        text.append(line(file.creation())).append('\n');
        file.entries().forEach(entry -> text.append(line(entry)).append('\n'));
        return text.append(line(file.end())).append('\n').toString();
    }

    private ObjectNode line(MachineCreation creation) {
        ObjectNode line = begin(Type.CREATION).put("version", VERSION);
        line.put("name", creation.name());
        line.set("labels", mapper.valueToTree(creation.labels()));
        line.put("preset", creation.preset());
        line.set("spec", mapper.valueToTree(creation.spec()));
        return put(line, creation.clock());
    }

    private ObjectNode line(JournalEntry entry) {
        ObjectNode line = begin(
                switch (entry.what()) {
                    case JournalEntry.Applied _ -> Type.COMMAND;
                    case JournalEntry.Advanced _ -> Type.ADVANCE;
                    case JournalEntry.ClockChanged _ -> Type.CLOCK;
                });
        line.put("sequence", entry.sequence()).put("atPs", entry.atPs()).put("firedBefore", entry.firedBefore());
        return switch (entry.what()) {
            case JournalEntry.Applied applied ->
                line.put("command", CommandNames.of(applied.command()))
                        .set("arguments", mapper.valueToTree(applied.command()));
            case JournalEntry.Advanced advanced ->
                line.put("reachedPs", advanced.reachedPs())
                        .put("reachedFired", advanced.reachedFired())
                        .put("stoppedBy", advanced.stoppedBy().name());
            case JournalEntry.ClockChanged changed -> put(line, changed.setting());
        };
    }

    private ObjectNode line(JournalEnd end) {
        return begin(Type.END)
                .put("nowPs", end.nowPs())
                .put("fired", end.fired())
                .put("digest", end.digest());
    }

    private ObjectNode begin(Type type) {
        return mapper.createObjectNode().put("type", type.name());
    }

    private static ObjectNode put(ObjectNode line, ClockSetting clock) {
        return line.put("state", clock.state().name()).put("rateMillionths", clock.rateMillionths());
    }
}
