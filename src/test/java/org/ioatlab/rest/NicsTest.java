package org.ioatlab.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.ioatlab.wire.capture.LinuxTransfer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Network ports over HTTP: frames and captures in, queues, counters and captures out; and what is refused. */
@QuarkusTest
class NicsTest {
    /** The first full segment of a list of packets. */
    private static final String FULL = "items.find { it.segment.payloadLength == 1448 }.";

    private static final String MACHINE = "/api/v1/machines/ports";
    private static final String ETH0 = MACHINE + "/nics/eth0";
    private static final String PCAP = "application/vnd.tcpdump.pcap";

    /** Sixty bytes to the address 02:00:00:00:00:99, of a type that nobody knows. */
    private static final String FRAME = "02000000009902000000000988b5" + "00".repeat(46);

    @BeforeEach
    void make() {
        given().contentType("application/json")
                .body("{\"clock\":{\"state\":\"PAUSED\"},\"nic\":{\"receiveQueues\":4}}")
                .put(MACHINE)
                .then()
                .statusCode(201);
    }

    @AfterEach
    void drop() {
        given().delete(MACHINE).then().statusCode(204);
    }

    @Test
    void framesGoToThePortItselfUnlessTheyAreKept() {
        json("{\"frames\":[{\"hex\":\"" + FRAME + "\"},{\"hex\":\"" + FRAME + "\",\"gap\":\"1us\"}]}", "/frames")
                .statusCode(200)
                .body("accepted", equalTo(2))
                .body("rejected", hasSize(0));
        json("{\"frames\":[{\"hex\":\"" + FRAME + "\"}]}", "/frames?mac=KEEP").statusCode(200);
        settle();
        given().get(ETH0 + "/statistics")
                .then()
                .statusCode(200)
                .body("rx_packets", equalTo(2))
                .body("rx_filtered", equalTo(1));
    }

    @Test
    void promiscuousPortsTakeFramesForOthers() {
        patch("{\"promiscuous\":true}").statusCode(200).body("promiscuous", equalTo(true));
        json("{\"frames\":[{\"hex\":\"" + FRAME + "\"}]}", "/frames?mac=KEEP").statusCode(200);
        settle();
        given().get(ETH0 + "/statistics").then().body("rx_packets", equalTo(1));
    }

    @Test
    void framesTooShortTooLongOrWithWrongChecksumsAreCountedNotRefused() {
        byte[] capture = LinuxTransfer.file();
        given().contentType(PCAP)
                .body(capture)
                .post(ETH0 + "/frames?timing=LINE_RATE")
                .then()
                .statusCode(200);
        json("{\"frames\":[{\"hex\":\"0200\"},{\"hex\":\"" + FRAME + "00".repeat(1500) + "\"}]}", "/frames")
                .body("accepted", equalTo(2));
        String wrong = "020000000001020000000009080045000021000100004011000a0a0000020a0000010035003500"
                + "0d123468656c6c6f" + "00".repeat(20);
        json("{\"frames\":[{\"hex\":\"" + wrong + "\"}]}", "/frames").body("accepted", equalTo(1));
        settle();
        given().get(ETH0 + "/statistics")
                .then()
                .body("rx_short_length_errors", equalTo(1))
                .body("rx_long_length_errors", equalTo(1))
                .body("rx_csum_offload_errors", equalTo(1))
                .body("rx_csum_offload_good", equalTo(861));
    }

    @Test
    void aCaptureIsReceivedInEveryByteOrderAndResolution() {
        byte[] nanosecond = LinuxTransfer.file();
        for (byte[] file : new byte[][] {nanosecond, swapped(nanosecond)}) {
            given().contentType(PCAP)
                    .body(file)
                    .post(ETH0 + "/frames?timing=CAPTURED")
                    .then()
                    .statusCode(200)
                    .body("accepted", equalTo(869));
            settle();
        }
        given().get(ETH0 + "/statistics")
                .then()
                .body("rx_packets", equalTo(2 * 869))
                .body("rx_queue_0_packets", equalTo(2 * 111))
                .body("rx_queue_3_packets", equalTo(2 * 93));
    }

