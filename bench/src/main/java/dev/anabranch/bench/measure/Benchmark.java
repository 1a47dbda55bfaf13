package dev.anabranch.bench.measure;

import java.util.Map;

/** Something to measure on a server of its own. */
public interface Benchmark {

  /** The word on the command line. */
  String name();

  /** Its sizes, as the options that give them. */
  Map<String, String> options();

  /** Measures; what it has made, but for tables on main, is gone when it returns. */
  void run(Ground ground, Findings findings) throws Exception;
}
