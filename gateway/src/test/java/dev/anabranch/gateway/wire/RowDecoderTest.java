package dev.anabranch.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.gateway.wire.BackendMessage.DataRow;
import dev.anabranch.gateway.wire.BackendMessage.FieldDescription;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowDecoderTest {

  private static final long TEXT = 25;

  @Provide
  Arbitrary<List<@Nullable String>> rows() {
    Arbitrary<@Nullable String> cell =
        Arbitraries.oneOf(
                Arbitraries.strings().ascii().ofMaxLength(40),
                Arbitraries.strings().withCharRange(' ', 'ÿ').ofMaxLength(40),
                Arbitraries.strings().withCharRange('a', 'z').ofMinLength(4090).ofMaxLength(4100),
                Arbitraries.just(""))
            .injectNull(0.1);
    return cell.list().ofMinSize(1).ofMaxSize(5);
  }

  @Property
  void aRowIsReadAsItWasWritten(@ForAll("rows") List<@Nullable String> row) {
    for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1)) {
      RowDecoder reader = reader(row.size(), charset);
      for (int time = 0; time < 2; time++) { // the second with what the first left behind
        assertThat(reader.read(written(row, charset))).contains(row);
      }
    }
  }

  /** Wherever the one byte stands that is not ASCII. */
  @Test
  void bytesAreGivenForAsciiAlone() {
    for (int length = 1; length < 30; length++) {
      for (int at = 0; at < length; at++) {
        String ascii = "x".repeat(length);
        String other = "x".repeat(at) + "é" + "x".repeat(length - at - 1);
        assertThat(kinds(List.of(ascii, other, ascii))).containsExactly("ascii", "text", "ascii");
      }
    }
  }

  @Test
  void bytesThatMeanNothingAreNotRead() {
    ByteBuf cells = Unpooled.buffer().writeShort(1).writeInt(3).writeByte('a').writeShort(0xFFFF);
    assertThat(reader(1, StandardCharsets.UTF_8).read(new DataRow(cells, true))).isEmpty();
  }

  private static List<String> kinds(List<String> row) {
    String[] kinds = new String[row.size()];
    boolean read =
        reader(row.size(), StandardCharsets.UTF_8)
            .read(
                written(row, StandardCharsets.UTF_8),
                new RowDecoder.Cells() {
                  @Override
                  public void nothing(int column) {
                    kinds[column] = "nothing";
                  }

                  @Override
                  public void ascii(int column, byte[] bytes, int length) {
                    assertThat(new String(bytes, 0, length, StandardCharsets.US_ASCII))
                        .isEqualTo(row.get(column));
                    kinds[column] = "ascii";
                  }

                  @Override
                  public void text(int column, String text) {
                    assertThat(text).isEqualTo(row.get(column));
                    kinds[column] = "text";
                  }
                });
    assertThat(read).isTrue();
    return Arrays.asList(kinds);
  }

  private static RowDecoder reader(int columns, Charset charset) {
    FieldDescription field = new FieldDescription("c", 0, 0, TEXT, 0);
    return new RowDecoder(
        new ArrayList<>(Collections.nCopies(columns, field)), charset, SpellingSettings.UNKNOWN);
  }

  private static DataRow written(List<@Nullable String> row, Charset charset) {
    ByteBuf cells = Unpooled.buffer().writeShort(row.size());
    IntStream.range(0, row.size())
        .forEach(i -> {
          String text = row.get(i);
          if (text == null) {
            cells.writeInt(-1);
          } else {
            byte[] bytes = text.getBytes(charset);
            cells.writeInt(bytes.length).writeBytes(bytes);
          }
        });
    return new DataRow(cells, true);
  }
}
