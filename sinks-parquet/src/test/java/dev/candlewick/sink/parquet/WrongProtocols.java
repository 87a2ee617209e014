package dev.candlewick.sink.parquet;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Ways of publishing files that are known to be wrong: a harness that does not catch them proves nothing. */
enum WrongProtocols {
    NO_FSYNC {
        @Override
        FileOperations over(FileOperations real) {
            return new Passing(real) {
                @Override
                void force(NewFile file) {}
            };
        }
    },
    NO_DIRECTORY_FSYNC {
        @Override
        FileOperations over(FileOperations real) {
            return new Passing(real) {
                @Override
                public void forceDirectory(Path directory) {}
            };
        }
    },
    WRITE_IN_PLACE {
        @Override
        FileOperations over(FileOperations real) {
            return new Passing(real) {
                @Override
                public void move(Path from, Path to) throws IOException {
                    byte[] bytes = Files.readAllBytes(from);
                    real.delete(to);
                    try (NewFile target = real.create(to)) {
                        target.write(bytes, 0, bytes.length / 2);
                        target.write(bytes, bytes.length / 2, bytes.length - bytes.length / 2);
                        target.force();
                    }
                    real.delete(from);
                }
            };
        }
    };

    abstract FileOperations over(FileOperations real);

    private static class Passing implements FileOperations {
        final FileOperations real;

        Passing(FileOperations real) {
            this.real = real;
        }

        void force(NewFile file) throws IOException {
            file.force();
        }

        @Override
        public void createDirectory(Path directory) throws IOException {
            real.createDirectory(directory);
        }

        @Override
        public NewFile create(Path file) throws IOException {
            NewFile opened = real.create(file);
            OutputStream bytes = opened;
            return new NewFile() {
                @Override
                public void write(int octet) throws IOException {
                    bytes.write(octet);
                }

                @Override
                public void write(byte[] source, int from, int count) throws IOException {
                    bytes.write(source, from, count);
                }

                @Override
                void force() throws IOException {
                    Passing.this.force(opened);
                }

                @Override
                public void close() throws IOException {
                    bytes.close();
                }
            };
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            real.move(from, to);
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
            real.forceDirectory(directory);
        }

        @Override
        public void delete(Path file) throws IOException {
            real.delete(file);
        }
    }
}
