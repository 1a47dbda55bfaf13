package dev.anabranch.mainfeed.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.mainfeed.decode.PgOutputDecoder.MalformedMessage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every message type is read exactly, and what is no whole message is refused with one clear
 * exception.
 */
class PgOutputDecoderTest {

  private static final TableId TABLE = new TableId(4_000_000_000L);
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456Z");
  private static final Image ROW =
      image(Cell.of("1"), Cell.of("żółw"), Cell.of(null), Cell.Absent.UNCHANGED);
  private static final Image KEY = image(Cell.of("0"), Cell.of(null), Cell.of(null), Cell.of(null));

  /** A message's bytes and what they mean. */
  static final class Sample {
    private final Change meaning;
    private final byte[] bytes;

    Sample(Change meaning, byte[] bytes) {
      this.meaning = meaning;
      this.bytes = bytes;
    }

    Change meaning() {
      return meaning;
    }

    byte[] bytes() {
      return bytes;
    }

    @Override
    public String toString() {
      return meaning.toString();
    }
  }

  static List<Sample> samples() {
    return List.of(
        sample(
            new Change.Begin(Lsn.parse("16/B374D848"), NOON, 4_294_967_295L),
            out -> out.type('B').lsn("16/B374D848").time(NOON).integer(-1)),
        sample(
            new Change.Commit(Lsn.parse("0/10"), Lsn.parse("0/40"), NOON),
            out -> out.type('C').type(0).lsn("0/10").lsn("0/40").time(NOON)),
        sample(
            new Change.Relation(
                TABLE,
                "public",
                "Bestellung ü",
                'd',
                List.of(
                    new Change.RelationColumn("id", true, 23, -1),
                    new Change.RelationColumn("note", false, 1043, 24))),
            out ->
                out.type('R')
                    .table()
                    .string("public")
                    .string("Bestellung ü")
                    .type('d')
                    .count(2)
                    .type(1)
                    .string("id")
                    .integer(23)
                    .integer(-1)
                    .type(0)
                    .string("note")
                    .integer(1043)
                    .integer(24)),
        sample(
            new Change.Relation(TABLE, "pg_catalog", "pg_class", 'n', List.of()),
            out -> out.type('R').table().string("").string("pg_class").type('n').count(0)),
        sample(new Change.Insert(TABLE, ROW), out -> out.type('I').table().type('N').row(ROW)),
        sample(
            new Change.Update(TABLE, Optional.empty(), Optional.empty(), ROW),
            out -> out.type('U').table().type('N').row(ROW)),
        sample(
            new Change.Update(TABLE, Optional.of(KEY), Optional.empty(), ROW),
            out -> out.type('U').table().type('K').row(KEY).type('N').row(ROW)),
        sample(
            new Change.Update(TABLE, Optional.empty(), Optional.of(KEY), ROW),
            out -> out.type('U').table().type('O').row(KEY).type('N').row(ROW)),
        sample(
            new Change.Delete(TABLE, Optional.of(KEY), Optional.empty()),
            out -> out.type('D').table().type('K').row(KEY)),
        sample(
            new Change.Delete(TABLE, Optional.empty(), Optional.of(ROW)),
            out -> out.type('D').table().type('O').row(ROW)),
        sample(
            new Change.Truncate(List.of(TABLE, TABLE)),
            out -> out.type('T').integer(2).type(1).table().table()),
        sample(
            new Change.Message(true, Lsn.parse("0/77"), "anabranch", "promotion:1"),
            out -> out.type('M').type(1).lsn("0/77").string("anabranch").text("promotion:1")),
        sample(
            new Change.Type(16_500, "public", "mood"),
            out -> out.type('Y').integer(16_500).string("public").string("mood")),
        sample(new Change.Origin("node"), out -> out.type('O').lsn("0/1").string("node")));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyMessageIsReadAsItIsMeant(Sample sample) {
    assertThat(PgOutputDecoder.decode(ByteBuffer.wrap(sample.bytes()))).isEqualTo(sample.meaning());
    ByteBuffer direct = ByteBuffer.allocateDirect(sample.bytes().length).put(sample.bytes()).flip();
    assertThat(PgOutputDecoder.decode(direct)).isEqualTo(sample.meaning());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyProperPartOfAMessageIsRefused(Sample sample) {
    for (int length = 0; length < sample.bytes().length; length++) {
      ByteBuffer part = ByteBuffer.wrap(sample.bytes(), 0, length);
      assertThatThrownBy(() -> PgOutputDecoder.decode(part)).isInstanceOf(MalformedMessage.class);
    }
    byte[] longer = Arrays.copyOf(sample.bytes(), sample.bytes().length + 1);
    assertThatThrownBy(() -> PgOutputDecoder.decode(ByteBuffer.wrap(longer)))
        .isInstanceOf(MalformedMessage.class);
  }

  @Test
  void garbledMessagesAreReadOrRefusedAndNothingElse() {
    long seed = 20_261_120;
    SplittableRandom random = new SplittableRandom(seed);
    List<Sample> samples = samples();
    for (int round = 0; round < 200_000; round++) {
      byte[] bytes = samples.get(random.nextInt(samples.size())).bytes().clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(PgOutputDecoder.decode(ByteBuffer.wrap(bytes))).isNotNull();
      } catch (MalformedMessage refused) {
        assertThat(refused).hasMessageStartingWith("a logical replication message can't be read");
      }
    }
  }

  @Test
  void binaryCellsAreRefused() {
    byte[] bytes = new Out().type('I').table().type('N').count(1).type('b').text("1").bytes();

    assertThatThrownBy(() -> PgOutputDecoder.decode(ByteBuffer.wrap(bytes)))
        .isInstanceOf(MalformedMessage.class)
        .hasMessageContaining("binary cell");
  }

  @Test
  void aHugeCountTakesNoMemory() {
    byte[] bytes = new Out().type('T').integer(Integer.MAX_VALUE).type(0).bytes();

    assertThatThrownBy(() -> PgOutputDecoder.decode(ByteBuffer.wrap(bytes)))
        .isInstanceOf(MalformedMessage.class);
  }

  private static Image image(Cell... cells) {
    return new Image(List.of(cells));
  }

  private interface Build {
    Out on(Out out);
  }

  private static Sample sample(Change meaning, Build build) {
    return new Sample(meaning, build.on(new Out()).bytes());
  }

  /** Writes messages as the documentation of the format has them. */
  private static final class Out {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream data = new DataOutputStream(bytes);

    private interface Writing {
      void run() throws IOException;
    }

    private Out put(Writing writing) {
      try {
        writing.run();
        return this;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    Out type(int value) {
      return put(() -> data.writeByte(value));
    }

    Out integer(int value) {
      return put(() -> data.writeInt(value));
    }

    Out count(int value) {
      return put(() -> data.writeShort(value));
    }

    Out table() {
      return integer((int) TABLE.oid());
    }

    Out lsn(String text) {
      return put(() -> data.writeLong(Lsn.parse(text).value()));
    }

    Out time(Instant time) {
      Instant epoch = Instant.parse("2000-01-01T00:00:00Z");
      return put(() -> data.writeLong(ChronoUnit.MICROS.between(epoch, time)));
    }

    Out string(String text) {
      return put(() -> {
        data.write(text.getBytes(StandardCharsets.UTF_8));
        data.writeByte(0);
      });
    }

    Out text(String text) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      return put(() -> {
        data.writeInt(utf8.length);
        data.write(utf8);
      });
    }

    Out row(Image image) {
      Out out = count(image.cells().size());
      for (Cell cell : image.cells()) {
        out =
            switch (cell) {
              case Cell.Absent.NULL -> out.type('n');
              case Cell.Absent.UNCHANGED -> out.type('u');
              case Cell.Text(String value) -> out.type('t').text(value);
            };
      }
      return out;
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }
  }
}
