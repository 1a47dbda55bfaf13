package dev.anabranch.gateway.session;

import dev.anabranch.gateway.route.Destination;
import dev.anabranch.gateway.wire.StartupPacket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The start-up parameters that a branch gets: the client's own, with who and where put right. */
final class BranchParameters {

  private static final List<String> NOT_PASSED_ON = List.of("user", "database", "replication");

  private BranchParameters() {}

  static Map<String, String> of(StartupPacket.Startup startup, Destination destination) {
    Map<String, String> parameters = new LinkedHashMap<>();
    startup
        .parameters()
        .forEach((name, value) -> {
          if (!NOT_PASSED_ON.contains(name) && !name.startsWith("_pq_.")) {
            parameters.put(name, value);
          }
        });
    parameters.put("user", destination.user());
    parameters.put("database", destination.database());
    // SHOW fails for a setting that nobody ever set.
    String options = parameters.getOrDefault("options", "");
    placeholder(parameters, options, "anabranch.task", "");
    placeholder(parameters, options, "anabranch.capture", "on");
    return parameters;
  }

  private static void placeholder(
      Map<String, String> parameters, String options, String name, String value) {
    if (!options.contains(name)) {
      parameters.putIfAbsent(name, value);
    }
  }
}
