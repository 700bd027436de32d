package com.example;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.caravan.invoice.adapter.*;

/** Keeps each invoice as a text file of a directory: an ERP in 50 lines. caravan.invoice.object=com.example.BookInvoice */
public final class BookInvoice implements InvoiceAdapter, InvoiceLookup {
    private final StringBuilder text = new StringBuilder();
    private final InvoiceContext context;
    private final Path book;

    public BookInvoice(InvoiceContext context) {
        this.context = context;
        this.book = Path.of(context.config().get("book"));
        text.append("invoice " + context.number() + " for " + context.name() + " in " + context.currency() + "\n");
    }

    @Override
    public void addSection(String name) {
        text.append("  in ").append(name).append('\n');
    }

    @Override
    public void addLine(InvoiceLine line) {
        text.append("    " + line.name() + " " + line.value().toPlainString() + " = " + line.amount() + "\n");
    }

    @Override
    public BigDecimal cost(String datacenter, String name) {
        return new BigDecimal(context.config().get("price." + name));
    }

    @Override
    public InvoiceReference commit() {
        try {
            Path draft = Files.writeString(Files.createTempFile(book, "draft", ".tmp"), text);
            Files.move(draft, file(context.key()), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            return new InvoiceReference(context.number(), context.document().total());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<InvoiceReference> find(String key) {
        return Files.exists(file(key)) ? Optional.of(new InvoiceReference(context.number())) : Optional.empty();
    }

    @Override
    public void close() {}
    private Path file(String key) {
        return book.resolve(key.replace(':', '_') + ".txt");
    }
}
