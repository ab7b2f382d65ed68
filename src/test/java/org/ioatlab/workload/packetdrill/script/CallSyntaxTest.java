package org.ioatlab.workload.packetdrill.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.ioatlab.workload.packetdrill.script.Expression.Array;
import org.ioatlab.workload.packetdrill.script.Expression.Call;
import org.ioatlab.workload.packetdrill.script.Expression.Ellipsis;
import org.ioatlab.workload.packetdrill.script.Expression.Field;
import org.ioatlab.workload.packetdrill.script.Expression.Numeral;
import org.ioatlab.workload.packetdrill.script.Expression.Or;
import org.ioatlab.workload.packetdrill.script.Expression.Struct;
import org.ioatlab.workload.packetdrill.script.Expression.Text;
import org.ioatlab.workload.packetdrill.script.Expression.Word;
import org.junit.jupiter.api.Test;

/** What each way of writing a system call means. */
class CallSyntaxTest {
    @Test
    void aCallHasArgumentsAndAResult() throws ScriptSyntaxException {
        Action.SystemCall call = call("0 socket(..., SOCK_STREAM|SOCK_NONBLOCK, 0) = 3");
        assertThat(call.name()).isEqualTo("socket");
        assertThat(call.isBlocking()).isFalse();
        assertThat(call.arguments())
                .containsExactly(
                        new Ellipsis(at(10)),
                        new Or(new Word(at(15), "SOCK_STREAM"), new Word(at(27), "SOCK_NONBLOCK")),
                        new Numeral(at(42), 0, false));
        assertThat(call.result()).isEqualTo(new Numeral(at(47), 3, false));
        assertThat(call.errno()).isNull();
        assertThat(call.note()).isNull();
    }

    @Test
    void aCallFailsWithAnErrorAndANote() throws ScriptSyntaxException {
        Action.SystemCall call =
                call("0 connect(3, ..., ...) = -1 EINPROGRESS (Operation (now) in progress, isn't it)");
        assertThat(call.result()).isEqualTo(new Numeral(at(26), -1, false));
        assertThat(call.errno()).isEqualTo("EINPROGRESS");
        assertThat(call.note()).isEqualTo("Operation (now) in progress, isn't it");
    }

    @Test
    void aResultMayBeHexadecimalOrAWordWithANote() throws ScriptSyntaxException {
        Action.SystemCall call = call("0 fcntl(3, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)");
        assertThat(call.result()).isEqualTo(new Numeral(at(23), 0x802, true));
        assertThat(call.note()).isEqualTo("flags O_RDWR|O_NONBLOCK");
        Action.SystemCall symbolic = call("0 fcntl(3, F_GETFL) = O_RDWR (flags)");
        assertThat(symbolic.result()).isEqualTo(new Word(at(23), "O_RDWR"));
        assertThat(symbolic.note()).isEqualTo("flags");
    }

    @Test
    void aBlockingCallHasAnEnd() throws ScriptSyntaxException {
        Event event = ScriptsOf.onlyEvent("0...0.200 read(4, ..., 1000) = 1000");
        assertThat(event.time()).isEqualTo(EventTime.absolute(0));
        assertThat(((Action.SystemCall) event.action()).endMicros()).isEqualTo(200_000);
        event = ScriptsOf.onlyEvent("+0.1...0.2 accept(3, ..., ...) = 4");
        assertThat(event.time()).isEqualTo(EventTime.relative(100_000));
        assertThat(((Action.SystemCall) event.action()).endMicros()).isEqualTo(200_000);
    }

    @Test
    void stringsJoinAndMayBeOpen() throws ScriptSyntaxException {
        assertThat(call("0 write(4, \"ab\\n\" \"\\x7f\\\"\", 5) = 5")
                        .arguments()
                        .get(1))
                .isEqualTo(new Text(at(12), "ab\n\u007f\"", false));
        assertThat(call("0 write(4, \"ab\"..., 5) = 5").arguments().get(1)).isEqualTo(new Text(at(12), "ab", true));
    }

