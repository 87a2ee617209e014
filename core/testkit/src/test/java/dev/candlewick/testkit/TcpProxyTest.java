package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private Answering server;
    private TcpProxy proxy;

    @BeforeEach
    void begin() throws IOException {
        server = new Answering();
        proxy = TcpProxy.to(server.address());
    }

    @AfterEach
    void end() throws Exception {
        proxy.close();
        server.close();
    }

    @Test
    void withoutAFaultEverythingPassesAndIsCounted() throws IOException {
        try (Client client = connect()) {
            assertThat(client.ask("one")).isEqualTo("<one>");
            assertThat(client.ask("three")).isEqualTo("<three>");
        }
        assertThat(proxy.connections()).isEqualTo(1);
        assertThat(proxy.exchanges()).isEqualTo(2);
        assertThat(proxy.requestBytes()).isEqualTo(4 + 6);
        assertThat(proxy.responseBytes()).isEqualTo(6 + 8);
    }

    @Test
    void theEndOfTheRequestIsPassedOnAndTheAnswerStillArrives() throws IOException {
        try (Client client = connect()) {
            client.send("one\ntwo\n");
            client.socket.shutdownOutput();
            assertThat(client.readToEnd()).isEqualTo("<one>\n<two>\n");
        }
    }

    @Test
    void aResetInTheRequestLetsExactlyTheBytesBeforeItThrough() throws Exception {
        proxy.next(TcpFault.resetAfterRequestBytes(6));
        try (Client client = connect()) {
            assertThat(client.ask("one")).isEqualTo("<one>");
            client.send("two\n");
            assertThatThrownBy(client::readLine).isInstanceOf(SocketException.class);
        }
        server.awaitReceived("one\ntw");
    }

    @Test
    void aResetInTheResponseLetsNoMoreThanTheBytesBeforeItThrough() throws IOException {
        proxy.next(TcpFault.resetAfterResponseBytes(8));
        try (Client client = connect()) {
            assertThat(client.ask("one")).isEqualTo("<one>");
            client.send("two\n");
            assertThatThrownBy(client::readLine).isInstanceOf(SocketException.class);
        }
        assertThat(server.received()).isEqualTo("one\ntwo\n");
    }

    @Test
    void aResetBeforeAnExchangeDeliversNothingOfIt() throws Exception {
        proxy.next(TcpFault.resetBeforeExchange(2));
        try (Client client = connect()) {
            assertThat(client.ask("one")).isEqualTo("<one>");
            client.send("two\n");
            assertThatThrownBy(client::readLine).isInstanceOf(SocketException.class);
        }
        server.awaitEnded(1);
        assertThat(server.received()).isEqualTo("one\n");
    }

    @Test
    void aDroppedReplyMeansTheServerDidItAndTheClientSeesAReset() throws IOException {
        proxy.next(TcpFault.dropReplyOfExchange(2));
        try (Client client = connect()) {
            assertThat(client.ask("one")).isEqualTo("<one>");
            client.send("two\n");
            assertThatThrownBy(client::readLine).isInstanceOf(SocketException.class);
        }
        assertThat(server.answered()).isEqualTo(2);
    }

    @Test
    void aReplyIsDroppedAfterAByteAndWhatFollowsIsNotDelivered() throws IOException {
        proxy.next(TcpFault.dropReplyAfterRequestBytes(8));
        try (Client client = connect()) {
            assertThat(client.ask("one")).isEqualTo("<one>");
            client.send("two\nthree\n");
            assertThatThrownBy(client::readLine).isInstanceOf(SocketException.class);
        }
        assertThat(server.received()).isEqualTo("one\ntwo\n");
        assertThat(server.answered()).isEqualTo(2);
    }

    @Test
    void aReplyThatCannotComeIsNotWaitedForLong() throws Exception {
        proxy.next(TcpFault.dropReplyAfterRequestBytes(2));
        try (Client client = connect()) {
            client.send("one\n");
            assertThatThrownBy(client::readLine).isInstanceOf(SocketException.class);
        }
        server.awaitReceived("on");
        assertThat(server.answered()).isZero();
    }

    @Test
    void aHalfClosedResponseEndsInGoodOrderAndRequestsStillArrive() throws Exception {
        proxy.next(TcpFault.halfCloseAfterResponseBytes(3));
        try (Client client = connect()) {
            client.send("one\n");
            assertThat(client.readToEnd()).isEqualTo("<on");
            client.send("two\n");
            server.awaitReceived("one\ntwo\n");
        }
    }

    @Test
    void aHalfClosedRequestEndsForTheServerAndItsAnswersStillArrive() throws IOException {
        proxy.next(TcpFault.halfCloseAfterRequestBytes(4));
        try (Client client = connect()) {
            client.send("one\ntwo\n");
            assertThat(client.readToEnd()).isEqualTo("<one>\n");
        }
        assertThat(server.received()).isEqualTo("one\n");
    }

    @Test
    void aBlackHoleAcceptsAndNeverAnswers() throws IOException {
        proxy.all(TcpFault.blackHole());
        try (Client client = connect()) {
            client.socket.setSoTimeout(100);
            client.send("x".repeat(1_000_000) + "\n");
            assertThatThrownBy(client::readLine).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(server.received()).isEmpty();
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void oneByteIsCorruptedInEitherDirection() throws IOException {
        proxy.next(TcpFault.corruptRequestByte(1)).next(TcpFault.corruptResponseByte(5));
        try (Client client = connect()) {
            client.send("one\n");
            client.readLine();
            assertThat(server.receivedBytes()).containsExactly('o', 'n' ^ 0xff, 'e', '\n');
        }
        try (Client client = connect()) {
            client.send("one\n");
            assertThat(client.read(6)).containsExactly('<', 'o', 'n', 'e', '>', '\n' ^ 0xff);
        }
    }

    @Test
    void aDelayHoldsEveryPieceBack() throws IOException {
        proxy.next(TcpFault.delay(Duration.ofMillis(60)));
        try (Client client = connect()) {
            long started = System.nanoTime();
            assertThat(client.ask("one")).isEqualTo("<one>");
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofMillis(119));
        }
    }

    @Test
    void aRateLetsDataDribble() throws IOException {
        proxy.next(TcpFault.rate(1_000));
        try (Client client = connect()) {
            long started = System.nanoTime();
            String text = "x".repeat(99);
            assertThat(client.ask(text)).isEqualTo("<" + text + ">");
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofMillis(200));
        }
    }

    @Test
    void aStalledRequestArrivesAfterItsReleaseEvenIfTheClientHasGone() throws Exception {
        proxy.once(TcpFault.stallBeforeExchange(2));
        try (Client client = connect()) {
            assertThat(client.ask("one")).isEqualTo("<one>");
            client.send("two\n");
            assertThat(proxy.awaitStruck(LIMIT)).isTrue();
            client.send("three\n");
            client.socket.setSoTimeout(100);
            assertThatThrownBy(client::readLine).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(server.received()).isEqualTo("one\n");
        proxy.release();
        server.awaitReceived("one\ntwo\nthree\n");
    }

    @Test
    void aStalledAnswerArrivesWholeAfterItsRelease() throws Exception {
        proxy.once(TcpFault.stallAfterResponseBytes(2));
        try (Client client = connect()) {
            client.send("one\n");
            assertThat(proxy.awaitStruck(LIMIT)).isTrue();
            assertThat(client.read(2)).containsExactly('<', 'o');
            client.send("two\n");
            proxy.release();
            assertThat(client.readLine()).isEqualTo("ne>");
            assertThat(client.readLine()).isEqualTo("<two>");
        }
    }

    @Test
    void aFaultGivenOnceStrikesOneConnectionAndCountsOverAll() throws IOException {
        try (Client early = connect()) {
            assertThat(early.ask("one")).isEqualTo("<one>");
            proxy.once(TcpFault.resetAfterRequestBytes(6));
            assertThat(early.ask("two")).isEqualTo("<two>");
            try (Client late = connect()) {
                late.send("three\n");
                assertThatThrownBy(late::readLine).isInstanceOf(SocketException.class);
            }
            assertThat(proxy.struck()).isTrue();
            assertThat(early.ask("four")).isEqualTo("<four>");
        }
    }

    @Test
    void aFaultForAllAppliesToOpenConnectionsFromNowOnAndToEachByItself() throws IOException {
        try (Client one = connect();
                Client two = connect()) {
            assertThat(one.ask("one")).isEqualTo("<one>");
            assertThat(two.ask("two")).isEqualTo("<two>");
            proxy.all(TcpFault.resetBeforeExchange(1));
            for (Client client : List.of(one, two)) {
                client.send("more\n");
                assertThatThrownBy(client::readLine).isInstanceOf(SocketException.class);
            }
        }
        proxy.heal();
        try (Client client = connect()) {
            assertThat(client.ask("healed")).isEqualTo("<healed>");
        }
    }

    @Test
    void faultsAreForTheConnectionTheyNameOrForTheNextOnes() throws IOException {
        proxy.connection(2, TcpFault.resetBeforeExchange(1));
        proxy.next(TcpFault.none());
        proxy.next(TcpFault.resetBeforeExchange(1));
        List<Boolean> passed = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            try (Client client = connect()) {
                client.send("x\n");
                passed.add("<x>".equals(client.readLine()));
            } catch (SocketException reset) {
                passed.add(false);
            }
        }
        assertThat(passed).containsExactly(true, false, false, true);
    }

    @Test
    void aRefusedConnectionIsRefusedUntilAcceptedAgainAndOpenOnesStay() throws IOException {
        try (Client early = connect()) {
            assertThat(early.ask("one")).isEqualTo("<one>");
            proxy.refuse();
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            assertThat(early.ask("two")).isEqualTo("<two>");
            proxy.accept();
            try (Client late = connect()) {
                assertThat(late.ask("three")).isEqualTo("<three>");
            }
        }
    }

    @Test
    void everyOpenConnectionCanBeResetAtOnce() throws IOException {
        try (Client one = connect();
                Client two = connect()) {
            one.ask("one");
            two.ask("two");
            proxy.disconnect();
            assertThatThrownBy(one::readLine).isInstanceOf(SocketException.class);
            assertThatThrownBy(two::readLine).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void aServerThatIsNotThereResetsTheClient() throws Exception {
        server.close();
        try (Client client = connect()) {
            assertThatThrownBy(client::readLine).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void muchDataPassesUnchangedBothWaysAtOnce() throws IOException {
        String line = "0123456789".repeat(100_000);
        try (Client client = connect()) {
            assertThat(client.ask(line)).isEqualTo("<" + line + ">");
        }
    }

    @Test
    void closingEndsEveryConnectionAndThreadAlsoAStalledOne() throws Exception {
        proxy.once(TcpFault.stallAfterRequestBytes(1));
        try (Client stalled = connect();
                Client idle = connect()) {
            stalled.send("one\n");
            assertThat(proxy.awaitStruck(LIMIT)).isTrue();
            proxy.close();
            assertThatThrownBy(stalled::readLine).isInstanceOf(SocketException.class);
            assertThatThrownBy(idle::readLine).isInstanceOf(SocketException.class);
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("tcp-proxy-"));
        proxy.close();
    }

    @Test
    void aFaultThatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> TcpFault.resetAfterRequestBytes(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> TcpFault.dropReplyOfExchange(0)).hasMessageContaining("counted from 1");
        assertThatThrownBy(() -> TcpFault.rate(0)).isInstanceOf(IllegalArgumentException.class);
    }

    private Client connect() throws IOException {
        return new Client(new Socket(proxy.host(), proxy.port()));
    }

    private static final class Client implements AutoCloseable {

        final Socket socket;

        Client(Socket socket) throws IOException {
            this.socket = socket;
            socket.setSoTimeout((int) LIMIT.toMillis());
        }

        String ask(String line) throws IOException {
            send(line + "\n");
            return readLine();
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        String readLine() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            for (int octet = in.read(); octet != '\n'; octet = in.read()) {
                if (octet < 0) {
                    throw new IOException("The answer ends after '" + line + "'");
                }
                line.write(octet);
            }
            return line.toString(StandardCharsets.ISO_8859_1);
        }

        int[] read(int bytes) throws IOException {
            int[] read = new int[bytes];
            for (int i = 0; i < bytes; i++) {
                read[i] = socket.getInputStream().read();
            }
            return read;
        }

        String readToEnd() throws IOException {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Answers each line with the line in angle brackets, and remembers what it got. */
    private static final class Answering implements AutoCloseable {

        private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private final Thread accepting;
        private int answered;
        private int ended;

        Answering() throws IOException {
            accepting = start(() -> {
                while (true) {
                    Socket client = listener.accept();
                    start(() -> answer(client));
                }
            });
        }

        InetSocketAddress address() {
            return (InetSocketAddress) listener.getLocalSocketAddress();
        }

        synchronized String received() {
            return received.toString(StandardCharsets.ISO_8859_1);
        }

        synchronized int[] receivedBytes() {
            byte[] bytes = received.toByteArray();
            int[] unsigned = new int[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                unsigned[i] = bytes[i] & 0xff;
            }
            return unsigned;
        }

        synchronized int answered() {
            return answered;
        }

        synchronized void awaitReceived(String expected) throws InterruptedException {
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (!received().equals(expected) && System.nanoTime() < deadline) {
                wait(10);
            }
            assertThat(received()).isEqualTo(expected);
        }

        synchronized void awaitEnded(int connections) throws InterruptedException {
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (ended < connections && System.nanoTime() < deadline) {
                wait(10);
            }
            assertThat(ended).isEqualTo(connections);
        }

        private void answer(Socket client) throws IOException {
            try (client) {
                ByteArrayOutputStream line = new ByteArrayOutputStream();
                byte[] piece = new byte[8_192];
                for (int length = client.getInputStream().read(piece);
                        length >= 0;
                        length = client.getInputStream().read(piece)) {
                    for (int i = 0; i < length; i++) {
                        synchronized (this) {
                            received.write(piece[i]);
                        }
                        if (piece[i] == '\n') {
                            synchronized (this) {
                                answered++;
                            }
                            String answer = "<" + line.toString(StandardCharsets.ISO_8859_1) + ">\n";
                            client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                            line.reset();
                        } else {
                            line.write(piece[i]);
                        }
                    }
                }
            } finally {
                synchronized (this) {
                    ended++;
                }
            }
        }

        private static Thread start(Work work) {
            Thread thread = new Thread(() -> {
                try {
                    work.run();
                } catch (IOException ended) {
                    // The other side went away, which is what these tests are about.
                }
            });
            thread.setDaemon(true);
            thread.start();
            return thread;
        }

        @Override
        public void close() throws Exception {
            listener.close();
            // Until then the port is listened on.
            accepting.join();
        }

        private interface Work {
            void run() throws IOException;
        }
    }
}
