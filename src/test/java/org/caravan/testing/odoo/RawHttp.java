package org.caravan.testing.odoo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** HTTP/1.0 as Odoo speaks it: one exchange a connection, which then closes without a word. */
public final class RawHttp implements AutoCloseable {
    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "fake-odoo");
        thread.setDaemon(true);
        return thread;
    });

    /** Answers a request, or leaves the connection to be closed without an answer by answering null. */
    public interface Handler {
        Answer answer(Request request) throws Exception;
    }

    public record Request(String method, String path, Map<String, String> headers, byte[] body) {}

    /** @param bytesSent how much of the body is sent before the connection closes; -1 for all */
    public record Answer(int status, String type, byte[] body, Map<String, String> headers, int bytesSent) {
        public static Answer of(int status, String type, byte[] body) {
            return new Answer(status, type, body, Map.of(), -1);
        }
    }

    public RawHttp(Handler handler) {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    threads.execute(() -> serve(socket, handler));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    int port() {
        return server.getLocalPort();
    }

    private static void serve(Socket socket, Handler handler) {
        try (socket) {
            Request request = read(socket.getInputStream());
            Answer answer = request == null ? null : handler.answer(request);
            if (answer == null) {
                return;
            }
            StringBuilder head = new StringBuilder("HTTP/1.0 " + answer.status() + " X\r\nContent-Type: "
                    + answer.type() + "\r\nContent-Length: " + answer.body().length + "\r\n");
            answer.headers()
                    .forEach((name, value) ->
                            head.append(name).append(": ").append(value).append("\r\n"));
            OutputStream out = socket.getOutputStream();
            out.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            out.write(answer.body(), 0, answer.bytesSent() < 0 ? answer.body().length : answer.bytesSent());
            out.flush();
        } catch (Exception e) {
            // the client has gone, which is what some tests are about
        }
    }

    private static Request read(InputStream in) throws IOException {
        String first = line(in);
        if (first.isEmpty()) {
            return null;
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String[] words = first.split(" ");
        return new Request(words[0], words[1], headers, in.readNBytes(length));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }
}
