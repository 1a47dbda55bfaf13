package dev.anabranch.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.branch.BranchLimits;
import dev.anabranch.branch.BranchRules;
import dev.anabranch.branch.storage.ExternalCommand;
import dev.anabranch.branch.storage.FullCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

  @TempDir private Path directory = Path.of("unset");

  @Test
  void aFlagOutranksTheEnvironmentWhichOutranksTheFile() throws IOException {
    Files.writeString(
        directory.resolve("anabranch.properties"),
        "http-port = 1\ngateway-port = 2\nmain-port = 3\n");
    Settings settings =
        SettingsReader.read(
            Map.of(Setting.DATA, directory.toString(), Setting.HTTP_PORT, "11"),
            Map.of("ANABRANCH_HTTP_PORT", "21", "ANABRANCH_GATEWAY_PORT", "22"),
            Optional.empty());
    assertThat(settings.httpPort()).isEqualTo(11);
    assertThat(settings.gatewayPort()).isEqualTo(22);
    assertThat(settings.mainPort()).isEqualTo(3);
  }

  @Test
  void theDefaultsAreTheContracts() {
    Settings settings =
        SettingsReader.read(Map.of(Setting.DATA, directory.toString()), Map.of(), Optional.empty());
    assertThat(settings).isEqualTo(Settings.inDirectory(directory).withPorts(0, 6480, 6432));
  }

  @Test
  void branchesCanBeKeptAwakeAndDeletedAtOnce() {
    Settings settings =
        SettingsReader.read(
            Map.of(
                Setting.DATA,
                directory.toString(),
                Setting.SUSPEND_AFTER,
                "never",
                Setting.KEEP_DELETED,
                "0",
                Setting.BRANCH_LIMIT,
                "50",
                Setting.BRANCH_LIMIT_PER_OWNER,
                "5"),
            Map.of(),
            Optional.empty());
    assertThat(settings.rules())
        .isEqualTo(BranchRules.none().within(new BranchLimits(50, OptionalInt.of(5))));
  }

  @Test
  void allMistakesAreToldTogether() throws IOException {
    Path file = directory.resolve("mine.properties");
    Files.writeString(file, "htpt-port = 1\n");
    assertThatThrownBy(() ->
            SettingsReader.read(
                Map.of(
                    Setting.DATA,
                    directory.toString(),
                    Setting.HTTP_PORT,
                    "99999",
                    Setting.MAIN,
                    "localhost",
                    Setting.POSTGRES_BIN,
                    "/no/such/place",
                    Setting.STORAGE,
                    "zfs",
                    Setting.STORAGE_TIMEOUT,
                    "soon",
                    Setting.TLS,
                    "maybe",
                    Setting.TLS_KEY,
                    "/no/such/key"),
                Map.of("ANABRANCH_GATEWAY_PROT", "1"),
                Optional.of(file)))
        .isInstanceOf(AnabranchException.class)
        .hasMessageContaining("--http-port is '99999'")
        .hasMessageContaining("--main is no Postgres URL")
        .hasMessageContaining("/no/such/place")
        .hasMessageContaining("--storage is 'zfs': give auto, reflink")
        .hasMessageContaining("--storage-timeout is 'soon'")
        .hasMessageContaining("--tls is 'maybe': give off, on or required.")
        .hasMessageContaining("--tls-key names /no/such/key")
        .hasMessageContaining("--tls-certificate and --tls-key go together")
        .hasMessageContaining("did you mean ANABRANCH_GATEWAY_PORT?")
        .hasMessageContaining("did you mean 'http-port'?");
  }

  @Test
  void everybodyIsLetInOnALoopbackAddressAlone() {
    Map<Setting, String> open = Map.of(Setting.DATA, directory.toString(), Setting.OPEN, "true");
    assertThat(SettingsReader.read(open, Map.of(), Optional.empty()).access().open()).isTrue();
    assertThat(
            SettingsReader.read(
                    Map.of(Setting.DATA, directory.toString()), Map.of(), Optional.empty())
                .access()
                .open())
        .isFalse();
    assertThatThrownBy(() ->
            SettingsReader.read(open, Map.of("ANABRANCH_HTTP_HOST", "0.0.0.0"), Optional.empty()))
        .hasMessageContaining("--open lets everybody in who reaches 0.0.0.0");
    assertThatThrownBy(
            () -> SettingsReader.read(open, Map.of("ANABRANCH_TOKEN", "x"), Optional.empty()))
        .hasMessageContaining("--open wants no token, and --token sets one");
    assertThatThrownBy(() ->
            SettingsReader.read(
                Map.of(
                    Setting.DATA,
                    directory.toString(),
                    Setting.OPEN,
                    "yes",
                    Setting.LOG_FORMAT,
                    "xml"),
                Map.of(),
                Optional.empty()))
        .hasMessageContaining("--open is 'yes': say true or false.")
        .hasMessageContaining("--log-format is 'xml': say text or json.");
  }

  @Test
  void aNamedFileThatIsMissingIsAMistake() {
    assertThatThrownBy(() ->
            SettingsReader.read(
                Map.of(Setting.DATA, directory.toString()),
                Map.of(),
                Optional.of(directory.resolve("none"))))
        .hasMessageContaining("can't be read");
  }

  @Test
  void aStorageProgramMustBeThere() throws IOException {
    Path program = Files.createFile(directory.resolve("program"));
    assertThatThrownBy(() -> withStorage("command:" + program))
        .hasMessageContaining("no program " + program + " that we may run");
    assertThatThrownBy(() -> withStorage("command:program")).hasMessageContaining("whole path");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    assertThat(withStorage("command:" + program).storage())
        .contains(new ExternalCommand(program, Duration.ofSeconds(7)));
    assertThat(withStorage("copy").storage()).contains(new FullCopy());
    assertThat(withStorage("auto").storage()).isEmpty();
  }

  private Settings withStorage(String storage) {
    return SettingsReader.read(
        Map.of(
            Setting.DATA,
            directory.toString(),
            Setting.STORAGE,
            storage,
            Setting.STORAGE_TIMEOUT,
            "7"),
        Map.of(),
        Optional.empty());
  }

  @Test
  void twoFacesNeedTwoPorts() {
    assertThatThrownBy(() ->
            SettingsReader.read(
                Map.of(
                    Setting.DATA,
                    directory.toString(),
                    Setting.HTTP_PORT,
                    "7000",
                    Setting.GATEWAY_PORT,
                    "7000"),
                Map.of(),
                Optional.empty()))
        .hasMessageContaining("both 7000");
  }

  @Test
  void thePageOfSettingsIsUpToDate() throws IOException {
    Path page = Path.of(System.getProperty("anabranch.root"), "docs", "settings.md");
    if (Boolean.getBoolean("anabranch.docs.write")) {
      Files.writeString(page, SettingsPage.markdown());
    }
    assertThat(page)
        .as("generated: run this test with -Danabranch.docs.write=true")
        .hasContent(SettingsPage.markdown());
  }
}
