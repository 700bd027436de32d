package org.caravan.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.caravan.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilePositionTest {
    @TempDir
    Path dir;

    @Test
    void aSmallFileIsItsSizeAndDigest() throws Exception {
        // given
        Path file = Files.writeString(dir.resolve("a"), "abc");
        Path empty = Files.writeString(dir.resolve("b"), "");
        // when
        String position = FilePosition.of(file);
        // then
        assertThat(position).isEqualTo("3-ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(FilePosition.of(empty))
                .isEqualTo("0-e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void theNameDoesNotMatterButTheContentDoes() throws Exception {
        // given a file of 3 MiB under two names, one grown and ones changed at start and end
        byte[] bytes = new byte[3 << 20];
        bytes[0] = 1;
        Path file = Files.write(dir.resolve("a"), bytes);
        Path other = Files.write(dir.resolve("b"), bytes);
        bytes[0] = 2;
        Path start = Files.write(dir.resolve("c"), bytes);
        bytes[0] = 1;
        bytes[bytes.length - 1] = 1;
        Path end = Files.write(dir.resolve("d"), bytes);
        // when
        String position = FilePosition.of(file);
        // then
        assertThat(FilePosition.of(other)).isEqualTo(position).startsWith("3145728-");
        assertThat(FilePosition.of(start)).isNotEqualTo(position);
        assertThat(FilePosition.of(end)).isNotEqualTo(position);
    }

    @Test
    void theProcessorSetsHeadersAndLeavesTheBody() throws Exception {
        // given
        Path file = Files.writeString(dir.resolve("a"), "abc");
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setBody(file.toFile());
        Exchange named = new DefaultExchange(new DefaultCamelContext());
        named.getMessage().setBody(file);
        named.getMessage().setHeader(CaravanHeaders.SOURCE, "nova");
        // when
        new FilePositionProcessor().process(exchange);
        new FilePositionProcessor().process(named);
        // then
        assertThat(exchange.getMessage().getHeader(CaravanHeaders.POSITION)).isEqualTo(FilePosition.of(file));
        assertThat(exchange.getMessage().getHeader(CaravanHeaders.SOURCE)).isEqualTo("files");
        assertThat(exchange.getMessage().getBody()).isEqualTo(file.toFile());
        assertThat(named.getMessage().getHeader(CaravanHeaders.SOURCE)).isEqualTo("nova");
    }

    @Test
    void whatIsNoFileIsAUserError() {
        // given
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setBody("text");
        Path missing = dir.resolve("missing");
        // when
        var text = assertThatThrownBy(() -> new FilePositionProcessor().process(exchange));
        var gone = assertThatThrownBy(() -> FilePosition.of(missing));
        var open = assertThatThrownBy(() -> UsageInput.open(missing));
        var folder = assertThatThrownBy(() -> UsageInput.open(dir));
        // then
        text.isInstanceOf(UserError.class).hasMessageContaining("needs a local file as body, found String");
        gone.isInstanceOf(UserError.class).hasMessageContaining("can't be read");
        open.isInstanceOf(UserError.class).hasMessageContaining("no such file");
        folder.isInstanceOf(UserError.class).hasMessageContaining("is a directory");
    }
}
