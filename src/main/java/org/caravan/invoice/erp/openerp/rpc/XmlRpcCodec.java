package org.caravan.invoice.erp.openerp.rpc;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;
import org.caravan.common.Decimals;
import org.caravan.invoice.erp.openerp.rpc.OdooFault.Kind;

/** XML-RPC calls and answers. What comes in is hostile: no document type, no entities, bounded depth. */
final class XmlRpcCodec {
    private static final int MAX_DEPTH = 64;
    private static final XMLInputFactory IN = input();
    private static final XMLOutputFactory OUT = XMLOutputFactory.newDefaultFactory();

    private XmlRpcCodec() {}

    private static XMLInputFactory input() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    // ---- calls ---------------------------------------------------------------------------------------------------

    static byte[] call(String method, List<?> parameters) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            XMLStreamWriter xml = OUT.createXMLStreamWriter(bytes, "UTF-8");
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("methodCall");
            element(xml, "methodName", method);
            xml.writeStartElement("params");
            for (Object parameter : parameters) {
                xml.writeStartElement("param");
                value(xml, parameter);
                xml.writeEndElement();
            }
            xml.writeEndElement();
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalArgumentException("can't be written as XML: " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }

    private static void element(XMLStreamWriter xml, String name, String text) throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeCharacters(text);
        xml.writeEndElement();
    }

    private static void value(XMLStreamWriter xml, Object value) throws XMLStreamException {
        xml.writeStartElement("value");
        if (value instanceof String text) {
            element(xml, "string", text);
        } else if (value instanceof Boolean flag) {
            element(xml, "boolean", flag ? "1" : "0");
        } else if (value instanceof Integer || value instanceof Long) {
            element(xml, "int", Integer.toString(Math.toIntExact(((Number) value).longValue())));
        } else if (value instanceof List<?> list) {
            xml.writeStartElement("array");
            xml.writeStartElement("data");
            for (Object item : list) {
                value(xml, item);
            }
            xml.writeEndElement();
            xml.writeEndElement();
        } else if (value instanceof Map<?, ?> map) {
            xml.writeStartElement("struct");
            for (Map.Entry<?, ?> member : map.entrySet()) {
                xml.writeStartElement("member");
                element(xml, "name", (String) member.getKey());
                value(xml, member.getValue());
                xml.writeEndElement();
            }
            xml.writeEndElement();
        } else {
            throw new IllegalArgumentException("XML-RPC has no form for "
                    + (value == null ? "null" : value.getClass().getName()));
        }
        xml.writeEndElement();
    }

    // ---- answers -------------------------------------------------------------------------------------------------

    /**
     * The value of an answer.
     *
     * @throws OdooFault if it is a fault, or no answer at all
     */
    static Object answer(byte[] body) throws OdooFault {
        try {
            XMLStreamReader xml = IN.createXMLStreamReader(new ByteArrayInputStream(body));
            try {
                expect(xml, "methodResponse");
                xml.nextTag();
                if (xml.getLocalName().equals("fault")) {
                    expect(xml, "value");
                    throw fault(value(xml, 0));
                }
                require(xml, "params");
                expect(xml, "param");
                expect(xml, "value");
                Object value = value(xml, 0);
                // to its end: half an answer is none
                while (xml.hasNext()) {
                    xml.next();
                }
                return value;
            } finally {
                xml.close();
            }
        } catch (XMLStreamException | IllegalArgumentException e) {
            throw new OdooFault(Kind.LOST, "the answer is no XML-RPC: " + e.getMessage(), e);
        }
    }

    private static OdooFault fault(Object value) {
        Map<?, ?> fault = value instanceof Map<?, ?> map ? map : Map.of();
        String code = String.valueOf(fault.get("faultCode"));
        String message = String.valueOf(fault.get("faultString"));
        // 3 at /xmlrpc/2; a word where an older server answers
        return OdooFault.answered(code.equals("3") ? "AccessDenied" : code, message, "");
    }

    private static void expect(XMLStreamReader xml, String name) throws XMLStreamException {
        xml.nextTag();
        require(xml, name);
    }

    private static void require(XMLStreamReader xml, String name) throws XMLStreamException {
        xml.require(XMLStreamConstants.START_ELEMENT, null, name);
    }

    /** At the start of a value; leaves it at its end. */
    private static Object value(XMLStreamReader xml, int depth) throws XMLStreamException {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nested more than " + MAX_DEPTH + " deep");
        }
        StringBuilder untyped = new StringBuilder();
        while (true) {
            int event = next(xml);
            if (event == XMLStreamConstants.END_ELEMENT) {
                return untyped.toString();
            }
            if (event == XMLStreamConstants.START_ELEMENT) {
                Object value = typed(xml, depth);
                xml.nextTag();
                xml.require(XMLStreamConstants.END_ELEMENT, null, "value");
                return value;
            }
            untyped.append(xml.getText());
        }
    }

    /** The next event that may stand in a value; anything else is refused. */
    private static int next(XMLStreamReader xml) throws XMLStreamException {
        int event = xml.next();
        if (event == XMLStreamConstants.CHARACTERS
                || event == XMLStreamConstants.CDATA
                || event == XMLStreamConstants.SPACE
                || event == XMLStreamConstants.START_ELEMENT
                || event == XMLStreamConstants.END_ELEMENT) {
            return event;
        }
        throw new IllegalArgumentException("it holds what belongs into no answer");
    }

    private static Object typed(XMLStreamReader xml, int depth) throws XMLStreamException {
        String type = xml.getLocalName();
        return switch (type) {
            case "array" -> array(xml, depth);
            case "struct" -> struct(xml, depth);
            case "string", "base64", "dateTime.iso8601" -> xml.getElementText();
            case "boolean" -> xml.getElementText().strip().equals("1");
            case "int", "i4", "i8" -> whole(xml.getElementText().strip());
            case "double" -> Decimals.parse(xml.getElementText().strip());
            case "nil" -> {
                xml.getElementText();
                yield null;
            }
            default -> throw new IllegalArgumentException("unknown type " + type);
        };
    }

    private static Object whole(String text) {
        if (text.length() > 20) {
            throw new IllegalArgumentException("a whole number of " + text.length() + " digits");
        }
        return new BigInteger(text).longValueExact();
    }

    private static List<Object> array(XMLStreamReader xml, int depth) throws XMLStreamException {
        List<Object> items = new ArrayList<>();
        expect(xml, "data");
        while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
            require(xml, "value");
            items.add(value(xml, depth + 1));
        }
        xml.nextTag();
        return items;
    }

    private static Map<String, Object> struct(XMLStreamReader xml, int depth) throws XMLStreamException {
        Map<String, Object> members = new LinkedHashMap<>();
        while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
            require(xml, "member");
            expect(xml, "name");
            String name = xml.getElementText();
            expect(xml, "value");
            members.put(name, value(xml, depth + 1));
            xml.nextTag();
        }
        return members;
    }
}
