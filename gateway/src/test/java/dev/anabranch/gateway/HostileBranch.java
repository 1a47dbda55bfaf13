package dev.anabranch.gateway;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** A socket before a branch's own on which what the branch says comes changed. */
final class HostileBranch implements AutoCloseable {

  private final Path branch;
  private final Path socket;
  private final ServerSocketChannel listener;
  private volatile UnaryOperator<byte[]> change = UnaryOperator.identity();

  HostileBranch(Path branch, Path directory) throws IOException {
    this.branch = branch;
    this.socket = directory.resolve("hostile");
    this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual().start(this::accept);
  }

  Path socket() {
    return socket;
  }

  /** From the next connection on. What a branch says is changed in the pieces in which it comes. */
  void change(UnaryOperator<byte[]> how) {
    change = how;
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel gateway = listener.accept();
        SocketChannel real = SocketChannel.open(UnixDomainSocketAddress.of(branch));
        UnaryOperator<byte[]> chosen = change;
        Thread.ofVirtual().start(() -> carryQuestions(gateway, real));
        Thread.ofVirtual().start(() -> carryReplies(real, gateway, chosen));
      }
    } catch (IOException e) {
      // Closed: nobody is let in any more.
    }
  }

  private static void carryQuestions(SocketChannel gateway, SocketChannel real) {
    try {
      carry(gateway, real, UnaryOperator.identity());
      real.shutdownOutput();
    } catch (IOException e) {
      // The branch has had enough, which the other direction tells.
    }
  }

  private static void carryReplies(
      SocketChannel real, SocketChannel gateway, UnaryOperator<byte[]> how) {
    try (real;
        gateway) {
      carry(real, gateway, how);
    } catch (IOException e) {
      // Either side has had enough; the other hears of it because this one is closed.
    }
  }

  private static void carry(SocketChannel from, SocketChannel to, UnaryOperator<byte[]> how)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    while (from.read(buffer.clear()) >= 0) {
      ByteBuffer piece =
          ByteBuffer.wrap(how.apply(Arrays.copyOf(buffer.array(), buffer.position())));
      while (piece.hasRemaining()) {
        to.write(piece);
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    Files.deleteIfExists(socket);
  }
}
