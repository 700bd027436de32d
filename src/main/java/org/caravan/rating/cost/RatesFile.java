package org.caravan.rating.cost;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.caravan.common.Decimals;
import org.caravan.common.Unreadable;
import org.caravan.common.UserError;

/**
 * Prices in a text file, a line each: {@code region | product | unit | price}, as in {@code nz-por-1 | c1.c1r1 | hour |
 * 0.048}. A region {@code *} (or the word {@code region}) stands for any that has no line of its own. Empty lines and those
 * that begin with {@code #} say nothing; so does a first line of the four words above.
 */
public final class RatesFile implements PriceSource {
    private static final int MAX_FILE_BYTES = 16 << 20;
    private static final String HEADER = "region|product|unit|price";
    private static final List<String> ANY = List.of("*", "region");

    private final Path file;
    private volatile Map<Key, UnitCost> rates;

    private record Key(String region, String product) {}

    /**
     * Reads it once, so that a mistake is told at the start.
     *
     * @throws UserError naming file and line, if it is missing, empty or malformed
     */
    public RatesFile(Path file) {
        this.file = file;
        this.rates = parse();
    }

    @Override
    public String name() {
        return "rates file " + file;
    }

    @Override
    public String remedy(String datacenter, String product) {
        return "add a line '" + (datacenter.isEmpty() ? "*" : datacenter) + " | " + product + " | UNIT | PRICE' to "
                + file;
    }

    /** The file as it is now, whatever the month. */
    @Override
    public PriceBook read(YearMonth month) {
        rates = parse();
        Map<Key, UnitCost> now = rates;
        return new PriceBook() {
            @Override
            public Optional<UnitCost> cost(String datacenter, String product) {
                UnitCost own = now.get(new Key(datacenter, product));
                return Optional.ofNullable(own != null ? own : now.get(new Key("*", product)));
            }

            @Override
            public String currency() {
                return null;
            }
        };
    }

    /** Number of prices. */
    int size() {
        return rates.size();
    }

    private Map<Key, UnitCost> parse() {
        Map<Key, UnitCost> read = new HashMap<>();
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new UserError(name() + ": larger than " + MAX_FILE_BYTES + " bytes");
            }
            int number = 0;
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                number++;
                String text = line.strip();
                if (text.isEmpty()
                        || text.startsWith("#")
                        || number == 1 && text.replace(" ", "").equals(HEADER)) {
                    continue;
                }
                add(read, text, number);
            }
        } catch (IOException e) {
            throw Unreadable.of(name(), e);
        }
        if (read.isEmpty()) {
            throw new UserError(name() + ": holds no price; write lines such as nz-por-1 | c1.c1r1 | hour | 0.048");
        }
        return Map.copyOf(read);
    }

    private void add(Map<Key, UnitCost> read, String line, int number) {
        String[] cells = Stream.of(line.split("\\|", -1)).map(String::strip).toArray(String[]::new);
        if (cells.length != 4 || Stream.of(cells).anyMatch(String::isEmpty)) {
            throw wrong(number, "expected region | product | unit | price, found '" + line + "'");
        }
        BigDecimal price;
        try {
            price = Decimals.parse(cells[3]);
        } catch (NumberFormatException e) {
            throw wrong(number, "price '" + cells[3] + "' is no number");
        }
        if (price.signum() < 0) {
            throw wrong(number, "price '" + cells[3] + "' is below zero");
        }
        Key key = new Key(ANY.contains(cells[0]) ? "*" : cells[0], cells[1]);
        if (read.putIfAbsent(key, new UnitCost(price, cells[2])) != null) {
            throw wrong(number, "region " + cells[0] + " and product " + cells[1] + " have a price already");
        }
    }

    private UserError wrong(int line, String what) {
        return new UserError("rates file " + file + ":" + line + ": " + what);
    }
}
