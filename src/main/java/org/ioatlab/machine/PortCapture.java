package org.ioatlab.machine;

import org.ioatlab.observe.CaptureDirection;
import org.ioatlab.observe.PacketCapture;
import org.ioatlab.wire.capture.CaptureFilter;
import org.ioatlab.wire.capture.FilterSyntaxException;
import org.jspecify.annotations.Nullable;

/** The capture of one port as users set it up and read it. */
final class PortCapture {
    private final PacketCapture capture;

    PortCapture(PacketCapture capture) {
        this.capture = capture;
    }

    /** Changes what the command names; an empty filter chooses every frame. */
    NicViews.Capture set(NicCommand.SetCapture command) {
        Boolean enabled = command.enabled();
        Integer snapLength = command.snapLength();
        CaptureDirection direction = command.direction();
        String filter = command.filter();
        try {
            capture.configure(
                    enabled == null ? capture.isEnabled() : enabled,
                    snapLength == null ? capture.snapLength() : snapLength,
                    filter == null ? capture.filter() : parse(filter),
                    direction == null ? capture.direction() : direction);
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.Kind.MALFORMED, "bad-capture", e.getMessage() + ".");
        }
        return view();
    }

    NicViews.Capture view() {
        CaptureFilter filter = capture.filter();
        return new NicViews.Capture(
                capture.isEnabled(),
                capture.snapLength(),
                filter == null ? null : filter.toString(),
                capture.direction().name(),
                capture.packets(),
                capture.bytes(),
                capture.dropped(),
                capture.limitBytes());
    }

    byte[] file() {
        return capture.toByteArray();
    }

    private static @Nullable CaptureFilter parse(String expression) {
        if (expression.isBlank()) {
            return null;
        }
        try {
            return CaptureFilter.parse(expression);
        } catch (FilterSyntaxException e) {
            throw new Refusal(Refusal.Kind.MALFORMED, "bad-filter", "filter: " + e.getMessage() + ".")
                    .with("field", "filter");
        }
    }
}
