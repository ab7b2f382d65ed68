package org.ioatlab.workload.packetdrill.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.workload.packetdrill.script.Action;
import org.ioatlab.workload.packetdrill.script.Script;
import org.ioatlab.workload.packetdrill.script.ScriptSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each call of a script asks of a machine: its descriptors 3, 4 and 5 are the machine's 103, 104 and 105. */
class CallPlannerTest {
    private static final IpAddress LOCAL = IpAddress.parse("192.168.0.1");
    private static final IpAddress REMOTE = IpAddress.parse("192.0.2.1");

    @ParameterizedTest
    @CsvSource(delimiterString = "->", quoteCharacter = '~', textBlock = """
            socket(..., SOCK_STREAM, IPPROTO_TCP) -> Open[ipv6=false, kind=STREAM, nonBlocking=false]
            socket(AF_INET6, SOCK_DGRAM|SOCK_NONBLOCK, 0) -> Open[ipv6=true, kind=DATAGRAM, nonBlocking=true]
            socket(..., SOCK_DGRAM, IPPROTO_ICMP) -> Open[ipv6=false, kind=PING, nonBlocking=false]
            bind(3, ..., ...) -> Bind[fd=103, address=192.168.0.1, port=8080]
            bind(3, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("0.0.0.0")}, ...) -> Bind[fd=103, address=0.0.0.0, port=0]
            bind(3, {sa_family=AF_INET, sin_port=htons(99), sin_addr=inet_addr("10.1.2.3")}, ...) -> Bind[fd=103, address=192.168.0.1, port=99]
            listen(3, SOMAXCONN) -> Listen[fd=103, backlog=4096]
            accept(3, ..., ...) -> Accept[fd=103, nonBlocking=false]
            accept4(3, ..., ..., SOCK_NONBLOCK) -> Accept[fd=103, nonBlocking=true]
            connect(3, ..., ...) -> Connect[fd=103, address=192.0.2.1, port=8080]
            connect(3, AF_UNSPEC, ...) -> Connect[fd=103, address=null, port=0]
            connect(3, {sa_family=AF_UNSPEC}, ...) -> Connect[fd=103, address=null, port=0]
            connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("1.2.3.4")}, ...) -> Connect[fd=103, address=192.0.2.1, port=80]
            read(4, ..., 1000) -> Receive[fd=104, lengths=[1000], flags=0]
            recv(4, ..., 1000, MSG_PEEK|MSG_DONTWAIT) -> Receive[fd=104, lengths=[1000], flags=66]
            recvfrom(4, ..., 10, 0, ..., ...) -> Receive[fd=104, lengths=[10], flags=0]
            readv(4, [{..., 10}, {iov_base=..., iov_len=20}], 2) -> Receive[fd=104, lengths=[10, 20], flags=0]
            recvmsg(4, {msg_name(...)=..., msg_iov(1)=[{..., 10}], msg_flags=0}, MSG_WAITALL) -> Receive[fd=104, lengths=[10], flags=256]
            write(4, ..., 1000) -> Send[fd=104, length=1000, text=, flags=0, address=null, port=0]
            write(4, "abc", 3) -> Send[fd=104, length=3, text=abc, flags=0, address=null, port=0]
            send(4, ..., 1, MSG_OOB) -> Send[fd=104, length=1, text=, flags=1, address=null, port=0]
            sendto(4, ..., 10, 0, ..., ...) -> Send[fd=104, length=10, text=, flags=0, address=192.0.2.1, port=8080]
            sendto(4, ..., 10, 0, NULL, ...) -> Send[fd=104, length=10, text=, flags=0, address=null, port=8080]
            writev(4, [{..., 10}, {..., 20}], 2) -> Send[fd=104, length=30, text=, flags=0, address=null, port=0]
            sendmsg(4, {msg_name(...)=..., msg_iov(1)=[{..., 10}], msg_flags=0}, 0) -> Send[fd=104, length=10, text=, flags=0, address=null, port=0]
            close(3) -> Close[fd=103]
            shutdown(3, SHUT_RDWR) -> Shutdown[fd=103, how=2]
            setsockopt(3, SOL_SOCKET, SO_RCVBUF, [4096], 4) -> SetOption[fd=103, level=SOL_SOCKET, name=SO_RCVBUF, values=[4096], text=null]
            setsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) -> SetOption[fd=103, level=SOL_SOCKET, name=SO_LINGER, values=[1, 0], text=null]
            setsockopt(3, SOL_TCP, TCP_CONGESTION, "reno", 4) -> SetOption[fd=103, level=IPPROTO_TCP, name=TCP_CONGESTION, values=[], text=reno]
            setsockopt(3, 6, 1, [1], 4) -> SetOption[fd=103, level=IPPROTO_TCP, name=TCP_NODELAY, values=[1], text=null]
            setsockopt(3, IPPROTO_TCP, TCP_FUNCTION_BLK, {function_set_name="freebsd", pcbcnt=...}, 36) -> SetOption[fd=103, level=IPPROTO_TCP, name=TCP_FUNCTION_BLK, values=[], text=freebsd]
            getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) -> GetOption[fd=103, level=SOL_SOCKET, name=SO_ERROR]
            fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) -> Control[fd=103, command=F_SETFL, argument=2050]
            fcntl(3, F_GETFL) -> Control[fd=103, command=F_GETFL, argument=0]
            ioctl(4, SIOCINQ, [1000]) -> DeviceControl[fd=104, request=SIOCINQ, argument=1000]
            poll([{fd=3, events=POLLIN}, {fd=4, events=POLLOUT, revents=POLLOUT}], 2, -1) -> Poll[entries=[PollEntry[fd=103, events=1], PollEntry[fd=104, events=4]], timeoutMs=-1]
            epoll_create(1) -> EpollCreate[]
            epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN|EPOLLET, fd=4}) -> EpollControl[epoll=105, operation=EPOLL_CTL_ADD, fd=104, events=2147483649, data=4]
            epoll_ctl(5, EPOLL_CTL_MOD, 4, {events=EPOLLIN, u64=77}) -> EpollControl[epoll=105, operation=EPOLL_CTL_MOD, fd=104, events=1, data=77]
            epoll_wait(5, {events=EPOLLIN, fd=4}, 1, 100) -> EpollWait[epoll=105, maxEvents=1, timeoutMs=100]
            """)
    void callsAskForWhatTheySay(String call, String planned) throws Exception {
        assertThat(plan(call)).hasToString(planned);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "->", quoteCharacter = '~', textBlock = """
            close(9) -> column 9: the script has no open descriptor 9
            close(3, 4) -> column 3: close() takes 1 arguments, not 2
            listen(3, [1]) -> column 13: a number is wanted here
            listen(3, ...) -> column 13: a number is wanted here
            listen(3, frob(1)) -> column 13: 'frob' isn't known here
            read(3, ..., -1) -> column 16: a length from 0 to 67108864 is wanted here
            readv(3, [{..., 10}], 2) -> column 25: 2 buffers are announced but 1 listed
            readv(3, 5, 1) -> column 12: a list of buffers is wanted here
            readv(3, [5], 1) -> column 13: a buffer {..., LENGTH} is wanted here
            recvmsg(3, ..., 0) -> column 14: a structure 'msghdr' is wanted here
            recvmsg(3, {msg_flags=0}, 0) -> column 14: this structure lacks a field 'msg_iov'
            recvmsg(3, {msg_iov(1)=[{...,1}], msg_flags=0, msg_control=[{cmsg_level=1}]}, 0) -> column 62: control messages are not supported
            poll([{fd=3, events=POLLIN}], 2, 0) -> column 33: 2 descriptors are announced but 1 listed
            poll([{fd=3}], 1, 0) -> column 9: this structure lacks a field 'events'
            poll([3], 1, 0) -> column 9: a structure is wanted here
            setsockopt(3, SOL_SOCKET, SO_RCVBUF, [1, 2], 4) -> column 40: a list of one number is wanted here
            setsockopt(3, SOL_SOCKET, SO_RCVBUF, ..., 4) -> column 40: the value of an option is wanted here
            connect(3, AF_INET, ...) -> column 14: an address, '...' or AF_UNSPEC is wanted here
            bind(3, {sin_addr=inet_addr("1.2")}, ...) -> column 31: not an IP address: "1.2"
            """)
    void whatCannotBeAskedForIsNamed(String call, String reason) {
        CallFault fault = catchThrowableOfType(CallFault.class, () -> plan(call));
        assertThat(fault.reason()).isEqualTo(reason);
    }

