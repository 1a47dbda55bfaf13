package dev.anabranch.mainfeed.decode;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads one {@code pgoutput} message (protocol version 1, text cells) into a {@link Change}.
 *
 * <p>It keeps no state: the caller remembers {@link Change.Relation}s. Anything but exactly one
 * well-formed message is refused with {@link MalformedMessage}, because a guess here would become a
 * wrong row image, and a wrong image a wrong verdict.
 *
 * <pre>
 * B final-lsn:8 time:8 xid:4            C flags:1 commit-lsn:8 end-lsn:8 time:8
 * R oid:4 schema\0 name\0 identity:1 n:2 (flags:1 name\0 type:4 modifier:4)*n
 * Y oid:4 schema\0 name\0               O lsn:8 name\0
 * I oid:4 N tuple                       D oid:4 (K|O) tuple
 * U oid:4 [(K|O) tuple] N tuple         T n:4 options:1 oid:4*n
 * M flags:1 lsn:8 prefix\0 length:4 bytes
 * tuple: n:2 (n | u | t length:4 bytes)*n
 * </pre>
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">message
 *     formats</a>
 */
public final class PgOutputDecoder {

  private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private PgOutputDecoder() {}

  /** A message that is no pgoutput message of the version asked for. */
  public static final class MalformedMessage extends RuntimeException {
    MalformedMessage(String what) {
      super("a logical replication message can't be read: " + what);
    }
  }

  /**
   * Reads the message between the buffer's position and its limit, all of it.
   *
   * @throws MalformedMessage when the bytes are anything else than one whole message
   */
  public static Change decode(ByteBuffer message) {
    try {
      Change change = decodeBody((char) (message.get() & 0xFF), message);
      if (message.hasRemaining()) {
        throw new MalformedMessage(message.remaining() + " bytes follow its end");
      }
      return change;
    } catch (BufferUnderflowException e) {
      MalformedMessage malformed = new MalformedMessage("it ends too early");
      malformed.initCause(e);
      throw malformed;
    }
  }

  private static Change decodeBody(char type, ByteBuffer in) {
    return switch (type) {
      case 'B' -> new Change.Begin(lsn(in), time(in), unsignedInt(in));
      case 'C' -> commit(in);
      case 'R' -> relation(in);
      case 'I' -> insert(in);
      case 'U' -> update(in);
      case 'D' -> delete(in);
      case 'T' -> truncate(in);
      case 'M' -> message(in);
      case 'Y' -> new Change.Type(unsignedInt(in), string(in), string(in));
      case 'O' -> origin(in);
      default -> throw new MalformedMessage("unknown type " + printable(type));
    };
  }

  private static Change commit(ByteBuffer in) {
    expectZero(in, "flags of a commit");
    return new Change.Commit(lsn(in), lsn(in), time(in));
  }

  private static Change origin(ByteBuffer in) {
    lsn(in);
    return new Change.Origin(string(in));
  }

