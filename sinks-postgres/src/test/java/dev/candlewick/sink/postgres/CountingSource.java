package dev.candlewick.sink.postgres;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A data source over a real server that counts its open connections and loses answers of commits on request. */
final class CountingSource {

    private final PGSimpleDataSource real = new PGSimpleDataSource();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong taken = new AtomicLong();
    private volatile String nextCommit = "";
    private volatile boolean refuseAfterCommit;
    private volatile boolean refuse;

    CountingSource(String url) {
        real.setUrl(url);
    }

    DataSource dataSource() {
        return (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("getConnection")) {
                        return method.invoke(real, arguments);
                    }
                    if (refuse) {
                        throw new SQLException("no connection for this test", "08001");
                    }
                    open.incrementAndGet();
                    taken.incrementAndGet();
                    return connection(real.getConnection());
                });
    }

    /** How many connections were ever asked for. */
    long taken() {
        return taken.get();
    }

    int open() {
        return open.get();
    }

    /** The next commit of rows reports a broken connection, after it happened or instead of it. */
    void loseNextCommit(boolean happens) {
        nextCommit = happens ? "happens" : "is lost";
    }

    void refuseConnectionsAfterCommit() {
        refuseAfterCommit = true;
    }

    void allowConnections() {
        refuse = false;
        refuseAfterCommit = false;
    }

    private Connection connection(Connection connection) {
        boolean[] copied = {false};
        boolean[] ended = {false};
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    String name = method.getName();
                    if (name.equals("unwrap")) {
                        copied[0] = true;
                    } else if ((name.equals("close") || name.equals("abort")) && !ended[0]) {
                        ended[0] = true;
                        open.decrementAndGet();
                    } else if (name.equals("commit") && !nextCommit.isEmpty() && copied[0]) {
                        boolean happens = nextCommit.equals("happens");
                        nextCommit = "";
                        if (happens) {
                            connection.commit();
                        } else {
                            connection.rollback();
                        }
                        refuse = refuseAfterCommit;
                        throw new SQLException("the answer was lost for this test", "08006");
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }
}
