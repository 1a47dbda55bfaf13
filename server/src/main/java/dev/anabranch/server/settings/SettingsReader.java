package dev.anabranch.server.settings;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.Durations;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.BranchLimits;
import dev.anabranch.branch.BranchRules;
import dev.anabranch.branch.storage.Provider;
import dev.anabranch.cluster.Network;
import dev.anabranch.gateway.settings.GatewayLimits;
import dev.anabranch.promote.assertion.AssertionRules;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Reads settings from flags, else the environment, else a file. Every mistake is collected, so that
 * one run tells them all.
 */
public final class SettingsReader {

  /** The file that is read from the data directory when none is named. */
  static final String FILE_NAME = "anabranch.properties";

  /** Read by the command-line client, not by the server. */
  private static final String CLIENT_VARIABLE = "ANABRANCH_URL";

  private static final int HIGHEST_PORT = 65_535;
  private static final int MOST_SPARES = 4000;
  private static final int MOST_CONNECTIONS = 100_000;
  private static final int MEGABYTES_A_GIGABYTE = 1024;

  private final Map<Setting, String> values = new EnumMap<>(Setting.class);
  private final List<String> mistakes = new ArrayList<>();
  private final Map<String, String> environment;

  private SettingsReader(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * @param flags what was given on the command line
   * @param environment the process's environment
   * @param file the settings file that was named, if one was
   * @throws AnabranchException with {@link ErrorCode#SETTINGS_INVALID}, listing every mistake
   */
  public static Settings read(
      Map<Setting, String> flags, Map<String, String> environment, Optional<Path> file) {
    SettingsReader reader = new SettingsReader(environment);
    reader.values.putAll(flags);
    reader.readEnvironment();
    reader.readFile(file);
    return reader.settings();
  }

  private void readEnvironment() {
    for (Setting setting : Setting.values()) {
      Optional.ofNullable(environment.get(setting.variable()))
          .filter(v -> !v.isBlank())
          .ifPresent(v -> values.putIfAbsent(setting, v));
    }
    for (String variable : new TreeSet<>(environment.keySet())) {
      if (variable.startsWith("ANABRANCH_") && !variable.equals(CLIENT_VARIABLE)) {
        refuseUnlessKnown(variable);
      }
    }
  }

  /** Other programs may have variables of this prefix; only what looks like a slip is refused. */
  private void refuseUnlessKnown(String variable) {
    List<String> known = new ArrayList<>(List.of(CLIENT_VARIABLE));
    for (Setting setting : Setting.values()) {
      known.add(setting.variable());
    }
    if (!known.contains(variable)) {
      Misspelling.nearest(variable, known)
          .ifPresent(near -> mistakes.add(variable + " is no setting: did you mean " + near + "?"));
    }
  }

  private void readFile(Optional<Path> named) {
    Path file = named.orElseGet(() -> data().resolve(FILE_NAME));
    if (named.isEmpty() && !Files.exists(file)) {
      return;
    }
    Properties properties = new Properties();
    try (Reader text = Files.newBufferedReader(file)) {
      properties.load(text);
    } catch (IOException | IllegalArgumentException e) {
      mistakes.add("the settings file " + file + " can't be read (" + e.getMessage() + ")");
      return;
    }
    for (String key : new TreeSet<>(properties.stringPropertyNames())) {
      Setting.ofKey(key)
          .ifPresentOrElse(
              setting -> values.putIfAbsent(setting, properties.getProperty(key).strip()),
              () -> mistakes.add(unknownKey(file, key)));
    }
  }

  private static String unknownKey(Path file, String key) {
    List<String> known = List.of(Setting.values()).stream().map(Setting::key).toList();
    String hint =
        Misspelling.nearest(key, known)
            .map(near -> "did you mean '" + near + "'?")
            .orElse("see docs/settings.md.");
    return "'" + key + "' in " + file + " is no setting: " + hint;
  }

  private Settings settings() {
    Settings settings =
        new Settings(
            data(),
            url(Setting.MAIN),
            port(Setting.MAIN_PORT),
            url(Setting.CONTROL_URL),
            text(Setting.HTTP_HOST).orElse(Setting.HTTP_HOST.defaultText()),
            port(Setting.HTTP_PORT),
            text(Setting.GATEWAY_HOST).orElse(Setting.GATEWAY_HOST.defaultText()),
            port(Setting.GATEWAY_PORT),
            tls(),
            limits(),
            access(),
            pool(),
            directories(Setting.POSTGRES_BIN),
            text(Setting.POSTGRES_USER),
            storage(),
            branchNetwork(),
            rules(),
            history(),
            promotions(),
            jsonLogs());
    refuseSharedPorts(settings);
    if (!mistakes.isEmpty()) {
      throw new AnabranchException(
          ErrorCode.SETTINGS_INVALID,
          mistakes.size() == 1
              ? " " + mistakes.getFirst()
              : "\n  " + String.join("\n  ", mistakes));
    }
    return settings;
  }

  private Optional<String> text(Setting setting) {
    return Optional.ofNullable(values.get(setting)).filter(v -> !v.isBlank());
  }

  private Path data() {
    return text(Setting.DATA)
        .map(Path::of)
        .orElseGet(this::defaultData)
        .toAbsolutePath()
        .normalize();
  }

  private Path defaultData() {
    if ("root".equals(System.getProperty("user.name"))) {
      return Path.of("/var/lib/anabranch");
    }
    return Optional.ofNullable(environment.get("XDG_DATA_HOME"))
        .filter(v -> !v.isBlank())
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "share"))
        .resolve("anabranch");
  }

