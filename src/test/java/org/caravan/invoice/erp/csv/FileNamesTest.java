package org.caravan.invoice.erp.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.caravan.common.UserError;
import org.caravan.invoice.document.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {
    private static String name(String account) {
        return new FileNames(CsvDirectory.DEFAULT_FILE_NAME).name(Sums.head(account, "2026-0001"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme", "3f8a0c5d9b714e62", "a.b", "a_b", "A.B", "a@b.example", "two words"})
    void anOrdinaryNameStaysAsItIs(String account) {
        // given an account
        // when, then
        assertThat(name(account)).isEqualTo("2026-10-2026-0001-" + account + ".csv");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "a/b, a_b",
                "\"../../etc/passwd\", ____etc_passwd",
                ".., _",
                ".hidden, _hidden",
                "\"a\nb\u0007c\", a_b_c",
                "café, cafe",
                "\u202Eevil, _evil",
                "😀, _",
                "a\\b, a_b",
                "-rf, _rf",
            })
    void whatDoesNotBelongIntoANameIsReplacedAndTheNameMarked(String account, String clean) {
        // given an account
        // when, then
        assertThat(name(account)).matches("2026-10-2026-0001-" + clean + "-[0-9a-f]{16}\\.csv");
    }

    @Test
    void accountsWhoseNamesLookAlikeHaveFilesOfTheirOwn() {
        // given
        List<String> accounts =
                List.of("a/b", "a\\b", "a_b", "a\u0000b", "a:b", "é", "e\u0301", "e", "..", "/", "😀", "🙂");
        // when
        List<String> names = accounts.stream().map(FileNamesTest::name).toList();
        // then
        assertThat(names).doesNotHaveDuplicates();
    }

    @Test
    void aNameIsNeverLongerThanAFileSystemTakes() {
        // given
        String account = "x".repeat(255);
        // when
        String name = name(account);
        String other = name(account + "y");
        // then
        assertThat(name).hasSize(255).endsWith(".csv");
        assertThat(other).hasSize(255).isNotEqualTo(name);
    }

    @Test
    void everyPlaceOfATemplateIsFilled() {
        // given
        FileNames names = new FileNames("{kind}_{issuer}_{account}_{number}_{month}_{digest}.txt");
        // when
        String name = names.name(Sums.head("acme", "INV-7"));
        // then
        assertThat(name).matches("invoice_hub_acme_INV-7_2026-10_[0-9a-f]{16}\\.txt");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{month}.csv | without {number} or {digest} two invoices could want one name",
                "{numbre}.csv | unknown place {numbre}; did you mean 'number'?",
                "sub/{number}.csv | it names a file, not a path",
                "../{number}.csv | it names a file, not a path",
                ".{number}.csv | it names a file, not a path",
                "{number | without {number} or {digest}",
            })
    void anUnfitTemplateIsRefused(String template, String message) {
        // given a template
        // when, then
        assertThatThrownBy(() -> new FileNames(template))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(message);
    }
}
