package org.caravan.testing.odoo;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An Odoo in this process: release 14 or 19 on all their transports, with what was measured on real ones. It answers after
 * its commit, and a test may say what becomes of a call and of its answer.
 */
public final class FakeOdoo implements AutoCloseable {
    public static final String DATABASE = "billing";
    public static final String USER = "admin";
    public static final String PASSWORD = "admin";
    public static final String API_KEY = "0123456789abcdef0123456789abcdef01234567";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What becomes of a call. */
    public enum Fate {
        WELL,
        /** The connection closes before anything is done. */
        NOT_REACHED,
        /** Done, and the connection closes without an answer. */
        LOST_ANSWER,
        /** Done, and half of the answer comes. */
        HALF_ANSWER,
        /** Done, and the answer comes when nobody waits for it any more. */
        LATE_ANSWER,
        /** Done, and a proxy says that the server is away. */
        BAD_GATEWAY,
        /** Not done: the server lost against another transaction five times. */
        CONFLICT,
        /** Not done: the server has no right to say no, and says it. */
        REFUSED
    }

    /** Says what becomes of the n-th call (from 1) of a method. */
    public interface Fates {
        Fate of(String model, String method, int n);
    }

    private final Accounting books;
    private final RawHttp http;
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private volatile Fates fates = (model, method, n) -> Fate.WELL;
    private volatile int lateMillis = 5_000;

    public FakeOdoo(int version) {
        books = new Accounting(version);
        http = new RawHttp(this::answer);
    }

    public String url() {
        return "http://127.0.0.1:" + http.port();
    }

    @Override
    public void close() {
        http.close();
    }

    // ---- what a test may say ---------------------------------------------------------------------------------------

    public FakeOdoo fates(Fates said) {
        calls.clear();
        fates = said;
        return this;
    }

    public FakeOdoo lateMillis(int millis) {
        lateMillis = millis;
        return this;
    }

    /** How long a call works, which is when others get in between. */
    public FakeOdoo workMillis(int millis) {
        books.workMillis = millis;
        return this;
    }

    public FakeOdoo lockDate(String date) {
        books.lockDate = date;
        return this;
    }

    public FakeOdoo taxPerLine(boolean perLine) {
        books.taxPerLine = perLine;
        synchronized (books) {
            books.records
                    .of("res.company")
                    .get(1L)
                    .put("tax_calculation_rounding_method", perLine ? "round_per_line" : "round_globally");
        }
        return this;
    }

    public long tax(String name, double percent) {
        synchronized (books) {
            return books.tax(name, percent);
        }
    }

    /** Adds a record of any model. */
    public long add(String model, Object... fieldsAndValues) {
        synchronized (books) {
            return books.records.add(model, Accounting.row(fieldsAndValues));
        }
    }

    public void set(String model, long id, String field, Object value) {
        synchronized (books) {
            books.records.of(model).get(id).put(field, value);
        }
    }

    public void setWhere(String model, String name, String field, Object value) {
        synchronized (books) {
            books.records
                    .search(model, List.of(List.of("name", "=", name)), false)
                    .forEach(record -> record.put(field, value));
        }
    }

    /** What a person does who deletes a draft or a partner. */
    public void delete(String model, long id) {
        books.delete(model, id);
    }

    // ---- what a test may ask ---------------------------------------------------------------------------------------

    public List<Map<String, Object>> all(String model) {
        synchronized (books) {
            List<Map<String, Object>> copies = new ArrayList<>();
            books.records.of(model).values().forEach(record -> copies.add(new TreeMap<>(record)));
            return copies;
        }
    }

    /** Lines of a move as {@code type name: quantity x price [taxes]}. */
    @SuppressWarnings("unchecked")
    public List<String> lines(long move) {
        synchronized (books) {
            List<String> lines = new ArrayList<>();
            for (Map<String, Object> line :
                    (List<Map<String, Object>>) books.move(move).get("lines")) {
                String type = String.valueOf(line.get("display_type"));
                lines.add(
                        type.startsWith("line_")
                                ? type.substring(5) + " " + line.get("name")
                                : line.get("name") + " | " + line.get("quantity") + " x " + line.get("price_unit")
                                        + (line.get("taxes").equals("") ? "" : " tax " + line.get("taxes")));
            }
            return lines;
        }
    }

    public int calls(String model, String method) {
        AtomicInteger count = calls.get(model + "." + method);
        return count == null ? 0 : count.get();
    }

