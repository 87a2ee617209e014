package dev.candlewick.sink.clickhouse.testing;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The main class of the process that is the ClickHouse engine: loads the library and lets it serve HTTP.
 *
 * <p>The library refuses to serve when it is embedded, but its command line program does not. That program is given a
 * query which reads standard input, so that it serves until the pipe from its parent closes: when the parent ends,
 * however it ends, the engine ends too.
 */
final class EngineProcess {

    // The engine's query threads are its own; this one parses and plans, which recurses deeply.
    private static final long STACK = 256L << 20;

    // Linux, the only system with this library, has all of 127.0.0.0/8: so the same port serves both.
    private static final String BEHIND_THE_RELAY = "127.0.0.2";

    private EngineProcess() {}

    /** Arguments: the library, the data folder, the HTTP port, then further options of the engine. */
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[2]);
        Relay.start(port, new InetSocketAddress(BEHIND_THE_RELAY, port));
        NativeLibrary library = NativeLibrary.getInstance(arguments[0]);
        List<String> line = new ArrayList<>(List.of(
                "clickhouse", "--path=" + arguments[1], "--listen_host=" + BEHIND_THE_RELAY, "--http_port=" + port));
        line.addAll(Arrays.asList(arguments).subList(3, arguments.length));
        line.addAll(List.of(
                "--structure=x String",
                "--input-format=LineAsString",
                "--query=SYSTEM START LISTEN HTTP; SELECT count() FROM table"));
        String[] options = line.toArray(String[]::new);
        Runnable serve = () -> {
            Pointer result = library.getFunction("chdb_query_cmdline")
                    .invokePointer(new Object[] {options.length, new StringArray(options)});
            if (result != null) {
                String error = library.getFunction("chdb_result_error").invokeString(new Object[] {result}, false);
                System.err.println(error == null ? "The engine ended without an error" : error);
            }
            Runtime.getRuntime().halt(1);
        };
        new Thread(null, serve, "engine", STACK).start();
    }
}
