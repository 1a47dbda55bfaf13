package dev.anabranch.branch.golden;

import dev.anabranch.base.Lsn;
import java.time.Instant;
import java.util.Map;

/**
 * Main's data directory at one LSN, recovered once, made safe, cleanly shut down, never started
 * again.
 *
 * @param id given by the control database
 * @param forkLsn every commit of main that ends at or below it is inside, none above
 * @param forkTime main's clock when the image was asked for
 * @param major the Postgres that can start a copy of it
 * @param database the branched database, the only one in it
 * @param mainSettings settings of main that change what a statement means
 */
public record GoldenImage(
    long id,
    Lsn forkLsn,
    Instant forkTime,
    int major,
    String database,
    Map<String, String> mainSettings) {

  public GoldenImage {
    mainSettings = Map.copyOf(mainSettings);
  }
}
