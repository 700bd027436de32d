package org.caravan.invoice.adapter;

import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.caravan.common.UserError;
import org.caravan.invoice.InvoiceConstants;
import org.caravan.invoice.document.Document;
import org.caravan.invoice.document.Document.Line;
import org.caravan.invoice.document.Document.Section;
import org.caravan.invoice.document.DocumentJson;

/** The step of {@code adapter-sink}: gives a document to an adapter, line by line, or asks it for one. */
public final class AdapterSink implements Processor {
    /** What stands for the reference of a document that no adapter was given. */
    static final String EMPTY = "none: nothing to bill";

    private boolean commitEmpty;

    /**
     * What becomes of a document that bills nothing, without a line and with a total of 0.
     *
     * @param empty {@code skip} or {@code commit}
     */
    public void setEmpty(String empty) {
        commitEmpty = switch (empty) {
            case "skip" -> false;
            case "commit" -> true;
            default -> throw new UserError("adapter: empty is '" + empty + "'; it must be skip or commit");
        };
    }

    @Override
    public void process(Exchange exchange) {
        AdapterSettings settings = exchange.getContext().getRegistry().findSingleByType(AdapterSettings.class);
        if (settings == null) {
            throw new UserError("no adapter is named; set caravan.invoice.object to its class, bean or factory");
        }
        InvoiceAdapterFactory factory = AdapterFinder.find(
                settings.object(), name -> exchange.getContext().getRegistry().lookupByName(name));
        Message message = exchange.getMessage();
        if (InvoiceConstants.ASK.equals(message.getHeader(InvoiceConstants.OPERATION))) {
            ask(message, factory, settings);
        } else {
            answer(message, commit(message, factory, settings));
        }
    }

    private InvoiceReference commit(Message message, InvoiceAdapterFactory factory, AdapterSettings settings) {
        byte[] json = message.getBody(byte[].class);
        if (json == null || json.length == 0) {
            throw new UserError("adapter: the body is no document; send a document's JSON");
        }
        Document document = DocumentJson.read(json);
        if (!commitEmpty && document.lines() == 0 && document.total().signum() == 0) {
            return new InvoiceReference(EMPTY, document.total());
        }
        try (InvoiceAdapter adapter = factory.create(InvoiceContext.of(document, settings.config()))) {
            for (Section section : document.sections()) {
                adapter.addSection(section.name());
                for (Line line : section.lines()) {
                    adapter.addLine(new InvoiceLine(
                            section.name(),
                            line.product(),
                            line.quantity(),
                            line.unit(),
                            line.unitPrice(),
                            line.amount()));
                }
            }
            return adapter.commit();
        }
    }

    private static void ask(Message message, InvoiceAdapterFactory factory, AdapterSettings settings) {
        String key = message.getHeader(InvoiceConstants.INVOICE_KEY, String.class);
        String account = message.getHeader(InvoiceConstants.ACCOUNT, String.class);
        InvoiceContext context = new InvoiceContext(
                account,
                account,
                key,
                message.getHeader(InvoiceConstants.INVOICE_NUMBER, String.class),
                null,
                null,
                message.getHeader(InvoiceConstants.CURRENCY, String.class),
                settings.config(),
                null);
        try (InvoiceAdapter adapter = factory.create(context)) {
            if (!(adapter instanceof InvoiceLookup lookup)) {
                throw new IllegalStateException(settings.object() + " can't be asked");
            }
            Optional<InvoiceReference> found = lookup.find(key);
            if (found.isPresent()) {
                answer(message, found.get());
            } else {
                message.setHeader(InvoiceConstants.LOOKUP, InvoiceConstants.ABSENT);
            }
        }
    }

    private static void answer(Message message, InvoiceReference reference) {
        if (reference == null) {
            return;
        }
        message.setHeader(InvoiceConstants.ERP_REFERENCE, reference.id());
        if (reference.total() != null) {
            message.setHeader(InvoiceConstants.ERP_TOTAL, reference.total().toPlainString());
        }
    }
}
