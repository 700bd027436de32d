package org.caravan.invoice.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.YearMonth;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DocumentKeyTest {
    private static final YearMonth MONTH = YearMonth.of(2026, 10);

    @Test
    void oddCharactersArePercentEncodedUtf8() {
        // given
        String account = "a:b/ü\u202e~x.y_z-1%";
        // when
        String key = DocumentKey.of("hub 1", account, MONTH, 2);
        // then
        assertThat(key).isEqualTo("hub%201:a%3Ab%2F%C3%BC%E2%80%AE~x.y_z-1%25:2026-10:2");
    }

    @Test
    void accountsThatLookAlikeHaveKeysOfTheirOwn() {
        // given
        List<String> accounts = List.of("a.b", "a_b", "A.B", "a/b", "a:b", "a%3Ab", "a b", "a+b", "😀", "é", "e\u0301");
        // when
        var keys = accounts.stream()
                .map(account -> DocumentKey.of("hub", account, MONTH, 1))
                .collect(Collectors.toSet());
        // then
        assertThat(keys).hasSize(accounts.size());
        assertThat(keys.stream().map(DocumentKey::sha256))
                .doesNotHaveDuplicates()
                .allMatch(h -> h.length() == 64);
    }

    @Test
    void noKeyWithoutItsParts() {
        // given
        String nobody = "";
        // when, then
        assertThatIllegalArgumentException().isThrownBy(() -> DocumentKey.of("hub", nobody, MONTH, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> DocumentKey.of("hub", "a", MONTH, 0));
    }
}
