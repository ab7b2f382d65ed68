package org.ioatlab.kernel.net.tcp;

/** The window and its scale that a handshake promises ({@code tcp_select_initial_window}). */
final class InitialWindow {
    private static final int LARGEST_SCALE = 14;
    private static final int LARGEST_FIELD = 65_535;

    private InitialWindow() {}

    /** The scale with which the largest buffer can be told. */
    static int scale(TcpLayer tcp, int buffer) {
        int space = Math.max(tcp.settings.largestReceiveBuffer, buffer);
        int scale = 0;
        if (tcp.persona.windows() == Persona.Windows.BSD) {
            while (scale < LARGEST_SCALE && (long) LARGEST_FIELD << scale < space) {
                scale++;
            }
        } else {
            while (space > LARGEST_FIELD && scale < LARGEST_SCALE) {
                space >>= 1;
                scale++;
            }
        }
        return scale;
    }

    /** The first window in bytes, to be sent unscaled. */
    static int window(TcpLayer tcp, int buffer, int clamp, int segmentBytes, int scale) {
        Persona persona = tcp.persona;
        if (persona.windows() == Persona.Windows.BSD) {
            return Math.min(buffer, LARGEST_FIELD);
        }
        int space = Math.min(persona.windowFrom(buffer), clamp);
        if (space > segmentBytes) {
            space = space / segmentBytes * segmentBytes;
        }
        int window = Math.min(space, persona.largestUnscaledWindow());
        if (persona.initialReceiveSegments() > 0 && segmentBytes > 1 << scale) {
            int segments = segmentBytes > 3 * 1460 ? 2 : segmentBytes > 1460 ? 3 : persona.initialReceiveSegments();
            window = Math.min(window, segments * segmentBytes);
        }
        return window;
    }
}
