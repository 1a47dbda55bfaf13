package dev.anabranch.mainfeed.slot;

import java.time.Duration;
import java.util.Properties;

/**
 * Where main is, and what the feed's objects on it are called.
 *
 * @param jdbcUrl main's database
 * @param properties user, password and what else pgjdbc needs; not null, may be empty
 * @param publication the publication that the feed keeps, such as {@code anabranch_1}; its name has
 *     to start with {@code anabranch}
 * @param slot the logical replication slot that it reads, such as {@code anabranch_feed_1}
 * @param upkeep how often main is asked which tables it has
 */
public record FeedSettings(
    String jdbcUrl, Properties properties, String publication, String slot, Duration upkeep) {

  public FeedSettings {
    if (!publication.startsWith("anabranch")) {
      throw new IllegalArgumentException(
          "the feed's publication has to be called anabranch…, not " + publication);
    }
    Properties copy = new Properties();
    copy.putAll(properties);
    properties = copy;
  }

  /** The usual names for one installation, told apart by an id in lower-case letters and digits. */
  public static FeedSettings of(String jdbcUrl, Properties properties, String id) {
    return new FeedSettings(
        jdbcUrl, properties, "anabranch_" + id, "anabranch_feed_" + id, Duration.ofSeconds(1));
  }
}
