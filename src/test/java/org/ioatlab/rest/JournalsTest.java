package org.ioatlab.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.rest.Http.MACHINES;
import static org.ioatlab.rest.Http.digest;
import static org.ioatlab.rest.Http.json;
import static org.ioatlab.rest.Http.ok;
import static org.ioatlab.rest.Http.paused;
import static org.ioatlab.rest.Http.refused;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A machine's history leaves the service as text and comes back as an equal machine. */
@QuarkusTest
class JournalsTest {
    private static final String IMPORT = MACHINES + "/import";

    /** A machine to which one thing of every kind was done. */
    private static String lived(String name) {
        String machine = paused(name);
        ok(201, json("{\"size\":5000,\"fill\":\"RANDOM\"}").post(machine + "/memory/buffers"));
        ok(201, json("{\"size\":5000,\"base64\":\"AQID\"}").post(machine + "/memory/buffers"));
        ok(
                201,
                json("{\"count\":2,\"zone\":\"HIGH\",\"fill\":\"INCREMENTING\"}")
                        .post(machine + "/memory/pages"));
        ok(201, json("{\"name\":\"c\"}").post(machine + "/dma/clients"));
        ok(200, json("{\"number\":2}").post(machine + "/dma/clients/c/channel-requests"));
        String copy = "{\"dest\":{\"buffer\":\"b2\"},\"src\":{\"buffer\":\"b1\"},\"len\":5000}";
        ok(202, json(copy).post(machine + "/dma/channels/dma0chan0/copies"));
        ok(200, given().post(machine + "/dma/channels/dma0chan0/cookies/1/wait"));
        ok(
                201,
                json("{\"type\":\"READ_DATA\",\"afterDescriptors\":7}")
                        .post(machine + "/dma/channels/dma0chan1/faults"));
        ok(201, json("{\"type\":\"DMA_ENGINE\"}").post(machine + "/pci/devices"));
        ok(200, json("{\"hold\":4}").put(machine + "/nics/eth0/tap"));
        ok(200, json("{\"hashFields\":[\"IPV4\"]}").put(machine + "/nics/eth0/rss"));
        ok(200, json("{\"enabled\":true,\"direction\":\"BOTH\"}").put(machine + "/nics/eth0/capture"));
        ok(
                200,
                json("{\"frames\":[{\"hex\":\"" + "ab".repeat(60) + "\",\"gap\":\"1us\"}]}")
                        .post(machine + "/nics/eth0/frames"));
        ok(200, json("{\"rate\":2.5}").patch(machine + "/clock"));
        ok(200, json("{\"untilIdle\":true}").post(machine + "/clock/advance"));
        return machine;
    }

    private static Response importing(String journal, String name) {
        return given().contentType("application/x-ndjson")
                .body(journal.getBytes(StandardCharsets.UTF_8))
                .post(IMPORT + "?name=" + name);
    }

    @Test
    void anImportedMachineIsEqualToTheLastByte() {
        String machine = lived("lived");
        String journal = ok(200, given().get(machine + "/journal")).asString();
        assertThat(journal.lines().toList().getFirst()).startsWith("{\"type\":\"CREATION\",\"version\":1");
        assertThat(journal.lines().toList().getLast()).contains(digest(machine));
        given().delete(MACHINES + "/twin");
        Response twin = ok(201, importing(journal, "twin"));
        assertThat(twin.<String>path("digest")).isEqualTo(digest(machine));
        assertThat(twin.<String>path("clock.state")).isEqualTo("PAUSED");
        assertThat(twin.<Float>path("clock.rate")).isEqualTo(2.5f);
        assertThat(given().get(MACHINES + "/twin/journal").asString().replace("\"twin\"", "\"lived\""))
                .isEqualTo(journal);
    }

    @Test
    void aForkSharesTheBeginningAndGoesItsOwnWay() {
        String machine = lived("forked");
        given().delete(MACHINES + "/same");
        given().delete(MACHINES + "/early");
        given().delete(MACHINES + "/smaller");
        assertThat(ok(201, json("{\"name\":\"same\"}").post(machine + "/fork")).<String>path("digest"))
                .isEqualTo(digest(machine));
        Response early = ok(201, json("{\"name\":\"early\",\"atSequence\":1}").post(machine + "/fork"));
        assertThat(early.<Integer>path("origin.atSequence")).isEqualTo(1);
        assertThat(given().get(MACHINES + "/early/memory/buffers").<List<String>>path("items.id"))
                .containsExactly("b1");
        Response smaller = ok(
                201,
                json("{\"name\":\"smaller\",\"changes\":{\"cpus\":{\"sockets\":1}}}")
                        .post(machine + "/fork"));
        assertThat(smaller.<Integer>path("cpus.sockets")).isEqualTo(1);
        refused(422, "no-such-sequence", json("{\"atSequence\":1000}").post(machine + "/fork"));
        refused(400, "invalid-value", json("{\"changes\":{\"name\":\"x\"}}").post(machine + "/fork"));
        refused(
                400,
                "unknown-field",
                json("{\"changes\":{\"cpus\":{\"socket\":1}}}").post(machine + "/fork"));
        refused(409, "name-taken", json("{\"name\":\"forked\"}").post(machine + "/fork"));
    }

    @Test
    void aJournalThatCannotBeFollowedIsRefused() {
        String machine = lived("told");
        String journal = given().get(machine + "/journal").asString();
        List<String> lines = journal.lines().toList();
        Response broken = refused(
                400, "malformed-journal", importing(journal.replace("memory.allocateBuffer", "memory.steal"), "x"));
        assertThat(broken.<Integer>path("line")).isEqualTo(2);
        refused(400, "malformed-journal", importing(String.join("\n", lines.subList(0, lines.size() - 1)), "x"));
        refused(400, "malformed-journal", importing(journal.replace("\"sequence\":3,", "\"sequence\":4,"), "x"));
        refused(400, "malformed-journal", importing("GIF89a", "x"));
        refused(400, "malformed-journal", importing(journal.replace("\"version\":1", "\"version\":9"), "x"));
        refused(422, "digest-mismatch", importing(journal.replace(digest(machine), "0".repeat(64)), "x"));
        refused(404, "unknown-machine", given().get(MACHINES + "/x"));
    }
}
