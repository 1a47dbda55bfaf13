package dev.anabranch.server.http;

import java.util.List;

/**
 * What a release took from main, and what it kept here.
 *
 * @param slots replication slots that are gone from main
 * @param publications publications that are gone from main
 * @param keptBranches branches that are still on this host's disk
 */
public record Released(List<String> slots, List<String> publications, List<String> keptBranches) {
  public Released {
    slots = List.copyOf(slots);
    publications = List.copyOf(publications);
    keptBranches = List.copyOf(keptBranches);
  }
}
