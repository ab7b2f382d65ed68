package org.ioatlab.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.rest.Http.json;
import static org.ioatlab.rest.Http.ok;
import static org.ioatlab.rest.Http.paused;
import static org.ioatlab.rest.Http.refused;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.ioatlab.rest.Http.Untouched;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Memory and copies that can't be, and calls that find a channel in another state. */
@QuarkusTest
class BadCopiesTest {
    private static final String COPIES = "/dma/channels/dma0chan0/copies";

    /** A machine with buffers b1 and b2 of 100 bytes, client {@code one} with a channel, and client {@code two} with another. */
    private static String machine(String name, String... fields) {
        String machine = paused(name, fields);
        ok(201, json("{\"size\":100,\"fill\":\"INCREMENTING\"}").post(machine + "/memory/buffers"));
        ok(201, json("{\"size\":100}").post(machine + "/memory/buffers"));
        for (String client : List.of("one", "two")) {
            ok(201, json("{\"name\":\"" + client + "\"}").post(machine + "/dma/clients"));
            ok(200, json("{\"number\":1}").post(machine + "/dma/clients/" + client + "/channel-requests"));
        }
        return machine;
    }

    private static String copy(String dest, String src, String len) {
        return "{\"dest\":" + dest + ",\"src\":" + src + ",\"len\":" + len + "}";
    }

    private static String copy(String len) {
        return copy("{\"buffer\":\"b2\"}", "{\"buffer\":\"b1\"}", len);
    }

    @Test
    void memoryIsAskedForWithinItsLimits() {
        Untouched machine = Untouched.of(machine("bad-memory"));
        String buffers = "/memory/buffers";
        machine.refused(400, "invalid-value", buffers, "{\"size\":0}");
        machine.refused(400, "invalid-value", buffers, "{\"size\":-1}");
        machine.refused(400, "invalid-value", buffers, "{\"size\":4194305}");
        machine.refused(400, "invalid-value", buffers, "{\"size\":2147483648}");
        machine.refused(400, "invalid-value", buffers, "{}");
        machine.refused(
                400, "invalid-value", given().contentType("application/json").post(machine.machine() + buffers));
        machine.refused(400, "invalid-value", buffers, "{\"size\":1,\"fill\":\"RED\"}");
        machine.refused(400, "invalid-value", buffers, "{\"size\":1,\"base64\":\"?\"}");
        machine.refused(422, "two-contents", buffers, "{\"size\":1,\"fill\":\"ZERO\",\"base64\":\"AA==\"}");
        machine.refused(422, "content-too-long", buffers, "{\"size\":1,\"base64\":\"AAAA\"}");
        machine.refused(422, "no-such-cpu", buffers, "{\"size\":1,\"cpu\":4}");
        machine.refused(400, "invalid-value", "/memory/pages", "{\"count\":0}");
        machine.refused(400, "invalid-value", "/memory/pages", "{\"count\":65537}");
        machine.refused(400, "invalid-value", "/memory/pages", "{\"zone\":\"MIDDLE\"}");
    }

    @Test
    void exhaustedMemoryTellsWhatIsFree() {
        String machine = paused("full", "\"memory\":{\"totalMib\":16}");
        List<Integer> free = given().get(machine + "/memory").path("zones.freePages");
        Response answer = refused(507, "out-of-memory", json("{\"count\":4096}").post(machine + "/memory/pages"));
        assertThat(answer.<List<String>>path("zones.kind")).containsExactly("LOW");
        assertThat(answer.<List<Integer>>path("zones.freePages")).isEqualTo(free);
        assertThat(given().get(machine + "/memory").<List<Integer>>path("zones.freePages"))
                .isEqualTo(free);
        Untouched full = Untouched.of(machine);
        full.refused(422, "no-such-zone", "/memory/pages", "{\"zone\":\"HIGH\"}");
    }

