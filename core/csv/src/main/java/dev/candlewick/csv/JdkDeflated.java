package dev.candlewick.csv;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The platform's zlib. */
final class JdkDeflated implements Deflated {

    private final Inflater inflater = new Inflater(true);
    private boolean fed;

    @Override
    public void start(ByteBlock block) {
        inflater.reset();
        fed = false;
    }

    @Override
    public boolean inflate(RawInput in, ByteBlock block) {
        try {
            while (block.to < block.limit()) {
                int count = inflater.inflate(block.bytes, block.to, block.limit() - block.to);
                block.to += count;
                if (inflater.finished()) {
                    in.at = in.limit - inflater.getRemaining();
                    return true;
                }
                if (count == 0) {
                    if (inflater.needsDictionary()) {
                        throw new BadGzip("it needs a dictionary");
                    }
                    in.at = fed ? in.limit : in.at;
                    if (!in.has(1)) {
                        throw new BadGzip("it ends early");
                    }
                    inflater.setInput(in.bytes, in.at, in.limit - in.at);
                    fed = true;
                }
            }
            return false;
        } catch (DataFormatException bad) {
            throw new BadGzip(String.valueOf(bad.getMessage()));
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
