package dev.anabranch.branch.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.cluster.SystemUser;
import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("postgres")
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
          Preflight.of(MainAddress.parse(main.url("postgres").replace("postgres@", "anna@")));
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
    Preflight preflight =
        Preflight.of(MainAddress.parse(TemporaryPostgres.shared().url("postgres")));
    assertThat(preflight.unmet()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "UTF8, true",
    "LATIN1, true",
    "LATIN2, true",
    "KOI8R, true",
    "WIN1252, false",
    "SQL_ASCII, false",
    "EUC_JP, false",
    "EUC_KR, false"
  })
  void anEncodingThatDoesNotConvertWithoutLossIsRefused(String encoding, boolean taken) {
    TemporaryPostgres main = TemporaryPostgres.shared();
    String database = "in_" + encoding.toLowerCase(Locale.ROOT);
    main.execute(
        "CREATE DATABASE "
            + database
            + " TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C' ENCODING '"
            + encoding
            + "'");

    assertThat(Preflight.of(MainAddress.parse(main.url(database))).unmet())
        .extracting(Preflight.Requirement::problem)
        .satisfies(problems -> {
          if (taken) {
            assertThat(problems).isEmpty();
          } else {
            assertThat(problems).singleElement().asString().contains("its encoding is " + encoding);
          }
        });
  }

  @Test
  void tablespacesOutsideOfItsDirectoryAreRefused() throws IOException {
    try (TemporaryPostgres main =
        TemporaryPostgres.start(Map.of("allow_in_place_tablespaces", "on"))) {
      MainAddress url = MainAddress.parse(main.url("postgres"));
      main.execute("CREATE TABLESPACE inside LOCATION ''");
      assertThat(Preflight.of(url).unmet()).isEmpty();

      Path elsewhere = TemporaryPostgres.temporaryDirectory("anabranch-tablespace-");
      SystemUser.choose(Optional.empty()).own(elsewhere);
      main.execute("CREATE TABLESPACE outside LOCATION '" + elsewhere + "'");
      assertThat(Preflight.of(url).unmet())
          .extracting(Preflight.Requirement::remedy)
          .singleElement()
          .asString()
          .contains("DROP TABLESPACE outside")
          .doesNotContain("inside");
      Trees.delete(elsewhere);
    }
  }

  @Test
  void aMainThatIsNotThereIsSaidToBeSo() {
    assertThatThrownBy(() -> Preflight.of(MainAddress.parse("postgres://nobody@127.0.0.1:1/none")))
        .isInstanceOfSatisfying(
            AnabranchException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MAIN_UNREACHABLE));
  }

  @Test
  void aUrlIsReadAndWrittenAsLibpqDoes() {
    MainAddress main =
        MainAddress.parse("postgresql://anna:p%40ss@db.example:6000/shop?sslmode=require");
    assertThat(main.host()).isEqualTo("db.example");
    assertThat(main.port()).isEqualTo(6000);
    assertThat(main.password()).contains("p@ss");
    assertThat(main.sslMode()).isEqualTo("require");
    assertThat(main.url()).isEqualTo("postgresql://anna:p%40ss@db.example:6000/shop");
    assertThat(main.toString()).doesNotContain("p@ss");
    assertThatThrownBy(() -> MainAddress.parse("mysql://x:secret@y/z"))
        .isInstanceOf(AnabranchException.class)
        .hasMessageNotContaining("secret");
  }
}