    @Test
    void whatThePortSawComesBackAsPcapngAndGoesInAgain() {
        given().contentType("application/json")
                .body("{\"enabled\":true,\"filter\":\"tcp and port 40001\",\"snapLength\":2000}")
                .put(ETH0 + "/capture")
                .then()
                .statusCode(200)
                .body("enabled", equalTo(true))
                .body("direction", equalTo("RX"));
        given().contentType(PCAP)
                .body(LinuxTransfer.file())
                .post(ETH0 + "/frames")
                .then()
                .statusCode(200);
        settle();
        int packets = given().accept("application/json")
                .get(ETH0 + "/capture")
                .then()
                .extract()
                .path("packets");
        byte[] file = given().get(ETH0 + "/capture")
                .then()
                .statusCode(200)
                .contentType("application/x-pcapng")
                .extract()
                .asByteArray();
        given().contentType("application/octet-stream")
                .body(file)
                .post(ETH0 + "/frames?timing=LINE_RATE")
                .then()
                .statusCode(200)
                .body("accepted", equalTo(packets));
        badRequest("{\"filter\":\"tcp and\"}", "/capture", 400);
    }

    @Test
    void whatIsNoCaptureIsRefusedAndChangesNothing() {
        String before = digest();
        byte[] file = LinuxTransfer.file();
        capture("this is text".getBytes(StandardCharsets.UTF_8), 400, "not-a-capture");
        capture(Arrays.copyOf(file, file.length - 7), 400, "capture-truncated");
        byte[] wireless = file.clone();
        wireless[20] = 105;
        capture(wireless, 422, "capture-link-type");
        given().contentType(PCAP).post(ETH0 + "/frames").then().statusCode(400);
        given().contentType("text/plain")
                .body("x")
                .post(ETH0 + "/frames")
                .then()
                .statusCode(415);
        assertThat(digest()).isEqualTo(before);
    }

    @Test
    void badFramesAreRefusedAndChangeNothing() {
        String before = digest();
        json("{\"frames\":[{\"hex\":\"0z\"}]}", "/frames")
                .statusCode(400)
                .body("violations[0].field", equalTo("frames[0].hex"));
        json("{\"frames\":[{}]}", "/frames").statusCode(400);
        json("{\"frames\":[]}", "/frames").statusCode(400);
        json("{\"frames\":[{\"hex\":\"00\",\"gap\":\"1 fortnight\"}]}", "/frames")
                .statusCode(400);
        json("{\"frames\":[{\"hex\":\"00\",\"speed\":1}]}", "/frames")
                .statusCode(400)
                .body("detail", containsString("speed"));
        json("{\"frames\":[{\"hex\":\"00\"}]}", "/frames?mac=MAYBE").statusCode(400);
        assertThat(digest()).isEqualTo(before);
    }

    @Test
    void aHeldPacketShowsHeaderBufferPagesAndBytes() {
        given().contentType("application/json")
                .body("{\"hold\":1000}")
                .put(ETH0 + "/tap")
                .then()
                .statusCode(200);
        given().contentType(PCAP)
                .body(LinuxTransfer.file())
                .post(ETH0 + "/frames")
                .then()
                .statusCode(200);
        settle();
        int sequence = given().get(ETH0 + "/packets?after=101&pageSize=20")
                .then()
                .statusCode(200)
                .body("items[0].sequence", equalTo(102))
                .body(FULL + "split", equalTo(true))
                .body(FULL + "header.length", equalTo(66))
                .body(FULL + "fragments[0].length", equalTo(1448))
                .body("nextPageToken", notNullValue())
                .extract()
                .path(FULL + "sequence");
        byte[] bytes = given().get(ETH0 + "/packets/" + sequence + "/content")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        assertThat(bytes).hasSize(1514);
        given().delete(ETH0 + "/packets?through=500").then().statusCode(200);
        given().get(ETH0 + "/tap").then().body("held", equalTo(869 - 500));
        given().delete(ETH0 + "/packets").then().statusCode(200);
        given().get(ETH0 + "/packets").then().body("items", hasSize(0));
        given().get(ETH0 + "/packets/102/content").then().statusCode(404);
    }