    @Test
    void waitsForEventsAreHeldAgainstTheirData() throws Exception {
        Action.SystemCall call = call("epoll_wait(5, [{events=EPOLLIN, fd=4}, {events=EPOLLHUP, fd=3}], 8, 0) = 2");
        assertThat(difference(call, 2, 1L, 4L, 16L, 3L)).isNull();
        assertThat(difference(call, 2, 5L, 4L, 16L, 3L)).isEqualTo("events of entry 0 are EPOLLIN|EPOLLOUT");
        assertThat(difference(call, 2, 1L, 4L, 16L, 9L)).isEqualTo("the data of entry 1 are 9");
        assertThat(difference(call, 1, 1L, 4L)).isEqualTo("returned 1");
    }

    @Test
    void messageFlagsAndStringsAreCompared() throws Exception {
        Action.SystemCall message =
                call("recvmsg(4, {msg_name(...)=..., msg_iov(1)=[{..., 9}], msg_flags=MSG_TRUNC}, 0) = 9");
        assertThat(difference(message, 9, 0x20L)).isNull();
        assertThat(difference(message, 9, 0L)).isEqualTo("msg_flags are 0");
        Action.SystemCall text = call("getsockopt(4, SOL_TCP, TCP_CONGESTION, \"reno\", [4]) = 0");
        CallOutcome reno = new CallOutcome(0, null, 0, List.of(), "reno\0\0", true);
        CallOutcome cubic = new CallOutcome(0, null, 0, List.of(), "cubic", true);
        assertThat(OutcomeCheck.difference(text, reno)).isNull();
        assertThat(OutcomeCheck.difference(text, cubic)).isEqualTo("the option is \"cubic\"");
        Action.SystemCall linger = call("getsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=5}, [8]) = 0");
        assertThat(difference(linger, 0, 1L, 5L)).isNull();
        assertThat(difference(linger, 0, 1L, 6L)).isEqualTo("the option is [1, 6]");
    }

