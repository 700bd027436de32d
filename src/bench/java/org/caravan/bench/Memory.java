package org.caravan.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What processes hold in memory, from Linux's own books. */
final class Memory {
    private Memory() {}

    /** The largest resident size that this process ever had. */
    static long peakRssMiB() throws IOException {
        return kiB(Path.of("/proc/self/status"), "VmHWM:") / 1024;
    }

    /** The largest heap in use: the sum of the pools' own peaks, so never too small. */
    static long peakHeapMiB() {
        long bytes = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP) {
                bytes += pool.getPeakUsage().getUsed();
            }
        }
        return bytes >> 20;
    }

    /** Resident memory of all descendants of this process, pages they share counted once. */
    static long descendantsRssMiB() {
        long[] sums = new long[2];
        ProcessHandle.current().descendants().forEach(process -> {
            Path status = Path.of("/proc/" + process.pid() + "/status");
            try {
                sums[0] += kiB(status, "RssAnon:");
                sums[1] = Math.max(sums[1], kiB(status, "RssShmem:") + kiB(status, "RssFile:"));
            } catch (IOException e) {
                // a backend that ended meanwhile holds nothing
            }
        });
        return (sums[0] + sums[1]) / 1024;
    }

    private static long kiB(Path status, String key) throws IOException {
        for (String line : Files.readString(status, StandardCharsets.US_ASCII).split("\n")) {
            if (line.startsWith(key)) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new NoSuchFileException(status + ": no " + key);
    }
}
