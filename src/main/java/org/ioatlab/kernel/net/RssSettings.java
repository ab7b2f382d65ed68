package org.ioatlab.kernel.net;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.ioatlab.hardware.nic.HashField;
import org.ioatlab.hardware.nic.NetworkPort;
import org.ioatlab.wire.ToeplitzHash;

/**
 * How a port steers flows to queues.
 *
 * @param key the hash's key, 80 hexadecimal digits
 * @param indirectionTable queue numbers for the hash's low seven bits, 128 of them; empty for entry j = j modulo the number of queues
 * @param hashFields which headers the hash looks at
 */
public record RssSettings(String key, List<Integer> indirectionTable, List<HashField> hashFields) {
    /** Microsoft's default key, an even table, addresses and TCP ports. */
    public static final RssSettings DEFAULT =
            new RssSettings(HexFormat.of().formatHex(ToeplitzHash.DEFAULT.key()), List.of(), HashField.USUAL);

    private static final int KEY_DIGITS = 2 * ToeplitzHash.KEY_LENGTH;

    /** @throws IllegalArgumentException if the key or the table has another length, or the key other characters */
    public RssSettings {
        indirectionTable = List.copyOf(indirectionTable);
        hashFields = List.copyOf(hashFields);
        if (key.length() != KEY_DIGITS || !key.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException("key must be " + KEY_DIGITS + " hexadecimal digits");
        }
        if (!indirectionTable.isEmpty() && indirectionTable.size() != NetworkPort.TABLE_ENTRIES) {
            throw new IllegalArgumentException("indirectionTable must have " + NetworkPort.TABLE_ENTRIES + " entries");
        }
    }

    /** The key's bytes. */
    public byte[] keyBytes() {
        return HexFormat.of().parseHex(key);
    }

    /** The table as it is used with {@code queues} queues. */
    public List<Integer> table(int queues) {
        if (!indirectionTable.isEmpty()) {
            return indirectionTable;
        }
        List<Integer> even = new ArrayList<>();
        for (int i = 0; i < NetworkPort.TABLE_ENTRIES; i++) {
            even.add(i % queues);
        }
        return even;
    }

    /** The bits of the fields, as the controller's register has them. */
    int fieldMask() {
        return hashFields.stream().mapToInt(HashField::mask).reduce(0, (a, b) -> a | b);
    }

    /** Whether every entry names one of {@code queues} queues. */
    boolean fits(int queues) {
        return indirectionTable.stream().allMatch(queue -> queue >= 0 && queue < queues);
    }
}
