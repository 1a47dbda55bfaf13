package dev.anabranch.branch.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.testkit.TemporaryPostgres;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PreflightTest {

  @Test
  void everythingThatIsMissingIsSaidAtOnceWithWhatMendsIt() {
    try (TemporaryPostgres main =
        TemporaryPostgres.start(
            Map.of("wal_level", "replica", "max_wal_senders", "2", "max_replication_slots", "1"))) {
      main.execute(
          "CREATE ROLE anna LOGIN",
          "CREATE ROLE keeper",
          "CREATE TABLE bare (x int)",
          "CREATE TABLE keyed (id int PRIMARY KEY)",
          "ALTER TABLE keyed OWNER TO keeper");
      Preflight preflight =
          Preflight.of(Main.parse(main.url("postgres").replace("postgres@", "anna@")));
      assertThat(preflight.unmet().stream().map(Preflight.Requirement::remedy).toList())
          .anyMatch(remedy -> remedy.contains("wal_level = 'logical'"))
          .anyMatch(remedy -> remedy.contains("max_replication_slots = 2"))
          .anyMatch(remedy -> remedy.contains("max_wal_senders = 3"))
          .anyMatch(remedy -> remedy.contains("ALTER ROLE anna REPLICATION"))
          .anyMatch(remedy -> remedy.contains("GRANT CREATE ON DATABASE"))
          .anyMatch(remedy -> remedy.contains("GRANT keeper TO anna"))
          .anyMatch(remedy -> remedy.contains("session_replication_role"));
      assertThat(preflight.withoutIdentity()).containsExactly("bare");
      assertThatThrownBy(preflight::require)
          .isInstanceOfSatisfying(
              AnabranchException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.MAIN_NOT_READY));
    }
  }

  @Test
  void aMainThatIsReadyMissesNothing() {
    Preflight preflight = Preflight.of(Main.parse(TemporaryPostgres.shared().url("postgres")));
    assertThat(preflight.unmet()).isEmpty();
  }

  @Test
  void aMainThatIsNotThereIsSaidToBeSo() {
    assertThatThrownBy(() -> Preflight.of(Main.parse("postgres://nobody@127.0.0.1:1/none")))
        .isInstanceOfSatisfying(
            AnabranchException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MAIN_UNREACHABLE));
  }

  @Test
  void aUrlIsReadAndWrittenAsLibpqDoes() {
    Main main = Main.parse("postgresql://anna:p%40ss@db.example:6000/shop?sslmode=require");
    assertThat(main.host()).isEqualTo("db.example");
    assertThat(main.port()).isEqualTo(6000);
    assertThat(main.password()).contains("p@ss");
    assertThat(main.sslMode()).isEqualTo("require");
    assertThat(main.url()).isEqualTo("postgresql://anna:p%40ss@db.example:6000/shop");
    assertThat(main.toString()).doesNotContain("p@ss");
    assertThatThrownBy(() -> Main.parse("mysql://x:secret@y/z"))
        .isInstanceOf(AnabranchException.class)
        .hasMessageNotContaining("secret");
  }
}
