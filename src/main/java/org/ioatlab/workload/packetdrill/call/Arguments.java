package org.ioatlab.workload.packetdrill.call;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.workload.packetdrill.script.Action;
import org.ioatlab.workload.packetdrill.script.Expression;

/** The arguments of one call of a script. */
final class Arguments {
    private final Action.SystemCall call;
    private final Descriptors descriptors;

    Arguments(Action.SystemCall call, Descriptors descriptors) {
        this.call = call;
        this.descriptors = descriptors;
    }

    int count() {
        return call.arguments().size();
    }

    void requireCount(int count) throws CallFault {
        if (count() != count) {
            throw new CallFault(call.at(), call.name() + "() takes " + count + " arguments, not " + count());
        }
    }

    Expression get(int index) throws CallFault {
        if (index >= count()) {
            throw new CallFault(call.at(), call.name() + "() lacks argument " + (index + 1));
        }
        return call.arguments().get(index);
    }

    long number(int index) throws CallFault {
        return Values.number(get(index));
    }

    int integer(int index) throws CallFault {
        return (int) number(index);
    }

    /** The machine's descriptor for the script's, of a call that takes so many arguments. */
    int fd(int index, int count) throws CallFault {
        requireCount(count);
        return descriptors.live(number(index), get(index).at());
    }

    int length(int index) throws CallFault {
        return CallPlanner.checkedLength(number(index), get(index));
    }

    /** The characters that are written; empty for {@code ...} and for no buffer at all. */
    String text(int index) throws CallFault {
        return get(index) instanceof Expression.Text text ? text.value() : "";
    }

    String level(int index) throws CallFault {
        String level = Values.name(get(index), "SOL_", "IPPROTO_");
        return level.equals("SOL_TCP") ? "IPPROTO_TCP" : level;
    }

    String option(int index) throws CallFault {
        String prefix = switch (level(index - 1)) {
            case "SOL_SOCKET" -> "SO_";
            case "IPPROTO_TCP" -> "TCP_";
            case "SOL_IPV6", "IPPROTO_IPV6" -> "IPV6_";
            case "SOL_UDP", "IPPROTO_UDP" -> "UDP_";
            default -> "IP_";
        };
        return Values.name(get(index), prefix);
    }

    /** Lengths of the buffers in an array of {@code iovec}, whose number is another argument. */
    List<Integer> vector(int index, int countIndex) throws CallFault {
        List<Integer> lengths = MessageHeader.lengths(get(index));
        if (lengths.size() != number(countIndex)) {
            throw new CallFault(
                    get(countIndex).at(),
                    number(countIndex) + " buffers are announced but " + lengths.size() + " listed");
        }
        return lengths;
    }

    List<Expression.Struct> structs(int index) throws CallFault {
        List<Expression.Struct> structs = new ArrayList<>();
        if (get(index) instanceof Expression.Array array) {
            for (Expression element : array.elements()) {
                structs.add(struct(element));
            }
            return structs;
        }
        structs.add(struct(get(index)));
        return structs;
    }

    private static Expression.Struct struct(Expression expression) throws CallFault {
        if (expression instanceof Expression.Struct struct) {
            return struct;
        }
        throw new CallFault(expression.at(), "a structure is wanted here");
    }

    static Expression field(Expression.Struct struct, String name) throws CallFault {
        Expression value = struct.field(name);
        if (value == null) {
            throw new CallFault(struct.at(), "this structure lacks a field '" + name + "'");
        }
        return value;
    }

    /** What a script has given back with an event: a number by one of four names. */
    static long epollData(Expression.Struct event) throws CallFault {
        for (String name : new String[] {"fd", "ptr", "u32", "u64"}) {
            Expression value = event.field(name);
            if (value != null) {
                return Values.number(value);
            }
        }
        return 0;
    }
}
