package dev.anabranch.trials.kill;

import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Debris;
import dev.anabranch.trials.drive.PostgresProcess;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.ServerProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * Many kills of one product: every victim at every moment, in an order and at instants that the
 * seed decides, on one data directory that has to live through them all.
 */
public final class KillTrial {

  private final long seed;
  private final Set<Moment> moments;
  private final Set<Victim> victims;
  private final PrintStream out;

  /** A victim at a moment. */
  private record Kill(Victim victim, Moment moment) {}

  /**
   * What came of it.
   *
   * @param kills rounds in which the victim was there to be killed
   * @param findings everything that was wrong
   */
  public record Result(int kills, List<String> findings) {
    public Result {
      findings = List.copyOf(findings);
    }
  }

  /**
   * @param moments what is going on when a victim dies
   * @param victims who die
   */
  public KillTrial(long seed, Set<Moment> moments, Set<Victim> victims, PrintStream out) {
    this.seed = seed;
    this.moments = Set.copyOf(moments);
    this.victims = Set.copyOf(victims);
    this.out = out;
  }

  /** Runs so many rounds below this directory. */
  public Result run(Path home, int rounds) throws SQLException {
    out.printf("%d kills with seed %d%n", rounds, seed);
    Random random = new Random(seed);
    List<String> findings = new ArrayList<>();
    int kills = 0;
    Path data = furnished(home.resolve("data"), "pool-hot = 0\npool-cold = 0\nhistory = 0\n");
    try (ServerProcess server = ServerProcess.start(data)) {
      Address main = server.product().main();
      Bank.open(main); // before there is any image, so that each has it
      server.stop();
      furnished(data, "pool-hot = 1\npool-cold = 1\n");
      server.startAgain();
      List<Kill> order = List.of();
      for (int i = 0; i < rounds; i++) {
        order = order.isEmpty() ? shuffled(random) : order;
        Round round = round(server, main, random, "r" + i, order.getFirst());
        order = order.subList(1, order.size());
        play(round, server, main, findings);
        kills += round.victimFound() ? 1 : 0;
      }
      server.stop();
      PostgresProcess.below(server.data())
          .forEach(left ->
              findings.add(
                  "after SIGTERM process " + left.pid() + " still runs in " + left.data()));
    }
    return new Result(kills, findings);
  }

  /** Branches in store can be lost and left over like others. */
  private static Path furnished(Path data, String settings) {
    try {
      Files.createDirectories(data);
      Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.writeString(data.resolve("anabranch.properties"), settings);
      return data;
    } catch (IOException e) {
      throw new UncheckedIOException("preparing " + data, e);
    }
  }

  private static Round round(
      ServerProcess server, Address main, Random random, String branch, Kill kill) {
    return new Round(
        server, main, new Random(random.nextLong()), branch, kill.moment(), kill.victim());
  }

  private List<Kill> shuffled(Random random) {
    List<Kill> all = new ArrayList<>();
    for (Victim victim : Victim.values()) {
      for (Moment moment : Moment.values()) {
        if (moments.contains(moment) && victims.contains(victim)) {
          all.add(new Kill(victim, moment));
        }
      }
    }
    Collections.shuffle(all, random);
    return all;
  }

  private void play(Round round, ServerProcess server, Address main, List<String> findings)
      throws SQLException {
    long began = System.nanoTime();
    Aftermath aftermath = new Aftermath(server, main, round);
    List<String> wrong = new ArrayList<>();
    try {
      round.run();
      aftermath.judge();
    } catch (SQLException | Product.Refused e) {
      wrong.add("it did not get that far: " + e);
    }
    wrong.addAll(aftermath.findings());
    wrong.addAll(new Debris(server, main).found());
    out.printf(
        Locale.ROOT,
        "%-5s %-28s %4.1f s  %d answers, %d commits, %d undecided  %s%n",
        round.branch(),
        round,
        (System.nanoTime() - began) / 1e9,
        round.books().answers().size(),
        round.books().commits().size(),
        aftermath.undecided(),
        wrong.isEmpty() ? "fine" : "WRONG");
    wrong.forEach(finding -> out.println("      " + finding));
    wrong.forEach(finding -> findings.add(round.branch() + " (" + round + "): " + finding));
  }
}