    @Test
    void rssIsReadChangedAndComputed() {
        json(
                        "{\"srcAddress\":\"66.9.149.187\",\"dstAddress\":\"161.142.100.80\",\"srcPort\":2794,\"dstPort\":1766}",
                        "/rss/hash")
                .statusCode(200)
                .body("hash", equalTo("0x51ccc178"))
                .body("entry", equalTo(120))
                .body("queue", equalTo(0));
        String tag = given().get(ETH0 + "/rss").then().statusCode(200).extract().header("ETag");
        given().contentType("application/json")
                .header("If-Match", tag)
                .body("{\"indirectionTable\":[" + "3,".repeat(127) + "3]}")
                .put(ETH0 + "/rss")
                .then()
                .statusCode(200)
                .body("indirectionTable[7]", equalTo(3));
        given().contentType("application/json")
                .header("If-Match", tag)
                .body("{\"hashFields\":[\"IPV4\"]}")
                .put(ETH0 + "/rss")
                .then()
                .statusCode(412);
        String before = digest();
        badRequest("{\"key\":\"12\"}", "/rss", 400);
        badRequest("{\"indirectionTable\":[0]}", "/rss", 400);
        badRequest("{\"indirectionTable\":[" + "7,".repeat(127) + "7]}", "/rss", 422);
        json("{\"srcAddress\":\"1.2.3\",\"dstAddress\":\"1.2.3.4\"}", "/rss/hash")
                .statusCode(400);
        json("{\"srcAddress\":\"::1\",\"dstAddress\":\"1.2.3.4\"}", "/rss/hash").statusCode(422);
        assertThat(digest()).isEqualTo(before);
    }

    @Test
    void settingsChangeAndBadOnesDoNot() {
        patch("{\"receiveQueues\":2,\"splitHeaders\":false,\"interruptsPerSecond\":0}")
                .statusCode(200)
                .body("receiveQueues", equalTo(2))
                .body("splitHeaders", equalTo(false));
        String before = digest();
        patch("{\"receiveQueues\":9}").statusCode(400).body("violations[0].field", equalTo("receiveQueues"));
        patch("{\"interruptsPerSecond\":7}").statusCode(422);
        patch("{\"colour\":\"red\"}").statusCode(400);
        given().get(MACHINE + "/nics/eth1").then().statusCode(404).body("type", equalTo("/problems/unknown-nic"));
        given().get(ETH0 + "/queues/2").then().statusCode(404);
        given().get(ETH0 + "/queues/1?count=1").then().statusCode(200).body("descriptors", hasSize(1));
        assertThat(digest()).isEqualTo(before);
    }

    private static ValidatableResponse json(String body, String path) {
        return given().contentType("application/json")
                .body(body)
                .post(ETH0 + path)
                .then();
    }

    @Test
    void theCableIsPulledAndPutBack() {
        patch("{\"linkUp\":false,\"tso\":false}")
                .statusCode(200)
                .body("linkUp", equalTo(false))
                .body("tso", equalTo(false));
        patch("{\"linkUp\":true}").statusCode(200).body("linkUp", equalTo(true));
    }

    private static ValidatableResponse patch(String body) {
        return given().contentType("application/json").body(body).patch(ETH0).then();
    }

    private static void badRequest(String body, String path, int status) {
        given().contentType("application/json")
                .body(body)
                .put(ETH0 + path)
                .then()
                .statusCode(status);
    }

    private static void capture(byte[] file, int status, String kind) {
        given().contentType(PCAP)
                .body(file)
                .post(ETH0 + "/frames")
                .then()
                .statusCode(status)
                .body("type", equalTo("/problems/" + kind));
    }

    private static void settle() {
        given().contentType("application/json")
                .body("{\"untilIdle\":true,\"limit\":\"10s\"}")
                .post(MACHINE + "/clock/advance")
                .then()
                .statusCode(200)
                .body("stoppedBy", equalTo("IDLE"));
    }

    private static String digest() {
        return given().get(MACHINE).then().statusCode(200).extract().path("digest");
    }

    /** The same pcap file as a machine of the other byte order writes it. */
    private static byte[] swapped(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer out = ByteBuffer.allocate(file.length).order(ByteOrder.BIG_ENDIAN);
        out.putInt(in.getInt()).putShort(in.getShort()).putShort(in.getShort());
        for (int i = 0; i < 4; i++) {
            out.putInt(in.getInt());
        }
        while (in.hasRemaining()) {
            out.putInt(in.getInt()).putInt(in.getInt());
            int length = in.getInt();
            out.putInt(length).putInt(in.getInt());
            byte[] frame = new byte[length];
            in.get(frame);
            out.put(frame);
        }
        return out.array();
    }
}
