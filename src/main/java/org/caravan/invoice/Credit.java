package org.caravan.invoice;

import java.util.SortedSet;
import org.caravan.invoice.document.Document;

/**
 * A credit note, issued or as it would be.
 *
 * @param invoice the document that it corrects
 * @param note its head; null if it was not issued
 * @param document what it says; key and number are placeholders if it was not issued
 * @param lines the invoice's lines that it takes back
 */
public record Credit(IssuedDocument invoice, IssuedDocument note, Document document, SortedSet<Integer> lines) {}
