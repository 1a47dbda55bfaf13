package dev.anabranch.bench.gateway;

import java.util.List;
import java.util.Locale;

/**
 * What pgbench does.
 *
 * @param mix its transactions
 * @param mode how it sends statements
 * @param clients how many at once
 */
public record Load(Mix mix, Mode mode, int clients) {

  /** pgbench's own scripts. */
  public enum Mix {
    /** One row by its key. */
    SELECT("select-only"),
    /** Seven statements, four of which write. */
    TPCB("tpcb-like");

    private final String script;

    Mix(String script) {
      this.script = script;
    }

    String script() {
      return script;
    }
  }

  /** The protocol's three ways to ask. */
  public enum Mode {
    SIMPLE,
    EXTENDED,
    PREPARED
  }

  List<String> options() {
    return List.of(
        "-b",
        mix.script(),
        "-M",
        mode.name().toLowerCase(Locale.ROOT),
        "-c",
        Integer.toString(clients),
        "-j",
        Integer.toString(Math.min(clients, 2)));
  }

  String words() {
    return mix.name().toLowerCase(Locale.ROOT)
        + ", "
        + mode.name().toLowerCase(Locale.ROOT)
        + ", "
        + clients
        + (clients == 1 ? " client" : " clients");
  }
}
