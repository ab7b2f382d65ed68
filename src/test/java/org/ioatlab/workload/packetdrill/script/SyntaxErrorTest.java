package org.ioatlab.workload.packetdrill.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What isn't understood is named, with line and column. */
class SyntaxErrorTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            --foo=1 0 `true`                          | 1:1: unknown option --foo
            --mss=abc 0 `true`                        | 1:1: option --mss wants a number from 1 to 65535, not 'abc'
            --ip_version=ipv5 0 `true`                | 1:1: option --ip_version wants ipv4, ipv6 or ipv4-mapped-ipv6, not 'ipv5'
            --local_ip=1.2.3 0 `true`                 | 1:1: option --local_ip wants an IP address, not '1.2.3'
            --non_fatal=all 0 `true`                  | 1:1: option --non_fatal wants packet, syscall or both with a comma, not 'all'
            --define=X 0 `true`                       | 1:1: option --define wants NAME=VALUE with one word, number or string as value, not 'X'
            // nothing                                | 1:11: expected an event, found the end of the script
            < S 0:0(0)                                | 1:1: expected a time, found '<'
            -1 < S 0:0(0)                             | 1:1: this time is negative
            99999999999999999 < S 0:0(0)              | 1:1: this time is too long: a script lasts a day at most
            86401 < S 0:0(0)                          | 1:1: this time is too long: a script lasts a day at most
            * < S 0:0(0)                              | 1:1: the time '*' is for outbound packets only
            0~1 `true`                                | 1:1: a range of time is for outbound packets only
            0.2~0.1 > . 1:1(0) ack 1                  | 1:1: this range of time is backwards
            +0.1~0.2 > . 1:1(0) ack 1                 | 1:6: expected '+', found '0.2'
            0 = 1                                     | 1:3: expected a packet, a system call, a shell command or a code block, found '='
            0 < SQ 0:0(0)                             | 1:6: unknown flag 'Q'
            0 < .9 0:0(0)                             | 1:5: an AccECN counter is one digit from 0 to 7 behind the point, not .9
            0 < + 0:0(0)                              | 1:5: expected TCP flags, udp or icmp, found '+'
            0 < . 1:1(1)                              | 1:7: sequence numbers and payload length don't agree: 1 + 1 isn't 1
            0 < . 4294967296:4294967296(0)            | 1:7: the start sequence number is out of range: 4294967296 isn't from 0 to 4294967295
            0 < . 1:70001(70000)                      | 1:15: the payload's length is out of range: 70000 isn't from 0 to 65535
            0 < . ...(0)                              | 1:7: the sequence number '...' is for outbound packets only
            0 < . 1:1(0) ack                          | 1:17: expected the acknowledgment number, found the end of the script
            0 < . 1:1(0) ack 1 win 65536              | 1:24: the window is out of range: 65536 isn't from 0 to 65535
            0 < . 1:1(0) ack 1 <...>                  | 1:21: the options '...' are for outbound packets only
            0 < . 1:1(0) ack 1 <TS val ... ecr 0>     | 1:28: the timestamps '...' are for outbound packets only
            0 < . 1:1(0) ack 1 <TS ecr 1>             | 1:24: expected 'val', found 'ecr'
            0 < . 1:1(0) ack 1 <foo 1>                | 1:21: unknown TCP option 'foo'
            0 < . 1:1(0) ack 1 <nop nop>              | 1:25: expected ',' or '>', found 'nop'
            0 < . 1:1(0) ack 1 <FO 123>               | 1:24: expected hexadecimal digits, two a byte, found '123'
            0 < . 1:1(0) ack 1 <md5 00>               | 1:27: an md5 digest has 32 hexadecimal digits, not 2
            0 < . 1:1(0) <sack 1:2 3:4 5:6 7:8 9:10>  | 1:14: these TCP options have 42 bytes: at most 40 fit
            0 < [foo] . 1:1(0)                        | 1:6: unknown field of the IP header 'foo'
            0 < [ect01] . 1:1(0)                      | 1:6: [ect01] is for outbound packets only
            0 < [ttl 0] . 1:1(0)                      | 1:10: ttl is out of range: 0 isn't from 1 to 255
            0 < [tos 0x100] . 1:1(0)                  | 1:10: tos is out of range: it has at most 8 bits
            0 < 8080 > 65536 . 1:1(0)                 | 1:12: the destination port is out of range: 65536 isn't from 0 to 65535
            0 < gre: . 1:1(0)                         | 1:5: encapsulation in gre is not supported
            0 < mpls (label 0): . 1:1(0)              | 1:5: encapsulation in mpls is not supported
            0 < ipv4 1.1.1.1 > 2.2.2.2: . 1:1(0)      | 1:5: encapsulation in ipv4 is not supported
            0 < sctp: DATA[]                          | 1:5: sctp is not supported
            0 < . 1:1(0)/udp(1 > 2)                   | 1:13: encapsulation in UDP is not supported
            0 < . 1:1(0) {mut ip ihl}                 | 1:14: mutation of packets is not supported
            0 < icmp foo                              | 1:10: unknown ICMP type 'foo' for IPv4
            0 < icmp packet_too_big                   | 1:10: unknown ICMP type 'packet_too_big' for IPv4
            0 < icmp unreachable foo                  | 1:22: unknown ICMP code 'foo' for IPv4
            0 < icmp unreachable mtu 1400             | 1:22: an MTU belongs to unreachable frag_needed
            0 read(3                                  | 1:9: expected ',' or ')', found the end of the script
            0 read(3,) = 0                            | 1:10: expected an expression, found ')'
            0 read(3)                                 | 1:10: expected '=', found the end of the script
            0 read({fd=3; 4}) = 0                     | 1:13: expected ',' or '}', found ';'
            0 read(3) = -1 EAGAIN (no                 | 1:23: this note has no end: ) is missing
            0 read("a\\xg") = 0                       | 1:8: \\x wants two hexadecimal digits
            0 read(99999999999999999999) = 0          | 1:8: this number has more than 64 bits: 99999999999999999999
            0 write(3, "ab, 1) = 1                    | 1:12: this string has no end: " is missing
            0 `true                                   | 1:3: this shell command has no end: ` is missing
            0 %{ assert 1                             | 1:3: this code block has no end: }% is missing
            /* nothing                                | 1:1: this comment has no end: */ is missing
            0 %{ assert a ! b }%                      | 1:15: unexpected character '!' in a code block
            0 `a` `b` `c`                             | 1:11: expected the end of the script: a shell command without a time is the last thing in it, found a shell command
            """)
    void oneErrorIsNamed(String script, String error) {
        assertThat(errors(script)).containsExactly(error);
    }

    @Test
    void severalErrorsAreNamedInTheirOrder() {
        assertThat(errors("""
                --foo --bar
                0 < Q 0:0(0)
                 win 5
                +0 read(3,
                   4 = 5
                +0 > . 1:1(0) ack 1
                +0 %{ assert 1
                frob
                }%
                """))
                .containsExactly(
                        "1:1: unknown option --foo",
                        "1:7: unknown option --bar",
                        "2:5: unknown flag 'Q'",
                        "5:6: expected ',' or ')', found '='",
                        "8:1: unknown statement 'frob': a code block holds assert, print, assignments and nothing else of"
                                + " Python");
    }

    @Test
    void noMoreThanTheLimitAreNamed() {
        assertThat(errors("0 < Q 0:0(0)\n".repeat(Script.MAX_ERRORS + 5))).hasSize(Script.MAX_ERRORS);
    }

    @Test
    void aScriptHasALimit() throws ScriptSyntaxException {
        String event = "0 `true`";
        assertThat(Script.parse(event + " ".repeat(Script.MAX_LENGTH - event.length()))
                        .events())
                .hasSize(1);
        assertThat(errors(event + " ".repeat(Script.MAX_LENGTH - event.length() + 1)))
                .containsExactly("1:1: a script has at most 1048576 characters");
    }

    @Test
    void nestingHasALimit() throws ScriptSyntaxException {
        assertThat(Script.parse("0 f(" + "[".repeat(63) + "]".repeat(63) + ") = 0")
                        .events())
                .hasSize(1);
        assertThat(errors("0 f(" + "[".repeat(65) + "]".repeat(65) + ") = 0"))
                .containsExactly("1:69: expressions are nested more than 64 deep");
    }

    private static List<String> errors(String script) {
        ScriptSyntaxException refusal = catchThrowableOfType(ScriptSyntaxException.class, () -> Script.parse(script));
        assertThat(refusal).as("refusal of %s", script).isNotNull();
        return refusal.errors().stream().map(SyntaxError::toString).toList();
    }
}
