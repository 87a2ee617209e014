package dev.candlewick.sink.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Parquet without Hadoop: nothing of it is on the class path, whatever a dependency might bring along one day. */
class NoHadoopTest {

    @Test
    void noClassOfHadoopCanBeLoaded() {
        for (String name : new String[] {
            "org.apache.hadoop.conf.Configuration",
            "org.apache.hadoop.fs.Path",
            "org.apache.parquet.hadoop.ParquetReader"
        }) {
            assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
        }
    }

    @Test
    void noJarOnTheClassPathIsHadoops() {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        assertThat(Stream.of(classPath.split(File.pathSeparator, -1)).map(entry -> new File(entry).getName()))
                .isNotEmpty()
                .noneMatch(name -> name.contains("hadoop"));
    }
}