    @Test
    void socketAddressesAreStructures() throws ScriptSyntaxException {
        Expression address = call("""
                0 bind(3, {sa_family = AF_INET, sin_port = htons(8080), sin_addr = inet_addr("192.168.0.1")}, ...) = 0
                """).arguments().get(1);
        assertThat(address)
                .isEqualTo(new Struct(
                        at(11),
                        List.of(
                                new Field(at(12), "sa_family", null, new Word(at(24), "AF_INET")),
                                new Field(
                                        at(33),
                                        "sin_port",
                                        null,
                                        new Call(at(44), "htons", List.of(new Numeral(at(50), 8080, false)))),
                                new Field(
                                        at(57),
                                        "sin_addr",
                                        null,
                                        new Call(
                                                at(68),
                                                "inet_addr",
                                                List.of(new Text(at(78), "192.168.0.1", false)))))));
        assertThat(((Struct) address).field("sa_family")).isEqualTo(new Word(at(24), "AF_INET"));
        assertThat(((Struct) address).field("sin_zero")).isNull();
    }

    @Test
    void messagesHoldCountedVectors() throws ScriptSyntaxException {
        Struct message = (Struct)
                call("0 recvmsg(4, {msg_name(...)=..., msg_iov(2)=[{..., 10}, {..., 20}], msg_flags=MSG_PEEK|MSG_TRUNC}, 0) = 5")
                        .arguments()
                        .get(1);
        assertThat(message.fields()).extracting(Field::name).containsExactly("msg_name", "msg_iov", "msg_flags");
        assertThat(message.fields().get(0).count()).isEqualTo(new Ellipsis(at(24)));
        assertThat(message.fields().get(1).count()).isEqualTo(new Numeral(at(42), 2, false));
        assertThat(message.field("msg_iov"))
                .isEqualTo(new Array(at(45), List.of(vector(46, 52, 10), vector(57, 63, 20))));
        assertThat(message.field("msg_flags"))
                .isEqualTo(new Or(new Word(at(79), "MSG_PEEK"), new Word(at(88), "MSG_TRUNC")));
    }

    private static Struct vector(int column, int lengthColumn, long length) {
        return new Struct(
                at(column),
                List.of(
                        new Field(at(column + 1), null, null, new Ellipsis(at(column + 1))),
                        new Field(at(lengthColumn), null, null, new Numeral(at(lengthColumn), length, false))));
    }

    @Test
    void pollsHoldArraysOfStructures() throws ScriptSyntaxException {
        Array fds = (Array) call("0 poll([{fd=4, events=POLLIN, revents=POLLIN|POLLHUP}], 1, 0) = 1")
                .arguments()
                .getFirst();
        Struct fd = (Struct) fds.elements().getFirst();
        assertThat(fd.field("fd")).isEqualTo(new Numeral(at(13), 4, false));
        assertThat(fd.field("revents")).isEqualTo(new Or(new Word(at(39), "POLLIN"), new Word(at(46), "POLLHUP")));
        assertThat(call("0 epoll_wait(5, [], 0, 0) = 0").arguments().get(1)).isEqualTo(new Array(at(17), List.of()));
    }

    @Test
    void parenthesesGroupAndNamesAreGivenValues() throws ScriptSyntaxException {
        assertThat(call("0 f((1|2)) = 0").arguments())
                .containsExactly(new Or(new Numeral(at(6), 1, false), new Numeral(at(8), 2, false)));
        assertThat(call("0 f(x=0xFFFFFFFFFFFFFFFF) = 0").arguments())
                .containsExactly(new Expression.Assignment(at(5), "x", new Numeral(at(7), -1, true)));
    }

    private static Action.SystemCall call(String script) throws ScriptSyntaxException {
        return ScriptsOf.onlyCall(script);
    }

    private static Position at(int column) {
        return new Position(1, column);
    }
}