    @Test
    void errorsMayHaveSeveralNames() throws Exception {
        Action.SystemCall call = call("read(4, ..., 9) = -1 EWOULDBLOCK (again)");
        assertThat(OutcomeCheck.difference(call, CallOutcome.failed("EAGAIN", 0)))
                .isNull();
        assertThat(OutcomeCheck.difference(call, CallOutcome.failed("EINTR", 0)))
                .isEqualTo("returned -1 EINTR");
        assertThat(OutcomeCheck.difference(call("read(4, ..., 9) = ..."), CallOutcome.of(5, 0)))
                .isNull();
    }

    private static String difference(Action.SystemCall call, long result, Long... values) throws CallFault {
        return OutcomeCheck.difference(call, new CallOutcome(result, null, 0, List.of(values), null, true));
    }

    private static SocketCall plan(String call) throws ScriptSyntaxException, CallFault {
        Script script = Script.parse("0 " + call + " = 0");
        Descriptors descriptors = new Descriptors();
        for (int fd = 3; fd < 6; fd++) {
            descriptors.opened(fd, 100 + fd);
        }
        return new CallPlanner(script.options(), descriptors, LOCAL, REMOTE)
                .plan((Action.SystemCall) script.events().getFirst().action());
    }

    private static Action.SystemCall call(String call) throws ScriptSyntaxException {
        return (Action.SystemCall) Script.parse("0 " + call).events().getFirst().action();
    }
}
