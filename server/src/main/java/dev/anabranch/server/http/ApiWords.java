package dev.anabranch.server.http;

import dev.anabranch.branch.Branch;
import dev.anabranch.branch.TaskBy;
import dev.anabranch.predicate.verdict.AskedBecause;
import dev.anabranch.predicate.verdict.Cause;
import dev.anabranch.predicate.verdict.Evidence;
import dev.anabranch.predicate.verdict.Proof;
import dev.anabranch.promote.Promotion;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.promote.sync.Synced;
import dev.anabranch.server.access.ApiToken;
import dev.anabranch.server.access.Right;
import dev.anabranch.server.webhook.Delivery;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the OpenAPI document says of records and their fields beyond their types: sentences and
 * examples, from openapi.properties, and the words that a text is one of, from where they are
 * defined.
 */
final class ApiWords {

  private static final String RESOURCE = "openapi.properties";
  private static final String EXAMPLE = ".example";
  private static final String FORMAT = ".format";
  private static final String ONE_OF = ".values";

  private static final Properties WORDS = read();

  private static final List<String> RIGHTS =
      Arrays.stream(Right.values()).map(Right::word).toList();

  private static final Map<String, List<String>> VALUES =
      Map.ofEntries(
          Map.entry("Branch.state", except(Branch.State.values(), Set.of("hot", "cold"))),
          Map.entry("Branch.taskBy", words(TaskBy.values())),
          Map.entry("NewBranch.taskBy", words(TaskBy.values())),
          Map.entry("JudgedAnswer.verdict", List.of("holds", "changed", "undecided")),
          Map.entry("JudgedAnswer.proof", except(Proof.values(), Set.of("none"))),
          Map.entry("JudgedAnswer.cause", words(Cause.values())),
          Map.entry("JudgedAnswer.askedBecause", words(AskedBecause.values())),
          Map.entry("Webhook.lastOutcome", words(Delivery.Outcome.values())),
          Map.entry("Evidence.change", words(Evidence.Kind.values())),
          Map.entry("Promotion.outcome", words(Promotion.Outcome.values())),
          Map.entry("ReceiptSummary.outcome", words(Promotion.Outcome.values())),
          Map.entry("Synced.outcome", words(Synced.Outcome.values())),
          Map.entry("NotRelied.verdict", List.of("changed", "undecided")),
          Map.entry("Fact.kind", words(Fact.Kind.values())),
          Map.entry("Fact.nature", words(Fact.Nature.values())),
          Map.entry(
              "Decide.choice",
              List.of("accept", "drop", "branch", "main", "value", "rerun", "open")),
          Map.entry("DiffRow.kind", List.of("insert", "update", "delete")),
          Map.entry("NewToken.can", RIGHTS),
          Map.entry("IssuedToken.can", RIGHTS),
          Map.entry("Token.can", RIGHTS),
          Map.entry("Token.state", words(ApiToken.State.values())),
          Map.entry("PartHealth.part", List.of("main", "mirror", "feed", "control", "disk")));

  private ApiWords() {}

  /**
   * The sentence about a schema or a field.
   *
   * @param place {@code Schema}, or {@code Schema.field}
   */
  static Optional<String> of(String place) {
    return Optional.ofNullable(WORDS.getProperty(place));
  }

  static Optional<String> example(String place) {
    return of(place + EXAMPLE);
  }

  static Optional<String> format(String place) {
    return of(place + FORMAT);
  }

  /** What a field's text is one of. */
  static Optional<List<String>> values(String place) {
    return Optional.ofNullable(VALUES.get(place))
        .or(() -> of(place + ONE_OF).map(words -> List.of(words.split(", *", -1))));
  }

  /** The places that something is said of. */
  static Set<String> places() {
    Set<String> places = new TreeSet<>(VALUES.keySet());
    for (String key : WORDS.stringPropertyNames()) {
      boolean isMore = Stream.of(EXAMPLE, FORMAT, ONE_OF).anyMatch(key::endsWith);
      places.add(isMore ? key.substring(0, key.lastIndexOf('.')) : key);
    }
    return places;
  }

  private static List<String> words(Enum<?>[] constants) {
    return except(constants, Set.of());
  }

  private static List<String> except(Enum<?>[] constants, Set<String> unseen) {
    return Arrays.stream(constants)
        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
        .filter(word -> !unseen.contains(word))
        .toList();
  }

  private static Properties read() {
    Properties words = new Properties();
    try (InputStream resource = ApiWords.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the build");
      }
      words.load(new InputStreamReader(resource, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + RESOURCE, e);
    }
    return words;
  }
}
