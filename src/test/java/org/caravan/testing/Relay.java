package org.caravan.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A port of this machine that leads to another one, from when it is opened until it is closed. */
public final class Relay implements AutoCloseable {
    private final ServerSocket server;
    private final int to;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    private Relay(ServerSocket server, int to) {
        this.server = server;
        this.to = to;
    }

    public static Relay open(int port, int to) throws IOException {
        Relay relay = new Relay(new ServerSocket(port, 50, InetAddress.getLoopbackAddress()), to);
        daemon(relay::accept);
        return relay;
    }

    private void accept() {
        try {
            while (true) {
                Socket from = server.accept();
                Socket other = new Socket(InetAddress.getLoopbackAddress(), to);
                sockets.addAll(List.of(from, other));
                daemon(() -> copy(from, other));
                daemon(() -> copy(other, from));
            }
        } catch (IOException e) {
            // closed
            return;
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one end is closed, and with it the other
            return;
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "test-relay");
        thread.setDaemon(true);
        thread.start();
    }

    /** How many were made through it. */
    public int connections() {
        return sockets.size() / 2;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