  private static Change relation(ByteBuffer in) {
    TableId table = table(in);
    String schema = string(in);
    String name = string(in);
    char identity = (char) (in.get() & 0xFF);
    if ("dnfi".indexOf(identity) < 0) {
      throw new MalformedMessage("unknown replica identity " + printable(identity));
    }
    int count = count(in, 10);
    List<Change.RelationColumn> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int flags = in.get() & 0xFF;
      if (flags > 1) {
        throw new MalformedMessage("unknown column flags " + flags);
      }
      columns.add(new Change.RelationColumn(string(in), flags == 1, unsignedInt(in), in.getInt()));
    }
    return new Change.Relation(
        table, schema.isEmpty() ? "pg_catalog" : schema, name, identity, List.copyOf(columns));
  }

  private static Change insert(ByteBuffer in) {
    TableId table = table(in);
    expect(in, 'N');
    return new Change.Insert(table, image(in));
  }

  private static Change update(ByteBuffer in) {
    TableId table = table(in);
    char first = (char) (in.get() & 0xFF);
    return switch (first) {
      case 'N' -> new Change.Update(table, Optional.empty(), Optional.empty(), image(in));
      case 'K' -> {
        Image key = image(in);
        expect(in, 'N');
        yield new Change.Update(table, Optional.of(key), Optional.empty(), image(in));
      }
      case 'O' -> {
        Image before = image(in);
        expect(in, 'N');
        yield new Change.Update(table, Optional.empty(), Optional.of(before), image(in));
      }
      default -> throw new MalformedMessage("unknown tuple kind " + printable(first));
    };
  }

  private static Change delete(ByteBuffer in) {
    TableId table = table(in);
    char kind = (char) (in.get() & 0xFF);
    return switch (kind) {
      case 'K' -> new Change.Delete(table, Optional.of(image(in)), Optional.empty());
      case 'O' -> new Change.Delete(table, Optional.empty(), Optional.of(image(in)));
      default -> throw new MalformedMessage("unknown tuple kind " + printable(kind));
    };
  }

  private static Change truncate(ByteBuffer in) {
    int count = in.getInt();
    in.get(); // CASCADE and RESTART IDENTITY do not change which tables were emptied: all are
    // listed
    if (count < 0 || (long) count * 4 != in.remaining()) {
      throw new MalformedMessage(
          "a truncate of " + count + " tables in " + in.remaining() + " bytes");
    }
    List<TableId> tables = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      tables.add(table(in));
    }
    return new Change.Truncate(List.copyOf(tables));
  }

  private static Change message(ByteBuffer in) {
    int flags = in.get() & 0xFF;
    if (flags > 1) {
      throw new MalformedMessage("unknown message flags " + flags);
    }
    Lsn lsn = lsn(in);
    String prefix = string(in);
    return new Change.Message(flags == 1, lsn, prefix, text(in));
  }

  private static Image image(ByteBuffer in) {
    int count = count(in, 1);
    Cell[] cells = new Cell[count];
    for (int i = 0; i < count; i++) {
      char kind = (char) (in.get() & 0xFF);
      cells[i] =
          switch (kind) {
            case 'n' -> Cell.Absent.NULL;
            case 'u' -> Cell.Absent.UNCHANGED;
            case 't' -> new Cell.Text(text(in));
            case 'b' -> throw new MalformedMessage("a binary cell, and text was asked for");
            default -> throw new MalformedMessage("unknown cell kind " + printable(kind));
          };
    }
    return new Image(List.of(cells));
  }

  /**
   * A 16-bit count of things that take at least so many bytes each; a count that can't fit is
   * refused before memory is taken.
   */
  private static int count(ByteBuffer in, int leastBytesEach) {
    int count = in.getShort();
    if (count < 0 || (long) count * leastBytesEach > in.remaining()) {
      throw new MalformedMessage("a count of " + count + " in " + in.remaining() + " bytes");
    }
    return count;
  }

  private static String text(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new MalformedMessage("a length of " + length + " in " + in.remaining() + " bytes");
    }
    String text = utf8(in, in.position(), length);
    in.position(in.position() + length);
    return text;
  }

  private static String string(ByteBuffer in) {
    int start = in.position();
    while (in.get() != 0) {
      // walks to the terminating zero; running off the end is an early end
    }
    return utf8(in, start, in.position() - 1 - start);
  }

  private static String utf8(ByteBuffer in, int start, int length) {
    if (in.hasArray()) {
      return new String(in.array(), in.arrayOffset() + start, length, StandardCharsets.UTF_8);
    }
    byte[] bytes = new byte[length];
    in.get(start, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Lsn lsn(ByteBuffer in) {
    return new Lsn(in.getLong());
  }

  private static Instant time(ByteBuffer in) {
    return POSTGRES_EPOCH.plus(in.getLong(), ChronoUnit.MICROS);
  }

  private static TableId table(ByteBuffer in) {
    return new TableId(unsignedInt(in));
  }

  private static long unsignedInt(ByteBuffer in) {
    return Integer.toUnsignedLong(in.getInt());
  }

  private static void expect(ByteBuffer in, char kind) {
    char found = (char) (in.get() & 0xFF);
    if (found != kind) {
      throw new MalformedMessage("'" + kind + "' expected, found " + printable(found));
    }
  }

  private static void expectZero(ByteBuffer in, String what) {
    int found = in.get();
    if (found != 0) {
      throw new MalformedMessage("unknown " + what + ": " + found);
    }
  }

  private static String printable(char c) {
    return c >= ' ' && c < 127 ? "'" + c + "'" : "0x" + Integer.toHexString(c);
  }
}
