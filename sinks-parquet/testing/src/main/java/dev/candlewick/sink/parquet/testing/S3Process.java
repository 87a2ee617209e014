package dev.candlewick.sink.parquet.testing;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;

/**
 * The main class of the process that is the S3 server: s3proxy, which ends when its standard input does. When the parent
 * ends, however it ends, the server ends too.
 */
final class S3Process {

    private S3Process() {}

    /** Arguments: those of s3proxy. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        Thread watch = new Thread(S3Process::endWithParent, "end with parent");
        watch.setDaemon(true);
        watch.start();
        try {
            // By name: its jar is on the class path of this process only.
            Class.forName("org.gaul.s3proxy.Main")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) arguments);
        } catch (InvocationTargetException failed) {
            failed.getCause().printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // Nobody writes.
            }
        } catch (IOException gone) {
            // As good as its end.
        }
        Runtime.getRuntime().halt(0);
    }
}