    /** Times that the server itself began a transaction anew. */
    public int conflicts() {
        return books.conflicts.get();
    }

    // ---- the wire --------------------------------------------------------------------------------------------------

    private RawHttp.Answer answer(RawHttp.Request request) throws Exception {
        String path = request.path();
        if (path.startsWith("/xmlrpc/2/")) {
            return xmlRpc(path.substring("/xmlrpc/2/".length()), request.body());
        }
        if (path.equals("/jsonrpc")) {
            return jsonRpc(request.body());
        }
        if (books.version >= 19 && path.equals("/json/version")) {
            return json(200, Map.of("version_info", List.of(19, 0, 0, "final", 0, ""), "version", "19.0"));
        }
        if (books.version >= 19 && path.startsWith("/json/2/")) {
            return json2(path.substring("/json/2/".length()).split("/"), request);
        }
        return RawHttp.Answer.of(404, "text/html", "<html>404</html>".getBytes(StandardCharsets.UTF_8));
    }

    private RawHttp.Answer xmlRpc(String service, byte[] body) throws Exception {
        XmlText.Call call = XmlText.call(body);
        byte[] answer;
        Fate fate = Fate.WELL;
        try {
            Object result = service(service, call.method(), call.parameters());
            if (result instanceof Done done) {
                fate = done.fate();
                result = done.result();
            }
            answer = posted(call) && books.version == 14
                    ? XmlText.fault(1, traceback("TypeError: cannot marshal <class 'odoo.api.account.move'> objects"))
                    : XmlText.answer(result);
        } catch (OdooError e) {
            answer = XmlText.fault(code(e), code(e) == 1 ? traceback(e.name + ": " + e.getMessage()) : e.getMessage());
        }
        return sent(RawHttp.Answer.of(200, "text/xml", answer), fate);
    }

    private static boolean posted(XmlText.Call call) {
        return call.parameters().contains("action_post");
    }

    private static int code(OdooError e) {
        return switch (e.name) {
            case "odoo.exceptions.UserError", "odoo.exceptions.MissingError" -> 2;
            case "odoo.exceptions.AccessDenied" -> 3;
            case "odoo.exceptions.AccessError" -> 4;
            default -> 1;
        };
    }

    private static String traceback(String last) {
        return "Traceback (most recent call last):\n  File \"/usr/lib/python3/dist-packages/odoo/http.py\", line 1\n"
                + last + "\n";
    }

    private RawHttp.Answer jsonRpc(byte[] body) throws Exception {
        Map<?, ?> params = (Map<?, ?>) JSON.readValue(body, Map.class).get("params");
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("jsonrpc", "2.0");
        answer.put("id", 1);
        Fate fate = Fate.WELL;
        try {
            Object result = service(
                    (String) params.get("service"), (String) params.get("method"), (List<?>) params.get("args"));
            if (result instanceof Done done) {
                fate = done.fate();
                result = done.result();
            }
            boolean post = ((List<?>) params.get("args")).contains("action_post");
            answer.put("result", post && books.version == 14 ? "account.move(1,)" : result);
        } catch (OdooError e) {
            answer.put(
                    "error",
                    Map.of(
                            "code",
                            books.version == 14 ? 200 : 0,
                            "message",
                            "Odoo Server Error",
                            "data",
                            Map.of("name", e.name, "message", e.getMessage(), "debug", traceback(e.name))));
        }
        return sent(json(200, answer), fate);
    }

    private RawHttp.Answer json2(String[] path, RawHttp.Request request) throws Exception {
        if (!("bearer " + API_KEY).equals(request.headers().get("authorization"))) {
            return json(
                    401,
                    Map.of(
                            "name",
                            "werkzeug.exceptions.Unauthorized",
                            "message",
                            "Invalid apikey",
                            "debug",
                            "Traceback"));
        }
        Map<String, Object> named = new LinkedHashMap<>();
        for (Map.Entry<?, ?> argument : ((Map<?, ?>) JSON.readValue(request.body(), Map.class)).entrySet()) {
            named.put((String) argument.getKey(), argument.getValue());
        }
        List<?> ids = (List<?>) named.remove("ids");
        try {
            Done done = model(path[0], path[1], ids == null ? List.of() : List.of(ids), named);
            return sent(json(200, done.result()), done.fate());
        } catch (OdooError e) {
            return json(
                    e.name.startsWith("psycopg2") ? 500 : e.name.endsWith("MissingError") ? 404 : 422,
                    Map.of("name", e.name, "message", e.getMessage(), "debug", traceback(e.name)));
        }
    }

