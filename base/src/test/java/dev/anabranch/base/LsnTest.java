package dev.anabranch.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LsnTest {

  @Property
  void textReadsBackAsTheSamePosition(@ForAll long value) {
    Lsn lsn = new Lsn(value);
    assertThat(Lsn.parse(lsn.toString())).isEqualTo(lsn);
  }

  @Property
  void orderIsUnsigned(@ForAll long a, @ForAll long b) {
    assertThat(new Lsn(a).isAfter(new Lsn(b))).isEqualTo(Long.compareUnsigned(a, b) > 0);
    assertThat(Lsn.max(new Lsn(a), new Lsn(b)))
        .isGreaterThanOrEqualTo(new Lsn(a))
        .isGreaterThanOrEqualTo(new Lsn(b));
  }

  @Test
  void isWrittenAsPostgresWritesIt() {
    assertThat(new Lsn(0x16_B374D848L)).hasToString("16/B374D848");
    assertThat(new Lsn(0x3A0)).hasToString("0/3A0");
  }

  @Test
  void refusesWhatIsNoPositionAndRepeatsIt() {
    for (String text : new String[] {"", "16", "16/", "/3A0", "16/B374D8480", "g/1", " 0/1"}) {
      assertThatThrownBy(() -> Lsn.parse(text)).hasMessageContaining("'" + text + "'");
    }
  }
}
