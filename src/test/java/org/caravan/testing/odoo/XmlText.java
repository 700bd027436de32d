package org.caravan.testing.odoo;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** The server's side of XML-RPC, written apart from the client's so that no mistake is made twice. */
final class XmlText {
    private XmlText() {}

    record Call(String method, List<Object> parameters) {}

    static Call call(byte[] body) throws Exception {
        Element top = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(body))
                .getDocumentElement();
        List<Object> parameters = new ArrayList<>();
        Element params = child(top, "params");
        for (Element param : children(params)) {
            parameters.add(value(child(param, "value")));
        }
        return new Call(child(top, "methodName").getTextContent(), parameters);
    }

    private static Object value(Element value) {
        List<Element> typed = children(value);
        if (typed.isEmpty()) {
            return value.getTextContent();
        }
        Element type = typed.get(0);
        return switch (type.getTagName()) {
            case "string" -> type.getTextContent();
            case "int" -> Long.parseLong(type.getTextContent());
            case "boolean" -> type.getTextContent().equals("1");
            case "array" -> {
                List<Object> items = new ArrayList<>();
                children(child(type, "data")).forEach(item -> items.add(value(item)));
                yield items;
            }
            case "struct" -> {
                Map<String, Object> members = new LinkedHashMap<>();
                for (Element member : children(type)) {
                    members.put(child(member, "name").getTextContent(), value(child(member, "value")));
                }
                yield members;
            }
            default -> throw new IllegalArgumentException(type.getTagName());
        };
    }

    private static Element child(Element parent, String name) {
        return children(parent).stream()
                .filter(child -> child.getTagName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<Element> children(Element parent) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }

    static byte[] answer(Object result) {
        return ("<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n" + text(result)
                        + "</param>\n</params>\n</methodResponse>\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    static byte[] fault(int code, String message) {
        Map<String, Object> fault = new LinkedHashMap<>();
        fault.put("faultCode", code);
        fault.put("faultString", message);
        return ("<?xml version='1.0'?>\n<methodResponse>\n<fault>\n" + text(fault) + "</fault>\n</methodResponse>\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Object value) {
        StringBuilder out = new StringBuilder("<value>");
        if (value instanceof Boolean flag) {
            out.append("<boolean>").append(flag ? 1 : 0).append("</boolean>");
        } else if (value instanceof Integer || value instanceof Long) {
            out.append("<int>").append(value).append("</int>");
        } else if (value instanceof Double) {
            out.append("<double>").append(value).append("</double>");
        } else if (value instanceof List<?> list) {
            out.append("<array><data>\n");
            list.forEach(item -> out.append(text(item)));
            out.append("</data></array>");
        } else if (value instanceof Map<?, ?> map) {
            out.append("<struct>\n");
            map.forEach((name, item) -> out.append("<member>\n<name>")
                    .append(escaped(name))
                    .append("</name>\n")
                    .append(text(item))
                    .append("</member>\n"));
            out.append("</struct>");
        } else {
            out.append("<string>").append(escaped(value)).append("</string>");
        }
        return out.append("</value>\n").toString();
    }

    private static String escaped(Object text) {
        return text.toString().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