    private static RawHttp.Answer json(int status, Object body) throws Exception {
        return RawHttp.Answer.of(status, "application/json; charset=utf-8", JSON.writeValueAsBytes(body));
    }

    private RawHttp.Answer sent(RawHttp.Answer answer, Fate fate) throws InterruptedException {
        if (fate == Fate.LATE_ANSWER) {
            Thread.sleep(lateMillis);
        }
        return switch (fate) {
            case NOT_REACHED, LOST_ANSWER -> null;
            case HALF_ANSWER ->
                new RawHttp.Answer(answer.status(), answer.type(), answer.body(), Map.of(), answer.body().length / 2);
            case BAD_GATEWAY ->
                RawHttp.Answer.of(502, "text/html", "<html>502</html>".getBytes(StandardCharsets.UTF_8));
            default -> answer;
        };
    }

    // ---- services and models ---------------------------------------------------------------------------------------

    private record Done(Object result, Fate fate) {}

    private Object service(String service, String method, List<?> parameters) {
        if (service.equals("common") && method.equals("version")) {
            return Map.of(
                    "server_version",
                    books.version + ".0",
                    "server_version_info",
                    List.of(books.version, 0, 0, "final", 0, ""),
                    "server_serie",
                    books.version + ".0",
                    "protocol_version",
                    1);
        }
        if (!DATABASE.equals(parameters.get(0))) {
            throw new OdooError(
                    "psycopg2.OperationalError", "FATAL:  database \"" + parameters.get(0) + "\" does not exist");
        }
        boolean secret = PASSWORD.equals(parameters.get(2)) || API_KEY.equals(parameters.get(2));
        if (service.equals("common") && method.equals("authenticate")) {
            // a wrong password is answered, not refused
            return USER.equals(parameters.get(1)) && secret ? (Object) 2 : false;
        }
        if (!secret) {
            throw new OdooError("odoo.exceptions.AccessDenied", "Access Denied");
        }
        return model((String) parameters.get(3), (String) parameters.get(4), (List<?>) parameters.get(5), (Map<?, ?>)
                parameters.get(6));
    }

    private Done model(String model, String method, List<?> positional, Map<?, ?> named) {
        int n = calls.computeIfAbsent(model + "." + method, m -> new AtomicInteger())
                .incrementAndGet();
        Fate fate = fates.of(model, method, n);
        if (fate == Fate.NOT_REACHED) {
            return new Done(false, fate);
        }
        if (fate == Fate.CONFLICT) {
            throw OdooError.serialization();
        }
        if (fate == Fate.REFUSED) {
            throw OdooError.user("Whatever it is, no.");
        }
        List<Long> ids = new ArrayList<>();
        if (!positional.isEmpty()) {
            ((List<?>) positional.get(0)).forEach(id -> ids.add(((Number) id).longValue()));
        }
        Object result =
                switch (method) {
                    case "load" ->
                        books.load(model, (List<?>) named.get("fields"), (List<?>) named.get("data"), (Map<?, ?>)
                                named.get("context"));
                    case "action_post" -> books.post(ids);
                    case "read" -> read(model, ids, (List<?>) named.get("fields"));
                    case "search_read" -> search(model, named);
                    default -> throw new OdooError("builtins.AttributeError", "no method " + method);
                };
        return new Done(result, fate);
    }

    private Object read(String model, List<Long> ids, List<?> fields) {
        synchronized (books) {
            List<Object> found = new ArrayList<>();
            for (long id : ids) {
                Map<String, Object> record = books.records.of(model).get(id);
                if (record == null) {
                    throw OdooError.missing(model, id);
                }
                found.add(Records.only(record, fields));
            }
            return found;
        }
    }

    private Object search(String model, Map<?, ?> named) {
        synchronized (books) {
            boolean activeOnly = !Boolean.FALSE.equals(((Map<?, ?>) named.get("context")).get("active_test"));
            List<Map<String, Object>> found = books.records.search(model, (List<?>) named.get("domain"), activeOnly);
            Object limit = named.get("limit");
            return found.stream()
                    .limit(limit == null ? Long.MAX_VALUE : ((Number) limit).longValue())
                    .map(record -> Records.only(record, (List<?>) named.get("fields")))
                    .toList();
        }
    }
}
