package dev.anabranch.trials.operate;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A network between a server and its main that can swallow all there is: connections stay open, new
 * ones are taken, and nothing arrives.
 */
final class StallingProxy implements AutoCloseable {

  private static final int BUFFER_BYTES = 16 * 1024;

  private final ServerSocket listening;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition flows = lock.newCondition();
  private boolean stalled; // guarded by the lock

  /**
   * @param target a loopback port
   */
  StallingProxy(int target) {
    this.target = target;
    try {
      this.listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("listening", e);
    }
    Thread.ofPlatform().daemon().name("proxy").start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  void stall(boolean on) {
    lock.lock();
    try {
      stalled = on;
      flows.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        sockets.add(client);
        Thread.ofPlatform().daemon().name("proxied").start(() -> connect(client));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void connect(Socket client) {
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(server);
      Thread.ofPlatform().daemon().name("proxied back").start(() -> pump(server, client));
      pump(client, server);
    } catch (IOException e) {
      end(client);
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitFlow();
        out.write(buffer, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      // one side has gone, and the other follows
    }
    end(from);
    end(to);
  }

  private void awaitFlow() {
    lock.lock();
    try {
      while (stalled) {
        flows.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private void end(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // it is of no use to anybody any more
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    stall(false);
    sockets.forEach(this::end);
  }
}
