package org.ioatlab.workload.packetdrill.call;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.workload.packetdrill.script.Expression;

/**
 * A {@code msghdr} of a script.
 *
 * @param lengths of its buffers
 * @param flags {@code MSG_*}, those of the structure itself
 */
record MessageHeader(List<Integer> lengths, long flags) {
    MessageHeader {
        lengths = List.copyOf(lengths);
    }

    static MessageHeader of(Expression expression) throws CallFault {
        if (!(expression instanceof Expression.Struct struct)) {
            throw new CallFault(expression.at(), "a structure 'msghdr' is wanted here");
        }
        refuseControl(struct);
        Expression flags = struct.field("msg_flags");
        return new MessageHeader(lengths(Arguments.field(struct, "msg_iov")), flags == null ? 0 : Values.number(flags));
    }

    private static void refuseControl(Expression.Struct struct) throws CallFault {
        Expression control = struct.field("msg_control");
        if (control instanceof Expression.Array array && !array.elements().isEmpty()) {
            throw new CallFault(control.at(), "control messages are not supported");
        }
    }

    static List<Integer> lengths(Expression vector) throws CallFault {
        if (!(vector instanceof Expression.Array array)) {
            throw new CallFault(vector.at(), "a list of buffers is wanted here");
        }
        List<Integer> lengths = new ArrayList<>();
        for (Expression element : array.elements()) {
            lengths.add(length(element));
        }
        return lengths;
    }

    /** <code>{..., 1000}</code> or {@code {iov_base=..., iov_len=1000}}. */
    private static int length(Expression element) throws CallFault {
        if (!(element instanceof Expression.Struct buffer) || buffer.fields().size() != 2) {
            throw new CallFault(element.at(), "a buffer {..., LENGTH} is wanted here");
        }
        Expression length = buffer.fields().getLast().value();
        return CallPlanner.checkedLength(Values.number(length), length);
    }
}