  private int port(Setting setting) {
    String text = text(setting).orElse(setting.defaultText());
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= HIGHEST_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      // the sentence below repeats the text
    }
    mistakes.add(
        setting.flag() + " is '" + text + "': give a port from 0 to " + HIGHEST_PORT + ".");
    return 0;
  }

  private TlsOptions tls() {
    Optional<TlsOptions.Mode> mode =
        text(Setting.TLS)
            .flatMap(text ->
                Stream.of(TlsOptions.Mode.values())
                    .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(text))
                    .findFirst());
    if (text(Setting.TLS).isPresent() && mode.isEmpty()) {
      mistakes.add("--tls is '" + text(Setting.TLS).orElse("") + "': give off, on or required.");
    }
    Optional<Path> certificate = file(Setting.TLS_CERTIFICATE);
    Optional<Path> key = file(Setting.TLS_KEY);
    if (certificate.isPresent() != key.isPresent()) {
      mistakes.add("--tls-certificate and --tls-key go together: give both or neither.");
    }
    return new TlsOptions(
        mode, certificate.flatMap(shown -> key.map(its -> new TlsOptions.Given(shown, its))));
  }

  private GatewayLimits limits() {
    GatewayLimits usual = GatewayLimits.usual();
    boolean atOnce = text(Setting.DRAIN).filter("0"::equals).isPresent();
    boolean never = text(Setting.IDLE_TIMEOUT).filter("never"::equals).isPresent();
    return new GatewayLimits(
        among(Setting.CONNECTIONS, MOST_CONNECTIONS),
        among(Setting.BRANCH_CONNECTIONS, GatewayLimits.MOST_BRANCH_CONNECTIONS),
        duration(Setting.LOGIN_TIMEOUT).orElse(usual.login()),
        never ? Optional.empty() : duration(Setting.IDLE_TIMEOUT),
        (int)
            Math.min(
                (long) among(Setting.MESSAGE_LIMIT, MEGABYTES_A_GIGABYTE) << 20,
                GatewayLimits.LONGEST_MESSAGE),
        atOnce ? Duration.ZERO : duration(Setting.DRAIN).orElse(usual.drain()));
  }

  private int among(Setting setting, int most) {
    String text = text(setting).orElse(setting.defaultText());
    try {
      int number = Integer.parseInt(text);
      if (number > 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // the sentence below repeats the text
    }
    mistakes.add(setting.flag() + " is '" + text + "': give a number from 1 to " + most + ".");
    return 1;
  }

  private Optional<Path> file(Setting setting) {
    Optional<Path> file = text(setting).map(text -> Path.of(text).toAbsolutePath());
    file.filter(path -> !Files.isReadable(path))
        .ifPresent(
            path -> mistakes.add(setting.flag() + " names " + path + ", which can't be read."));
    return file;
  }

  private boolean jsonLogs() {
    String format = text(Setting.LOG_FORMAT).orElse(Setting.LOG_FORMAT.defaultText());
    if (!format.equals("text") && !format.equals("json")) {
      mistakes.add("--log-format is '" + format + "': say text or json.");
    }
    return format.equals("json");
  }

  private AccessOptions access() {
    String open = text(Setting.OPEN).orElse(Setting.OPEN.defaultText());
    if (!open.equals("true") && !open.equals("false")) {
      mistakes.add("--open is '" + open + "': say true or false.");
    }
    AccessOptions access =
        new AccessOptions(
            text(Setting.TOKEN),
            open.equals("true"),
            Stream.of(text(Setting.HTTP_NAMES).orElse("").split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList());
    access
        .mistake(text(Setting.HTTP_HOST).orElse(Setting.HTTP_HOST.defaultText()))
        .ifPresent(mistakes::add);
    return access;
  }

  private PoolOptions pool() {
    PoolOptions defaults = PoolOptions.none();
    return new PoolOptions(
        count(Setting.POOL_HOT),
        count(Setting.POOL_HOT_EPHEMERAL).orElse(defaults.hotEphemeral()),
        count(Setting.POOL_COLD),
        count(Setting.POOL_LOW_WATER),
        duration(Setting.POOL_DEADLINE).orElse(defaults.deadline()),
        duration(Setting.FRESHNESS).orElse(defaults.freshness()));
  }

  private BranchRules rules() {
    BranchRules defaults = Settings.DEFAULT_RULES;
    boolean never = text(Setting.SUSPEND_AFTER).filter("never"::equals).isPresent();
    boolean gone = text(Setting.KEEP_DELETED).filter("0"::equals).isPresent();
    BranchRules rules =
        new BranchRules(
            never ? Optional.empty() : duration(Setting.SUSPEND_AFTER).or(defaults::suspendAfter),
            gone ? Duration.ZERO : duration(Setting.KEEP_DELETED).orElse(defaults.keepDeleted()),
            new BranchLimits(
                count(Setting.BRANCH_LIMIT).orElse(defaults.limits().all()),
                count(Setting.BRANCH_LIMIT_PER_OWNER)));
    return rules.withTaskGap(duration(Setting.TASK_GAP).orElse(defaults.taskGap()));
  }

  private PromotionOptions promotions() {
    PromotionOptions defaults = PromotionOptions.usual();
    boolean forever = text(Setting.UNDO_KEEP).filter("forever"::equals).isPresent();
    return new PromotionOptions(
        new AssertionRules(
            text(Setting.CHECK_ROLE).orElse(defaults.checks().role()),
            duration(Setting.CHECK_TIMEOUT).orElse(defaults.checks().limit())),
        forever ? Optional.empty() : duration(Setting.UNDO_KEEP).or(defaults::undoKeep));
  }

  private HistoryOptions history() {
    HistoryOptions defaults = HistoryOptions.none();
    boolean none = text(Setting.HISTORY).filter("0"::equals).isPresent();
    return new HistoryOptions(
        none ? Optional.of(Duration.ZERO) : duration(Setting.HISTORY),
        duration(Setting.HISTORY_EVERY).orElse(defaults.every()),
        positive(Setting.HISTORY_LOG));
  }

  private OptionalInt count(Setting setting) {
    Optional<String> text = text(setting);
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      int count = Integer.parseInt(text.get());
      if (count >= 0 && count <= MOST_SPARES) {
        return OptionalInt.of(count);
      }
    } catch (NumberFormatException e) {
      // the sentence below repeats the text
    }
    mistakes.add(
        setting.flag() + " is '" + text.get() + "': give a number from 0 to " + MOST_SPARES + ".");
    return OptionalInt.empty();
  }

  private Optional<Duration> duration(Setting setting) {
    Optional<String> text = text(setting);
    Optional<Duration> duration = text.flatMap(Durations::parse).filter(Duration::isPositive);
    if (text.isPresent() && duration.isEmpty()) {
      mistakes.add(
          setting.flag() + " is '" + text.get() + "': give a duration such as 30s, 5m or 1h.");
    }
    return duration;
  }

  private Optional<String> url(Setting setting) {
    Optional<String> text = text(setting);
    text.filter(t -> !isPostgresUrl(t))
        .ifPresent(t ->
            mistakes.add(
                setting.flag()
                    + " is no Postgres URL: give postgres://user:password@host:5432/database."));
    return text;
  }

  private static boolean isPostgresUrl(String text) {
    try {
      URI uri = URI.create(text);
      return ("postgres".equals(uri.getScheme()) || "postgresql".equals(uri.getScheme()))
          && uri.getHost() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private List<Path> directories(Setting setting) {
    List<Path> directories = new ArrayList<>();
    for (String text : text(setting).orElse("").split(":", -1)) {
      if (text.isBlank()) {
        continue;
      }
      if (!Files.isDirectory(Path.of(text))) {
        mistakes.add(setting.flag() + " names '" + text + "', which is no directory.");
      }
      directories.add(Path.of(text));
    }
    return directories;
  }

  private Optional<Provider> storage() {
    Duration timeout = Duration.ofSeconds(positive(Setting.STORAGE_TIMEOUT));
    String text = text(Setting.STORAGE).orElse(Setting.STORAGE.defaultText());
    try {
      return Provider.parse(text, timeout);
    } catch (IllegalArgumentException e) {
      mistakes.add(Setting.STORAGE.flag() + " is '" + text + "': " + e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Network> branchNetwork() {
    String text = text(Setting.BRANCH_NETWORK).orElse(Setting.BRANCH_NETWORK.defaultText());
    return switch (text) {
      case "auto" -> Optional.empty();
      case "none" -> Optional.of(Network.NONE);
      case "host" -> Optional.of(Network.HOST);
      default -> {
        mistakes.add(Setting.BRANCH_NETWORK.flag() + " is '" + text + "': say auto, none or host.");
        yield Optional.empty();
      }
    };
  }

  private int positive(Setting setting) {
    String text = text(setting).orElse(setting.defaultText());
    try {
      int number = Integer.parseInt(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // the sentence below repeats the text
    }
    mistakes.add(setting.flag() + " is '" + text + "': give a number from 1.");
    return 1;
  }

  private void refuseSharedPorts(Settings settings) {
    if (settings.httpPort() != 0
        && settings.httpPort() == settings.gatewayPort()
        && settings.httpHost().equals(settings.gatewayHost())) {
      mistakes.add(
          "--http-port and --gateway-port are both " + settings.httpPort() + ": give two.");
    }
  }
}