    @Test
    void whatDoesNotExistIsUnknown() {
        Untouched machine = Untouched.of(machine("unknown"));
        String path = machine.machine();
        machine.refused(404, "unknown-buffer", given().get(path + "/memory/buffers/b9"));
        machine.refused(404, "unknown-buffer", given().get(path + "/memory/buffers/x/content"));
        machine.refused(404, "unknown-buffer", given().delete(path + "/memory/buffers/b9"));
        machine.refused(404, "unknown-page", given().get(path + "/memory/pages/p99999999"));
        machine.refused(404, "unknown-client", given().get(path + "/dma/clients/nobody"));
        machine.refused(404, "unknown-client", "/dma/clients/nobody/channel-requests", "{\"number\":1}");
        machine.refused(404, "unknown-channel", given().get(path + "/dma/channels/dma9chan9"));
        machine.refused(404, "unknown-channel", "/dma/channels/dma9chan9/copies", copy("1"));
        machine.refused(404, "unknown-buffer", COPIES, copy("{\"buffer\":\"b9\"}", "{\"buffer\":\"b1\"}", "1"));
        machine.refused(404, "unknown-page", COPIES, copy("{\"page\":\"p0x\"}", "{\"buffer\":\"b1\"}", "1"));
        machine.refused(404, "unknown-fault", given().delete(path + "/dma/channels/dma0chan0/faults/f9"));
        machine.refused(404, "unknown-register", given().post(path + "/dma/registers/NOTHING/read"));
        machine.refused(404, "unknown-pci-device", given().delete(path + "/pci/devices/0000:09:09.0"));
        machine.refused(404, "unknown-proc-file", given().get(path + "/proc/uptime"));
        machine.refused(404, "unknown-cpu", given().get(path + "/cpus/4"));
        for (String cookie : List.of("1", "0", "-1", "2147483647", "99999999999", "x")) {
            String place = path + "/dma/channels/dma0chan0/cookies/" + cookie;
            machine.refused(404, "unknown-cookie", given().get(place));
            machine.refused(404, "unknown-cookie", given().post(place + "/complete"));
            machine.refused(404, "unknown-cookie", given().post(place + "/wait"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'dest':{'buffer':'b2'},'src':{'buffer':'b1'},'len':0}                          | 400 | invalid-value",
                "{'dest':{'buffer':'b2'},'src':{'buffer':'b1'},'len':-1}                         | 400 | invalid-value",
                "{'dest':{'buffer':'b2'},'src':{'buffer':'b1'},'len':2147483648}                 | 400 | invalid-value",
                "{'dest':{'buffer':'b2'},'src':{'buffer':'b1'},'len':101}                        | 422 | out-of-bounds",
                "{'dest':{'buffer':'b2','offset':1},'src':{'buffer':'b1'},'len':100}             | 422 | out-of-bounds",
                "{'dest':{'buffer':'b2','offset':-1},'src':{'buffer':'b1'},'len':1}              | 400 | invalid-value",
                "{'dest':{'buffer':'b2','offset':2147483647},'src':{'buffer':'b1'},'len':1}      | 422 | out-of-bounds",
                "{'dest':{'buffer':'b2'},'src':{'buffer':'b1','offset':2147483648},'len':1}      | 400 | invalid-value",
                "{'dest':{'buffer':'b2'},'src':{'buffer':'b1'},'len':2147483647}                 | 422 | out-of-bounds",
                "{'dest':{'buffer':'b2'},'src':{'buffer':'b1'}}                                  | 400 | invalid-value",
                "{'dest':{'buffer':'b2'},'len':1}                                                | 400 | invalid-value",
                "{'dest':{},'src':{'buffer':'b1'},'len':1}                                       | 400 | invalid-value",
                "{'dest':{'buffer':'b2','page':'p1'},'src':{'buffer':'b1'},'len':1}              | 400 | invalid-value",
                "{'dest':'b2','src':'b1','len':1}                                                | 400 | invalid-value",
                "{'dest':{'buffer':'b2'},'src':{'buffer':'b1'},'len':1,'lenght':1}               | 400 | unknown-field",
                "{'dest':{'buffer':'b2'},'src':{'buffer':'b1'},'len':1,'fallback':'GPU'}         | 400 | invalid-value",
                "{'copies':[]}                                                                   | 400 | invalid-value",
                "{'copies':[{'dest':{'buffer':'b2'},'src':{'buffer':'b1'},'len':1}],'len':1}     | 400 | invalid-value",
                "{'copies':[{'dest':{'buffer':'b2'},'src':{'buffer':'b1'},'len':1},null]}        | 400 | invalid-value",
                "{'dest':{'buffer':'b2'},'src':{'buffer':'b1'},'len':1,'client':'two'}           | 409 | channel-of-another-client",
            })
    void aCopyLiesWithinItsPlaces(String body, int status, String type) {
        Untouched machine = Untouched.of(machine("bad-copy"));
        machine.refused(status, type, COPIES, body.replace('\'', '"'));
    }

    @Test
    void aHighPageHasNoAddressForBufferCopies() {
        String machine = machine("high");
        String page = ok(201, json("{\"zone\":\"HIGH\"}").post(machine + "/memory/pages"))
                .path("id");
        Untouched untouched = Untouched.of(machine);
        untouched.refused(
                422, "no-kernel-address", COPIES, copy("{\"buffer\":\"" + page + "\"}", "{\"buffer\":\"b1\"}", "10"));
    }

    @Test
    void overlappingCopiesAreAllowedAndGoUpwards() {
        String machine = machine("overlap");
        String overlap = copy("{\"buffer\":\"b1\",\"offset\":1}", "{\"buffer\":\"b1\"}", "50");
        ok(202, json(overlap).post(machine + COPIES));
        ok(200, given().post(machine + "/dma/channels/dma0chan0/cookies/1/wait"));
        byte[] bytes = given().get(machine + "/memory/buffers/b1/content").asByteArray();
        assertThat(bytes[0]).isZero();
        assertThat(bytes[51]).isEqualTo((byte) 51);
    }

    @Test
    void aChannelTakesCopiesFromItsOwnerWhileItRuns() {
        String machine = machine("states");
        Untouched untouched = Untouched.of(machine);
        String free = "/dma/channels/dma0chan3/copies";
        assertThat(untouched.refused(409, "channel-not-owned", free, copy("1")).<String>path("state"))
                .isEqualTo("FREE");
        untouched.refused(400, "invalid-value", "/dma/clients/one/channel-requests", "{\"number\":0}");
        untouched.refused(400, "invalid-value", "/dma/clients/one/channel-requests", "{\"number\":1000000}");
        untouched.refused(409, "client-exists", "/dma/clients", "{\"name\":\"one\"}");

        ok(200, given().post(machine + "/dma/channels/dma0chan0/suspend"));
        Untouched suspended = Untouched.of(machine);
        suspended.refused(409, "channel-suspended", COPIES, copy("1"));
        ok(200, given().post(machine + "/dma/channels/dma0chan0/resume"));

        ok(201, json("{\"type\":\"HALT\"}").post(machine + "/dma/channels/dma0chan0/faults"));
        ok(202, json(copy("100")).post(machine + COPIES));
        assertThat(ok(200, given().post(machine + "/dma/channels/dma0chan0/cookies/1/wait"))
                        .<String>path("status"))
                .isEqualTo("DMA_ERROR");
        Untouched halted = Untouched.of(machine);
        Response refusal = halted.refused(409, "channel-halted", COPIES, copy("1"));
        assertThat(refusal.<String>path("state")).isEqualTo("HALTED");
        assertThat(refusal.<Integer>path("errno")).isEqualTo(-5);
    }

    @Test
    void deletingAMachineEndsTheCallsInFlight() throws Exception {
        String machine = machine("deleted", "\"kernel\":{\"personality\":\"linux-2.6.24\"}");
        ok(201, json("{\"type\":\"HALT\"}").post(machine + "/dma/channels/dma0chan0/faults"));
        ok(202, json(copy("100")).post(machine + COPIES));
        ok(200, given().post(machine + "/dma/channels/dma0chan0/issue-pending"));
        ok(200, json("{\"state\":\"RUNNING\",\"rate\":0.001}").patch(machine + "/clock"));
        CompletableFuture<Response> waiting = CompletableFuture.supplyAsync(
                () -> json("{\"timeout\":\"1000s\"}").post(machine + "/dma/channels/dma0chan0/cookies/1/wait"));
        while (!given().get(machine + "/journal").asString().contains("dma.waitForCookie")) {
            Thread.onSpinWait();
        }
        ok(204, given().delete(machine));
        refused(410, "machine-deleted", waiting.get());
        refused(404, "unknown-machine", given().get(machine));
    }
}
