package org.ioatlab.rest.dma;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Objects;
import org.ioatlab.machine.DmaCommand;
import org.ioatlab.rest.json.OnCpu;
import org.ioatlab.rest.problem.Problems;
import org.jspecify.annotations.Nullable;

/**
 * One copy, or a list of them that are submitted one after the other.
 *
 * @param dest where to
 * @param src where from
 * @param len bytes
 * @param copies several copies, instead of the three fields above
 * @param client who asks; the channel's owner without it
 * @param fallback CPU: the processor copies when no channel can
 * @param cpu on which the calls run
 */
public record CopyRequest(
        @Valid @Nullable Place dest,
        @Valid @Nullable Place src,
        @Min(1) @Nullable Integer len,

        @Size(min = 1, max = CopyRequest.MOST_COPIES) @Nullable
        List<@Valid @NotNull Copy> copies,

        @Nullable String client,
        @Nullable Fallback fallback,
        @Min(0) @Nullable Integer cpu) {
    /** The most copies in one request. */
    static final int MOST_COPIES = 1024;

    /** What happens when no channel can take a copy. */
    public enum Fallback {
        /** The processor copies. */
        CPU
    }

    /**
     * A place: in a buffer or in a page.
     *
     * @param buffer its name
     * @param page its name
     * @param offset of the first byte; 0 without it
     */
    public record Place(
            @Nullable String buffer,
            @Nullable String page,
            @Min(0) @Nullable Integer offset) {
        private DmaCommand.Place place(String field) {
            if ((buffer == null) == (page == null)) {
                throw Problems.badValue(field, "must have exactly one of buffer and page");
            }
            return new DmaCommand.Place(buffer, page, offset == null ? 0 : offset);
        }
    }

    /** A copy of a list. */
    public record Copy(
            @NotNull @Valid Place dest,
            @NotNull @Valid Place src,
            @NotNull @Min(1) Integer len) {
        private DmaCommand.Copy copy(String prefix) {
            return new DmaCommand.Copy(dest.place(prefix + "dest"), src.place(prefix + "src"), len);
        }
    }

    /** Whether it is one copy and not a list. */
    boolean isSingle() {
        return copies == null;
    }

    DmaCommand.SubmitCopies command(@Nullable String channel, @Nullable String client) {
        return new DmaCommand.SubmitCopies(channel, client, commands(), fallback == Fallback.CPU, OnCpu.of(cpu));
    }

    private List<DmaCommand.Copy> commands() {
        if (copies == null) {
            return List.of(single());
        }
        if (dest != null || src != null || len != null) {
            throw Problems.badValue("copies", "excludes dest, src and len beside it");
        }
        DmaCommand.Copy[] all = new DmaCommand.Copy[copies.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = copies.get(i).copy("copies[" + i + "].");
        }
        return List.of(all);
    }

    private DmaCommand.Copy single() {
        requirePresent(dest, "dest");
        requirePresent(src, "src");
        requirePresent(len, "len");
        return new Copy(Objects.requireNonNull(dest), Objects.requireNonNull(src), Objects.requireNonNull(len))
                .copy("");
    }

    private static void requirePresent(@Nullable Object value, String field) {
        if (value == null) {
            throw Problems.badValue(field, "is needed");
        }
    }
}
