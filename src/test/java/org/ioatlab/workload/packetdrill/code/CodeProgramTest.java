package org.ioatlab.workload.packetdrill.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Code blocks over a connection whose figures are known. */
class CodeProgramTest {
    private static final CodeLookup CONNECTION = name -> switch (name) {
        case "tcpi_rtt" -> OptionalLong.of(100_000);
        case "tcpi_unacked" -> OptionalLong.of(2);
        case "tcpi_snd_cwnd" -> OptionalLong.of(10);
        case "tcpi_options" -> OptionalLong.of(0b0111);
        case "TCP_ESTABLISHED", "tcpi_state" -> OptionalLong.of(1);
        default -> OptionalLong.empty();
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcpi_snd_cwnd == 10",
                "tcpi_state == TCP_ESTABLISHED and tcpi_unacked != 0",
                "90000 < tcpi_rtt <= 100000",
                "not tcpi_unacked == 3",
                "not not tcpi_unacked",
                "tcpi_unacked == 3 or tcpi_unacked == 2",
                "(tcpi_options & 4) != 0 and (tcpi_options & 8) == 0",
                "tcpi_rtt >= 0.9 * 100 * 1000",
                "tcpi_rtt / 1000 == 100",
                "7 // 2 == 3 and -7 // 2 == -4 and -7 % 3 == 2",
                "1 << 4 | 1 == 17",
                "1 + 2 * 3 == 7 and (1 + 2) * 3 == 9",
                "~0 == -1 and 5 ^ 1 == 4 and 256 >> 4 == 0x10",
                "tcpi_unacked in (1, 2) and tcpi_unacked not in [3, 4]",
                "abs(tcpi_unacked - 5) == 3 and min(3, 1, 2) == 1 and max([1, 3]) == 3",
                "int(2.9) == 2 and len('abc') == 3 and str(5) == '5' and round(2.5) == 2",
                "(1 if tcpi_unacked else 2) == 1",
                "True and not False",
                "'a' + 'b' == \"ab\"",
                "tcpi_rtt is not None"
            })
    void whatHoldsPasses(String condition) throws CodeSyntaxException {
        assertThat(run("assert " + condition).failure()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            assert tcpi_snd_cwnd == 9                    | assert tcpi_snd_cwnd == 9: doesn't hold, tcpi_snd_cwnd is 10
            assert tcpi_snd_cwnd == 9, tcpi_snd_cwnd     | assert tcpi_snd_cwnd == 9, tcpi_snd_cwnd: doesn't hold, tcpi_snd_cwnd is 10 (10)
            assert tcpi_rtt < tcpi_unacked, 'rtt=%d' % tcpi_rtt | assert tcpi_rtt < tcpi_unacked, 'rtt=%d' % tcpi_rtt: doesn't hold, tcpi_rtt is 100000, tcpi_unacked is 2 (rtt=100000)
            assert 1 < 3 < 2                             | assert 1 < 3 < 2: doesn't hold
            assert tcpi_unknown == 1                     | unknown name 'tcpi_unknown'
            assert 1 / 0 == 1                            | division by zero
            assert 1.5 & 1                               | 1.5 isn't a whole number
            assert 'a' < 1                               | 'a' isn't a number
            """)
    void whatDoesNotHoldFails(String code, String failure) throws CodeSyntaxException {
        assertThat(run(code).failure()).isEqualTo(failure);
    }

    @Test
    void linesArePrintedUntilOneFails() throws CodeSyntaxException {
        CodeResult result = run("""
                # The connection's figures.
                print(tcpi_rtt, "us")
                print "%d of %d" % (tcpi_unacked, tcpi_snd_cwnd); pass
                x = tcpi_rtt // \\
                    1000
                print(x)
                print()
                assert (x ==
                        99)
                print("never")
                """);
        assertThat(result.printed()).containsExactly("100000 us", "2 of 10", "100", "");
        assertThat(result.failure()).isEqualTo("assert (x ==: doesn't hold, x is 100");
        assertThat(result.passed()).isFalse();
    }

    @Test
    void variablesStayForLaterBlocks() throws CodeSyntaxException {
        CodeVariables variables = new CodeVariables();
        assertThat(CodeProgram.parse("rtt = tcpi_rtt")
                        .run(CONNECTION, variables)
                        .passed())
                .isTrue();
        assertThat(CodeProgram.parse("assert rtt == 100000")
                        .run(name -> OptionalLong.empty(), variables)
                        .passed())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            import os            | 1:1 unknown statement 'import': a code block holds assert, print, assignments and nothing else of Python
            assert               | 1:7 unexpected the end of the code block in a code block
            assert open('/x')    | 1:8 unknown function 'open'
            assert 1 2           | 1:10 unexpected '2' in a code block
            assert (1            | 1:10 expected ',', found the end of the code block
            assert 1 not 2       | 1:14 unexpected '2' in a code block
            assert x if 1        | 1:14 unexpected the end of the code block in a code block
            assert lambda        | 1:8 unexpected 'lambda' in a code block
            x += 1               | 1:1 unknown statement 'x': a code block holds assert, print, assignments and nothing else of Python
            5                    | 1:1 unexpected '5' in a code block
            assert $x            | 1:8 unexpected character '$' in a code block
            """)
    void theRestOfPythonIsNamed(String code, String error) {
        CodeSyntaxException refusal = catchThrowableOfType(CodeSyntaxException.class, () -> CodeProgram.parse(code));
        assertThat(refusal.line() + ":" + refusal.column() + " " + refusal.text())
                .isEqualTo(error);
    }

    @Test
    void nestingHasALimit() throws CodeSyntaxException {
        assertThat(run("assert " + "(".repeat(60) + "1" + ")".repeat(60)).passed())
                .isTrue();
        for (String bracket : new String[] {"(", "[", "-", "~"}) {
            CodeSyntaxException refusal = catchThrowableOfType(
                    CodeSyntaxException.class, () -> CodeProgram.parse("assert " + bracket.repeat(100_000) + "1"));
            assertThat(refusal.text()).isEqualTo("expressions are nested more than 64 deep");
        }
    }

    private static CodeResult run(String code) throws CodeSyntaxException {
        return CodeProgram.parse(code).run(CONNECTION, new CodeVariables());
    }
}
