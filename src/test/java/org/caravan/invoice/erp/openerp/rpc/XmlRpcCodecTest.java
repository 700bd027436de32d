package org.caravan.invoice.erp.openerp.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.caravan.invoice.erp.openerp.rpc.OdooFault.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** XML-RPC as it comes over the wire, from servers and from whoever sits in their place. */
class XmlRpcCodecTest {
    private static byte[] value(String value) {
        return bytes("<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n<value>" + value
                + "</value>\n</param>\n</params>\n</methodResponse>\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static OdooFault fault(String code, String message) {
        return catchThrowableOfType(
                OdooFault.class,
                () -> XmlRpcCodec.answer(
                        bytes("<methodResponse><fault><value><struct><member><name>faultCode</name><value>" + code
                                + "</value></member><member><name>faultString</name><value><string>" + message
                                + "</string></value></member></struct></value></fault></methodResponse>")));
    }

    @Test
    void aNumberIsTheLiteralThatStandsThere() throws Exception {
        // given
        String doubles = "<array><data><value><double>104.67999999999999</double></value>"
                + "<value><double>0.00034899999999999997</double></value><value><double>1e-07</double></value>"
                + "<value><int>-3</int></value><value><i8>9007199254740993</i8></value></data></array>";
        // when
        Object answer = XmlRpcCodec.answer(value(doubles));
        // then
        assertThat(answer)
                .isEqualTo(List.of(
                        new BigDecimal("104.67999999999999"),
                        new BigDecimal("0.00034899999999999997"),
                        new BigDecimal("1e-07"),
                        -3L,
                        9007199254740993L));
    }

    @Test
    void everyTypeOfTheWireIsRead() throws Exception {
        // given
        String all = "<struct><member><name>a&amp;b</name><value> text &lt;1&gt; </value></member>"
                + "<member><name>yes</name><value><boolean>1</boolean></value></member>"
                + "<member><name>no</name><value><boolean>0</boolean></value></member>"
                + "<member><name>nil</name><value><nil/></value></member>"
                + "<member><name>list</name><value><array><data>\n<value><string>x</string></value>\n</data></array></value>"
                + "</member><member><name>cdata</name><value><string><![CDATA[<y>]]></string></value></member></struct>";
        // when
        Object answer = XmlRpcCodec.answer(value(all));
        // then
        assertThat((Map<?, ?>) answer)
                .hasToString("{a&b= text <1> , yes=true, no=false, nil=null, list=[x], cdata=<y>}");
    }

    @Test
    void whatIsWrittenIsWhatTheServerReads() {
        // given
        Map<String, Object> struct = Map.of("a", List.of("<&>\u00fc", 7, 8L, true, Map.of()));
        // when
        String call = new String(XmlRpcCodec.call("execute_kw", List.of(struct)), StandardCharsets.UTF_8);
        // then
        assertThat(call)
                .contains("<methodName>execute_kw</methodName>")
                .contains(
                        "<member><name>a</name><value><array><data><value><string>&lt;&amp;&gt;\u00fc</string></value>"
                                + "<value><int>7</int></value><value><int>8</int></value><value><boolean>1</boolean></value>"
                                + "<value><struct></struct></value></data></array></value></member>");
        assertThatThrownBy(() -> XmlRpcCodec.call("x", List.of(new BigDecimal("1.5"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> XmlRpcCodec.call("x", List.of(1L << 40))).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void hostileXmlIsRefusedAndReadsNoFile(@TempDir Path directory) throws Exception {
        // given
        Path secret = Files.writeString(directory.resolve("secret"), "the key");
        String entity = "<!DOCTYPE x [<!ENTITY e SYSTEM '" + secret.toUri() + "'>]>"
                + new String(value("<string>&e;</string>"), StandardCharsets.UTF_8).substring(22);
        String laughs = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>"
                + new String(value("<string>&b;</string>"), StandardCharsets.UTF_8).substring(22);
        String deep = "<array><data><value>".repeat(1_000) + "</value></data></array>".repeat(1_000);
        List<byte[]> hostile = List.of(
                bytes(entity),
                bytes(laughs),
                value(deep),
                value("<script/>"),
                value("<int>" + "9".repeat(1_000_000) + "</int>"),
                value("<double>1e999999999</double>"),
                value("<double>NaN</double>"),
                value("<?php x?>"),
                bytes("<methodResponse><params><param><value><int>1</int></value>"),
                bytes("<html>502</html>"),
                bytes("not XML"),
                new byte[0]);
        for (byte[] answer : hostile) {
            // when
            Throwable refused = catchThrowableOfType(OdooFault.class, () -> XmlRpcCodec.answer(answer));
            // then
            assertThat(refused)
                    .as(new String(answer, 0, Math.min(answer.length, 80), StandardCharsets.UTF_8))
                    .isNotNull()
                    .extracting(e -> ((OdooFault) e).kind())
                    .isEqualTo(Kind.LOST);
            assertThat(refused.getMessage()).doesNotContain("the key").hasSizeLessThan(600);
        }
    }

    @Test
    void faultsAreToldApartByWhatMayFollow() {
        // given
        String traceback = "Traceback (most recent call last):\n  File \"x.py\", line 1\n";
        // when / then
        assertThat(fault("<int>3</int>", "Access Denied").kind()).isEqualTo(Kind.CREDENTIALS);
        assertThat(fault("<string>AccessDenied</string>", "Access Denied").kind())
                .isEqualTo(Kind.CREDENTIALS);
        assertThat(fault("<int>4</int>", "You are not allowed to create 'Contact'")
                        .kind())
                .isEqualTo(Kind.REFUSED);
        assertThat(fault("<int>2</int>", "The entry INV/1 must be in draft.").kind())
                .isEqualTo(Kind.REFUSED);
        assertThat(fault("<int>2</int>", "could not serialize access due to concurrent update")
                        .kind())
                .isEqualTo(Kind.PASSING);
        OdooFault database = fault("<int>1</int>", traceback + "psycopg2.OperationalError: server closed");
        assertThat(database.kind()).isEqualTo(Kind.PASSING);
        OdooFault other = fault("<int>1</int>", traceback + "ValueError: Invalid field 'x' on model 'account.move'\n");
        assertThat(other.kind()).isEqualTo(Kind.REFUSED);
        assertThat(other).hasMessage("ValueError: Invalid field 'x' on model 'account.move'");
        OdooFault masked = fault(
                "<int>2</int>", "violates check constraint \"account_move_line_check_accountable_required_fields\"");
        assertThat(masked.kind()).isEqualTo(Kind.PASSING);
        assertThat(fault("<int>1</int>", "x".repeat(100_000)).getMessage()).hasSizeLessThan(600);
    }
}
